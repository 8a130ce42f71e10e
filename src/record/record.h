/* record/record.h: a result read back from a line of --json. The library that reads JSON is in a module. */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include "base/buf.h"
#include "base/err.h"
#include "fetch/result.h"

struct record_reader;

/* Loads the module. NULL with ERR_LOCAL. The caller frees with record_reader_free. */
struct record_reader *record_reader_new(struct err *e);

/* Bytes behind a line that may be read, though they do not count. */
enum { RECORD_PADDING = 64 };

/*
 * Makes *r, which is not initialized before, the result that `line` tells of: n, target, tag, url, peer (with its
 * port), proxy, tls, hops, attempts, head (a status line and field lines as they could have come), fields, timing,
 * time, phase and err. Its label is its target. What r borrows is of the reader, until the next call. The caller clears
 * r with result_clear in every case. Keys that are not known are left out; "checks" and "changes" are judgements and
 * are not looked at. 0, or -1 with ERR_INPUT and a sentence: no JSON, no object, no "schema":1, a key that is missing
 * or of the wrong type. Only schema, n, target, status, headers and error must be there: what else is missing is
 * unknown, which for time is 0.
 *
 * What JSON does not keep is not as it was: the head's blanks, folds and line ends; the versions and reasons of hops;
 * and bytes that are no UTF-8 in anything but values: they are the characters U+0080 to U+00FF now.
 */
int record_read(struct record_reader *reader, struct str line, struct result *r, struct err *e);

void record_reader_free(struct record_reader *reader);

#endif
