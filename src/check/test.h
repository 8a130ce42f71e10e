/* check/test.h: one test of a check: a field, an operator and values. */
#ifndef CHECK_TEST_H
#define CHECK_TEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "check/regex.h"
#include "check/slots.h"

enum value_kind { VALUE_NUMBER, VALUE_RANGE, VALUE_WORD, VALUE_STRING, VALUE_REGEX };

/* What a field is compared with. */
struct value {
	enum value_kind kind;
	struct str text;  /* a word or number as written, in lower case; of a string or regex what is in it; owned */
	double low, high; /* of a range, both inclusive; of a number, both it */
	struct regex *regex;
};

/* What an operator is about, which is what may stand behind it. */
enum op_wants { OP_EQUAL, OP_ORDER, OP_TEXT, OP_REGEX };

struct test;
struct judge;

/* Does the slot pass? */
typedef bool test_fn(const struct test *t, const struct slot *s, struct judge *j);

struct op {
	const char *name;
	enum op_wants wants;
	bool list; /* several values may stand behind it */
	test_fn *passes;
};

/* All operators but present and absent, a longer one before one that it begins with; the end is a row of zeros. */
extern const struct op test_ops[];

/*
 * A test holds if `passes` is true for a slot or, `every`, for all; if there is no slot, it is `none`. But if `negated`
 * it holds if that does not.
 */
struct test {
	struct str written; /* with the words before the field */
	struct check_field *field;
	const struct op *op;
	struct value *values;
	size_t nvalues;
	test_fn *passes;
	bool every, none, negated;
};

/* What judging a result takes. */
struct judge {
	struct view view;
	struct intern names;
	uint64_t turn;               /* grows with each result */
	struct buf lower;            /* for test_fn */
	size_t steps;                /* that are left for the regular expressions of a check */
	const struct value *gave_up; /* a regular expression that came to its limit; NULL: none */
};

test_fn test_present, test_absent;

bool test_holds(const struct test *t, struct judge *j);

/* The slot's value as text; of a number, in text. */
struct str test_slot_text(const struct slot *s, char text[32]);

#endif
