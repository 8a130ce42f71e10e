/* awget/failing.h: which checks did not hold, how often, and where for instance, in memory bounded by the checks. */
#ifndef AWGET_FAILING_H
#define AWGET_FAILING_H

#include <stddef.h>

#include "awget/sink.h"
#include "check/checks.h"
#include "fetch/result.h"

/* A check that did not hold for `count` results; the first few of them as HTML. */
struct failing_check {
	char *label;
	size_t label_n;
	char *text; /* NULL: it is the label */
	size_t text_n;
	enum check_verdict verdict;
	size_t count;
	size_t seen; /* the number of the last of them */
	struct buf samples;
};

/* All zero is none. */
struct failing {
	struct failing_check *v;
	size_t n, cap;
	size_t last; /* where the next one is likely to be found */
};

/* Counts an outcome of CHECK_WARN or CHECK_FAIL of the number-th result, from 1; the same check twice counts once. */
void failing_add(struct failing *f, size_t number, const struct result *r, const struct check_outcome *o);

/* Adds an HTML list of those that failed, then of those that only warn, the most frequent first. */
void failing_show(struct failing *f, size_t targets, struct sink *to);

void failing_clear(struct failing *f);

#endif
