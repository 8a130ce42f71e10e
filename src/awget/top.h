/* awget/top.h: --top: the most frequent values of some columns, in a table of fixed size. */
#ifndef AWGET_TOP_H
#define AWGET_TOP_H

#include "awget/column.h"
#include "awget/verdict.h"
#include "base/buf.h"
#include "fetch/result.h"

struct top;

/* Borrows the columns. The caller frees with top_free. */
struct top *top_new(const struct columns *columns);

/* Counts the values of r, which has answered or not. */
void top_add(struct top *t, const struct result *r, const struct verdict *v);

/* Adds the table, lines of text: of each column its most frequent values, with counts and one target as a sample. */
void top_report(const struct top *t, struct buf *b);

void top_free(struct top *t);

#endif
