/* awget/input.h: the next target, from the arguments, then from the files, as they come. */
#ifndef AWGET_INPUT_H
#define AWGET_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "http/url.h"

/* A longer line is one failed target. */
enum { INPUT_LINE_MAX = 8192 };

struct input;

/*
 * Targets of the arguments and then of the files ("-": standard input), which are opened now and read as they are
 * needed. All is borrowed. NULL with ERR_LOCAL if a file cannot be read. The caller frees with input_free.
 */
struct input *input_new(char *const *targets, size_t ntargets, const char *const *files, size_t nfiles, struct err *e);

/*
 * The next target: 1; 0 at the end; -1 when a file could not be read on (call again for the next file's) or, with
 * ERR_CANCELED, when canceled. Waits where a pipe or a terminal has nothing yet. *text is valid until the next call.
 * *too_long: the line was longer than INPUT_LINE_MAX, and *text is its beginning.
 */
int input_next(struct input *in, struct str *text, bool *too_long, struct err *e);

/* The share of all input that was handed out, from 0 to 1; NAN while nobody can know. */
double input_share(const struct input *in);

/*
 * From now on, what asks for the same as an earlier target (awget/dedupe.h) is passed over; and how many were. A target
 * without a scheme is of `fallback`, NULL for http.
 */
void input_dedupe(struct input *in, const struct url_scheme *fallback);
size_t input_repeats(const struct input *in);

/* How many arguments were not handed out. */
size_t input_left(const struct input *in);

void input_free(struct input *in);

#endif
