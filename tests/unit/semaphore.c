/* unit/semaphore.c: places are handed over in the order of coming, and none is lost. */
#include "rt/semaphore.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rt/group.h"

static char trace[256];
static struct semaphore s;

static void
note(const char *what)
{
	strcat(trace, what);
	strcat(trace, " ");
}

static void
run(task_fn *fn, size_t places)
{
	struct err e;

	trace[0] = '\0';
	s = (struct semaphore){.places = places};
	assert_int_equal(task_main(fn, NULL, NULL, &e), 0);
	assert_null(s.first);
	assert_null(s.last);
}

static void *
takes(void *arg)
{
	struct err e;

	if (semaphore_acquire(&s, INFINITY, &e) == 0) {
		note(arg);
		return arg;
	}
	assert_int_equal(e.kind, ERR_CANCELED);
	note("canceled");
	return NULL;
}

static struct task *
start(void *name)
{
	struct err e;
	struct task *t = task_start("test", takes, name, NULL, &e);

	assert_non_null(t);
	return t;
}

static void
join(struct task *t)
{
	assert_int_equal(task_join(t, NULL, NULL), 0);
}

static void *
two_of_four(void *arg)
{
	struct task *a = start("a"), *b = start("b"), *c = start("c"), *d = start("d");

	join(a), join(b);
	assert_int_equal(task_yield(NULL), 0);
	note("release");
	semaphore_release(&s, 1);
	/* handed to c: nobody who comes now is faster */
	assert_int_equal(semaphore_acquire(&s, 0, NULL), -1);
	join(c);
	semaphore_release(&s, 5);
	join(d);
	assert_int_equal(s.places, 4);
	return arg;
}

static void
who_finds_no_place_waits_in_the_order_of_coming(void **state)
{
	(void)state;
	run(two_of_four, 2);
	assert_string_equal(trace, "a b release c d ");
}

static void *
cancels_the_middle_one(void *arg)
{
	struct task *a = start("a"), *b = start("b"), *c = start("c");

	assert_int_equal(task_yield(NULL), 0);
	task_cancel(b);
	join(b);
	semaphore_release(&s, 2);
	join(a), join(c);
	assert_int_equal(s.places, 0);
	return arg;
}

static void
one_that_is_canceled_leaves_the_line(void **state)
{
	(void)state;
	run(cancels_the_middle_one, 0);
	assert_string_equal(trace, "canceled a c ");
}

static void *
gives_and_cancels(void *arg)
{
	struct task *a = start("a");

	assert_int_equal(task_yield(NULL), 0);
	semaphore_release(&s, 1);
	task_cancel(a);
	join(a);
	assert_int_equal(s.places, 0);
	return arg;
}

static void
a_place_that_was_handed_over_is_kept_also_when_canceled(void **state)
{
	(void)state;
	run(gives_and_cancels, 0);
	assert_string_equal(trace, "a ");
}

static void *
gives_up(void *arg)
{
	double deadline = task_now() + .01;
	struct err e;

	assert_int_equal(semaphore_acquire(&s, deadline, &e), -1);
	assert_int_equal(e.kind, ERR_TIMEOUT);
	assert_true(task_now() >= deadline);
	semaphore_release(&s, 1);
	assert_int_equal(semaphore_acquire(&s, 0, &e), 0); /* there is one: no wait, no deadline */
	return arg;
}

static void
a_deadline_ends_the_wait(void **state)
{
	(void)state;
	run(gives_up, 0);
}

static int inside, most;

static void *
takes_turns(void *arg)
{
	for (int i = 0; i < 20; i++) {
		assert_int_equal(semaphore_acquire(&s, INFINITY, NULL), 0);
		if (++inside > most)
			most = inside;
		assert_int_equal(task_yield(NULL), 0);
		inside--;
		semaphore_release(&s, 1);
	}
	return arg;
}

static void *
fifty_take_turns(void *arg)
{
	struct group g;

	inside = most = 0;
	group_init(&g, 0);
	for (int i = 0; i < 50; i++)
		assert_int_equal(group_go(&g, "turns", takes_turns, NULL, NULL), 0);
	assert_int_equal(group_wait(&g, NULL), 0);
	assert_int_equal(most, 7);
	assert_int_equal(s.places, 7);
	return arg;
}

static void
never_more_are_inside_than_there_are_places(void **state)
{
	(void)state;
	run(fifty_take_turns, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_finds_no_place_waits_in_the_order_of_coming),
		cmocka_unit_test(one_that_is_canceled_leaves_the_line),
		cmocka_unit_test(a_place_that_was_handed_over_is_kept_also_when_canceled),
		cmocka_unit_test(a_deadline_ends_the_wait),
		cmocka_unit_test(never_more_are_inside_than_there_are_places),
	};

	alarm(300); /* a wait that never ends is a failure too */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
