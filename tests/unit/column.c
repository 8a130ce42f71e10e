/* tests/unit/column.c: names and fields as columns, and lists of them. */
#include "awget/column.h"

#include "made.h"

static const struct verdict no_verdict;

static void
column_is_a_name_of_w_or_a_field_of_checks(void **state)
{
	static const struct {
		const char *text, *want; /* NULL: there is none */
	} rows[] = {
		{"n", "1"},
		{"target", "target"},
		{"tag", NULL},
		{"status", "200"},
		{"http_code", "200"},
		{"checks_failed", "0"},
		{"total", NULL},
		{"time_total", "0.000000"},
		{"error_kind", NULL},
		{"h[Server]", "a\x1b\xff"},
		{"h[server].count", "1"},
		{"h[X]", "1, 2 3"},
		{"h[Empty]", ""},
		{"h[Missing]", NULL},
		{"headers.count", "4"},
	};
	struct result r;

	(void)state;
	made_result(&r, 200, STR("Server: a\x1b\xff\nX: 1\nX: 2\r\n 3\nEmpty:\n"));
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str text = str_of(rows[i].text), placed = guarded(text);
		struct err e = {0};
		struct column *c = column_new(placed, &e);
		struct buf b = {0};

		if (!c)
			fail_msg("%s: %s", rows[i].text, e.text);
		memset((char *)placed.s, 0, placed.n); /* it need not outlive the call */
		expect_str(text, column_name(c), text);
		buf_str(&b, STR("before "));
		expect_int(text, column_text(c, &r, &no_verdict, &b), rows[i].want != NULL);
		expect_str(text, (struct str){b.s + 7, b.n - 7}, str_of(rows[i].want ? rows[i].want : ""));
		buf_clear(&b);
		column_free(c);
	}
	column_free(NULL);
	result_clear(&r);
}

static void
what_is_neither_is_refused(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"", "a name is missing"},
		{"statsu", "'statsu' is neither a name of -w nor a field of checks; did you mean 'status'?"},
		{"Target", "'Target' is neither a name of -w nor a field of checks; did you mean 'target'?"},
		{"Server", "'Server' is neither a name of -w nor a field of checks; of a header it is h[Server]"},
		{"%{n}", "'%{n}' is neither a name of -w nor a field of checks"},
		{"status 200", "'status 200' is neither a name of -w nor a field of checks"},
		{"\x1b", "'\\x1b' is neither a name of -w nor a field of checks"},
	};
	static const char *const fields[] = {"h[Server", "header[Server]", "tls.dayz", "h[Server] == x", "h[].", "."};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str text = str_of(rows[i].text);
		struct err e = {0};

		assert_null(column_new(guarded(text), &e));
		expect_err(text, &e, ERR_INPUT);
		expect_str(text, str_of(e.text), str_of(rows[i].want));
	}
	/* of what is meant to be a field, the language of checks knows what is wrong */
	for (size_t i = 0; i < ROWS(fields); i++) {
		struct str text = str_of(fields[i]);
		struct err e = {0};

		assert_null(column_new(guarded(text), &e));
		expect_err(text, &e, ERR_INPUT);
		expect_int(text, e.text[0] == '\'' && strncmp(e.text + 1, text.s, text.n) == 0, true);
		expect_int(text, strncmp(e.text + 1 + text.n, "': ", 3), 0);
	}
}

static void
list_has_commas_between_columns_and_any_in_brackets(void **state)
{
	static const struct {
		const char *list;
		size_t n;
		const char *last;
	} rows[] = {
		{"n", 1, "n"},
		{"target,status,total", 3, "total"},
		{" n ,\ttag ", 2, "tag"},
		{"n,n", 2, "n"},
		{"n,cookie[a,b].Secure,h[Server]", 3, "h[Server]"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct columns c;
		struct err e = {0};

		if (columns_parse(&c, guarded_cstr(str_of(rows[i].list)), &e) != 0)
			fail_msg("%s: %s", rows[i].list, e.text);
		expect_int(str_of(rows[i].list), (long long)c.n, (long long)rows[i].n);
		expect_str(str_of(rows[i].list), column_name(c.v[c.n - 1]), str_of(rows[i].last));
		columns_clear(&c);
		assert_null(c.v);
	}
}

static void
list_with_a_mistake_is_refused(void **state)
{
	static const char *const rows[] = {"", ",", "n,", ",n", "n,,n", "n,statsu", "n;n", "h[a,n", "n]"};
	struct buf b = {0};
	struct columns c;
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		expect_int(str_of(rows[i]), columns_parse(&c, guarded_cstr(str_of(rows[i])), &e), -1);
		expect_err(str_of(rows[i]), &e, ERR_INPUT);
		columns_clear(&c);
	}
	for (int i = 0; i < COLUMNS_MAX; i++)
		buf_str(&b, i ? STR(",n") : STR("n"));
	assert_int_equal(columns_parse(&c, buf_cstr(&b), &e), 0);
	columns_clear(&c);
	buf_str(&b, STR(",n"));
	assert_int_equal(columns_parse(&c, buf_cstr(&b), &e), -1);
	assert_string_equal(e.text, "there are more than 64 columns");
	columns_clear(&c);
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(column_is_a_name_of_w_or_a_field_of_checks),
		cmocka_unit_test(what_is_neither_is_refused),
		cmocka_unit_test(list_has_commas_between_columns_and_any_in_brackets),
		cmocka_unit_test(list_with_a_mistake_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
