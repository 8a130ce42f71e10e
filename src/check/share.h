/* check/share.h: what several checks have in common, so that it is looked at once a result. */
#ifndef CHECK_SHARE_H
#define CHECK_SHARE_H

#include "check/expr.h"

/* Expressions, no two of which are the same. All zero is none. The holder frees v. */
struct share {
	struct expr **v;
	size_t n, cap;
};

/*
 * x and what is in it: what is the same as something earlier is made to ask that, since a guard such as "status == 200"
 * is often that of many checks. The rest is remembered, as long as there is not too much to look through. x must live
 * as long as the checks do.
 */
void share_expr(struct share *s, struct expr *x);

#endif
