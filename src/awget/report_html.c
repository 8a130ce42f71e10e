/* awget/report_html.c: a page for people: counts, what failed, times, what changed, and a table of all targets. */
#include <math.h>
#include <time.h>

#include "awget/failing.h"
#include "awget/histogram.h"
#include "awget/html.h"
#include "awget/html_frame.h"
#include "awget/html_row.h"
#include "awget/report.h"

/* The phases of a fetch; an id is for attributes of the page. */
enum { DNS, CONNECT, TLS, FIRST_BYTE, TOTAL, TIMES };
static const char *const time_names[TIMES] = {"DNS", "Connect", "TLS", "First byte", "Total"};
static const char *const time_ids[TIMES] = {"dns", "connect", "tls", "first", "total"};

/* Rows wait in a spool for each class, so that the page has them sorted; all else has a fixed size. */
struct page {
	const struct columns *columns;
	bool baseline;
	struct html_frame frame;
	struct spool rows[HTML_CLASSES], changes;
	size_t classes[HTML_CLASSES], kinds[ERR_KINDS], changed, all;
	struct histogram times[TIMES];
	struct failing failing;
	double first, last; /* seconds since 1970 */
	bool tags;
};

static void
begin(void *state, struct sink *to, const struct report_env *env)
{
	struct page *p = state;

	(void)to;
	p->columns = env->columns;
	p->baseline = env->baseline;
	html_frame_read(&p->frame);
}

static void
add_times(struct page *p, const struct result *r)
{
	const struct timing *t = &r->timing;

	histogram_add(&p->times[DNS], t->dns - t->begun);
	histogram_add(&p->times[CONNECT], t->connect - t->dns);
	histogram_add(&p->times[TLS], t->tls - t->connect);
	histogram_add(&p->times[FIRST_BYTE], t->first_byte - (isnan(t->tls) ? t->connect : t->tls));
	if (r->err.kind == ERR_NONE)
		histogram_add(&p->times[TOTAL], t->total);
}

static void
add_checks(struct page *p, const struct result *r, const struct check_outcomes *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].verdict == CHECK_FAIL || c->v[i].verdict == CHECK_WARN)
			failing_add(&p->failing, p->all, r, &c->v[i]);
}

static void
add(void *state, struct sink *to, const struct result *r, const struct verdict *v)
{
	static const struct columns none;
	struct page *p = state;
	enum html_class class = html_class_of(r, v);
	double end = r->time + (isnan(r->timing.total) ? 0 : r->timing.total);

	(void)to;
	p->first = p->all && p->first < r->time ? p->first : r->time;
	p->last = p->all && p->last > end ? p->last : end;
	p->all++;
	p->classes[class]++;
	p->kinds[r->err.kind]++;
	p->tags |= r->tag.n > 0;
	add_times(p, r);
	if (v->checks)
		add_checks(p, r, v->checks);
	if (verdict_changed(v)) {
		html_row_changes(&p->changes.buf, r, v, ++p->changed);
		spool_piece(&p->changes);
	}
	html_row(&p->rows[class].buf, r, v, p->columns ? p->columns : &none, verdict_changed(v) ? p->changed : 0);
	spool_piece(&p->rows[class]);
}

/* --- the page, from top to bottom --- */

/* The title of the window: how many are good, and when that was. */
static void
show_head(const struct page *p, struct buf *b)
{
	struct buf title = {0};
	char date[24];
	struct tm tm;

	buf_str(&title, STR("awget: "));
	html_count(&title, p->classes[HTML_GOOD]);
	buf_str(&title, STR(" of "));
	html_counted(&title, p->all, "target");
	buf_str(&title, STR(" good"));
	if (p->all) {
		strftime(date, sizeof date, ", %Y-%m-%d %H:%M", gmtime_r(&(time_t){(time_t)p->first}, &tm));
		buf_str(&title, str_of(date));
	}
	html_frame_begin(&p->frame, buf_view(&title), b);
	buf_clear(&title);
}

/* When that was. */
static void
show_when(const struct page *p, const struct summary *s, struct buf *b)
{
	buf_str(b, STR("<p>"));
	if (p->all) {
		buf_str(b, STR("Fetched from "));
		html_date(b, p->first);
		buf_str(b, STR(" to "));
		html_date(b, p->last);
	}
	if (s->seconds > 0) {
		buf_str(b, STR(" in a run of "));
		html_duration(b, s->seconds);
	}
	buf_str(b, STR("</p>\n"));
	if (s->interrupted)
		buf_str(b, STR("<p class=note>The run was interrupted: not all targets were tried.</p>\n"));
	if (s->gone) {
		buf_str(b, STR("<p class=note>"));
		html_counted(b, s->gone, "target");
		buf_str(b, STR(" of the earlier run did not come up in this one.</p>\n"));
	}
}

/* A part of the bar for each class; what is there can be seen, however little it is. */
static void
show_bar(const struct page *p, struct buf *b)
{
	double x = 0, unit = 1000.0;

	buf_str(b,
	    STR("<svg class=bar viewBox=\"0 0 1000 10\" preserveAspectRatio=none role=img aria-labelledby=bar-t>"
	        "<title id=bar-t>Targets by outcome"));
	for (size_t i = 0; i < HTML_CLASSES; i++) {
		buf_str(b, i ? STR(", ") : STR(": "));
		buf_str(b, str_of(html_class_names[i].label));
		buf_byte(b, ' ');
		html_count(b, p->classes[i]);
		unit -= p->classes[i] ? 4 : 0;
	}
	buf_str(b, STR("</title>"));
	for (size_t i = HTML_CLASSES; i-- > 0;) {
		const char *class = html_class_names[i].css;
		double width = (double)p->classes[i] / (double)p->all * unit + 4;

		if (!p->classes[i])
			continue;
		buf_printf(b, "<rect class=%s x=\"%.1f\" width=\"%.1f\" height=10 />", class, x, width);
		x += width;
	}
	buf_str(b, STR("</svg>\n"));
}

/* Why there was no answer, in a line. */
static void
show_kinds(const struct page *p, struct buf *b)
{
	bool first = true;

	buf_str(b, STR(" <small>"));
	for (size_t i = ERR_NONE + 1; i < ERR_KINDS; i++) {
		if (!p->kinds[i])
			continue;
		buf_str(b, first ? STR("") : STR(", "));
		buf_str(b, str_of(err_name((enum err_kind)i)));
		buf_byte(b, ' ');
		html_count(b, p->kinds[i]);
		first = false;
	}
	buf_str(b, STR("</small>"));
}

/* What is not in question (no earlier run) is left out. */
static void
show_counts(const struct page *p, const struct summary *s, struct buf *b)
{
	buf_str(b, STR("<ul class=counts>\n"));
	for (size_t i = HTML_CLASSES; i-- > 0;) {
		if (!p->classes[i] && ((i == HTML_CHANGED && !p->baseline) || (i == HTML_WARNED && !s->check_warnings)))
			continue;
		buf_printf(b, "<li class=%s><b>", html_class_names[i].css);
		html_count(b, p->classes[i]);
		buf_str(b, STR("</b> <span>"));
		buf_str(b, str_of(html_class_names[i].label));
		buf_str(b, STR("</span>"));
		if (i == HTML_DOWN && p->classes[i])
			show_kinds(p, b);
		buf_byte(b, '\n');
	}
	buf_str(b, STR("</ul>\n"));
}

static void
show_summary(const struct page *p, const struct summary *s, struct buf *b)
{
	buf_str(b, STR("<header>\n<p class=name>awget report</p>\n<h1>"));
	html_count(b, p->classes[HTML_GOOD]);
	buf_str(b, STR(" of "));
	html_counted(b, p->all, "target");
	buf_str(b, p->all == 1 ? STR(" is good</h1>\n") : STR(" are good</h1>\n"));
	show_when(p, s, b);
	buf_str(b, STR("</header>\n<main>\n<section aria-label=\"Summary\">\n"));
	if (p->all)
		show_bar(p, b);
	show_counts(p, s, b);
	buf_str(b, STR("</section>\n"));
}

static void
show_checks(struct page *p, const struct summary *s, struct sink *to)
{
	struct buf *b = sink_buf(to);

	if (!s->checks && !p->failing.n)
		return;
	buf_str(b, STR("<section>\n<h2>Checks</h2>\n<p>"));
	html_counted(b, s->checks, "outcome");
	buf_str(b, STR(": "));
	html_count(b, s->check_failures);
	buf_str(b, STR(" failed, "));
	html_counted(b, s->check_warnings, "warning");
	buf_str(b, STR("</p>\n"));
	failing_show(&p->failing, p->all, to);
	buf_str(sink_buf(to), STR("</section>\n"));
}

static void
show_times(const struct page *p, struct buf *b)
{
	size_t from, to;

	histogram_span(p->times, TIMES, &from, &to);
	if (!to)
		return;
	buf_str(b, STR("<section>\n<h2>Times</h2>\n<div class=figures>\n"));
	for (size_t i = 0; i < TIMES; i++)
		histogram_figure(&p->times[i], time_names[i], time_ids[i], from, to, b);
	buf_str(b,
	    STR("</div>\n<details><summary>The same in numbers</summary>\n"
	        "<div class=scroll role=region aria-label=\"Times in numbers\" tabindex=0>\n"));
	histogram_table(p->times, time_names, TIMES, from, to, b);
	buf_str(b, STR("</div></details>\n</section>\n"));
}

/* Many are folded away: who wants to read them all unfolds them, and a link to one does, too. */
static void
show_changes(struct page *p, struct sink *to)
{
	struct buf *b = sink_buf(to);

	if (!p->baseline && !p->changed)
		return;
	buf_str(b, STR("<section>\n<h2>Changes</h2>\n<p>"));
	html_count(b, p->changed);
	buf_str(b, STR(" of "));
	html_counted(b, p->all, "target");
	buf_str(b, STR(" changed since the earlier run</p>\n"));
	if (p->changed) {
		buf_str(b, p->changed > 20 ? STR("<details>") : STR("<details open>"));
		buf_str(b, STR("<summary>What changed</summary>\n<div class=changes>\n"));
		spool_pour(&p->changes, to);
		buf_str(sink_buf(to), STR("</div></details>\n"));
	}
	buf_str(sink_buf(to), STR("</section>\n"));
}

/* They are there once the script is. */
static void
show_controls(const struct page *p, struct buf *b)
{
	buf_str(b,
	    STR("<div id=controls role=search aria-label=\"Targets\" hidden>\n<label>Filter "
	        "<input type=search id=find autocomplete=off></label>\n<div role=group aria-label=\"Outcomes\">\n"));
	for (size_t i = 0; i < HTML_CLASSES; i++) {
		const struct html_class_name *name = &html_class_names[i];

		if (!p->classes[i])
			continue;
		buf_printf(b, "<button type=button aria-pressed=false class=%s value=%s>%s <span>", name->css,
		    name->css, name->label);
		html_count(b, p->classes[i]);
		buf_str(b, STR("</span></button>\n"));
	}
	buf_str(b, STR("</div>\n<p role=status id=status></p>\n</div>\n"));
}

static void
show_table(struct page *p, struct sink *to)
{
	static const struct columns none;
	const struct columns *c = p->columns ? p->columns : &none;
	struct buf *b = sink_buf(to);

	buf_str(b, STR("<section>\n<h2 id=all>Targets</h2>\n"));
	show_controls(p, b);
	buf_str(b, c->n > 1 ? STR("<div class=\"scroll wide\"") : STR("<div class=scroll"));
	buf_str(b, STR(" role=region aria-labelledby=all tabindex=0>\n<table id=targets aria-labelledby=all"));
	buf_str(b, p->tags ? STR(">\n") : STR(" class=untagged>\n"));
	html_row_heads(b, c);
	for (size_t i = 0; i < HTML_CLASSES; i++)
		spool_pour(&p->rows[i], to);
	buf_str(sink_buf(to),
	    STR("</table>\n</div>\n<p id=rest hidden><button type=button>Show more</button> "
	        "<button type=button>Show all</button></p>\n</section>\n"));
}

static void
end(void *state, struct sink *to, const struct summary *s)
{
	struct page *p = state;

	show_head(p, sink_buf(to));
	show_summary(p, s, sink_buf(to));
	show_checks(p, s, to);
	show_times(p, sink_buf(to));
	show_changes(p, to);
	show_table(p, to);
	buf_str(sink_buf(to), STR("</main>\n"));
	html_frame_end(&p->frame, sink_buf(to));
	sink_piece(to);
}

static void
clear(void *state)
{
	struct page *p = state;

	html_frame_clear(&p->frame);
	for (size_t i = 0; i < HTML_CLASSES; i++)
		spool_clear(&p->rows[i]);
	spool_clear(&p->changes);
	failing_clear(&p->failing);
}

const struct report_kind report_html = {
    .name = "html",
    .size = sizeof(struct page),
    .spools = true,
    .begin = begin,
    .add = add,
    .end = end,
    .clear = clear,
};
