/* rt/group.c: tasks together. */
#include "rt/group.h"

#include <assert.h>

static void
one_ended(struct task_owner *owner, void *arg, void *result)
{
	struct group *g = (struct group *)owner;

	(void)arg, (void)result;
	g->running--;
	if (g->waiter)
		task_wake(g->waiter);
}

void
group_init(struct group *g, size_t limit)
{
	*g = (struct group){.owner.ended = one_ended, .limit = limit};
}

int
group_wait_for(struct group *g, size_t n, struct err *e)
{
	int rc = 0;

	assert(!g->waiter); /* one task waits for the others */
	g->waiter = task_self();
	while (g->running > n && (rc = task_park(INFINITY, e)) == 0)
		;
	g->waiter = NULL;
	return rc;
}

int
group_go(struct group *g, const char *name, task_fn *fn, void *arg, struct err *e)
{
	if (g->limit && group_wait_for(g, g->limit - 1, e) != 0)
		return -1;
	if (!task_start(name, fn, arg, &g->owner, e))
		return -1;
	g->running++;
	return 0;
}

int
group_wait(struct group *g, struct err *e)
{
	int rc = group_wait_for(g, 0, e);

	if (rc == 0)
		return 0;
	group_cancel(g);
	g->waiter = task_self();
	while (g->running)
		task_park_shielded();
	g->waiter = NULL;
	return rc;
}

void
group_cancel(struct group *g)
{
	task_cancel_all(&g->owner);
}

static void *
run_job(void *arg)
{
	struct job *j = arg;

	j->result = j->fn(j->arg);
	return NULL;
}

int
gather(struct job *jobs, size_t n, struct err *e)
{
	struct group g;
	int rc = 0;

	group_init(&g, 0);
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = group_go(&g, jobs[i].name, run_job, &jobs[i], e);
	if (rc != 0)
		group_cancel(&g);
	if (group_wait(&g, rc ? NULL : e) != 0)
		rc = -1;
	return rc;
}
