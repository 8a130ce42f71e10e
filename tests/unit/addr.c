/* tests/unit/addr.c: addresses from text and back, and lists of them. */
#include "net/addr.h"

#include "helper.h"

static void
address_goes_to_text_and_back(void **state)
{
	static const struct {
		const char *in, *text, *with_port;
		int family;
	} rows[] = {
		{"192.0.2.1", "192.0.2.1", "192.0.2.1:80", AF_INET},
		{"0.0.0.0", "0.0.0.0", "0.0.0.0:80", AF_INET},
		{"255.255.255.255", "255.255.255.255", "255.255.255.255:80", AF_INET},
		{"::", "::", "[::]:80", AF_INET6},
		{"2001:DB8:0:0:0:0:0:1", "2001:db8::1", "[2001:db8::1]:80", AF_INET6},
		{"::ffff:192.0.2.1", "::ffff:192.0.2.1", "[::ffff:192.0.2.1]:80", AF_INET6},
		{"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
			"[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:80", AF_INET6},
		{"fe80::1%1", "fe80::1%1", "[fe80::1%1]:80", AF_INET6},
		{"fe80::1%4294967295", "fe80::1%4294967295", "[fe80::1%4294967295]:80", AF_INET6},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str in = str_of(rows[i].in);
		char text[ADDR_TEXT];
		struct addr a;

		expect_int(in, addr_parse(&a, guarded_cstr(in), 80), true);
		expect_int(in, a.sa.sa_family, rows[i].family);
		expect_int(in, addr_port(&a), 80);
		expect_int(in, addr_size(&a), rows[i].family == AF_INET ? sizeof a.v4 : sizeof a.v6);
		expect_str(in, str_of(addr_text(&a, text)), str_of(rows[i].text));
		expect_str(in, str_of(addr_text_port(&a, text)), str_of(rows[i].with_port));
		addr_set_port(&a, 65535);
		expect_int(in, addr_port(&a), 65535);
	}
}

static void
zone_is_an_interface_of_this_machine_or_a_number(void **state)
{
	struct addr a;

	(void)state;
	assert_true(addr_parse(&a, "fe80::1%lo", 1));
	assert_int_not_equal(a.v6.sin6_scope_id, 0);
	assert_false(addr_parse(&a, "fe80::1%nosuchinterface", 1));
	assert_false(addr_parse(&a, "fe80::1%", 1));
	assert_false(addr_parse(&a, "fe80::1%0", 1));
	assert_false(addr_parse(&a, "fe80::1%1x", 1));
	assert_false(addr_parse(&a, "fe80::1%+1", 1));
	assert_false(addr_parse(&a, "fe80::1% 1", 1));
}

static void
what_is_no_address_is_none(void **state)
{
	static const char *const rows[] = {
		"", ".", ":", "1", "127.1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "127.0.0.01", "0x7f.0.0.1",
		"1.2.3.4 ",
		" 1.2.3.4", "1.2.3.4:80", "1.2.3.4.", "1..2.3", "localhost", "[::1]", ":::", "::1::", "1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9", "12345::", "::g", "::1 ", "::1.2.3", "1.2.3.4%lo", "%lo", "-1.2.3.4", "+1.2.3.4",
		"2001:db8::1:80000",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct addr a;

		expect_int(str_of(rows[i]), addr_parse(&a, guarded_cstr(str_of(rows[i])), 80), false);
	}
}

static void
port_may_follow_the_address(void **state)
{
	static const struct {
		const char *in, *text;
	} rows[] = {
		{"192.0.2.1", "192.0.2.1:53"}, {"192.0.2.1:1", "192.0.2.1:1"}, {"192.0.2.1:65535", "192.0.2.1:65535"},
		{"::1", "[::1]:53"}, {"[::1]", "[::1]:53"}, {"[::1]:5353", "[::1]:5353"},
		{"2001:db8::1:54", "[2001:db8::1:54]:53"},
		{"[fe80::1%1]:54", "[fe80::1%1]:54"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char text[ADDR_TEXT];
		struct addr a;

		expect_int(str_of(rows[i].in), addr_parse_port(&a, guarded_cstr(str_of(rows[i].in)), 53), true);
		expect_str(str_of(rows[i].in), str_of(addr_text_port(&a, text)), str_of(rows[i].text));
	}
}

static void
broken_port_or_brackets_are_refused(void **state)
{
	static const char *const rows[] = {
		"", ":", ":53", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:+1", "192.0.2.1:0x35",
		"192.0.2.1:53x",
		"192.0.2.1: 53", "192.0.2.1:4294967349", "[192.0.2.1]", "[192.0.2.1]:53", "[::1", "[::1]53", "[::1]:",
		"[::1]:0",
		"[::1]x", "[]", "[]:53", "::1]:53", "host:53", "[[::1]]:53", "[::1]:53:53",
		"[0000000000000000000000000000000000000000000000000000000000000000000000000000000000000::1]:53",
		"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000:53",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct addr a;

		expect_int(str_of(rows[i]), addr_parse_port(&a, guarded_cstr(str_of(rows[i])), 53), false);
	}
}

static void
every_prefix_is_read_within_its_bounds(void **state)
{
	static const char *const rows[] = {
		"192.0.2.1:8080", "[2001:db8::1%lo]:8080", "fe80::1%eth0", "::ffff:192.0.2.1",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		for (size_t n = 0; n <= strlen(rows[i]); n++) {
			struct str in = {rows[i], n};
			char text[ADDR_TEXT];
			struct addr a, again;

			if (addr_parse(&a, guarded_cstr(in), 1))
				expect_int(in, addr_parse(&again, addr_text(&a, text), 1), true);
			if (addr_parse_port(&a, guarded_cstr(in), 1))
				expect_int(in, addr_parse_port(&again, addr_text_port(&a, text), 2), true);
		}
	}
}

static void
bytes_of_a_dns_answer_become_an_address(void **state)
{
	static const unsigned char bytes[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 9};
	char text[ADDR_TEXT];
	struct addr a;

	(void)state;
	a = addr_from_bytes(AF_INET, bytes, 80);
	assert_string_equal(addr_text_port(&a, text), "32.1.13.184:80");
	a = addr_from_bytes(AF_INET6, bytes, 81);
	assert_string_equal(addr_text_port(&a, text), "[2001:db8::9]:81");
}

/* The addresses of list, each "TEXT ", against want; the list is cleared. */
static void
expect_list(struct addrs *list, const char *want)
{
	struct buf b = {0};
	char text[ADDR_TEXT];

	for (size_t i = 0; i < list->n; i++)
		buf_printf(&b, "%s ", addr_text(&list->v[i], text));
	expect_str(str_of(want), buf_view(&b), str_of(want));
	buf_clear(&b);
	addrs_clear(list);
	assert_null(list->v);
	assert_int_equal(list->n, 0);
}

static void
fill(struct addrs *list, const char *const *texts)
{
	struct addr a;

	for (; *texts; texts++) {
		assert_true(addr_parse(&a, *texts, 80));
		addrs_add(list, a);
	}
}

static void
families_take_turns_with_ipv6_first(void **state)
{
	static const struct {
		const char *in[8], *out;
	} rows[] = {
		{{NULL}, ""},
		{{"1.1.1.1"}, "1.1.1.1 "},
		{{"1.1.1.1", "::1"}, "::1 1.1.1.1 "},
		{{"1.1.1.1", "1.1.1.2", "1.1.1.3"}, "1.1.1.1 1.1.1.2 1.1.1.3 "},
		{{"::1", "::2"}, "::1 ::2 "},
		{{"1.1.1.1", "1.1.1.2", "1.1.1.3", "::1", "::2"}, "::1 1.1.1.1 ::2 1.1.1.2 1.1.1.3 "},
		{{"::1", "::2", "::3", "1.1.1.1"}, "::1 1.1.1.1 ::2 ::3 "},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct addrs list = {0};

		fill(&list, rows[i].in);
		addrs_interleave(&list);
		expect_list(&list, rows[i].out);
	}
}

static void
filter_keeps_one_family_in_its_order(void **state)
{
	static const char *const texts[] = {"1.1.1.1", "::1", "1.1.1.2", "::2", NULL};
	struct addrs list = {0};

	(void)state;
	fill(&list, texts);
	addrs_filter(&list, AF_INET);
	expect_list(&list, "1.1.1.1 1.1.1.2 ");
	fill(&list, texts);
	addrs_filter(&list, AF_INET6);
	expect_list(&list, "::1 ::2 ");
	fill(&list, texts);
	addrs_filter(&list, AF_UNSPEC);
	expect_list(&list, "1.1.1.1 ::1 1.1.1.2 ::2 ");
	addrs_filter(&list, AF_INET);
	expect_list(&list, "");
}

static void
private_places_end_where_their_prefix_ends(void **state)
{
	static const struct {
		const char *first, *last; /* private; the addresses before and behind are not, unless they are NULL */
		const char *before, *behind;
	} rows[] = {
		{"0.0.0.0", "0.255.255.255", NULL, "1.0.0.0"},
		{"10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"},
		{"100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"},
		{"127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"},
		{"169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"},
		{"172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"},
		{"192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0"},
		{"192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"},
		{"198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"},
		{"224.0.0.0", "239.255.255.255", "223.255.255.255", NULL},
		{"240.0.0.0", "255.255.255.255", NULL, NULL},
		{"::", "::ffff:ffff", NULL, "::1:0:0"},
		{"100::", "100::ffff:ffff:ffff:ffff", "ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "100:0:0:1::"},
		{"2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"},
		{"64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "64:ff9b:0:ffff:ffff:ffff:ffff:ffff", "64:ff9b:2::"},
		{"fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::"},
		{"fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
		{"fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL, NULL},
		{"ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL, NULL},
		{"::ffff:0.0.0.0", "::ffff:0.255.255.255", "::fffe:255.255.255.255", "::ffff:1.0.0.0"},
		{"::ffff:10.0.0.0", "::ffff:10.255.255.255", "::ffff:9.255.255.255", "::ffff:11.0.0.0"},
		{"::ffff:240.0.0.0", "::ffff:255.255.255.255", NULL, "::1:0:0:0"},
		{"64:ff9b::0.0.0.0", "64:ff9b::0.255.255.255", "64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff", "64:ff9b::1.0.0.0"},
		{"64:ff9b::192.168.0.0", "64:ff9b::192.168.255.255", "64:ff9b::192.167.255.255", "64:ff9b::192.169.0.0"},
		{"64:ff9b::240.0.0.0", "64:ff9b::255.255.255.255", NULL, "64:ff9b::1:0:0"},
		{"2002::", "2002:ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2002:100::"},
		{"2002:7f00::", "2002:7fff:ffff:ffff:ffff:ffff:ffff:ffff", "2002:7eff:ffff:ffff:ffff:ffff:ffff:ffff", "2002:8000::"},
		{"2002:f000::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL, "2003::"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *const texts[] = {rows[i].first, rows[i].last, rows[i].before, rows[i].behind};

		for (size_t k = 0; k < ROWS(texts); k++) {
			struct addr a;

			if (!texts[k])
				continue;
			assert_true(addr_parse(&a, texts[k], 80));
			expect_int(str_of(texts[k]), addr_is_private(&a), k < 2);
		}
	}
}

static void
places_for_documentation_are_public(void **state)
{
	static const char *const rows[] = {
		"192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "::ffff:192.0.2.1", "64:ff9b::203.0.113.1",
		"2002:c633:6401::1", "8.8.8.8", "2606:4700::1111",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct addr a;

		assert_true(addr_parse(&a, rows[i], 80));
		expect_int(str_of(rows[i]), addr_is_private(&a), false);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(address_goes_to_text_and_back),
		cmocka_unit_test(zone_is_an_interface_of_this_machine_or_a_number),
		cmocka_unit_test(what_is_no_address_is_none),
		cmocka_unit_test(port_may_follow_the_address),
		cmocka_unit_test(broken_port_or_brackets_are_refused),
		cmocka_unit_test(every_prefix_is_read_within_its_bounds),
		cmocka_unit_test(bytes_of_a_dns_answer_become_an_address),
		cmocka_unit_test(private_places_end_where_their_prefix_ends),
		cmocka_unit_test(places_for_documentation_are_public),
		cmocka_unit_test(families_take_turns_with_ipv6_first),
		cmocka_unit_test(filter_keeps_one_family_in_its_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
