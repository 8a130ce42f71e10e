/* awget/pool_turn.c: --per-address of workers: who asks for a turn gets one, and gives it back, if only by dying. */
#include <stdlib.h>

#include "awget/pool_parts.h"
#include "base/mem.h"

/* A question that has to wait for its answer. */
struct asking {
	struct worker *worker;
	struct addr address;
	uint64_t number;
};

static struct limiter *
limiter_of(const struct worker *w)
{
	return w->pool->options->env.limiter;
}

static void
hold(struct worker *w, const struct addr *a)
{
	if (w->nheld == w->held_cap) {
		w->held_cap = w->held_cap ? 2 * w->held_cap : 16;
		w->held = xrealloc(w->held, w->held_cap * sizeof *w->held);
	}
	w->held[w->nheld++] = *a;
}

static void
answer(struct worker *w, uint64_t number, const struct addr *a, int rc)
{
	if (rc == 0)
		hold(w, a);
	channel_begin(&w->channel, &(struct message){.kind = MESSAGE_ENTERED, .status = rc != 0, .job = number});
	channel_end(&w->channel);
}

static void *
wait_for_turn(void *arg)
{
	struct asking *q = arg;
	struct limiter *l = limiter_of(q->worker);
	struct err e;

	if (l->enter(l, &q->address, true, &e) == 0)
		answer(q->worker, q->number, &q->address, 0);
	free(q);
	return NULL;
}

/* Who need not wait is answered at once; that is fair, for then nobody waits. */
static int
on_enter(struct worker *w, const struct message *head, const struct message_turn *turn, struct err *e)
{
	struct limiter *l = limiter_of(w);
	int rc = l->enter(l, &turn->address, false, e);
	struct asking *q;

	if (rc == 0 || !turn->wait) {
		answer(w, head->job, &turn->address, rc);
		return 0;
	}
	if (w->turns.running >= w->pool->room)
		return err_set(e, ERR_LOCAL, "more questions than it has targets");
	q = xcalloc(1, sizeof *q);
	*q = (struct asking){.worker = w, .address = turn->address, .number = head->job};
	if (group_go(&w->turns, "a worker's turn", wait_for_turn, q, e) == 0)
		return 0;
	free(q);
	answer(w, head->job, &turn->address, 0); /* without memory for a coroutine, nobody is made to wait */
	return 0;
}

/* They are in the form of awget/turn.c, which is one for one address. */
static bool
is_same(const struct addr *a, const struct addr *b)
{
	return str_eq((struct str){(const char *)a, sizeof *a}, (struct str){(const char *)b, sizeof *b});
}

static int
on_leave(struct worker *w, const struct addr *a, struct err *e)
{
	struct limiter *l = limiter_of(w);
	size_t i = w->nheld;

	while (i && !is_same(&w->held[i - 1], a))
		i--;
	if (!i)
		return err_set(e, ERR_LOCAL, "that it leaves where it is not");
	w->held[i - 1] = w->held[--w->nheld];
	l->leave(l, a);
	return 0;
}

int
worker_on_turn(struct worker *w, const struct message *head, struct str body, struct err *e)
{
	struct message_turn turn;

	if (!limiter_of(w) || body.n != sizeof turn)
		return err_set(e, ERR_LOCAL, "a question that is none");
	memcpy(&turn, body.s, sizeof turn);
	if (turn.address.sa.sa_family != AF_INET && turn.address.sa.sa_family != AF_INET6)
		return err_set(e, ERR_LOCAL, "an address that is none");
	return head->kind == MESSAGE_ENTER ? on_enter(w, head, &turn, e) : on_leave(w, &turn.address, e);
}

void
worker_leave_all(struct worker *w)
{
	struct limiter *l = limiter_of(w);

	group_cancel(&w->turns);
	group_wait(&w->turns, NULL);
	while (w->nheld)
		l->leave(l, &w->held[--w->nheld]);
	free(w->held);
	w->held = NULL;
}
