/* tests/unit/noproxy.c: which hosts a list means, and which it does not. */
#include "http/noproxy.h"

#include "helper.h"

struct row {
	const char *host, *list;
};

static void
check(const struct row *rows, size_t n, bool want)
{
	for (size_t i = 0; i < n; i++) {
		struct str list = str_of(rows[i].list);
		struct url u;

		assert_int_equal(url_parse(&u, str_of(rows[i].host), NULL, NULL), 0);
		if (noproxy_match(guarded_cstr(list), &u) != want)
			fail_msg("%s is %sin \"%s\"", rows[i].host, want ? "not " : "", rows[i].list);
		url_clear(&u);
	}
}

static void
names_and_what_is_below_them_match(void **state)
{
	static const struct row rows[] = {
		{"example.org", "example.org"}, {"www.example.org", "example.org"}, {"a.b.example.org", "example.org"},
		{"example.org", ".example.org"}, {"www.example.org", ".example.org"}, {"example.org", "org"},
		{"Example.ORG", "eXAMPLE.oRG"}, {"example.org.", "example.org"}, {"example.org", "example.org."},
		{"www.example.org.", ".example.org."}, {"http://example.org:8080/x", "example.org"},
		{"localhost", "localhost"}, {"h", "h"},
	};

	(void)state;
	check(rows, ROWS(rows), true);
}

static void
other_names_do_not_match(void **state)
{
	static const struct row rows[] = {
		{"badexample.org", "example.org"}, {"badexample.org", ".example.org"},
		{"example.org", "www.example.org"},
		{"example.org", "xample.org"}, {"example.org", "example"}, {"example.org", "example.org:80"},
		{"example.org", "..example.org"}, {"example.org", "example.org.."}, {"example.org", "*.org"},
		{"example.org", "."}, {"example.org", ".."}, {"example.org", ""}, {"example.org", ", ,"},
		{"example.org", "*,x"}, {"example.org", "**"}, {"example.org", "[example.org]"},
		{"example.org", "example.org/24"}, {"1.2.3.example", "1.2.3.0/24"},
	};

	(void)state;
	check(rows, ROWS(rows), false);
}

static void
entries_stand_between_commas_and_blanks(void **state)
{
	static const struct row rows[] = {
		{"h", "a,h"}, {"h", "a, h ,b"}, {"h", "a h"}, {"h", ",,a,\t,h"}, {"h", "h,"}, {"h", " \t,h"},
		{"192.0.2.1", "a,192.0.2.0/24,b"}, {"::1", "a [::1]"},
	};

	(void)state;
	check(rows, ROWS(rows), true);
}

static void
a_star_alone_is_every_host(void **state)
{
	static const struct row rows[] = {{"example.org", "*"}, {"192.0.2.1", "*"}, {"[::1]:80", "*"}};

	(void)state;
	check(rows, ROWS(rows), true);
	assert_true(noproxy_all("*"));
	assert_false(noproxy_all("**"));
	assert_false(noproxy_all("*,"));
	assert_false(noproxy_all(""));
}

static void
addresses_match_by_their_bits(void **state)
{
	static const struct row rows[] = {
		{"192.0.2.1", "192.0.2.1"}, {"192.0.2.1", "192.0.2.1/32"}, {"192.0.2.1", "192.0.2.0/24"},
		{"192.0.2.255", "192.0.2.1/24"}, {"192.0.2.129", "192.0.2.128/25"}, {"192.0.2.1", "192.0.2.0/31"},
		{"192.0.2.1", "192.0.0.0/22"}, {"192.0.2.1", "128.0.0.0/1"}, {"192.0.2.1", "0.0.0.0/0"},
		{"192.0.2.1:81", "192.0.2.1"},
		{"[2001:db8::1]", "2001:db8::1"}, {"[2001:db8::1]", "[2001:db8::1]"},
		{"2001:DB8:0::1", "2001:db8::0001"},
		{"2001:db8::1", "2001:db8::/32"}, {"2001:db8::1", "[2001:db8::]/32"},
		{"2001:db8::1", "[2001:db8::/32]"},
		{"2001:db8::1", "2001:db8::/127"}, {"2001:db8::1", "2001:db8::1/128"}, {"2001:db8::1", "::/0"},
		{"2001:db8::1", "2001:d00::/21"}, {"fe80::1%lo", "fe80::/10"}, {"fe80::1%lo", "fe80::1"},
		{"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
	};

	(void)state;
	check(rows, ROWS(rows), true);
}

static void
other_addresses_do_not_match(void **state)
{
	static const struct row rows[] = {
		{"192.0.2.1", "192.0.2.2"}, {"192.0.2.1", "192.0.2.2/31"}, {"192.0.2.127", "192.0.2.128/25"},
		{"192.0.2.1", "192.0.2.1/33"}, {"192.0.2.1", "192.0.2.1/"}, {"192.0.2.1", "192.0.2.1/x"},
		{"192.0.2.1", "192.0.2.1/24x"}, {"192.0.2.1", "192.0.2.1/-1"}, {"192.0.2.1", "192.0.2.0/24/24"},
		{"192.0.2.1", "192.0.2.1/4294967320"}, {"192.0.2.1", "2.1"}, {"192.0.2.1", ".2.1"},
		{"192.0.2.1", "192.0.2"}, {"192.0.2.1", "192.0.2.1."}, {"192.0.2.1", "[192.0.2.1"},
		{"192.0.2.1", "::/0"}, {"::1", "0.0.0.0/0"}, {"::ffff:192.0.2.1", "192.0.2.1"},
		{"2001:db8::1", "2001:db8::2"}, {"2001:db8::1", "2001:db8::2/127"}, {"2001:db8::1", "2001:db8::1/129"},
		{"2001:db8::1", "2001:db9::/32"}, {"2001:db8::1", "2001:db8::1]"}, {"2001:db8::1", "[2001:db8::1"},
		{"2001:db8::1", "[]"}, {"2001:db8::1", "/"}, {"2001:db8::1", "2001:e00::/23"},
		{"192.0.2.1",
			"192.0.2.00000000000000000000000000000000000000000000000000000000000000000000001"},
	};

	(void)state;
	check(rows, ROWS(rows), false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_what_is_below_them_match),
		cmocka_unit_test(other_names_do_not_match),
		cmocka_unit_test(entries_stand_between_commas_and_blanks),
		cmocka_unit_test(a_star_alone_is_every_host),
		cmocka_unit_test(addresses_match_by_their_bits),
		cmocka_unit_test(other_addresses_do_not_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
