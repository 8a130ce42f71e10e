/* awget/column.h: what can be told of a result in a word: for --fields, --top, -w and the html report. */
#ifndef AWGET_COLUMN_H
#define AWGET_COLUMN_H

#include <stdbool.h>
#include <stddef.h>

#include "awget/verdict.h"
#include "base/buf.h"
#include "base/err.h"
#include "fetch/result.h"

struct column;

/*
 * A name of -w (awget/template.h) or a field of the check language (check/field.h). NULL with ERR_INPUT. The caller
 * frees with column_free.
 */
struct column *column_new(struct str text, struct err *e);

/* As it was written. */
struct str column_name(const struct column *c);

/* Adds its text, as it came: not fit to be shown without more ado. False, and nothing is added, if there is none. */
bool column_text(const struct column *c, const struct result *r, const struct verdict *v, struct buf *b);

void column_free(struct column *c);

/* Several, with commas between them ("target,status,h[Server]"; a comma in brackets is part of a field). */
struct columns {
	struct column **v;
	size_t n;
};

enum { COLUMNS_MAX = 64 };

/*
 * Sets *c. Blanks around a column do not count. 0, or -1 with ERR_INPUT. The caller ends it with columns_clear, in
 * every case.
 */
int columns_parse(struct columns *c, const char *list, struct err *e);
void columns_clear(struct columns *c);

#endif
