/* tests/unit/hosts.c: names known without a server: the hosts file, what the user says, localhost. */
#include "net/hosts.h"

#include <stdio.h>

#include "helper.h"

/* Reads text as a hosts file. */
static void
read_text(struct str text)
{
	char path[] = "/tmp/awget-hosts.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.s, text.n), text.n);
	close(fd);
	assert_int_equal(hosts_read(path, NULL), 0);
	unlink(path);
}

/* What is known of name is want: "ADDR:PORT ADDR:PORT ", or NULL if nothing is. */
static void
expect_known(const char *name, uint16_t port, int family, const char *want)
{
	struct addrs list = {0};
	struct buf got = {0};
	char text[ADDR_TEXT];
	int known = hosts_find(&list, name, port, family, NULL);

	for (size_t i = 0; i < list.n; i++)
		buf_printf(&got, "%s ", addr_text_port(&list.v[i], text));
	expect_int(str_of(name), known, want != NULL);
	expect_str(str_of(name), buf_view(&got), str_of(want ? want : ""));
	addrs_clear(&list);
	buf_clear(&got);
}

static void
line_of_the_file_gives_its_names_an_address(void **state)
{
	static const struct {
		struct str text;
		const char *name, *want;
	} rows[] = {
		{STR("192.0.2.1 a\n"), "a", "192.0.2.1:80 "},
		{STR("192.0.2.1 a"), "a", "192.0.2.1:80 "},
		{STR("192.0.2.1\ta.test \t b.test\n"), "b.test", "192.0.2.1:80 "},
		{STR("  192.0.2.1 a\n"), "a", "192.0.2.1:80 "},
		{STR("192.0.2.1 a\r\n192.0.2.2 b\r\n"), "a", "192.0.2.1:80 "},
		{STR("192.0.2.1 a\r\n192.0.2.2 b\r\n"), "b", "192.0.2.2:80 "},
		{STR("2001:db8::1 a\n"), "a", "[2001:db8::1]:80 "},
		{STR("192.0.2.1 a # b\n"), "a", "192.0.2.1:80 "},
		{STR("192.0.2.1 a#b\n"), "a", "192.0.2.1:80 "},
		{STR("192.0.2.1 a # b\n"), "b", NULL},
		{STR("# 192.0.2.1 a\n"), "a", NULL},
		{STR("\n\n \t \n192.0.2.1 a\n"), "a", "192.0.2.1:80 "},
		{STR("192.0.2.1 under_score -dash- 1\n"), "under_score", "192.0.2.1:80 "},
		{STR("192.0.2.1 a\n"), "b", NULL},
		{STR("192.0.2.1 a\n"), "aa", NULL},
		{STR("192.0.2.1 ab\n"), "a", NULL},
		{STR("192.0.2.1 a\n"), "", NULL},
		{STR(""), "a", NULL},
		/* case and the dot at the end count for nothing, on either side */
		{STR("192.0.2.1 MiXeD.Test\n"), "mIxEd.tEST", "192.0.2.1:80 "},
		{STR("192.0.2.1 a.test.\n"), "a.test", "192.0.2.1:80 "},
		{STR("192.0.2.1 a.test\n"), "a.test.", "192.0.2.1:80 "},
		{STR("192.0.2.1 a.test.\n"), "A.TEST.", "192.0.2.1:80 "},
		{STR("192.0.2.1 a.test\n"), "a.test..", NULL},
		{STR("192.0.2.1 .\n"), "a", NULL},
		/* several lines about a name add up, in their order */
		{STR("192.0.2.9 a\n::1 b a\n192.0.2.1 A\n192.0.2.9 c\n"), "a", "192.0.2.9:80 [::1]:80 192.0.2.1:80 "},
		{STR("192.0.2.1 a a\n"), "a", "192.0.2.1:80 192.0.2.1:80 "},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		read_text(rows[i].text);
		expect_known(rows[i].name, 80, AF_UNSPEC, rows[i].want);
		hosts_end();
	}
}

static void
lines_that_make_no_sense_are_passed_over(void **state)
{
	static const struct str rows[] = {
		STR("nonsense"), STR("nonsense a"), STR("192.0.2.1"), STR("192.0.2 a"), STR("192.0.2.256 a"), STR("192.0.2.1:80 a"),
		STR("[::1] a"), STR("::1::1 a"), STR("0x7f.1 a"), STR("192.0.2.1.a a"), STR("\0"), STR("\0192.0.2.1 a"),
		STR("\xff\xfe\x80 a"), STR("\x1b[31m192.0.2.1 a"), STR("\v192.0.2.1 a"), STR(":"), STR("# a"), STR("\r"),
		STR("\xef\xbb\xbf"),
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf text = {0};

		buf_str(&text, STR("192.0.2.7 before\n"));
		buf_str(&text, rows[i]);
		buf_str(&text, STR("\n192.0.2.8 behind"));
		read_text(buf_view(&text));
		expect_known("before", 1, AF_UNSPEC, "192.0.2.7:1 ");
		expect_known("behind", 1, AF_UNSPEC, "192.0.2.8:1 ");
		expect_known("a", 1, AF_UNSPEC, NULL);
		buf_clear(&text);
	}
	/* what stands before a NUL still counts */
	read_text(STR("192.0.2.1 a b\0c d\n192.0.2.2 e\n"));
	expect_known("a", 1, AF_UNSPEC, "192.0.2.1:1 ");
	expect_known("b", 1, AF_UNSPEC, "192.0.2.1:1 ");
	expect_known("d", 1, AF_UNSPEC, NULL);
	expect_known("e", 1, AF_UNSPEC, "192.0.2.2:1 ");
	hosts_end();
}

static void
large_files_and_long_lines_are_read(void **state)
{
	struct buf text = {0};
	char name[32];

	(void)state;
	buf_str(&text, STR("192.0.2.1"));
	for (int i = 0; i < 5000; i++)
		buf_printf(&text, " n%d.test", i);
	buf_str(&text, STR(" "));
	for (int i = 0; i < 100000; i++)
		buf_byte(&text, 'x');
	buf_str(&text, STR(" behind\n"));
	for (int i = 5000; i < 10000; i++)
		buf_printf(&text, "192.0.2.%d\tN%d.test\n", i % 250, i);
	read_text(buf_view(&text));
	for (int i = 0; i < 10000; i += 7) {
		char want[32] = "192.0.2.1:9 ";

		if (i >= 5000)
			snprintf(want, sizeof want, "192.0.2.%d:9 ", i % 250);
		snprintf(name, sizeof name, "n%d.TEST", i);
		expect_known(name, 9, AF_UNSPEC, want);
	}
	expect_known("behind", 9, AF_UNSPEC, "192.0.2.1:9 ");
	expect_known("n10000.test", 9, AF_UNSPEC, NULL);
	buf_clear(&text);
	hosts_end();
}

static void
family_is_chosen_among_what_is_known(void **state)
{
	(void)state;
	read_text(STR("192.0.2.1 a b\n2001:db8::1 a\n"));
	expect_known("a", 1, AF_INET, "192.0.2.1:1 ");
	expect_known("a", 1, AF_INET6, "[2001:db8::1]:1 ");
	expect_known("b", 1, AF_INET6, ""); /* known, but not so: no server is to be asked */
	hosts_end();
}

static void
missing_file_is_an_empty_one(void **state)
{
	(void)state;
	read_text(STR("192.0.2.1 a\n"));
	assert_int_equal(hosts_read("/nonexistent/hosts", NULL), 0);
	expect_known("a", 1, AF_UNSPEC, NULL);
	assert_int_equal(hosts_read("/", NULL), 0);
	expect_known("a", 1, AF_UNSPEC, NULL);
	expect_known("localhost", 1, AF_UNSPEC, "[::1]:1 127.0.0.1:1 ");
	hosts_end();
}

static void
file_that_cannot_be_read_is_told(void **state)
{
	struct err e;

	(void)state;
	read_text(STR("192.0.2.1 a\n"));
	assert_int_equal(hosts_read("/proc/self/mem", &e), -1); /* nothing is mapped at 0 */
	assert_int_equal(e.kind, ERR_LOCAL);
	assert_string_equal(e.text, "cannot read /proc/self/mem: Input/output error");
	/* nothing of another file is known any more, and the next one is read */
	expect_known("a", 1, AF_UNSPEC, NULL);
	read_text(STR("192.0.2.1 a\n"));
	expect_known("a", 1, AF_UNSPEC, "192.0.2.1:1 ");
	hosts_end();
}

static void
localhost_is_loopback_unless_the_file_says_else(void **state)
{
	static const char both[] = "[::1]:80 127.0.0.1:80 ";
	static const struct {
		const char *name, *want;
	} rows[] = {
		{"localhost", both}, {"LocalHost", both}, {"localhost.", both}, {"a.localhost", both}, {"a.b.LOCALHOST.", both},
		{"localhost.test", NULL}, {"mylocalhost", NULL}, {"localhos", NULL}, {"ocalhost", NULL}, {"localhost..", NULL},
		{"", NULL}, {".", NULL},
	};

	(void)state;
	read_text(STR(""));
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_known(rows[i].name, 80, AF_UNSPEC, rows[i].want);
	expect_known("localhost", 80, AF_INET, "127.0.0.1:80 ");
	expect_known("localhost", 80, AF_INET6, "[::1]:80 ");
	read_text(STR("127.0.0.1 localhost\n127.0.0.9 b.localhost\n"));
	expect_known("localhost", 80, AF_UNSPEC, "127.0.0.1:80 ");
	expect_known("a.localhost", 80, AF_UNSPEC, both);
	expect_known("b.localhost", 80, AF_UNSPEC, "127.0.0.9:80 ");
	hosts_end();
}

static void
override_is_for_its_host_and_port(void **state)
{
	static const struct {
		const char *text, *name;
		uint16_t port;
		const char *want;
	} rows[] = {
		{"a:80:192.0.2.1", "a", 80, "192.0.2.1:80 "},
		{"a:80:192.0.2.1", "a", 81, NULL},
		{"a:80:192.0.2.1", "b", 80, NULL},
		{"a:80:192.0.2.1", "a.", 80, "192.0.2.1:80 "},
		{"A.:80:192.0.2.1", "a", 80, "192.0.2.1:80 "},
		{"a:080:192.0.2.1", "a", 80, "192.0.2.1:80 "},
		{"a:65535:192.0.2.1", "a", 65535, "192.0.2.1:65535 "},
		{"a:1:192.0.2.1,192.0.2.2,::1", "a", 1, "192.0.2.1:1 192.0.2.2:1 [::1]:1 "},
		{"a:1:[::1]", "a", 1, "[::1]:1 "},
		{"a:1:[::1],192.0.2.1,[2001:db8::2]", "a", 1, "[::1]:1 192.0.2.1:1 [2001:db8::2]:1 "},
		{"a:1:::1", "a", 1, "[::1]:1 "},
		{"*:80:192.0.2.1", "whatever.test", 80, "192.0.2.1:80 "},
		{"*:80:192.0.2.1", "whatever.test", 8080, NULL},
		{"*:80:192.0.2.1", "localhost", 80, "192.0.2.1:80 "},
		{"*.test:80:192.0.2.1", "a.test", 80, NULL},
		{"192.0.2.9:80:192.0.2.1", "192.0.2.9", 80, "192.0.2.1:80 "},
		{"[2001:db8::9]:80:192.0.2.1", "2001:db8::9", 80, "192.0.2.1:80 "},
		{"[2001:db8::9]:80:[::1]", "2001:db8::9", 80, "[::1]:80 "},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};

		read_text(STR(""));
		expect_int(str_of(rows[i].text), hosts_override(rows[i].text, &e), 0);
		expect_known(rows[i].name, rows[i].port, AF_UNSPEC, rows[i].want);
		expect_int(str_of(rows[i].text), hosts_overrides(rows[i].name, rows[i].port), rows[i].want != NULL);
		hosts_end();
	}
}

static void
overrides_go_before_the_file_and_exact_ones_before_any(void **state)
{
	static const char *const texts[] = {"*:80:192.0.2.9", "a:80:192.0.2.1", "a:443:192.0.2.2", "a:80:::1"};

	(void)state;
	read_text(STR("192.0.2.7 a b\n"));
	for (size_t i = 0; i < ROWS(texts); i++)
		assert_int_equal(hosts_override(texts[i], NULL), 0);
	expect_known("a", 80, AF_UNSPEC, "192.0.2.1:80 [::1]:80 ");
	expect_known("a", 443, AF_UNSPEC, "192.0.2.2:443 ");
	expect_known("a", 8080, AF_UNSPEC, "192.0.2.7:8080 ");
	expect_known("b", 80, AF_UNSPEC, "192.0.2.9:80 ");
	expect_known("a", 443, AF_INET6, ""); /* what the user said counts, even if it leaves nothing */
	assert_true(hosts_overrides("b", 80));
	assert_false(hosts_overrides("b", 81));
	hosts_end();
	read_text(STR(""));
	expect_known("a", 80, AF_UNSPEC, NULL);
	hosts_end();
}

static void
broken_override_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"", "'' is not HOST:PORT:ADDR"},
		{"a", "'a' is not HOST:PORT:ADDR"},
		{"a:80", "'a:80' is not HOST:PORT:ADDR"},
		{"a:80:", "'a:80:' is not HOST:PORT:ADDR"},
		{":80:192.0.2.1", "':80:192.0.2.1' is not HOST:PORT:ADDR"},
		{"[]:80:192.0.2.1", "'[]:80:192.0.2.1' is not HOST:PORT:ADDR"},
		{"[::1:80:192.0.2.1", "'[::1:80:192.0.2.1' is not HOST:PORT:ADDR"},
		{"[::1]80:192.0.2.1", "'[::1]80:192.0.2.1' is not HOST:PORT:ADDR"},
		{"[::1]", "'[::1]' is not HOST:PORT:ADDR"},
		{"a::192.0.2.1", "'a::192.0.2.1' has no port from 1 to 65535"},
		{"a:0:192.0.2.1", "'a:0:192.0.2.1' has no port from 1 to 65535"},
		{"a:65536:192.0.2.1", "'a:65536:192.0.2.1' has no port from 1 to 65535"},
		{"a:99999999999999999999:192.0.2.1", "'a:99999999999999999999:192.0.2.1' has no port from 1 to 65535"},
		{"a:-1:192.0.2.1", "'a:-1:192.0.2.1' has no port from 1 to 65535"},
		{"a:+80:192.0.2.1", "'a:+80:192.0.2.1' has no port from 1 to 65535"},
		{"a: 80:192.0.2.1", "'a: 80:192.0.2.1' has no port from 1 to 65535"},
		{"a:http:192.0.2.1", "'a:http:192.0.2.1' has no port from 1 to 65535"},
		{"a:80x:192.0.2.1", "'a:80x:192.0.2.1' has no port from 1 to 65535"},
		{"a:80:b.test", "'b.test' is not an IP address"},
		{"a:80:192.0.2", "'192.0.2' is not an IP address"},
		{"a:80:192.0.2.1:80", "'192.0.2.1:80' is not an IP address"},
		{"a:80:192.0.2.1,nonsense,::1", "'nonsense' is not an IP address"},
		{"a:80:[::1", "'[::1' is not an IP address"},
		{"a:80:[]", "'' is not an IP address"},
		{"a:80:[", "'[' is not an IP address"},
		{"a:80:,", "'a:80:,' is not HOST:PORT:ADDR"},
		{"a:80:\x1b[31m", "'\\x1b[31m' is not an IP address"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str text = str_of(rows[i].text);
		struct err e = {0};

		expect_int(text, hosts_override(guarded_cstr(text), &e), -1);
		expect_err(text, &e, ERR_INPUT);
		expect_str(text, str_of(e.text), str_of(rows[i].why));
	}
	hosts_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_of_the_file_gives_its_names_an_address),
		cmocka_unit_test(lines_that_make_no_sense_are_passed_over),
		cmocka_unit_test(large_files_and_long_lines_are_read),
		cmocka_unit_test(family_is_chosen_among_what_is_known),
		cmocka_unit_test(missing_file_is_an_empty_one),
		cmocka_unit_test(file_that_cannot_be_read_is_told),
		cmocka_unit_test(localhost_is_loopback_unless_the_file_says_else),
		cmocka_unit_test(override_is_for_its_host_and_port),
		cmocka_unit_test(overrides_go_before_the_file_and_exact_ones_before_any),
		cmocka_unit_test(broken_override_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
