/* awget/top.h: --top: the most frequent values of some columns, in a table of fixed size. */
#ifndef AWGET_TOP_H
#define AWGET_TOP_H

#include "awget/column.h"
#include "awget/verdict.h"
#include "base/buf.h"
#include "fetch/result.h"

/* How many values of a column are shown. */
enum { TOP_SHOWN = 20 };

struct top;

/* Borrows the columns. Memory: a little less than 1 MB a column (awget/frequent.h). The caller frees with top_free. */
struct top *top_new(const struct columns *columns);

/* Counts the values of r, which has answered or not. */
void top_add(struct top *t, const struct result *r, const struct verdict *v);

/*
 * Adds the table, lines of text for a screen of 80 columns: of each column its most frequent values, with counts,
 * shares of all results, and one target as a sample. A count that may be too high is marked with "<=". Long values go
 * on in the next line; only a long target makes a line longer.
 */
void top_report(const struct top *t, struct buf *b);

void top_free(struct top *t);

#endif
