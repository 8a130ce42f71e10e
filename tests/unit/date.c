/* tests/unit/date.c: dates in fields, and how long Retry-After asks to wait. */
#include "http/date.h"

#include <stdio.h>

#include "helper.h"

enum { NOW = 784111777, YEAR = 365 * 86400 }; /* 06 Nov 1994 08:49:37 */

struct row {
	struct str in;
	long long t;
};

static void
check_good(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		time_t t = -1;

		expect_int(rows[i].in, http_date(guarded(rows[i].in), NOW, &t), true);
		expect_int(rows[i].in, t, rows[i].t);
	}
}

static void
all_three_formats_are_understood(void **state)
{
	static const struct row rows[] = {
		{STR("Sun, 06 Nov 1994 08:49:37 GMT"), NOW},
		{STR("Sunday, 06-Nov-94 08:49:37 GMT"), NOW},
		{STR("Sun Nov  6 08:49:37 1994"), NOW},
		{STR("Thu, 01 Jan 1970 00:00:00 GMT"), 0},
		{STR("Wed, 31 Dec 1969 23:59:59 GMT"), -1},
		{STR("Tue, 29 Feb 2000 12:00:00 GMT"), 951825600},
		{STR("Wed Feb 28 23:59:59 1900"), -2203891201},
		{STR("Thu, 31 Dec 1998 23:59:60 GMT"), 915148800},
		{STR("Tue, 19 Jan 2038 03:14:08 GMT"), 2147483648},
		{STR("Fri, 31 Dec 9999 23:59:59 GMT"), 253402300799},
		{STR("Mon, 01 Jan 0001 00:00:00 GMT"), -62135596800},
	};

	(void)state;
	check_good(rows, ROWS(rows));
}

static void
what_every_client_forgives_is_forgiven(void **state)
{
	static const struct row rows[] = {
		{STR(" \tSun, 06 Nov 1994 08:49:37 GMT "), NOW}, {STR("sun, 06 NOV 1994 08:49:37 gmt"), NOW},
		{STR("Fri, 06 Nov 1994 08:49:37 GMT"), NOW}, {STR("Sun, 6 Nov 1994 08:49:37 GMT"), NOW},
		{STR("Sun, 06-Nov-1994 08:49:37 GMT"), NOW}, {STR("Sun, 06 Nov 94 08:49:37 GMT"), NOW},
		{STR("Sunday, 06 Nov 1994 08:49:37 GMT"), NOW}, {STR("Sun, 06-Nov-94 08:49:37 GMT"), NOW},
		{STR("Sun Nov 6 08:49:37 1994"), NOW}, {STR("Sun Nov 06 08:49:37 1994"), NOW},
	};

	(void)state;
	check_good(rows, ROWS(rows));
}

/* Each month's first and last day are beside each other, and years have the days that they have. */
static void
calendar_has_no_gaps(void **state)
{
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
	};
	long long next = -62135596800;

	(void)state;
	for (int year = 1; year <= 2500; year++) {
		for (int month = 0; month < 12; month++) {
			int day = 1;
			time_t t;

			for (; day <= 32; day++) {
				char text[40];
				int n = snprintf(text, sizeof text, "Mon, %02d %s %04d 00:00:00 GMT", day,
				    months[month], year);

				if (!http_date((struct str){text, (size_t)n}, 0, &t))
					break;
				expect_int(str_of(text), t, next);
				next += 86400;
			}
			assert_in_range(day, 29, 32);
		}
	}
	assert_int_equal(next, 16756761600); /* date -u -d 2501-01-01 +%s */
}

static void
year_of_two_digits_is_at_most_50_years_away(void **state)
{
	static const struct {
		struct str in;
		long long now, t;
	} rows[] = {
		{STR("Sunday, 06-Nov-94 08:49:37 GMT"), 0, NOW},
		{STR("Sunday, 06-Nov-44 08:49:37 GMT"), NOW, 2362034977},        /* 50 years to the second */
		{STR("Sunday, 06-Nov-44 08:49:38 GMT"), NOW, -793725022}, /* and one more: 1944 */
		{STR("Sunday, 06-Nov-45 08:49:37 GMT"), NOW, -762189023},
		{STR("Saturday, 01-Jan-00 00:00:00 GMT"), NOW, 946684800},
		{STR("Saturday, 01-Jan-00 00:00:00 GMT"), 4102444799, 4102444800}, /* the end of 2099 */
		{STR("Tuesday, 29-Feb-00 00:00:00 GMT"), NOW, 951782400},
		{STR("Monday, 31-Dec-99 23:59:59 GMT"), 1766000000, 946684799},
		{STR("Monday, 31-Dec-70 23:59:59 GMT"), 1766000000, 3187295999},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		time_t t = -1;

		expect_int(rows[i].in, http_date(guarded(rows[i].in), rows[i].now, &t), true);
		expect_int(rows[i].in, t, rows[i].t);
	}
}

static void
what_is_no_date_is_refused(void **state)
{
	static const struct str rows[] = {
		STR(""), STR("0"), STR("now"), STR("Sun"), STR("Sun,"), STR("1994-11-06T08:49:37Z"),
		STR("06 Nov 1994 08:49:37 GMT"),
		STR("Xun, 06 Nov 1994 08:49:37 GMT"), STR("Sun, 06 Nov 1994 08:49:37"),
		STR("Sun, 06 Nov 1994 08:49:37 PST"),
		STR("Sun, 06 Nov 1994 08:49:37 GMT+1"), STR("Sun, 06 Nov 1994 08:49:37 GMTx"),
		STR("Sun,06 Nov 1994 08:49:37 GMT"),
		STR("Sun, 06 Nov 1994 8:49:37 GMT"), STR("Sun, 06 Nov 1994 08:49 GMT"),
		STR("Sun, 06 Nov 1994 24:00:00 GMT"),
		STR("Sun, 06 Nov 1994 08:60:00 GMT"), STR("Sun, 06 Nov 1994 08:00:61 GMT"),
		STR("Sun, 00 Nov 1994 08:49:37 GMT"),
		STR("Sun, 31 Nov 1994 08:49:37 GMT"), STR("Sun, 29 Feb 1900 08:49:37 GMT"),
		STR("Sun, 29-Feb-01 08:49:37 GMT"),
		STR("Sun, 006 Nov 1994 08:49:37 GMT"), STR("Sun, 06 Noy 1994 08:49:37 GMT"),
		STR("Sun, 06 Nov 994 08:49:37 GMT"),
		STR("Sun, 06 Nov 19940 08:49:37 GMT"), STR("Sun, 06 Nov 0000 08:49:37 GMT"),
		STR("Sun, 06-Nov 1994 08:49:37 GMT"),
		STR("Sun, -6 Nov 1994 08:49:37 GMT"), STR("Sun Nov  6 08:49:37 94"),
		STR("Sun Nov  6 08:49:37 1994 GMT"),
		STR("Sun Nov   6 08:49:37 1994"), STR("Sun Nov  6 1994 08:49:37"),
		STR("Sun, 06 Nov 1994 08:49:37 GMT\0"),
	};
	time_t t;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_int(rows[i], http_date(guarded(rows[i]), NOW, &t), false);
}

static void
every_prefix_is_read_within_its_bounds(void **state)
{
	static const char *const rows[] = {
		"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
	};
	double seconds;
	time_t t;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		for (size_t n = 0; n <= strlen(rows[i]); n++) {
			struct str in = {rows[i], n};

			expect_int(in, http_date(guarded(in), NOW, &t), n == strlen(rows[i]));
			expect_int(in, http_retry_after(guarded(in), NOW, &seconds), n == strlen(rows[i]));
		}
	}
}

static void
retry_after_is_seconds_or_a_date(void **state)
{
	static const struct {
		struct str in;
		double seconds; /* -1: refused */
	} rows[] = {
		{STR("0"), 0}, {STR("120"), 120}, {STR(" 7\t"), 7}, {STR("007"), 7},
		{STR("Sun, 06 Nov 1994 08:50:37 GMT"), 60}, {STR("Sunday, 06-Nov-94 08:49:38 GMT"), 1},
		{STR("Sun Nov  6 08:49:37 1994"), 0}, {STR("Sun, 06 Nov 1994 08:49:36 GMT"), 0},
		{STR("Thu, 01 Jan 1970 00:00:00 GMT"), 0}, {STR("Mon, 06 Nov 1995 08:49:37 GMT"), YEAR},
		{STR("31622399"), RETRY_AFTER_MAX - 1}, {STR("31622401"), RETRY_AFTER_MAX},
		{STR("18446744073709551617"), RETRY_AFTER_MAX}, {STR("Fri, 31 Dec 9999 23:59:59 GMT"), RETRY_AFTER_MAX},
		{STR(""), -1}, {STR(" "), -1}, {STR("-1"), -1}, {STR("+1"), -1}, {STR("1.5"), -1}, {STR("1 2"), -1},
		{STR("5s"), -1},
		{STR("0x10"), -1}, {STR("1e3"), -1}, {STR("soon"), -1}, {STR("inf"), -1}, {STR("120\0"), -1},
		{STR("120, Sun, 06 Nov 1994 08:50:37 GMT"), -1},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		double seconds = -1;

		expect_int(rows[i].in, http_retry_after(guarded(rows[i].in), NOW, &seconds), rows[i].seconds >= 0);
		if (rows[i].seconds >= 0)
			assert_true(seconds == rows[i].seconds);
	}
}

static void
endless_digits_are_the_most(void **state)
{
	struct str digits = repeated('9', 100000);
	double seconds = -1;

	(void)state;
	assert_true(http_retry_after(guarded(digits), NOW, &seconds));
	assert_true(seconds == RETRY_AFTER_MAX);
	free((char *)digits.s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_three_formats_are_understood),
		cmocka_unit_test(what_every_client_forgives_is_forgiven),
		cmocka_unit_test(calendar_has_no_gaps),
		cmocka_unit_test(year_of_two_digits_is_at_most_50_years_away),
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(every_prefix_is_read_within_its_bounds),
		cmocka_unit_test(retry_after_is_seconds_or_a_date),
		cmocka_unit_test(endless_digits_are_the_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
