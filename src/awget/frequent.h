/* awget/frequent.h: the most frequent of any number of values, counted in a table of fixed size. */
#ifndef AWGET_FREQUENT_H
#define AWGET_FREQUENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* How many values are counted at once, and how many bytes are kept of a value and of its sample. */
enum { FREQUENT_COUNTERS = 4096, FREQUENT_VALUE = 120, FREQUENT_SAMPLE = 64 };

/*
 * The space-saving sketch of Metwally, Agrawal and El Abbadi (Efficient computation of frequent and top-k elements in
 * data streams, ICDT 2005), in a little less than 1 MB. As long as there are no more than FREQUENT_COUNTERS different
 * values all counts are exact. After that a new value takes the counter with the lowest count, and goes on from there:
 * every value that is more than 1/FREQUENT_COUNTERS of all is in the table, and no count is too low.
 */
struct frequent;

struct frequent_value {
	uint64_t count;           /* it came as often at most ... */
	uint64_t error;           /* ... and this much less often at least */
	struct str value, sample; /* as much of them as was kept, borrowed */
	bool value_cut, sample_cut;
};

struct frequent *frequent_new(void);

/* Takes the same time however many there are. Long values that begin alike are told apart. No memory is allocated. */
void frequent_add(struct frequent *f, struct str value, struct str sample);

/*
 * The n most frequent values, or all if there are fewer, the most frequent first, at *out. Returns how many. Valid
 * until the next frequent_add.
 */
size_t frequent_top(const struct frequent *f, struct frequent_value *out, size_t n);

/* How many different values are counted; were there more, so that counts may be too high? */
size_t frequent_different(const struct frequent *f);
bool frequent_overflowed(const struct frequent *f);

void frequent_free(struct frequent *f);

#endif
