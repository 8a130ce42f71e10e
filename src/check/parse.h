/* check/parse.h: a line with a check, understood. */
#ifndef CHECK_PARSE_H
#define CHECK_PARSE_H

#include <stdbool.h>

#include "base/buf.h"
#include "check/expr.h"
#include "check/lex.h"

/* Parentheses and "not" within each other. */
enum { PARSE_DEPTH = 64 };

/* All zero at first; ended with parse_clear. The slices are of what lex reads. */
struct parsed {
	bool warn;
	struct str id;      /* s is NULL: none */
	struct str text;    /* behind warn and id, without comment and blanks around */
	struct str written; /* with them */
	struct expr *guard; /* NULL: none */
	struct expr *expr;
};

/*
 * Takes ["warn:"] [id ":"] ["if" expr "then"] expr, and all that is left of l. Header names are added to names. 0, or
 * -1 after lex_fail; *p is to be cleared in every case.
 */
int parse_check(struct lex *l, struct intern *names, struct parsed *p);

void parse_clear(struct parsed *p);

/* Takes the value, or values, behind the operator of t, whose field is known. 0 or -1. */
int parse_values(struct lex *l, struct test *t);

#endif
