/* awget/resume.h: --resume: which targets an unfinished output already has. Memory: one bit for each, and the gaps. */
#ifndef AWGET_RESUME_H
#define AWGET_RESUME_H

#include <stdbool.h>
#include <stddef.h>

#include "awget/input.h"
#include "base/buf.h"
#include "base/err.h"
#include "fetch/result.h"

struct resume;

typedef void resume_found(void *arg, const struct result *r);

/*
 * Opens the output, which need not exist yet, locks it against another awget, and hands each record to `found`. Cut are
 * a last line without an end, if it can be the beginning of a record, and all from the first record of an interrupted
 * target on, which is to be fetched again. path is borrowed. NULL with ERR_LOCAL, or with ERR_INPUT: a record makes no
 * sense, or is there twice.
 */
struct resume *resume_new(const char *path, resume_found *found, void *arg, struct err *e);

/*
 * Reads the input past all targets that are done, and keeps those between them that are not. 0, or -1: ERR_INPUT if the
 * targets that are done are not the input's, else what input_next said: then it may go on, if called again. Waits as
 * input_next does.
 */
int resume_skip(struct resume *s, struct input *in, struct err *e);

/* As input_next, first of the targets that were kept; *n is the target's number. */
int resume_next(struct resume *s, struct input *in, size_t *n, struct str *text, bool *too_long, struct err *e);

/* How many targets are done. */
size_t resume_done(const struct resume *s);

/* The output, open for appending. Valid until resume_free. */
int resume_fd(const struct resume *s);

void resume_free(struct resume *s);

#endif
