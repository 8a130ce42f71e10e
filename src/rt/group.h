/* rt/group.h: tasks together: a limit on how many, a wait for all, cancel for all, and gather. */
#ifndef RT_GROUP_H
#define RT_GROUP_H

#include <stddef.h>

#include "rt/task.h"

/* Tasks that one function starts and waits for. It ends with group_wait: none outlives the frame that it began in. */
struct group {
	struct task_owner owner; /* first */
	size_t limit, running;
	struct task *waiter;
};

/* limit: how many run at once, 0 for any number. */
void group_init(struct group *g, size_t limit);

/*
 * Starts fn(arg), after waiting for room. 0, or -1: ERR_CANCELED while waiting, or ERR_LOCAL when nothing could be
 * started; then arg is still the caller's. With ERR_LOCAL the group may go on with the tasks that it has.
 */
int group_go(struct group *g, const char *name, task_fn *fn, void *arg, struct err *e);

/* Waits until at most n tasks are left. 0, or -1 when canceled. */
int group_wait_for(struct group *g, size_t n, struct err *e);

/* Waits until all have ended, in every case; if the caller is canceled meanwhile, so are they. 0, or -1 if canceled. */
int group_wait(struct group *g, struct err *e);

/* Cancels all that run now. */
void group_cancel(struct group *g);

/* One of several tasks for gather: what to run, and its result. */
struct job {
	const char *name;
	task_fn *fn;
	void *arg;
	void *result;
};

/*
 * Runs all n jobs at once and waits for them; jobs[i].result is then set, whatever order they ended in. 0, or -1 when
 * canceled or when one could not be started (the others are then canceled).
 */
int gather(struct job *jobs, size_t n, struct err *e);

#endif
