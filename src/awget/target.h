/* awget/target.h: one target on its way from the input to its end. */
#ifndef AWGET_TARGET_H
#define AWGET_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "awget/run.h"
#include "base/buf.h"
#include "base/err.h"

struct target;

/*
 * Target number n, from a copy of its text; too_long: text is only the beginning. `run` is borrowed. It ends with
 * target_run or target_fail, or, if it never began, with target_free.
 */
struct target *target_new(struct run *run, size_t n, struct str text, bool too_long);

/* What it is called. */
const char *target_name(const struct target *t);

/* A task: the whole life of a target, which it takes. */
void *target_run(void *target);

/* Ends a target, which it takes, that could not begin. */
void target_fail(struct target *t, const struct err *why);

void target_free(struct target *t);

/* After the last one: frees the memory that was kept for the next. */
void target_end(void);

#endif
