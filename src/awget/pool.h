/*
 * awget/pool.h: fetch() in other processes. All else, from the list to the exit status, is here as if there were one.
 *
 * Each fetch goes to the worker that has the fewest, so one that is slow, or stopped, gets no more than it can do.
 * When a worker dies, that is told, and what it was doing is done again by others; of what had been shown of it
 * nothing is shown twice. What has seen two workers die gets one for itself alone; if that dies, too, it was its
 * fault, and it has failed.
 */
#ifndef AWGET_POOL_H
#define AWGET_POOL_H

#include "awget/options.h"
#include "fetch/fetch.h"

struct pool;

/*
 * For o->processes workers, which begin when they are needed; *o is borrowed. To be called before there is anything
 * that they must not have, such as an open file or a signal's handler. NULL with ERR_LOCAL.
 */
struct pool *pool_new(const struct options *o, struct err *e);

/*
 * As fetch() with o->env. Also fails with ERR_LOCAL when no worker can be had, or when several have died of this
 * fetch.
 */
int pool_fetch(struct pool *p, const struct fetch_via *via, const struct watch *watch, struct result *r);

/* The longest time that a worker has not looked at the network, in seconds, if o->stats. */
double pool_longest_pause(const struct pool *p);

/* Ends the workers. Inside task_main, after the last fetch. p may be NULL. */
void pool_end(struct pool *p);

void pool_free(struct pool *p);

#endif
