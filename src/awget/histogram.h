/* awget/histogram.h: times counted in fixed memory, and what they look like. */
#ifndef AWGET_HISTOGRAM_H
#define AWGET_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Times from 10 us to 1000 s; what lies outside is counted at that end. A decade has HISTOGRAM_STEPS buckets of the
 * same ratio, so that a percentile is right to within 3 %, and HISTOGRAM_BARS bars of a picture.
 */
enum { HISTOGRAM_DECADES = 8, HISTOGRAM_STEPS = 40, HISTOGRAM_BARS = 5 };

/* All zero is an empty one. */
struct histogram {
	uint64_t counts[HISTOGRAM_DECADES * HISTOGRAM_STEPS];
	uint64_t n;
	double max;
};

/* Counts a time in seconds; NAN and what is below zero are not counted. */
void histogram_add(struct histogram *h, double seconds);

/* The time that this share of them did not take longer than, in seconds; NAN if there are none. */
double histogram_percentile(const struct histogram *h, double share);

/* Of n of them: the first decade (0: 10 us) with a time in it, and the one behind the last; both 0 if there is none. */
void histogram_span(const struct histogram *h, size_t n, size_t *from, size_t *to);

/* How many are in a bar, from 0; where it begins, in seconds. */
uint64_t histogram_bar(const struct histogram *h, size_t bar);
double histogram_edge(size_t bar);

/*
 * Adds a picture of these decades for an HTML page: a figure with an inline SVG. The id is there once on the page; name
 * and id are HTML already.
 */
void histogram_figure(
    const struct histogram *h, const char *name, const char *id, size_t from, size_t to, struct buf *b);

/* Adds the same of n of them in numbers: a table with a row for each bar and a column for each name. */
void histogram_table(
    const struct histogram *h, const char *const *names, size_t n, size_t from, size_t to, struct buf *b);

#endif
