/* awget/worker.h: a process that fetches what a pool tells it to, in a loop of its own. */
#ifndef AWGET_WORKER_H
#define AWGET_WORKER_H

#include "awget/options.h"

/*
 * The whole life of a worker, at the end fd of a channel, which it takes: fetches until the other end is closed. To be
 * called in a new process that has run no task yet. Returns the process's exit status.
 */
int worker_main(int fd, const struct options *o);

#endif
