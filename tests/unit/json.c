/* tests/unit/json.c: what a record says of checks and changes; what else is in it, tests/unit/output.c has. */
#include "awget/json.h"

#include <math.h>

#include "helper.h"

/* What stands between "time" and "error" for this verdict. */
static void
expect_judgement(struct str row, const struct verdict *v, const char *want)
{
	static const char before[] = ",\"time\":\"1970-01-01T00:00:00.000Z\"", after[] = ",\"error\":null}";
	struct buf b = {0};
	struct result r;
	char *at;

	result_init(&r, 1, STR("a"));
	r.time = 0;
	json_record(&b, &r, v);
	at = strstr(buf_cstr(&b), before);
	assert_non_null(at);
	at += strlen(before);
	assert_true(b.n > strlen(after));
	expect_str(row, (struct str){b.s + b.n - strlen(after), strlen(after)}, str_of(after));
	expect_str(row, (struct str){at, (size_t)(b.s + b.n - at) - strlen(after)}, str_of(want));
	buf_clear(&b);
	result_clear(&r);
}

#define NO_STR \
	{ \
		NULL, 0 \
	}

static void
checks_are_told_in_their_order(void **state)
{
	static struct check_outcome v[] = {
		{CHECK_PASS, NO_STR, {"status == 200", 13}, NO_STR},
		{CHECK_SKIP, {"s", 1}, {"if scheme == https then hops == 0", 33}, NO_STR},
		{CHECK_WARN, {"leak", 4}, {"h[Server] absent", 16}, {"\"nginx\"", 7}},
		{CHECK_FAIL, NO_STR, {"h[\xff] == \"\\n\"", 12}, NO_STR},
		/* what was found does not matter where all is well */
		{CHECK_PASS, {"", 0}, {"", 0}, {"x", 1}},
	};
	static const struct {
		size_t n;
		const char *want;
	} rows[] = {
		{0, ",\"checks\":[]"},
		{1, ",\"checks\":[{\"id\":null,\"result\":\"pass\",\"check\":\"status == 200\",\"found\":null}]"},
		{5, ",\"checks\":[{\"id\":null,\"result\":\"pass\",\"check\":\"status == 200\",\"found\":null},"
			"{\"id\":\"s\",\"result\":\"skip\",\"check\":\"if scheme == https then hops == 0\",\"found\":null},"
			"{\"id\":\"leak\",\"result\":\"warn\",\"check\":\"h[Server] absent\",\"found\":\"\\\"nginx\\\"\"},"
			"{\"id\":null,\"result\":\"fail\",\"check\":\"h[\\u00ff] == \\\"\\\\n\\\"\",\"found\":null},"
			"{\"id\":\"\",\"result\":\"pass\",\"check\":\"\",\"found\":null}]"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct check_outcomes checks = {.v = v, .n = rows[i].n};

		expect_judgement(STR("checks"), &(struct verdict){.checks = &checks}, rows[i].want);
	}
	expect_judgement(STR("no checks"), &(struct verdict){0}, ",\"checks\":[]");
}

static void
changes_are_told_where_there_is_a_baseline(void **state)
{
	static struct change v[] = {
		{"status", NO_STR, {"200", 3}, {"301", 3}},
		{"header", {"Server", 6}, NO_STR, {"nginx", 5}},
		{"header", {"", 0}, {"a\x1b", 2}, NO_STR},
		{"header", {"\xc3\xa9", 2}, {"\xe9", 1}, {"", 0}},
	};
	static const struct {
		size_t n;
		const char *want;
	} rows[] = {
		{0, ",\"checks\":[],\"changes\":[]"},
		{1, ",\"checks\":[],\"changes\":[{\"what\":\"status\",\"name\":null,\"old\":\"200\",\"new\":\"301\"}]"},
		{4, ",\"checks\":[],\"changes\":[{\"what\":\"status\",\"name\":null,\"old\":\"200\",\"new\":\"301\"},"
			"{\"what\":\"header\",\"name\":\"Server\",\"old\":null,\"new\":\"nginx\"},"
			"{\"what\":\"header\",\"name\":\"\",\"old\":\"a\\u001b\",\"new\":null},"
			"{\"what\":\"header\",\"name\":\"\xc3\xa9\",\"old\":\"\\u00e9\",\"new\":\"\"}]"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct changes changes = {.v = v, .n = rows[i].n};

		expect_judgement(STR("changes"), &(struct verdict){.changes = &changes}, rows[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_are_told_in_their_order),
		cmocka_unit_test(changes_are_told_where_there_is_a_baseline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
