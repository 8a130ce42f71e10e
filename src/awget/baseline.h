/* awget/baseline.h: an earlier run, by target. Memory: some 40 bytes for each of its records. */
#ifndef AWGET_BASELINE_H
#define AWGET_BASELINE_H

#include "awget/change.h"
#include "awget/volatile.h"
#include "base/err.h"
#include "fetch/result.h"

struct baseline;

/*
 * Reads the records of a file, of which those that were interrupted (ERR_CANCELED) do not count. It must be one that
 * can be read again, where they differ. list is borrowed: what does not count. NULL with ERR_LOCAL or ERR_INPUT
 * ("FILE:LINE: SENTENCE").
 */
struct baseline *baseline_new(const char *path, const struct volatile_list *list, struct err *e);

/*
 * How r differs from the record of the same target and tag; of several, from the one that no earlier r was compared
 * with, in the order of the file. Valid until the next call. NULL with ERR_LOCAL when the file cannot be read again.
 */
const struct changes *baseline_compare(struct baseline *b, const struct result *r, struct err *e);

/*
 * The targets that nothing was compared with, one after the other: 1 and *target (valid until the next call), 0 at
 * the end, -1 with ERR_LOCAL.
 */
int baseline_gone(struct baseline *b, struct str *target, struct err *e);

void baseline_free(struct baseline *b);

#endif
