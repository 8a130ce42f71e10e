/* tests/unit/real.c: what is larger, smaller or nearest, of what is no number, too. */
#include "base/real.h"

#include "helper.h"

static bool
same(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static void
larger_and_smaller(void **state)
{
	static const struct {
		double a, b, larger, smaller;
	} rows[] = {
		{1, 2, 2, 1},
		{-1, -2, -1, -2},
		{3, 3, 3, 3},
		{0, INFINITY, INFINITY, 0},
		{0, -INFINITY, 0, -INFINITY},
		{1, NAN, 1, 1},
		{-INFINITY, NAN, -INFINITY, -INFINITY},
		{INFINITY, NAN, INFINITY, INFINITY},
		{NAN, NAN, NAN, NAN},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_true(same(real_max(rows[i].a, rows[i].b), rows[i].larger));
		assert_true(same(real_max(rows[i].b, rows[i].a), rows[i].larger));
		assert_true(same(real_min(rows[i].a, rows[i].b), rows[i].smaller));
		assert_true(same(real_min(rows[i].b, rows[i].a), rows[i].smaller));
	}
}

static void
the_nearest_integer(void **state)
{
	static const struct {
		double x;
		unsigned long long nearest;
	} rows[] = {
		{0, 0}, {0.4, 0}, {0.5, 1}, {1.5, 2}, {2.49, 2}, {1e15 + 0.5, 1000000000000001},
		{-0.4, 0}, {-7, 0}, {-INFINITY, 0}, {NAN, 0},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(real_round(rows[i].x), rows[i].nearest);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(larger_and_smaller),
		cmocka_unit_test(the_nearest_integer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
