/* awget/stats.h: --stats: outcomes counted, times as percentiles, in fixed memory. */
#ifndef AWGET_STATS_H
#define AWGET_STATS_H

#include "base/buf.h"
#include "fetch/result.h"

struct stats;

struct stats *stats_new(void);
void stats_add(struct stats *s, const struct result *r);

/* The verdict on the addresses of one target: do they agree? */
void stats_add_verdict(struct stats *s, bool agree);

/*
 * Adds the report, some lines of text; seconds: how long the run took; pause: the longest time in which nobody looked
 * at the network.
 */
void stats_report(const struct stats *s, double seconds, double pause, struct buf *b);

void stats_free(struct stats *s);

#endif
