/* awget/answer.h: what counts of an answer when it is compared with another, and how two differ, in words. */
#ifndef AWGET_ANSWER_H
#define AWGET_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "awget/volatile.h"
#include "base/buf.h"
#include "fetch/result.h"

/* A field that counts: offsets into the answer's text; its place among the result's fields. */
struct answer_field {
	uint32_t name, name_n, value, value_n, place;
};

/* All zero is an empty one. */
struct answer {
	int status;
	struct answer_field *v; /* by name without regard to case, the values of one name in their order */
	size_t n, cap;
	struct buf text;        /* their names (as JSON has them), and their values as far as they count */
};

/* What counts of r as the list says, copied. The caller ends it with answer_clear. */
void answer_init(struct answer *a, const struct result *r, const struct volatile_list *list);

/* The same into one that was used before. */
void answer_set(struct answer *a, const struct result *r, const struct volatile_list *list);

/* Of field i, valid as long as the answer: its name, and what counts of its value. */
struct str answer_name(const struct answer *a, size_t i);
struct str answer_value(const struct answer *a, size_t i);

/* How many fields from i on have the same name; 0 behind the last. */
size_t answer_repeats(const struct answer *a, size_t i);

/* The order of the names of field i of x and field k of y; what is behind the last comes after all names. */
int answer_order_names(const struct answer *x, size_t i, const struct answer *y, size_t k);

/* An order for sorting; 0: the two agree, in status and fields. */
int answer_order(const struct answer *x, const struct answer *y);

/*
 * Adds how x differs from the norm, behind the subject of the sentence, of which `one` says whether it is one: " lacks
 * Server, has status 503 instead of 200" or " lack ...". Of many differences the first few. What servers chose is cut
 * short, and made fit to be shown.
 */
void answer_differences(const struct answer *x, const struct answer *norm, bool one, struct buf *b);

void answer_clear(struct answer *a);

#endif
