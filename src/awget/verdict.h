/* awget/verdict.h: what is said of a result beyond the facts: how its checks came out, and what changed. */
#ifndef AWGET_VERDICT_H
#define AWGET_VERDICT_H

#include <stdbool.h>

#include "awget/change.h"
#include "check/checks.h"
#include "fetch/result.h"

struct verdict {
	const struct check_outcomes *checks; /* NULL: there are none, or the target did not answer */
	const struct changes *changes;       /* NULL: there is no baseline */
};

/* Did the target not answer, or does a check not hold? */
static inline bool
verdict_failed(const struct result *r, const struct verdict *v)
{
	return r->err.kind != ERR_NONE || (v->checks && v->checks->failed);
}

static inline bool
verdict_changed(const struct verdict *v)
{
	return v->changes && v->changes->n;
}

/* What all results of a run came to. */
struct summary {
	size_t targets;  /* results, in fact: --all-addresses has several for a target */
	size_t answered, unanswered;
	size_t checks, check_failures, check_warnings; /* outcomes of checks that were not skipped */
	size_t failed;   /* results of which verdict_failed is true */
	size_t changed;  /* results of which verdict_changed is true */
	size_t gone;     /* targets of the baseline that were not there */
	double seconds;  /* how long the run took */
	bool interrupted; /* not all targets were tried */
};

#endif
