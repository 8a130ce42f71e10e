/* base/near.h: which of some names was meant by a word that is none of them. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <stddef.h>

#include "base/buf.h"

/* Longer words and names are near to nothing. */
enum { NEAR_MAX = 32 };

struct near {
	struct str word;
	struct str best; /* the nearest name so far, borrowed; s is NULL: none is near enough to be meant */
	size_t distance;
};

/* Nothing has been tried. The word is borrowed. */
struct near near_to(struct str word);

/*
 * Is this one meant? Letters that were left out, are too many, are wrong or stand in the wrong order count; their case
 * does not. Of names that are equally near the first is taken.
 */
void near_try(struct near *n, struct str name);

#endif
