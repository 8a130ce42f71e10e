/* awget/pool.c: fetch() in other processes: who does what, and how many there are. */
#include "awget/pool.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "awget/output.h"
#include "awget/pool_parts.h"
#include "base/mem.h"

/* Seconds in which workers must give up what they do when we are to end. */
static const double grace = 2;

static void
enqueue(struct queue *q, struct pool_job *j)
{
	j->next = NULL;
	*q->last = j;
	q->last = &j->next;
}

static struct pool_job *
dequeue(struct queue *q)
{
	struct pool_job *j = q->first;

	q->first = j->next;
	if (!q->first)
		q->last = &q->first;
	return j;
}

static void
drop(struct queue *q, const struct pool_job *j)
{
	struct pool_job **at = &q->first;

	while (*at && *at != j)
		at = &(*at)->next;
	if (!*at)
		return;
	*at = j->next;
	if (!*at)
		q->last = at;
}

void
pool_queue(struct pool *p, struct pool_job *j)
{
	j->worker = NULL;
	enqueue(j->deaths < ALONE ? &p->queue : &p->alone, j);
}

void
pool_finish(struct pool_job *j)
{
	j->worker = NULL;
	j->over = true;
	task_wake(j->task);
}

void
pool_fail(struct pool *p, struct pool_job *j, const struct err *why)
{
	struct err e;

	/* as a fetch of our own that has not come any further */
	url_clear(&j->r->url);
	url_parse(&j->r->url, j->r->target, p->options->env.default_scheme, &e);
	j->r->status = 0; /* lines may have come */
	j->r->err = *why;
	pool_finish(j);
}

/* Who has the fewest jobs, and room; NULL: nobody. */
static struct worker *
idlest(const struct pool *p)
{
	struct worker *best = NULL;

	for (struct worker *w = p->workers; w; w = w->next)
		if (!w->gone && !w->alone && w->jobs < p->room && (!best || w->jobs < best->jobs))
			best = w;
	return best;
}

static void
fail_all(struct pool *p, struct queue *q)
{
	while (q->first)
		pool_fail(p, dequeue(q), &p->why);
}

/* There will be no more workers than there are. */
static void
make_do(struct pool *p, const char *doing, const char *why)
{
	p->most = p->alive + p->asked;
	err_set(&p->why, ERR_LOCAL, "%s: %s", doing, why);
	output_error((struct str){0}, p->why.text);
}

/* More workers, as long as there is something for them to do. */
static void
ask_for_workers(struct pool *p)
{
	while (p->forkserver.fd >= 0 && p->alive + p->asked < (p->jobs < p->most ? p->jobs : p->most)) {
		if (forkserver_ask(&p->forkserver) == 0)
			p->asked++;
		else
			make_do(p, "cannot start a worker process", strerror(errno));
	}
	if (p->alive || p->asked)
		return;
	fail_all(p, &p->queue);
	fail_all(p, &p->alone);
}

/* What may be deadly comes when there is somebody who has nothing else. */
void
pool_dispatch(struct pool *p)
{
	struct worker *w;

	if (p->canceled)
		return;
	while (p->queue.first && (w = idlest(p)))
		worker_take(w, dequeue(&p->queue));
	while (p->alone.first && (w = idlest(p)) && !w->jobs)
		worker_take(w, dequeue(&p->alone));
	ask_for_workers(p);
}

static void
on_dead(struct pool *p, const struct forkserver_news *news)
{
	for (struct worker *w = p->workers; w; w = w->next)
		if (w->pid == news->pid) {
			w->dead = true;
			w->status = news->detail;
			channel_hang_up(&w->channel); /* what it has sent can still be read */
			if (w->listener)
				task_wake(w->listener);
			return;
		}
}

static void
on_news(struct pool *p, const struct forkserver_news *news)
{
	p->asked -= news->event != WORKER_DIED && p->asked;
	if (news->event == WORKER_DIED)
		on_dead(p, news);
	else if (news->event == WORKER_STARTED && news->fd >= 0 && p->ending)
		close(news->fd); /* it comes too late, and ends */
	else if (news->event == WORKER_STARTED && news->fd >= 0)
		worker_add(p, news);
	else
		make_do(p, "cannot start a worker process", strerror(news->detail));
	pool_dispatch(p);
}

/* A task: hears of workers that begin and end. */
static void *
read_news(void *arg)
{
	struct pool *p = arg;
	struct forkserver_news news = {0};
	struct err e;
	int rc;

	while ((rc = forkserver_read(&p->forkserver, &news, &e)) > 0)
		on_news(p, &news);
	if (rc < 0)
		return NULL;
	p->asked = 0;
	make_do(p, "no more worker processes can be started", e.text);
	for (struct worker *w = p->workers; w; w = w->next)
		if (w->listener)
			task_wake(w->listener); /* nobody will tell its status */
	pool_dispatch(p);
	return NULL;
}

static void
begin(struct pool *p)
{
	if (p->begun)
		return;
	p->begun = true;
	if (group_go(&p->tasks, "news of workers", read_news, p, &p->why) != 0)
		p->most = 0;
}

/* A task: who was told to give up what it has, or to end, and does not, is killed. */
static void *
lose_patience(void *arg)
{
	struct pool *p = arg;

	if (task_sleep(grace, NULL) != 0)
		return NULL;
	for (struct worker *w = p->workers; w; w = w->next)
		if (w->jobs || p->ending)
			kill(w->pid, SIGKILL);
	return NULL;
}

/* We are to end: what waits does so at once, the rest when the worker has let go of it, as a fetch of our own would. */
static void
give_up(struct pool *p, struct pool_job *j, const struct err *why)
{
	if (!p->canceled)
		group_go(&p->tasks, "patience", lose_patience, p, NULL);
	p->canceled = true;
	if (!j->worker) {
		drop(j->deaths < ALONE ? &p->queue : &p->alone, j);
		pool_fail(p, j, why);
		return;
	}
	worker_cancel(j->worker);
	while (!j->over)
		task_park_shielded();
}

int
pool_fetch(struct pool *p, const struct fetch_via *via, const struct watch *watch, struct result *r)
{
	struct pool_job j = {.task = task_self(), .via = via, .watch = watch, .r = r};
	struct err e;

	begin(p);
	p->jobs++;
	pool_queue(p, &j);
	pool_dispatch(p);
	while (!j.over)
		if (task_park(INFINITY, &e) != 0) {
			if (!j.over)
				give_up(p, &j, &e);
			break;
		}
	p->jobs--;
	return r->err.kind == ERR_NONE ? 0 : -1;
}

/* The most that a result may need, far from exactly: heads, and what else there is of each hop. */
static size_t
message_max(const struct fetch_env *env)
{
	const size_t other = 128 * 1024, most = UINT32_MAX;
	size_t responses = env->location ? env->max_redirs + 1 : 1;

	if (env->max_header_size > most / (responses + 1) - other)
		return most;
	return (responses + 1) * (env->max_header_size + other);
}

struct pool *
pool_new(const struct options *o, struct err *e)
{
	struct pool *p = xcalloc(1, sizeof *p);

	if (forkserver_start(&p->forkserver, o, e) != 0) {
		free(p);
		return NULL;
	}
	p->options = o;
	p->most = o->processes;
	p->room = (o->concurrency + o->processes - 1) / o->processes;
	p->message_max = message_max(&o->env);
	p->queue.last = &p->queue.first;
	p->alone.last = &p->alone.first;
	group_init(&p->listeners, 0);
	group_init(&p->tasks, 0);
	return p;
}

double
pool_longest_pause(const struct pool *p)
{
	return p->pause;
}

void
pool_end(struct pool *p)
{
	if (!p)
		return;
	p->ending = true;
	group_go(&p->tasks, "patience", lose_patience, p, NULL);
	group_cancel(&p->listeners);
	group_wait(&p->listeners, NULL);
	group_cancel(&p->tasks);
	group_wait(&p->tasks, NULL);
}

void
pool_free(struct pool *p)
{
	if (!p)
		return;
	forkserver_end(&p->forkserver);
	free(p);
}
