/* tests/unit/excerpt.c: where in a text something is wrong. */
#include "base/excerpt.h"

#include "helper.h"

static void
place_counts_lines_and_characters_from_one(void **state)
{
	static const struct {
		struct str text;
		size_t at, line, column;
	} rows[] = {
		{STR(""), 0, 1, 1},
		{STR("abc"), 0, 1, 1},
		{STR("abc"), 2, 1, 3},
		{STR("abc"), 3, 1, 4},
		{STR("a\nbc"), 1, 1, 2},
		{STR("a\nbc"), 2, 2, 1},
		{STR("a\n\nbc"), 4, 3, 2},
		{STR("a\r\nb"), 3, 2, 1},
		{STR("\xc3\xa9\xe2\x82\xac.x"), 6, 1, 4},
		{STR("\xff\xfe.x"), 3, 1, 4},
		{STR("a\n"), 2, 2, 1},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct excerpt_place p = excerpt_place(guarded(rows[i].text), rows[i].at);

		expect_int(rows[i].text, (long long)p.line, (long long)rows[i].line);
		expect_int(rows[i].text, (long long)p.column, (long long)rows[i].column);
	}
}

#define TEN "0123456789"

static void
caret_is_below_the_byte(void **state)
{
	static const struct {
		struct str text;
		size_t at;
		const char *want;
	} rows[] = {
		{STR(""), 0, "\n^\n"},
		{STR("abc"), 1, "abc\n ^\n"},
		{STR("abc"), 3, "abc\n   ^\n"},
		{STR("one\ntwo\r\nthree"), 5, "two\n ^\n"},
		{STR("one\r\ntwo"), 4, "one\\x0d\n       ^\n"},
		{STR("one\ntwo"), 3, "one\n   ^\n"},
		/* a tab is a space; what is shown as more than it was moves the caret */
		{STR("\ta\tb"), 3, " a b\n   ^\n"},
		{STR("\x1b[\xff.x"), 4, "\\x1b[\\xff.x\n          ^\n"},
		{STR("\xe2\x82\xac.x"), 4, "\xe2\x82\xac.x\n  ^\n"},
		/* long lines */
		{STR(TEN TEN TEN TEN TEN "abc*"), 53, TEN TEN TEN TEN TEN "abc*\n" "                                                     ^\n"},
		{STR(TEN TEN TEN TEN TEN "abcd*" TEN TEN TEN), 54, "...4567890123456789012345678901234567890123456789abcd*"
			TEN TEN "0123...\n" "                                                     ^\n"},
		{STR("\xe2\x82\xac" TEN TEN TEN TEN "012345678*"), 52, "\xe2\x82\xac" TEN TEN TEN TEN "012345678*\n"
			"                                                  ^\n"},
		{STR("....\xe2\x82\xac" TEN TEN TEN TEN "012345678*"), 56, "..." TEN TEN TEN TEN "012345678*\n"
			"                                                    ^\n"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0};

		excerpt_add(&b, guarded(rows[i].text), rows[i].at);
		expect_str(rows[i].text, buf_view(&b), str_of(rows[i].want));
		buf_clear(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(place_counts_lines_and_characters_from_one),
		cmocka_unit_test(caret_is_below_the_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
