/* unit/exclude.c: what a rule is about, and what it is not; what is no rule. */
#include "net/exclude.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "helper.h"

/* Rules, with LF between them. */
static struct exclude *
rules(struct str row, const char *text)
{
	struct exclude *x = exclude_new();
	struct err e;

	for (size_t line = 1; *text; line++) {
		size_t n = strcspn(text, "\n");

		if (exclude_add(x, guarded((struct str){text, n}), line, &e) != 0)
			fail_msg("%s: %s", row.s, e.text);
		text += n + (text[n] == '\n');
	}
	return x;
}

static bool
is_excluded(const struct exclude *x, const char *what, struct err *e)
{
	struct addr a;

	return (addr_parse(&a, what, 80) ? exclude_addr(x, &a, e) : exclude_name(x, what, e)) != 0;
}

static void
a_rule_is_about_what_it_says(void **state)
{
	static const struct {
		const char *rules, *yes, *no; /* with blanks between them */
	} rows[] = {
	    {"", "", "a.test 192.0.2.1 :: 0.0.0.0"},
	    {"# nothing\n\n   \t# at all\r", "", "a.test"},
	    {"a.test", "a.test A.Test a.test.", "b.a.test a.tes test aa.test a.test.test x.a.test"},
	    {".a.test", "a.test b.a.test c.b.a.test B.A.TEST. x.a.test", "aa.test test a.test.b"},
	    {"A.Test.\n.A.TEST.", "a.test b.a.test", "test"},
	    {"a.test\n.a.test", "a.test b.a.test", ""},
	    {".a.test\na.test", "a.test b.a.test", ""},
	    {" a.test # because\r", "a.test", "b.test"},
	    {".test", "test a.test", "testing"},
	    {"a_b-c.9.test", "a_b-c.9.test", ""},
	    {"192.0.2.7", "192.0.2.7 ::ffff:192.0.2.7 ::ffff:c000:207", "192.0.2.6 192.0.2.8 ::192.0.2.7"},
	    {"192.0.2.0/24", "192.0.2.0 192.0.2.255 ::ffff:192.0.2.9", "192.0.1.255 192.0.3.0"},
	    {"192.0.2.77/24", "192.0.2.0", "192.0.3.77"},
	    {"192.0.2.128/25", "192.0.2.128 192.0.2.255", "192.0.2.127"},
	    {"0.0.0.0/0", "0.0.0.0 255.255.255.255", ":: ::1 2001:db8::1"},
	    {"::/0", "0.0.0.0 :: ffff::", ""},
	    {"2001:db8::/32", "2001:db8:: 2001:db8:ffff::1", "2001:db7:ffff::1 2001:db9::"},
	    {"2001:db8::1", "2001:db8::1", "2001:db8::2"},
	    {"2001:db8::/127", "2001:db8:: 2001:db8::1", "2001:db8::2"},
	    {"::ffff:192.0.2.0/120", "192.0.2.1", "192.0.3.1"},
	    {"192.0.2.7\n192.0.2.0/24\n192.0.0.0/16\n10.0.0.0/8", "192.0.2.7 192.0.9.9 10.9.9.9", "192.1.0.0 11.0.0.0"},
	    {"10.0.0.0/8\n192.0.0.0/16\n192.0.2.0/24\n192.0.2.7", "192.0.2.7 192.0.9.9 10.9.9.9", "192.1.0.0 11.0.0.0"},
	    {"10.0.0.0/9\n10.128.0.0/9", "10.0.0.1 10.128.0.1", "11.0.0.0 9.255.255.255"},
	    {"10.0.0.1\n10.0.0.2\n10.0.0.3\n10.0.0.0/31", "10.0.0.0 10.0.0.1 10.0.0.2 10.0.0.3", "10.0.0.4"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].rules);
		struct exclude *x = rules(row, rows[i].rules);
		struct err e;
		char what[100];

		for (const char *at = rows[i].yes; sscanf(at, "%99s", what) == 1; at += strspn(at, " ") + strlen(what)) {
			if (!is_excluded(x, what, &e))
				fail_msg("%s: %s is not excluded", rows[i].rules, what);
			expect_err(row, &e, ERR_EXCLUDED);
		}
		for (const char *at = rows[i].no; sscanf(at, "%99s", what) == 1; at += strspn(at, " ") + strlen(what))
			if (is_excluded(x, what, &e))
				fail_msg("%s: %s is excluded", rows[i].rules, what);
		exclude_free(x);
	}
	assert_int_equal(exclude_name(NULL, "a.test", NULL), 0);
	exclude_free(NULL);
}

static void
what_is_no_rule_is_refused(void **state)
{
	static const char *const rows[] = {"a b", "a.test b.test", "a..test", ".", "..", "..a", "*.a.test", "a.test:80",
	    "http://a.test", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/ 8", "192.0.2.0/0008",
	    "192.0.2/24", "2001:db8::/129", "[::1]", "a.test/24", "/24", "fe80::1%lo", "a/b", "a\x01.test", "-/8"};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct exclude *x = exclude_new();
		struct err e;

		expect_int(str_of(rows[i]), exclude_add(x, guarded(str_of(rows[i])), 1, &e), -1);
		expect_err(str_of(rows[i]), &e, ERR_INPUT);
		exclude_free(x);
	}
}

/* A hundred thousand networks and names, each of which is found, and nothing between them. */
static void
many_rules_do_not_get_in_each_others_way(void **state)
{
	enum { N = 100000 };
	struct exclude *x = exclude_new();
	char text[60];
	struct err e;

	(void)state;
	for (unsigned i = 0; i < N; i++) {
		snprintf(text, sizeof text, "%u.%u.%u.%u/31", 1 + (i >> 15), i >> 7 & 255, i << 1 & 255, i % 2 << 2);
		assert_int_equal(exclude_add(x, str_of(text), i, &e), 0);
		snprintf(text, sizeof text, "%sn%u.test", i % 2 ? "." : "", i);
		assert_int_equal(exclude_add(x, str_of(text), i, &e), 0);
	}
	for (unsigned i = 0; i < N; i++) {
		snprintf(text, sizeof text, "%u.%u.%u.%u", 1 + (i >> 15), i >> 7 & 255, i << 1 & 255, (i % 2 << 2) + 1);
		assert_true(is_excluded(x, text, &e));
		snprintf(text, sizeof text, "%u.%u.%u.%u", 1 + (i >> 15), i >> 7 & 255, i << 1 & 255, (i % 2 << 2) + 2);
		assert_false(is_excluded(x, text, &e));
		snprintf(text, sizeof text, "n%u.test", i);
		assert_true(is_excluded(x, text, &e));
		snprintf(text, sizeof text, "a.n%u.test", i);
		assert_int_equal(is_excluded(x, text, &e), i % 2);
	}
	exclude_free(x);
}

/* The sentence names the file and the line; a file that is no good is named, too. */
static void
rules_come_from_files(void **state)
{
	char path[] = "/tmp/awget-exclude-XXXXXX";
	int fd = mkstemp(path);
	struct exclude *x = exclude_new();
	struct err e;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "# ours\n10.0.0.0/8\n.a.test", 25), 25);
	assert_int_equal(exclude_read(x, path, &e), 0);
	assert_true(is_excluded(x, "b.a.test", &e));
	assert_non_null(strstr(e.text, ":3"));
	assert_non_null(strstr(e.text, path));
	assert_true(is_excluded(x, "10.1.2.3", &e));
	assert_non_null(strstr(e.text, ":2"));
	assert_int_equal(write(fd, "\na..b\n", 6), 6);
	assert_int_equal(exclude_read(x, path, &e), -1);
	expect_err(STR("a..b"), &e, ERR_INPUT);
	assert_non_null(strstr(e.text, ":4: "));
	unlink(path);
	close(fd);
	assert_int_equal(exclude_read(x, path, &e), -1);
	expect_err(STR("no file"), &e, ERR_LOCAL);
	assert_int_equal(exclude_read(x, "/", &e), -1);
	expect_err(STR("no regular file"), &e, ERR_LOCAL);
	exclude_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_rule_is_about_what_it_says),
	    cmocka_unit_test(what_is_no_rule_is_refused),
	    cmocka_unit_test(many_rules_do_not_get_in_each_others_way),
	    cmocka_unit_test(rules_come_from_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
