/* awget/stats.h: --stats: outcomes counted, times as percentiles, in fixed memory. */
#ifndef AWGET_STATS_H
#define AWGET_STATS_H

#include "base/buf.h"
#include "fetch/result.h"

struct stats;

struct stats *stats_new(void);
void stats_add(struct stats *s, const struct result *r);

/* Adds the report, some lines of text; seconds: how long the run took. */
void stats_report(const struct stats *s, double seconds, struct buf *b);

void stats_free(struct stats *s);

#endif
