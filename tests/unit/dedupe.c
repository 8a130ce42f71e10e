/* unit/dedupe.c: what asks for the same is a repeat, however it is written; nothing else is. */
#include "awget/dedupe.h"

#include <stdio.h>

#include "helper.h"

static void
repeats_are_those_that_ask_for_the_same(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
	    {"a.test", "a.test", true},
	    {"a.test", "A.TEST", true},
	    {"a.test", "a.test.", true},
	    {"a.test", "a.test:80", true},
	    {"a.test", "a.test/", true},
	    {"a.test", "HTTP://a.test:80/", true},
	    {"a.test/#x", "a.test", true},
	    {"https://a.test", "https://A.test:443/", true},
	    {"a.test/x y=z", "a.test/x y=z", true},
	    {"a.test tag=x", "a.test   tag=x", true},
	    {"[::1]", "http://[::1]:80/", true},
	    {"bad target", "bad target", true},
	    {"", "", true},
	    {"a.test", "b.test", false},
	    {"a.test", "a.test:8080", false},
	    {"a.test", "https://a.test", false},
	    {"a.test:443", "https://a.test", false},
	    {"a.test/x", "a.test/X", false},
	    {"a.test/x", "a.test", false},
	    {"a.test/?", "a.test/", false},
	    {"a.test tag=x", "a.test tag=y", false},
	    {"a.test tag=x", "a.test", false},
	    {"a.test address=192.0.2.1", "a.test", false},
	    {"[::1]:8080", "[::1:8080]", false},
	    {"a.testhttps", "https://a.test", false},
	    {"bad target", "bad  target", false},
	    {"bad target", "BAD target", false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct dedupe *d = dedupe_new(NULL);

		expect_int(str_of(rows[i].a), dedupe_is_new(d, guarded(str_of(rows[i].a))), true);
		expect_int(str_of(rows[i].b), dedupe_is_new(d, guarded(str_of(rows[i].b))), !rows[i].same);
		expect_int(str_of(rows[i].b), (long long)dedupe_repeats(d), rows[i].same);
		expect_int(str_of(rows[i].a), dedupe_is_new(d, guarded(str_of(rows[i].a))), false);
		dedupe_free(d);
	}
	dedupe_free(NULL);
}

static void
the_default_scheme_counts(void **state)
{
	struct dedupe *d = dedupe_new(url_scheme(STR("https")));

	(void)state;
	assert_true(dedupe_is_new(d, STR("a.test")));
	assert_true(dedupe_is_new(d, STR("http://a.test")));
	assert_false(dedupe_is_new(d, STR("https://a.test")));
	dedupe_free(d);
}

static void
none_of_many_is_forgotten(void **state)
{
	enum { N = 200000 };
	struct dedupe *d = dedupe_new(NULL);
	char text[64];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (unsigned i = 0; i < N; i++) {
			snprintf(text, sizeof text, "host-%u.%s%c", i, i % 3 ? "test/path" : "test", i % 2 ? 'a' : 'b');
			if (dedupe_is_new(d, str_of(text)) != (round == 0))
				fail_msg("%s in round %d", text, round);
		}
	assert_int_equal(dedupe_repeats(d), N);
	dedupe_free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(repeats_are_those_that_ask_for_the_same),
	    cmocka_unit_test(the_default_scheme_counts),
	    cmocka_unit_test(none_of_many_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
