/* awget/run.h: what all targets of a run share: what their results are held against, told to, and counted in. */
#ifndef AWGET_RUN_H
#define AWGET_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "awget/options.h"
#include "awget/progress.h"
#include "awget/report.h"
#include "awget/verdict.h"
#include "base/err.h"
#include "fetch/result.h"

struct run {
	const struct options *options;
	struct pool *pool;             /* fetches in other processes, and is the caller's; NULL: we fetch ourselves */
	struct volatile_list *ignored; /* for --all-addresses and baselines; NULL: not wanted */
	struct baseline *baseline;     /* these, too */
	bool baseline_lost;            /* it could not be read again, which was told: nothing more is compared */
	struct resume *resume;
	struct stats *stats;
	struct top *top;
	struct report_env report_env;
	struct report **reports;
	size_t nreports;
	struct progress counts;
	struct summary summary;
	size_t unfinished;             /* targets that were interrupted */
	size_t disagreed;              /* targets whose addresses do not agree */
	struct err trouble;            /* the first of our own; kind ERR_NONE: none */
};

/*
 * Opens what the options ask for, which *run borrows, in a run that is all zero but for its pool: baseline, reports
 * and what an earlier run has left of the output. 0, or -1 with ERR_LOCAL or ERR_INPUT; the caller calls run_close in
 * every case.
 */
int run_open(struct run *run, const struct options *o, struct err *e);

/* A result has come: judges it, tells it as the options ask, counts it. The result stays the caller's. */
void run_tell(struct run *run, const struct result *r);

/* The same for a result that an earlier run has told. Of type resume_found. */
void run_recall(void *run, const struct result *r);

/* After the last result: what can be said only now. Trouble is in run->trouble. */
void run_end(struct run *run);

/* Tells trouble of our own, and remembers the first. */
void run_trouble(struct run *run, const struct err *e);

void run_close(struct run *run);

#endif
