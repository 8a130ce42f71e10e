/* tests/unit/err.c: kinds of errors and their sentences. */
#include "base/err.h"

#include "helper.h"

static void
filling_an_error_is_how_a_call_fails(void **state)
{
	struct err e = {0};

	(void)state;
	assert_int_equal(err_set(&e, ERR_INPUT, "port %d of %s", 80, "host"), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	assert_string_equal(e.text, "port 80 of host");
	assert_int_equal(err_set(NULL, ERR_LOCAL, "nobody listens"), -1);
}

static void
text_from_strangers_is_made_printable(void **state)
{
	struct err e;

	(void)state;
	err_set(&e, ERR_NOT_HTTP, "got \"%s\"", "\x1b[31m\xc2\x9b\xff\xc3\xbc\r\n");
	assert_string_equal(e.text, "got \"\\x1b[31m\\xc2\\x9b\\xff\xc3\xbc\\x0d\\x0a\"");
}

/* Whatever the length and the bytes: never beyond the storage, no control byte, no half escape or character. */
static void
long_sentence_is_cut_at_a_character(void **state)
{
	static const char *const units[] = {"x", "\x01", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x99\x82", "\xff"};
	struct err e;

	(void)state;
	for (size_t u = 0; u < ROWS(units); u++) {
		for (size_t lead = 0; lead < 5; lead++) {
			struct buf b = {0};
			struct str row;

			while (b.n < lead)
				buf_byte(&b, 'a');
			while (b.n < 1000)
				buf_str(&b, str_of(units[u]));
			row = str_of(buf_cstr(&b));
			err_set(&e, ERR_LOCAL, "%s", row.s);
			expect_err(row, &e, ERR_LOCAL);
			expect_int(row, strlen(e.text) < sizeof e.text && strlen(e.text) > sizeof e.text - 8, true);
			expect_int(row, text_is_utf8(str_of(e.text)), true);
			buf_clear(&b);
		}
	}
}

/* The spelling is what JSON promises to programs. */
static void
kinds_have_the_names_that_json_shows(void **state)
{
	static const char *const want[ERR_KINDS] = {
		[ERR_NONE] = "none",
		[ERR_INPUT] = "input",
		[ERR_DNS_NXDOMAIN] = "dns-nxdomain",
		[ERR_DNS_NODATA] = "dns-nodata",
		[ERR_DNS_SERVFAIL] = "dns-servfail",
		[ERR_DNS_TIMEOUT] = "dns-timeout",
		[ERR_CONNECT_REFUSED] = "connect-refused",
		[ERR_CONNECT_TIMEOUT] = "connect-timeout",
		[ERR_UNREACHABLE] = "unreachable",
		[ERR_RESET] = "reset",
		[ERR_TLS_HANDSHAKE] = "tls-handshake",
		[ERR_TLS_VERIFY] = "tls-verify",
		[ERR_TIMEOUT] = "timeout",
		[ERR_CLOSED] = "closed",
		[ERR_NOT_HTTP] = "not-http",
		[ERR_HEADER_TOO_LARGE] = "header-too-large",
		[ERR_REDIRECT_LOOP] = "redirect-loop",
		[ERR_PROXY] = "proxy",
		[ERR_EXCLUDED] = "excluded",
		[ERR_CANCELED] = "interrupted",
		[ERR_LOCAL] = "local",
	};

	(void)state;
	for (int kind = 0; kind < ERR_KINDS; kind++) {
		assert_non_null(want[kind]);
		assert_string_equal(err_name((enum err_kind)kind), want[kind]);
		assert_int_equal(err_kind_of(guarded(str_of(want[kind]))), kind);
	}
}

static void
other_names_are_of_no_kind(void **state)
{
	static const struct str rows[] = {STR(""), STR("loca"), STR("locals"), STR("LOCAL"), STR("local\0"), STR("dns")};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_int(rows[i], err_kind_of(guarded(rows[i])), ERR_KINDS);
}

static void
only_local_trouble_is_local(void **state)
{
	(void)state;
	for (int kind = 0; kind < ERR_KINDS; kind++)
		assert_int_equal(err_is_local((enum err_kind)kind), kind == ERR_LOCAL);
}

static void
trouble_below_is_blamed_unless_it_is_nobodys_or_ours(void **state)
{
	(void)state;
	for (int kind = ERR_INPUT; kind < ERR_KINDS; kind++) {
		bool stays = kind == ERR_TIMEOUT || kind == ERR_CANCELED || kind == ERR_LOCAL;
		struct err why = {.kind = (enum err_kind)kind, .text = "why"}, e = {0};

		assert_int_equal(err_blame(&e, ERR_PROXY, "doing", &why), -1);
		assert_int_equal(e.kind, stays ? kind : ERR_PROXY);
		assert_string_equal(e.text, stays ? "why" : "doing: why");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filling_an_error_is_how_a_call_fails),
		cmocka_unit_test(text_from_strangers_is_made_printable),
		cmocka_unit_test(long_sentence_is_cut_at_a_character),
		cmocka_unit_test(kinds_have_the_names_that_json_shows),
		cmocka_unit_test(other_names_are_of_no_kind),
		cmocka_unit_test(only_local_trouble_is_local),
		cmocka_unit_test(trouble_below_is_blamed_unless_it_is_nobodys_or_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
