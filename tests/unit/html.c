/* tests/unit/html.c: what strangers sent is only shown, wherever in the page it stands. */
#include "awget/html.h"

#include <math.h>

#include "helper.h"

struct shown {
	struct str text, want;
};

static void
whatever_means_something_to_html_is_escaped(void **state)
{
	static const struct shown rows[] = {
	    {{"", 0}, {"", 0}},
	    {STR("nginx/1.24 (Debian)"), STR("nginx/1.24 (Debian)")},
	    {STR("<script>alert(1)</script>"), STR("&lt;script&gt;alert(1)&lt;/script&gt;")},
	    {STR("\" onload='x' `y`"), STR("&quot; onload=&#39;x&#39; `y`")},
	    {STR("&lt;"), STR("&amp;lt;")},
	    {STR("--><!--"), STR("--&gt;&lt;!--")},
	    {STR("a\0b\r\n\t\033[1m\x7f"), STR("a\\x00b\\x0d\\x0a\\x09\\x1b[1m\\x7f")},
	    {STR("Zoë 网 \xf0\x9f\x98\x80"), STR("Zoë 网 \xf0\x9f\x98\x80")},
	    {STR("\xff\xc0\xbc<\xe2\x80"), STR("\\xff\\xc0\\xbc&lt;\\xe2\\x80")},
	    {STR("\xc2\x85"), STR("\\xc2\\x85")},
	    {STR("a\u202eb\u202ac\u2066d\u2069e"), STR("a\\u202eb\\u202ac\\u2066d\\u2069e")},
	    {STR("\u200e\u200f\u061c\u202d"), STR("\\u200e\\u200f\\u061c\\u202d")},
	    {STR("\u200d\u2010\u2029\u2065\u206a"), STR("\u200d\u2010\u2029\u2065\u206a")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0};

		html_add(&b, guarded(rows[i].text));
		expect_str(rows[i].text, buf_view(&b), rows[i].want);
		buf_clear(&b);
	}
}

static void
what_is_too_long_is_cut_between_characters_and_says_so(void **state)
{
	static const struct shown rows[] = {
	    {STR("12345678"), STR("12345678")},
	    {STR("123456789"), STR("12345678… (1 byte more)")},
	    {STR("1234567ë9"), STR("1234567… (3 bytes more)")},
	    {STR("12345\xf0\x9f\x98\x80z"), STR("12345… (5 bytes more)")},
	    {STR("\x80\x80\x80\x80\x80\x80\x80\x80\x80"), STR("\\x80\\x80\\x80\\x80\\x80… (4 bytes more)")},
	    {STR("<<<<<<<<<"), STR("&lt;&lt;&lt;&lt;&lt;&lt;&lt;&lt;… (1 byte more)")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0};

		html_cut(&b, guarded(rows[i].text), 8);
		expect_str(rows[i].text, buf_view(&b), rows[i].want);
		buf_clear(&b);
	}
}

static void
numbers_are_grouped(void **state)
{
	static const struct {
		unsigned long long n;
		struct str want;
	} rows[] = {
	    {0, STR("0 targets")},
	    {1, STR("1 target")},
	    {999, STR("999 targets")},
	    {1000, STR("1,000 targets")},
	    {1000001, STR("1,000,001 targets")},
	    {18446744073709551615ULL, STR("18,446,744,073,709,551,615 targets")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0};

		html_counted(&b, rows[i].n, "target");
		expect_str(rows[i].want, buf_view(&b), rows[i].want);
		buf_clear(&b);
	}
}

static void
times_have_three_digits(void **state)
{
	static const struct {
		double seconds;
		struct str want;
	} rows[] = {
	    {0, STR("0.00 ms")},
	    {-1, STR("0.00 ms")},
	    {0.0000104, STR("0.01 ms")},
	    {0.00042, STR("0.42 ms")},
	    {0.009996, STR("10.0 ms")},
	    {0.0412, STR("41.2 ms")},
	    {0.09996, STR("100 ms")},
	    {0.9994, STR("999 ms")},
	    {0.9996, STR("1.00 s")},
	    {12.34, STR("12.3 s")},
	    {1234.5, STR("1235 s")},
	    {NAN, {"", 0}},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0};

		html_duration(&b, rows[i].seconds);
		expect_str(rows[i].want, buf_view(&b), rows[i].want);
		buf_clear(&b);
	}
}

static void
a_date_is_told_to_programs_too(void **state)
{
	struct buf b = {0};

	(void)state;
	html_date(&b, 1795363200.9);
	expect_str(
	    STR("date"), buf_view(&b), STR("<time datetime=\"2026-11-22T16:00:00Z\">2026-11-22 16:00:00 UTC</time>"));
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whatever_means_something_to_html_is_escaped),
	    cmocka_unit_test(what_is_too_long_is_cut_between_characters_and_says_so),
	    cmocka_unit_test(numbers_are_grouped),
	    cmocka_unit_test(times_have_three_digits),
	    cmocka_unit_test(a_date_is_told_to_programs_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
