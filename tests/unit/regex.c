/* tests/unit/regex.c: regular expressions, and that none takes long. */
#include "check/regex.h"

#include "helper.h"

static enum regex_answer
answer(const char *source, bool fold, struct str s)
{
	struct err e = {0};
	size_t at, steps = REGEX_STEPS, again = REGEX_STEPS;
	struct regex *x = regex_new(str_of(source), fold, &at, &e);
	enum regex_answer a;

	if (!x)
		fail_msg("%s: %s", source, e.text);
	a = regex_match(x, s, &steps);
	expect_int(str_of(source), steps <= REGEX_STEPS, true);
	expect_int(str_of(source), regex_match(x, s, &again), a);
	expect_int(str_of(source), (long long)again, (long long)steps);
	regex_free(x);
	return a;
}

static void
bytes_are_matched(void **state)
{
	static const struct {
		const char *source;
		bool fold;
		struct str s;
		enum regex_answer want;
	} rows[] = {
		{"", false, STR(""), REGEX_YES},
		{"a", false, STR("xax"), REGEX_YES},
		{"a", false, STR("xAx"), REGEX_NO},
		{"a", true, STR("xAx"), REGEX_YES},
		{"^a$", false, STR("a"), REGEX_YES},
		{"^a$", false, STR("a\n"), REGEX_NO},
		{"^.$", false, STR("\xff"), REGEX_YES},
		{"^.$", false, STR("\xc3\xa9"), REGEX_NO},
		{"a\\x00b", false, STR("a\0b"), REGEX_YES},
		{"\\/x", false, STR("/x"), REGEX_YES},
		{"(\\w)\\1", false, STR("abccd"), REGEX_YES},
		{"(?<=a)b(?!c)", false, STR("abd"), REGEX_YES},
		{"^(?=.*\\d)(?=.*[a-z]).{3}$", false, STR("1a2"), REGEX_YES},
		{"\\d", false, STR(""), REGEX_NO},
		/* of no size that a header usually has */
		{"script-src[^;]*'unsafe-inline'", false,
		    STR("default-src 'self'; script-src 'self' https://a.test https://b.test https://c.test 'unsafe-inline'; x"),
		    REGEX_YES},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_int(str_of(rows[i].source), answer(rows[i].source, rows[i].fold, guarded(rows[i].s)), rows[i].want);
}

/* Each of these would take seconds, or for ever. */
static void
match_that_takes_too_many_steps_is_given_up(void **state)
{
	static const struct {
		const char *source;
		size_t n; /* bytes "a", and behind them a "!" */
	} rows[] = {
		{"(a+)+$", 40},
		{"(a|aa)+$", 60},
		{"(a*)*[bc]", 300},
		{"(.*)(.*)(.*)(.*)[bc]", 300},
		{"a*[bc]", 100000},
		{"a*+[bc]", 100000},
		{"(a*)\\1[bc]", 100000},
		{"[^x]{1000}[bc]", 100000},
		{"(?:a?){50}a{50}[bc]", 100},
		{"(?(R)a+|(?R)?a+)[bc]", 100000},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str s = repeated('a', rows[i].n + 1);

		((char *)s.s)[rows[i].n] = '!';
		expect_int(str_of(rows[i].source), answer(rows[i].source, false, s), REGEX_GAVE_UP);
		free((char *)s.s);
	}
}

static void
long_value_is_searched_to_its_end(void **state)
{
	struct str s = repeated('a', 300000);

	(void)state;
	assert_int_equal(answer("b", false, s), REGEX_NO);
	assert_int_equal(answer("^a+$", false, s), REGEX_YES);
	((char *)s.s)[299999] = 'b';
	assert_int_equal(answer("b$", false, s), REGEX_YES);
	assert_int_equal(answer("[^ac]", false, s), REGEX_YES);
	free((char *)s.s);
}

static void
steps_of_several_matches_add_up(void **state)
{
	size_t at, left = REGEX_STEPS, n = 0;
	struct regex *x = regex_new(STR("(a|aa)+$"), false, &at, NULL);

	(void)state;
	assert_non_null(x);
	while (regex_match(x, STR("aaaaaaaaaa!"), &left) == REGEX_NO)
		n++;
	assert_in_range(n, 10, 1000);
	assert_int_equal(regex_match(x, STR("a"), &(size_t){0}), REGEX_GAVE_UP);
	regex_free(x);
}

static void
regex_that_is_none_has_a_place(void **state)
{
	static const struct {
		const char *source;
		size_t at;
		const char *why;
	} rows[] = {
		{"(", 1, "this regular expression: missing closing parenthesis"},
		{"a)", 1, "this regular expression: unmatched closing parenthesis"},
		{"[a", 2, "this regular expression: missing terminating ] for character class"},
		{"*", 0, "this regular expression: quantifier does not follow a repeatable item"},
		{"(*UTF)a", 7, NULL},
		{"(?<a", 4, NULL},
		{"\\", 1, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};
		size_t at = 99;

		assert_null(regex_new(str_of(rows[i].source), false, &at, &e));
		expect_err(str_of(rows[i].source), &e, ERR_INPUT);
		if (rows[i].why)
			expect_str(str_of(rows[i].source), str_of(e.text), str_of(rows[i].why));
		expect_int(str_of(rows[i].source), rows[i].why ? at == rows[i].at : at <= strlen(rows[i].source), true);
	}
	regex_free(NULL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_matched),
		cmocka_unit_test(match_that_takes_too_many_steps_is_given_up),
		cmocka_unit_test(long_value_is_searched_to_its_end),
		cmocka_unit_test(steps_of_several_matches_add_up),
		cmocka_unit_test(regex_that_is_none_has_a_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
