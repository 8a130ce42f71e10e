/* base/digest.c: bytes made into a few, to be compared in their place. */
#include "base/digest.h"

#include <sys/random.h>
#include <time.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* Drawn once. Before the system has gathered any randomness, the clock has to do. */
static uint64_t
seed(void)
{
	static uint64_t drawn;
	struct timespec now;

	if (drawn)
		return drawn;
	if (getrandom(&drawn, sizeof drawn, GRND_NONBLOCK) != sizeof drawn || !drawn) {
		clock_gettime(CLOCK_REALTIME, &now);
		drawn = (uint64_t)now.tv_sec << 32 | (uint64_t)now.tv_nsec | 1;
	}
	return drawn;
}

struct digest
digest_of(struct str s)
{
	XXH128_hash_t h = XXH3_128bits_withSeed(s.n ? s.s : "", s.n, seed());

	return (struct digest){.low = h.low64, .high = h.high64};
}
