/* unit/task.c: tasks run in order, wait for time and descriptors, and are canceled at every wait. */
#include "rt/task.h"

#include <ev.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "cases.h"

/* What happened, in order. */
static char trace[1024];

static void
note(const char *what)
{
	strcat(trace, what);
	strcat(trace, " ");
}

/* A test's main task; it begins with an empty trace. */
static void
run(task_fn *fn)
{
	struct err e;

	trace[0] = '\0';
	assert_int_equal(task_main(fn, NULL, NULL, &e), 0);
}

static struct task *
start(task_fn *fn, void *arg)
{
	struct err e;
	struct task *t = task_start("test", fn, arg, NULL, &e);

	assert_non_null(t);
	return t;
}

static void *
join(struct task *t)
{
	struct err e;
	void *result = NULL;

	assert_int_equal(task_join(t, &result, &e), 0);
	return result;
}

/* Waits until the others that are ready have run. */
static void
let_others_run(void)
{
	struct err e;

	assert_int_equal(task_yield(&e), 0);
}

static void
pair(int fds[2])
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
}

static void
send_byte(int fd)
{
	assert_int_equal(write(fd, "x", 1), 1);
}

static void *
notes(void *arg)
{
	note(arg);
	return arg;
}

/* --- order --- */

static void *
returns_its_argument(void *arg)
{
	return arg;
}

static void
the_result_of_the_main_task_is_that_of_task_main(void **state)
{
	struct err e;
	void *result = NULL;
	int x;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(task_main(returns_its_argument, &x, &result, &e), 0);
		assert_ptr_equal(result, &x);
	}
	assert_int_equal(task_main(returns_its_argument, &x, NULL, &e), 0);
	assert_null(task_loop());
}

static void *
starts_three(void *arg)
{
	struct task *a = start(notes, "a"), *b = start(notes, "b"), *c = start(notes, "c");

	(void)arg;
	note("main");
	assert_string_equal(join(c), "c");
	note("joined");
	assert_string_equal(join(a), "a"); /* ended long ago */
	assert_string_equal(join(b), "b");
	return NULL;
}

static void
a_started_task_begins_later_and_in_its_turn(void **state)
{
	(void)state;
	run(starts_three);
	assert_string_equal(trace, "main a b c joined ");
}

static void *
yields_twice(void *arg)
{
	for (int i = 0; i < 3; i++) {
		note(arg);
		let_others_run();
	}
	return NULL;
}

static void *
three_yielders(void *arg)
{
	struct task *a = start(yields_twice, "a"), *b = start(yields_twice, "b"), *c = start(yields_twice, "c");

	(void)arg;
	join(a), join(b), join(c);
	return NULL;
}

static void
a_yield_lets_all_others_run_first(void **state)
{
	(void)state;
	run(three_yielders);
	assert_string_equal(trace, "a b c a b c a b c ");
}

static void *
parks(void *arg)
{
	struct err e;

	note("parks");
	assert_int_equal(task_park(INFINITY, &e), 0);
	note(arg);
	return NULL;
}

static void *
wakes_in_reverse(void *arg)
{
	struct task *a = start(parks, "a"), *b = start(parks, "b"), *c = start(parks, "c");

	(void)arg;
	let_others_run();
	task_wake(c), task_wake(a), task_wake(b), task_wake(c);
	note("woken");
	join(a), join(b), join(c);
	return NULL;
}

static void
waking_only_queues(void **state)
{
	(void)state;
	run(wakes_in_reverse);
	assert_string_equal(trace, "parks parks parks woken c a b ");
}

static void *
wakes_before_it_parks(void *arg)
{
	struct task *t = start(parks, "a");

	(void)arg;
	task_wake(t);
	join(t);
	return NULL;
}

static void
a_wake_before_the_wait_is_not_lost(void **state)
{
	(void)state;
	run(wakes_before_it_parks);
	assert_string_equal(trace, "parks a ");
}

static bool stop;

static void *
spins(void *arg)
{
	while (!stop)
		let_others_run();
	return arg;
}

static void *
waits_among_spinners(void *arg)
{
	struct task *spinner[100];
	struct err e;
	int fds[2];

	pair(fds);
	stop = false;
	for (int i = 0; i < 100; i++)
		spinner[i] = start(spins, NULL);
	send_byte(fds[0]);
	assert_int_equal(task_wait_fd(fds[1], TASK_READ, INFINITY, &e), 0);
	assert_int_equal(task_sleep(.001, &e), 0);
	stop = true;
	for (int i = 0; i < 100; i++)
		join(spinner[i]);
	close(fds[0]), close(fds[1]);
	return arg;
}

static void
tasks_that_are_always_ready_do_not_keep_the_network_and_time_out(void **state)
{
	(void)state;
	run(waits_among_spinners);
}

/* --- time --- */

struct alarm {
	double at;
	const char *name;
};

static void *
waits_for_its_alarm(void *arg)
{
	const struct alarm *a = arg;
	struct err e;

	assert_int_equal(task_park(a->at, &e), -1);
	assert_int_equal(e.kind, ERR_TIMEOUT);
	assert_true(task_now() >= a->at);
	note(a->name);
	return NULL;
}

static void *
six_alarms(void *arg)
{
	double now = task_now();
	struct alarm a[] = {{now + .03, "late"}, {now + .01, "soon"}, {now + .02, "then"}, {now - 1, "just now"},
	    {0, "long ago"}, {now - 2, "before"}};
	struct task *t[6];

	for (int i = 0; i < 6; i++)
		t[i] = start(waits_for_its_alarm, &a[i]);
	for (int i = 0; i < 6; i++)
		join(t[i]);
	return arg;
}

static void
deadlines_are_met_in_their_order_and_never_early(void **state)
{
	(void)state;
	run(six_alarms);
	assert_string_equal(trace, "long ago before just now soon then late ");
}

static int last;

static void *
sleeps_in_line(void *arg)
{
	int n = (int)(intptr_t)arg;
	struct err e;

	assert_int_equal(task_sleep(.01, &e), 0);
	if (last != n - 1)
		fail_msg("%d came after %d", n, last);
	last = n;
	return NULL;
}

static void *
a_hundred_in_line(void *arg)
{
	struct task *t[100];

	last = -1;
	for (intptr_t i = 0; i < 100; i++)
		t[i] = start(sleeps_in_line, (void *)i);
	for (int i = 0; i < 100; i++)
		join(t[i]);
	return arg;
}

static void
of_equal_sleeps_the_one_that_began_first_ends_first(void **state)
{
	(void)state;
	run(a_hundred_in_line);
}

static void *
sleeps_not_at_all(void *arg)
{
	struct err e;

	(void)arg;
	assert_int_equal(task_sleep(0, &e), 0);
	assert_int_equal(task_sleep(-1e9, &e), 0);
	return NULL;
}

static void
a_sleep_of_nothing_ends(void **state)
{
	(void)state;
	run(sleeps_not_at_all);
}

static int ended;

static void *
mixed_sleeps(void *arg)
{
	uintptr_t n = (uintptr_t)arg;
	struct err e;

	for (uintptr_t i = 0; i < 3; i++) {
		double seconds = (double)((n * 7919 + i * 104729) % 97) / 1000, until = task_now() + seconds;

		assert_int_equal(task_sleep(seconds, &e), 0);
		assert_true(task_now() >= until);
	}
	ended++;
	return arg;
}

static void *
thousands_sleep(void *arg)
{
	static struct task *t[5000];
	uintptr_t n = RUNNING_ON_VALGRIND ? 300 : 5000;

	ended = 0;
	for (uintptr_t i = 0; i < n; i++)
		t[i] = start(mixed_sleeps, (void *)i);
	for (uintptr_t i = 0; i < n; i++)
		assert_true(join(t[i]) == (void *)i);
	assert_int_equal(ended, n);
	return arg;
}

static void
thousands_of_mixed_sleeps_all_end_and_none_early(void **state)
{
	(void)state;
	run(thousands_sleep);
}

/* A deadline that was understood as a time from now would not pass within anybody's patience. */
static void *
waits_until(void *arg)
{
	double deadline = task_now() + .02;
	struct err e;

	(void)arg;
	assert_int_equal(task_park(deadline, &e), -1);
	assert_int_equal(e.kind, ERR_TIMEOUT);
	assert_true(task_now() >= deadline);
	assert_int_equal(task_park(deadline, &e), -1); /* it has passed */
	assert_int_equal(e.kind, ERR_TIMEOUT);
	assert_int_equal(task_park(0, &e), -1);
	assert_int_equal(e.kind, ERR_TIMEOUT);
	return NULL;
}

static void
a_deadline_is_a_moment_and_not_a_while(void **state)
{
	(void)state;
	run(waits_until);
}

/* A later deadline leaves the timer of an earlier one running, and an earlier one must replace that of a later one. */
static void *
moves_deadlines(void *arg)
{
	double from = task_now();
	struct err e;
	int fds[2];

	pair(fds);
	send_byte(fds[0]);
	assert_int_equal(task_wait_fd(fds[1], TASK_READ, from + .01, &e), 0);
	assert_int_equal(read(fds[1], &(char){0}, 1), 1);
	assert_int_equal(task_wait_fd(fds[1], TASK_READ, from + .05, &e), -1);
	assert_int_equal(e.kind, ERR_TIMEOUT);
	assert_true(task_now() >= from + .05);
	send_byte(fds[0]);
	assert_int_equal(task_wait_fd(fds[1], TASK_READ, from + 1e6, &e), 0);
	assert_int_equal(read(fds[1], &(char){0}, 1), 1);
	assert_int_equal(task_wait_fd(fds[1], TASK_READ, from + .06, &e), -1);
	assert_int_equal(e.kind, ERR_TIMEOUT);
	assert_int_equal(task_wait_fd(fds[1], TASK_READ, from + .08, &e), -1);
	assert_true(task_now() >= from + .08);
	close(fds[0]), close(fds[1]);
	return arg;
}

static void
deadlines_move_both_ways(void **state)
{
	(void)state;
	run(moves_deadlines);
}

/* --- descriptors --- */

static void *
reads_a_byte(void *arg)
{
	int fd = *(int *)arg;
	struct err e;
	char c;

	assert_int_equal(task_wait_fd(fd, TASK_READ, INFINITY, &e), 0);
	assert_int_equal(read(fd, &c, 1), 1);
	note("read");
	return NULL;
}

static void *
writes_after_a_while(void *arg)
{
	struct task *t;
	struct err e;
	int fds[2];

	pair(fds);
	t = start(reads_a_byte, &fds[1]);
	assert_int_equal(task_sleep(.01, &e), 0);
	note("write");
	send_byte(fds[0]);
	join(t);
	assert_int_equal(task_wait_fd(fds[1], TASK_WRITE, INFINITY, &e), 0);
	assert_int_equal(task_wait_fd(fds[1], TASK_READ | TASK_WRITE, INFINITY, &e), 0);
	assert_int_equal(task_wait_fd(fds[1], TASK_READ, task_now() + .01, &e), -1);
	assert_int_equal(e.kind, ERR_TIMEOUT);
	assert_string_equal(e.text, "timed out");
	close(fds[0]), close(fds[1]);
	return arg;
}

static void
a_wait_ends_when_the_descriptor_is_ready_or_the_deadline_passes(void **state)
{
	(void)state;
	run(writes_after_a_while);
	assert_string_equal(trace, "write read ");
}

static void *
waits_for_the_unusual(void *arg)
{
	int fds[2], file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct err e;
	char c;

	pair(fds);
	close(fds[0]);
	assert_int_equal(task_wait_fd(fds[1], TASK_READ, INFINITY, &e), 0); /* its end */
	assert_int_equal(read(fds[1], &c, 1), 0);
	close(fds[1]);
	assert_int_equal(task_wait_fd(file, TASK_READ, INFINITY, &e), 0); /* a file is always ready */
	assert_int_equal(task_wait_fd(file, TASK_READ, INFINITY, &e), 0);
	close(file);
	return arg;
}

static void
the_end_of_a_stream_and_a_file_are_ready(void **state)
{
	(void)state;
	run(waits_for_the_unusual);
}

static void *
both_at_once(void *arg)
{
	double deadline = task_now() + .01;
	struct err e;
	int fds[2];

	pair(fds);
	send_byte(fds[0]);
	assert_int_equal(task_wait_fd(fds[1], TASK_READ, 0, &e), 0); /* past before the wait began */
	while (task_now() < deadline)
		;
	assert_int_equal(task_wait_fd(fds[1], TASK_READ, deadline, &e), 0);
	close(fds[0]), close(fds[1]);
	return arg;
}

static void
an_event_together_with_the_deadline_counts(void **state)
{
	(void)state;
	run(both_at_once);
}

static void
wake_for_nothing(task_fn *fn, int *fds, void *arg)
{
	struct task *t = start(fn, arg);

	for (int i = 0; i < 3; i++) {
		let_others_run();
		task_wake(t);
		note("wake");
	}
	send_byte(fds[0]);
	note("write");
	join(t);
}

static void *
wakes_a_reader_for_nothing(void *arg)
{
	int fds[2];

	pair(fds);
	wake_for_nothing(reads_a_byte, fds, &fds[1]);
	close(fds[0]), close(fds[1]);
	return arg;
}

static void
a_wake_is_not_an_event_of_a_descriptor(void **state)
{
	(void)state;
	run(wakes_a_reader_for_nothing);
	assert_string_equal(trace, "wake wake wake write read ");
}

struct reader {
	int fds[2];
	char name[16];
};

static void *
notes_its_turn(void *arg)
{
	struct reader *r = arg;
	struct err e;

	assert_int_equal(task_wait_fd(r->fds[1], TASK_READ, INFINITY, &e), 0);
	note(r->name);
	return NULL;
}

static void *
sends_to_five(void *arg)
{
	struct reader r[5];
	struct task *t[5];

	for (int i = 0; i < 5; i++) {
		pair(r[i].fds);
		snprintf(r[i].name, sizeof r[i].name, "%d", i);
		t[i] = start(notes_its_turn, &r[i]);
	}
	task_sleep(0, NULL); /* they have begun */
	task_sleep(0, NULL); /* and the kernel knows of them */
	send_byte(r[3].fds[0]), send_byte(r[0].fds[0]), send_byte(r[4].fds[0]), send_byte(r[1].fds[0]), send_byte(r[2].fds[0]);
	for (int i = 0; i < 5; i++) {
		join(t[i]);
		close(r[i].fds[0]), close(r[i].fds[1]);
	}
	return arg;
}

static void
tasks_run_in_the_order_of_their_events(void **state)
{
	(void)state;
	run(sends_to_five);
	assert_string_equal(trace, "3 0 4 1 2 ");
}

static void *
waits_to_be_woken(void *arg)
{
	struct err e;

	assert_int_equal(task_park(INFINITY, &e), 0);
	note(arg);
	return arg;
}

static void
wakes_its_task(struct ev_loop *loop, ev_io *w, int events)
{
	(void)events;
	ev_io_stop(loop, w);
	task_wake(w->data);
}

static void *
is_answered_while_two_can_read(void *arg)
{
	struct task *t[3];
	int answer[2], a[2], b[2];
	ev_io w;

	pair(answer), pair(a), pair(b);
	t[0] = start(reads_a_byte, &a[1]);
	t[1] = start(reads_a_byte, &b[1]);
	t[2] = start(waits_to_be_woken, "answered");
	ev_io_init(&w, wakes_its_task, answer[1], EV_READ);
	ev_set_priority(&w, EV_MAXPRI);
	w.data = t[2];
	ev_io_start(task_loop(), &w);
	task_sleep(0, NULL), task_sleep(0, NULL);
	send_byte(a[0]), send_byte(answer[0]), send_byte(b[0]);
	for (int i = 0; i < 3; i++)
		join(t[i]);
	close(answer[0]), close(answer[1]), close(a[0]), close(a[1]), close(b[0]), close(b[1]);
	return arg;
}

static void
what_an_urgent_event_wakes_runs_before_the_other_events(void **state)
{
	(void)state;
	run(is_answered_while_two_can_read);
	assert_string_equal(trace, "answered read read ");
}

static void *
two_wait_for_one(void *arg)
{
	struct task *a, *b;
	int fds[2];

	pair(fds);
	a = start(reads_a_byte, &fds[1]);
	b = start(reads_a_byte, &fds[1]);
	let_others_run();
	send_byte(fds[0]), send_byte(fds[0]);
	join(a), join(b);
	close(fds[0]), close(fds[1]);
	return arg;
}

static void
two_tasks_may_wait_for_one_descriptor(void **state)
{
	(void)state;
	run(two_wait_for_one);
	assert_string_equal(trace, "read read ");
}

/* --- closing descriptors --- */

/* One connection after another gets the same numbers: each wait must be for the new one. */
static void *
reuses_numbers(void *arg)
{
	int fds[2], first = -1, same = 0;
	struct err e;

	for (int i = 0; i < 300; i++) {
		pair(fds);
		if (first < 0)
			first = fds[1];
		same += fds[1] == first;
		assert_int_equal(task_wait_fd(fds[1], TASK_READ, task_now(), &e), -1);
		assert_int_equal(e.kind, ERR_TIMEOUT);
		send_byte(fds[0]);
		assert_int_equal(task_wait_fd(fds[1], TASK_READ, INFINITY, &e), 0);
		close(fds[0]), close(fds[1]);
	}
	assert_true(same >= 100);
	return arg;
}

static void
a_number_that_is_used_again_is_a_new_descriptor(void **state)
{
	(void)state;
	run(reuses_numbers);
}

/* --- canceling --- */

/* The ways to wait; each returns what its call returned. */
static int shared[2]; /* a socket pair on which nothing ever comes */

static int
by_sleep(struct err *e)
{
	return task_sleep(1e6, e);
}

static int
by_park(struct err *e)
{
	return task_park(INFINITY, e);
}

static int
by_park_with_deadline(struct err *e)
{
	return task_park(task_now() + 1e6, e);
}

static int
by_yield(struct err *e)
{
	return task_yield(e);
}

static int
by_fd(struct err *e)
{
	return task_wait_fd(shared[0], TASK_READ, INFINITY, e);
}

static void *
sleeps_for_ever(void *arg)
{
	struct err e;

	assert_int_equal(task_sleep(1e6, &e), -1);
	assert_int_equal(e.kind, ERR_CANCELED);
	note("inner");
	return arg;
}

static int
by_join(struct err *e)
{
	void *result = NULL;
	int rc = task_join(start(sleeps_for_ever, "result"), &result, e);

	assert_string_equal(result, "result"); /* it was canceled too, waited for, and freed */
	return rc;
}

typedef int wait_fn(struct err *e);
static wait_fn *const waits[] = {by_sleep, by_park, by_park_with_deadline, by_yield, by_fd, by_join};
enum { WAITS = sizeof waits / sizeof *waits };

static void *
waits_till_canceled(void *arg)
{
	wait_fn *const *wait = arg;
	struct err e;

	assert_int_equal((*wait)(&e), -1);
	assert_int_equal(e.kind, ERR_CANCELED);
	assert_string_equal(e.text, "interrupted");
	assert_true(task_canceled());
	for (int i = 0; i < WAITS; i++) { /* and so does every later one, of every kind */
		e.kind = ERR_NONE;
		assert_int_equal(waits[i](&e), -1);
		assert_int_equal(e.kind, ERR_CANCELED);
	}
	note("out");
	return NULL;
}

static void *
cancels_each(void *arg)
{
	struct task *t[WAITS];

	pair(shared);
	for (int i = 0; i < WAITS; i++)
		t[i] = start(waits_till_canceled, (void *)&waits[i]);
	if (!arg)
		let_others_run();
	for (int i = 0; i < WAITS; i++)
		task_cancel(t[i]);
	assert_false(task_canceled());
	assert_null(strstr(trace, "out")); /* it only queues */
	for (int i = 0; i < WAITS; i++)
		join(t[i]);
	close(shared[0]), close(shared[1]);
	return NULL;
}

static void
canceling_ends_every_kind_of_wait_and_all_later_ones(void **state)
{
	(void)state;
	run(cancels_each);
}

static void
one_that_is_canceled_before_it_begins_fails_at_its_first_wait(void **state)
{
	struct err e;

	(void)state;
	trace[0] = '\0';
	assert_int_equal(task_main(cancels_each, "at once", NULL, &e), 0);
}

static void *
naps(void *arg)
{
	struct err e;

	assert_int_equal(task_sleep(.02, &e), 0);
	assert_false(task_canceled());
	note(arg);
	return NULL;
}

static void *
cancels_one_of_three(void *arg)
{
	struct task *a = start(naps, "a"), *b = start(sleeps_for_ever, NULL), *c = start(naps, "c");

	let_others_run();
	task_cancel(b);
	task_cancel(b);
	join(a), join(b), join(c);
	return arg;
}

static void
canceling_one_leaves_the_others_alone(void **state)
{
	(void)state;
	run(cancels_one_of_three);
	assert_string_equal(trace, "inner a c ");
}

static struct task *hand;

static void *
gives_a_hand(void *arg)
{
	struct err e;

	assert_int_equal(task_sleep(.02, &e), 0);
	note("hand");
	task_wake(hand);
	return arg;
}

static void *
needs_a_hand(void *arg)
{
	struct task *t;

	hand = task_self();
	t = start(gives_a_hand, NULL);
	while (!strstr(trace, "hand"))
		task_park_shielded();
	note("shielded");
	join(t); /* ready without a wait, as it has ended */
	return arg;
}

static void *
cancels_the_shielded(void *arg)
{
	struct task *t = start(needs_a_hand, NULL);

	let_others_run();
	task_cancel(t);
	note("canceled");
	join(t);
	return arg;
}

static void
a_shielded_wait_goes_on_when_canceled(void **state)
{
	(void)state;
	run(cancels_the_shielded);
	assert_string_equal(trace, "canceled hand shielded ");
}

/* --- heavy turns --- */

static void *
notes_its_heavy_turn(void *arg)
{
	double deadline = INFINITY;
	struct err e;

	assert_int_equal(task_heavy(&deadline, &e), 0);
	assert_true(deadline == INFINITY);
	note(arg);
	return arg;
}

static void *
ten_are_heavy(void *arg)
{
	static const char *const names[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
	struct task *t[10];

	for (int i = 0; i < 10; i++)
		t[i] = start(notes_its_heavy_turn, (void *)names[i]);
	do {
		let_others_run();
		note(".");
	} while (!strchr(trace, '9'));
	for (int i = 0; i < 10; i++)
		join(t[i]);
	return arg;
}

static void
heavy_turns_are_few_and_in_order_behind_those_that_are_ready(void **state)
{
	(void)state;
	run(ten_are_heavy);
	assert_string_equal(trace, ". . 0 1 2 3 . 4 5 6 7 . 8 9 . ");
}

static void *
is_heavy_beside_a_sleeper(void *arg)
{
	struct task *t = start(sleeps_for_ever, NULL); /* there is something to wait for */
	double deadline = INFINITY;

	for (int i = 0; i < 100; i++)
		assert_int_equal(task_heavy(&deadline, NULL), 0);
	task_cancel(t);
	join(t);
	return arg;
}

static void
the_loop_does_not_wait_while_a_heavy_turn_is_wanted(void **state)
{
	(void)state;
	run(is_heavy_beside_a_sleeper);
}

static void
spin(double seconds)
{
	for (double until = task_now() + seconds; task_now() < until;)
		;
}

static void *
spins_in_its_heavy_turn(void *arg)
{
	double deadline = 0;

	assert_int_equal(task_heavy(&deadline, NULL), 0);
	spin(.02);
	return arg;
}

/* It comes behind a spinner, for whose time it must not pay. */
static void *
comes_second(void *arg)
{
	double from = task_now(), deadline = from + .01;

	assert_int_equal(task_heavy(&deadline, NULL), 0);
	assert_true(deadline >= from + .01 + .02);
	assert_true(deadline <= task_now() + .01);
	return arg;
}

static void *
two_are_heavy(void *arg)
{
	struct task *a = start(spins_in_its_heavy_turn, NULL), *b = start(comes_second, NULL);

	join(a), join(b);
	return arg;
}

static void
a_deadline_moves_out_by_the_wait_for_a_heavy_turn(void **state)
{
	(void)state;
	run(two_are_heavy);
}

static void *
is_canceled_among_the_heavy(void *arg)
{
	double deadline = INFINITY;
	struct err e;

	assert_int_equal(task_heavy(&deadline, &e), -1);
	assert_int_equal(e.kind, ERR_CANCELED);
	assert_int_equal(task_heavy(&deadline, &e), -1); /* at once */
	assert_int_equal(e.kind, ERR_CANCELED);
	note(arg);
	return arg;
}

/* The first, one in the middle and the last of those that wait are canceled, and one is woken for nothing. */
static void *
cancels_among_the_heavy(void *arg)
{
	static const char names[][2] = {"0", "1", "2", "3", "a", "4", "b", "5", "6", "7", "c"};
	struct task *t[11], *late;

	for (int i = 0; i < 11; i++)
		t[i] = start(strchr("abc", *names[i]) ? is_canceled_among_the_heavy : notes_its_heavy_turn, (void *)names[i]);
	let_others_run();
	task_cancel(t[4]), task_cancel(t[6]), task_cancel(t[10]);
	task_wake(t[5]);
	late = start(notes_its_heavy_turn, "late");
	for (int i = 0; i < 11; i++)
		join(t[i]);
	join(late);
	return arg;
}

static void
canceling_takes_a_task_out_of_those_that_want_a_heavy_turn(void **state)
{
	(void)state;
	run(cancels_among_the_heavy);
	assert_string_equal(trace, "a b c 0 1 2 3 4 5 6 7 late ");
}

/* --- pauses --- */

static void *
pauses(void *arg)
{
	task_measure_pauses(true);
	spin(.02);
	let_others_run(); /* this turn began before anything was measured */
	assert_true(task_longest_pause() == 0);
	spin(.02);
	let_others_run();
	assert_true(task_longest_pause() >= .02);
	task_measure_pauses(false);
	assert_true(task_longest_pause() == 0);
	spin(.01);
	let_others_run(), let_others_run();
	assert_true(task_longest_pause() == 0);
	return arg;
}

static void
the_longest_pause_is_that_between_two_looks_at_the_network(void **state)
{
	(void)state;
	run(pauses);
}

static void *
sleeps_while_measured(void *arg)
{
	double *longest = arg;

	task_measure_pauses(true);
	for (int i = 0; i < 3; i++)
		assert_int_equal(task_sleep(.1, NULL), 0);
	*longest = task_longest_pause();
	task_measure_pauses(false);
	return NULL;
}

static void
waiting_for_events_is_no_pause(void **state)
{
	double longest = 1;
	struct err e;

	(void)state;
	for (int i = 0; i < 50 && longest >= .1; i++) /* the machine may be busy: one of several will do */
		assert_int_equal(task_main(sleeps_while_measured, &longest, NULL, &e), 0);
	assert_true(longest < .1);
}

/* --- owners --- */

struct crew {
	struct task_owner owner;
	int ended;
};

static void
member_ended(struct task_owner *owner, void *arg, void *result)
{
	struct crew *c = (struct crew *)owner;

	assert_ptr_equal(arg, result);
	c->ended++;
	note(arg);
	task_wake(hand);
}

static void *
member(void *arg)
{
	struct err e;

	task_sleep(1e6, &e);
	return arg;
}

static void *
owns(void *arg)
{
	struct crew crew = {.owner.ended = member_ended};
	struct task *first;
	struct err e;

	hand = task_self();
	first = task_start("a", member, "a", &crew.owner, &e);
	assert_ptr_equal(crew.owner.tasks, first);
	assert_non_null(task_start("b", notes, "b", &crew.owner, &e));
	assert_non_null(task_start("c", member, "c", &crew.owner, &e));
	while (crew.ended < 1)
		assert_int_equal(task_park(INFINITY, &e), 0);
	task_cancel_all(&crew.owner);
	while (crew.ended < 3)
		assert_int_equal(task_park(INFINITY, &e), 0);
	assert_null(crew.owner.tasks);
	assert_non_null(task_start("d", returns_its_argument, "d", &crew.owner, &e));
	while (crew.ended < 4)
		assert_int_equal(task_park(INFINITY, &e), 0);
	return arg;
}

static void
an_owner_is_told_of_each_end_and_the_task_is_gone(void **state)
{
	(void)state;
	run(owns);
	/* b notes itself, then its end is told; a and c are canceled in the order of the owner's list */
	assert_string_equal(trace, "b b c a d ");
}

/* --- the loop's edges --- */

static int calls;

static void
counts_a_call(void)
{
	calls++;
}

static void *
sleeps_three_times(void *arg)
{
	struct err e;

	for (int i = 1; i <= 3; i++) {
		assert_int_equal(task_sleep(.001, &e), 0);
		assert_true(calls >= i);
	}
	calls = 0;
	for (int i = 0; i < 3; i++)
		let_others_run();
	assert_int_equal(calls, 0); /* there was no wait */
	return arg;
}

static void
task_before_wait_is_called_before_each_wait(void **state)
{
	(void)state;
	calls = 0;
	task_before_wait(counts_a_call);
	run(sleeps_three_times);
	task_before_wait(NULL);
}

static void
wakes_the_hand(void)
{
	note("before");
	task_wake(hand);
}

static void *
is_woken_before_the_wait(void *arg)
{
	struct err e;

	hand = task_self();
	task_before_wait(wakes_the_hand);
	assert_int_equal(task_park(INFINITY, &e), 0);
	task_before_wait(NULL);
	return arg;
}

static void
what_it_wakes_runs_without_a_wait(void **state)
{
	(void)state;
	run(is_woken_before_the_wait);
	assert_string_equal(trace, "before ");
}

static void
on_signal(int signo)
{
	(void)signo;
	task_interrupt();
}

static void
on_interrupt(void)
{
	note("interrupt");
	if (hand)
		task_wake(hand);
}

static void *
is_interrupted(void *arg)
{
	struct sigevent by_usr1 = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	struct itimerspec soon = {.it_value.tv_nsec = 10000000};
	timer_t timer;
	struct err e;

	if (arg)
		task_on_interrupt(on_interrupt);
	hand = task_self();
	raise(SIGUSR1); /* on this coroutine's stack */
	note("raised");
	assert_int_equal(task_park(INFINITY, &e), 0);
	note("again");
	assert_int_equal(timer_create(CLOCK_MONOTONIC, &by_usr1, &timer), 0);
	assert_int_equal(timer_settime(timer, 0, &soon, NULL), 0);
	assert_int_equal(task_park(INFINITY, &e), 0); /* in the kernel's wait */
	timer_delete(timer);
	return NULL;
}

static void
a_signal_handler_may_interrupt_the_loop(void **state)
{
	static char in_the_task[] = "in the task";
	struct err e;

	(void)state;
	signal(SIGUSR1, on_signal);
	task_interrupt(); /* without a loop, it does nothing */
	task_on_interrupt(on_interrupt);
	run(is_interrupted);
	assert_string_equal(trace, "raised interrupt again interrupt ");
	task_on_interrupt(NULL);
	trace[0] = '\0';
	assert_int_equal(task_main(is_interrupted, in_the_task, NULL, &e), 0);
	assert_string_equal(trace, "raised interrupt again interrupt ");
	task_on_interrupt(NULL);
	raise(SIGUSR1);
	signal(SIGUSR1, SIG_DFL);
}

static void *
waits_for_nobody(void *arg)
{
	task_park(INFINITY, NULL);
	return arg;
}

static int
stuck(void)
{
	return task_main(waits_for_nobody, NULL, NULL, NULL);
}

static struct own_case stuck_case = {.run = stuck};

static void
tasks_that_all_wait_for_nothing_are_an_end_with_a_message(void **state)
{
	(void)state;
	assert_non_null(strstr(stuck_case.text, "every task waits, and for nothing\n"));
	assert_true(WIFSIGNALED(stuck_case.status));
	assert_int_equal(WTERMSIG(stuck_case.status), SIGABRT);
}

static void *
starts_until_it_fails(void *arg)
{
	static struct task *t[2000];
	struct err e;
	intptr_t n = 0;

	while (n < 2000 && (t[n] = task_start("one", returns_its_argument, NULL, NULL, &e)))
		n++;
	if (n == 0 || n == 2000 || e.kind != ERR_LOCAL)
		return "no error";
	for (intptr_t i = 0; i < n; i++)
		if (task_join(t[i], NULL, &e) != 0)
			return "no join";
	t[0] = task_start("again", returns_its_argument, "fine", NULL, &e);
	return t[0] && task_join(t[0], &arg, &e) == 0 ? arg : "not again";
}

static int
out_of_memory(void)
{
	void *result = "";
	struct err e;

	if (!limit_memory(64 << 20))
		return SKIPPED;
	if (task_main(starts_until_it_fails, NULL, &result, &e) != 0)
		return 1;
	return strcmp(result, "fine") == 0 ? 0 : 2;
}

static struct own_case no_memory = {.run = out_of_memory};

static int
no_memory_at_all(void)
{
	struct err e;

	if (!limit_memory(1 << 19))
		return SKIPPED;
	if (task_main(returns_its_argument, NULL, NULL, &e) != -1 || e.kind != ERR_LOCAL || task_loop())
		return 1;
	return 0;
}

static struct own_case no_main = {.run = no_memory_at_all};

static void
without_memory_starting_a_task_is_an_error_and_the_others_go_on(void **state)
{
	(void)state;
	if (own_case_skipped(&no_memory))
		skip();
	assert_int_equal(no_memory.status, 0);
	assert_int_equal(no_main.status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_result_of_the_main_task_is_that_of_task_main),
		cmocka_unit_test(a_started_task_begins_later_and_in_its_turn),
		cmocka_unit_test(a_yield_lets_all_others_run_first),
		cmocka_unit_test(waking_only_queues),
		cmocka_unit_test(a_wake_before_the_wait_is_not_lost),
		cmocka_unit_test(tasks_that_are_always_ready_do_not_keep_the_network_and_time_out),
		cmocka_unit_test(deadlines_are_met_in_their_order_and_never_early),
		cmocka_unit_test(of_equal_sleeps_the_one_that_began_first_ends_first),
		cmocka_unit_test(a_sleep_of_nothing_ends),
		cmocka_unit_test(thousands_of_mixed_sleeps_all_end_and_none_early),
		cmocka_unit_test(a_deadline_is_a_moment_and_not_a_while),
		cmocka_unit_test(deadlines_move_both_ways),
		cmocka_unit_test(a_wait_ends_when_the_descriptor_is_ready_or_the_deadline_passes),
		cmocka_unit_test(the_end_of_a_stream_and_a_file_are_ready),
		cmocka_unit_test(an_event_together_with_the_deadline_counts),
		cmocka_unit_test(a_wake_is_not_an_event_of_a_descriptor),
		cmocka_unit_test(tasks_run_in_the_order_of_their_events),
		cmocka_unit_test(what_an_urgent_event_wakes_runs_before_the_other_events),
		cmocka_unit_test(two_tasks_may_wait_for_one_descriptor),
		cmocka_unit_test(a_number_that_is_used_again_is_a_new_descriptor),
		cmocka_unit_test(canceling_ends_every_kind_of_wait_and_all_later_ones),
		cmocka_unit_test(one_that_is_canceled_before_it_begins_fails_at_its_first_wait),
		cmocka_unit_test(canceling_one_leaves_the_others_alone),
		cmocka_unit_test(a_shielded_wait_goes_on_when_canceled),
		cmocka_unit_test(heavy_turns_are_few_and_in_order_behind_those_that_are_ready),
		cmocka_unit_test(the_loop_does_not_wait_while_a_heavy_turn_is_wanted),
		cmocka_unit_test(a_deadline_moves_out_by_the_wait_for_a_heavy_turn),
		cmocka_unit_test(canceling_takes_a_task_out_of_those_that_want_a_heavy_turn),
		cmocka_unit_test(the_longest_pause_is_that_between_two_looks_at_the_network),
		cmocka_unit_test(waiting_for_events_is_no_pause),
		cmocka_unit_test(an_owner_is_told_of_each_end_and_the_task_is_gone),
		cmocka_unit_test(task_before_wait_is_called_before_each_wait),
		cmocka_unit_test(what_it_wakes_runs_without_a_wait),
		cmocka_unit_test(a_signal_handler_may_interrupt_the_loop),
		cmocka_unit_test(tasks_that_all_wait_for_nothing_are_an_end_with_a_message),
		cmocka_unit_test(without_memory_starting_a_task_is_an_error_and_the_others_go_on),
	};
	struct own_case *own[] = {&stuck_case, &no_memory, &no_main};

	alarm(300); /* a wait that never ends is a failure too */
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		own_case_run(own[i]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
