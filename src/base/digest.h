/* base/digest.h: bytes made into a few, to be compared in their place. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * 128 bits. They depend on a number that each process draws for itself: nobody who does not know it can make two texts
 * of one digest, though the function is no cryptographic one; and a digest means nothing to another process.
 */
struct digest {
	uint64_t low, high;
};

struct digest digest_of(struct str s);

static inline bool
digest_eq(struct digest a, struct digest b)
{
	return a.low == b.low && a.high == b.high;
}

/* Adds to the sum of a set of digests, modulo 2^128: in any order it comes to the same. */
static inline void
digest_add(struct digest *sum, struct digest d)
{
	sum->low += d.low;
	sum->high += d.high + (sum->low < d.low);
}

#endif
