/* awget/tell.c: what becomes of a result: it is judged, told and counted. */
#include "awget/baseline.h"
#include "awget/output.h"
#include "awget/run.h"
#include "awget/stats.h"
#include "awget/top.h"

static struct verdict
judge(struct run *run, const struct result *r)
{
	struct checks *checks = run->options->checks;
	struct verdict v = {0};
	struct err e;

	if (checks && r->err.kind == ERR_NONE)
		v.checks = checks_judge(checks, r);
	if (run->baseline && !run->baseline_lost && r->err.kind != ERR_CANCELED) {
		v.changes = baseline_compare(run->baseline, r, &e);
		run->baseline_lost = !v.changes;
		if (!v.changes)
			run_trouble(run, &e);
	}
	return v;
}

static void
count_checks(struct summary *s, const struct check_outcomes *checks)
{
	for (size_t i = 0; i < checks->n; i++)
		s->checks += checks->v[i].verdict != CHECK_SKIP;
	s->check_failures += checks->failed;
	s->check_warnings += checks->warned;
}

/* For reports and for the exit status. */
static inline void
count(struct run *run, const struct result *r, const struct verdict *v)
{
	struct summary *s = &run->summary;
	bool answered = r->err.kind == ERR_NONE;

	s->targets++;
	s->answered += answered;
	s->unanswered += !answered;
	s->failed += verdict_failed(r, v);
	s->changed += verdict_changed(v);
	if (v->checks)
		count_checks(s, v->checks);
	for (size_t i = 0; i < run->nreports; i++)
		report_add(run->reports[i], r, v);
	if (run->top)
		top_add(run->top, r, v);
}

static bool
wanted(enum only only, const struct result *r, const struct verdict *v)
{
	return only == ONLY_ALL || (only == ONLY_CHANGED ? verdict_changed(v)
	                                                 : verdict_failed(r, v) == (only == ONLY_FAILED));
}

/* "check hsts: h[Strict-Transport-Security].max-age >= 180d: found 300" */
static void
complain(const struct result *r, const struct check_outcome *o)
{
	struct buf *b = output_say(r->label);

	buf_str(b, o->verdict == CHECK_FAIL ? STR("check") : STR("warning"));
	if (o->id.s) {
		buf_byte(b, ' ');
		buf_str(b, o->id);
	}
	buf_str(b, STR(": "));
	buf_str(b, o->text);
	buf_str(b, STR(": found "));
	buf_str(b, o->found);
	output_said();
}

/* In words, on standard error; a JSON record tells all of it itself, and who interrupts gets a count. */
static void
explain(const struct result *r, const struct verdict *v)
{
	if (r->err.kind != ERR_NONE && r->err.kind != ERR_CANCELED)
		output_error(r->label, r->err.text);
	for (size_t i = 0; v->checks && i < v->checks->n; i++)
		if (v->checks->v[i].verdict >= CHECK_WARN)
			complain(r, &v->checks->v[i]);
}

void
run_tell(struct run *run, const struct result *r)
{
	const struct options *o = run->options;
	bool answered = r->err.kind == ERR_NONE;
	struct verdict v = {0};

	if (o->checks || run->baseline) /* mostly there is nothing to judge */
		v = judge(run, r);
	/* what is to be fetched again when the run is resumed has no record */
	if (o->format->done && wanted(o->only, r, &v) && !(run->resume && r->err.kind == ERR_CANCELED))
		o->format->done(r, &v);
	if (o->format != &out_json && (!answered || v.checks))
		explain(r, &v);
	if (run->stats)
		stats_add(run->stats, r);
	count(run, r, &v);
}

void
run_recall(void *arg, const struct result *r)
{
	struct run *run = arg;
	struct verdict v = judge(run, r);

	count(run, r, &v);
}
