/* tests/unit/top.c: the table of the most frequent values, as people see it. */
#include "awget/top.h"

#include <stdio.h>

#include "made.h"

static const struct verdict no_verdict;

static void
add(struct top *t, struct result *r, struct str target, struct str tag)
{
	r->target = r->label = target;
	r->tag = tag;
	top_add(t, r, &no_verdict);
}

static void
expect_report(const struct top *t, struct str row, struct str want)
{
	struct buf b = {0};

	top_report(t, &b);
	expect_str(row, buf_view(&b), want);
	buf_clear(&b);
}

static struct top *
top_of(struct columns *columns, const char *list)
{
	assert_int_equal(columns_parse(columns, list, NULL), 0);
	return top_new(columns);
}

static void
values_are_shown_with_counts_shares_and_a_target(void **state)
{
	struct columns columns;
	struct top *t = top_of(&columns, "tag,status");
	struct result r;

	(void)state;
	result_init(&r, 1, STR("a"));
	r.status = 200;
	for (int i = 0; i < 1234; i++)
		add(t, &r, i ? STR("a.test") : STR("first.test"), STR("blue"));
	add(t, &r, STR("b.test"), STR("red\x1b\xff"));
	add(t, &r, STR("c.test\n"), STR(""));
	r.status = 0;
	add(t, &r, STR("d.test"), (struct str){0});
	expect_report(t, STR("two columns"), STR(
		"tag: 3 different values in 1,237 results\n"
		"count   share  value                                    for instance\n"
		"1,234   99.8%  blue                                     first.test\n"
		"    1    0.1%  (empty)                                  c.test\\x0a\n"
		"    1    0.1%  red\\x1b\\xff                              b.test\n"
		"    1    0.1%  without a value\n"
		"\n"
		"status: 1 different value in 1,237 results\n"
		"count   share  value                                    for instance\n"
		"1,236   99.9%  200                                      first.test\n"
		"    1    0.1%  without a value\n"));
	top_free(t);
	columns_clear(&columns);
	result_clear(&r);
}

static void
nothing_added_is_told_in_a_line(void **state)
{
	struct columns columns;
	struct top *t = top_of(&columns, "tag,n");

	(void)state;
	expect_report(t, STR("nothing"), STR("tag: 0 different values in 0 results\n\nn: 0 different values in 0 results\n"));
	top_free(t);
	top_free(NULL);
	columns_clear(&columns);
}

static void
result_without_values_has_one_line(void **state)
{
	struct columns columns;
	struct top *t = top_of(&columns, "tag");
	struct result r;

	(void)state;
	result_init(&r, 1, STR("a"));
	add(t, &r, STR("a"), (struct str){0});
	expect_report(t, STR("one"), STR("tag: 0 different values in 1 result\n"
		"count   share  value                                    for instance\n"
		"    1  100.0%  without a value\n"));
	top_free(t);
	columns_clear(&columns);
	result_clear(&r);
}

static void
long_values_go_on_below_and_end_with_dots(void **state)
{
	static const char dots[] = "...", *const blanks = "               ";
	struct str x = repeated('x', 200), escapes = repeated('\x01', 200), target = repeated('t', 100);
	struct buf want = {0};
	struct columns columns;
	struct top *t = top_of(&columns, "tag");
	struct result r;

	(void)state;
	result_init(&r, 1, STR("a"));
	for (int i = 0; i < 3; i++)
		add(t, &r, target, (struct str){x.s, 120});
	add(t, &r, STR("b"), x);
	add(t, &r, STR("b"), x);
	add(t, &r, STR("c"), escapes);
	buf_str(&want, STR("tag: 3 different values in 6 results\n"
		"count   share  value                                    for instance\n"));
	buf_printf(&want, "    3   50.0%%  %.39s  %.64s%s\n%s%.39s\n%s%.39s\n%s%.3s\n", x.s, target.s, dots, blanks, x.s, blanks, x.s,
		blanks, x.s);
	buf_printf(&want, "    2   33.3%%  %.39s  b\n%s%.39s\n%s%.39s\n%s%.3s%s\n", x.s, blanks, x.s, blanks, x.s, blanks, x.s, dots);
	/* four lines, and no more */
	buf_printf(&want, "    1   16.7%%  %s\\x0  c\n%s%s\n%s%s\n%s%s\n%s...\n", "\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01",
		blanks, "1\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x", blanks, "01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\",
		blanks, "x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01", blanks);
	expect_report(t, STR("long"), buf_view(&want));
	buf_clear(&want);
	free((void *)x.s);
	free((void *)escapes.s);
	free((void *)target.s);
	top_free(t);
	columns_clear(&columns);
	result_clear(&r);
}

/* The last lines of a report on so many values, the first of which came twice. */
static void
expect_rest(size_t values, size_t twice, const char *want)
{
	struct columns columns;
	struct top *t = top_of(&columns, "tag");
	struct buf b = {0};
	struct result r;
	char text[20];

	result_init(&r, 1, STR("a"));
	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < (round ? twice : values); i++) {
			snprintf(text, sizeof text, "%05zu", i);
			add(t, &r, STR("a"), str_of(text));
		}
	top_report(t, &b);
	assert_true(b.n > strlen(want));
	expect_str(str_of(want), (struct str){b.s + b.n - strlen(want), strlen(want)}, str_of(want));
	buf_clear(&b);
	top_free(t);
	columns_clear(&columns);
	result_clear(&r);
}

static void
others_are_told_in_one_line(void **state)
{
	(void)state;
	expect_rest(20, 20, "    2    5.0%  00019                                    a\n");
	expect_rest(21, 20, "    1    2.4%  1 other value\n");
	expect_rest(1300, 21, "00019                                    a\n1,281   97.0%  1,280 other values\n");
}

/* The last of 4097 values has taken the counter of one that came once. */
static void
counts_that_may_be_too_high_are_marked(void **state)
{
	static const char start[] = "tag: more than 4,096 different values in 4,097 results\n"
		"  count   share  value                                  for instance\n"
		"    <=2    0.0%  04096                                  a\n"
		"      1    0.0%  00000                                  a\n";
	static const char last[] = "\n>=4,076   99.5%  other values\n";
	struct columns columns;
	struct top *t = top_of(&columns, "tag");
	struct buf b = {0};
	struct result r;
	char text[20];

	(void)state;
	result_init(&r, 1, STR("a"));
	for (int i = 0; i < 4097; i++) {
		snprintf(text, sizeof text, "%05d", i);
		add(t, &r, STR("a"), str_of(text));
	}
	top_report(t, &b);
	expect_str(STR("start"), (struct str){b.s, strlen(start)}, str_of(start));
	expect_str(STR("last"), (struct str){b.s + b.n - strlen(last), strlen(last)}, str_of(last));
	buf_clear(&b);
	top_free(t);
	columns_clear(&columns);
	result_clear(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_shown_with_counts_shares_and_a_target),
		cmocka_unit_test(nothing_added_is_told_in_a_line),
		cmocka_unit_test(result_without_values_has_one_line),
		cmocka_unit_test(long_values_go_on_below_and_end_with_dots),
		cmocka_unit_test(others_are_told_in_one_line),
		cmocka_unit_test(counts_that_may_be_too_high_are_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
