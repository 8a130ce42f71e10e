/* check/expr.h: a check as it is understood: tests, joined by and, or, not. */
#ifndef CHECK_EXPR_H
#define CHECK_EXPR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "check/test.h"

enum expr_kind { EXPR_OR, EXPR_AND, EXPR_NOT, EXPR_TEST };

struct expr {
	enum expr_kind kind;
	struct expr *child; /* the first of those that are joined, or the one that is negated */
	struct expr *next;  /* the next child of the same parent */
	struct test *test;
	struct expr *same;  /* another one that is the same, and is asked instead; NULL: none */
	uint64_t turn; /* of the judge, when `held` was found out */
	bool held;
};

/* Does it hold for what j looks at? Each test is looked at once at most. It does not once j->gave_up is set. */
bool expr_holds(struct expr *x, struct judge *j);

/* Adds what there is instead, of an expression that does not hold: the values of the tests that decide it. */
void expr_found(struct expr *x, struct judge *j, struct buf *b);

void expr_free(struct expr *x);

#endif
