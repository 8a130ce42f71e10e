/* tests/unit/base64.c: any bytes, with their padding; and the credentials that are made so. */
#include "base/base64.h"

#include "helper.h"
#include "http/basic.h"

static void
bytes_become_four_characters_for_three(void **state)
{
	static const struct {
		struct str in, out;
	} rows[] = {
		/* RFC 4648 section 10 */
		{STR(""), STR("")},
		{STR("f"), STR("Zg==")},
		{STR("fo"), STR("Zm8=")},
		{STR("foo"), STR("Zm9v")},
		{STR("foob"), STR("Zm9vYg==")},
		{STR("fooba"), STR("Zm9vYmE=")},
		{STR("foobar"), STR("Zm9vYmFy")},
		{STR("\0"), STR("AA==")},
		{STR("\xff\xff\xff"), STR("////")},
		{STR("\xfb\xef\xbe"), STR("++++")},
		{STR("\x00\x10\x83\x10\x51\x87\x20\x92\x8b\x30\xd3\x8f\x41\x14\x93\x51"
			"\x55\x97\x61\x96\x9b\x71\xd7\x9f\x82\x18\xa3\x92\x59\xa7\xa2\x9a"
			"\xab\xb2\xdb\xaf\xc3\x1c\xb3\xd3\x5d\xb7\xe3\x9e\xbb\xf3\xdf\xbf"),
			STR("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0};

		buf_byte(&b, '>');
		base64(&b, guarded(rows[i].in));
		assert_true(str_starts(buf_view(&b), STR(">")));
		expect_str(rows[i].in, (struct str){b.s + 1, b.n - 1}, rows[i].out);
		buf_clear(&b);
	}
}

static void
four_characters_become_three_bytes_again(void **state)
{
	(void)state;
	for (size_t n = 0; n <= 512; n++) {
		struct buf bytes = {0}, text = {0}, again = {0};

		for (size_t i = 0; i < n; i++)
			buf_byte(&bytes, (char)(n > 256 ? i * n : i + n));
		base64(&text, buf_view(&bytes));
		buf_byte(&again, '>');
		expect_int(buf_view(&text), base64_decode(&again, guarded(buf_view(&text))), true);
		expect_str(buf_view(&text), (struct str){again.s + 1, again.n - 1}, buf_view(&bytes));
		buf_clear(&bytes);
		buf_clear(&text);
		buf_clear(&again);
	}
}

static void
text_that_is_no_base64_is_refused(void **state)
{
	static const struct str rows[] = {
		STR("Z"), STR("Zg"), STR("Zg="), STR("Zg==="), STR("Zg====="), STR("Z==="), STR("===="), STR("="), STR("=="),
		STR("Zm9"), STR("Zm9v="), STR("Zm9vZ==="), STR("Zg==Zg=="), STR("Zm=v"), STR("Z=9v"), STR("Zh=="),
		STR("Zm9="), STR("Zm9v\n"), STR("Zm 9"), STR("Zm-_"), STR("Zm9\0"), STR("Zm9\xff"), STR("\0\0\0\0"),
		STR("Zm9vZm9*"),
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0};

		buf_byte(&b, '>');
		expect_int(rows[i], base64_decode(&b, guarded(rows[i])), false);
		expect_str(rows[i], buf_view(&b), STR(">"));
		buf_clear(&b);
	}
}

static void
credentials_are_told_as_basic(void **state)
{
	static const struct {
		struct str in, out;
	} rows[] = {
		/* RFC 7617 sections 2 and 2.1 */
		{STR("Aladdin:open sesame"), STR("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")},
		{STR("test:123\xc2\xa3"), STR("Basic dGVzdDoxMjPCow==")},
		{STR(":"), STR("Basic Og==")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0};

		http_basic(&b, guarded(rows[i].in));
		expect_str(rows[i].in, buf_view(&b), rows[i].out);
		buf_clear(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_become_four_characters_for_three),
		cmocka_unit_test(four_characters_become_three_bytes_again),
		cmocka_unit_test(text_that_is_no_base64_is_refused),
		cmocka_unit_test(credentials_are_told_as_basic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
