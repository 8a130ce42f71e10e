/* tests/unit/record_json.c: texts of JSON, good and bad, and what is found in objects of known keys. */
#include "record/json.h"

#include <math.h>

#include "helper.h"

/* What may be read behind a text is made to look as if the text went on. */
static struct str
padded(struct str s)
{
	static const char rest[] = "\"}]}]}]\"1,true,null,\"\":\"\\u0000\\\xff{[{[{[\"}]}]}]\"1,true,null,\"\":\"\\\\\\\\";
	static char text[GUARDED_MAX];
	struct str whole;

	_Static_assert(sizeof rest > JSON_PADDING, "it fills the padding");
	assert_true(s.n + JSON_PADDING <= sizeof text);
	if (s.n)
		memcpy(text, s.s, s.n);
	memcpy(text + s.n, rest, JSON_PADDING);
	whole = guarded((struct str){text, s.n + JSON_PADDING});
	return (struct str){whole.s, s.n};
}

static struct json *
reader(void)
{
	struct err e = {0};
	struct json *j = json_new(&e);

	if (!j)
		fail_msg("%s", e.text);
	return j;
}

static void
text_that_is_json_is_read(void **state)
{
	static const struct {
		struct str text;
		enum json_type type;
	} rows[] = {
		{STR("null"), JSON_NULL},
		{STR(" true "), JSON_TRUE},
		{STR("\t\r\nfalse\r\n"), JSON_FALSE},
		{STR("0"), JSON_INT},
		{STR("-9223372036854775808"), JSON_INT},
		{STR("9223372036854775808"), JSON_UINT},
		{STR("-0.0"), JSON_DOUBLE},
		{STR("1e308"), JSON_DOUBLE},
		{STR("\"\""), JSON_STRING},
		{STR("[]"), JSON_ARRAY},
		{STR("{}"), JSON_OBJECT},
		{STR("[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]"), JSON_ARRAY},
	};
	struct json *j = reader();
	struct json_tape tape;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};

		expect_int(rows[i].text, json_read(j, padded(rows[i].text), &tape, &e), 0);
		expect_int(rows[i].text, json_type(&tape, JSON_ROOT), rows[i].type);
	}
	json_free(j);
	json_free(NULL);
}

static void
text_that_is_no_json_is_refused(void **state)
{
	static const struct {
		struct str text;
		const char *why;
	} rows[] = {
		{STR(""), "not JSON"},
		{STR(" "), "not JSON"},
		{STR("nul"), "not JSON"},
		{STR("nulll"), "not JSON"},
		{STR("True"), "not JSON"},
		{STR("NaN"), "not JSON"},
		{STR("-"), "not JSON"},
		{STR("+1"), "not JSON"},
		{STR("01"), "not JSON"},
		{STR("1."), "not JSON"},
		{STR(".5"), "not JSON"},
		{STR("1e"), "not JSON"},
		{STR("0x1"), "not JSON"},
		{STR("1e309"), "not JSON"},
		{STR("18446744073709551616"), "not JSON"},
		{STR("1 2"), "not JSON"},
		{STR("'a'"), "not JSON"},
		{STR("\""), "not JSON"},
		{STR("\"\\\""), "not JSON"},
		{STR("\"\\x41\""), "not JSON"},
		{STR("\"\\u12\""), "not JSON"},
		{STR("\"\\u12g4\""), "not JSON"},
		{STR("\"\\ud800\""), "not JSON"},
		{STR("\"\\ud800\\u0041\""), "not JSON"},
		{STR("\"\t\""), "not JSON"},
		{STR("\"\n\""), "not JSON"},
		{STR("\"\0\""), "not JSON"},
		{STR("\0"), "not JSON"},
		{STR("\"\xff\""), "not UTF-8"},
		{STR("\"\xc3\""), "not UTF-8"},
		{STR("\"\xc0\x80\""), "not UTF-8"},
		{STR("\"\xed\xa0\x80\""), "not UTF-8"},
		{STR("\"\xf4\x90\x80\x80\""), "not UTF-8"},
		{STR("[1,]"), "not JSON"},
		{STR("[1"), "not JSON"},
		{STR("[1}"), "not JSON"},
		{STR("]"), "not JSON"},
		{STR("{\"a\"}"), "not JSON"},
		{STR("{\"a\":}"), "not JSON"},
		{STR("{\"a\":1,}"), "not JSON"},
		{STR("{a:1}"), "not JSON"},
		{STR("{1:1}"), "not JSON"},
		{STR("{}{}"), "not JSON"},
		{STR("{} // comment"), "not JSON"},
		{STR("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"), "nested too deeply"},
	};
	struct json *j = reader();
	struct json_tape tape;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};

		expect_int(rows[i].text, json_read(j, padded(rows[i].text), &tape, &e), -1);
		expect_err(rows[i].text, &e, ERR_INPUT);
		expect_str(rows[i].text, str_of(e.text), str_of(rows[i].why));
		/* and the next one is read again */
		expect_int(rows[i].text, json_read(j, padded(STR("[1]")), &tape, &e), 0);
	}
	json_free(j);
}

static void
nesting_of_any_depth_is_refused(void **state)
{
	static const struct str rows[] = {STR("["), STR("{\"\":"), STR("[{\"a\":")};
	struct json *j = reader();
	struct json_tape tape;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};
		struct buf b = {0};

		while (b.n < 50000)
			buf_str(&b, rows[i]);
		expect_int(rows[i], json_read(j, padded(buf_view(&b)), &tape, &e), -1);
		expect_err(rows[i], &e, ERR_INPUT);
		buf_clear(&b);
	}
	json_free(j);
}

static void
strings_hold_any_character(void **state)
{
	static const struct {
		struct str text, want;
	} rows[] = {
		{STR("\"\""), STR("")},
		{STR("\"a b\""), STR("a b")},
		{STR("\"\\u0000a\\u0000\""), STR("\0a\0")},
		{STR("\"\\b\\f\\n\\r\\t\\\"\\\\\\/\""), STR("\b\f\n\r\t\"\\/")},
		{STR("\"\\u007f\\u0080\\u00e9\\u20ac\""), STR("\x7f\xc2\x80\xc3\xa9\xe2\x82\xac")},
		{STR("\"\\ud83d\\ude42\""), STR("\xf0\x9f\x99\x82")},
		{STR("\"\xc2\x80\xf0\x9f\x99\x82\x7f\""), STR("\xc2\x80\xf0\x9f\x99\x82\x7f")},
		{STR("\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\\\\\""),
			STR("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\\")},
	};
	struct json *j = reader();
	struct json_tape tape;
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str got;

		expect_int(rows[i].text, json_read(j, padded(rows[i].text), &tape, &e), 0);
		got = json_string(&tape, JSON_ROOT);
		expect_str(rows[i].text, got, rows[i].want);
		expect_int(rows[i].text, got.s[got.n], '\0');
	}
	json_free(j);
}

/* --- objects --- */

enum { A, B, C, KEYS };
static const struct str keys[KEYS] = {[A] = STR("a"), [B] = STR("b\0b"), [C] = STR("c")};

static void
keys_are_found_in_any_order_and_the_first_of_equals_counts(void **state)
{
	static const struct {
		struct str text;
		int a, b, c; /* -1: missing */
	} rows[] = {
		{STR("{}"), -1, -1, -1},
		{STR("{\"a\":1,\"b\\u0000b\":2,\"c\":3}"), 1, 2, 3},
		{STR("{\"c\":3,\"a\":1,\"b\\u0000b\":2}"), 1, 2, 3},
		{STR("{\"c\":3,\"c\":4,\"a\":1,\"c\":5,\"a\":6}"), 1, -1, 3},
		{STR("{\"b\":9,\"A\":9,\"\":9,\"aa\":9,\"a\\u0000\":9,\"c\":3}"), -1, -1, 3},
		{STR("{\"x\":{\"a\":[{\"c\":9}]},\"a\":1,\"y\":[1.5,-1,\"c\",[[]],{}],\"\\u0063\":3}"), 1, -1, 3},
		{STR("{\"a\":0,\"x\":18446744073709551615,\"c\":3}"), 0, -1, 3},
		{STR("{\"a\":null,\"a\":1}"), -1, -1, -1},
	};
	struct json *j = reader();
	struct json_tape tape;
	struct json_object o;
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		int want[KEYS] = {rows[i].a, rows[i].b, rows[i].c};

		expect_int(rows[i].text, json_read(j, padded(rows[i].text), &tape, &e), 0);
		expect_int(rows[i].text, json_object(&o, &tape, JSON_ROOT, keys, KEYS, "it", &e), 0);
		for (size_t k = 0; k < KEYS; k++) {
			double got;

			expect_int(rows[i].text, json_number(&o, k, 100, &got, &e), 0);
			expect_int(rows[i].text, isnan(got) ? -1 : (int)got, want[k]);
			expect_int(rows[i].text, json_has(&o, k), want[k] >= 0);
		}
	}
	json_free(j);
}

static void
what_is_no_object_is_named(void **state)
{
	static const struct str rows[] = {STR("[]"), STR("null"), STR("1"), STR("\"a\""), STR("true")};
	struct json *j = reader();
	struct json_tape tape;
	struct json_object o;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};

		expect_int(rows[i], json_read(j, padded(rows[i]), &tape, &e), 0);
		expect_int(rows[i], json_object(&o, &tape, JSON_ROOT, keys, KEYS, "it", &e), -1);
		expect_str(rows[i], str_of(e.text), STR("it is not an object"));
	}
	json_free(j);
}

/* What the functions for each type say of the value of "c"; NULL: it is fine. */
static void
value_of_another_type_is_refused(void **state)
{
	static const struct {
		struct str text;
		const char *text_why, *cstr_why, *number_why, *whole_why, *list_why;
	} rows[] = {
#define NO_TEXT "\"c\" is not a string", "\"c\" is not a string"
#define NO_NUMBER "\"c\" is not a number", "\"c\" is not a number"
#define NO_LIST "\"c\" is not an array"
#define NO_RANGE "\"c\" is not from 0 to 1000"
		{STR("{}"), NULL, NULL, NULL, NULL, NULL},
		{STR("{\"c\":null}"), NULL, NULL, NULL, NULL, NULL},
		{STR("{\"c\":true}"), NO_TEXT, NO_NUMBER, NO_LIST},
		{STR("{\"c\":{}}"), NO_TEXT, NO_NUMBER, NO_LIST},
		{STR("{\"c\":\"1\"}"), NULL, NULL, NO_NUMBER, NO_LIST},
		{STR("{\"c\":\"\\u0000\"}"), NULL, "\"c\" is not a string without NUL", NO_NUMBER, NO_LIST},
		{STR("{\"c\":[]}"), NO_TEXT, NO_NUMBER, NULL},
		{STR("{\"c\":0}"), NO_TEXT, NULL, NULL, NO_LIST},
		{STR("{\"c\":1000}"), NO_TEXT, NULL, NULL, NO_LIST},
		{STR("{\"c\":1e3}"), NO_TEXT, NULL, NULL, NO_LIST},
		{STR("{\"c\":1.5}"), NO_TEXT, NULL, "\"c\" is not a whole number", NO_LIST},
		{STR("{\"c\":-1}"), NO_TEXT, NO_RANGE, NO_RANGE, NO_LIST},
		{STR("{\"c\":1000.5}"), NO_TEXT, NO_RANGE, NO_RANGE, NO_LIST},
		{STR("{\"c\":18446744073709551615}"), NO_TEXT, NO_RANGE, NO_RANGE, NO_LIST},
		{STR("{\"c\":1e300}"), NO_TEXT, NO_RANGE, NO_RANGE, NO_LIST},
	};
	struct json *j = reader();
	struct json_tape tape;
	struct json_object o;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *why[] = {rows[i].text_why, rows[i].cstr_why, rows[i].number_why, rows[i].whole_why,
			rows[i].list_why};
		struct err e[ROWS(why)] = {0};
		const char *cstr;
		uint32_t first;
		uint64_t whole;
		double number;
		struct str s;
		int rc[ROWS(why)];

		expect_int(rows[i].text, json_read(j, padded(rows[i].text), &tape, NULL), 0);
		expect_int(rows[i].text, json_object(&o, &tape, JSON_ROOT, keys, KEYS, "it", NULL), 0);
		rc[0] = json_text(&o, C, &s, &e[0]);
		rc[1] = json_cstr(&o, C, &cstr, &e[1]);
		rc[2] = json_number(&o, C, 1000, &number, &e[2]);
		rc[3] = json_whole(&o, C, 1000, &whole, &e[3]);
		rc[4] = json_list(&o, C, &first, &e[4]);
		for (size_t k = 0; k < ROWS(why); k++) {
			expect_int(rows[i].text, rc[k], why[k] ? -1 : 0);
			expect_str(rows[i].text, str_of(e[k].text), str_of(why[k] ? why[k] : ""));
		}
		expect_int(rows[i].text, json_need(&o, C, NULL), rows[i].text.n > 2 ? 0 : -1);
	}
	json_free(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_that_is_json_is_read),
		cmocka_unit_test(text_that_is_no_json_is_refused),
		cmocka_unit_test(nesting_of_any_depth_is_refused),
		cmocka_unit_test(strings_hold_any_character),
		cmocka_unit_test(keys_are_found_in_any_order_and_the_first_of_equals_counts),
		cmocka_unit_test(what_is_no_object_is_named),
		cmocka_unit_test(value_of_another_type_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
