/* tests/unit/url.c: what a target means, and what is refused. */
#include "http/url.h"

#include <stdio.h>

#include "helper.h"

struct good {
	const char *in, *host, *path, *whole, *authority;
	uint16_t port; /* 0: 80 */
};

struct bad {
	struct str in;
	const char *says; /* a piece of the sentence */
};

static void
check_good(const struct good *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str in = str_of(rows[i].in);
		struct buf b = {0};
		struct err e = {0};
		struct url u;

		if (url_parse(&u, guarded(in), NULL, &e) != 0)
			fail_msg("%s: %s", rows[i].in, e.text);
		expect_str(in, str_of(u.host), str_of(rows[i].host));
		expect_str(in, str_of(u.path), str_of(rows[i].path));
		expect_str(in, str_of(u.scheme->name), STR("http"));
		expect_int(in, u.port, rows[i].port ? rows[i].port : 80);
		expect_int(in, u.v6, strchr(u.host, ':') != NULL);
		url_format(&b, &u);
		expect_str(in, buf_view(&b), str_of(rows[i].whole));
		b.n = 0;
		url_authority(&b, &u);
		expect_str(in, buf_view(&b), str_of(rows[i].authority));
		url_clear(&u);
		buf_clear(&b);
	}
}

static void
check_bad(const struct bad *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct err e = {0};
		struct url u;

		expect_int(rows[i].in, url_parse(&u, guarded(rows[i].in), NULL, &e), -1);
		expect_err(rows[i].in, &e, ERR_INPUT);
		if (!strstr(e.text, rows[i].says))
			fail_msg("%s: \"%s\" does not say \"%s\"", rows[i].in.s, e.text, rows[i].says);
		assert_null(u.host);
		assert_null(u.scheme);
		url_clear(&u);
	}
}

static void
host_alone_is_http_on_port_80(void **state)
{
	static const struct good rows[] = {
		{"example.org", "example.org", "/", "http://example.org/", "example.org", 0},
		{"localhost", "localhost", "/", "http://localhost/", "localhost", 0},
		{"Example.ORG", "Example.ORG", "/", "http://Example.ORG/", "Example.ORG", 0},
		{"example.org.", "example.org.", "/", "http://example.org./", "example.org.", 0},
		{"_srv.x_y.example", "_srv.x_y.example", "/", "http://_srv.x_y.example/", "_srv.x_y.example", 0},
		{"-a-.b--c.d", "-a-.b--c.d", "/", "http://-a-.b--c.d/", "-a-.b--c.d", 0},
		{"xn--bcher-kva.example", "xn--bcher-kva.example", "/", "http://xn--bcher-kva.example/",
			"xn--bcher-kva.example", 0},
		{"1.2.3.com", "1.2.3.com", "/", "http://1.2.3.com/", "1.2.3.com", 0},
		{"3com", "3com", "/", "http://3com/", "3com", 0},
		{"0xyz", "0xyz", "/", "http://0xyz/", "0xyz", 0},
		{"http", "http", "/", "http://http/", "http", 0},
		{"192.0.2.1", "192.0.2.1", "/", "http://192.0.2.1/", "192.0.2.1", 0},
	};

	(void)state;
	check_good(rows, ROWS(rows));
}

static void
port_follows_the_host(void **state)
{
	static const struct good rows[] = {
		{"localhost:8080", "localhost", "/", "http://localhost:8080/", "localhost:8080", 8080},
		{"host:80/path", "host", "/path", "http://host/path", "host", 80},
		{"host:1", "host", "/", "http://host:1/", "host:1", 1},
		{"host:65535", "host", "/", "http://host:65535/", "host:65535", 65535},
		{"host:00080", "host", "/", "http://host/", "host", 80},
		{"host:", "host", "/", "http://host/", "host", 80},
		{"http://host:/x", "host", "/x", "http://host/x", "host", 80},
		{"http://host:443/", "host", "/", "http://host:443/", "host:443", 443},
		{"192.0.2.1:81?q", "192.0.2.1", "/?q", "http://192.0.2.1:81/?q", "192.0.2.1:81", 81},
	};

	(void)state;
	check_good(rows, ROWS(rows));
}

static void
scheme_is_taken_in_any_case(void **state)
{
	static const struct good rows[] = {
		{"http://example.org", "example.org", "/", "http://example.org/", "example.org", 0},
		{"HTTP://example.org/A", "example.org", "/A", "http://example.org/A", "example.org", 0},
		{"http://http://h/", "http", "//h/", "http://http//h/", "http", 0},
		{"hTtP://http", "http", "/", "http://http/", "http", 0},
	};

	(void)state;
	check_good(rows, ROWS(rows));
}

/* What is typed, and the URL that it is with http and with https as the scheme of those that have none. */
static void
scheme_that_is_not_written_is_the_fallback(void **state)
{
	static const struct {
		struct str in;
		const char *scheme, *whole[2];
	} rows[] = {
		{STR("h"), NULL, {"http://h/", "https://h/"}},
		{STR("h:443/x"), NULL, {"http://h:443/x", "https://h/x"}},
		{STR("h:80"), NULL, {"http://h/", "https://h:80/"}},
		{STR("::1"), NULL, {"http://[::1]/", "https://[::1]/"}},
		{STR("b\u00fccher.test"), NULL, {"http://xn--bcher-kva.test/", "https://xn--bcher-kva.test/"}},
		{STR("http://h"), "http", {"http://h/", "http://h/"}},
		{STR("https://h"), "https", {"https://h/", "https://h/"}},
		{STR("HTTPS://h:443/"), "https", {"https://h/", "https://h/"}},
		{STR("https://[::1]:80"), "https", {"https://[::1]:80/", "https://[::1]:80/"}},
	};
	static const char *const fallbacks[] = {"http", "https"};

	(void)state;
	for (size_t i = 0; i < 2 * ROWS(rows); i++) {
		struct str in = rows[i / 2].in;
		struct buf b = {0};
		struct url u;

		assert_int_equal(url_parse(&u, guarded(in), url_scheme(str_of(fallbacks[i % 2])), NULL), 0);
		url_format(&b, &u);
		expect_str(in, buf_view(&b), str_of(rows[i / 2].whole[i % 2]));
		expect_str(in, str_of(u.scheme->name),
		    str_of(rows[i / 2].scheme ? rows[i / 2].scheme : fallbacks[i % 2]));
		url_clear(&u);
		buf_clear(&b);
	}
}

static void
schemes_have_their_port_and_tls(void **state)
{
	(void)state;
	assert_int_equal(url_scheme(STR("http"))->port, 80);
	assert_false(url_scheme(STR("http"))->tls);
	assert_int_equal(url_scheme(STR("HTTPS"))->port, 443);
	assert_true(url_scheme(STR("https"))->tls);
	assert_null(url_scheme(STR("ftp")));
	assert_null(url_scheme(STR("")));
	assert_null(url_scheme(STR("https:")));
}

static void
origin_is_scheme_host_and_port(void **state)
{
	static const struct {
		struct str a, b;
		bool same;
	} rows[] = {
		{STR("http://h/x"), STR("h:80?y"), true}, {STR("https://h"), STR("https://h:443/"), true},
		{STR("http://h"), STR("https://h"), false}, {STR("http://h:443"), STR("https://h"), false},
		{STR("h:80"), STR("h:81"), false}, {STR("Host.test"), STR("hOST.TEST."), true},
		{STR("h"), STR("i"), false}, {STR("h.test"), STR("h.test.test"), false}, {STR("a.h"), STR("h"), false},
		{STR("b\u00fccher.test"), STR("xn--bcher-kva.test"), true},
		{STR("127.0.0.1"), STR("127.0.0.1:80"), true},
		{STR("127.0.0.1"), STR("127.0.0.2"), false}, {STR("[2001:DB8::1]"), STR("2001:db8:0:0::1"), true},
		{STR("[::1]"), STR("[::2]"), false}, {STR("127.0.0.1"), STR("[::ffff:127.0.0.1]"), false},
		{STR("localhost"), STR("127.0.0.1"), false}, {STR("fe80::1%1"), STR("fe80::1%2"), false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct url a, b;
		bool parsed = url_parse(&a, rows[i].a, NULL, NULL) == 0 && url_parse(&b, rows[i].b, NULL, NULL) == 0;

		assert_true(parsed);
		expect_int(rows[i].b, url_same_origin(&a, &b), rows[i].same);
		expect_int(rows[i].a, url_same_origin(&b, &a), rows[i].same);
		url_clear(&a);
		url_clear(&b);
	}
}

static void
name_that_is_not_ascii_is_what_the_dns_has(void **state)
{
	static const struct good rows[] = {
		{"b\u00fccher.test", "xn--bcher-kva.test", "/", "http://xn--bcher-kva.test/", "xn--bcher-kva.test", 0},
		{"http://B\u00dcCHER.Test:81/\u00fc?x#y", "xn--bcher-kva.test", "/%C3%BC?x",
			"http://xn--bcher-kva.test:81/%C3%BC?x", "xn--bcher-kva.test:81", 81},
		{"b\u00fccher.test.", "xn--bcher-kva.test.", "/", "http://xn--bcher-kva.test./",
		"xn--bcher-kva.test.", 0},
		{"\u00fc:", "xn--tda", "/", "http://xn--tda/", "xn--tda", 0},
		{"\u00fc?x", "xn--tda", "/?x", "http://xn--tda/?x", "xn--tda", 0},
		{"\uff11\uff12\uff17\u30020.0.1:81", "127.0.0.1", "/", "http://127.0.0.1:81/", "127.0.0.1:81", 81},
	};

	(void)state;
	check_good(rows, ROWS(rows));
}

static void
name_that_is_none_in_the_dns_is_refused(void **state)
{
	static const struct bad rows[] = {
		{STR("a.\xff"), "neither ASCII nor UTF-8"}, {STR("h\xc2\x85"), "no name may have"},
		{STR("-\u00fc.test"), "hyphen"}, {STR("http://a\u2028b/"), "no name may have"},
		{STR("\u3002"), "empty label"},
		{STR("\u00fc..a"), "empty label"}, {STR("\u00ad"), "no host"}, {STR("a\uff0fb"), "'/'"},
		{STR("a\uff20b"), "'@'"}, {STR("a\uff1a80"), "':'"}, {STR("a\uff0eb\uff0541"), "percent-encoded"},
		{STR("\uff3b::1"), "several colons"}, {STR("\uff11.2.3"), "four decimal"}, {STR("\u00fc*b"), "'*'"},
		{STR("\u00fc%41"), "percent-encoded"}, {STR("\u00fc:0"), "from 1 to 65535"},
		{STR("\u00fc:x"), "decimal"},
		{STR("\u00fc@h"), "user info"}, {STR("\u00fc\\h"), "backslash"}, {STR("\u00fc h"), "blanks"},
		{STR("\u00fc/\x01"), "control"}, {STR("[\u00fc]"), "not an IPv6 address"},
		{STR("\u00fc:1:2"), "several colons"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
ipv6_may_stand_bare_or_in_brackets(void **state)
{
	static const struct good rows[] = {
		{"::1", "::1", "/", "http://[::1]/", "[::1]", 0},
		{"::", "::", "/", "http://[::]/", "[::]", 0},
		{"2001:db8::1/x", "2001:db8::1", "/x", "http://[2001:db8::1]/x", "[2001:db8::1]", 0},
		{"[::1]", "::1", "/", "http://[::1]/", "[::1]", 0},
		{"[::1]:8080", "::1", "/", "http://[::1]:8080/", "[::1]:8080", 8080},
		{"[::1]:", "::1", "/", "http://[::1]/", "[::1]", 0},
		{"http://[2001:DB8::1]:81/p?q", "2001:DB8::1", "/p?q", "http://[2001:DB8::1]:81/p?q",
			"[2001:DB8::1]:81", 81},
		{"[::ffff:192.0.2.1]", "::ffff:192.0.2.1", "/", "http://[::ffff:192.0.2.1]/", "[::ffff:192.0.2.1]", 0},
	};

	(void)state;
	check_good(rows, ROWS(rows));
}

/* Every machine has lo, and numbers need no interface of that name. */
static void
zone_is_kept_for_us_and_hidden_from_the_server(void **state)
{
	static const struct good rows[] = {
		{"fe80::1%lo", "fe80::1%lo", "/", "http://[fe80::1%25lo]/", "[fe80::1]", 0},
		{"[fe80::1%lo]:81", "fe80::1%lo", "/", "http://[fe80::1%25lo]:81/", "[fe80::1]:81", 81},
		{"http://[fe80::1%25lo]/x", "fe80::1%lo", "/x", "http://[fe80::1%25lo]/x", "[fe80::1]", 0},
		{"[fe80::1%25]", "fe80::1%25", "/", "http://[fe80::1%2525]/", "[fe80::1]", 0},
		{"[fe80::1%2525]", "fe80::1%25", "/", "http://[fe80::1%2525]/", "[fe80::1]", 0},
	};

	(void)state;
	check_good(rows, ROWS(rows));
}

static void
path_and_query_are_sent_as_typed(void **state)
{
	static const struct good rows[] = {
		{"h/", "h", "/", "http://h/", "h", 0},
		{"h//a/../b;c=d", "h", "//a/../b;c=d", "http://h//a/../b;c=d", "h", 0},
		{"h?x", "h", "/?x", "http://h/?x", "h", 0},
		{"h:81?x", "h", "/?x", "http://h:81/?x", "h:81", 81},
		{"h?", "h", "/?", "http://h/?", "h", 0},
		{"h/a@b:c?d@e", "h", "/a@b:c?d@e", "http://h/a@b:c?d@e", "h", 0},
		{"h/%00%2f%2F%41", "h", "/%00%2f%2F%41", "http://h/%00%2f%2F%41", "h", 0},
		{"h/-._~!$&'()*+,;=", "h", "/-._~!$&'()*+,;=", "http://h/-._~!$&'()*+,;=", "h", 0},
		{"h/http://user@evil:1/", "h", "/http://user@evil:1/", "http://h/http://user@evil:1/", "h", 0},
		{"h?a?b/c", "h", "/?a?b/c", "http://h/?a?b/c", "h", 0},
	};

	(void)state;
	check_good(rows, ROWS(rows));
}

static void
what_may_not_stand_in_a_path_is_encoded(void **state)
{
	static const struct good rows[] = {
		{"h/\xc3\xbc", "h", "/%C3%BC", "http://h/%C3%BC", "h", 0},
		{"h/\x80\xff", "h", "/%80%FF", "http://h/%80%FF", "h", 0},
		{"h/\"<>\\^`{|}", "h", "/%22%3C%3E%5C%5E%60%7B%7C%7D", "http://h/%22%3C%3E%5C%5E%60%7B%7C%7D", "h", 0},
		{"h?a[]=1", "h", "/?a%5B%5D=1", "http://h/?a%5B%5D=1", "h", 0},
		{"[fe80::1%25lo]?\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"", "fe80::1%lo",
			"/?%22%22%22%22%22%22%22%22%22%22%22%22%22%22%22",
			"http://[fe80::1%25lo]/?%22%22%22%22%22%22%22%22%22%22%22%22%22%22%22", "[fe80::1]", 0},
		{"h/100%", "h", "/100%25", "http://h/100%25", "h", 0},
		{"h/%4", "h", "/%254", "http://h/%254", "h", 0},
		{"h/%zz%%41", "h", "/%25zz%25%41", "http://h/%25zz%25%41", "h", 0},
	};

	(void)state;
	check_good(rows, ROWS(rows));
}

static void
fragment_is_never_sent(void **state)
{
	static const struct good rows[] = {
		{"h#frag", "h", "/", "http://h/", "h", 0},
		{"h/a?b#c?d#e", "h", "/a?b", "http://h/a?b", "h", 0},
		{"h#@evil.example/", "h", "/", "http://h/", "h", 0},
		{"h?@evil.example/", "h", "/?@evil.example/", "http://h/?@evil.example/", "h", 0},
		{"http://h:81#:82", "h", "/", "http://h:81/", "h:81", 81},
		{"h#\\\xff", "h", "/", "http://h/", "h", 0},
	};

	(void)state;
	check_good(rows, ROWS(rows));
}

static void
host_that_is_an_address_is_one_at_once(void **state)
{
	static const struct {
		struct str in;
		const char *address; /* NULL: a name */
	} rows[] = {
		{STR("192.0.2.1"), "192.0.2.1:80"}, {STR("http://192.0.2.1:81/x"), "192.0.2.1:81"},
		{STR("2001:DB8::1"), "[2001:db8::1]:80"}, {STR("[::1]:8080"), "[::1]:8080"},
		{STR("[fe80::1%25" "7]:1"), "[fe80::1%7]:1"}, {STR("example.org"), NULL}, {STR("1.2.3.com:80"), NULL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char text[ADDR_TEXT];
		struct url u;

		assert_int_equal(url_parse(&u, guarded(rows[i].in), NULL, NULL), 0);
		if (rows[i].address)
			expect_str(rows[i].in, str_of(addr_text_port(&u.address, text)), str_of(rows[i].address));
		else
			expect_int(rows[i].in, u.address.sa.sa_family, AF_UNSPEC);
		url_clear(&u);
	}
}

static void
target_without_host_is_refused(void **state)
{
	static const struct bad rows[] = {
		{STR(""), "no host"}, {STR("http://"), "no host"}, {STR("http:///x"), "no host"},
		{STR(":80"), "no host"},
		{STR("http://:80/"), "no host"}, {STR("/"), "no host"}, {STR("//host/"), "no host"},
		{STR("?x"), "no host"},
		{STR("#x"), "no host"}, {STR(":"), "no host"}, {STR("://host"), "no host"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
port_out_of_range_or_shape_is_refused(void **state)
{
	static const struct bad rows[] = {
		{STR("h:0"), "from 1 to 65535"},
		{STR("h:00"), "from 1 to 65535"},
		{STR("h:65536"), "from 1 to 65535"},
		{STR("h:65616"), "from 1 to 65535"},
		{STR("h:4294967376"), "from 1 to 65535"},
		{STR("h:18446744073709551696"), "from 1 to 65535"},
		{STR("h:340282366920938463463374607431768211536"), "from 1 to 65535"},
		{STR("[::1]:0"), "from 1 to 65535"},
		{STR("h:+80"), "decimal"},
		{STR("h:-80"), "decimal"},
		{STR("h:0x50"), "decimal"},
		{STR("h:8o"), "decimal"},
		{STR("h:80x/"), "decimal"},
		{STR("h:\xd9\xa8"), "decimal"},
		{STR("[::1]:http"), "decimal"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
other_schemes_are_refused(void **state)
{
	static const struct bad rows[] = {
		{STR("ftp://example.org/"), "scheme \"ftp\" is not supported"},
		{STR("file:///etc/passwd"), "scheme \"file\" is not supported"},
		{STR("h2+x-y.z://a"), "scheme \"h2+x-y.z\" is not supported"},
		{STR("http:foo"), "must be followed by \"//\""},
		{STR("http:/foo"), "must be followed by \"//\""},
		{STR("HTTP:foo"), "must be followed by \"//\""},
		{STR("http:80"), "must be followed by \"//\""},
		{STR("https:example.org"), "\"https:\" must be followed by \"//\""},
		{STR("https:443"), "must be followed by \"//\""},
		{STR("https:/x"), "must be followed by \"//\""},
		{STR("http:"), "must be followed by \"//\""},
		{STR("mailto:me"), "port"},
		{STR("javascript:alert(1)"), "port"},
		{STR("httpx://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), "scheme \"httpx\""},
		{STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa://h"), "scheme \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
user_info_is_refused(void **state)
{
	static const struct bad rows[] = {
		{STR("user@host"), "user info"}, {STR("http://user:secret@host/"), "user info"},
		{STR("@host"), "user info"},
		{STR("host@"), "user info"}, {STR("good.example:80@evil.example"), "user info"},
		{STR("a:b:c@h"), "user info"},
		{STR("[::1]@h"), "user info"}, {STR("http://@/"), "user info"}, {STR("a%40b@h"), "user info"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
backslash_before_the_path_is_refused(void **state)
{
	static const struct bad rows[] = {
		{STR("good.example\\@evil.example"), "backslash"}, {STR("http://h\\path"), "backslash"},
		{STR("http:\\\\host"), "followed by \"//\""}, {STR("host\\"), "backslash"},
		{STR("\\\\host\\x"), "backslash"},
		{STR("h:80\\x"), "backslash"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
blanks_and_control_bytes_are_refused_everywhere(void **state)
{
	static const struct bad rows[] = {
		{STR(" h"), "blanks"}, {STR("h "), "blanks"}, {STR("h/a b"), "blanks"}, {STR("h\t"), "blanks"},
		{STR("h/#a b"), "blanks"}, {STR("h/\r\nX: y"), "control"}, {STR("h\n"), "control"},
		{STR("h/\r"), "control"},
		{STR("h\0.example"), "control"}, {STR("h/\0"), "control"}, {STR("\0"), "control"},
		{STR("h/\x1b[31m"), "control"},
		{STR("h/\x7f"), "control"}, {STR("h/\xc3\xbc\x01"), "control"}, {STR("h?\x0b"), "control"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
host_with_other_bytes_is_refused(void **state)
{
	static const struct bad rows[] = {
		{STR("a%00b"), "percent-encoded"}, {STR("a%2fb"), "percent-encoded"},
		{STR("a%2eb/x"), "percent-encoded"}, {STR("%31.2.3.4"), "percent-encoded"}, {STR("a*b"), "'*'"},
		{STR("a,b"), "','"}, {STR("a!b"), "'!'"}, {STR("http://a;b/"), "';'"}, {STR("a~b"), "'~'"},
		{STR("a+b"), "'+'"},
		{STR("a]"), "']'"},
		{STR("a<b>"), "'<'"}, {STR("a|b"), "'|'"}, {STR("a[::1]"), "several colons"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
labels_keep_to_the_limits_of_the_dns(void **state)
{
	static char name[300], label[80];
	struct bad bad = {{name, 0}, "longer than 253"}, bad_label = {{label, 64}, "longer than 63"};
	struct good good = {name, name, "/", NULL, name, 0};
	char whole[320];
	struct bad rows[] = {
		{STR("."), "empty label"}, {STR(".."), "empty label"}, {STR(".a"), "empty label"},
		{STR("a..b"), "empty label"},
		{STR("a.."), "empty label"}, {STR("1..2"), "empty label"}, {STR("http://a..:80/"), "empty label"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
	memset(label, 'a', 64);
	check_bad(&bad_label, 1);
	memset(name, 'a', sizeof name - 1);
	for (size_t i = 63; i < sizeof name; i += 64)
		name[i] = '.';
	bad.in.n = 254;
	check_bad(&bad, 1);
	name[254] = '.'; /* a dot at the end counts for nothing: still 254 */
	bad.in.n = 255;
	check_bad(&bad, 1);
	name[253] = '\0';
	snprintf(whole, sizeof whole, "http://%s/", name);
	good.whole = whole;
	check_good(&good, 1);
	name[253] = '.', name[254] = '\0';
	snprintf(whole, sizeof whole, "http://%s/", name);
	check_good(&good, 1);
}

static void
numbers_that_are_no_dotted_quad_are_refused(void **state)
{
	static const struct bad rows[] = {
		{STR("127.1"), "four decimal"}, {STR("0x7f.1"), "four decimal"}, {STR("2130706433"), "four decimal"},
		{STR("1.2.3.256"), "four decimal"}, {STR("127.0.0.01"), "four decimal"},
		{STR("127.0.0.1."), "four decimal"},
		{STR("0x7f000001"), "four decimal"}, {STR("0X7F000001:80"), "four decimal"},
		{STR("1.2.3.4.5"), "four decimal"},
		{STR("0"), "four decimal"}, {STR("example.0x"), "four decimal"}, {STR("a.b.12/x"), "four decimal"},
		{STR("1.2.3"), "four decimal"}, {STR("0177.0.0.1"), "four decimal"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
broken_ipv6_is_refused(void **state)
{
	static const struct bad rows[] = {
		{STR("[::1"), "without \"]\""}, {STR("[::1]x"), "may follow"}, {STR("[::1]80"), "may follow"},
		{STR("[]"), "not an IPv6 address"}, {STR("[192.0.2.1]"), "not an IPv6 address"},
		{STR("[host]"), "not an IPv6 address"}, {STR("[::1::]"), "not an IPv6 address"},
		{STR("[1:2:3:4:5:6:7:8:9]"), "not an IPv6 address"}, {STR("[12345::]"), "not an IPv6 address"},
		{STR("[v1.x]"), "not an IPv6 address"}, {STR("[[::1]]"), "may follow"},
		{STR("[:]"), "not an IPv6 address"},
		{STR("[::1%]"), "zone"}, {STR("[::1%a/b]"), "zone"}, {STR("[::1/a]"), "between"},
		{STR("[::1\0]"), "control"}, {STR("[fe80::1%no such]"), "blanks"},
		{STR("[fe80::1%nosuchinterface]"), "zone"}, {STR("fe80::1%l\\o"), "backslash"},
		{STR("[fe80::1%l*]"), "zone"},
		{STR("[fe80::1%1x]"), "zone"}, {STR("[%25lo]"), "not an IPv6 address"},
		{STR("http://::1/"), "needs brackets"}, {STR("host:80:90"), "several colons"},
		{STR("1:2:3"), "several colons"},
		{STR(":::"), "several colons"}, {STR("[]:80"), "not an IPv6 address"},
		{STR("[0000000000000000000000000000000000000000000000000000000000::1]"), "not an IPv6 address"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
every_prefix_of_a_target_is_read_within_its_bounds(void **state)
{
	static const char *const rows[] = {
		"http://www.example.org:8080/path/%41%zz?query=\xc3\xbc&x[]#fragment", "[fe80::1%25lo]:8080/x?y#z",
		"https://user:secret@host/", "192.0.2.1:80", "0x7f.1", "ftp://h", "::ffff:192.0.2.1", "h%41\\@h",
		"http://b\u00fccher.t\u00e9st:81/\u00fc",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		for (size_t n = 0; n <= strlen(rows[i]); n++) {
			struct str in = {rows[i], n};
			struct err e = {0};
			struct url u;

			if (url_parse(&u, guarded(in), NULL, &e) != 0)
				expect_err(in, &e, ERR_INPUT);
			url_clear(&u);
		}
	}
}

static void
path_of_any_length_is_kept_whole(void **state)
{
	static const size_t lengths[] = {3, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 1000, 100000};

	(void)state;
	for (size_t i = 0; i < 2 * ROWS(lengths); i++) {
		struct str in = repeated(i % 2 ? 'x' : '\xff', lengths[i / 2]);
		struct url u;

		memcpy((char *)in.s, "h/", 2);
		assert_int_equal(url_parse(&u, guarded(in), NULL, NULL), 0);
		assert_int_equal(strlen(u.path), 1 + (i % 2 ? 1 : 3) * (in.n - 2));
		assert_string_equal(u.host, "h");
		url_clear(&u);
		free((char *)in.s);
	}
}

static void
moved_url_is_the_same_elsewhere(void **state)
{
	static const char *const rows[] = {"a", "https://b.test:81/x?y", "[2001:db8::1]", "192.0.2.1/",
		"http://long.example.org/a/path/that/does/not/fit/into/the/few/bytes/of/its/own"};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i]);
		struct buf before = {0}, after = {0};
		struct url from, to;

		assert_int_equal(url_parse(&from, row, NULL, NULL), 0);
		url_format(&before, &from);
		url_move(&to, &from);
		assert_true(!from.host && !from.path && !from.scheme);
		memset(&from, 0xa5, sizeof from); /* nothing of it is needed */
		url_format(&after, &to);
		expect_str(row, buf_view(&after), buf_view(&before));
		url_move(&from, &to); /* and back */
		after.n = 0;
		url_format(&after, &from);
		expect_str(row, buf_view(&after), buf_view(&before));
		url_clear(&to);
		url_clear(&from);
		buf_clear(&before);
		buf_clear(&after);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_alone_is_http_on_port_80),
		cmocka_unit_test(port_follows_the_host),
		cmocka_unit_test(scheme_is_taken_in_any_case),
		cmocka_unit_test(scheme_that_is_not_written_is_the_fallback),
		cmocka_unit_test(schemes_have_their_port_and_tls),
		cmocka_unit_test(origin_is_scheme_host_and_port),
		cmocka_unit_test(name_that_is_not_ascii_is_what_the_dns_has),
		cmocka_unit_test(name_that_is_none_in_the_dns_is_refused),
		cmocka_unit_test(ipv6_may_stand_bare_or_in_brackets),
		cmocka_unit_test(zone_is_kept_for_us_and_hidden_from_the_server),
		cmocka_unit_test(path_and_query_are_sent_as_typed),
		cmocka_unit_test(what_may_not_stand_in_a_path_is_encoded),
		cmocka_unit_test(fragment_is_never_sent),
		cmocka_unit_test(host_that_is_an_address_is_one_at_once),
		cmocka_unit_test(target_without_host_is_refused),
		cmocka_unit_test(port_out_of_range_or_shape_is_refused),
		cmocka_unit_test(other_schemes_are_refused),
		cmocka_unit_test(user_info_is_refused),
		cmocka_unit_test(backslash_before_the_path_is_refused),
		cmocka_unit_test(blanks_and_control_bytes_are_refused_everywhere),
		cmocka_unit_test(host_with_other_bytes_is_refused),
		cmocka_unit_test(labels_keep_to_the_limits_of_the_dns),
		cmocka_unit_test(numbers_that_are_no_dotted_quad_are_refused),
		cmocka_unit_test(broken_ipv6_is_refused),
		cmocka_unit_test(every_prefix_of_a_target_is_read_within_its_bounds),
		cmocka_unit_test(path_of_any_length_is_kept_whole),
		cmocka_unit_test(moved_url_is_the_same_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
