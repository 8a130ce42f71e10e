/* record/records.h: a file of records, line by line. */
#ifndef RECORD_RECORDS_H
#define RECORD_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

struct records;

/*
 * "-" is standard input. NULL with ERR_LOCAL or ERR_CANCELED. before_wait, if not NULL, is called before each read of
 * the file, which may wait. The caller closes with records_close.
 */
struct records *records_open(const char *path, void (*before_wait)(void), struct err *e);

/*
 * The next line that is not blank, without its line end: 1; 0 at the end; -1 with ERR_LOCAL when it cannot be read or
 * a line is longer than RECORDS_LINE_MAX, or with ERR_CANCELED. *line is valid until the next call, and has
 * RECORD_PADDING bytes behind it. A byte order mark at the start of the file is passed over.
 */
enum { RECORDS_LINE_MAX = 64 << 20 };
int records_next(struct records *f, struct str *line, struct err *e);

/*
 * May be called by a signal handler: from then on, what has not been read is not. records_next fails with ERR_CANCELED
 * instead of reading, also where the signal has interrupted it, and so does a records_open that the signal interrupts.
 */
void records_stop(void);

/* Of the last line: its number from 1; where it begins in the file; did the file end without a line end behind it? */
size_t records_number(const struct records *f);
uint64_t records_offset(const struct records *f);
bool records_torn(const struct records *f);

void records_close(struct records *f);

#endif
