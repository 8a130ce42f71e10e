/* tests/unit/proxy.c: what is a proxy; what is refused without giving a password away; which proxy a URL has. */
#include "http/proxy.h"

#include <stdio.h>
#include <stdlib.h>

#include "helper.h"

/* What a password looks like below: it must be in no sentence. */
#define SECRET "s3crEt"

struct good {
	const char *in, *host, *shown;
	uint16_t port;
	const char *address; /* NULL: a name */
};

static void
check_good(const struct good *rows, size_t n, enum proxy_kind kind)
{
	for (size_t i = 0; i < n; i++) {
		struct str in = str_of(rows[i].in);
		char text[ADDR_TEXT];
		struct err e = {0};
		struct proxy p;

		if (proxy_parse(&p, guarded_cstr(in), &e) != 0)
			fail_msg("%s: %s", rows[i].in, e.text);
		expect_int(in, p.kind, kind);
		expect_str(in, str_of(p.host), str_of(rows[i].host));
		expect_str(in, str_of(p.shown), str_of(rows[i].shown));
		expect_int(in, p.port, rows[i].port);
		if (rows[i].address)
			expect_str(in, str_of(addr_text_port(&p.address, text)), str_of(rows[i].address));
		else
			expect_int(in, p.address.sa.sa_family, AF_UNSPEC);
		assert_null(p.auth);
		assert_null(p.user);
		assert_null(p.password);
		proxy_clear(&p);
		assert_null(p.host);
	}
}

static void
host_alone_is_an_http_proxy_on_port_1080(void **state)
{
	static const struct good rows[] = {
		{"proxy", "proxy", "http://proxy:1080", 1080, NULL},
		{"proxy:3128", "proxy", "http://proxy:3128", 3128, NULL},
		{"proxy:", "proxy", "http://proxy:1080", 1080, NULL},
		{"proxy:80", "proxy", "http://proxy:80", 80, NULL},
		{"proxy:3128/", "proxy", "http://proxy:3128", 3128, NULL},
		{"@proxy", "proxy", "http://proxy:1080", 1080, NULL},
		{"http://proxy.example", "proxy.example", "http://proxy.example:1080", 1080, NULL},
		{"HTTP://proxy.example/", "proxy.example", "http://proxy.example:1080", 1080, NULL},
		{"192.0.2.1:8080", "192.0.2.1", "http://192.0.2.1:8080", 8080, "192.0.2.1:8080"},
		{"192.0.2.1", "192.0.2.1", "http://192.0.2.1:1080", 1080, "192.0.2.1:1080"},
		{"[::1]", "::1", "http://[::1]:1080", 1080, "[::1]:1080"},
		{"[::1]:", "::1", "http://[::1]:1080", 1080, "[::1]:1080"},
		{"http://[2001:db8::1]:80", "2001:db8::1", "http://[2001:db8::1]:80", 80, "[2001:db8::1]:80"},
	};

	(void)state;
	check_good(rows, ROWS(rows), PROXY_HTTP);
}

static void
schemes_have_their_ports(void **state)
{
	static const struct good https[] = {
		{"https://proxy", "proxy", "https://proxy:443", 443, NULL},
		{"Https://[::1]/", "::1", "https://[::1]:443", 443, "[::1]:443"},
		{"https://proxy:80", "proxy", "https://proxy:80", 80, NULL},
	};
	static const struct good socks[] = {
		{"socks5h://proxy", "proxy", "socks5h://proxy:1080", 1080, NULL},
		{"SOCKS5H://127.0.0.1:9050", "127.0.0.1", "socks5h://127.0.0.1:9050", 9050, "127.0.0.1:9050"},
	};

	(void)state;
	check_good(https, ROWS(https), PROXY_HTTPS);
	check_good(socks, ROWS(socks), PROXY_SOCKS5H);
}

static void
credentials_are_decoded_for_http(void **state)
{
	static const struct {
		const char *in, *auth;
	} rows[] = {
		{"user:password@proxy:1", "Basic dXNlcjpwYXNzd29yZA=="},
		{"https://user:password@proxy:1", "Basic dXNlcjpwYXNzd29yZA=="},
		{"us%65r:p%61ssword@proxy:1", "Basic dXNlcjpwYXNzd29yZA=="},
		{"user@proxy:1", "Basic dXNlcjo="},
		{"user:@proxy:1", "Basic dXNlcjo="},
		{":p@proxy:1", "Basic OnA="},
		{":@proxy:1", "Basic Og=="},
		{"a:b:c@proxy:1", "Basic YTpiOmM="},
		{"u:p@ss@proxy:1", "Basic dTpwQHNz"},
		{"u:p%40%3a%2F@proxy:1", "Basic dTpwQDov"},
		{"u:%zz%4@proxy:1", "Basic dTolenolNA=="},
		{"u:%@proxy:1", "Basic dTol"},
		{"u:\xc3\xbc%ff@proxy:1", "Basic dTrDvP8="},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str in = str_of(rows[i].in);
		struct err e = {0};
		struct proxy p;

		if (proxy_parse(&p, guarded_cstr(in), &e) != 0)
			fail_msg("%s: %s", rows[i].in, e.text);
		expect_str(in, str_of(p.auth), str_of(rows[i].auth));
		assert_null(p.user);
		assert_null(p.password);
		assert_null(strchr(p.shown, '@'));
		assert_non_null(strstr(p.shown, "://proxy:1"));
		proxy_clear(&p);
	}
}

static void
credentials_stay_apart_for_socks(void **state)
{
	static char in[600], too_long[256];
	struct err e = {0};
	struct proxy p;

	(void)state;
	assert_int_equal(proxy_parse(&p, "socks5h://a%3ab:" SECRET "%20@proxy", &e), 0);
	assert_string_equal(p.user, "a:b");
	assert_string_equal(p.password, SECRET " ");
	assert_string_equal(p.shown, "socks5h://proxy:1080");
	assert_null(p.auth);
	proxy_clear(&p);
	assert_int_equal(proxy_parse(&p, "socks5h://user@proxy", &e), 0);
	assert_string_equal(p.user, "user");
	assert_string_equal(p.password, "");
	proxy_clear(&p);
	memset(too_long, 'x', 255);
	snprintf(in, sizeof in, "socks5h://%s:%s@proxy", too_long, too_long);
	assert_int_equal(proxy_parse(&p, in, &e), 0);
	proxy_clear(&p);
	snprintf(in, sizeof in, "socks5h://x%s:p@proxy", too_long);
	assert_int_equal(proxy_parse(&p, in, &e), -1);
	snprintf(in, sizeof in, "socks5h://u:%sx@proxy", too_long);
	assert_int_equal(proxy_parse(&p, in, &e), -1);
	expect_err(STR("too long"), &e, ERR_INPUT);
	assert_string_equal(e.text, "user or password of the SOCKS proxy is longer than 255 bytes");
}

static void
what_is_no_proxy_is_refused_without_being_shown(void **state)
{
	static const struct {
		const char *in, *says;
	} rows[] = {
		{"ftp://proxy", "http, https or socks5h"},
		{"socks5://u:" SECRET "@proxy", "http, https or socks5h"},
		{"socks4a://proxy", "http, https or socks5h"},
		{"socks://proxy", "http, https or socks5h"},
		{SECRET "://proxy", "http, https or socks5h"},
		{"://proxy", "http, https or socks5h"},
		{"", "host or the port"},
		{"http://", "host or the port"},
		{"http:///", "host or the port"},
		{"u:" SECRET "@", "host or the port"},
		{"u:" SECRET, "host or the port"},
		{"u:" SECRET "@:80", "host or the port"},
		{"proxy:0", "host or the port"},
		{"proxy:65536", "host or the port"},
		{"proxy:" SECRET, "host or the port"},
		{"u:" SECRET "@proxy:x", "host or the port"},
		{"::1", "brackets"},
		{"http://::1:80", "brackets"},
		{"[::1", "host or the port"},
		{"[::1]" SECRET, "host or the port"},
		{"[192.0.2.1]", "host or the port"},
		{"127.1", "host or the port"},
		{"pro xy", "host or the port"},
		{"proxy\n", "host or the port"},
		{"pro\\xy", "host or the port"},
		{"proxy/" SECRET, "may follow"},
		{"proxy?" SECRET, "may follow"},
		{"proxy#", "may follow"},
		{"http://http://proxy", "may follow"},
		{"http://u:" SECRET "/x@proxy", "percent-encoded"},
		{"u:12/" SECRET "@proxy", "percent-encoded"},
		{"u:?" SECRET "@proxy", "percent-encoded"},
		{"u:#" SECRET "@proxy", "percent-encoded"},
		{"u:a://" SECRET "@proxy", "percent-encoded"},
		{"u%00:" SECRET "@proxy", "control bytes"},
		{"u:" SECRET "%0d%0aX@proxy", "control bytes"},
		{"u:" SECRET "\x1b@proxy", "control bytes"},
		{"socks5h://u:" SECRET "%7f@proxy", "control bytes"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str in = str_of(rows[i].in);
		struct err e = {0};
		struct proxy p;

		expect_int(in, proxy_parse(&p, guarded_cstr(in), &e), -1);
		expect_err(in, &e, ERR_INPUT);
		if (!strstr(e.text, rows[i].says))
			fail_msg("%s: \"%s\" does not say \"%s\"", rows[i].in, e.text, rows[i].says);
		assert_null(strstr(e.text, SECRET));
		assert_null(p.host);
		assert_null(p.auth);
		assert_null(p.shown);
	}
}

/* The environment: these variables, "name=value" between blanks, and no others that matter. */
static void
set_environment(const char *settings)
{
	static const char *const all[] = {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy",
		"ALL_PROXY", "no_proxy", "NO_PROXY"};
	char *copy = test_malloc(strlen(settings) + 1), *next;

	for (size_t i = 0; i < ROWS(all); i++)
		unsetenv(all[i]);
	strcpy(copy, settings);
	for (char *s = strtok_r(copy, " ", &next); s; s = strtok_r(NULL, " ", &next)) {
		char *equals = strchr(s, '=');

		*equals = '\0';
		assert_int_equal(setenv(s, equals + 1, 1), 0);
	}
	test_free(copy);
}

/* The proxy for a target of this scheme, "-" for none. */
static void
expect_choice(struct str row, const struct proxies *all, const char *scheme, const char *want)
{
	const struct proxy *p;
	struct url u;

	assert_int_equal(url_parse(&u, STR("www.example.org"), NULL, NULL), 0);
	u.scheme = url_scheme(str_of(scheme));
	p = proxies_choose(all, &u);
	expect_str(row, str_of(p ? p->shown : "-"), str_of(want));
	url_clear(&u);
}

static void
the_option_goes_before_the_environment_and_lower_case_before_upper(void **state)
{
	static const struct {
		const char *environment, *x, *noproxy, *http, *https;
	} rows[] = {
		{"", NULL, NULL, "-", "-"},
		{"", "h:1", NULL, "http://h:1", "http://h:1"},
		{"", "", NULL, "-", "-"},
		{"http_proxy=h:1", NULL, NULL, "http://h:1", "-"},
		{"HTTP_PROXY=h:1", NULL, NULL, "-", "-"},
		{"https_proxy=h:1", NULL, NULL, "-", "http://h:1"},
		{"HTTPS_PROXY=h:1", NULL, NULL, "-", "http://h:1"},
		{"HTTPS_PROXY=h:1 https_proxy=h:2", NULL, NULL, "-", "http://h:2"},
		{"HTTPS_PROXY=h:1 https_proxy=", NULL, NULL, "-", "http://h:1"},
		{"all_proxy=h:1", NULL, NULL, "http://h:1", "http://h:1"},
		{"ALL_PROXY=h:1", NULL, NULL, "http://h:1", "http://h:1"},
		{"ALL_PROXY=h:1 all_proxy=h:2", NULL, NULL, "http://h:2", "http://h:2"},
		{"all_proxy=h:1 http_proxy=h:2", NULL, NULL, "http://h:2", "http://h:1"},
		{"all_proxy=h:1 HTTPS_PROXY=h:2 HTTP_PROXY=h:3", NULL, NULL, "http://h:1", "http://h:2"},
		{"all_proxy=h:1 http_proxy= https_proxy=", NULL, NULL, "http://h:1", "http://h:1"},
		{"http_proxy= https_proxy= all_proxy=", NULL, NULL, "-", "-"},
		{"all_proxy=h:1 http_proxy=h:2 https_proxy=h:3", "https://x", NULL, "https://x:443", "https://x:443"},
		{"all_proxy=h:1 http_proxy=h:2 https_proxy=h:3", "", NULL, "-", "-"},
		{"all_proxy=h:1 no_proxy=example.org", NULL, NULL, "-", "-"},
		{"all_proxy=h:1 NO_PROXY=example.org", NULL, NULL, "-", "-"},
		{"all_proxy=h:1 NO_PROXY=example.org no_proxy=x", NULL, NULL, "http://h:1", "http://h:1"},
		{"all_proxy=h:1 NO_PROXY=example.org no_proxy=", NULL, NULL, "-", "-"},
		{"all_proxy=h:1 no_proxy=*", NULL, NULL, "-", "-"},
		{"all_proxy=h:1 no_proxy=example.org", NULL, "", "http://h:1", "http://h:1"},
		{"all_proxy=h:1 no_proxy=example.org", NULL, "x", "http://h:1", "http://h:1"},
		{"all_proxy=h:1 no_proxy=x", NULL, "www.example.org", "-", "-"},
		{"all_proxy=h:1", NULL, "*", "-", "-"},
		{"no_proxy=example.org", "h:1", NULL, "-", "-"},
		{"no_proxy=example.org", "h:1", "x", "http://h:1", "http://h:1"},
		{"", "h:1", "a, example.org", "-", "-"},
		{"", "h:1", "*", "-", "-"},
		{"all_proxy=ftp://h no_proxy=*", NULL, NULL, "-", "-"}, /* nobody asks */
		{"all_proxy=ftp://h", "h:1", NULL, "http://h:1", "http://h:1"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].environment);
		struct err e = {0};
		struct proxies p;

		set_environment(rows[i].environment);
		if (proxies_init(&p, rows[i].x, rows[i].noproxy, &e) != 0)
			fail_msg("%s: %s", rows[i].environment, e.text);
		expect_choice(row, &p, "http", rows[i].http);
		expect_choice(row, &p, "https", rows[i].https);
		expect_int(row, p.any && !p.noproxy && !p.http.host && !p.https.host, false);
		proxies_clear(&p);
		assert_false(p.any);
		proxies_clear(&p);
	}
}

static void
what_is_malformed_is_named_but_not_shown(void **state)
{
	static const struct {
		const char *environment, *x, *says;
	} rows[] = {
		{"http_proxy=ftp://u:" SECRET "@h", NULL, "http_proxy in the environment: the scheme"},
		{"https_proxy=u:" SECRET, NULL, "https_proxy in the environment: the host"},
		{"HTTPS_PROXY=u:/" SECRET "@h", NULL, "HTTPS_PROXY in the environment: '/'"},
		{"all_proxy=socks5://" SECRET, NULL, "all_proxy in the environment: the scheme"},
		{"ALL_PROXY=h:0", NULL, "ALL_PROXY in the environment: the host"},
		{"http_proxy=h all_proxy=h:0", NULL, "all_proxy in the environment: the host"},
		{"http_proxy=h:1", "ftp://" SECRET, "the scheme of a proxy is http, https or socks5h"},
		{"no_proxy=*", "h:0", "the host or the port"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].environment);
		struct err e = {0};
		struct proxies p;

		set_environment(rows[i].environment);
		expect_int(row, proxies_init(&p, rows[i].x, NULL, &e), -1);
		expect_err(row, &e, ERR_INPUT);
		if (!str_starts(str_of(e.text), str_of(rows[i].says)) || strstr(e.text, SECRET))
			fail_msg("%s: %s", rows[i].environment, e.text);
		assert_false(p.any);
		assert_null(p.http.host);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_alone_is_an_http_proxy_on_port_1080),
		cmocka_unit_test(schemes_have_their_ports),
		cmocka_unit_test(credentials_are_decoded_for_http),
		cmocka_unit_test(credentials_stay_apart_for_socks),
		cmocka_unit_test(what_is_no_proxy_is_refused_without_being_shown),
		cmocka_unit_test(the_option_goes_before_the_environment_and_lower_case_before_upper),
		cmocka_unit_test(what_is_malformed_is_named_but_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
