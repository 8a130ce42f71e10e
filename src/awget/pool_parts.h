/* awget/pool_parts.h: what the files of the pool share, and nobody else sees. */
#ifndef AWGET_POOL_PARTS_H
#define AWGET_POOL_PARTS_H

#include <sys/types.h>

#include "awget/channel.h"
#include "awget/forkserver.h"
#include "awget/pool.h"
#include "rt/group.h"

/* A job that has seen so many workers die gets one for itself; one death more, and the job has failed. */
enum { ALONE = 2 };

/* A fetch, on the stack of its task. */
struct pool_job {
	struct pool_job *next; /* in a queue */
	struct task *task;
	const struct fetch_via *via;
	const struct watch *watch;
	struct result *r;
	struct worker *worker;     /* who has it; NULL: it is in a queue, or over */
	unsigned deaths;
	size_t lines, notes;       /* how many were told */
	size_t its_lines, its_notes; /* how many the present worker has sent */
	bool over;
};

struct queue {
	struct pool_job *first, **last;
};

struct worker {
	struct worker *next;
	struct pool *pool;
	struct channel channel;
	struct task *listener;
	pid_t pid;
	size_t number;
	size_t jobs;
	bool alone;         /* it has a job that is to have no company */
	bool canceled;      /* it was told to give up what it has */
	bool gone;          /* it takes no more */
	bool dead;          /* its status is known */
	int status;
	struct group turns;  /* tasks that wait for a place of --per-address */
	struct addr *held;   /* the places that it has */
	size_t nheld, held_cap;
	struct pool_job **slots; /* the number of a job is its index */
	size_t *unused;     /* indices; room - jobs of them */
};

struct pool {
	const struct options *options;
	struct forkserver forkserver;
	struct err why;       /* no more workers can be had */
	struct group listeners, tasks; /* a task for each worker; others */
	bool begun, canceled, ending;
	size_t room;          /* a worker's jobs, at most */
	size_t message_max;   /* bytes */
	size_t most;          /* workers */
	size_t alive, asked;  /* workers that there are, and that are to come */
	size_t started;       /* workers, in all */
	size_t jobs;          /* that are not over */
	struct queue queue, alone;
	struct worker *workers;
	double pause;
};

/* pool.c: gives the job to a worker that it finds; whatever waits is handed out. */
void pool_queue(struct pool *p, struct pool_job *j);
void pool_dispatch(struct pool *p);

/* The job is over, with what its result says; or with this error, no worker having done it. */
void pool_finish(struct pool_job *j);
void pool_fail(struct pool *p, struct pool_job *j, const struct err *why);

/* pool_worker.c: a worker whose channel is news->fd, which it takes. It ends by itself. */
void worker_add(struct pool *p, const struct forkserver_news *news);

/* Gives it a job, for which it must have room. */
void worker_take(struct worker *w, struct pool_job *j);

/* pool_turn.c: MESSAGE_ENTER and MESSAGE_LEAVE. 0, or -1: nonsense. Then: the worker has gone, its places are free. */
int worker_on_turn(struct worker *w, const struct message *head, struct str body, struct err *e);
void worker_leave_all(struct worker *w);

/* Tells it to give up what it has, once. */
void worker_cancel(struct worker *w);

#endif
