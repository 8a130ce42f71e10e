/*
 * rt/task.h: tasks: coroutines that wait. One loop, one thread. A call that waits takes an absolute deadline on
 * task_now()'s clock, INFINITY for none, and fails with ERR_TIMEOUT when it passes and with ERR_CANCELED from the
 * moment on that the task is canceled. Waking only queues: nobody is ever resumed from inside another's call.
 */
#ifndef RT_TASK_H
#define RT_TASK_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct ev_loop;
struct task;

/* What a task runs. Its result goes to whoever joins or owns the task. */
typedef void *task_fn(void *arg);

/* Whoever owns tasks: its list of them, kept by task.c, and whom to tell when one has ended (not NULL; never waits). */
struct task_owner {
	struct task *tasks;
	void (*ended)(struct task_owner *owner, void *arg, void *result);
};

/*
 * Runs fn(arg) as a task, and the loop until that task has ended; gives its result at *result (NULL: not wanted). 0, or
 * -1 when no loop could be made. Every other task must have ended by then. Not from inside a task.
 */
int task_main(task_fn *fn, void *arg, void **result, struct err *e);

/*
 * A task that begins when the loop comes to it, never at once. name is borrowed until it has ended. NULL with
 * ERR_LOCAL if there is no memory for its stack. With an owner, it is freed by itself at its end, and then
 * owner->ended(arg, result) is called; without one (NULL), it must be joined.
 */
struct task *task_start(const char *name, task_fn *fn, void *arg, struct task_owner *owner, struct err *e);

/*
 * Waits for the end of a task that has no owner, in every case, gives its result and frees it. If the caller is
 * canceled meanwhile, the task is too; then -1, when it has ended.
 */
int task_join(struct task *t, void **result, struct err *e);

/* Makes the present and all later waits of t, or of all tasks of an owner, fail with ERR_CANCELED. Does not wait. */
void task_cancel(struct task *t);
void task_cancel_all(struct task_owner *owner);
bool task_canceled(void);

/* The running task; never NULL inside one. */
struct task *task_self(void);

/* Seconds on the monotonic clock, never cached. */
double task_now(void);

/* Waits for `seconds`. 0, or -1 when canceled. */
int task_sleep(double seconds, struct err *e);

/* Lets all others that are ready run first. 0, or -1 when canceled. */
int task_yield(struct err *e);

/*
 * Before a computation that takes as long as a hundred usual turns of a task: waits, in order of coming, for one of the
 * few heavy turns that each turn of the loop gives out when all that were ready have run. That wait is for our own
 * processor, and nobody else's fault: *deadline moves out by it. 0, or -1 when canceled.
 */
int task_heavy(double *deadline, struct err *e);

enum { TASK_READ = 1, TASK_WRITE = 2 }; /* libev's EV_READ and EV_WRITE */

/*
 * Waits until fd can be read or written, or has failed (which the next read or write tells). 0 or -1; with ERR_LOCAL
 * where the system has no memory to watch it, or its limit is reached (max_user_watches of epoll(7)).
 */
int task_wait_fd(int fd, int events, double deadline, struct err *e);

/*
 * Waits for task_wake(self). It may have been called for something else, so callers wait in a loop. 0, or -1.
 * task_park_shielded goes on waiting when canceled: for owners that must see their tasks' end.
 */
int task_park(double deadline, struct err *e);
void task_park_shielded(void);
void task_wake(struct task *t);

/* The loop, for the other users of libev (rt/edges.c, net/query.c). NULL outside task_main. */
struct ev_loop *task_loop(void);

/* Calls fn each time before the loop waits for events, outside any task. NULL: none. */
void task_before_wait(void (*fn)(void));

/* The longest time in seconds between two looks at the network, since task_measure_pauses(true). Off, it is free. */
void task_measure_pauses(bool on);
double task_longest_pause(void);

/* Calls fn from the loop soon after task_interrupt was called. task_interrupt may be called in a signal handler. */
void task_on_interrupt(void (*fn)(void));
void task_interrupt(void);

#endif
