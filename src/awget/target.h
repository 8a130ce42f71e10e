/* awget/target.h: one target on its way from the input to its end, and what is counted of them all. */
#ifndef AWGET_TARGET_H
#define AWGET_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "awget/options.h"
#include "awget/progress.h"
#include "awget/stats.h"
#include "awget/volatile.h"
#include "base/err.h"

/* What all targets of a run share, and add to. */
struct run {
	const struct options *options;
	const struct volatile_list *ignored; /* for --all-addresses; NULL: not wanted */
	struct stats *stats;                 /* NULL: not wanted */
	struct progress counts;
	size_t unfinished;                   /* targets that were interrupted */
	size_t disagreed;                    /* targets whose addresses do not agree */
};

struct target;

/*
 * The next target, from a copy of its text; too_long: text is only the beginning. `run` is borrowed. It ends with
 * target_run or target_fail, or, if it never began, with target_free.
 */
struct target *target_new(struct run *run, struct str text, bool too_long);

/* What it is called. */
const char *target_name(const struct target *t);

/* A task: the whole life of a target, which it takes. */
void *target_run(void *target);

/* Ends a target, which it takes, that could not begin. */
void target_fail(struct target *t, const struct err *why);

void target_free(struct target *t);

#endif
