/* tests/unit/progress.c: the line of --progress: counts, rate, and time left where it can be known. */
#include "awget/progress.h"

#include <math.h>

#include "helper.h"

static void
line_tells_counts_rate_and_time_left(void **state)
{
	static const struct {
		struct progress p;
		struct str want;
	} rows[] = {
		{{0, 0, 0, 0, 0, NAN}, STR("awget: 0 done, 0 failed, 0 in flight, 0/s")},
		{{0, 0, 0, 0, 0, 0}, STR("awget: 0 done, 0 failed, 0 in flight, 0/s")},
		{{5, 5, 0, 0, 1, 0.5}, STR("awget: 0 done, 0 failed, 5 in flight, 0/s")},
		{{1456, 1456, 1200, 3, 1.478, NAN}, STR("awget: 1200 done, 3 failed, 256 in flight, 812/s")},
		/* 10 of 40 begun, 5 done in 5 s: 35 more */
		{{10, 10, 5, 1, 5, 0.25}, STR("awget: 5 done, 1 failed, 5 in flight, 1/s, 0:35 left")},
		{{10, 10, 10, 10, 10, 1}, STR("awget: 10 done, 10 failed, 0 in flight, 1/s, 0:00 left")},
		{{10, 10, 5, 0, 5, 1}, STR("awget: 5 done, 0 failed, 5 in flight, 1/s, 0:05 left")},
		{{11, 10, 4, 0, 4, NAN}, STR("awget: 4 done, 0 failed, 6 in flight, 1/s")}, /* one waits for room */
		{{1000, 1000, 900, 0, 900, 0.5}, STR("awget: 900 done, 0 failed, 100 in flight, 1/s, 18:20 left")},
		{{10, 10, 1, 0, 1, 0.001}, STR("awget: 1 done, 0 failed, 9 in flight, 1/s, 2:46:39 left")},
		{{10, 10, 1, 0, 1, 0.00277777}, STR("awget: 1 done, 0 failed, 9 in flight, 1/s, 59:59 left")},
		{{10, 10, 1, 0, 1, 0.002777}, STR("awget: 1 done, 0 failed, 9 in flight, 1/s, 1:00:00 left")},
		{{10, 10, 10, 0, 10, 2.8e-6}, STR("awget: 10 done, 0 failed, 0 in flight, 1/s, 992:03:39 left")},
		{{10, 10, 10, 0, 10, 2.7e-6}, STR("awget: 10 done, 0 failed, 0 in flight, 1/s")},
		{{10, 10, 10, 0, 1e9, 1e-9}, STR("awget: 10 done, 0 failed, 0 in flight, 0/s")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0};

		progress_line(&rows[i].p, &b);
		expect_str(rows[i].want, buf_view(&b), rows[i].want);
		buf_clear(&b);
	}
}

static void
line_is_added_to_what_is_there(void **state)
{
	static const struct progress p = {.begun = 1, .share = NAN};
	struct buf b = {0};

	(void)state;
	buf_str(&b, STR("before "));
	progress_line(&p, &b);
	expect_str(STR("line"), buf_view(&b), STR("before awget: 0 done, 0 failed, 1 in flight, 0/s"));
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_tells_counts_rate_and_time_left),
		cmocka_unit_test(line_is_added_to_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
