/* tests/unit/idn.c: names that are not ASCII, and what they are in the DNS. */
#include "net/idn.h"

#include "helper.h"

struct row {
	struct str in;
	const char *want; /* the name, or a piece of the sentence that refuses it */
};

static void
check_good(const struct row *rows, size_t n)
{
	struct buf ascii = {0};

	for (size_t i = 0; i < n; i++) {
		struct err e = {0};

		if (idn_to_ascii(&ascii, guarded(rows[i].in), &e) != 0)
			fail_msg("%s: %s", rows[i].in.s, e.text);
		expect_str(rows[i].in, buf_view(&ascii), str_of(rows[i].want));
	}
	buf_clear(&ascii);
}

static void
check_bad(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct buf ascii = {0};
		struct err e = {0};

		expect_int(rows[i].in, idn_to_ascii(&ascii, guarded(rows[i].in), &e), -1);
		expect_err(rows[i].in, &e, ERR_INPUT);
		if (!strstr(e.text, rows[i].want))
			fail_msg("%s: \"%s\" does not say \"%s\"", rows[i].in.s, e.text, rows[i].want);
		buf_clear(&ascii);
	}
}

static void
name_becomes_labels_of_ascii(void **state)
{
	static const struct row rows[] = {
		{STR("b\u00fccher.test"), "xn--bcher-kva.test"},
		{STR("\u65e5\u672c\u8a9e.jp"), "xn--wgv71a119e.jp"},
		{STR("\u05d0\u05d1.test"), "xn--4dbc.test"},
		{STR("a.\u00fc.b"), "a.xn--tda.b"},
		{STR("_srv.b\u00fccher.test"), "_srv.xn--bcher-kva.test"},
		{STR("xn--bcher-kva.\u00fc"), "xn--bcher-kva.xn--tda"},
		{STR("stra\u00dfe.test"), "xn--strae-oqa.test"}, /* as IDNA 2008 has it, not as 2003 */
		{STR("l\u00b7l"), "xn--ll-0ea"},
	};

	(void)state;
	check_good(rows, ROWS(rows));
}

static void
case_and_compatible_forms_are_mapped(void **state)
{
	static const struct row rows[] = {
		{STR("B\u00dcCHER.Test"), "xn--bcher-kva.test"},
		{STR("bu\u0308cher.test"), "xn--bcher-kva.test"}, /* not composed */
		{STR("b\u00fccher\u3002test"), "xn--bcher-kva.test"},
		{STR("b\u00fccher.test."), "xn--bcher-kva.test."},
		{STR("\uff41.test"), "a.test"},
		{STR("a\u00adb.test"), "ab.test"},
		{STR("\u2167"), "viii"},
	};

	(void)state;
	check_good(rows, ROWS(rows));
}

/* url_parse refuses these: the caller looks at what came out. */
static void
what_comes_out_may_be_no_name(void **state)
{
	static const struct row rows[] = {
		{STR("\u00ad"), ""}, {STR("a\uff0fb"), "a/b"}, {STR("\uff0541"), "%41"}, {STR("\u3002"), "."},
		{STR("\u00fc..a"), "xn--tda..a"}, {STR("\uff11\uff12\uff17.0.0.1"), "127.0.0.1"},
	};

	(void)state;
	check_good(rows, ROWS(rows));
}

static void
names_against_the_rules_are_refused(void **state)
{
	static const struct row rows[] = {
		{STR("-\u00fc.test"), "begins or ends with a hyphen"},
		{STR("\u00fc-.test"), "begins or ends with a hyphen"},
		{STR("b\u00fc--cher.test"), "hyphens in its third and fourth place"},
		{STR("a\u2028.test"), "a character that no name may have"},
		{STR("\u202e.test"), "a character that no name may have"},
		{STR("\xc2\x85"), "a character that no name may have"},
		{STR("\u2665.test"), "a character that no name may have"},
		{STR("\u0301a.test"), "begins with a combining mark"},
		{STR("a\u200db.test"), "a joiner where none may stand"},
		{STR("\u05d0a.test"), "to the left and to the right"},
		{STR("xn--\u00fc"), "begins with xn-- but means nothing"},
		{STR("\u00fc*"), "not a valid internationalised name"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

static void
bytes_that_are_not_utf8_are_refused(void **state)
{
	static const struct row rows[] = {
		{STR("\xff.test"), "neither ASCII nor UTF-8"}, {STR("b\xfc" "cher"), "neither ASCII nor UTF-8"},
		{STR("\xc3"), "neither ASCII nor UTF-8"}, {STR("\xed\xa0\x80"), "neither ASCII nor UTF-8"},
		{STR("\xc0\xaf"), "neither ASCII nor UTF-8"},
	};

	(void)state;
	check_bad(rows, ROWS(rows));
}

/* n times a character of two bytes, in labels of `label` of them. */
static struct str
umlauts(struct buf *b, size_t n, size_t label)
{
	for (size_t i = 0; i < n; i++)
		buf_str(b, (i + 1) % (label + 1) ? STR("\u00fc") : STR("."));
	return buf_view(b);
}

static void
long_names_are_refused_soon(void **state)
{
	static const struct {
		size_t n, label;
		const char *says;
	} rows[] = {
		{60, 70, "longer than 63 bytes"},
		{240, 4, "longer than 253 bytes"},
		{1024, 2000, "longer than 253 bytes"},
		{1025, 2000, "longer than 2048 bytes"},
		{50000, 40, "longer than 2048 bytes"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0};
		struct row row = {umlauts(&b, rows[i].n, rows[i].label), rows[i].says};

		check_bad(&row, 1);
		buf_clear(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(name_becomes_labels_of_ascii),
		cmocka_unit_test(case_and_compatible_forms_are_mapped),
		cmocka_unit_test(what_comes_out_may_be_no_name),
		cmocka_unit_test(names_against_the_rules_are_refused),
		cmocka_unit_test(bytes_that_are_not_utf8_are_refused),
		cmocka_unit_test(long_names_are_refused_soon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
