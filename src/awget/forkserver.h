/*
 * awget/forkserver.h: a process that starts workers, and sees them die. It is made before there is a loop, a signal
 * handler or an open file, so that a worker, even one that takes the place of another in the middle of a run, begins
 * as clean as the program did.
 */
#ifndef AWGET_FORKSERVER_H
#define AWGET_FORKSERVER_H

#include <sys/types.h>

#include "awget/options.h"
#include "base/err.h"

enum forkserver_event {
	WORKER_STARTED, /* fd is its channel, non-blocking, and the caller's */
	WORKER_FAILED,  /* it could not be: detail is an errno */
	WORKER_DIED,    /* detail is as wait(2) has it */
};

struct forkserver_news {
	enum forkserver_event event;
	pid_t pid;
	int detail;
	int fd; /* -1: none */
};

struct forkserver {
	pid_t pid;
	int fd; /* non-blocking; -1: it is gone */
};

/*
 * Starts the process, whose workers will do as *o says. It ends when it is told to, and when we die; a worker when its
 * channel is closed. Keyboard signals and a terminal's end are not for them: the pool tells them. 0, or -1 with
 * ERR_LOCAL.
 */
int forkserver_start(struct forkserver *f, const struct options *o, struct err *e);

/* Asks for one more worker; what becomes of it is news. 0, or -1 with errno: nothing will. Does not wait. */
int forkserver_ask(struct forkserver *f);

/* Waits for news: 1; 0 when there will be none any more, with *e saying why, and f->fd closed; -1 when canceled. */
int forkserver_read(struct forkserver *f, struct forkserver_news *news, struct err *e);

/* Ends it. Its workers have ended. Blocks for that moment. */
void forkserver_end(struct forkserver *f);

#endif
