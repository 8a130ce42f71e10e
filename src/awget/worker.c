/* awget/worker.c: a process that fetches: each job a coroutine, each thing that happens a message. */
#include "awget/worker.h"

#include <math.h>
#include <stdlib.h>

#include "awget/channel.h"
#include "awget/input.h"
#include "awget/output.h"
#include "awget/run.h"
#include "awget/sandbox.h"
#include "awget/turn.h"
#include "base/mem.h"
#include "fetch/pack.h"
#include "net/dns.h"
#include "rt/group.h"

/* Of MESSAGE_FETCH: its head, a line of input taken apart, and what a message may hold beside. */
enum { JOB_MAX = sizeof(struct message_fetch) + 2 * INPUT_LINE_MAX };

struct worker_job {
	uint64_t id;
	struct fetch_via via;
	struct str target; /* with a NUL behind it, as via.sni, and maybe some in it; both are in bytes */
	char bytes[];
};

/* There is one in a process. */
static const struct options *options;
static struct fetch_env env;
static struct channel channel;
static struct watch watch;
static double told_pause;
static bool lost; /* something that was to be sent could not be */

static struct buf *
begin(enum message_kind kind, const struct result *r)
{
	return channel_begin(
	    &channel, &(struct message){.kind = (uint16_t)kind, .status = (uint16_t)r->status, .job = r->n});
}

static void
send_lines(const struct result *r, struct str lines)
{
	buf_str(begin(MESSAGE_LINES, r), lines);
	channel_end(&channel);
}

static void
send_note(const struct result *r, const char *text)
{
	buf_str(begin(MESSAGE_NOTE, r), str_of(text));
	channel_end(&channel);
}

/* For --stats, when it has become longer. */
static void
send_pause(const struct result *r)
{
	double pause = task_longest_pause();

	if (!(pause > told_pause))
		return;
	told_pause = pause;
	buf_add(begin(MESSAGE_PAUSE, r), (const char *)&pause, sizeof pause);
	channel_end(&channel);
}

static void
send_done(const struct result *r)
{
	if (options->stats)
		send_pause(r);
	pack_put(begin(MESSAGE_DONE, r), r);
	channel_end(&channel);
}

static void
do_job(struct worker_job *j, const struct err *trouble)
{
	struct result r;

	result_init(&r, j->id, j->target);
	if (trouble)
		r.err = *trouble;
	else
		fetch(&env, &j->via, &watch, &r);
	send_done(&r);
	result_clear(&r);
	free(j);
}

static void *
run_job(void *arg)
{
	do_job(arg, NULL);
	return NULL;
}

/* Where memory for a coroutine is short, when another has ended. */
static void
start_job(struct group *g, struct worker_job *j)
{
	struct err e;

	while (group_go(g, j->target.s, run_job, j, &e) != 0)
		if (!g->running || group_wait_for(g, g->running - 1, &e) != 0) {
			do_job(j, &e);
			return;
		}
}

/* NULL: the pool has sent what it does not send. */
static struct worker_job *
read_job(const struct message *head, struct str body)
{
	struct message_fetch f;
	struct worker_job *j;

	if (body.n < sizeof f)
		return NULL;
	memcpy(&f, body.s, sizeof f);
	if (body.n - sizeof f != (size_t)f.sni_n + f.target_n)
		return NULL;
	j = xcalloc(1, sizeof *j + f.sni_n + f.target_n + 2);
	j->id = head->job;
	j->via = (struct fetch_via){.address = f.address, .sni = f.sni_n ? j->bytes : NULL};
	memcpy(j->bytes, body.s + sizeof f, f.sni_n);
	memcpy(j->bytes + f.sni_n + 1, body.s + sizeof f + f.sni_n, f.target_n);
	j->target = (struct str){j->bytes + f.sni_n + 1, f.target_n};
	return j;
}

static void *
serve(void *arg)
{
	struct group jobs, *writing = arg;
	struct message head;
	struct str body;
	struct err e;

	group_init(&jobs, 0);
	group_init(writing, 0);
	if (group_go(writing, "to the pool", channel_write, &channel, &e) != 0)
		return NULL;
	while (channel_read(&channel, JOB_MAX, &head, &body, &e) > 0) {
		struct worker_job *j = head.kind == MESSAGE_FETCH ? read_job(&head, body) : NULL;

		if (j)
			start_job(&jobs, j);
		else if (head.kind == MESSAGE_CANCEL)
			group_cancel(&jobs);
		else if (head.kind != MESSAGE_ENTERED || turn_answered(&head) != 0)
			break;
	}
	lost = channel.broken;
	channel.broken = true; /* what is given up now was not asked to be: the pool has others do it */
	group_cancel(&jobs);
	group_wait(&jobs, NULL);
	group_cancel(writing);
	group_wait(writing, NULL);
	dns_end();
	return NULL;
}

/* Nobody interrupts us; but a loop that can be sees at once what it cannot watch. */
static void
go_on(void)
{
}

int
worker_main(int fd, const struct options *o)
{
	struct group writing;
	struct err e;

	sandbox_calls(SANDBOX_FETCHES);
	sandbox_files(&(struct run){.options = o});
	options = o;
	env = o->env;
	if (env.limiter)
		env.limiter = turn_limiter(&channel);
	watch.lines = o->format->lines && !o->group ? send_lines : NULL;
	watch.note = o->verbose ? send_note : NULL;
	task_measure_pauses(o->stats);
	task_on_interrupt(go_on);
	channel_init(&channel, fd);
	return task_main(serve, &writing, NULL, &e) == 0 && !lost ? 0 : 1;
}
