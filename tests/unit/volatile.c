/* tests/unit/volatile.c: what counts of a value, as the lines of a list say; the list that comes with the program. */
#include "awget/volatile.h"

#include <stdio.h>

#include "helper.h"

/* What the list leaves of the field is want; NULL: it does not count. */
static void
expect_left(const struct volatile_list *v, struct str name, struct str value, const char *want)
{
	struct buf b = {0}, expected = {0};

	buf_str(&b, STR("before "));
	buf_str(&expected, buf_view(&b));
	buf_str(&expected, str_of(want ? want : ""));
	expect_int(name, volatile_value(v, name, guarded(value), &b), want != NULL);
	expect_str(value, buf_view(&b), buf_view(&expected));
	buf_clear(&b);
	buf_clear(&expected);
}

/* Of these lines, with LF between them. */
static struct volatile_list *
list_of(const char *lines)
{
	struct volatile_list *v = volatile_new();
	struct err e = {0};

	while (*lines) {
		size_t n = strcspn(lines, "\n");

		expect_int(str_of(lines), volatile_add(v, guarded((struct str){lines, n}), &e), 0);
		lines += n + (lines[n] == '\n');
	}
	return v;
}

static void
name_folds_case_and_star_stands_for_anything(void **state)
{
	static const struct {
		const char *line, *name;
		bool out;
	} rows[] = {
		{"Date", "Date", true},
		{"date", "DATE", true},
		{"DATE", "date", true},
		{" Date\t", "Date", true},
		{"Date", "Dat", false},
		{"Date", "Dates", false},
		{"Date", "X-Date", false},
		{"Date", "", false},
		{"*", "Date", true},
		{"*", "", true},
		{"**", "a", true},
		{"X-*", "X-", true},
		{"X-*", "x-a", true},
		{"X-*", "X", false},
		{"*-Id", "Request-Id", true},
		{"*-Id", "-ID", true},
		{"*-Id", "Id", false},
		{"*-Id", "Request-Id-", false},
		{"*-Id", "a-ida-id", true},
		{"X-*-Id", "X-Request-Id", true},
		{"X-*-Id", "X--Id", true},
		{"X-*-Id", "X-Id", false},
		{"a*b*c", "abcbc", true},
		{"a*b*c", "acb", false},
		{"*ab*ab*", "aabaab", true},
		{"*ab*ab*", "aaba", false},
		{"a*", "*", false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct volatile_list *v = list_of(rows[i].line);

		expect_left(v, str_of(rows[i].name), STR("x"), rows[i].out ? NULL : "x");
		volatile_free(v);
	}
}

static void
what_is_not_named_counts_unfolded_and_without_blanks_around(void **state)
{
	static const struct {
		struct str value;
		const char *want;
	} rows[] = {
		{STR(""), ""},
		{STR("a"), "a"},
		{STR(" \ta  b\t "), "a  b"},
		{STR("a\r\n b"), "a b"},
		{STR("\r\n b\n\t"), "b"},
		{STR("sid=1; Expires=x; 'nonce-x'"), "sid=1; Expires=x; 'nonce-x'"},
	};
	struct volatile_list *v = list_of("Date\nSet-Cookie cookie");

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_left(v, STR("Server"), rows[i].value, rows[i].want);
	volatile_free(v);
}

static void
word_behind_the_name_says_what_does_not_count(void **state)
{
	static const struct {
		const char *line;
		struct str value;
		const char *want;
	} rows[] = {
		{"F value", STR(""), "*"},
		{"F value", STR("a\r\n b"), "*"},
		{"F \t value", STR("a"), "*"},
		/* the name and the attributes of a cookie */
		{"F cookie", STR("sid=1"), "sid=*"},
		{"F cookie", STR("sid=\r\n 1"), "sid=*"},
		{"F cookie", STR("sid="), "sid=*"},
		{"F cookie", STR(" sid = a=b ;Path=/ ;  HttpOnly"), "sid=*; Path=/; HttpOnly"},
		{"F cookie", STR("a=1; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=9"), "a=*; expires=*; Max-Age=9"},
		{"F cookie", STR("a=1; Expires; Expiresx=1"), "a=*; Expires; Expiresx=1"},
		{"F cookie", STR("a=1;"), "a=*; "},
		{"F cookie", STR(""), "*"},
		{"F cookie", STR("word; Secure"), "*; Secure"},
		{"F cookie", STR("=1; Secure"), "=*; Secure"},
		/* the random part of a nonce */
		{"F nonce", STR("script-src 'nonce-abc' 'self'"), "script-src 'nonce-*' 'self'"},
		{"F nonce", STR("a 'NONCE-a+/=' b 'nonce-c'; d"), "a 'nonce-*' b 'nonce-*'; d"},
		{"F nonce", STR("'nonce-a; b"), "'nonce-*; b"},
		{"F nonce", STR("'nonce-a, b"), "'nonce-*, b"},
		{"F nonce", STR("'nonce-a"), "'nonce-*"},
		{"F nonce", STR("'nonce-"), "'nonce-"},
		{"F nonce", STR("'nonce"), "'nonce"},
		{"F nonce", STR("nonce-a"), "nonce-a"},
		{"F nonce", STR(""), ""},
		/* of several lines, the one that leaves out most, in any order */
		{"F value\nF", STR("a"), NULL},
		{"F\nF nonce", STR("a"), NULL},
		{"F cookie\n* value", STR("a=b"), "*"},
		{"F cookie\nF nonce", STR("a='nonce-x"), "a=*"},
		{"G\nF nonce\nFF", STR("'nonce-x'"), "'nonce-*'"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct volatile_list *v = list_of(rows[i].line);

		expect_left(v, STR("f"), rows[i].value, rows[i].want);
		volatile_free(v);
	}
}

static void
line_that_makes_no_sense_is_refused(void **state)
{
	static const struct str rows[] = {
		STR(""), STR(" "), STR("Date:"), STR("Date: x"), STR("a,b"), STR("Date values"), STR("Date Value"),
		STR("Date value value"), STR("Date value cookie"), STR("value value value"), STR("D\xc3\xa9j\xc3\xa0"),
		STR("D\0"), STR("Date \0"), STR("Date\rvalue"), STR("[a]"), STR("a/b"),
	};
	struct str long_name = repeated('x', 100000), no_name = repeated(':', 100000);
	struct volatile_list *v = volatile_new();

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};

		expect_int(rows[i], volatile_add(v, guarded(rows[i]), &e), -1);
		expect_err(rows[i], &e, ERR_INPUT);
	}
	/* and nothing of it is in the list */
	expect_left(v, STR("Date"), STR("x"), "x");
	expect_left(v, STR("value"), STR("x"), "x");
	assert_int_equal(volatile_add(v, long_name, NULL), 0);
	assert_int_equal(volatile_add(v, no_name, NULL), -1);
	free((char *)long_name.s);
	free((char *)no_name.s);
	volatile_free(v);
}

/* --- the file --- */

static int
read_text(struct volatile_list *v, struct str text, struct err *e)
{
	char path[] = "/tmp/awget-volatile.XXXXXX";
	int fd = mkstemp(path), rc;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.s, text.n), text.n);
	close(fd);
	rc = volatile_read(v, path, e);
	unlink(path);
	return rc;
}

static void
file_has_comments_blank_lines_and_any_line_ends(void **state)
{
	static const struct str rows[] = {
		STR("A\nB value\n"),
		STR("A\nB value"),
		STR("\r\n# C\r\nA\r\n \t\r\nB\tvalue\r\n"),
		STR("  A # why\n#C\n\t# C\nB  value\t#C\n"),
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct volatile_list *v = volatile_new();
		struct err e = {0};

		expect_int(rows[i], read_text(v, rows[i], &e), 0);
		expect_left(v, STR("a"), STR("x"), NULL);
		expect_left(v, STR("b"), STR("x"), "*");
		expect_left(v, STR("c"), STR("x"), "x");
		/* --ignore adds to it */
		expect_int(rows[i], volatile_add(v, STR("C"), &e), 0);
		expect_left(v, STR("c"), STR("x"), NULL);
		volatile_free(v);
	}
}

static void
file_that_cannot_be_understood_or_read_is_named(void **state)
{
	struct volatile_list *v = volatile_new();
	struct err e = {0};

	(void)state;
	assert_int_equal(read_text(v, STR("A\n\nB: x\nC\n"), &e), -1);
	expect_err(STR("bad line"), &e, ERR_LOCAL);
	assert_non_null(strstr(e.text, "/tmp/awget-volatile."));
	assert_non_null(strstr(e.text, ":3: 'B: x' is not"));
	assert_int_equal(read_text(v, STR("A\n\0\n"), &e), -1);
	assert_int_equal(volatile_read(v, "/nonexistent/volatile", &e), -1);
	expect_err(STR("no file"), &e, ERR_LOCAL);
	assert_string_equal(e.text, "cannot read /nonexistent/volatile: No such file or directory");
	assert_int_equal(volatile_read(v, "/", &e), -1);
	expect_err(STR("a folder"), &e, ERR_LOCAL);
	assert_string_equal(e.text, "cannot read /: Is a directory");
	volatile_free(v);
	volatile_free(NULL);
}

/* Tests run where the programs are, and the file is beside these. */
static void
list_of_the_program_knows_what_is_volatile(void **state)
{
	static const struct {
		const char *name, *value, *want;
	} rows[] = {
		{"Date", "x", NULL},
		{"age", "1", NULL},
		{"ETag", "\"x\"", NULL},
		{"X-Request-Id", "x", NULL},
		{"X-GitHub-Request-Id", "x", NULL},
		{"x-amzn-RequestId", "x", NULL},
		{"X-Amz-Cf-Id", "x", NULL},
		{"CF-RAY", "x", NULL},
		{"CF-Cache-Status", "HIT", NULL},
		{"X-Cache", "HIT", NULL},
		{"X-Served-By", "x", NULL},
		{"Set-Cookie", "a=b; Secure", "a=*; Secure"},
		{"Content-Security-Policy", "script-src 'nonce-x'", "script-src 'nonce-*'"},
		{"Content-Security-Policy-Report-Only", "script-src 'nonce-x'", "script-src 'nonce-*'"},
		{"X-RateLimit-Remaining", "9", "*"},
		{"X-RateLimit-Limit", "10", "10"},
		{"Via", "1.1 x", "*"},
		{"Server", "nginx", "nginx"},
		{"Strict-Transport-Security", "max-age=1", "max-age=1"},
		{"X-Frame-Options", "DENY", "DENY"},
		{"Cache-Control", "no-store", "no-store"},
		{"Location", "/", "/"},
		{"Vary", "*", "*"},
		{"", "a line without a colon", "a line without a colon"},
	};
	struct volatile_list *v = volatile_new();
	struct err e = {0};

	(void)state;
	expect_int(str_of(VOLATILE_FILE), volatile_read(v, VOLATILE_FILE, &e), 0);
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_left(v, str_of(rows[i].name), str_of(rows[i].value), rows[i].want);
	volatile_free(v);
}

static void
list_names_what_is_no_field_only_by_its_whole_name(void **state)
{
	static const struct {
		const char *line;
		struct str name;
		bool ignored;
	} rows[] = {
		{"status", STR("status"), true}, {"Status", STR("status"), true}, {"tls.issuer", STR("tls.issuer"), true},
		{"tls", STR("tls.issuer"), false}, {"tls.issuer", STR("tls"), false}, {"status", STR("statu"), false},
		{"*", STR("status"), false}, {"s*", STR("status"), false}, {"status value", STR("status"), false},
		{"status", STR(""), false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct volatile_list *v = volatile_new();

		assert_int_equal(volatile_add(v, STR("server"), NULL), 0);
		assert_int_equal(volatile_add(v, str_of(rows[i].line), NULL), 0);
		assert_int_equal(volatile_add(v, STR("such"), NULL), 0);
		expect_int(str_of(rows[i].line), volatile_ignores(v, guarded(rows[i].name)), rows[i].ignored);
		volatile_free(v);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(name_folds_case_and_star_stands_for_anything),
		cmocka_unit_test(what_is_not_named_counts_unfolded_and_without_blanks_around),
		cmocka_unit_test(word_behind_the_name_says_what_does_not_count),
		cmocka_unit_test(line_that_makes_no_sense_is_refused),
		cmocka_unit_test(file_has_comments_blank_lines_and_any_line_ends),
		cmocka_unit_test(file_that_cannot_be_understood_or_read_is_named),
		cmocka_unit_test(list_of_the_program_knows_what_is_volatile),
		cmocka_unit_test(list_names_what_is_no_field_only_by_its_whole_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
