/* tests/unit/list.c: elements, directives and quoted strings. */
#include "check/list.h"

#include "helper.h"

static void
elements_end_at_commas_outside_quoted_strings(void **state)
{
	static const struct {
		struct str list;
		bool semicolons;
		const char *elements; /* with '|' between them */
	} rows[] = {
		{STR(""), false, ""},
		{STR(" \t "), false, ""},
		{STR(",, ,"), false, ""},
		{STR("a"), false, "a"},
		{STR(" a , b,c\t"), false, "a|b|c"},
		{STR(",a,,b,"), false, "a|b"},
		{STR("a; b, c"), false, "a; b|c"},
		{STR("a; b, c"), true, "a|b|c"},
		{STR("a;;b;"), true, "a|b"},
		{STR("\"a, b\", c"), false, "\"a, b\"|c"},
		{STR("x=\"a; \\\" b\"; c"), true, "x=\"a; \\\" b\"|c"},
		{STR("\"a, b"), false, "\"a, b"},
		{STR("\"a\\"), false, "\"a\\"},
		{STR("a\\, b"), false, "a\\|b"},
		{STR("'a, b'"), false, "'a|b'"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str rest = guarded(rows[i].list), element;
		struct buf b = {0};

		while (list_next(&rest, rows[i].semicolons, &element)) {
			if (b.n)
				buf_byte(&b, '|');
			buf_str(&b, element);
		}
		expect_int(rows[i].list, rest.n, 0);
		expect_str(rows[i].list, buf_view(&b), str_of(rows[i].elements));
		buf_clear(&b);
	}
}

static void
directive_is_found_by_its_name(void **state)
{
	static const struct {
		struct str list;
		const char *value; /* NULL: it is not there */
	} rows[] = {
		{STR("name=1"), "1"},
		{STR("NAME=1"), "1"},
		{STR("name"), ""},
		{STR("name="), ""},
		{STR("name = 1"), "1"},
		{STR("name 1 2"), "1 2"},
		{STR("name\t'self' x"), "'self' x"},
		{STR("a, name=1"), "1"},
		{STR("a; name=1; name=2"), "1"},
		{STR("a=\"x; name=3\", name=1"), "1"},
		{STR("name=\"1; 2\""), "\"1; 2\""},
		{STR("name=(self \"https://a.test\"), b"), "(self \"https://a.test\")"},
		{STR("names=1"), NULL},
		{STR("nam=1"), NULL},
		{STR("a name=1"), NULL},
		{STR("=name"), NULL},
		{STR(""), NULL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str value;

		expect_int(rows[i].list, list_directive(guarded(rows[i].list), STR("name"), &value), rows[i].value != NULL);
		if (rows[i].value)
			expect_str(rows[i].list, value, str_of(rows[i].value));
	}
}

static void
quoted_string_stands_for_what_is_in_it(void **state)
{
	static const struct {
		struct str value;
		const char *want;
	} rows[] = {
		{STR(""), ""},
		{STR("a"), "a"},
		{STR("\""), "\""},
		{STR("\"\""), ""},
		{STR("\"a\""), "a"},
		{STR("\"a\\\"b\\\\\""), "a\"b\\"},
		{STR("\"a\\\""), "a\\"},
		{STR("a\"b\""), "a\"b\""},
	};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_str(rows[i].value, list_unquoted(guarded(rows[i].value), &b), str_of(rows[i].want));
	buf_clear(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_end_at_commas_outside_quoted_strings),
		cmocka_unit_test(directive_is_found_by_its_name),
		cmocka_unit_test(quoted_string_stands_for_what_is_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
