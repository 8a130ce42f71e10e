/* tests/unit/agree.c: the verdict on all addresses of one target. */
#include "awget/agree.h"

#include <stdio.h>

#include "made.h"

/* What one address answers: a status and lines; or, status 0, a failure. */
struct said {
	const char *address;
	int status;
	const char *lines; /* or why it failed */
};

static void
add(struct agree *a, const struct said *s)
{
	struct addr address;
	struct result r;

	assert_true(addr_parse(&address, s->address, 80));
	made_result(&r, s->status, str_of(s->status ? s->lines : "A: 1\n"));
	if (!s->status) {
		r.status = 200; /* the head broke off: what came does not count */
		err_set(&r.err, ERR_CLOSED, "%s", s->lines);
	}
	agree_add(a, &address, &r);
	result_clear(&r);
}

static void
expect_verdict(struct agree *a, bool agree, const char *want)
{
	struct buf b = {0};

	expect_int(str_of(want), agree_verdict(a, &b), agree);
	expect_str(str_of(want), buf_view(&b), str_of(want));
	buf_clear(&b);
}

#define A1 "192.0.2.1"
#define A2 "192.0.2.2"
#define A3 "192.0.2.3"
#define A4 "192.0.2.10"
#define V6 "2001:db8::1"

static void
verdict_is_one_sentence(void **state)
{
	static const struct {
		struct said said[5];
		bool agree;
		const char *want;
	} rows[] = {
		{{{0}}, true, ""},
		{{{A1, 200, "A: 1\n"}}, true, "its one address answers"},
		{{{A1, 200, ""}, {A2, 200, "Date: x\n"}}, true, "its 2 addresses agree"},
		{{{A1, 503, "A: 1\nB: 2\n"}, {A2, 503, "B: 2\nA: 1\n"}, {V6, 503, "b: 2\na: 1\n"}}, true,
			"all 3 addresses agree"},
		{{{A1, 200, "A: 1\n"}, {A2, 200, ""}, {A3, 200, "A: 1\n"}, {A4, 200, "A: 1\n"}}, false,
			"3 of 4 addresses agree; " A2 " lacks A"},
		/* those that differ alike are told together, the others in the order of addresses */
		{{{V6, 200, ""}, {A4, 200, "A: 1\n"}, {A1, 200, ""}, {A2, 200, "A: 1\n"}, {A3, 200, "A: 1\n"}}, false,
			"3 of 5 addresses agree; " A1 " and " V6 " lack A"},
		{{{V6, 200, "A: 1\n"}, {A4, 404, "A: 1\n"}, {A1, 200, "A: 1\n"}, {A2, 200, "A: 2\n"}}, false,
			"2 of 4 addresses agree; " A2 " has A: \"2\" instead of \"1\"; "
			A4 " has status 404 instead of 200"},
		/* of equally large groups, that of the lowest address */
		{{{A4, 200, ""}, {A3, 200, "A: 1\n"}, {A2, 200, ""}, {A1, 200, "A: 1\n"}}, false,
			"2 of 4 addresses agree; " A2 " and " A4 " lack A"},
		{{{A2, 200, ""}, {A1, 200, "A: 1\n"}}, false,
			"its 2 addresses disagree; compared with " A1 ", " A2 " lacks A"},
		{{{A2, 200, ""}, {A3, 200, "B: 1\n"}, {A1, 200, "A: 1\n"}}, false,
			"no two of 3 addresses agree; compared with " A1 ", " A2 " lacks A; " A3 " lacks A, adds B"},
		/* what failed does not agree, and is no norm however often */
		{{{A1, 200, "A: 1\n"}, {A2, 200, "A: 1\n"}, {A3, 0, "no luck"}}, false,
			"2 of 3 addresses agree; " A3 " fails: no luck"},
		{{{A1, 0, "no luck at 1"}, {A2, 0, "no luck at 2"}, {A3, 200, "A: 1\n"}}, false,
			"only 1 of 3 addresses answers; " A1 " and " A2 " fail: closed"},
		{{{A1, 0, "no luck"}, {A2, 200, ""}, {A3, 200, "A: 1\n"}}, false,
			"no two of 3 addresses agree; compared with " A2 ", " A1 " fails: no luck; " A3 " adds A"},
		{{{A1, 0, "no luck"}}, false, "its one address does not answer; " A1 " fails: no luck"},
		{{{A1, 0, "x"}, {A2, 0, "y"}}, false, "none of 2 addresses answers; " A1 " and " A2 " fail: closed"},
		/* an address may be there twice */
		{{{A1, 200, ""}, {A1, 200, "A: 1\n"}, {A2, 200, ""}}, false,
			"2 of 3 addresses agree; " A1 " adds A"},
	};
	struct volatile_list *v = volatile_new();

	(void)state;
	assert_int_equal(volatile_add(v, STR("Date"), NULL), 0);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct agree *a = agree_new(v);

		for (size_t k = 0; k < ROWS(rows[i].said) && rows[i].said[k].address; k++)
			add(a, &rows[i].said[k]);
		expect_verdict(a, rows[i].agree, rows[i].want);
		expect_verdict(a, rows[i].agree, rows[i].want); /* asked again, it is the same */
		agree_free(a);
	}
	agree_free(NULL);
	volatile_free(v);
}

/* 100 addresses, of which each takes what lines() says. */
static struct agree *
hundred(const struct volatile_list *v, const char *(*lines)(int i))
{
	struct agree *a = agree_new(v);

	for (int i = 100; i > 0; i--) {
		char address[20];

		snprintf(address, sizeof address, "192.0.2.%d", i);
		add(a, &(struct said){address, 200, lines(i)});
	}
	return a;
}

static const char *
same(int i)
{
	(void)i;
	return "A: 1\n";
}

static const char *
two_kinds(int i)
{
	return i % 3 ? "A: 1\n" : "";
}

static const char *
all_different(int i)
{
	static char lines[400];

	snprintf(lines, sizeof lines, "A%d: %0200d\nB: \x1b%0100d\nC%d: x\n", i, i, i, i);
	return lines;
}

static void
hundred_addresses_are_one_short_sentence(void **state)
{
	struct volatile_list *v = volatile_new();
	struct agree *a = hundred(v, same);
	struct buf b = {0};

	(void)state;
	expect_verdict(a, true, "all 100 addresses agree");
	agree_free(a);
	a = hundred(v, two_kinds);
	expect_verdict(a, false, "67 of 100 addresses agree; 192.0.2.3, 192.0.2.6, 192.0.2.9 and 30 more lack A");
	agree_free(a);
	a = hundred(v, all_different);
	assert_false(agree_verdict(a, &b));
	assert_true(str_starts(buf_view(&b), STR("no two of 100 addresses agree; compared with 192.0.2.1, "
		"192.0.2.2 lacks A1, adds A2, has B: \"")));
	assert_true(b.n < 1000);
	assert_non_null(strstr(buf_cstr(&b), ", and 2 more; 192.0.2.3 "));
	assert_string_equal(b.s + b.n - sizeof ", and 2 more; and 95 more" + 1, ", and 2 more; and 95 more");
	assert_null(memchr(b.s, '\x1b', b.n));
	agree_free(a);
	buf_clear(&b);
	volatile_free(v);
}

/* Whatever order the answers come in. */
static void
order_of_answers_does_not_matter(void **state)
{
	static const struct said said[] = {
		{A1, 200, ""}, {A2, 200, "A: 1\n"}, {A3, 0, "no luck"}, {V6, 200, "A: 1\n"}, {A4, 200, ""}};
	struct volatile_list *v = volatile_new();

	(void)state;
	for (size_t start = 0; start < ROWS(said); start++)
		for (size_t step = 1; step < ROWS(said); step++) {
			struct agree *a = agree_new(v);

			for (size_t i = 0; i < ROWS(said); i++)
				add(a, &said[(start + i * step) % ROWS(said)]);
			expect_verdict(a, false, "2 of 5 addresses agree; " A2 " and " V6 " add A; " A3
				" fails: no luck");
			agree_free(a);
		}
	volatile_free(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdict_is_one_sentence),
		cmocka_unit_test(hundred_addresses_are_one_short_sentence),
		cmocka_unit_test(order_of_answers_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
