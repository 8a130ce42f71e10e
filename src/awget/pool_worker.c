/* awget/pool_worker.c: one worker as the pool sees it: what it has, what it says, and its death. */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "awget/output.h"
#include "awget/pool_parts.h"
#include "base/mem.h"
#include "base/real.h"
#include "fetch/pack.h"

void
worker_take(struct worker *w, struct pool_job *j)
{
	const size_t slot = w->unused[w->pool->room - ++w->jobs];
	const char *sni = j->via->sni ? j->via->sni : "";
	const struct message_fetch f = {
	    .address = j->via->address, .sni_n = (uint32_t)strlen(sni), .target_n = (uint32_t)j->r->target.n};
	struct buf *b = channel_begin(&w->channel, &(struct message){.kind = MESSAGE_FETCH, .job = slot});

	buf_add(b, (const char *)&f, sizeof f);
	buf_str(b, str_of(sni));
	buf_str(b, j->r->target);
	channel_end(&w->channel);
	w->slots[slot] = j;
	w->alone = j->deaths >= ALONE;
	j->worker = w;
	j->its_lines = j->its_notes = 0;
}

static struct pool_job *
take_back(struct worker *w, size_t slot)
{
	struct pool_job *j = w->slots[slot];

	w->slots[slot] = NULL;
	w->unused[w->pool->room - w->jobs--] = slot;
	w->alone = false;
	return j;
}

void
worker_cancel(struct worker *w)
{
	if (w->canceled)
		return;
	w->canceled = true;
	channel_begin(&w->channel, &(struct message){.kind = MESSAGE_CANCEL});
	channel_end(&w->channel);
}

/* "killed by signal 9 (Killed)" */
static void
put_death(struct buf *b, const struct worker *w)
{
	if (!w->dead)
		buf_str(b, STR("nobody knows of what"));
	else if (WIFSIGNALED(w->status))
		buf_printf(b, "killed by signal %d (%s)", WTERMSIG(w->status), strsignal(WTERMSIG(w->status)));
	else
		buf_printf(b, "it ended with status %d", WEXITSTATUS(w->status));
}

static void
tell_death(const struct worker *w)
{
	struct buf *b = output_say((struct str){0});

	buf_printf(b, "worker %zu (process %ld) died: ", w->number, (long)w->pid);
	put_death(b, w);
	if (w->jobs == 1)
		buf_str(b, STR("; its target is done again"));
	else if (w->jobs)
		buf_printf(b, "; its %zu targets are done again", w->jobs);
	output_said();
}

/* The worker that had the job has died, of it or of something else. */
static void
redo(const struct worker *w, struct pool_job *j)
{
	struct buf how = {0};
	struct err e;

	if (!w->pool->canceled && j->deaths++ < ALONE) {
		pool_queue(w->pool, j);
		return;
	}
	put_death(&how, w);
	if (w->pool->canceled)
		err_set(&e, ERR_CANCELED, "interrupted");
	else
		err_set(&e, ERR_LOCAL, "%u worker processes died of it, the last one alone with it: %s", j->deaths,
		    buf_cstr(&how));
	buf_clear(&how);
	pool_fail(w->pool, j, &e);
}

static void
worker_free(struct worker *w)
{
	struct worker **at = &w->pool->workers;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	channel_close(&w->channel);
	free(w->slots);
	free(w->unused);
	free(w);
}

/* Its end has come: what it had is somebody else's now. */
static void
bury(struct worker *w)
{
	struct pool *p = w->pool;

	p->alive--;
	if (!p->ending && !p->canceled)
		tell_death(w);
	for (size_t i = 0; i < p->room; i++)
		if (w->slots[i])
			redo(w, take_back(w, i));
	worker_free(w);
	if (!p->ending)
		pool_dispatch(p);
}

/* What was told before the job's last worker died is not told again: what is new of these lines. */
static struct str
new_lines(struct pool_job *j, struct str lines)
{
	struct str rest = lines;
	const char *lf;

	while (rest.n && (lf = memchr(rest.s, '\n', rest.n))) {
		size_t n = (size_t)(lf - rest.s) + 1;

		rest.s += n, rest.n -= n;
		if (++j->its_lines <= j->lines)
			lines = rest;
		else
			j->lines++;
	}
	return lines;
}

static int
on_lines(const struct message *head, struct pool_job *j, struct str body)
{
	struct str lines = new_lines(j, body);

	j->r->status = head->status;
	if (j->watch->lines && lines.n)
		j->watch->lines(j->r, lines);
	return 0;
}

static int
on_note(struct pool_job *j, struct str body)
{
	struct buf text = {0};

	if (++j->its_notes <= j->notes || !j->watch->note)
		return 0;
	j->notes++;
	buf_str(&text, body);
	j->watch->note(j->r, buf_cstr(&text));
	buf_clear(&text);
	return 0;
}

static int
on_pause(struct pool *p, struct str body, struct err *e)
{
	double pause;

	if (body.n != sizeof pause)
		return err_set(e, ERR_LOCAL, "a pause of %zu bytes", body.n);
	memcpy(&pause, body.s, sizeof pause);
	p->pause = real_max(p->pause, pause);
	return 0;
}

/* The proxy of this name that is ours. */
static const char *
our_proxy(const struct proxies *p, const char *name)
{
	if (name && p->http.shown && strcmp(p->http.shown, name) == 0)
		return p->http.shown;
	return name && p->https.shown && strcmp(p->https.shown, name) == 0 ? p->https.shown : NULL;
}

static int
on_done(struct worker *w, size_t slot, struct str body, struct err *e)
{
	struct result *r = w->slots[slot]->r;

	if (pack_get(r, body, e) != 0)
		return -1;
	r->proxy = our_proxy(&w->pool->options->env.proxies, r->proxy);
	pool_finish(take_back(w, slot));
	pool_dispatch(w->pool);
	return 0;
}

/* 0, or -1: it is none that a worker sends. */
static int
on_message(struct worker *w, const struct message *head, struct str body, struct err *e)
{
	struct pool_job *j = head->job < w->pool->room ? w->slots[head->job] : NULL;

	if (head->kind == MESSAGE_ENTER || head->kind == MESSAGE_LEAVE)
		return worker_on_turn(w, head, body, e);
	if (!j)
		return err_set(e, ERR_LOCAL, "a message about a target that it does not have");
	switch (head->kind) {
	case MESSAGE_LINES:
		return on_lines(head, j, body);
	case MESSAGE_NOTE:
		return on_note(j, body);
	case MESSAGE_PAUSE:
		return on_pause(w->pool, body, e);
	case MESSAGE_DONE:
		return on_done(w, head->job, body, e);
	default:
		return err_set(e, ERR_LOCAL, "a message of kind %d", head->kind);
	}
}

static void
kill_liar(const struct worker *w, const struct err *e)
{
	struct buf *b = output_say((struct str){0});

	buf_printf(b, "worker %zu (process %ld) is killed, for it has sent %s", w->number, (long)w->pid, e->text);
	output_said();
	kill(w->pid, SIGKILL);
}

/* Until it has nothing more to say, or we are to end. */
static void
hear(struct worker *w)
{
	struct message head;
	struct str body;
	struct err e;
	int rc;

	do
		rc = channel_read(&w->channel, w->pool->message_max, &head, &body, &e);
	while (rc > 0 && (rc = on_message(w, &head, body, &e)) == 0);
	if (rc < 0 && e.kind != ERR_CANCELED)
		kill_liar(w, &e);
}

/* A task: the life of a worker. */
static void *
listen_to(void *arg)
{
	struct worker *w = arg;
	struct group writing;

	w->listener = task_self();
	group_init(&writing, 0);
	group_init(&w->turns, 0);
	if (group_go(&writing, "to a worker", channel_write, &w->channel, NULL) == 0)
		hear(w);
	w->gone = true;
	worker_leave_all(w);
	group_cancel(&writing);
	group_wait(&writing, NULL);
	channel_hang_up(&w->channel);
	stream_close(&w->channel.stream); /* if it is not dead already, it ends now */
	while (!w->dead && w->pool->forkserver.fd >= 0)
		task_park_shielded();
	bury(w);
	return NULL;
}

void
worker_add(struct pool *p, const struct forkserver_news *news)
{
	struct worker *w = xcalloc(1, sizeof *w);

	w->pool = p;
	w->pid = news->pid;
	w->number = ++p->started;
	channel_init(&w->channel, news->fd);
	w->slots = xcalloc(p->room, sizeof *w->slots);
	w->unused = xcalloc(p->room, sizeof *w->unused);
	for (size_t i = 0; i < p->room; i++)
		w->unused[i] = i;
	w->next = p->workers;
	p->workers = w;
	p->alive++;
	if (group_go(&p->listeners, "of a worker", listen_to, w, &p->why) == 0)
		return;
	p->alive--;
	p->most = p->alive + p->asked; /* there is no memory for one more */
	worker_free(w);
}
