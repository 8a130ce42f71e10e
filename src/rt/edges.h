/*
 * rt/edges.h: sockets that the kernel is told of once, whatever is waited for (EPOLLET in epoll(7)). What is known of
 * one is kept: it can be read or written until somebody who tried says that it cannot.
 */
#ifndef RT_EDGES_H
#define RT_EDGES_H

#include <stddef.h>

#include "base/err.h"

/*
 * From now on, until it is closed, what becomes of fd is known. It is a socket that was not added before, and connects
 * already. Inside a task. 0, or -1 with errno.
 */
int edges_add(int fd);

/* A socket, and the events of rt/task.h that are waited for. */
struct edge {
	int fd, events, got;
};

/*
 * Waits until one of these can be read or written, as its events ask, or has failed; nobody else waits for any of them.
 * Sets `got` of each to all that is known of it: both events if it has failed, which the next read or write tells. How
 * many have any that they asked for; or -1, as task_park.
 */
int edges_wait(struct edge *v, size_t n, double deadline, struct err *e);

/* The same for one: what is known of it, or -1. */
int edges_wait_one(int fd, int events, double deadline, struct err *e);

/* Who tried has found that fd cannot be read, or written: that it could is no longer known. */
void edges_forget(int fd, int events);

/* For task_main: when the loop has begun, and before it ends. 0, or -1 with errno. */
int edges_begin(void);
void edges_end(void);

#endif
