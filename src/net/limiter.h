/* net/limiter.h: how many connections there may be to an address at a time. */
#ifndef NET_LIMITER_H
#define NET_LIMITER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "net/addr.h"

/* Whoever keeps count. Ports do not matter. */
struct limiter {
	/*
	 * Takes a place at the address. If there is none, waits for one, in the order of coming; or, without `wait`,
	 * only for the answer. 0; 1 if there was none and it did not wait; -1 with ERR_CANCELED. e may be NULL.
	 */
	int (*enter)(struct limiter *l, const struct addr *a, bool wait, struct err *e);

	/* Gives it back. Does not wait. */
	void (*leave)(struct limiter *l, const struct addr *a);
};

/*
 * One that counts here, with so many places at each address. Takes memory only for addresses at which there is
 * somebody. The caller frees it when nobody is left.
 */
struct limiter *limiter_new(size_t places);
void limiter_free(struct limiter *l);

#endif
