/* awget/repeats.h: how often a text was there before. */
#ifndef AWGET_REPEATS_H
#define AWGET_REPEATS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* All zero is an empty one. Of a text it keeps 64 bits, in 16 to 32 bytes, half as much again while it grows. */
struct repeats {
	uint64_t *hashes; /* 0: free */
	uint32_t *counts;
	size_t slots, used;
};

/*
 * How often this text was counted, with this time: 1, 2, ... The same text never gets the same number twice. Once in
 * a long time a text gets a number that is too high, since another has the same hash.
 */
unsigned repeats_count(struct repeats *r, struct str text);

void repeats_clear(struct repeats *r);

#endif
