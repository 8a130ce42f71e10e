/* rt/task.c: coroutines under libev: the loop, the queue of ready tasks, and every way of waiting. */
#include "rt/task.h"

#include <assert.h>
#include <errno.h>
#include <ev.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/real.h"
#include "rt/coro.h"
#include "rt/edges.h"

struct task {
	struct coro *coro;
	struct task *next_ready;
	struct task_owner *owner;
	struct task *next, *prev; /* in owner->tasks */
	struct task *joiner;
	task_fn *fn;
	void *arg, *result;
	double deadline;  /* of the present wait */
	struct alarm *alarm; /* NULL: no wait had a deadline yet */
	bool queued, parked, ended;
	bool woken, canceled; /* why it runs again; neither: the deadline has passed */
};

_Static_assert(sizeof(struct task) <= CORO_LOCAL, "a task lives in its coroutine's local bytes");
_Static_assert(TASK_READ == (int)EV_READ && TASK_WRITE == (int)EV_WRITE, "events are libev's");

static struct ev_loop *loop;
static struct task *self;
static struct task *ready, **ready_tail = &ready;
static struct task **events_at; /* in that queue, where this turn's events belong */
static struct heavy *heavy, **heavy_tail = &heavy;
static double loop_time; /* see time_of_loop */
static bool measuring;
static double looked_at, longest_pause; /* when the last look at the network was over; NAN: there was none yet */
static void (*before_wait)(void);
static void (*on_interrupt)(void);
static ev_async interrupt;
static volatile sig_atomic_t interrupted; /* else the loop only was not to wait */

double
task_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct task *
task_self(void)
{
	assert(self);
	return self;
}

struct ev_loop *
task_loop(void)
{
	return loop;
}

bool
task_canceled(void)
{
	return task_self()->canceled;
}

static void
enqueue(struct task *t)
{
	if (t->queued || t->ended)
		return;
	t->queued = true;
	t->next_ready = NULL;
	*ready_tail = t;
	/*
	 * What a watcher of high priority wakes (net/query.c) comes before the turn's first event, and runs before it:
	 * it opens its socket before others close theirs. For a number that is closed and opened again in one turn
	 * costs libev a system call that fails.
	 */
	if (events_at == ready_tail)
		events_at = &t->next_ready;
	ready_tail = &t->next_ready;
}

/*
 * For a descriptor's event. libev calls back for the events of a turn from the last to the first, so each goes before
 * those that came before it: tasks run in the order of the network again.
 */
static void
enqueue_event(struct task *t)
{
	t->woken = true;
	if (t->queued || !t->parked)
		return;
	t->queued = true;
	t->next_ready = *events_at;
	*events_at = t;
	if (!t->next_ready)
		ready_tail = &t->next_ready;
}

void
task_wake(struct task *t)
{
	t->woken = true;
	if (t->parked)
		enqueue(t);
}

void
task_cancel(struct task *t)
{
	t->canceled = true;
	if (t->parked)
		enqueue(t);
}

void
task_cancel_all(struct task_owner *owner)
{
	for (struct task *t = owner->tasks; t; t = t->next)
		task_cancel(t);
}

/*
 * libev counts its timers from when it last waited, on task_now()'s clock, and tells only them what time that was.
 * Counted from another time, deadlines would be met early and out of order.
 */
static double
time_of_loop(void)
{
	ev_timer probe;

	if (loop_time == 0) {
		ev_timer_init(&probe, NULL, 0., 0.);
		ev_timer_start(loop, &probe);
		loop_time = probe.at;
		ev_timer_stop(loop, &probe);
	}
	return loop_time;
}

/*
 * One timer a task, armed lazily: a deadline that moves out leaves it alone, and when it goes off too early it is armed
 * again for the rest. It is left alone at a task's end, too, for the next one. So a fetch with four deadlines mostly
 * neither starts nor stops one.
 */
struct alarm {
	ev_timer timer;
	double at;          /* when it goes off, if it is active */
	struct task *task;  /* NULL: nobody's; then, if it is active, it does not count as something to wait for */
	struct alarm *next; /* of nobody's */
};

static struct alarm *alarms; /* nobody's */

static void
set_alarm(struct alarm *a, double deadline)
{
	if (ev_is_active(&a->timer) && a->at <= deadline)
		return;
	ev_timer_stop(loop, &a->timer);
	ev_timer_set(&a->timer, deadline - time_of_loop(), 0.); /* negative is fine: it keeps the order */
	ev_timer_start(loop, &a->timer);
	a->at = deadline;
}

static void
on_alarm(struct ev_loop *l, ev_timer *w, int events)
{
	struct alarm *a = w->data;
	struct task *t = a->task;

	(void)events;
	if (!t)
		ev_ref(l); /* for it is no longer active */
	else if (!t->parked || t->deadline == INFINITY)
		return;
	else if (task_now() < t->deadline)
		set_alarm(a, t->deadline);
	else
		enqueue(t);
}

static struct alarm *
new_alarm(void)
{
	struct alarm *a = xcalloc(1, sizeof *a);

	ev_timer_init(&a->timer, on_alarm, 0., 0.);
	ev_set_priority(&a->timer, EV_MINPRI); /* events first: see task_park */
	a->timer.data = a;
	return a;
}

static struct alarm *
take_alarm(struct task *t)
{
	struct alarm *a = alarms;

	if (a)
		alarms = a->next;
	else
		a = new_alarm();
	if (ev_is_active(&a->timer))
		ev_ref(loop);
	a->task = t;
	return a;
}

static void
leave_alarm(struct alarm *a)
{
	if (!a)
		return;
	if (ev_is_active(&a->timer))
		ev_unref(loop);
	a->task = NULL;
	a->next = alarms;
	alarms = a;
}

static void
free_alarms(void)
{
	while (alarms) {
		struct alarm *a = alarms;

		alarms = a->next;
		free(a);
	}
}

static void
arm(struct task *t, double deadline)
{
	t->deadline = deadline;
	if (deadline == INFINITY)
		return;
	if (!t->alarm)
		t->alarm = take_alarm(t);
	set_alarm(t->alarm, deadline);
}

/* Leaves the running task until it is queued again. */
static void
park(struct task *t, double deadline)
{
	assert(coro_self() == t->coro); /* not from a coroutine inside the task */
	arm(t, deadline);
	t->parked = true;
	coro_yield(NULL);
	t->parked = false;
}

int
task_park(double deadline, struct err *e)
{
	struct task *t = task_self();

	if (!t->woken && !t->canceled)
		park(t, deadline);
	/* an event that came together with the deadline counts: after a long pause of the process both are due */
	if (t->woken) {
		t->woken = false;
		return 0;
	}
	if (t->canceled)
		return err_set(e, ERR_CANCELED, "interrupted");
	return err_set(e, ERR_TIMEOUT, "timed out");
}

void
task_park_shielded(void)
{
	struct task *t = task_self();

	if (!t->woken)
		park(t, INFINITY);
	t->woken = false;
}

int
task_sleep(double seconds, struct err *e)
{
	double until = task_now() + seconds;
	struct err why;

	while (task_park(until, &why) == 0)
		if (task_now() >= until)
			return 0;
	if (why.kind == ERR_TIMEOUT)
		return 0;
	return err_set(e, why.kind, "%s", why.text);
}

int
task_yield(struct err *e)
{
	struct task *t = task_self();

	enqueue(t);
	park(t, INFINITY);
	return t->canceled ? err_set(e, ERR_CANCELED, "interrupted") : 0;
}

/* One that waits for a heavy turn, on its own stack. */
struct heavy {
	struct task *task;
	struct heavy *next, **link; /* *link is this one */
	bool has_turn;
};

static void
heavy_join(struct heavy *h)
{
	h->link = heavy_tail;
	*heavy_tail = h;
	heavy_tail = &h->next;
}

static void
heavy_leave(struct heavy *h)
{
	*h->link = h->next;
	if (h->next)
		h->next->link = h->link;
	else
		heavy_tail = h->link;
}

int
task_heavy(double *deadline, struct err *e)
{
	struct task *t = task_self();
	struct heavy h = {.task = t};
	double from = task_now();

	heavy_join(&h);
	while (!h.has_turn && !t->canceled) /* woken for something else, it keeps its place */
		task_park(INFINITY, NULL);
	if (!h.has_turn)
		heavy_leave(&h);
	*deadline += task_now() - from;
	return t->canceled ? err_set(e, ERR_CANCELED, "interrupted") : 0;
}

/*
 * A step of a TLS handshake costs as much as a hundred usual turns of a task. If a thousand handshakes had theirs in
 * one turn of the loop, nobody would look at the network for a second; so each turn has a few, at its end.
 */
enum { HEAVY_TURNS = 4 };

static void
give_heavy_turns(void)
{
	for (int i = 0; i < HEAVY_TURNS && heavy; i++) {
		struct heavy *h = heavy;

		heavy_leave(h);
		h->has_turn = true;
		task_wake(h->task);
	}
}

/* A watcher on the waiting task's stack. */
struct waiter {
	ev_io io;
	struct task *task;
	int got; /* events; 0: none yet */
};

static void
on_fd(struct ev_loop *l, ev_io *w, int events)
{
	struct waiter *x = w->data;

	(void)l;
	x->got = events;
	enqueue_event(x->task);
}

int
task_wait_fd(int fd, int events, double deadline, struct err *e)
{
	struct waiter w = {.task = task_self()};
	int rc = 0;

	w.task->woken = false;
	ev_io_init(&w.io, on_fd, fd, events);
	w.io.data = &w;
	ev_io_start(loop, &w.io);
	while (!w.got && rc == 0) /* woken for something else */
		rc = task_park(deadline, e);
	ev_io_stop(loop, &w.io);
	if (rc == 0 && w.got & EV_ERROR)
		return err_set(e, ERR_LOCAL, "the system can watch no more descriptors");
	return rc;
}

/* libev calls this after it has settled what it watches and before it waits. */
static void
about_to_wait(struct ev_loop *l) EV_NOEXCEPT
{
	loop_time = 0;
	/* what cannot be watched is an event already, but libev would wait for the others first */
	if (ev_pending_count(l) && ev_is_active(&interrupt))
		ev_async_send(l, &interrupt);
}

static void *
body(void *arg)
{
	struct task *t = coro_local(coro_self());

	(void)arg;
	t->result = t->fn(t->arg);
	return NULL;
}

struct task *
task_start(const char *name, task_fn *fn, void *arg, struct task_owner *owner, struct err *e)
{
	struct coro *c = coro_new(name, body, NULL, e);
	struct task *t;

	if (!c)
		return NULL;
	t = coro_local(c);
	t->coro = c;
	t->fn = fn;
	t->arg = arg;
	t->owner = owner;
	if (owner) {
		t->next = owner->tasks;
		if (t->next)
			t->next->prev = t;
		owner->tasks = t;
	}
	enqueue(t);
	return t;
}

static void
end_owned(struct task *t)
{
	struct task_owner *owner = t->owner;
	void *arg = t->arg, *result = t->result;

	if (t->prev)
		t->prev->next = t->next;
	else
		owner->tasks = t->next;
	if (t->next)
		t->next->prev = t->prev;
	coro_close(t->coro);
	owner->ended(owner, arg, result);
}

static void
run(struct task *t)
{
	self = t;
	coro_resume(t->coro, NULL);
	self = NULL;
	if (!coro_done(t->coro))
		return;
	t->ended = true;
	leave_alarm(t->alarm);
	if (t->owner)
		end_owned(t);
	else if (t->joiner)
		task_wake(t->joiner);
}

int
task_join(struct task *t, void **result, struct err *e)
{
	int rc = 0;

	assert(!t->owner && !t->joiner);
	t->joiner = task_self();
	while (!t->ended && (rc = task_park(INFINITY, e)) == 0)
		;
	if (rc != 0)
		task_cancel(t);
	while (!t->ended)
		task_park_shielded();
	if (result)
		*result = t->result;
	coro_close(t->coro);
	return rc;
}

/*
 * Of a thousand tasks, those that wait are no longer in the CPU's cache: memory that the next two are about to need is
 * asked for while this one runs.
 */
static void
prefetch(const struct task *next)
{
	if (!next)
		return;
	coro_prefetch(next->coro);
	if (next->next_ready)
		__builtin_prefetch(next->next_ready);
}

/*
 * Runs what is ready now; what becomes ready meanwhile has its turn after the network. Not fewer at a time, for the
 * kernel reports a descriptor again each time that its task has not run yet.
 */
static void
run_ready(void)
{
	struct task *t, *last = NULL;

	give_heavy_turns();
	if (ready)
		last = (struct task *)(void *)((char *)ready_tail - offsetof(struct task, next_ready));
	while ((t = ready)) {
		ready = t->next_ready;
		if (!ready)
			ready_tail = &ready;
		t->queued = false;
		prefetch(ready);
		run(t);
		if (t == last)
			return;
	}
}

static void
on_interrupt_event(struct ev_loop *l, ev_async *w, int events)
{
	(void)l, (void)w, (void)events;
	if (interrupted && on_interrupt)
		on_interrupt();
}

void
task_before_wait(void (*fn)(void))
{
	before_wait = fn;
}

void
task_on_interrupt(void (*fn)(void))
{
	on_interrupt = fn;
	if (loop && fn)
		ev_async_start(loop, &interrupt);
}

void
task_interrupt(void)
{
	int saved = errno;

	interrupted = true;
	if (loop)
		ev_async_send(loop, &interrupt);
	errno = saved;
}

void
task_measure_pauses(bool on)
{
	measuring = on;
	looked_at = NAN;
	longest_pause = 0;
}

double
task_longest_pause(void)
{
	return longest_pause;
}

static void
wait_for_events(void)
{
	if (!ready && before_wait)
		before_wait();
	if (measuring)
		longest_pause = real_max(longest_pause, task_now() - looked_at); /* the number, if the other is NAN */
	events_at = ready_tail;
	if (!ev_run(loop, ready || heavy ? EVRUN_NOWAIT : EVRUN_ONCE) && !ready && !heavy) {
		fputs("awget: every task waits, and for nothing\n", stderr);
		abort();
	}
	events_at = NULL;
	if (measuring)
		looked_at = task_now();
}

/* libev's memory and system calls: it would abort. */
static void *
allocate(void *p, long size)
{
	if (size)
		return xrealloc(p, (size_t)size);
	free(p);
	return NULL;
}

static void
give_up(const char *doing)
{
	fprintf(stderr, "awget: %s: %s\n", doing, strerror(errno));
	exit(MEM_EXIT);
}

static void
end_loop(void)
{
	struct ev_loop *l = loop;

	loop = NULL; /* first: a signal may call task_interrupt at any moment */
	ev_loop_destroy(l);
	free_alarms();
}

int
task_main(task_fn *fn, void *arg, void **result, struct err *e)
{
	struct task *t;

	assert(!loop);
	ev_set_allocator(allocate);
	ev_set_syserr_cb(give_up);
	/* NOENV: no variable of the environment chooses another backend */
	loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
	if (!loop)
		return err_set(e, ERR_LOCAL, "no event loop: %s", strerror(errno));
	loop_time = 0;
	looked_at = NAN;
	ev_set_loop_release_cb(loop, about_to_wait, NULL);
	ev_async_init(&interrupt, on_interrupt_event);
	task_on_interrupt(on_interrupt);
	if (edges_begin() != 0) {
		err_set(e, ERR_LOCAL, "no event loop: %s", strerror(errno));
		end_loop();
		return -1;
	}
	t = task_start("main", fn, arg, NULL, e);
	for (run_ready(); t && !t->ended; run_ready())
		wait_for_events();
	assert(!ready && !heavy);
	if (t && result)
		*result = t->result;
	if (t)
		coro_close(t->coro);
	edges_end();
	end_loop();
	return t ? 0 : -1;
}
