/* unit/group.c: groups keep to their limit, wait for all, cancel all; gather gives results in order. */
#include "rt/group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cases.h"

static char trace[1024];

static void
note(const char *what)
{
	strcat(trace, what);
	strcat(trace, " ");
}

static void
run(task_fn *fn)
{
	struct err e;

	trace[0] = '\0';
	assert_int_equal(task_main(fn, NULL, NULL, &e), 0);
}

static int running, most, ended;

static void *
counts_itself(void *arg)
{
	uintptr_t n = (uintptr_t)arg;
	struct err e;

	if (++running > most)
		most = running;
	assert_int_equal(task_sleep((double)(n % 7) / 1000, &e), 0);
	running--;
	ended++;
	return NULL;
}

static void
go(struct group *g, task_fn *fn, void *arg)
{
	struct err e;

	assert_int_equal(group_go(g, "test", fn, arg, &e), 0);
}

static void
wait_all(struct group *g)
{
	struct err e;

	assert_int_equal(group_wait(g, &e), 0);
}

static void
start_many(struct group *g, uintptr_t n)
{
	running = most = ended = 0;
	for (uintptr_t i = 0; i < n; i++)
		go(g, counts_itself, (void *)i);
}

/* --- the limit --- */

static void *
forty_of_three(void *arg)
{
	struct group g;

	group_init(&g, 3);
	start_many(&g, 40);
	assert_true(g.running <= 3);
	assert_true(ended >= 37);
	wait_all(&g);
	assert_int_equal(ended, 40);
	assert_int_equal(most, 3);
	return arg;
}

static void
no_more_run_at_once_than_the_limit(void **state)
{
	(void)state;
	run(forty_of_three);
}

static void *
forty_of_any(void *arg)
{
	struct group g;

	group_init(&g, 0);
	start_many(&g, 40);
	assert_int_equal(most, 0); /* none has begun */
	wait_all(&g);
	assert_int_equal(ended, 40);
	assert_int_equal(most, 40);
	return arg;
}

static void
without_a_limit_all_run_at_once(void **state)
{
	(void)state;
	run(forty_of_any);
}

static void *
notes(void *arg)
{
	note(arg);
	return NULL;
}

static void *
one_by_one(void *arg)
{
	struct group g;

	group_init(&g, 1);
	go(&g, notes, "a");
	note("started");
	go(&g, notes, "b");
	note("started");
	go(&g, notes, "c");
	wait_all(&g);
	note("waited");
	wait_all(&g); /* nothing to wait for */
	go(&g, notes, "d"); /* a group may go on */
	wait_all(&g);
	return arg;
}

static void
group_go_waits_for_room_and_no_longer(void **state)
{
	(void)state;
	run(one_by_one);
	assert_string_equal(trace, "started a started b c waited d ");
}

static void *
waits_for_fewer(void *arg)
{
	struct group g;
	struct err e;

	group_init(&g, 0);
	start_many(&g, 20);
	assert_int_equal(group_wait_for(&g, 100, &e), 0);
	assert_int_equal(g.running, 20);
	assert_int_equal(group_wait_for(&g, 5, &e), 0);
	assert_true(g.running <= 5);
	wait_all(&g);
	assert_int_equal(ended, 20);
	return arg;
}

static void
group_wait_for_waits_until_few_are_left(void **state)
{
	(void)state;
	run(waits_for_fewer);
}

static void *
does_nothing(void *arg)
{
	return arg;
}

static void *
ten_thousand(void *arg)
{
	struct group g;
	size_t before;

	group_init(&g, 50);
	for (int i = 0; i < 100; i++)
		go(&g, does_nothing, NULL);
	before = process_size(0);
	for (int i = 0; i < 10000; i++)
		go(&g, does_nothing, NULL);
	wait_all(&g);
	assert_true(process_size(0) == before || RUNNING_ON_VALGRIND);
	return arg;
}

static void
tasks_that_have_ended_leave_their_memory_to_the_next(void **state)
{
	(void)state;
	run(ten_thousand);
}

/* --- canceling --- */

/* Clean-up takes its time, that of "a" the longest. */
static void *
sleeps_and_cleans_up(void *arg)
{
	int turns = *(char *)arg == 'a' ? 5 : 1;
	struct err e;

	assert_int_equal(task_sleep(1e6, &e), -1);
	assert_int_equal(e.kind, ERR_CANCELED);
	for (int i = 0; i < turns; i++)
		assert_int_equal(task_yield(NULL), -1);
	note(arg);
	return NULL;
}

static void *
cancels_and_waits(void *arg)
{
	struct group g;

	group_init(&g, 0);
	go(&g, sleeps_and_cleans_up, "a");
	go(&g, sleeps_and_cleans_up, "b");
	task_sleep(0, NULL);
	go(&g, sleeps_and_cleans_up, "not begun");
	group_cancel(&g);
	note("canceled");
	go(&g, notes, "later");
	wait_all(&g);
	note("waited");
	return arg;
}

static void
after_canceling_group_wait_still_waits_for_all(void **state)
{
	(void)state;
	run(cancels_and_waits);
	assert_string_equal(trace, "canceled later not begun b a waited ");
}

static void *
waits_for_its_group(void *arg)
{
	struct group g;
	struct err e;

	group_init(&g, 0);
	go(&g, sleeps_and_cleans_up, "a");
	go(&g, sleeps_and_cleans_up, "b");
	assert_int_equal(group_wait(&g, &e), -1);
	assert_int_equal(e.kind, ERR_CANCELED);
	assert_int_equal(g.running, 0);
	note("owner");
	return arg;
}

static void *
waits_for_a_group_of_groups(void *arg)
{
	struct group g;
	struct err e;

	group_init(&g, 0);
	go(&g, waits_for_its_group, NULL);
	assert_int_equal(group_wait(&g, &e), -1);
	note("outer");
	return arg;
}

static void *
cancels_the_outermost(void *arg)
{
	struct err e;
	struct task *t = task_start("outer", waits_for_a_group_of_groups, NULL, NULL, &e);

	task_sleep(0, NULL);
	task_sleep(0, NULL);
	task_cancel(t);
	assert_int_equal(task_join(t, NULL, &e), 0);
	return arg;
}

static void
canceling_the_one_that_waits_cancels_all_below_it_and_none_outlives_it(void **state)
{
	(void)state;
	run(cancels_the_outermost);
	assert_string_equal(trace, "b a owner outer ");
}

static void *
has_no_room(void *arg)
{
	struct group g;
	struct err e;

	group_init(&g, 1);
	go(&g, sleeps_and_cleans_up, "a");
	assert_int_equal(group_go(&g, "no room", notes, "never", &e), -1);
	assert_int_equal(e.kind, ERR_CANCELED);
	assert_int_equal(g.running, 1);
	assert_int_equal(group_wait(&g, &e), -1);
	note("out");
	return arg;
}

static void *
cancels_who_has_no_room(void *arg)
{
	struct err e;
	struct task *t = task_start("waits for room", has_no_room, NULL, NULL, &e);

	task_sleep(0, NULL);
	task_cancel(t);
	assert_int_equal(task_join(t, NULL, &e), 0);
	return arg;
}

static void
one_canceled_while_waiting_for_room_starts_nothing(void **state)
{
	(void)state;
	run(cancels_who_has_no_room);
	assert_string_equal(trace, "a out ");
}

/* --- gather --- */

static void *
sleeps_its_time(void *arg)
{
	const char *name = arg;
	struct err e;

	note(name);
	if (task_sleep(name[0] == 'l' ? .03 : name[0] == 'm' ? .02 : .01, &e) != 0)
		return "canceled";
	note(name);
	return arg;
}

static void *
gathers_three(void *arg)
{
	struct job jobs[] = {
		{.name = "1", .fn = sleeps_its_time, .arg = "long"},
		{.name = "2", .fn = sleeps_its_time, .arg = "medium"},
		{.name = "3", .fn = sleeps_its_time, .arg = "short"},
	};
	double from = task_now();
	struct err e;

	assert_int_equal(gather(jobs, 3, &e), 0);
	for (int i = 0; i < 3; i++)
		assert_ptr_equal(jobs[i].result, jobs[i].arg);
	assert_true(task_now() - from >= .03);
	assert_int_equal(gather(NULL, 0, &e), 0);
	return arg;
}

static void
gather_gives_results_in_the_order_of_the_jobs(void **state)
{
	(void)state;
	run(gathers_three);
	assert_string_equal(trace, "long medium short short medium long ");
}

static void *
gathers_and_is_canceled(void *arg)
{
	struct job jobs[] = {
		{.name = "1", .fn = sleeps_its_time, .arg = "long"},
		{.name = "2", .fn = sleeps_its_time, .arg = "short"},
	};
	struct err e;

	assert_int_equal(gather(jobs, 2, &e), -1);
	assert_int_equal(e.kind, ERR_CANCELED);
	assert_string_equal(jobs[0].result, "canceled");
	assert_string_equal(jobs[1].result, "canceled");
	return arg;
}

static void *
cancels_a_gatherer(void *arg)
{
	struct err e;
	struct task *t = task_start("gathers", gathers_and_is_canceled, NULL, NULL, &e);

	task_yield(NULL);
	task_cancel(t);
	assert_int_equal(task_join(t, NULL, &e), 0);
	return arg;
}

static void
a_canceled_gather_ends_when_its_jobs_have(void **state)
{
	(void)state;
	run(cancels_a_gatherer);
	assert_string_equal(trace, "long short ");
}

/* --- without memory --- */

static void *
needs_too_much(void *arg)
{
	static struct job jobs[2000];
	struct group g;
	struct err e = {0};
	int n = 0;

	group_init(&g, 0);
	while (n < 2000 && group_go(&g, "one", does_nothing, NULL, &e) == 0)
		n++;
	if (n == 2000 || e.kind != ERR_LOCAL || g.running != (size_t)n || group_wait(&g, &e) != 0)
		return "group_go";
	if (group_go(&g, "again", does_nothing, NULL, &e) != 0 || group_wait(&g, &e) != 0)
		return "again";
	for (int i = 0; i < 2000; i++)
		jobs[i] = (struct job){.name = "one", .fn = sleeps_its_time, .arg = "", .result = "not run"};
	if (gather(jobs, 2000, &e) != -1 || e.kind != ERR_LOCAL)
		return "gather";
	if (strcmp(jobs[0].result, "canceled") != 0 || strcmp(jobs[1999].result, "not run") != 0)
		return "results";
	return arg;
}

static int
out_of_memory(void)
{
	void *result = "";
	struct err e;

	if (!limit_memory(64 << 20))
		return SKIPPED;
	if (task_main(needs_too_much, "fine", &result, &e) != 0)
		return 1;
	if (strcmp(result, "fine") == 0)
		return 0;
	fprintf(stderr, "wrong: %s\n", (char *)result);
	return 2;
}

static struct own_case no_memory = {.run = out_of_memory};

static void
without_memory_group_go_fails_and_gather_cancels_what_it_started(void **state)
{
	(void)state;
	if (own_case_skipped(&no_memory))
		skip();
	assert_string_equal(no_memory.text, "");
	assert_int_equal(no_memory.status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_run_at_once_than_the_limit),
		cmocka_unit_test(without_a_limit_all_run_at_once),
		cmocka_unit_test(group_go_waits_for_room_and_no_longer),
		cmocka_unit_test(group_wait_for_waits_until_few_are_left),
		cmocka_unit_test(tasks_that_have_ended_leave_their_memory_to_the_next),
		cmocka_unit_test(after_canceling_group_wait_still_waits_for_all),
		cmocka_unit_test(canceling_the_one_that_waits_cancels_all_below_it_and_none_outlives_it),
		cmocka_unit_test(one_canceled_while_waiting_for_room_starts_nothing),
		cmocka_unit_test(gather_gives_results_in_the_order_of_the_jobs),
		cmocka_unit_test(a_canceled_gather_ends_when_its_jobs_have),
		cmocka_unit_test(without_memory_group_go_fails_and_gather_cancels_what_it_started),
	};

	alarm(300); /* a wait that never ends is a failure too */
	own_case_run(&no_memory);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
