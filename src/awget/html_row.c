/* awget/html_row.c: one result on the page of --report html. */
#include "awget/html_row.h"

#include "awget/html.h"
#include "awget/report.h"

/* At most so many bytes of each, and so many checks before they are folded away. */
enum { TARGET_MAX = 300, TAG_MAX = 60, REASON_MAX = 40, URL_MAX = 300, VALUE_MAX = 300, FOUND_MAX = 300 };
enum { LABEL_MAX = 200, OPEN_CHECKS = 3 };

const struct html_class_name html_class_names[HTML_CLASSES] = {
    [HTML_DOWN] = {"d", "No answer"},
    [HTML_FAILED] = {"f", "Check failed"},
    [HTML_CHANGED] = {"c", "Changed"},
    [HTML_WARNED] = {"w", "Warning"},
    [HTML_GOOD] = {"g", "Good"},
};

enum html_class
html_class_of(const struct result *r, const struct verdict *v)
{
	if (r->err.kind != ERR_NONE)
		return HTML_DOWN;
	if (verdict_failed(r, v))
		return HTML_FAILED;
	if (verdict_changed(v))
		return HTML_CHANGED;
	return v->checks && v->checks->warned ? HTML_WARNED : HTML_GOOD;
}

/* Is it in the table anyway? */
static bool
is_there(struct str name)
{
	static const char *const there[] = {"target", "tag", "status", "reason", "address", "total", "time.total"};

	for (size_t i = 0; i < sizeof there / sizeof *there; i++)
		if (str_eq(name, str_of(there[i])))
			return true;
	return false;
}

static void
head(struct buf *b, struct str name)
{
	buf_str(b, STR("<th scope=col>"));
	html_cut(b, name, LABEL_MAX);
	buf_byte(b, '\n');
}

void
html_row_heads(struct buf *b, const struct columns *c)
{
	buf_str(b,
	    STR("<colgroup><col class=k-outcome><col class=k-target><col class=k-tag><col class=k-status>"
	        "<col class=k-address><col class=k-time>"));
	if (!c->n)
		buf_str(b, STR("<col class=k-field>"));
	for (size_t i = 0; i < c->n; i++)
		if (!is_there(column_name(c->v[i])))
			buf_str(b, STR("<col class=k-field>"));
	buf_str(b, STR("<col class=k-findings>\n<thead><tr>"));
	head(b, STR("Outcome"));
	head(b, STR("Target"));
	head(b, STR("Tag"));
	buf_str(b, STR("<th scope=col data-sort=number>Status\n"));
	head(b, STR("Address"));
	buf_str(b, STR("<th scope=col data-sort=number>Time\n"));
	if (!c->n)
		head(b, STR("Server"));
	for (size_t i = 0; i < c->n; i++)
		if (!is_there(column_name(c->v[i])))
			head(b, column_name(c->v[i]));
	head(b, STR("Findings"));
	buf_str(b, STR("<tbody>\n"));
}

/* The target, and where redirects have led. */
static void
target(struct buf *b, const struct result *r)
{
	struct buf url = {0};

	buf_str(b, STR("<th scope=row>"));
	html_cut(b, r->label, TARGET_MAX);
	if (!r->nhops || !r->url.host)
		return;
	buf_block(&url);
	url_format(&url, &r->url);
	buf_str(b, STR(" <small>→ "));
	html_cut(b, buf_view(&url), URL_MAX);
	buf_str(b, STR("</small>"));
	buf_clear(&url);
}

static void
status(struct buf *b, const struct result *r)
{
	buf_str(b, STR("<td>"));
	if (!r->status)
		return;
	buf_number(b, (unsigned)r->status, 3);
	buf_byte(b, ' ');
	html_cut(b, result_reason(r), REASON_MAX);
}

static void
address(struct buf *b, const struct result *r)
{
	char text[ADDR_TEXT];

	buf_str(b, STR("<td>"));
	if (r->peer.sa.sa_family != AF_UNSPEC)
		html_add(b, str_of(addr_text(&r->peer, text)));
}

static void
value(struct buf *b, struct str name, struct str text)
{
	if (!text.n) {
		buf_str(b, STR("<td>"));
		return;
	}
	buf_str(b, STR("<td data-l=\""));
	html_cut(b, name, LABEL_MAX);
	buf_str(b, STR("\">"));
	html_cut(b, text, VALUE_MAX);
}

static void
fields(struct buf *b, const struct result *r, const struct verdict *v, const struct columns *c)
{
	struct buf text = {0};

	buf_block(&text);
	if (!c->n) {
		result_unfolded(&text, result_find(r, STR("Server")));
		value(b, STR("Server"), buf_view(&text));
	}
	for (size_t i = 0; i < c->n; i++) {
		struct str name = column_name(c->v[i]);

		if (is_there(name))
			continue;
		text.n = 0;
		column_text(c->v[i], r, v, &text);
		value(b, name, buf_view(&text));
	}
	buf_clear(&text);
}

static void
check(struct buf *b, const struct check_outcome *o)
{
	buf_str(b, o->verdict == CHECK_FAIL ? STR("<li>") : STR("<li class=w>warning: "));
	buf_str(b, o->id.s ? STR("<b>") : STR("<code>"));
	html_cut(b, report_check_name(o), LABEL_MAX);
	buf_str(b, o->id.s ? STR("</b>") : STR("</code>"));
	if (o->found.n)
		buf_str(b, STR(" found: "));
	html_cut(b, o->found, FOUND_MAX);
}

/* Checks of this verdict, of which *shown have been shown before; what is too many can be unfolded. */
static void
checks_of(struct buf *b, const struct check_outcomes *checks, enum check_verdict verdict, size_t *shown)
{
	for (size_t i = 0; i < checks->n; i++) {
		if (checks->v[i].verdict != verdict)
			continue;
		if (*shown == 0)
			buf_str(b, STR("<ul>"));
		if (*shown == OPEN_CHECKS && checks->failed + checks->warned > OPEN_CHECKS + 1) {
			buf_str(b, STR("</ul><details><summary>"));
			html_count(b, checks->failed + checks->warned - OPEN_CHECKS);
			buf_str(b, STR(" more</summary><ul>"));
		}
		check(b, &checks->v[i]);
		++*shown;
	}
}

static void
checks(struct buf *b, const struct check_outcomes *c)
{
	size_t shown = 0;

	checks_of(b, c, CHECK_FAIL, &shown);
	checks_of(b, c, CHECK_WARN, &shown);
	if (shown)
		buf_str(b, STR("</ul>"));
	if (shown > OPEN_CHECKS + 1)
		buf_str(b, STR("</details>"));
}

static void
findings(struct buf *b, const struct result *r, const struct verdict *v, size_t change)
{
	buf_str(b, STR("<td>"));
	if (r->err.kind != ERR_NONE) {
		buf_str(b, STR("<b>"));
		buf_str(b, str_of(err_name(r->err.kind)));
		buf_str(b, STR("</b> "));
		html_add(b, str_of(r->err.text));
	}
	if (change) {
		buf_str(b, STR(" <a href=\"#c"));
		buf_number(b, change, 1);
		buf_str(b, STR("\">"));
		html_counted(b, v->changes->n, "change");
		buf_str(b, STR("</a> "));
	}
	if (v->checks)
		checks(b, v->checks);
}

void
html_row(struct buf *b, const struct result *r, const struct verdict *v, const struct columns *c, size_t change)
{
	const struct html_class_name *name = &html_class_names[html_class_of(r, v)];

	buf_str(b, STR("<tr class="));
	buf_str(b, str_of(name->css));
	buf_str(b, STR("><td>"));
	buf_str(b, str_of(name->label));
	target(b, r);
	buf_str(b, STR("<td>"));
	html_cut(b, r->tag, TAG_MAX);
	status(b, r);
	address(b, r);
	buf_str(b, STR("<td>"));
	html_duration(b, r->timing.total);
	fields(b, r, v, c);
	findings(b, r, v, change);
	buf_byte(b, '\n');
}

/* "- Server: nginx/1.18" in an element that says the same. */
static void
side(struct buf *b, const struct change *c, struct str value, const char *element, char sign)
{
	if (!value.s)
		return;
	buf_byte(b, '<');
	buf_str(b, str_of(element));
	buf_byte(b, '>');
	buf_byte(b, sign);
	buf_byte(b, ' ');
	html_cut(b, c->name.n ? c->name : str_of(c->what), LABEL_MAX);
	buf_str(b, STR(": "));
	html_cut(b, value, VALUE_MAX);
	buf_str(b, STR("</"));
	buf_str(b, str_of(element));
	buf_str(b, STR(">\n"));
}

void
html_row_changes(struct buf *b, const struct result *r, const struct verdict *v, size_t change)
{
	buf_str(b, STR("<article id=c"));
	buf_number(b, change, 1);
	buf_str(b, STR("><h3>"));
	html_cut(b, r->label, TARGET_MAX);
	buf_str(b, STR("</h3>\n<pre>"));
	for (size_t i = 0; i < v->changes->n; i++) {
		side(b, &v->changes->v[i], v->changes->v[i].old, "del", '-');
		side(b, &v->changes->v[i], v->changes->v[i].new, "ins", '+');
	}
	buf_str(b, STR("</pre></article>\n"));
}
