/* tests/unit/buf.c: growing bytes and borrowed slices. */
#include "base/buf.h"

#include "helper.h"

static void
empty_buf_takes_bytes_and_is_cleared(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_add(&b, "", 0);
	assert_null(b.s);
	buf_add(&b, "abc", 3);
	buf_byte(&b, '\0');
	buf_str(&b, STR("d\0e"));
	expect_str(STR("buf"), buf_view(&b), STR("abc\0d\0e"));
	buf_clear(&b);
	assert_null(b.s);
	assert_int_equal(b.n, 0);
	assert_int_equal(b.cap, 0);
	buf_clear(&b);
}

static void
buf_keeps_its_bytes_while_it_grows(void **state)
{
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		buf_byte(&b, (char)(i * 7));
	assert_int_equal(b.n, 100000);
	assert_true(b.cap >= b.n && b.cap <= 4 * b.n);
	for (size_t i = 0; i < b.n; i++)
		assert_int_equal(b.s[i], (char)(i * 7));
	buf_clear(&b);
}

static void
reserve_makes_room_and_adds_nothing(void **state)
{
	struct buf b = {0};
	char *s;

	(void)state;
	buf_reserve(&b, 0);
	assert_int_equal(b.n, 0);
	buf_reserve(&b, 1000);
	assert_true(b.cap >= 1000);
	assert_int_equal(b.n, 0);
	memset(b.s, 'x', 1000);
	b.n = 1000;
	s = b.s;
	buf_reserve(&b, b.cap - b.n);
	assert_ptr_equal(b.s, s);
	buf_reserve(&b, b.cap - b.n + 1);
	assert_int_equal(b.n, 1000);
	assert_int_equal(b.s[999], 'x');
	buf_clear(&b);
}

static void
numbers_are_decimal_and_as_wide_as_asked(void **state)
{
	static const struct {
		unsigned long long value;
		int width;
		const char *text;
	} rows[] = {
		{0, 0, "0"}, {0, 1, "0"}, {0, 3, "000"}, {7, 1, "7"}, {7, 3, "007"}, {1234, 3, "1234"},
		{1234, -1, "1234"},
		{999, 4, "0999"}, {18446744073709551615u, 1, "18446744073709551615"},
		{18446744073709551615u, 24, "000018446744073709551615"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0};

		buf_byte(&b, '=');
		buf_number(&b, rows[i].value, rows[i].width);
		expect_str(STR("number"), (struct str){b.s + 1, b.n - 1}, str_of(rows[i].text));
		buf_clear(&b);
	}
}

static void
printf_adds_text_of_any_length(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_printf(&b, "%s-%d", "a", 12);
	buf_printf(&b, "%s", "");
	expect_str(STR("printf"), buf_view(&b), STR("a-12"));
	buf_printf(&b, "%5000d", 1);
	assert_int_equal(b.n, 5004);
	assert_int_equal(b.s[5003], '1');
	buf_clear(&b);
}

static void
cstr_ends_with_a_nul_that_does_not_count(void **state)
{
	struct buf b = {0};

	(void)state;
	assert_string_equal(buf_cstr(&b), "");
	assert_int_equal(b.n, 0);
	for (size_t n = 1; n < 200; n++) {
		buf_byte(&b, 'x');
		assert_int_equal(strlen(buf_cstr(&b)), n);
		assert_int_equal(b.n, n);
	}
	buf_clear(&b);
}

static void
slices_compare_by_bytes(void **state)
{
	(void)state;
	assert_true(str_eq(STR(""), STR("")));
	assert_true(str_eq(STR("a\0b"), STR("a\0b")));
	assert_false(str_eq(STR("a\0b"), STR("a\0c")));
	assert_false(str_eq(STR("a"), STR("ab")));
	assert_true(str_starts(STR("abc"), STR("ab")));
	assert_true(str_starts(STR("abc"), STR("")));
	assert_true(str_starts(STR("abc"), STR("abc")));
	assert_false(str_starts(guarded(STR("ab")), STR("abc")));
	assert_false(str_starts(STR("abc"), STR("b")));
}

static void
only_ascii_letters_fold(void **state)
{
	(void)state;
	assert_true(str_eq_fold(STR("Content-Type"), STR("cONTENT-tYPE")));
	assert_true(str_eq_fold(STR("AZaz"), STR("azAZ")));
	assert_true(str_eq_fold(STR("Strict-Transport-Security"), STR("sTRICT-tRANSPORT-sECURITY")));
	assert_false(str_eq_fold(STR("Strict-Transport-Security"), STR("Strict-Transport-SecuritY_")));
	assert_false(str_eq_fold(STR("Content-[ength"), STR("content-{ength")));
	assert_false(str_eq_fold(STR("Content-Length"), STR("content-lengtg")));
	assert_false(str_eq_fold(STR("Content-Length"), STR("cortent-length")));
	assert_false(str_eq_fold(STR("a"), STR("ab")));
	for (int c = 0; c < 256; c++) {
		char bytes[2] = {(char)c, (char)(c | 0x20)};
		struct str one = {bytes, 1}, other = {bytes + 1, 1};

		expect_int(one, str_eq_fold(one, other), (c >= 'A' && c <= 'Z') || bytes[0] == bytes[1]);
	}
}

static void
trim_takes_blanks_from_both_ends_only(void **state)
{
	static const struct {
		struct str in, want;
	} rows[] = {
		{STR(""), STR("")}, {STR(" "), STR("")}, {STR(" \t \t"), STR("")}, {STR("a"), STR("a")},
		{STR(" a"), STR("a")},
		{STR("a\t"), STR("a")}, {STR("\t a b\t "), STR("a b")}, {STR("\ra\n"), STR("\ra\n")},
		{STR(" \0 "), STR("\0")},
		{STR("\va\f"), STR("\va\f")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_str(rows[i].in, str_trim(guarded(rows[i].in)), rows[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_buf_takes_bytes_and_is_cleared),
		cmocka_unit_test(buf_keeps_its_bytes_while_it_grows),
		cmocka_unit_test(reserve_makes_room_and_adds_nothing),
		cmocka_unit_test(numbers_are_decimal_and_as_wide_as_asked),
		cmocka_unit_test(printf_adds_text_of_any_length),
		cmocka_unit_test(cstr_ends_with_a_nul_that_does_not_count),
		cmocka_unit_test(slices_compare_by_bytes),
		cmocka_unit_test(only_ascii_letters_fold),
		cmocka_unit_test(trim_takes_blanks_from_both_ends_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
