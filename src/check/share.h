/* check/share.h: tests that several checks have in common, so that each is looked at once a result. */
#ifndef CHECK_SHARE_H
#define CHECK_SHARE_H

#include "check/expr.h"

/* Tests, no two of which are written alike. All zero is none. The holder frees v. */
struct share {
	struct expr **v;
	size_t n, cap;
};

/*
 * Of the tests in x, those that are written as an earlier one are made to ask that one; the others are remembered, as
 * long as there are not too many to look through. x must live as long as the checks do.
 */
void share_tests(struct share *s, struct expr *x);

#endif
