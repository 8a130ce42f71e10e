/* unit/rate.c: what a rate is; starts are an interval apart, and no pause is saved up. */
#include "awget/rate.h"

#include <math.h>

#include "helper.h"

static void
a_rate_is_a_number_for_a_time(void **state)
{
	static const struct {
		const char *text;
		double interval; /* 0: it is none */
	} rows[] = {
	    {"1/s", 1}, {"100/s", 0.01}, {"5/15s", 3}, {"60/m", 1}, {"3600/h", 1}, {"1/100ms", 0.1}, {"2/ms", 0.0005},
	    {"1000000/s", 1e-6}, {"10", 0.1}, {"1/2.5s", 2.5}, {"2/24h", 43200},
	    {"", 0}, {"/s", 0}, {"0/s", 0}, {"1000001/s", 0}, {"1/", 0}, {"1/d", 0}, {"1/0s", 0}, {"1/15", 0},
	    {"-1/s", 0}, {"1.5/s", 0}, {"1 /s", 0}, {"1/s/s", 0}, {"1/ss", 0}, {"s", 0}, {"1e3/s", 0}, {"inf", 0},
	    {"1/12345678901234567890s", 0}, {"99999999999999999999", 0}, {"1/ s", 0}, {"1/mmmmmmmmmm", 0},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct rate r = {0};

		expect_int(str_of(rows[i].text), rate_parse(&r, rows[i].text), rows[i].interval != 0);
		if (fabs(r.interval - rows[i].interval) > 1e-9)
			fail_msg("%s: %g", rows[i].text, r.interval);
	}
}

static void
starts_are_an_interval_apart(void **state)
{
	static const struct {
		double now, due;
	} rows[] = {
	    {100, 100},
	    {100, 101},     /* asked for early: it has to wait */
	    {101, 102},
	    {102.01, 103},  /* a little late, which is made up for */
	    {104.015, 104}, /* late itself */
	    {104.5, 105},
	    {200, 199.98},  /* after a long pause: at once, and then one after the other again */
	    {200, 200.98},
	    {200.98, 201.98},
	};
	struct rate r;

	(void)state;
	assert_true(rate_parse(&r, "1/s"));
	for (size_t i = 0; i < ROWS(rows); i++) {
		double due = rate_take(&r, rows[i].now);

		if (fabs(due - rows[i].due) > 1e-9)
			fail_msg("row %zu: %g, not %g", i, due, rows[i].due);
	}
}

/* However late each start is, up to what is made up for, there are as many as there should be; and never more at once. */
static void
the_average_holds(void **state)
{
	struct rate r;
	double now = 0;
	int n = 0;

	(void)state;
	assert_true(rate_parse(&r, "1000/s"));
	for (; now < 10; n++) {
		double due = rate_take(&r, now);

		now = fmax(now, due) + (n % 7 ? 0 : 0.005); /* every now and then it wakes late */
	}
	assert_in_range(n, 9990, 10021);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_rate_is_a_number_for_a_time),
	    cmocka_unit_test(starts_are_an_interval_apart),
	    cmocka_unit_test(the_average_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
