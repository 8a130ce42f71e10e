/* tests/unit/set.c: each text once, found again, with what was put beside it; and no more memory than is said. */
#include "base/set.h"

#include <stdio.h>

#include "helper.h"

static char *
add(struct set *s, struct str text, bool want)
{
	bool added = !want;
	char *extra = set_add(s, text, &added);

	expect_int(text, added, want);
	return extra;
}

static void
a_text_is_added_once(void **state)
{
	static const struct str rows[] = {STR(""), STR("a"), STR("b"), STR("A"), STR("ab"), STR("\0"), STR("\0a"),
	    STR("a\0"), STR("aa"), STR("\xff")};
	struct set *s = set_new(0);

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_null(set_find(s, rows[i]));
		add(s, guarded(rows[i]), true);
		assert_int_equal(set_count(s), i + 1);
	}
	for (size_t i = 0; i < ROWS(rows); i++) {
		add(s, guarded(rows[i]), false);
		assert_non_null(set_find(s, rows[i]));
	}
	assert_int_equal(set_count(s), ROWS(rows));
	set_free(s);
	set_free(NULL);
}

/* Where the length takes another form, and the longest line there is. */
static void
long_texts_differ_in_their_last_byte(void **state)
{
	static const size_t rows[] = {253, 254, 255, 256, 257, 8191, 8192, 70000};
	static char text[70000];
	struct set *s = set_new(3);

	(void)state;
	memset(text, 'x', sizeof text);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < ROWS(rows); i++)
			for (char last = 'x'; last <= 'z'; last++) {
				text[rows[i] - 1] = last;
				add(s, guarded((struct str){text, rows[i]}), !pass);
				text[rows[i] - 1] = 'x';
			}
	assert_int_equal(set_count(s), 3 * ROWS(rows));
	set_free(s);
}

static void
what_stands_beside_a_text_stays_with_it(void **state)
{
	enum { N = 5000 };
	struct set *s = set_new(sizeof(unsigned));
	char text[16];

	(void)state;
	for (unsigned i = 0; i < N; i++) {
		struct str t = {text, (size_t)snprintf(text, sizeof text, "%u", i)};
		char *extra = add(s, t, true);
		unsigned zero;

		memcpy(&zero, extra, sizeof zero);
		assert_int_equal(zero, 0);
		memcpy(extra, &i, sizeof i);
	}
	for (unsigned i = 0; i < N; i++) {
		struct str t = {text, (size_t)snprintf(text, sizeof text, "%u", i)};
		unsigned got;

		memcpy(&got, set_find(s, t), sizeof got);
		assert_int_equal(got, i);
	}
	assert_null(set_find(s, STR("5000")));
	set_free(s);
}

static void
memory_is_as_promised(void **state)
{
	struct set *s = set_new(4);
	size_t bytes = 0;
	char text[16];

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		struct str t = {text, (size_t)snprintf(text, sizeof text, "%u", i)};

		add(s, t, true);
		bytes += 4 + 1 + t.n;
		if (i >= 1000)
			assert_in_range(set_memory(s), bytes + i * 6, bytes + (i + 1) * 14);
	}
	set_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_added_once),
		cmocka_unit_test(long_texts_differ_in_their_last_byte),
		cmocka_unit_test(what_stands_beside_a_text_stays_with_it),
		cmocka_unit_test(memory_is_as_promised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
