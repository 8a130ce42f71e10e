/* tests/unit/template.c: what -w makes of a result, and what it refuses. */
#include "awget/template.h"

#include <math.h>

#include "awget/json.h"
#include "made.h"
#include "net/tls.h"

static const struct verdict no_verdict;

static void
expect_filled(const char *template, const struct result *r, const struct verdict *v, struct str want)
{
	struct buf b = {0}, excerpt = {0};
	struct err e = {0};
	struct template *t = template_new(guarded_cstr(str_of(template)), &excerpt, &e);

	if (!t)
		fail_msg("%s: %s", template, e.text);
	buf_str(&b, STR("before "));
	template_fill(t, r, v, &b);
	expect_str(str_of(template), (struct str){b.s + 7, b.n - 7}, want);
	expect_int(str_of(template), (long long)excerpt.n, 0);
	buf_clear(&b);
	template_free(t);
}

/* An answer of which all is known. */
static void
make_known(struct result *r)
{
	made_result(r, 404, STR("Server: nginx\nX: a\nx: b\r\n c\nEmpty:\nX: d\n"));
	r->n = 12345;
	r->target = r->label = STR("HTTPS://A.test:8443/x?y");
	r->tag = STR("blue");
	assert_int_equal(url_parse(&r->url, r->target, NULL, NULL), 0);
	assert_true(addr_parse(&r->peer, "2001:db8::1", 8443));
	r->reason = (uint32_t)r->head.n;
	r->reason_n = 9;
	buf_str(&r->head, STR("Not Found"));
	r->attempts = 3;
	r->timing = (struct timing){.dns = 0.001, .connect = 0.0120004, .tls = 0.02, .first_byte = 0.9999996, .total = 61.5};
	r->time = 1795363200.0425;
	r->tls = malloc(sizeof *r->tls);
	*r->tls = (struct tls_info){.version = "TLSv1.3", .cipher = "TLS_X", .verify = "ok", .not_after = r->time + 10.5 * 86400};
}

static void
every_name_stands_for_what_is_known(void **state)
{
	static const struct {
		const char *template, *want;
	} rows[] = {
		{"", ""},
		{"%{n}", "12345"},
		{"%{target}", "HTTPS://A.test:8443/x?y"},
		{"%{tag}", "blue"},
		{"%{url}", "https://A.test:8443/x?y"},
		{"%{url_effective}", "https://A.test:8443/x?y"},
		{"%{scheme} %{host} %{port}", "https A.test 8443"},
		{"%{address} %{remote_ip} %{remote_port}", "2001:db8::1 2001:db8::1 8443"},
		{"%{status} %{response_code} %{http_code}", "404 404 404"},
		{"%{reason}", "Not Found"},
		{"%{http_version}", "1.1"},
		{"%{attempts} %{hops}", "3 0"},
		{"%{dns} %{connect} %{tls} %{first_byte} %{total}", "0.001000 0.012000 0.020000 1.000000 61.500000"},
		{"%{time_namelookup} %{time_connect} %{time_appconnect}", "0.001000 0.012000 0.020000"},
		{"%{time_starttransfer} %{time_total}", "1.000000 61.500000"},
		{"%{tls_version} %{tls_cipher} %{tls_verify} %{cert_days}", "TLSv1.3 TLS_X ok 10"},
		{"[%{error}%{error_kind}%{errormsg}]", "[]"},
		{"%{checks_failed}", "2"},
		{"%header{Server}", "nginx"},
		{"%header{sERVER}", "nginx"},
		{"%header{X}", "a"},
		{"%header{X:all:, }", "a, b c, d"},
		{"%header{X:all:}", "ab cd"},
		{"%header{X:all::}", "a:b c:d"},
		{"%header{X:all:\\n\\t\\r\\\\\\}}.", "a\n\t\r\\}b c\n\t\r\\}d."},
		{"%header{X:all:%%}", "a%%b c%%d"},
		{"[%header{Empty}%header{Missing}%header{Missing:all:,}]", "[]"},
		{"[%header{Empty:all:,}]", "[]"},
		{"a%%b\\n\\r\\t\\\\n{}%%{n}", "a%b\n\r\t\\n{}%{n}"},
		{"%{n}%{n}x%{n}", "1234512345x12345"},
	};
	const struct check_outcomes checks = {.n = 5, .failed = 2, .warned = 1};
	const struct verdict v = {.checks = &checks};
	struct result r;

	(void)state;
	make_known(&r);
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_filled(rows[i].template, &r, &v, str_of(rows[i].want));
	r.tls->not_after = r.time - 1;
	expect_filled("%{cert_days}", &r, &v, STR("-1"));
	r.tls->not_after = NAN;
	expect_filled("%{cert_days}", &r, &v, STR(""));
	result_clear(&r);
}

/* But what curl has a number for. */
static void
what_is_not_known_is_empty(void **state)
{
	static const struct {
		const char *template, *want;
	} rows[] = {
		{"%{tag}%{url}%{scheme}%{host}%{port}%{address}%{status}%{reason}%{http_version}", ""},
		{"%{dns}%{connect}%{tls}%{first_byte}%{total}", ""},
		{"%{tls_version}%{tls_cipher}%{tls_verify}%{cert_days}", ""},
		{"%{remote_ip}%{remote_port}%{url_effective}", ""},
		{"%header{Server}%header{Server:all:,}", ""},
		{"%{attempts} %{hops} %{checks_failed}", "1 0 0"},
		{"%{response_code} %{http_code}", "000 000"},
		{"%{time_namelookup} %{time_connect} %{time_appconnect} %{time_starttransfer} %{time_total}",
			"0.000000 0.000000 0.000000 0.000000 0.000000"},
		{"%{error_kind}: %{error} %{errormsg}", "dns-nxdomain: no such name no such name"},
	};
	struct result r;

	(void)state;
	result_init(&r, 1, STR("a"));
	err_set(&r.err, ERR_DNS_NXDOMAIN, "no such name");
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_filled(rows[i].template, &r, &no_verdict, str_of(rows[i].want));
	result_clear(&r);
}

static void
json_is_the_whole_record_without_line_end(void **state)
{
	struct buf want = {0};
	struct result r;

	(void)state;
	make_known(&r);
	r.tag = STR("\x9b\"\xc3\xa9");
	json_record(&want, &r, &no_verdict);
	expect_filled("%{json}", &r, &no_verdict, buf_view(&want));
	buf_clear(&want);
	result_clear(&r);
}

static void
values_are_fit_to_be_shown(void **state)
{
	struct result r;

	(void)state;
	made_result(&r, 200, STR("X: \x1b[31m\xff\xc3\xa9\nX: a\0b\tc\nY: \x80\r\n \xc2\x9b\n"));
	r.target = r.label = STR("a\nb");
	r.tag = STR("\x7f");
	expect_filled("%header{X}\\n%header{X:all:\\n}", &r, &no_verdict,
		STR("\\x1b[31m\\xff\xc3\xa9\n\\x1b[31m\\xff\xc3\xa9\na\\x00b\\x09c"));
	expect_filled("%{target}|%{tag}|%header{y}", &r, &no_verdict, STR("a\\x0ab|\\x7f|\\x80 \\xc2\\x9b"));
	/* what the template has of its own is left alone */
	expect_filled("\x1b[1m%{n}\x1b[m\n", &r, &no_verdict, STR("\x1b[1m1\x1b[m\n"));
	result_clear(&r);
}

static void
mistake_is_named_with_its_place(void **state)
{
	static const struct {
		const char *template, *sentence, *excerpt;
	} rows[] = {
		{"abc %{statsu}", "-w:1:5: there is no %{statsu}; did you mean %{status}?", "abc %{statsu}\n    ^\n"},
		{"%{Status}", "-w:1:1: there is no %{Status}; did you mean %{status}?", "%{Status}\n^\n"},
		{"%{content_type}", "-w:1:1: there is no %{content_type}", "%{content_type}\n^\n"},
		{"%{}", "-w:1:1: there is no %{}", "%{}\n^\n"},
		{"%{n", "-w:1:1: there is no '}' behind this", "%{n\n^\n"},
		{"%{", "-w:1:1: there is no '}' behind this", "%{\n^\n"},
		{"%{n\n}", "-w:1:1: there is no %{n\\x0a}; did you mean %{n}?", "%{n\n^\n"},
		{"x\ny %", "-w:2:3: '%' begins %{NAME}, %header{NAME} or %%, which stands for itself", "y %\n  ^\n"},
		{"\xc3\xa9%status", "-w:1:2: '%' begins %{NAME}, %header{NAME} or %%, which stands for itself",
			"\xc3\xa9%status\n ^\n"},
		{"%header", "-w:1:1: '%' begins %{NAME}, %header{NAME} or %%, which stands for itself", "%header\n^\n"},
		{"%header{", "-w:1:1: there is no '}' behind this", "%header{\n^\n"},
		{"%header{a", "-w:1:1: there is no '}' behind this", "%header{a\n^\n"},
		{"%header{a:all:", "-w:1:1: there is no '}' behind this", "%header{a:all:\n^\n"},
		{"%header{a:all:\\}", "-w:1:1: there is no '}' behind this", "%header{a:all:\\}\n^\n"},
		{"%header{}", "-w:1:9: '' is not the name of a header field", "%header{}\n        ^\n"},
		{"%header{a b}", "-w:1:9: 'a b' is not the name of a header field", "%header{a b}\n        ^\n"},
		{"%header{a:all}", "-w:1:10: behind the name of a field stands only ':all:SEPARATOR'",
			"%header{a:all}\n         ^\n"},
		{"%header{a:last}", "-w:1:10: behind the name of a field stands only ':all:SEPARATOR'",
			"%header{a:last}\n         ^\n"},
		{"%header{a:all:\\q}", "-w:1:15: a backslash begins only \\}, \\n, \\r, \\t and \\\\",
			"%header{a:all:\\q}\n              ^\n"},
		{"a\\q", "-w:1:2: a backslash begins only \\n, \\r, \\t and \\\\", "a\\q\n ^\n"},
		{"a\\}", "-w:1:2: a backslash begins only \\n, \\r, \\t and \\\\", "a\\}\n ^\n"},
		{"a\\", "-w:1:2: a backslash begins only \\n, \\r, \\t and \\\\", "a\\\n ^\n"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].template);
		struct buf excerpt = {0};
		struct err e = {0};

		if (template_new(guarded_cstr(row), &excerpt, &e))
			fail_msg("%s is taken", rows[i].template);
		expect_err(row, &e, ERR_INPUT);
		expect_str(row, str_of(e.text), str_of(rows[i].sentence));
		expect_str(row, buf_view(&excerpt), str_of(rows[i].excerpt));
		assert_null(template_new(rows[i].template, NULL, NULL));
		buf_clear(&excerpt);
	}
}

/* --- files --- */

static struct template *
from_file(struct str text, struct buf *excerpt, struct err *e, bool standard)
{
	char path[] = "@/tmp/awget-template.XXXXXX";
	int fd = mkstemp(path + 1), in = dup(STDIN_FILENO);
	struct template *t;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.s, text.n), text.n);
	lseek(fd, 0, SEEK_SET);
	if (standard)
		dup2(fd, STDIN_FILENO);
	t = template_new(standard ? "@-" : path, excerpt, e);
	dup2(in, STDIN_FILENO);
	close(in);
	close(fd);
	unlink(path + 1);
	return t;
}

static void
line_ends_of_a_file_are_not_part_of_it(void **state)
{
	static const struct {
		struct str text, want;
	} rows[] = {
		{STR(""), STR("")},
		{STR("%{n}\n"), STR("7")},
		{STR("n: %{n}\\n\r\nt: %{target}\\n\n"), STR("n: 7\nt: a\n")},
		{STR("%header{X:all:\n, \r}"), STR("1, 2")},
		{STR("a\0b"), STR("a\0b")},
	};
	struct result r;

	(void)state;
	made_result(&r, 200, STR("X: 1\nX: 2\n"));
	r.n = 7;
	r.target = STR("a");
	for (size_t i = 0; i < 2 * ROWS(rows); i++) {
		struct buf b = {0};
		struct err e = {0};
		struct template *t = from_file(rows[i / 2].text, NULL, &e, i % 2);

		if (!t)
			fail_msg("%s", e.text);
		template_fill(t, &r, &no_verdict, &b);
		expect_str(rows[i / 2].text, buf_view(&b), rows[i / 2].want);
		buf_clear(&b);
		template_free(t);
	}
	result_clear(&r);
}

static void
file_that_makes_no_sense_or_cannot_be_read_is_named(void **state)
{
	struct buf excerpt = {0};
	struct err e = {0};
	struct str large = repeated('x', TEMPLATE_FILE_MAX + 1), most = {large.s, TEMPLATE_FILE_MAX};
	struct template *t;

	(void)state;
	assert_null(from_file(STR("n: %{n}\\n\r\ntarget: %{taget}\\n\r\n"), &excerpt, &e, false));
	expect_err(STR("mistake"), &e, ERR_INPUT);
	assert_non_null(strstr(e.text, "/tmp/awget-template."));
	assert_non_null(strstr(e.text, ":2:9: there is no %{taget}; did you mean %{target}?"));
	expect_str(STR("mistake"), buf_view(&excerpt), STR("target: %{taget}\\n\n        ^\n"));
	assert_null(from_file(STR("%"), NULL, &e, true));
	assert_string_equal(e.text, "standard input:1:1: '%' begins %{NAME}, %header{NAME} or %%, which stands for itself");
	excerpt.n = 0;
	assert_null(template_new("@/nonexistent/x", &excerpt, &e));
	expect_err(STR("no file"), &e, ERR_LOCAL);
	assert_string_equal(e.text, "cannot read /nonexistent/x: No such file or directory");
	assert_null(template_new("@/", &excerpt, &e));
	expect_err(STR("a folder"), &e, ERR_LOCAL);
	assert_string_equal(e.text, "cannot read /: Is a directory");
	assert_null(template_new("@", &excerpt, &e));
	expect_err(STR("no name"), &e, ERR_LOCAL);
	assert_null(from_file(large, NULL, &e, true));
	expect_err(STR("large"), &e, ERR_LOCAL);
	assert_string_equal(e.text, "cannot read standard input: it is larger than 1048576 bytes");
	t = from_file(most, NULL, &e, false);
	assert_non_null(t);
	template_free(t);
	expect_int(STR("excerpt"), (long long)excerpt.n, 0);
	buf_clear(&excerpt);
	free((void *)large.s);
	template_free(NULL);
}

static void
long_templates_are_taken(void **state)
{
	struct buf text = {0}, want = {0};
	struct result r;

	(void)state;
	result_init(&r, 7, STR("a"));
	for (int i = 0; i < 1000; i++) {
		buf_str(&text, STR("%{n}\\\\%%"));
		buf_str(&want, STR("7\\%"));
	}
	expect_filled(buf_cstr(&text), &r, &no_verdict, buf_view(&want));
	buf_clear(&text);
	buf_clear(&want);
	result_clear(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_stands_for_what_is_known),
		cmocka_unit_test(what_is_not_known_is_empty),
		cmocka_unit_test(json_is_the_whole_record_without_line_end),
		cmocka_unit_test(values_are_fit_to_be_shown),
		cmocka_unit_test(mistake_is_named_with_its_place),
		cmocka_unit_test(line_ends_of_a_file_are_not_part_of_it),
		cmocka_unit_test(file_that_makes_no_sense_or_cannot_be_read_is_named),
		cmocka_unit_test(long_templates_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
