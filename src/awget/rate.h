/* awget/rate.h: --rate: when the next target may begin. Only arithmetic, no clock. */
#ifndef AWGET_RATE_H
#define AWGET_RATE_H

#include <stdbool.h>

/* All zero: no limit. */
struct rate {
	double interval; /* seconds from one start to the next */
	double next;     /* when the next one is due */
};

/* "N/UNIT", UNIT being ms, s, m, h or several: "100/s", "5/15s"; "N" is N/s. N is 1 to 1000000. True if it is one. */
bool rate_parse(struct rate *r, const char *text);

/*
 * When the next start may be, given that it is `now`; it counts as made. Starts are an interval apart, on the average
 * too: what a start comes late is made up for, as long as it is no more than RATE_LATE. A longer pause earns nothing.
 */
#define RATE_LATE 0.02
double rate_take(struct rate *r, double now);

#endif
