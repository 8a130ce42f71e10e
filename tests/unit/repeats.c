/* tests/unit/repeats.c: how often a text was there. */
#include "awget/repeats.h"

#include "helper.h"

static void
each_text_is_counted_for_itself(void **state)
{
	static const struct {
		struct str text;
		unsigned count;
	} rows[] = {
		{STR("a"), 1}, {STR("b"), 1}, {STR("a"), 2}, {STR(""), 1}, {STR("\0"), 1}, {STR("\0\0"), 1},
		{STR("ab"), 1}, {STR("ba"), 1}, {STR(""), 2}, {STR("a"), 3}, {STR("\0"), 2}, {STR("A"), 1},
	};
	struct repeats r = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_int(rows[i].text, repeats_count(&r, guarded(rows[i].text)), rows[i].count);
	repeats_clear(&r);
}

static void
counts_outlive_growth(void **state)
{
	enum { TEXTS = 5000, ROUNDS = 3 };
	struct repeats r = {0};

	(void)state;
	for (unsigned round = 1; round <= ROUNDS; round++)
		for (int i = 0; i < TEXTS; i++) {
			struct str text = {(const char *)&i, sizeof i};

			if (repeats_count(&r, text) != round)
				fail_msg("text %d in round %u", i, round);
		}
	assert_int_equal(r.used, TEXTS);
	assert_true(r.slots < 4 * TEXTS);
	repeats_clear(&r);
	assert_int_equal(repeats_count(&r, STR("a")), 1);
	repeats_clear(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_is_counted_for_itself),
		cmocka_unit_test(counts_outlive_growth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
