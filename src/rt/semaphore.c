/* rt/semaphore.c: a number of places; whoever finds none waits in the order of coming. */
#include "rt/semaphore.h"

#include <stdbool.h>

/* Lives on the waiting task's stack. A place is handed over, never left for somebody faster to take. */
struct semaphore_waiter {
	struct task *task;
	struct semaphore_waiter *next, *prev;
	bool served;
};

static void
enqueue(struct semaphore *s, struct semaphore_waiter *w)
{
	w->prev = s->last;
	if (s->last)
		s->last->next = w;
	else
		s->first = w;
	s->last = w;
}

static void
unlink_waiter(struct semaphore *s, struct semaphore_waiter *w)
{
	if (w->prev)
		w->prev->next = w->next;
	else
		s->first = w->next;
	if (w->next)
		w->next->prev = w->prev;
	else
		s->last = w->prev;
}

int
semaphore_acquire(struct semaphore *s, double deadline, struct err *e)
{
	struct semaphore_waiter w = {.task = task_self()};

	if (s->places) {
		s->places--;
		return 0;
	}
	enqueue(s, &w);
	while (!w.served)
		if (task_park(deadline, e) != 0)
			break;
	if (w.served)
		return 0; /* also when the place and the end of waiting came together */
	unlink_waiter(s, &w);
	return -1;
}

void
semaphore_release(struct semaphore *s, size_t n)
{
	while (n && s->first) {
		struct semaphore_waiter *w = s->first;

		unlink_waiter(s, w);
		w->served = true;
		task_wake(w->task);
		n--;
	}
	s->places += n;
}
