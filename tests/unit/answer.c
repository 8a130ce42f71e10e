/* tests/unit/answer.c: which answers agree, and how two differ, in words. */
#include "awget/answer.h"

#include "made.h"

struct pair {
	struct answer x, norm;
};

static void
make(struct answer *a, int status, struct str lines, const struct volatile_list *v)
{
	struct result r;

	made_result(&r, status, lines);
	answer_init(a, &r, v);
	result_clear(&r); /* nothing of it is needed any more */
}

static struct pair
pair_of(int status, struct str lines, int norm_status, struct str norm_lines)
{
	struct volatile_list *v = volatile_new();
	struct pair p;

	assert_int_equal(volatile_add(v, STR("Date"), NULL), 0);
	assert_int_equal(volatile_add(v, STR("Set-Cookie cookie"), NULL), 0);
	make(&p.x, status, lines, v);
	make(&p.norm, norm_status, norm_lines, v);
	volatile_free(v);
	return p;
}

static void
pair_clear(struct pair *p)
{
	answer_clear(&p->x);
	answer_clear(&p->norm);
}

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static void
answers_agree_in_what_counts(void **state)
{
	static const struct {
		struct str x, norm;
	} rows[] = {
		{STR(""), STR("")},
		{STR("A: 1\nB: 2\n"), STR("A: 1\nB: 2\n")},
		/* order, except that of repeats, and case and blanks */
		{STR("B: 2\nA: 1\n"), STR("a:1\nb:  2 \n")},
		{STR("A: 1\nB: 2\nA: 3\n"), STR("A: 1\nA: 3\nB: 2\n")},
		{STR("A: 1\r\n 2\r\n"), STR("A: 1 2\n")},
		/* what is volatile */
		{STR("Date: x\nA: 1\n"), STR("A: 1\nDate: y\nDate: z\n")},
		{STR("Date: x\n"), STR("")},
		{STR("Set-Cookie: a=1; Secure\n"), STR("Set-Cookie: a=2; Secure\n")},
		{STR("no colon\n"), STR("no colon\n")},
		{STR(":\n"), STR(":\n")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct pair p = pair_of(200, rows[i].x, 200, rows[i].norm);
		struct buf b = {0};

		expect_int(rows[i].x, answer_order(&p.x, &p.norm), 0);
		expect_int(rows[i].x, answer_order(&p.norm, &p.x), 0);
		answer_differences(&p.x, &p.norm, true, &b);
		expect_str(rows[i].x, buf_view(&b), STR(""));
		buf_clear(&b);
		pair_clear(&p);
	}
}

#define X10 "xxxxxxxxxx"
#define X50 X10 X10 X10 X10 X10

static void
differences_are_told_in_words(void **state)
{
	static const struct {
		int status, norm_status;
		struct str x, norm;
		const char *want;
	} rows[] = {
		{503, 200, STR(""), STR(""), " has status 503 instead of 200"},
		{200, 200, STR(""), STR("A: 1\n"), " lacks A"},
		{200, 200, STR("A: 1\n"), STR(""), " adds A"},
		{200, 200, STR("a-A: 1\n"), STR("B-b: 1\n"), " adds a-A, lacks B-b"},
		{200, 200, STR("A: 1\n"), STR("A: 2\n"), " has A: \"1\" instead of \"2\""},
		{200, 200, STR("a: 1\n"), STR("A:\n"), " has a: \"1\" instead of \"\""},
		{200, 200, STR("A: 1\nA: 2\n"), STR("A: 2\nA: 1\n"), " has A: \"1\" instead of \"2\""},
		{200, 200, STR("A: 1\nB: 1\nA: 2\n"), STR("B: 1\nA: 1\nA: 3\n"), " has A: \"2\" instead of \"3\""},
		{200, 200, STR("A: 1\n"), STR("A: 1\nA: 1\n"), " has 1 A instead of 2"},
		{200, 200, STR("A: 1\nA: 2\nA: 3\n"), STR("A: 1\n"), " has 3 A instead of 1"},
		{200, 200, STR("A: 1\nA: 2\n"), STR(""), " adds A"},
		{200, 200, STR("AB: 1\n"), STR("A: 1\nABC: 1\n"), " lacks A, adds AB, lacks ABC"},
		{200, 200, STR("Set-Cookie: a=1\n"), STR("Set-Cookie: a=2; Secure\n"),
			" has Set-Cookie: \"a=*\" instead of \"a=*; Secure\""},
		{200, 200, STR("no colon\n"), STR(""), " adds a line without a name"},
		{200, 200, STR("one\n"), STR("two\n"), " has a line without a name: \"one\" instead of \"two\""},
		/* of many, three */
		{404, 200, STR("A: 1\n"), STR("A: 2\nB: 1\nC: 1\nC: 1\nD: 1\n"),
			" has status 404 instead of 200, has A: \"1\" instead of \"2\", lacks B, and 2 more"},
		/* long ones are cut, not where they differ */
		{200, 200, STR("A: " X50 "\n"), STR("A: 1\n"),
			" has A: \"" X10 X10 X10 X10 "...\" instead of \"1\""},
		{200, 200, STR("A: " X50 "1\n"), STR("A: " X50 "2 and what follows, which is of no interest\n"),
			" has A: \"..." X10 "1\" instead of \"..." X10 "2 and what follows, which is o...\""},
		{200, 200, STR("A: " X50 "\n"), STR("A: " X50 " and more\n"),
			" has A: \"..." X10 "\" instead of \"..." X10 " and more\""},
		{200, 200, STR(X50 X50 ": 1\n"), STR(""), " adds " X50 X10 "..."},
		{200, 200, STR(X50 X10 ": 1\n"), STR(""), " adds " X50 X10},
		/* nothing reaches a terminal that could do harm there, and no character is cut */
		{200, 200, STR("A\x1b: \x9b\xff\0\xc3\xa9\n"), STR("A\x1b: \x7f\n"),
			" has A\\x1b: \"\\x9b\\xff\\x00\xc3\xa9\" instead of \"\\x7f\""},
		{200, 200, STR("A: " X10 "\xc3\xa9xxxxxxxxx1\n"), STR("A: " X10 "\xc3\xa9xxxxxxxxx2\n"),
			" has A: \"...\xc3\xa9xxxxxxxxx1\" instead of \"...\xc3\xa9xxxxxxxxx2\""},
		{200, 200, STR("A: " X10 X10 X10 "xxxxxxxxx\xc3\xa9\n"), STR("A: \n"),
			" has A: \"" X10 X10 X10 "xxxxxxxxx...\" instead of \"\""},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct pair p = pair_of(rows[i].status, rows[i].x, rows[i].norm_status, rows[i].norm);
		struct buf b = {0};
		int c = answer_order(&p.x, &p.norm);

		expect_int(rows[i].x, c != 0, true);
		expect_int(rows[i].x, sign(answer_order(&p.norm, &p.x)), -sign(c));
		answer_differences(&p.x, &p.norm, true, &b);
		expect_str(rows[i].x, buf_view(&b), str_of(rows[i].want));
		buf_clear(&b);
		pair_clear(&p);
	}
}

static void
several_have_another_verb(void **state)
{
	struct pair p = pair_of(301, STR("A: 1\nB: 1\n"), 200, STR("C: 1\n"));
	struct pair q = pair_of(200, STR("A: 1\n"), 200, STR("A: 2\n"));
	struct buf b = {0};

	(void)state;
	answer_differences(&p.x, &p.norm, false, &b);
	answer_differences(&p.norm, &p.x, false, &b);
	answer_differences(&q.x, &q.norm, false, &b);
	expect_str(STR("several"), buf_view(&b), STR(
		" have status 301 instead of 200, add A, add B, and 1 more"
		" have status 200 instead of 301, lack A, lack B, and 1 more"
		" have A: \"1\" instead of \"2\""));
	buf_clear(&b);
	pair_clear(&p);
	pair_clear(&q);
}

/* Also with thousands of fields, of which the same name may be everywhere. */
static void
fields_may_be_many(void **state)
{
	struct buf x = {0}, norm = {0}, b = {0};
	struct pair p;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		buf_printf(&x, "N%d: %d\nSame: %d\n", i, i, i);
		buf_printf(&norm, "Same: %d\nN%d: %d\n", i, 19999 - i, 19999 - i);
	}
	p = pair_of(200, buf_view(&x), 200, buf_view(&norm));
	assert_int_equal(answer_order(&p.x, &p.norm), 0);
	pair_clear(&p);
	buf_str(&x, STR("Same: x\n"));
	p = pair_of(200, buf_view(&x), 200, buf_view(&norm));
	answer_differences(&p.x, &p.norm, true, &b);
	expect_str(STR("many"), buf_view(&b), STR(" has 20001 Same instead of 20000"));
	pair_clear(&p);
	buf_clear(&x);
	buf_clear(&norm);
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_agree_in_what_counts),
		cmocka_unit_test(differences_are_told_in_words),
		cmocka_unit_test(several_have_another_verb),
		cmocka_unit_test(fields_may_be_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
