/* awget/report_nagios.c: what Nagios, Icinga and others read of a plugin (monitoring-plugins.org, guidelines). */
#include <math.h>

#include "awget/report.h"
#include "base/text.h"
#include "net/tls.h"

/* A server reads 8 KB of us, most of them 4: problems that are told; bytes of a target and of a reason. */
enum { TOLD = 20, TARGET = 80, REASON = 120 };

enum { OK, WARNING, CRITICAL, UNKNOWN };
static const char *const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

/* Of one severity: the first TOLD of them, a line each. */
struct problems {
	struct buf lines;
	size_t n, told;
};

struct nagios {
	bool baseline;
	struct problems critical, warning;
	double total, days; /* of the last result, which matters if it is the only one; NAN: unknown */
	size_t size;
};

static void
begin(void *state, struct sink *to, const struct report_env *env)
{
	struct nagios *n = state;

	(void)to;
	n->baseline = env->baseline;
}

/* Adds s, cut after max bytes; without "|", for what is behind one is numbers. */
static void
shortened(struct buf *b, struct str s, size_t max)
{
	size_t from = b->n;

	text_show_cut(b, s, max);
	for (size_t i = from; i < b->n; i++)
		if (b->s[i] == '|')
			b->s[i] = '/';
}

/* One more problem of a result: what, and what was found instead, if that is not empty. */
static void
problem(struct problems *p, const struct result *r, struct str what, struct str found)
{
	p->n++;
	if (p->told == TOLD)
		return;
	p->told++;
	shortened(&p->lines, r->label, TARGET);
	buf_str(&p->lines, STR(": "));
	shortened(&p->lines, what, REASON);
	if (found.n) {
		buf_str(&p->lines, STR(": "));
		shortened(&p->lines, found, REASON);
	}
	buf_byte(&p->lines, '\n');
}

static void
add(void *state, struct sink *to, const struct result *r, const struct verdict *v)
{
	struct nagios *n = state;

	(void)to;
	n->total = r->timing.total;
	n->size = r->head_n;
	n->days = r->tls ? floor((r->tls->not_after - r->time) / 86400) : NAN;
	if (r->err.kind != ERR_NONE)
		problem(&n->critical, r, str_of(r->err.text), STR(""));
	for (size_t i = 0; v->checks && i < v->checks->n; i++) {
		const struct check_outcome *o = &v->checks->v[i];

		if (o->verdict == CHECK_FAIL || o->verdict == CHECK_WARN)
			problem(
			    o->verdict == CHECK_FAIL ? &n->critical : &n->warning, r, report_check_name(o), o->found);
	}
	if (verdict_changed(v))
		problem(&n->warning, r, STR("changed since the baseline"), STR(""));
}

int
report_nagios_status(const struct summary *s)
{
	if (s->interrupted || !s->targets)
		return UNKNOWN;
	if (s->failed)
		return CRITICAL;
	return s->check_warnings || s->changed || s->gone ? WARNING : OK;
}

/* "3 of 3 targets answered, 12 checks hold, 1 changed" */
static void
counts(struct buf *b, const struct summary *s)
{
	size_t hold = s->checks - s->check_failures - s->check_warnings;

	buf_printf(b, "%zu of %zu target%s answered", s->answered, s->targets, s->targets == 1 ? "" : "s");
	if (s->checks && hold == s->checks)
		buf_printf(b, hold == 1 ? ", %zu check holds" : ", %zu checks hold", hold);
	else if (s->checks)
		buf_printf(b, ", %zu of %zu check%s hold", hold, s->checks, s->checks == 1 ? "" : "s");
	if (s->changed)
		buf_printf(b, ", %zu changed", s->changed);
	if (s->gone)
		buf_printf(b, ", %zu of the baseline not there", s->gone);
	if (s->interrupted)
		buf_str(b, STR(", interrupted"));
}

/* LABEL=VALUE;WARN;CRIT;MIN;MAX */
static void
number(struct buf *b, const char *label, size_t value, const char *limits)
{
	buf_printf(b, " %s=%zu;%s", label, value, limits);
}

static void
seconds(struct buf *b, const char *label, double value)
{
	buf_byte(b, ' ');
	buf_str(b, str_of(label));
	buf_byte(b, '=');
	report_seconds(b, value);
	buf_str(b, STR("s;;;0"));
}

/* Guidelines section 2.6; a limit "0" is for what is to be 0, "N:" for what is to be N at least. */
static void
performance(const struct nagios *n, struct buf *b, const struct summary *s)
{
	buf_str(b, STR(" |"));
	buf_printf(b, " answered=%zu;;%zu:;0;%zu", s->answered, s->targets, s->targets);
	number(b, "unanswered", s->unanswered, ";0;0");
	if (s->checks) {
		buf_printf(b, " checks_failed=%zu;;0;0;%zu", s->check_failures, s->checks);
		buf_printf(b, " checks_warned=%zu;0;;0;%zu", s->check_warnings, s->checks);
	}
	if (n->baseline) {
		number(b, "changed", s->changed, "0;;0");
		number(b, "gone", s->gone, "0;;0");
	}
	seconds(b, "time", s->seconds);
	if (s->targets != 1)
		return;
	if (!isnan(n->total))
		seconds(b, "total", n->total);
	if (n->size)
		buf_printf(b, " size=%zuB;;;0", n->size);
	if (!isnan(n->days))
		buf_printf(b, " cert_days=%.0f", n->days);
}

/* The first lines of a buffer, at most max of them; how many. */
static size_t
first_lines(struct str *s, size_t max)
{
	size_t n = 0, lines = 0;

	while (n < s->n && lines < max)
		if (s->s[n++] == '\n')
			lines++;
	s->n = n;
	return lines;
}

/* The most severe first, since few places show more than one line. */
static void
end(void *state, struct sink *to, const struct summary *s)
{
	const struct nagios *n = state;
	struct buf *b = sink_buf(to);
	struct str first = buf_view(n->critical.n ? &n->critical.lines : &n->warning.lines);
	struct str critical = buf_view(&n->critical.lines), warning = buf_view(&n->warning.lines);
	size_t all = n->critical.n + n->warning.n, told;

	buf_printf(b, "AWGET %s - ", words[report_nagios_status(s)]);
	counts(b, s);
	if (first_lines(&first, 1)) {
		buf_str(b, STR("; "));
		buf_add(b, first.s, first.n - 1);
	}
	performance(n, b, s);
	buf_byte(b, '\n');
	if (all < 2) /* it is in the first line */
		return;
	told = first_lines(&critical, TOLD);
	told += first_lines(&warning, TOLD - told);
	buf_str(b, critical);
	buf_str(b, warning);
	if (all > told)
		buf_printf(b, "and %zu more\n", all - told);
}

static void
clear(void *state)
{
	struct nagios *n = state;

	buf_clear(&n->critical.lines);
	buf_clear(&n->warning.lines);
}

const struct report_kind report_nagios = {
	.name = "nagios", .size = sizeof(struct nagios), .begin = begin, .add = add, .end = end, .clear = clear};
