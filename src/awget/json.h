/* awget/json.h: JSON as --json has it: the record of a result, and the pieces that it is made of. */
#ifndef AWGET_JSON_H
#define AWGET_JSON_H

#include <stdbool.h>

#include "awget/verdict.h"
#include "base/buf.h"
#include "fetch/result.h"

/* Adds the whole object, on one line without its end: valid UTF-8 without control bytes. */
void json_record(struct buf *b, const struct result *r, const struct verdict *v);

/*
 * Adds a string. C1 controls are escaped too: JSON lines are looked at on terminals. Bytes that are no UTF-8 become
 * U+00XX; whether it was UTF-8 is returned.
 */
bool json_string(struct buf *b, struct str s);

/* The same, or null if s.s is NULL; of a string of ours. */
void json_string_or_null(struct buf *b, struct str s);
void json_text_or_null(struct buf *b, const char *s);

void json_number_or_null(struct buf *b, unsigned long n, bool known);

/* A time in seconds, which is not negative, with six decimals; null if it is NAN. */
void json_seconds(struct buf *b, double s);

/* Seconds since 1970 as a string (RFC 3339, UTC): to the second; with milliseconds. */
void json_date(struct buf *b, double t);
void json_instant(struct buf *b, double t);

#endif
