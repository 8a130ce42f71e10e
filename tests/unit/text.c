/* tests/unit/text.c: bytes from strangers made fit to be shown. */
#include "base/text.h"

#include "helper.h"

struct shown {
	struct str in;
	const char *out;
};

static void
check_shown(const struct shown *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct buf b = {0};

		text_show(&b, guarded(rows[i].in));
		expect_str(rows[i].in, buf_view(&b), str_of(rows[i].out));
		buf_clear(&b);
	}
}

static void
printable_text_is_shown_as_it_is(void **state)
{
	static const struct shown rows[] = {
		{STR(""), ""},
		{STR("HTTP/1.1 200 OK"), "HTTP/1.1 200 OK"},
		{STR(" !\"#$%&'()*+,-./0123456789:;<=>?@[\\]^_`{|}~"), " !\"#$%&'()*+,-./0123456789:;<=>?@[\\]^_`{|}~"},
		{STR("\xc2\xa0\xc3\xbc\xdf\xbf"), "\xc2\xa0\xc3\xbc\xdf\xbf"},
		{STR("\xe0\xa0\x80\xe2\x82\xac\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"),
			"\xe0\xa0\x80\xe2\x82\xac\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"},
		{STR("\xf0\x90\x80\x80\xf0\x9f\x99\x82\xf4\x8f\xbf\xbf"),
			"\xf0\x90\x80\x80\xf0\x9f\x99\x82\xf4\x8f\xbf\xbf"},
	};

	(void)state;
	check_shown(rows, ROWS(rows));
}

static void
lines_end_at_lf_or_cr_lf(void **state)
{
	static const struct {
		struct str in, out;
	} rows[] = {
		{STR("a"), STR("a|")},
		{STR("a\n"), STR("a|")},
		{STR("a\r\n"), STR("a|")},
		{STR("\n\r\na\r\r\n\n"), STR("||a\r||")},
		{STR("a\rb\nc\td\r\ne"), STR("a\rb|c\td|e|")},
		{STR("\0\n"), STR("\0|")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str rest = guarded(rows[i].in);
		struct buf b = {0};

		while (rest.n) {
			buf_str(&b, text_line(&rest));
			buf_byte(&b, '|');
		}
		expect_str(rows[i].in, buf_view(&b), rows[i].out);
		buf_clear(&b);
	}
}

static void
a_paragraph_ends_with_an_empty_line(void **state)
{
	static const struct {
		struct str in;
		size_t n;
	} rows[] = {
		{STR(""), 0},
		{STR("\n"), 1},
		{STR("\r\n"), 2},
		{STR("\r"), 0},
		{STR("\r\r\n"), 0},
		{STR("a\n"), 0},
		{STR("a\n\nb\n\n"), 3},
		{STR("a\r\n\r\nb"), 5},
		{STR("a\r\n\nb"), 4},
		{STR("a\r\n\r"), 0},
		{STR("a\r\n\r\r\n\n"), 7},
		{STR("a\rb\n\x7f\n\r\n"), 8},
		{STR("\xff\n\t\n \n\n"), 7},
		{STR("a: 0123456789abcdef\r\nb: 0123456789abcdef\r\n\r\n"), 44},
		{STR("a: 0123456789abcdef\r\nb: 0123456789abcdef\r\n"), 0},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_int(rows[i].in, (long long)text_paragraph(guarded(rows[i].in)), (long long)rows[i].n);
}

static void
lines_are_put_up_to_the_first_odd_one(void **state)
{
	static const struct {
		struct str before, in, out, rest;
	} rows[] = {
		{STR("> "), STR(""), STR(""), STR("")},
		{STR("> "), STR("a\r\nb\n"), STR("> a\n> b\n"), STR("")},
		{STR(""), STR("a\r\nb\n"), STR("a\nb\n"), STR("")},
		{STR("> "), STR("a  \r\n  \n\r\n\n b\n"), STR("> a\n> \n>  b\n"), STR("")},
		{STR("> "), STR("a\nb"), STR("> a\n"), STR("b")},
		{STR("> "), STR("a\nb\r"), STR("> a\n"), STR("b\r")},
		{STR("> "), STR("a\nb\tc\nd\n"), STR("> a\n"), STR("b\tc\nd\n")},
		{STR("0123456789abcdef header > "), STR("0123456789abcdef: 0123456789abcdef\r\na\n\xff\n"),
			STR("0123456789abcdef header > 0123456789abcdef: 0123456789abcdef\n0123456789abcdef header > a\n"),
			STR("\xff\n")},
		{STR("0123456789abcde "), STR("0123456789abcdef\n0123456789abcdef \r\n"),
			STR("0123456789abcde 0123456789abcdef\n0123456789abcde 0123456789abcdef\n"), STR("")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0};

		buf_str(&b, STR("|"));
		expect_str(rows[i].in, text_put_lines(&b, rows[i].before, guarded(rows[i].in)), rows[i].rest);
		expect_str(rows[i].in, (struct str){b.s + 1, b.n - 1}, rows[i].out);
		buf_clear(&b);
	}
}

/* Of every length, and with each byte changed: the same as byte by byte. */
static void
lines_of_any_length_are_put(void **state)
{
	static const char all[] = "0123456789abcdef0123456789ABCDEF-\r\n";

	(void)state;
	for (size_t n = 3; n < sizeof all; n++)
		for (size_t odd = 0; odd <= n - 3; odd++) {
			char text[sizeof all];
			struct buf b = {0};
			struct str s = {text, n}, rest;

			memcpy(text, all, n - 2);
			memcpy(text + n - 2, "\r\n", 2);
			if (odd < n - 3)
				text[odd] = (char)(odd % 2 ? '\x7f' : '\x1f');
			rest = text_put_lines(&b, STR("> "), guarded(s));
			expect_int(s, (long long)rest.n, odd < n - 3 ? (long long)n : 0);
			expect_int(s, (long long)b.n, odd < n - 3 ? 0 : (long long)n + 1);
			buf_clear(&b);
		}
}

static void
control_bytes_are_escaped(void **state)
{
	static const struct shown rows[] = {
		{STR("\0"), "\\x00"},
		{STR("a\0b"), "a\\x00b"},
		{STR("\t\n\r\x1f"), "\\x09\\x0a\\x0d\\x1f"},
		{STR("\x1b[31mred\x1b[0m"), "\\x1b[31mred\\x1b[0m"},
		{STR("\x1b]0;title\x07"), "\\x1b]0;title\\x07"},
		{STR("a\x08\x7f"), "a\\x08\\x7f"},
		{STR("\xc2\x80\xc2\x9b" "31m\xc2\x9f"), "\\xc2\\x80\\xc2\\x9b31m\\xc2\\x9f"},
		{STR("\x80\x9b\x9f"), "\\x80\\x9b\\x9f"},
		{STR("12345678\x1b" "12345678"), "12345678\\x1b12345678"},
	};

	(void)state;
	check_shown(rows, ROWS(rows));
}

static void
bytes_that_are_not_utf8_are_escaped_one_by_one(void **state)
{
	static const struct shown rows[] = {
		{STR("\xff\xfe"), "\\xff\\xfe"},
		{STR("caf\xe9"), "caf\\xe9"},
		{STR("caf\xe9 au"), "caf\\xe9 au"},
		{STR("\xc0\xaf\xc1\xbf"), "\\xc0\\xaf\\xc1\\xbf"},
		{STR("\xe0\x80\xaf\xe0\x9f\xbf"), "\\xe0\\x80\\xaf\\xe0\\x9f\\xbf"},
		{STR("\xed\xa0\x80\xed\xbf\xbf"), "\\xed\\xa0\\x80\\xed\\xbf\\xbf"},
		{STR("\xf0\x8f\xbf\xbf"), "\\xf0\\x8f\\xbf\\xbf"},
		{STR("\xf4\x90\x80\x80\xf5\x80\x80\x80"), "\\xf4\\x90\\x80\\x80\\xf5\\x80\\x80\\x80"},
		{STR("\xc3"), "\\xc3"},
		{STR("\xc3" "a"), "\\xc3a"},
		{STR("\xe2\x82"), "\\xe2\\x82"},
		{STR("\xe2\x82\xc3\xbc"), "\\xe2\\x82\xc3\xbc"},
		{STR("\xf0\x9f\x99"), "\\xf0\\x9f\\x99"},
		{STR("\xc2"), "\\xc2"},
	};

	(void)state;
	check_shown(rows, ROWS(rows));
}

static void
check_byte(int c, size_t at, size_t n)
{
	struct str in = repeated('x', n);
	bool plain = c >= 0x20 && c < 0x7f;

	((char *)in.s)[at] = (char)c;
	expect_int(in, (long long)text_plain(guarded(in)), (long long)(plain ? n : at));
	expect_int(in, text_is_utf8(guarded(in)), c < 0x80);
	free((char *)in.s);
}

/* Several bytes are looked at in one go: none may slip through at a seam of these, or behind the last of them. */
static void
each_byte_is_judged_alike_at_each_place(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++)
		for (size_t n = 1; n < 50; n++)
			for (size_t at = 0; at < n; at++)
				check_byte(c, at, n);
}

static void
fixed_storage_is_cut_between_characters(void **state)
{
	static const struct {
		struct str in;
		size_t size;
		const char *out;
	} rows[] = {
		{STR("abc"), 4, "abc"}, {STR("abc"), 3, "ab"}, {STR("abc"), 1, ""}, {STR(""), 1, ""},
		{STR("a\x1b"), 6, "a\\x1b"}, {STR("a\x1b"), 5, "a"}, {STR("a\x1b" "b"), 5, "a"}, {STR("\x1b"), 4, ""},
		{STR("\xc3\xbc\xc3\xbc"), 5, "\xc3\xbc\xc3\xbc"}, {STR("\xc3\xbc\xc3\xbc"), 4, "\xc3\xbc"},
		{STR("\xc3\xbc\xc3\xbc"), 3, "\xc3\xbc"}, {STR("\xc3\xbc" "a"), 2, ""},
		{STR("\xf0\x9f\x99\x82"), 4, ""},
		{STR("\xf0\x9f\x99\x82"), 5, "\xf0\x9f\x99\x82"}, {STR("a\0b"), 20, "a\\x00b"},
		{STR("0123456789abcdef"), 11, "0123456789"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char to[32];

		memset(to, '#', sizeof to);
		text_show_into(to, rows[i].size, guarded(rows[i].in));
		expect_str(rows[i].in, str_of(to), str_of(rows[i].out));
		for (size_t k = rows[i].size; k < sizeof to; k++)
			assert_int_equal(to[k], '#');
	}
}

static void
utf8_is_told_from_other_bytes(void **state)
{
	static const struct {
		struct str in;
		size_t first; /* length of its first character */
		bool all;
	} rows[] = {
		{STR("a"), 1, true}, {STR("\0"), 1, true}, {STR("\x7f"), 1, true}, {STR("\xc2\x80"), 2, true},
		{STR("\xdf\xbf x"), 2, true}, {STR("\xe0\xa0\x80"), 3, true}, {STR("\xef\xbf\xbf"), 3, true},
		{STR("\xf0\x90\x80\x80"), 4, true}, {STR("\xf4\x8f\xbf\xbf" "a"), 4, true},
		{STR("\xc3\xbc\xff"), 2, false},
		{STR("\x80"), 0, false}, {STR("\xbf"), 0, false}, {STR("\xc1\xbf"), 0, false},
		{STR("\xe0\x9f\xbf"), 0, false},
		{STR("\xed\xa0\x80"), 0, false}, {STR("\xf0\x8f\xbf\xbf"), 0, false},
		{STR("\xf4\x90\x80\x80"), 0, false},
		{STR("\xf8\x88\x80\x80\x80"), 0, false}, {STR("\xc3"), 0, false}, {STR("\xe2\x82"), 0, false},
		{STR("\xf0\x9f\x99"), 0, false}, {STR("\xe2\x28\xa1"), 0, false}, {STR("\xe2\x82\x28"), 0, false},
		{STR("abcdefgh\xff"), 1, false}, {STR("abcdefg\xc3"), 1, false},
	};

	(void)state;
	assert_true(text_is_utf8(guarded(STR(""))));
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str in = guarded(rows[i].in);

		expect_int(rows[i].in, (long long)text_char(in), (long long)rows[i].first);
		expect_int(rows[i].in, text_is_utf8(in), rows[i].all);
	}
}

static void
what_is_too_long_is_cut_between_characters(void **state)
{
	static const struct {
		struct str in;
		size_t max;
		const char *out;
	} rows[] = {
		{STR(""), 0, ""}, {STR("a"), 0, "..."}, {STR("abc"), 3, "abc"}, {STR("abcd"), 3, "abc..."},
		{STR("a\x1b" "b"), 6, "a\\x1bb"}, {STR("a\x1b" "b"), 5, "a\\x1b..."}, {STR("a\x1b"), 5, "a\\x1b"},
		{STR("a\x1b" "b"), 4, "a..."}, {STR("\xc3\xbc\xc3\xbc"), 4, "\xc3\xbc\xc3\xbc"},
		{STR("\xc3\xbc\xc3\xbc"), 3, "\xc3\xbc..."}, {STR("\xc3\xbc\xc3\xbc"), 1, "..."},
		{STR("0123456789abcdef"), 10, "0123456789..."},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0};

		text_show_cut(&b, guarded(rows[i].in), rows[i].max);
		expect_str(rows[i].in, buf_view(&b), str_of(rows[i].out));
		buf_clear(&b);
	}
}

static void
bytes_that_are_not_utf8_become_characters_one_by_one(void **state)
{
	static const struct {
		struct str in, out;
	} rows[] = {
		{STR(""), STR("")}, {STR("a\0\x1b"), STR("a\0\x1b")}, {STR("\xc3\xbc"), STR("\xc3\xbc")},
		{STR("\xe9"), STR("\xc3\xa9")}, {STR("\xc3\xbc\xff"), STR("\xc3\x83\xc2\xbc\xc3\xbf")},
		{STR("x\x80\0\xbf\xc0"), STR("x\xc2\x80\0\xc2\xbf\xc3\x80")},
	};
	struct buf made = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_str(rows[i].in, text_as_utf8(guarded(rows[i].in), &made), rows[i].out);
	buf_clear(&made);
}

static void
every_prefix_is_shown_within_its_bounds(void **state)
{
	static const char text[] =
	    "plain \xc3\xbc \xe2\x82\xac \xf0\x9f\x99\x82 \xc2\x9b \x1b[0m \xff \xed\xa0\x80 and so on";

	(void)state;
	for (size_t n = 0; n < sizeof text; n++) {
		struct str in = guarded((struct str){text, n});
		struct buf b = {0};

		text_show(&b, in);
		assert_true(b.n >= n && text_is_utf8(buf_view(&b)));
		for (size_t i = 0; i < b.n; i++)
			assert_true((unsigned char)b.s[i] >= 0x20 && b.s[i] != 0x7f);
		buf_clear(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printable_text_is_shown_as_it_is),
		cmocka_unit_test(lines_end_at_lf_or_cr_lf),
		cmocka_unit_test(a_paragraph_ends_with_an_empty_line),
		cmocka_unit_test(lines_are_put_up_to_the_first_odd_one),
		cmocka_unit_test(lines_of_any_length_are_put),
		cmocka_unit_test(control_bytes_are_escaped),
		cmocka_unit_test(bytes_that_are_not_utf8_are_escaped_one_by_one),
		cmocka_unit_test(each_byte_is_judged_alike_at_each_place),
		cmocka_unit_test(fixed_storage_is_cut_between_characters),
		cmocka_unit_test(utf8_is_told_from_other_bytes),
		cmocka_unit_test(what_is_too_long_is_cut_between_characters),
		cmocka_unit_test(bytes_that_are_not_utf8_become_characters_one_by_one),
		cmocka_unit_test(every_prefix_is_shown_within_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
