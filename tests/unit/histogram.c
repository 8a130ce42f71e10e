/* tests/unit/histogram.c: times are counted where they belong, and their picture says so. */
#include "awget/histogram.h"

#include <math.h>

#include "helper.h"

static struct histogram *
made(const double *times, size_t n)
{
	struct histogram *h = test_calloc(1, sizeof *h);

	for (size_t i = 0; i < n; i++)
		histogram_add(h, times[i]);
	return h;
}

static void
what_is_no_time_is_not_counted(void **state)
{
	static const double times[] = {NAN, -1, -1e-9};
	struct histogram *h = made(times, ROWS(times));
	size_t from = 7, to = 7;

	(void)state;
	assert_int_equal(h->n, 0);
	assert_true(isnan(histogram_percentile(h, 0.5)));
	histogram_span(h, 1, &from, &to);
	assert_int_equal(from, 0);
	assert_int_equal(to, 0);
	test_free(h);
}

static void
a_time_is_in_the_bar_around_it(void **state)
{
	static const double times[] = {0, 1e-6, 1.1e-5, 0.00101, 0.0123, 0.5, 1.1, 999, 1000, 1e9, INFINITY};

	(void)state;
	for (size_t i = 0; i < ROWS(times); i++) {
		struct histogram *h = made(times + i, 1);
		size_t bar = 0;

		while (!histogram_bar(h, bar))
			bar++;
		assert_true(times[i] >= histogram_edge(bar) || bar == 0);
		assert_true(times[i] < histogram_edge(bar + 1) || bar == HISTOGRAM_DECADES * HISTOGRAM_BARS - 1);
		test_free(h);
	}
}

static void
percentiles_are_right_to_within_three_percent(void **state)
{
	struct histogram *h = made(NULL, 0);

	(void)state;
	for (int i = 1; i <= 1000; i++)
		histogram_add(h, i / 1000.0);
	assert_true(fabs(histogram_percentile(h, 0.5) / 0.5 - 1) < 0.03);
	assert_true(fabs(histogram_percentile(h, 0.9) / 0.9 - 1) < 0.03);
	assert_true(fabs(histogram_percentile(h, 0.99) / 0.99 - 1) < 0.03);
	assert_true(histogram_percentile(h, 1) <= 1);
	test_free(h);
}

static void
the_span_is_in_whole_decades(void **state)
{
	struct histogram *h = test_calloc(2, sizeof *h);
	size_t from, to;

	(void)state;
	histogram_add(&h[1], 0.012);
	histogram_add(&h[0], 0.5);
	histogram_span(h, 2, &from, &to);
	assert_int_equal(from, 3); /* 10 ms */
	assert_int_equal(to, 5);   /* 1 s */
	test_free(h);
}

static size_t
count(const struct buf *b, const char *what)
{
	size_t n = 0;

	for (const char *at = b->s; (at = strstr(at, what)); at++)
		n++;
	return n;
}

static void
a_figure_has_a_bar_for_each_that_is_not_empty_and_words_for_all(void **state)
{
	static const double times[] = {0.011, 0.011, 0.3};
	struct histogram *h = made(times, ROWS(times));
	struct buf b = {0};

	(void)state;
	histogram_figure(h, "TLS", "tls", 3, 5, &b);
	buf_cstr(&b);
	assert_int_equal(count(&b, "<rect"), 2);
	assert_int_equal(count(&b, "aria-labelledby=\"tls-t tls-d\""), 1);
	assert_int_equal(count(&b, "<title id=tls-t>Times: TLS</title>"), 1);
	assert_int_equal(count(&b, "<title>10.0 ms to 15.8 ms: 2</title>"), 1);
	assert_int_equal(count(&b, ">10 ms</text>"), 1);
	assert_int_equal(count(&b, "<dt>median<dd>10.9 ms<"), 1);
	assert_int_equal(count(&b, "<dt>longest<dd>300 ms<"), 1);
	assert_int_equal(count(&b, "style="), 0);
	buf_clear(&b);
	test_free(h);
}

static void
nothing_has_no_figure(void **state)
{
	struct histogram *h = made(NULL, 0);
	struct buf b = {0};

	(void)state;
	histogram_figure(h, "TLS", "tls", 0, 1, &b);
	assert_int_equal(b.n, 0);
	test_free(h);
}

static void
a_table_has_a_row_a_bar(void **state)
{
	static const char *const names[] = {"DNS", "TLS"};
	struct histogram *h = test_calloc(2, sizeof *h);
	struct buf b = {0};

	(void)state;
	for (int i = 0; i < 1234; i++)
		histogram_add(&h[1], 0.012);
	histogram_table(h, names, 2, 3, 4, &b);
	buf_cstr(&b);
	assert_int_equal(count(&b, "<th scope=row>"), HISTOGRAM_BARS);
	assert_int_equal(count(&b, "<th scope=row>10.0 ms to 15.8 ms<td>0<td>1,234\n"), 1);
	buf_clear(&b);
	test_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_no_time_is_not_counted),
	    cmocka_unit_test(a_time_is_in_the_bar_around_it),
	    cmocka_unit_test(percentiles_are_right_to_within_three_percent),
	    cmocka_unit_test(the_span_is_in_whole_decades),
	    cmocka_unit_test(a_figure_has_a_bar_for_each_that_is_not_empty_and_words_for_all),
	    cmocka_unit_test(nothing_has_no_figure),
	    cmocka_unit_test(a_table_has_a_row_a_bar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
