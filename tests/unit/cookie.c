/* tests/unit/cookie.c: values of Set-Cookie as a browser reads them. */
#include "check/cookie.h"

#include "helper.h"

static void
name_and_value_stand_before_the_first_semicolon(void **state)
{
	static const struct {
		struct str line;
		const char *name, *value, *attributes;
	} rows[] = {
		{STR("a=b"), "a", "b", ""},
		{STR("a=b; Secure"), "a", "b", " Secure"},
		{STR(" a = b ;x"), "a", "b", "x"},
		{STR("\ta\t=\tb\t"), "a", "b", ""},
		{STR("a=b=c"), "a", "b=c", ""},
		{STR("a="), "a", "", ""},
		{STR("a=;"), "a", "", ""},
		{STR("=b"), "", "b", ""},
		{STR("b"), "", "b", ""},
		{STR(" b c ; Path=/"), "", "b c", " Path=/"},
		{STR("a=\"b; c\""), "a", "\"b", " c\""},
		{STR("a=b, c=d"), "a", "b, c=d", ""},
		{STR("\xc3\xa9=\xff"), "\xc3\xa9", "\xff", ""},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct cookie c;

		expect_int(rows[i].line, cookie_parse(guarded(rows[i].line), &c), true);
		expect_str(rows[i].line, c.name, str_of(rows[i].name));
		expect_str(rows[i].line, c.value, str_of(rows[i].value));
		expect_str(rows[i].line, c.attributes, str_of(rows[i].attributes));
	}
}

static void
what_a_browser_does_not_keep_is_no_cookie(void **state)
{
	static const struct str rows[] = {
		STR(""), STR(";"), STR("="), STR(" = "), STR("=;a=b"), STR("; Secure"), STR("a=b\x01"), STR("a\0=b"),
		STR("a=b; Path=/\x7f"), STR("\x1f"), STR("a=b\r"), STR("a=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"),
	};
	struct str text = repeated('a', 4097);
	struct cookie c;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_int(rows[i], cookie_parse(guarded(rows[i]), &c), false);
	assert_false(cookie_parse(text, &c));
	text.n = 4096;
	assert_true(cookie_parse(text, &c));
	((char *)text.s)[100] = '=';
	text.n = 4097;
	assert_true(cookie_parse(text, &c));
	free((char *)text.s);
}

static void
last_attribute_of_a_name_counts(void **state)
{
	static const struct {
		struct str line;
		const char *name, *value; /* NULL: it is not there */
	} rows[] = {
		{STR("a=b; Secure"), "Secure", ""},
		{STR("a=b;secure"), "SECURE", ""},
		{STR("a=b;Secure=x"), "Secure", "x"},
		{STR("a=b; Path = /x ; Secure"), "path", "/x"},
		{STR("a=b; Path=/x=y"), "path", "/x=y"},
		{STR("a=b; Path=1; Path=2"), "path", "2"},
		{STR("a=b; Path=1; Path"), "path", ""},
		{STR("a=b; Path="), "path", ""},
		{STR("a=b; Pat=1; Paths=2"), "path", NULL},
		{STR("path=b"), "path", NULL},
		{STR("a=b"), "path", NULL},
		{STR("a=b;;; ;"), "path", NULL},
		{STR("a=b; Expires=Sun, 06 Nov 1994 08:49:37 GMT"), "expires", "Sun, 06 Nov 1994 08:49:37 GMT"},
	};
	struct str text = repeated('x', 1100);
	struct buf b = {0};
	struct cookie c;
	struct str value;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_true(cookie_parse(guarded(rows[i].line), &c));
		expect_int(rows[i].line, cookie_attribute(&c, str_of(rows[i].name), &value), rows[i].value != NULL);
		if (rows[i].value)
			expect_str(rows[i].line, value, str_of(rows[i].value));
	}
	/* one that is too long is not looked at */
	buf_str(&b, STR("a=b; Path=1; Path="));
	buf_str(&b, text);
	assert_true(cookie_parse(buf_view(&b), &c));
	assert_true(cookie_attribute(&c, STR("Path"), &value));
	expect_str(STR("long"), value, STR("1"));
	buf_clear(&b);
	free((char *)text.s);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(name_and_value_stand_before_the_first_semicolon),
		cmocka_unit_test(what_a_browser_does_not_keep_is_no_cookie),
		cmocka_unit_test(last_attribute_of_a_name_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
