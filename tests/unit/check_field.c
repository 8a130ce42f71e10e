/* tests/unit/check_field.c: fields that stand alone, and their text. */
#include <math.h>

#include "check/field.h"
#include "made.h"

static void
field_has_a_text_of_all_its_values(void **state)
{
	static const struct {
		const char *field, *text; /* NULL: it has no value */
	} rows[] = {
		{"status", "200"},
		{"STATUS", "200"},
		{"final.status", "200"},
		{"http_version", "1.1"},
		{"scheme", "http"},
		{"port", "8080"},
		{"address", NULL},
		{"hops", "0"},
		{"location", NULL},
		{"headers.count", "6"},
		{"time.total", "0.25"},
		{"time.tls", NULL},
		{"tls.days", NULL},
		{"h[Server]", "a, b"},
		{"h[server].count", "2"},
		{"h[Server].first", "a"},
		{"h[Server].last", "b"},
		{"h[Empty]", ""},
		{"h[Fold]", "a b"},
		{"h[Raw]", "a\x1b\xff"},
		{"h[Zz]", NULL},
		{"h[Zz].count", "0"},
		{"h[Fold].a", "b"},
		{"cookie[sid]", "1"},
		{"cookie[*].Secure", ""},
		{"cookie[*].Path", NULL},
		{"hop[1].status", NULL},
	};
	struct result r;

	(void)state;
	made_result(&r, 200, STR("Server: a\r\nEmpty:\r\nFold: a\r\n\tb\r\nSERVER: b\r\nRaw: a\x1b\xff\r\nSet-Cookie: sid=1; Secure\r\n"));
	assert_int_equal(url_parse(&r.url, STR("a.test:8080"), NULL, NULL), 0);
	r.timing.total = 0.25;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].field);
		struct buf b = {0}, want = {0};
		struct err e = {0};
		size_t at = 0;
		struct check_field *f = check_field_new(guarded(row), &at, &e);

		if (!f)
			fail_msg("%s: %s", rows[i].field, e.text);
		guarded(STR("xxxxxxxxxxxxxxxxxxxxxxxxxxx")); /* nothing of the text is kept */
		buf_str(&b, STR("before "));
		buf_str(&want, STR("before "));
		buf_str(&want, str_of(rows[i].text ? rows[i].text : ""));
		expect_int(row, check_field_text(f, &r, &b), rows[i].text != NULL);
		expect_str(row, buf_view(&b), buf_view(&want));
		buf_clear(&b);
		buf_clear(&want);
		check_field_free(f);
	}
	result_clear(&r);
	check_field_free(NULL);
}

/* Formats ask for the fields of targets that did not answer, too. */
static void
result_without_a_response_has_few_values(void **state)
{
	static const char *const rows[] = {
		"status", "reason", "http_version", "scheme", "port", "address", "location", "headers.count", "headers.bytes",
		"time.dns", "time.total", "tls.version", "tls.days", "cookie[*]", "h[A]", "h[A].count", "h[A].age", "hop[1].port",
	};
	struct result r;

	(void)state;
	result_init(&r, 1, STR("a.test"));
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0};
		size_t at;
		struct check_field *f = check_field_new(str_of(rows[i]), &at, NULL);

		assert_non_null(f);
		expect_int(str_of(rows[i]), check_field_text(f, &r, &b), false);
		check_field_free(f);
		buf_clear(&b);
	}
	result_clear(&r);
}

static void
what_is_no_field_is_refused_at_its_place(void **state)
{
	static const struct {
		struct str text;
		size_t at;
		const char *why;
	} rows[] = {
		{STR(""), 0, "a field is missing: status, h[Name], cookie[name] ..."},
		{STR("statsu"), 0, "there is no field 'statsu'; did you mean status?"},
		{STR("tls.day"), 0, "there is no field 'tls.day'; did you mean tls.days?"},
		{STR("Server"), 0, "there is no field 'Server'; a header field is h[Server]"},
		{STR("status "), 6, "behind 'status' stands something that is no part of a field"},
		{STR("status == 1"), 6, "behind 'status' stands something that is no part of a field"},
		{STR("h[A].b.c"), 6, "behind 'h[A].b' stands something that is no part of a field"},
		{STR("h[A]\0"), 4, "behind 'h[A]' stands something that is no part of a field"},
		{STR("h[A"), 1, "this '[' has no ']'"},
		{STR("h[\0]"), 1, "this '[' has no ']'"},
		{STR("hop[1].time.dns"), 7, "of an earlier response, time.dns is not known"},
	};
	struct str text = repeated('x', 100000);
	struct err e = {0};
	size_t at = 9;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_null(check_field_new(guarded(rows[i].text), &at, &e));
		expect_err(rows[i].text, &e, ERR_INPUT);
		expect_int(rows[i].text, (long long)at, (long long)rows[i].at);
		if (rows[i].why)
			expect_str(rows[i].text, str_of(e.text), str_of(rows[i].why));
	}
	assert_null(check_field_new(text, &at, &e));
	expect_err(STR("long"), &e, ERR_INPUT);
	free((char *)text.s);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(field_has_a_text_of_all_its_values),
		cmocka_unit_test(result_without_a_response_has_few_values),
		cmocka_unit_test(what_is_no_field_is_refused_at_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
