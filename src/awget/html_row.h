/* awget/html_row.h: one result on the page of --report html: a row of the table, and what changed. */
#ifndef AWGET_HTML_ROW_H
#define AWGET_HTML_ROW_H

#include "awget/column.h"
#include "awget/verdict.h"
#include "base/buf.h"
#include "fetch/result.h"

/* What came of a target, the worst first: the first that applies. */
enum html_class { HTML_DOWN, HTML_FAILED, HTML_CHANGED, HTML_WARNED, HTML_GOOD, HTML_CLASSES };

/* How each is called: in class attributes, by people. */
struct html_class_name {
	const char *css, *label;
};
extern const struct html_class_name html_class_names[HTML_CLASSES];

enum html_class html_class_of(const struct result *r, const struct verdict *v);

/* Adds the beginning of the table: its columns and their headings. c->n is 0: the field Server. */
void html_row_heads(struct buf *b, const struct columns *c);

/*
 * Adds a row of that table. `change` is the number of the result's html_row_changes, 0 if it has none. What a stranger
 * sent is cut, so that a row has a few KB at most for each thing that is told in it.
 */
void html_row(struct buf *b, const struct result *r, const struct verdict *v, const struct columns *c, size_t change);

/* Adds what is different from the earlier run, v->changes, as a list of lines. */
void html_row_changes(struct buf *b, const struct result *r, const struct verdict *v, size_t change);

#endif
