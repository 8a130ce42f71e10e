/* tests/unit/glob.c: patterns for whole texts. */
#include "base/glob.h"

#include "helper.h"

static void
star_is_any_bytes_and_question_mark_is_one(void **state)
{
	static const struct {
		const char *glob;
		struct str s;
		bool match, fold;
	} rows[] = {
		{"", STR(""), true, true},
		{"", STR("a"), false, false},
		{"a", STR("a"), true, true},
		{"a", STR("A"), false, true},
		{"a", STR("ab"), false, false},
		{"*", STR(""), true, true},
		{"*", STR("a*\0"), true, true},
		{"?", STR(""), false, false},
		{"?", STR("\xff"), true, true},
		{"?", STR("ab"), false, false},
		{"a?c", STR("abc"), true, true},
		{"a?c", STR("ABC"), false, true},
		{"*?", STR(""), false, false},
		{"*?", STR("ab"), true, true},
		{"?*", STR("ab"), true, true},
		{"a*b*c", STR("abcbc"), true, true},
		{"a*b*c", STR("acb"), false, false},
		{"*ab*ab*", STR("aaba"), false, false},
		{"*a?c", STR("abcaxc"), true, true},
		{"a*", STR("*"), false, false},
		{"*.test", STR("x.TEST"), false, true},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		expect_int(str_of(rows[i].glob), glob_match(str_of(rows[i].glob), guarded(rows[i].s)), rows[i].match);
		expect_int(str_of(rows[i].glob), glob_match_fold(str_of(rows[i].glob), guarded(rows[i].s)), rows[i].fold);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(star_is_any_bytes_and_question_mark_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
