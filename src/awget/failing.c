/* awget/failing.c: which checks did not hold, how often, and where for instance. */
#include "awget/failing.h"

#include <stdbool.h>
#include <stdlib.h>

#include "awget/html.h"
#include "awget/report.h"
#include "base/mem.h"

/* Of each check: so many targets as a sample. Of each text of a stranger: so many bytes. */
enum { SAMPLES = 5, LABEL_MAX = 200, TEXT_MAX = 1000, TARGET_MAX = 200, FOUND_MAX = 200 };

static bool
is(const struct failing_check *c, const struct check_outcome *o)
{
	struct str text = {c->text ? c->text : c->label, c->text ? c->text_n : c->label_n};

	return c->verdict == o->verdict && str_eq(text, o->text) && (!c->text == !o->id.s) &&
	    str_eq((struct str){c->label, c->label_n}, report_check_name(o));
}

static struct failing_check *
append(struct failing *f, const struct check_outcome *o)
{
	struct str label = report_check_name(o);

	if (f->n == f->cap) {
		f->cap = f->cap ? 2 * f->cap : 16;
		f->v = xrealloc(f->v, f->cap * sizeof *f->v);
	}
	f->last = f->n++;
	f->v[f->last] = (struct failing_check){
	    .label = xmemdup(label.s, label.n),
	    .label_n = label.n,
	    .text = o->id.s ? xmemdup(o->text.s, o->text.n) : NULL,
	    .text_n = o->text.n,
	    .verdict = o->verdict,
	};
	return &f->v[f->last];
}

/* Outcomes come in the order of the checks, so that the one that is looked for is mostly behind the one before. */
static struct failing_check *
find(struct failing *f, const struct check_outcome *o)
{
	for (size_t i = 0; i < f->n; i++) {
		size_t at = (f->last + 1 + i) % f->n;

		if (is(&f->v[at], o)) {
			f->last = at;
			return &f->v[at];
		}
	}
	return append(f, o);
}

void
failing_add(struct failing *f, size_t number, const struct result *r, const struct check_outcome *o)
{
	struct failing_check *c = find(f, o);
	struct buf *b = &c->samples;

	if (c->seen == number)
		return;
	c->seen = number;
	if (c->count++ >= SAMPLES)
		return;
	buf_str(b, STR("<li><b>"));
	html_cut(b, r->label, TARGET_MAX);
	buf_str(b, o->found.n ? STR("</b> found: ") : STR("</b>"));
	html_cut(b, o->found, FOUND_MAX);
	buf_byte(b, '\n');
}

static int
by_weight(const void *a, const void *b)
{
	const struct failing_check *x = a, *y = b;

	if (x->verdict != y->verdict)
		return x->verdict == CHECK_FAIL ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->label, y->label);
}

/* How many of the targets that is, as a length. */
static void
show_share(const struct failing_check *c, size_t targets, struct buf *b)
{
	double share = targets > c->count ? (double)c->count / (double)targets * 100 : 100;

	buf_str(b, STR("<svg class=share viewBox=\"0 0 100 6\" preserveAspectRatio=none aria-hidden=true>"));
	buf_str(b, STR("<rect class=all width=100 height=6 /><rect height=6 width="));
	buf_printf(b, "\"%.1f\" /></svg>\n", share < 1 ? 1 : share);
}

static void
show_check(const struct failing_check *c, size_t targets, struct buf *b)
{
	buf_str(b, c->verdict == CHECK_FAIL ? STR("<li class=f>") : STR("<li class=w>"));
	buf_str(b, c->text ? STR("<h3>") : STR("<h3><code>"));
	html_cut(b, (struct str){c->label, c->label_n}, LABEL_MAX);
	buf_str(b, c->text ? STR("</h3>\n") : STR("</code></h3>\n"));
	buf_str(b, STR("<p class=count>"));
	buf_str(b, c->verdict == CHECK_FAIL ? STR("failed for ") : STR("warned of "));
	html_counted(b, c->count, "target");
	buf_str(b, STR("</p>\n"));
	show_share(c, targets, b);
	if (c->text) {
		buf_str(b, STR("<p><code>"));
		html_cut(b, (struct str){c->text, c->text_n}, TEXT_MAX);
		buf_str(b, STR("</code></p>\n"));
	}
	buf_str(b, STR("<ul class=samples>\n"));
	buf_str(b, buf_view(&c->samples));
	buf_str(b, STR("</ul>\n<p class=more>"));
	if (c->count > SAMPLES) {
		buf_str(b, STR("and "));
		html_counted(b, c->count - SAMPLES, "other");
	}
	buf_str(b, STR(" <button type=button hidden data-find=\""));
	html_cut(b, (struct str){c->label, c->label_n}, LABEL_MAX);
	buf_str(b, STR("\">Show in the table</button></p>\n"));
}

void
failing_show(struct failing *f, size_t targets, struct sink *to)
{
	if (!f->n)
		return;
	qsort(f->v, f->n, sizeof *f->v, by_weight);
	f->last = 0;
	buf_str(sink_buf(to), STR("<ol class=checks>\n"));
	for (size_t i = 0; i < f->n; i++) {
		show_check(&f->v[i], targets, sink_buf(to));
		sink_piece(to);
	}
	buf_str(sink_buf(to), STR("</ol>\n"));
}

void
failing_clear(struct failing *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->v[i].label);
		free(f->v[i].text);
		buf_clear(&f->v[i].samples);
	}
	free(f->v);
	*f = (struct failing){0};
}
