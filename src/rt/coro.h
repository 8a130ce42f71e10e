/*
 * rt/coro.h: stackful coroutines. They pass a value each way at every switch and know of no loop: task.h adds the
 * waiting. All of it belongs to one thread; there is no lock anywhere.
 */
#ifndef RT_CORO_H
#define RT_CORO_H

#include <stdbool.h>

#include "base/err.h"

struct coro;

/* What a coroutine runs, from its first resume on. What it returns is the value of the resume that made it end. */
typedef void *coro_fn(void *arg);

/*
 * A coroutine that has not begun. name is borrowed until the coroutine is freed; messages about it show it. NULL with
 * ERR_LOCAL if there is no memory for its stack. The caller ends it with coro_close.
 */
struct coro *coro_new(const char *name, coro_fn *fn, void *arg, struct err *e);

/*
 * Runs c until it yields or ends, and returns what it yielded or, at its end, returned. value becomes the result of the
 * yield that c stands in; at the first resume there is none and value is dropped. c must be neither done nor running.
 */
void *coro_resume(struct coro *c, void *value);

/* Inside a coroutine: gives value to whoever resumed it, returns what the next resume brings. NULL while closing. */
void *coro_yield(void *value);

/* Has c's function returned? */
bool coro_done(const struct coro *c);

/*
 * Ends c and frees it. If it stands in a yield, that yield returns NULL and coro_closing() is true, so that it walks
 * out through its own clean-up; while it does, further yields return NULL at once. One that has not begun is never
 * run. NULL is fine.
 */
void coro_close(struct coro *c);

/* Inside a coroutine: is it to end? */
bool coro_closing(void);

/* The coroutine that is running, NULL on the thread's own stack. */
struct coro *coro_self(void);

/* Asks for what a suspended coroutine will need first to be in the CPU's cache, without waiting for it. */
void coro_prefetch(const struct coro *c);

const char *coro_name(const struct coro *c);

/* CORO_LOCAL bytes that belong to c, zero at first, aligned for anything: for the layer above, to be found from c. */
enum { CORO_LOCAL = 128 };
void *coro_local(struct coro *c);

#endif
