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
 * "-" is standard input. NULL with ERR_LOCAL. before_wait, if not NULL, is called before each read of the file, which
 * may block. The caller closes with records_close.
 */
struct records *records_open(const char *path, void (*before_wait)(void), struct err *e);

/*
 * The next line that is not blank, without its line end: 1; 0 at the end; -1 with ERR_LOCAL when it cannot be read, a
 * line is longer than RECORDS_LINE_MAX, or a signal came (ERR_CANCELED, if before_wait or the read was interrupted by
 * one and `records_stop` was called). *line is valid until the next call, and has RECORD_PADDING bytes behind it.
 */
enum { RECORDS_LINE_MAX = 64 << 20 };
int records_next(struct records *f, struct str *line, struct err *e);

/* May be called by a signal handler: the next records_next, or the one that waits, fails with ERR_CANCELED. */
void records_stop(void);

/* Of the last line: its number from 1; where it begins in the file; did the file end without a line end behind it? */
size_t records_number(const struct records *f);
uint64_t records_offset(const struct records *f);
bool records_torn(const struct records *f);

void records_close(struct records *f);

#endif
