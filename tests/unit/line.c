/* tests/unit/line.c: a line of input: its target, and the keys behind it. */
#include "awget/line.h"

#include "helper.h"

static void
target_and_keys_are_taken_apart(void **state)
{
	static const struct {
		struct str text, target, sni, tag;
		const char *address;
	} rows[] = {
		{STR("a.test"), STR("a.test"), {0}, {0}, NULL},
		{STR(""), STR(""), {0}, {0}, NULL},
		{STR("a.test tag=x"), STR("a.test"), {0}, STR("x"), NULL},
		{STR("a.test\ttag=x \t"), STR("a.test"), {0}, STR("x"), NULL},
		{STR("a.test  sni=b.test   tag=x"), STR("a.test"), STR("b.test"), STR("x"), NULL},
		{STR("a.test tag=x sni=b.test address=192.0.2.1"), STR("a.test"), STR("b.test"), STR("x"), "192.0.2.1"},
		{STR("https://a/?b=c address=2001:db8::1"), STR("https://a/?b=c"), {0}, {0}, "2001:db8::1"},
		{STR("a address=[2001:db8::1]"), STR("a"), {0}, {0}, "2001:db8::1"},
		{STR("a tag="), STR("a"), {0}, STR(""), NULL},
		{STR("a tag=b=c"), STR("a"), {0}, STR("b=c"), NULL},
		{STR("a tag=tag="), STR("a"), {0}, STR("tag="), NULL},
		{STR("a tag=\xc3\xbc\xff"), STR("a"), {0}, STR("\xc3\xbc\xff"), NULL},
		{STR("a tag=b tag=c"), STR("a"), {0}, STR("c"), NULL}, /* the last one */
		{STR("tag=b"), STR("tag=b"), {0}, {0}, NULL}, /* a target, if no good one */
		{STR("a\x01"), STR("a\x01"), {0}, {0}, NULL}, /* that is for the URL to refuse */
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = rows[i].text;
		char address[ADDR_TEXT];
		struct line l;

		expect_int(row, line_parse(&l, guarded(row), NULL), 0);
		expect_str(row, l.target, rows[i].target);
		expect_str(row, l.sni, rows[i].sni);
		expect_str(row, l.tag, rows[i].tag);
		expect_int(row, l.tag.s != NULL, rows[i].tag.s != NULL);
		expect_int(row, l.address.sa.sa_family != AF_UNSPEC, rows[i].address != NULL);
		if (rows[i].address)
			expect_str(row, str_of(addr_text(&l.address, address)), str_of(rows[i].address));
	}
}

static void
line_that_makes_no_sense_is_refused_whole(void **state)
{
	static const struct {
		struct str text;
		const char *says;
		struct str tag;
	} rows[] = {
		{STR("a b"), "a target must not contain blanks", {0}},
		{STR("a tag=x y"), "a target must not contain blanks", STR("x")},
		{STR("a y z=1 tag=x address=b"), "a target must not contain blanks", STR("x")}, /* the first fault */
		{STR("a address=192.0.2.1 sni=b z=1 tag=x tag=y"), "\"z\" is none of address, sni and tag", STR("y")},
		{STR("a\x7f b tag=x tag=\x7f"), "a target must not contain control bytes", STR("x")},
		{STR(" a"), "a target must not contain blanks", {0}},
		{STR("a port=1"), "\"port\" is none of address, sni and tag", {0}},
		{STR("a TAG=1"), "\"TAG\" is none of address, sni and tag", {0}},
		{STR("a =1"), "\"\" is none of address, sni and tag", {0}},
		{STR("a sni="), "sni= wants a host name in ASCII of at most 253 bytes", {0}},
		{STR("a sni=b\xc3\xbc.test"), "sni= wants a host name in ASCII of at most 253 bytes", {0}},
		{STR("a address="), "address= is not an IP address", {0}},
		{STR("a address=b.test"), "address=b.test is not an IP address", {0}},
		{STR("a address=192.0.2.1:80"), "address=192.0.2.1:80 is not an IP address", {0}},
		{STR("a address=192.0.2"), "address=192.0.2 is not an IP address", {0}},
		{STR("a address=[192.0.2.1]"), "address=192.0.2.1 is not an IP address", {0}},
		{STR("a address=[2001:db8::1"), "address=[2001:db8::1 is not an IP address", {0}},
		{STR("a address=[]"), "address=[] is not an IP address", {0}},
		{STR("a tag=x\x1b[31m"), "a target must not contain control bytes", {0}},
		{STR("a tag=x\0"), "a target must not contain control bytes", {0}},
		{STR("a\x7f tag=x"), "a target must not contain control bytes", STR("x")},
		{STR("a tag=\r"), "a target must not contain control bytes", {0}},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = rows[i].text;
		struct err e = {0};
		struct line l;

		expect_int(row, line_parse(&l, guarded(row), &e), -1);
		expect_err(row, &e, ERR_INPUT);
		expect_str(row, str_of(e.text), str_of(rows[i].says));
		expect_str(row, l.target, row);
		expect_str(row, l.tag, rows[i].tag);
		expect_int(row, l.tag.s != NULL, rows[i].tag.s != NULL);
		expect_int(row, l.sni.s == NULL && l.address.sa.sa_family == AF_UNSPEC, 1);
	}
}

static void
names_and_addresses_may_be_as_long_as_they_get(void **state)
{
	static const struct {
		const char *key;
		size_t n;
		int rc;
	} rows[] = {{"sni", 253, 0}, {"sni", 254, -1}, {"address", 79, -1}, {"address", 80, -1}, {"address", 5000, -1},
		{"tag", 5000, 0}, {"unknown", 5000, -1}};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str value = repeated('1', rows[i].n);
		struct buf text = {0};
		struct err e = {0};
		struct line l;

		buf_printf(&text, "a %s=%s", rows[i].key, value.s);
		expect_int(str_of(rows[i].key), line_parse(&l, guarded(buf_view(&text)), &e), rows[i].rc);
		if (rows[i].rc != 0)
			expect_err(str_of(rows[i].key), &e, ERR_INPUT);
		buf_clear(&text);
		free((char *)value.s);
	}
}

static void
every_prefix_is_read_within_its_bounds(void **state)
{
	static const struct str whole = STR("a.test\taddress=[2001:db8::1] sni=b.test tag=x");

	(void)state;
	for (size_t n = 0; n <= whole.n; n++) {
		struct err e = {0};
		struct line l;

		if (line_parse(&l, guarded((struct str){whole.s, n}), &e) != 0)
			expect_err(whole, &e, ERR_INPUT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(target_and_keys_are_taken_apart),
		cmocka_unit_test(line_that_makes_no_sense_is_refused_whole),
		cmocka_unit_test(names_and_addresses_may_be_as_long_as_they_get),
		cmocka_unit_test(every_prefix_is_read_within_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
