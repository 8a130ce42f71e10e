/* awget/part.h: what two results of a target are compared by, besides their fields: parts that are short texts. */
#ifndef AWGET_PART_H
#define AWGET_PART_H

#include <stdbool.h>

#include "awget/volatile.h"
#include "base/buf.h"
#include "fetch/result.h"

struct part {
	const char *what;  /* as struct change has it */
	const char *group; /* whose name leaves it out, too; NULL: of none */
	/* Are two results compared by it at all? NULL: always. */
	bool (*matters)(const struct result *a, const struct result *b);
	/* Adds it. False, and nothing is added: there is none. */
	bool (*add)(const struct result *r, struct buf *b);
};

/* All there are, in the order in which they are told, ending with a row of zeros. */
extern const struct part part_rows[];

/* Do the results, which both answered, have to be the same in it? */
bool part_counts(
    const struct part *p, const struct result *a, const struct result *b, const struct volatile_list *list);

#endif
