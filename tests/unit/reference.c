/* tests/unit/reference.c: where references lead, and which are refused. */
#include "http/reference.h"

#include "helper.h"

struct good {
	struct str reference;
	const char *want; /* the whole URL */
};

struct bad {
	struct str reference;
	const char *says; /* a piece of the sentence */
};

static void
check_good(const char *from, const struct good *rows, size_t n)
{
	struct url base;

	assert_int_equal(url_parse(&base, str_of(from), NULL, NULL), 0);
	for (size_t i = 0; i < n; i++) {
		struct str reference = rows[i].reference;
		struct buf b = {0};
		struct err e = {0};
		struct url u;

		if (url_join(&u, &base, guarded(reference), &e) != 0)
			fail_msg("%s: %s", reference.s, e.text);
		url_format(&b, &u);
		expect_str(reference, buf_view(&b), str_of(rows[i].want));
		url_clear(&u);
		buf_clear(&b);
	}
	url_clear(&base);
}

static void
check_bad(const struct bad *rows, size_t n)
{
	struct url base;

	assert_int_equal(url_parse(&base, STR("http://a/b/c"), NULL, NULL), 0);
	for (size_t i = 0; i < n; i++) {
		struct str reference = rows[i].reference;
		struct err e = {0};
		struct url u;

		expect_int(reference, url_join(&u, &base, guarded(reference), &e), -1);
		expect_err(reference, &e, ERR_INPUT);
		if (!strstr(e.text, rows[i].says))
			fail_msg("%s: \"%s\" does not say \"%s\"", reference.s, e.text, rows[i].says);
		assert_null(u.host);
		assert_null(u.scheme);
		url_clear(&u);
	}
	url_clear(&base);
}

/* RFC 3986 section 5.4.1, but for g:h, which is another scheme; what is behind a '#' is not sent. */
static void
normal_examples_of_the_rfc(void **state)
{
	static const struct good rows[] = {
		{STR("g"), "http://a/b/c/g"}, {STR("./g"), "http://a/b/c/g"}, {STR("g/"), "http://a/b/c/g/"},
		{STR("/g"), "http://a/g"}, {STR("//g"), "http://g/"}, {STR("?y"), "http://a/b/c/d;p?y"},
		{STR("g?y"), "http://a/b/c/g?y"}, {STR("#s"), "http://a/b/c/d;p?q"}, {STR("g#s"), "http://a/b/c/g"},
		{STR("g?y#s"), "http://a/b/c/g?y"}, {STR(";x"), "http://a/b/c/;x"}, {STR("g;x"), "http://a/b/c/g;x"},
		{STR("g;x?y#s"), "http://a/b/c/g;x?y"}, {STR(""), "http://a/b/c/d;p?q"}, {STR("."), "http://a/b/c/"},
		{STR("./"), "http://a/b/c/"}, {STR(".."), "http://a/b/"}, {STR("../"), "http://a/b/"},
		{STR("../g"), "http://a/b/g"}, {STR("../.."), "http://a/"}, {STR("../../"), "http://a/"},
		{STR("../../g"), "http://a/g"},
	};

	(void)state;
	check_good("http://a/b/c/d;p?q", rows, ROWS(rows));
}

/* RFC 3986 section 5.4.2, but for http:g, which is refused. */
static void
abnormal_examples_of_the_rfc(void **state)
{
	static const struct good rows[] = {
		{STR("../../../g"), "http://a/g"}, {STR("../../../../g"), "http://a/g"}, {STR("/./g"), "http://a/g"},
		{STR("/../g"), "http://a/g"}, {STR("g."), "http://a/b/c/g."}, {STR(".g"), "http://a/b/c/.g"},
		{STR("g.."), "http://a/b/c/g.."}, {STR("..g"), "http://a/b/c/..g"}, {STR("./../g"), "http://a/b/g"},
		{STR("./g/."), "http://a/b/c/g/"}, {STR("g/./h"), "http://a/b/c/g/h"},
		{STR("g/../h"), "http://a/b/c/h"},
		{STR("g;x=1/./y"), "http://a/b/c/g;x=1/y"}, {STR("g;x=1/../y"), "http://a/b/c/y"},
		{STR("g?y/./x"), "http://a/b/c/g?y/./x"}, {STR("g?y/../x"), "http://a/b/c/g?y/../x"},
		{STR("g#s/./x"), "http://a/b/c/g"}, {STR("g#s/../x"), "http://a/b/c/g"},
	};

	(void)state;
	check_good("http://a/b/c/d;p?q", rows, ROWS(rows));
}

static void
whole_urls_stand_for_themselves(void **state)
{
	static const struct good rows[] = {
		{STR("http://h"), "http://h/"}, {STR("https://h/x?y#z"), "https://h/x?y"},
		{STR("HTTPS://H:443/"), "https://H/"},
		{STR("https://h:80"), "https://h:80/"}, {STR("http://h?x"), "http://h/?x"},
		{STR("http://h/?"), "http://h/?"},
		{STR("http://h/a/../b/./c/.."), "http://h/b/"},
		{STR("http://[2001:db8::1]:81/x"), "http://[2001:db8::1]:81/x"},
		{STR("http://192.0.2.1#x"), "http://192.0.2.1/"}, {STR("http://h/http://i/"), "http://h/http://i/"},
	};

	(void)state;
	check_good("https://a:8443/b/c?q", rows, ROWS(rows));
}

static void
scheme_host_and_port_are_inherited(void **state)
{
	static const struct good rows[] = {
		{STR("//h/x"), "https://h/x"}, {STR("//h:80"), "https://h:80/"}, {STR("/x"), "https://a:8443/x"},
		{STR("x"), "https://a:8443/b/x"}, {STR("?x"), "https://a:8443/b/c?x"},
		{STR(""), "https://a:8443/b/c?q"},
		{STR("?"), "https://a:8443/b/c?"}, {STR("#"), "https://a:8443/b/c?q"},
	};
	static const struct good zone[] = {
		{STR("/x"), "http://[fe80::1%25lo]:81/x"}, {STR("//h"), "http://h/"},
		{STR(""), "http://[fe80::1%25lo]:81/?a/b"},
		{STR("x/"), "http://[fe80::1%25lo]:81/x/"},
	};

	(void)state;
	check_good("https://a:8443/b/c?q", rows, ROWS(rows));
	check_good("[fe80::1%lo]:81?a/b", zone, ROWS(zone));
}

/* A path that looks like a host, a host that looks like a path: the place of the slashes alone decides. */
static void
nobody_is_led_to_another_host_by_dots(void **state)
{
	static const struct good rows[] = {
		{STR("/.//h/x"), "http://a//h/x"}, {STR(".//h"), "http://a//h"}, {STR("/..//h"), "http://a//h"},
		{STR("x//../y"), "http://a/x/y"}, {STR("//h/..//x"), "http://h//x"},
		{STR("/\\h"), "http://a/%5Ch"}, {STR("\\\\h"), "http://a/%5C%5Ch"}, {STR("@h"), "http://a/@h"},
		{STR("%2f%2fh"), "http://a/%2f%2fh"}, {STR("/%2e%2e/x"), "http://a/%2e%2e/x"},
		{STR("./x:y"), "http://a/x:y"},
		{STR("x/y:z"), "http://a/x/y:z"}, {STR("?x:y"), "http://a/?x:y"}, {STR("/x:y"), "http://a/x:y"},
		{STR("#x:y"), "http://a/"}, {STR("x#:y"), "http://a/x"}, {STR("..."), "http://a/..."},
		{STR("//https://h/"), "http://https//h/"},
	};

	(void)state;
	check_good("http://a", rows, ROWS(rows));
}

static void
what_may_not_stand_in_a_url_is_encoded(void **state)
{
	static const struct good rows[] = {
		{STR("/a b"), "http://a/a%20b"}, {STR(" \t/x\t "), "http://a/x"},
		{STR("a\tb?c d"), "http://a/b/a%09b?c%20d"},
		{STR("/\xc3\xbc?\xff"), "http://a/%C3%BC?%FF"}, {STR("<\"{|}>"), "http://a/b/%3C%22%7B%7C%7D%3E"},
		{STR("/100%"), "http://a/100%25"}, {STR("/%zz%41"), "http://a/%25zz%41"},
		{STR("x#a b\xff"), "http://a/b/x"},
		{STR("http://h/a b"), "http://h/a%20b"}, {STR(" "), "http://a/b/c"}, {STR("./ ."), "http://a/b/%20."},
	};

	(void)state;
	check_good("http://a/b/c", rows, ROWS(rows));
}

static void
names_that_are_not_ascii_are_converted(void **state)
{
	static const struct good rows[] = {
		{STR("http://b\u00fccher.test/\u00fc"), "http://xn--bcher-kva.test/%C3%BC"},
		{STR("//B\u00dcCHER.test:81"), "http://xn--bcher-kva.test:81/"},
		{STR("//xn--bcher-kva.test"), "http://xn--bcher-kva.test/"},
	};

	(void)state;
	check_good("http://\u00fc.test/", rows, ROWS(rows));
}

static void
other_schemes_are_refused(void **state)
{
	static const struct bad rows[] = {
		{STR("g:h"), "scheme \"g\" is not supported"}, {STR("ftp://h/"), "scheme \"ftp\" is not supported"},
		{STR("mailto:me"), "scheme \"mailto\" is not supported"},
		{STR("data:,x"), "scheme \"data\" is not supported"},
		{STR("JavaScript:alert(1)"), "scheme \"JavaScript\" is not supported"},
		{STR("localhost:8080/x"), "scheme \"localhost\" is not supported"},
		{STR("a+b-c.d:"), "scheme \"a+b-c.d\" is not supported"},
		{STR("httpx://h"), "scheme \"httpx\" is not supported"},
		{STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:"), "scheme \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
schemes_without_slashes_are_refused(void **state)
{
	static const struct bad rows[] = {
		{STR("http:g"), "\"http:\" must be followed by \"//\""}, {STR("http:"), "must be followed by \"//\""},
		{STR("https:/x"), "\"https:\" must be followed by \"//\""},
		{STR("HTTP:?x"), "must be followed by \"//\""},
		{STR("http:#//h"), "must be followed by \"//\""}, {STR("http:\\\\h"), "must be followed by \"//\""},
		{STR("127.0.0.1:80/x"), "a colon before the first slash"},
		{STR(":x"), "a colon before the first slash"},
		{STR("://h"), "a colon before the first slash"}, {STR("a b:c"), "a colon before the first slash"},
		{STR("\u00fc:x"), "a colon before the first slash"}, {STR("[::1]/"), "a colon before the first slash"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
control_bytes_are_refused_everywhere(void **state)
{
	static const struct bad rows[] = {
		{STR("/a\r\nX: y"), "control bytes"}, {STR("/a\0"), "control bytes"},
		{STR("/\x1b[31m"), "control bytes"}, {STR("\x7f"), "control bytes"}, {STR("/#\x01"), "control bytes"},
		{STR("http://h\x0b/"), "control bytes"},
		{STR("\n"), "control bytes"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
what_is_refused_of_a_target_is_refused_here(void **state)
{
	static const struct bad rows[] = {
		{STR("//"), "no host"}, {STR("http://"), "no host"}, {STR("///x"), "no host"},
		{STR("http:///x"), "no host"},
		{STR("https://?x"), "no host"}, {STR("//:80/"), "no host"}, {STR("//h:0"), "from 1 to 65535"},
		{STR("//h:65616/"), "from 1 to 65535"}, {STR("//h:x"), "decimal"}, {STR("//u@h/"), "user info"},
		{STR("http://u:p@h/"), "user info"}, {STR("//h\\@i/"), "backslash"}, {STR("//h b/"), "blanks"},
		{STR("//h\t/"), "blanks"}, {STR("// h"), "blanks"}, {STR("//a%2fb/"), "percent-encoded"},
		{STR("//a*b/"), "'*'"}, {STR("//a..b"), "empty label"}, {STR("//127.1/"), "four decimal"},
		{STR("//[::1"), "without \"]\""}, {STR("//::1/"), "needs brackets"},
		{STR("//\xff/"), "neither ASCII nor"},
		{STR("//-\u00fc/"), "hyphen"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
every_prefix_is_read_within_its_bounds(void **state)
{
	static const char *const rows[] = {
		"https://b\u00fccher.test:8080/a/../b%41%zz/./c?q \xff#f", "//[fe80::1%25lo]:81/x/..",
		"../.././g;x=1/../y?a/../b",
		" \t?x y#z", "mailto:me", "http:\\\\h",
	};
	struct url base;

	(void)state;
	assert_int_equal(url_parse(&base, STR("http://a/b/c/d;p?q"), NULL, NULL), 0);
	for (size_t i = 0; i < ROWS(rows); i++) {
		for (size_t n = 0; n <= strlen(rows[i]); n++) {
			struct str in = {rows[i], n};
			struct err e = {0};
			struct url u;

			if (url_join(&u, &base, guarded(in), &e) != 0)
				expect_err(in, &e, ERR_INPUT);
			url_clear(&u);
		}
	}
	url_clear(&base);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(normal_examples_of_the_rfc),
		cmocka_unit_test(abnormal_examples_of_the_rfc),
		cmocka_unit_test(whole_urls_stand_for_themselves),
		cmocka_unit_test(scheme_host_and_port_are_inherited),
		cmocka_unit_test(nobody_is_led_to_another_host_by_dots),
		cmocka_unit_test(what_may_not_stand_in_a_url_is_encoded),
		cmocka_unit_test(names_that_are_not_ascii_are_converted),
		cmocka_unit_test(other_schemes_are_refused),
		cmocka_unit_test(schemes_without_slashes_are_refused),
		cmocka_unit_test(control_bytes_are_refused_everywhere),
		cmocka_unit_test(what_is_refused_of_a_target_is_refused_here),
		cmocka_unit_test(every_prefix_is_read_within_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
