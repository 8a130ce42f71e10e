/* unit/limiter.c: never more at an address than there are places; each in its turn; nothing is left behind. */
#include "net/limiter.h"

#include <math.h>

#include "helper.h"
#include "rt/group.h"

static struct limiter *limiter;
static char trace[200];
static int inside, most;

struct visitor {
	const char *name, *address;
	int yields; /* how long it stays */
};

static void *
visit(void *arg)
{
	const struct visitor *v = arg;
	struct addr a;
	struct err e;

	assert_true(addr_parse(&a, v->address, (uint16_t)v->yields));
	if (limiter->enter(limiter, &a, true, &e) != 0) {
		assert_int_equal(e.kind, ERR_CANCELED);
		strcat(trace, "canceled ");
		return NULL;
	}
	most = ++inside > most ? inside : most;
	strcat(trace, v->name);
	strcat(trace, " ");
	for (int i = 0; i < v->yields; i++)
		assert_int_equal(task_yield(NULL), 0);
	inside--;
	limiter->leave(limiter, &a);
	return NULL;
}

static void
start(struct group *g, struct visitor *v, size_t n)
{
	group_init(g, 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(group_go(g, v[i].name, visit, &v[i], NULL), 0);
}

static void *
come_in_turn(void *arg)
{
	struct visitor v[] = {{"a", "192.0.2.1", 9}, {"b", "192.0.2.1", 3}, {"c", "192.0.2.1", 1}, {"d", "192.0.2.1", 1},
	    {"e", "192.0.2.1", 1}};
	struct group g;

	start(&g, v, ROWS(v));
	group_wait(&g, NULL);
	assert_string_equal(trace, "a b c d e ");
	assert_int_equal(most, 2);
	return arg;
}

static void *
are_apart(void *arg)
{
	struct visitor v[] = {{"a", "192.0.2.1", 5}, {"b", "192.0.2.2", 5}, {"c", "2001:db8::1", 5}, {"d", "192.0.2.1", 5},
	    {"e", "192.0.2.2", 5}, {"f", "2001:db8::1", 5}};
	struct group g;

	start(&g, v, ROWS(v));
	group_wait(&g, NULL);
	assert_string_equal(trace, "a b c d e f ");
	assert_int_equal(most, 6);
	return arg;
}

static void *
give_up(void *arg)
{
	struct visitor v[] = {{"a", "192.0.2.1", 4}, {"b", "192.0.2.1", 4}}, w[] = {{"c", "192.0.2.1", 1}, {"d", "192.0.2.1", 1}};
	struct group g, h;
	struct addr a;

	assert_true(addr_parse(&a, "192.0.2.1", 1));
	start(&g, v, ROWS(v));
	start(&h, w, ROWS(w));
	task_yield(NULL);
	assert_int_equal(limiter->enter(limiter, &a, false, NULL), 1); /* who does not wait is told */
	group_cancel(&h);
	group_wait(&h, NULL);
	group_wait(&g, NULL);
	assert_string_equal(trace, "a b canceled canceled ");
	assert_int_equal(limiter->enter(limiter, &a, false, NULL), 0);
	assert_int_equal(limiter->enter(limiter, &a, false, NULL), 0);
	assert_int_equal(limiter->enter(limiter, &a, false, NULL), 1);
	limiter->leave(limiter, &a);
	limiter->leave(limiter, &a);
	return arg;
}

static void
run(task_fn *fn)
{
	limiter = limiter_new(2);
	trace[0] = '\0';
	inside = most = 0;
	assert_int_equal(task_main(fn, NULL, NULL, NULL), 0);
	limiter_free(limiter);
}

static void
visitors_come_in_their_turn(void **state)
{
	(void)state;
	run(come_in_turn);
}

static void
addresses_have_nothing_to_do_with_each_other(void **state)
{
	(void)state;
	run(are_apart);
}

static void
who_gives_up_holds_nobody_back(void **state)
{
	(void)state;
	run(give_up);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(visitors_come_in_their_turn),
	    cmocka_unit_test(addresses_have_nothing_to_do_with_each_other),
	    cmocka_unit_test(who_gives_up_holds_nobody_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
