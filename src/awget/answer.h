/* awget/answer.h: what counts of an answer when it is compared with another, and how two differ, in words. */
#ifndef AWGET_ANSWER_H
#define AWGET_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "awget/volatile.h"
#include "base/buf.h"
#include "fetch/result.h"

struct answer_field;
struct answer {
	int status;
	struct answer_field *v; /* by name without regard to case, the values of one name in their order */
	size_t n;
	struct buf text;        /* their names, and their values as far as they count */
};

/* What counts of r as the list says, copied. The caller ends it with answer_clear. */
void answer_init(struct answer *a, const struct result *r, const struct volatile_list *list);

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
