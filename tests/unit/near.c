/* tests/unit/near.c: the name that was meant. */
#include "base/near.h"

#include "helper.h"

static void
name_that_is_near_enough_is_meant(void **state)
{
	static const char *const names[] = {"status", "state", "n", "tag", "target", "time_total", "total"};
	static const struct {
		const char *word, *want;
	} rows[] = {
		{"status", "status"},
		{"STATUS", "status"},
		{"statsu", "status"}, /* letters swapped */
		{"statu", "status"},
		{"sttus", "status"},
		{"statuss", "status"},
		{"stotus", "status"},
		{"xstatus", "status"},
		{"stats", "status"},
		{"stat", "state"},
		{"tgat", NULL},
		{"tagret", "target"},
		{"totl", "total"},
		{"time-total", "time_total"},
		{"timetotal", "time_total"},
		{"ta", "tag"},
		{"", NULL},
		{"x", NULL},
		{"server", NULL},
		{"content_type", NULL},
		{"statusstatusstatusstatusstatusstatus", NULL},
	};
	struct str word;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct near n = near_to(guarded(word = str_of(rows[i].word)));

		for (size_t k = 0; k < ROWS(names); k++)
			near_try(&n, str_of(names[k]));
		expect_str(word, n.best, str_of(rows[i].want ? rows[i].want : ""));
	}
}

static void
long_name_is_near_to_nothing(void **state)
{
	struct str name = repeated('x', NEAR_MAX + 1);
	struct near n = near_to(name);

	(void)state;
	near_try(&n, name);
	assert_null(n.best.s);
	name.n--;
	n = near_to(name);
	near_try(&n, name);
	assert_ptr_equal(n.best.s, name.s);
	free((void *)name.s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(name_that_is_near_enough_is_meant),
		cmocka_unit_test(long_name_is_near_to_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
