/* awget/run.c: what all targets of a run share, from its beginning to its end. */
#include "awget/run.h"

#include <math.h>
#include <stdlib.h>

#include "awget/baseline.h"
#include "awget/output.h"
#include "awget/pool.h"
#include "awget/resume.h"
#include "awget/sink.h"
#include "awget/stats.h"
#include "awget/top.h"
#include "awget/volatile.h"
#include "base/install.h"
#include "base/mem.h"
#include "base/real.h"
#include "rt/task.h"

/* What does not count where answers are compared: our list, and what --ignore adds. */
static int
open_ignored(struct run *run, struct err *e)
{
	const struct options *o = run->options;
	struct buf path = {0};
	int rc;

	if (!o->all_addresses && !o->baseline)
		return 0;
	run->ignored = o->ignored;
	install_data(&path, VOLATILE_FILE);
	rc = volatile_read(run->ignored, path.s, e);
	buf_clear(&path);
	return rc;
}

static int
open_reports(struct run *run, struct err *e)
{
	const struct options *o = run->options;

	run->report_env = (struct report_env){.columns = &o->fields, .baseline = o->baseline};
	run->reports = xcalloc(o->reports.n, sizeof *run->reports);
	for (size_t i = 0; i < o->reports.n; i++) {
		run->reports[i] = report_new(o->reports.v[i], &run->report_env, e);
		if (!run->reports[i])
			return -1;
		run->nreports++;
	}
	return 0;
}

int
run_open(struct run *run, const struct options *o, struct err *e)
{
	run->options = o;
	if (o->stats) {
		run->stats = stats_new();
		task_measure_pauses(true);
	}
	if (o->top.n)
		run->top = top_new(&o->top);
	if (open_ignored(run, e) != 0)
		return -1;
	if (o->baseline && !(run->baseline = baseline_new(o->baseline, run->ignored, e)))
		return -1;
	if (open_reports(run, e) != 0)
		return -1;
	if (!o->resume)
		return 0;
	run->resume = resume_new(o->resume, run_recall, run, e);
	if (!run->resume)
		return -1;
	output_use(resume_fd(run->resume), o->resume);
	return 0;
}

void
run_trouble(struct run *run, const struct err *e)
{
	if (run->trouble.kind == ERR_NONE)
		run->trouble = *e;
	output_error((struct str){0}, e->text);
}

/* The targets that only the earlier run had; nobody knows them if this one did not come to its end. */
static void
tell_gone(struct run *run)
{
	struct str target;
	struct err e;
	int rc;

	while ((rc = baseline_gone(run->baseline, &target, &e)) > 0) {
		run->summary.gone++;
		output_error(target, "is in the baseline, and was not fetched");
	}
	if (rc < 0)
		run_trouble(run, &e);
}

/* --top is a result, unless something else stands where it would. */
static void
tell_top(struct run *run)
{
	const struct options *o = run->options;
	bool apart = o->silent || o->resume || (o->format_given && o->format != &out_none);

	for (size_t i = 0; i < o->reports.n; i++)
		apart |= report_to_stdout(o->reports.v[i]);
	top_report(run->top, apart ? &output_messages : &output_results);
	output_piece();
}

static double
longest_pause(const struct run *run)
{
	double ours = task_longest_pause();

	return run->pool ? real_max(ours, pool_longest_pause(run->pool)) : ours;
}

void
run_end(struct run *run)
{
	struct err e;

	run->summary.seconds = run->counts.seconds;
	if (run->baseline && !run->summary.interrupted)
		tell_gone(run);
	if (run->top)
		tell_top(run);
	output_flush(); /* what goes to standard output goes there in this order */
	/* of a run that was refused there is nothing to report */
	for (size_t i = 0; i < run->nreports && run->trouble.kind != ERR_INPUT; i++)
		if (report_end(run->reports[i], &run->summary, &e) != 0 && !sink_unread())
			run_trouble(run, &e);
	if (run->stats)
		stats_report(run->stats, run->counts.seconds, longest_pause(run), &output_messages);
}

void
run_close(struct run *run)
{
	for (size_t i = 0; i < run->nreports; i++)
		report_free(run->reports[i]);
	free(run->reports);
	baseline_free(run->baseline);
	resume_free(run->resume);
	stats_free(run->stats);
	top_free(run->top);
}
