/* tests/unit/number.c: numbers, units, ranges. */
#include "check/number.h"

#include <math.h>

#include "helper.h"

static void
number_is_decimal_and_may_have_a_unit(void **state)
{
	static const struct {
		struct str text;
		double decimal, unit; /* NAN: it is none */
	} rows[] = {
		{STR("0"), 0, 0},
		{STR("12"), 12, 12},
		{STR("007"), 7, 7},
		{STR("-1.25"), -1.25, -1.25},
		{STR("+3"), 3, 3},
		{STR("0.1"), 0.1, 0.1},
		{STR("50%"), 0.5, 0.5},
		{STR(" 12\t"), 12, NAN},
		{STR("2ms"), NAN, 0.002},
		{STR("2s"), NAN, 2},
		{STR("1.5m"), NAN, 90},
		{STR("2h"), NAN, 7200},
		{STR("180d"), NAN, 15552000},
		{STR("2k"), NAN, 2048},
		{STR("1M"), NAN, 1048576},
		{STR("1G"), NAN, 1073741824},
		{STR("1K"), NAN, NAN},
		{STR("2 s"), NAN, NAN},
		{STR("2ss"), NAN, NAN},
		{STR(""), NAN, NAN},
		{STR("-"), NAN, NAN},
		{STR("."), NAN, NAN},
		{STR(".5"), NAN, NAN},
		{STR("5."), NAN, NAN},
		{STR("1.2.3"), NAN, NAN},
		{STR("0x10"), NAN, NAN},
		{STR("1e3"), NAN, NAN},
		{STR("--1"), NAN, NAN},
		{STR("nan"), NAN, NAN},
		{STR("1\0"), NAN, NAN},
	};
	struct str digits = repeated('9', 400);
	double x;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		expect_int(rows[i].text, number_decimal(guarded(rows[i].text), &x), !isnan(rows[i].decimal));
		expect_int(rows[i].text, isnan(rows[i].decimal) || x == rows[i].decimal, true);
		expect_int(rows[i].text, number_with_unit(guarded(rows[i].text), &x), !isnan(rows[i].unit));
		expect_int(rows[i].text, isnan(rows[i].unit) || x == rows[i].unit, true);
	}
	assert_false(number_decimal(digits, &x));
	free((char *)digits.s);
}

static void
range_is_a_class_or_has_two_ends(void **state)
{
	static const struct {
		struct str text;
		double low, high; /* NAN: it is none */
	} rows[] = {
		{STR("2xx"), 200, 299},
		{STR("9XX"), 900, 999},
		{STR("0xx"), NAN, NAN},
		{STR("2x"), NAN, NAN},
		{STR("2xxx"), NAN, NAN},
		{STR("1..9"), 1, 9},
		{STR("1.5..2.5"), 1.5, 2.5},
		{STR("1s..2m"), 1, 120},
		{STR("-2..-1"), -2, -1},
		{STR("9..1"), 9, 1},
		{STR("1..."), NAN, NAN},
		{STR("..1"), NAN, NAN},
		{STR("1.."), NAN, NAN},
		{STR("a..b"), NAN, NAN},
		{STR("1..2..3"), NAN, NAN},
		{STR(""), NAN, NAN},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		double low, high;

		expect_int(rows[i].text, number_range(guarded(rows[i].text), &low, &high), !isnan(rows[i].low));
		if (!isnan(rows[i].low))
			expect_int(rows[i].text, low == rows[i].low && high == rows[i].high, true);
	}
}

static void
number_is_shown_with_the_decimals_it_takes(void **state)
{
	static const struct {
		double x;
		const char *text;
	} rows[] = {
		{0, "0"}, {200, "200"}, {-5, "-5"}, {0.001, "0.001"}, {1.5, "1.5"}, {2.0000001, "2"}, {-0.25, "-0.25"},
		{123456789012, "123456789012"}, {0.123456789, "0.123457"}, {1e300, "1e+300"}, {-1e300, "-1e+300"},
		{100.5, "100.5"}, {1e20, "1e+20"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char text[NUMBER_TEXT];

		expect_str(str_of(rows[i].text), number_text(rows[i].x, text), str_of(rows[i].text));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(number_is_decimal_and_may_have_a_unit),
		cmocka_unit_test(range_is_a_class_or_has_two_ends),
		cmocka_unit_test(number_is_shown_with_the_decimals_it_takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
