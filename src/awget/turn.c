/* awget/turn.c: --per-address in a worker. */
#include "awget/turn.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* Who has asked. It outlives a task that could not wait for the answer. */
struct question {
	struct question *next;
	uint64_t number;
	struct task *task; /* NULL: it has gone */
	struct addr address;
	bool answered;
	int answer;
};

static struct channel *channel;
static struct question *questions;
static uint64_t asked;

/* In one form for one address, so that what is entered and what is left are the same bytes. */
static struct message_turn
turn_at(const struct addr *a, bool wait)
{
	struct message_turn t;

	memset(&t, 0, sizeof t);
	t.wait = wait;
	if (a->sa.sa_family == AF_INET6)
		t.address.v6 = (struct sockaddr_in6){
		    .sin6_addr = a->v6.sin6_addr, .sin6_scope_id = a->v6.sin6_scope_id};
	else
		t.address.v4.sin_addr = a->v4.sin_addr;
	t.address.sa.sa_family = a->sa.sa_family;
	return t;
}

static void
send_leave(const struct addr *a)
{
	const struct message_turn turn = turn_at(a, false);

	buf_add(channel_begin(channel, &(struct message){.kind = MESSAGE_LEAVE}), (const char *)&turn, sizeof turn);
	channel_end(channel);
}

static struct question *
ask(const struct addr *a, bool wait)
{
	struct question *q = xcalloc(1, sizeof *q);
	const struct message_turn turn = turn_at(a, wait);

	*q = (struct question){.next = questions, .number = ++asked, .task = task_self(), .address = *a};
	questions = q;
	buf_add(channel_begin(channel, &(struct message){.kind = MESSAGE_ENTER, .job = q->number}), (const char *)&turn,
	    sizeof turn);
	channel_end(channel);
	return q;
}

static int
enter(struct limiter *l, const struct addr *a, bool wait, struct err *e)
{
	struct question *q = ask(a, wait);
	int rc;

	(void)l;
	while (!q->answered && task_park(INFINITY, e) == 0)
		;
	if (!q->answered) {
		q->task = NULL; /* turn_answered frees it */
		return -1;
	}
	rc = q->answer;
	free(q);
	return rc;
}

static void
leave(struct limiter *l, const struct addr *a)
{
	(void)l;
	send_leave(a);
}

struct limiter *
turn_limiter(struct channel *c)
{
	static struct limiter limiter = {enter, leave};

	channel = c;
	return &limiter;
}

int
turn_answered(const struct message *head)
{
	struct question **at = &questions, *q;

	while (*at && (*at)->number != head->job)
		at = &(*at)->next;
	q = *at;
	if (!q)
		return -1;
	*at = q->next;
	q->answered = true;
	q->answer = head->status ? 1 : 0;
	if (q->task) {
		task_wake(q->task);
		return 0;
	}
	if (!q->answer)
		send_leave(&q->address);
	free(q);
	return 0;
}
