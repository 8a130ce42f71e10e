/* awget/report.c: the table of the kinds of reports, and what all of them have in common. */
#include "awget/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/real.h"
#include "base/text.h"

static const struct report_kind *const kinds[] = {
    &report_tap, &report_junit, &report_html, &report_nagios, &report_prom};

struct report {
	const struct report_kind *kind;
	struct sink *sink;
	void *state;
};

bool
report_is(const char *text, const char *kind)
{
	size_t n = strlen(kind);

	return strncmp(text, kind, n) == 0 && text[n] == '=';
}

const char *
report_file(const char *text)
{
	const char *eq = strchr(text, '=');

	return eq ? eq + 1 : "";
}

bool
report_to_stdout(const char *text)
{
	return strcmp(report_file(text), "-") == 0;
}

static const struct report_kind *
find(const char *text)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (report_is(text, kinds[i]->name))
			return kinds[i];
	return NULL;
}

int
report_check(const char *text, struct err *e)
{
	if (find(text) && *report_file(text))
		return 0;
	return err_set(e, ERR_INPUT, "'%.80s' is not KIND=FILE, with a kind of: " REPORT_KINDS, text);
}

struct report *
report_new(const char *text, const struct report_env *env, struct err *e)
{
	const struct report_kind *kind = find(text);
	struct report *p;
	struct sink *sink;

	if (report_check(text, e) != 0)
		return NULL;
	sink = sink_open(report_file(text), e);
	if (!sink)
		return NULL;
	p = xmalloc(sizeof *p);
	*p = (struct report){.kind = kind, .sink = sink, .state = xcalloc(1, kind->size)};
	if (kind->spools)
		spool_begin();
	if (kind->begin)
		kind->begin(p->state, sink, env);
	return p;
}

void
report_add(struct report *p, const struct result *r, const struct verdict *v)
{
	p->kind->add(p->state, p->sink, r, v);
	sink_piece(p->sink);
}

int
report_end(struct report *p, const struct summary *s, struct err *e)
{
	p->kind->end(p->state, p->sink, s);
	return sink_close(p->sink, e);
}

void
report_free(struct report *p)
{
	if (!p)
		return;
	if (p->kind->clear)
		p->kind->clear(p->state);
	if (p->kind->spools)
		spool_end();
	free(p->state);
	sink_free(p->sink);
	free(p);
}

bool
report_folder(const struct report *p, struct buf *path)
{
	return sink_folder(p->sink, path);
}

/* Where in s the first U+FFFE or U+FFFF begins; s.n if there is none. */
static size_t
noncharacter(struct str s)
{
	const char *p = s.s, *end = s.s + s.n;

	while (p < end && (p = memchr(p, 0xef, (size_t)(end - p)))) {
		if (end - p >= 3 && (unsigned char)p[1] == 0xbf && (unsigned char)p[2] >= 0xbe)
			return (size_t)(p - s.s);
		p++;
	}
	return s.n;
}

static void
show(struct buf *b, struct str s)
{
	while (s.n) {
		size_t n = noncharacter(s);

		text_show(b, (struct str){s.s, n});
		s.s += n, s.n -= n;
		for (int i = 0; i < 3 && s.n; i++, s.s++, s.n--)
			text_show(b, (struct str){s.s, 1}); /* alone they are no UTF-8 */
	}
}

/* Of what is in b from `from` on. */
static bool
needs_escapes(const struct buf *b, size_t from, report_escapes escapes)
{
	while (from < b->n)
		if (escapes[(unsigned char)b->s[from++]])
			return true;
	return false;
}

void
report_show(struct buf *b, struct str s, report_escapes escapes)
{
	size_t from = b->n;
	struct buf shown = {0};

	show(b, s);
	if (!needs_escapes(b, from, escapes))
		return;
	buf_block(&shown);
	buf_add(&shown, b->s + from, b->n - from);
	b->n = from;
	for (size_t i = 0; i < shown.n; i++) {
		const char *instead = escapes[(unsigned char)shown.s[i]];

		if (instead)
			buf_str(b, str_of(instead));
		else
			buf_byte(b, shown.s[i]);
	}
	buf_clear(&shown);
}

void
report_changes(struct buf *b, const struct changes *c, struct str before, report_escapes escapes)
{
	struct buf lines = {0};
	struct str s;

	changes_show(c, before, &lines);
	for (s = buf_view(&lines); s.n;) {
		const char *lf = memchr(s.s, '\n', s.n);
		size_t n = lf ? (size_t)(lf - s.s) : s.n;

		report_show(b, (struct str){s.s, n}, escapes);
		buf_byte(b, '\n');
		n += lf != NULL;
		s.s += n, s.n -= n;
	}
	buf_clear(&lines);
}

void
report_seconds(struct buf *b, double seconds)
{
	unsigned long long us = real_round(seconds * 1e6);

	buf_number(b, us / 1000000, 1);
	buf_byte(b, '.');
	buf_number(b, us % 1000000, 6);
}
