/* awget/report.c: the table of the kinds of reports, and what all of them have in common. */
#include "awget/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const struct report_kind *const kinds[] = {&report_tap, &report_junit, &report_nagios, &report_prom};

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

bool
report_to_stdout(const char *text)
{
	const char *eq = strchr(text, '=');

	return eq && strcmp(eq + 1, "-") == 0;
}

static const struct report_kind *
find(const char *text)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (report_is(text, kinds[i]->name))
			return kinds[i];
	return NULL;
}

struct report *
report_new(const char *text, const struct report_env *env, struct err *e)
{
	const struct report_kind *kind = find(text);
	const char *eq = strchr(text, '=');
	struct report *p;
	struct sink *sink;

	if (!kind || !eq[1]) {
		err_set(e, ERR_INPUT, "'%.80s' is not KIND=FILE, with a kind of: " REPORT_KINDS, text);
		return NULL;
	}
	sink = sink_open(eq + 1, e);
	if (!sink)
		return NULL;
	p = xmalloc(sizeof *p);
	*p = (struct report){.kind = kind, .sink = sink, .state = xcalloc(1, kind->size)};
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
	free(p->state);
	sink_free(p->sink);
	free(p);
}
