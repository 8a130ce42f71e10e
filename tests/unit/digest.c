/* tests/unit/digest.c: equal bytes have one digest, others have others, and a set of them has one sum. */
#include "base/digest.h"

#include "helper.h"

static void
equal_bytes_have_one_digest(void **state)
{
	(void)state;
	for (size_t n = 0; n < 1000; n++) {
		struct str s = repeated('x', n);

		assert_true(digest_eq(digest_of(s), digest_of(guarded(s))));
		free((char *)s.s);
	}
	assert_true(digest_eq(digest_of((struct str){0}), digest_of(STR(""))));
}

static void
other_bytes_have_another(void **state)
{
	static char text[600];
	struct digest whole = digest_of((struct str){text, sizeof text});

	(void)state;
	for (size_t i = 0; i < sizeof text; i++) {
		struct digest part = digest_of((struct str){text, i}), d;

		assert_false(digest_eq(part, whole));
		text[i] = 1;
		d = digest_of((struct str){text, sizeof text});
		text[i] = 0;
		assert_int_not_equal(d.low, whole.low);
		assert_int_not_equal(d.high, whole.high);
	}
}

static void
sum_is_the_same_in_any_order(void **state)
{
	struct digest up = {0}, down = {0}, less = {0};

	(void)state;
	for (char c = 'a'; c <= 'z'; c++)
		digest_add(&up, digest_of((struct str){&c, 1}));
	for (char c = 'z'; c >= 'a'; c--) {
		digest_add(&down, digest_of((struct str){&c, 1}));
		if (c != 'm')
			digest_add(&less, digest_of((struct str){&c, 1}));
	}
	assert_true(digest_eq(up, down));
	assert_false(digest_eq(up, less));
}

static void
sum_carries(void **state)
{
	struct digest sum = {UINT64_MAX, 1};

	(void)state;
	digest_add(&sum, (struct digest){1, 0});
	assert_true(digest_eq(sum, (struct digest){0, 2}));
	digest_add(&sum, (struct digest){0, UINT64_MAX - 1});
	assert_true(digest_eq(sum, (struct digest){0, 0}));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_bytes_have_one_digest),
		cmocka_unit_test(other_bytes_have_another),
		cmocka_unit_test(sum_is_the_same_in_any_order),
		cmocka_unit_test(sum_carries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
