/* rt/semaphore.h: a number of places, taken and given back; whoever finds none waits in the order of coming. */
#ifndef RT_SEMAPHORE_H
#define RT_SEMAPHORE_H

#include <stddef.h>

#include "rt/task.h"

/* All zero is one without places. */
struct semaphore {
	size_t places; /* free now */
	struct semaphore_waiter *first, *last;
};

/* Takes a place, waiting for one until deadline. 0, or -1 with no place taken. */
int semaphore_acquire(struct semaphore *s, double deadline, struct err *e);

/* Gives n places back, or adds n new ones. Does not wait; may be called outside any task. */
void semaphore_release(struct semaphore *s, size_t n);

#endif
