/* tests/unit/stats.c: counts of outcomes, and percentiles held against the sorted times. */
#include "awget/stats.h"

#include <math.h>
#include <stdio.h>

#include "helper.h"

static struct result
answer(double dns, double connect, double first_byte, double total)
{
	return (struct result){
		.timing = {.dns = dns, .connect = connect, .tls = NAN, .first_byte = first_byte, .total = total}};
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The numbers of the line that begins with name: p50, p90, p99 and the greatest. False if there is none. */
static bool
find_row(struct buf *report, const char *name, double row[4])
{
	char pattern[32];
	const char *line;

	snprintf(pattern, sizeof pattern, "\n%-12s", name);
	line = strstr(buf_cstr(report), pattern);
	return line && sscanf(line + strlen(pattern), "%lf %lf %lf %lf\n", &row[0], &row[1], &row[2], &row[3]) == 4;
}

/* Of n times (in seconds), the report's numbers are those of the sorted times, to 1/32. */
static void
expect_percentiles(const char *what, double *times, size_t n)
{
	static const double shares[] = {0.5, 0.9, 0.99};
	struct stats *s = stats_new();
	struct buf report = {0};
	double row[4];

	for (size_t i = 0; i < n; i++) {
		struct result r = answer(NAN, NAN, NAN, times[i]);

		stats_add(s, &r);
	}
	stats_report(s, 1, 0, &report);
	assert_true(find_row(&report, "total", row));
	qsort(times, n, sizeof *times, by_size);
	for (size_t i = 0; i < ROWS(shares); i++) {
		double want = times[(size_t)ceil((double)n * shares[i]) - 1] * 1e3;

		/* two digits more are lost in print; below a microsecond all is one */
		if (fabs(row[i] - want) > want / 32 + 0.0016)
			fail_msg("%s: of %zu times, p%g is %g ms, not %g ms", what, n, shares[i] * 100, row[i], want);
	}
	assert_true(fabs(row[3] - times[n - 1] * 1e3) <= 0.00051);
	buf_clear(&report);
	stats_free(s);
}

static void
percentiles_are_right_to_one_in_32(void **state)
{
	static const size_t counts[] = {1, 2, 3, 9, 10, 11, 99, 100, 101, 5000};
	static double times[5000];

	(void)state;
	srand(7);
	for (size_t i = 0; i < ROWS(counts); i++) {
		size_t n = counts[i];

		for (size_t k = 0; k < n; k++)
			times[k] = (double)(k + 1) * 1e-3;
		expect_percentiles("steps", times, n);
		for (size_t k = 0; k < n; k++)
			times[k] = exp((double)rand() / RAND_MAX * 20 - 14); /* a microsecond to six minutes */
		expect_percentiles("of every size", times, n);
		for (size_t k = 0; k < n; k++)
			times[k] = k % 10 ? 0.002 : 30;
		expect_percentiles("two heaps", times, n);
		for (size_t k = 0; k < n; k++)
			times[k] = 0.125;
		expect_percentiles("all the same", times, n);
	}
}

static void
times_of_any_size_are_taken(void **state)
{
	static const double rows[] = {0, 1e-9, 9.99e-7, 1e-6, 1.0000001e-6, 1, 3600, 1e6, 1e9, 1e300};
	struct stats *s = stats_new();
	struct buf report = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		double one[] = {rows[i]};

		if (rows[i] < 1e7) /* more than that is one heap */
			expect_percentiles("one", one, 1);
	}
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct result r = answer(NAN, NAN, NAN, rows[i]);

		stats_add(s, &r);
	}
	stats_report(s, 1, 0, &report);
	buf_clear(&report);
	stats_free(s);
}

static void
report_counts_outcomes_and_times_phases(void **state)
{
	static const struct {
		double dns, connect, first_byte, total;
		enum err_kind kind;
	} rows[] = {
		{0.001, 0.003, 0.007, 0.0165, ERR_NONE},
		{NAN, NAN, NAN, 5, ERR_DNS_TIMEOUT},
		{0.001, 0.003, 0.007, 0.0165, ERR_NONE},
		{0.001, NAN, NAN, 0.002, ERR_CONNECT_REFUSED},
		{0.001, 0.003, 0.007, 0.008, ERR_CLOSED},
	};
	struct stats *s = stats_new();
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct result r = answer(rows[i].dns, rows[i].connect, rows[i].first_byte, rows[i].total);

		r.err.kind = rows[i].kind;
		stats_add(s, &r);
	}
	buf_str(&b, STR("before\n"));
	stats_report(s, 2.5, 0, &b);
	expect_str(STR("report"), buf_view(&b), STR(
		"before\n"
		"5 targets in 2.500 s, 2 a second\n"
		"answered         2\n"
		"dns-timeout      1\n"
		"connect-refused  1\n"
		"closed           1\n"
		"                   p50       p90       p99       max  (milliseconds)\n"
		"dns              1.000     1.000     1.000     1.000\n"
		"connect          2.000     2.000     2.000     2.000\n"
		"first byte       4.000     4.000     4.000     4.000\n"
		"head             9.500     9.500     9.500     9.500\n"
		"total           16.500    16.500    16.500    16.500\n"
		"longest pause of the loop: 0.000 ms\n"));
	buf_clear(&b);
	stats_free(s);
}

/* Of several requests the phases are those of the last, which began later; the whole is the whole. */
static void
phases_are_those_of_the_last_request(void **state)
{
	struct stats *s = stats_new();
	struct result r = answer(1.001, 1.003, 1.047, 1.0565);
	struct buf b = {0};

	(void)state;
	r.timing.begun = 1;
	r.timing.tls = 1.033;
	stats_add(s, &r);
	stats_report(s, 2, 0.0125, &b);
	expect_str(STR("report"), buf_view(&b), STR(
		"1 target in 2.000 s, 0 a second\n"
		"answered         1\n"
		"                   p50       p90       p99       max  (milliseconds)\n"
		"dns              1.000     1.000     1.000     1.000\n"
		"connect          2.000     2.000     2.000     2.000\n"
		"tls             29.952    29.952    29.952    30.000\n"
		"first byte      13.952    13.952    13.952    14.000\n"
		"head             9.500     9.500     9.500     9.500\n"
		"total         1056.500  1056.500  1056.500  1056.500\n"
		"longest pause of the loop: 12.500 ms\n"));
	buf_clear(&b);
	stats_free(s);
}

static void
verdicts_are_counted(void **state)
{
	static const struct {
		int agree, disagree;
		struct str want;
	} rows[] = {
		{1, 0, STR("addresses agree for 1 target, not for 0\n")},
		{0, 1, STR("addresses agree for 0 targets, not for 1\n")},
		{2, 3, STR("addresses agree for 2 targets, not for 3\n")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct stats *s = stats_new();
		struct buf got = {0}, want = {0};

		for (int k = 0; k < rows[i].agree + rows[i].disagree; k++)
			stats_add_verdict(s, k < rows[i].agree);
		stats_report(s, 1, 0, &got);
		buf_printf(&want, "0 targets in 1.000 s, 0 a second\n%slongest pause of the loop: 0.000 ms\n", rows[i].want.s);
		expect_str(rows[i].want, buf_view(&got), buf_view(&want));
		buf_clear(&got);
		buf_clear(&want);
		stats_free(s);
	}
}

static void
one_that_failed_at_once_is_a_report(void **state)
{
	struct stats *s = stats_new();
	struct result r = answer(NAN, NAN, NAN, 0.001);
	struct buf b = {0};

	(void)state;
	r.err.kind = ERR_INPUT;
	stats_add(s, &r);
	stats_report(s, 0.5, 0, &b);
	expect_str(STR("report"), buf_view(&b), STR(
		"1 target in 0.500 s, 2 a second\ninput            1\nlongest pause of the loop: 0.000 ms\n"));
	buf_clear(&b);
	stats_free(s);
}

static void
nothing_fetched_is_a_report_too(void **state)
{
	struct stats *s = stats_new();
	struct buf b = {0};

	(void)state;
	stats_report(s, 0, 0, &b);
	expect_str(STR("report"), buf_view(&b), STR(
		"0 targets in 0.000 s, 0 a second\nlongest pause of the loop: 0.000 ms\n"));
	buf_clear(&b);
	stats_free(s);
	stats_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(percentiles_are_right_to_one_in_32),
		cmocka_unit_test(times_of_any_size_are_taken),
		cmocka_unit_test(report_counts_outcomes_and_times_phases),
		cmocka_unit_test(phases_are_those_of_the_last_request),
		cmocka_unit_test(verdicts_are_counted),
		cmocka_unit_test(one_that_failed_at_once_is_a_report),
		cmocka_unit_test(nothing_fetched_is_a_report_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
