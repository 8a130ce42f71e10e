/* tests/unit/frequent.c: the most frequent values, and how far their counts can be trusted. */
#include "awget/frequent.h"

#include <stdio.h>

#include "helper.h"

static void
expect_counted(const struct frequent_value *v, struct str value, uint64_t count, uint64_t error, struct str sample)
{
	expect_str(value, v->value, value);
	expect_int(value, (long long)v->count, (long long)count);
	expect_int(value, (long long)v->error, (long long)error);
	expect_str(value, v->sample, sample);
}

static void
few_values_are_counted_exactly_the_first_sample_stays(void **state)
{
	static const char letters[] = "abracadabra";
	struct frequent *f = frequent_new();
	struct frequent_value v[6];

	(void)state;
	assert_int_equal(frequent_top(f, v, 6), 0);
	for (size_t i = 0; letters[i]; i++)
		frequent_add(f, guarded((struct str){letters + i, 1}), (struct str){letters, i});
	assert_int_equal(frequent_top(f, v, 6), 5);
	expect_counted(&v[0], STR("a"), 5, 0, STR(""));
	/* of the same count, in the order of the values */
	expect_counted(&v[1], STR("b"), 2, 0, STR("a"));
	expect_counted(&v[2], STR("r"), 2, 0, STR("ab"));
	expect_counted(&v[3], STR("c"), 1, 0, STR("abra"));
	expect_counted(&v[4], STR("d"), 1, 0, STR("abraca"));
	assert_int_equal(frequent_top(f, v, 2), 2);
	expect_counted(&v[1], STR("b"), 2, 0, STR("a"));
	assert_int_equal(frequent_different(f), 5);
	assert_false(frequent_overflowed(f));
	frequent_free(f);
	frequent_free(NULL);
}

static void
values_are_any_bytes_of_any_length(void **state)
{
	struct frequent *f = frequent_new();
	struct frequent_value v[8];
	struct str x = repeated('x', 100000);
	struct str rows[] = {STR(""), STR("\0"), STR("\0\0"), {x.s, FREQUENT_VALUE}, {x.s, FREQUENT_VALUE + 1}, x};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		for (size_t k = 0; k < 10 - i; k++)
			frequent_add(f, guarded(rows[i]), rows[i]);
	/* the last byte alone makes another value, though it is not kept */
	((char *)x.s)[x.n - 1] = 'y';
	frequent_add(f, guarded(x), STR("y"));
	assert_int_equal(frequent_top(f, v, 8), ROWS(rows) + 1);
	for (size_t i = 0; i < ROWS(rows); i++) {
		size_t n = rows[i].n < FREQUENT_VALUE ? rows[i].n : FREQUENT_VALUE;
		size_t sample = rows[i].n < FREQUENT_SAMPLE ? rows[i].n : FREQUENT_SAMPLE;

		expect_counted(&v[i], (struct str){rows[i].s, n}, 10 - i, 0, (struct str){rows[i].s, sample});
		expect_int(rows[i], v[i].value_cut, n < rows[i].n);
		expect_int(rows[i], v[i].sample_cut, sample < rows[i].n);
	}
	expect_counted(&v[ROWS(rows)], (struct str){x.s, FREQUENT_VALUE}, 1, 0, STR("y"));
	free((void *)x.s);
	frequent_free(f);
}

static void
what_is_kept_ends_with_a_whole_character(void **state)
{
	static const struct {
		struct str end;
		size_t n;
	} rows[] = {
		{STR("ab"), FREQUENT_VALUE},
		{STR("\xc3\xa9"), FREQUENT_VALUE - 1},
		{STR("\xe2\x82\xac"), FREQUENT_VALUE - 1},
		{STR("\xf0\x9f\x99\x82"), FREQUENT_VALUE - 1},
		/* not UTF-8 */
		{STR("\x80\x80\x80\x80"), FREQUENT_VALUE - 3},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct frequent *f = frequent_new();
		struct frequent_value v;
		struct buf b = {0};

		for (size_t k = 0; k < FREQUENT_VALUE - 1; k++)
			buf_byte(&b, i == 4 ? '\x80' : 'x');
		buf_str(&b, rows[i].end);
		frequent_add(f, buf_view(&b), STR(""));
		assert_int_equal(frequent_top(f, &v, 1), 1);
		expect_str(rows[i].end, v.value, (struct str){b.s, rows[i].n});
		expect_int(rows[i].end, v.value_cut, true);
		buf_clear(&b);
		frequent_free(f);
	}
}

/* Numbers that look random and are always the same. */
static uint32_t
next_number(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

enum { STREAM = 60000, KINDS = 1 << 15 };

/*
 * Value i comes about as often as 2^-k of all for i from 2^k to 2^(k+1): few values are most of the stream, and there are
 * more of the rare ones than counters.
 */
static uint32_t
skewed(uint32_t *state)
{
	uint32_t bits = next_number(state) % 16, mask = (1u << bits) - 1;

	return (mask & next_number(state)) | (bits ? 1u << (bits - 1) : 0);
}

static void
frequent_values_of_a_long_stream_are_found(void **state)
{
	static uint64_t exact[KINDS];
	struct frequent_value *v = test_malloc(FREQUENT_COUNTERS * sizeof *v);
	struct frequent *f = frequent_new();
	uint32_t random = 1;
	uint64_t sum = 0;
	char text[20];

	(void)state;
	for (size_t i = 0; i < STREAM; i++) {
		uint32_t value = skewed(&random);

		exact[value]++;
		snprintf(text, sizeof text, "%u", value);
		frequent_add(f, str_of(text), STR(""));
	}
	assert_true(frequent_overflowed(f));
	assert_int_equal(frequent_different(f), FREQUENT_COUNTERS);
	assert_int_equal(frequent_top(f, v, FREQUENT_COUNTERS), FREQUENT_COUNTERS);
	for (size_t i = 0; i < FREQUENT_COUNTERS; i++) {
		char number[20] = {0};
		unsigned long value;

		memcpy(number, v[i].value.s, v[i].value.n);
		value = strtoul(number, NULL, 10);
		if (v[i].count < exact[value] || v[i].count - v[i].error > exact[value])
			fail_msg("%lu: %llu to %llu, but %llu", value, (unsigned long long)(v[i].count - v[i].error),
				(unsigned long long)v[i].count, (unsigned long long)exact[value]);
		assert_true(i == 0 || v[i].count <= v[i - 1].count);
		sum += v[i].count;
		exact[value] |= 1ull << 63; /* seen */
	}
	assert_int_equal(sum, STREAM);
	/* no value that is frequent is missing */
	for (size_t i = 0; i < KINDS; i++)
		assert_true(exact[i] >> 63 || exact[i] <= STREAM / FREQUENT_COUNTERS);
	/* the first are right: 0, 1, then 2 and 3 */
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(v[i].error, 0);
	test_free(v);
	frequent_free(f);
}

static void
new_value_takes_the_least_counter(void **state)
{
	struct frequent *f = frequent_new();
	struct frequent_value v[3];
	char text[20];

	(void)state;
	frequent_add(f, STR("often"), STR("1"));
	frequent_add(f, STR("often"), STR("2"));
	for (int i = 0; i < FREQUENT_COUNTERS - 1; i++) {
		snprintf(text, sizeof text, "%d", i);
		frequent_add(f, str_of(text), STR("x"));
	}
	assert_false(frequent_overflowed(f));
	frequent_add(f, STR("new"), STR("y"));
	assert_true(frequent_overflowed(f));
	frequent_add(f, STR("new"), STR("z"));
	assert_int_equal(frequent_top(f, v, 3), 3);
	expect_counted(&v[0], STR("new"), 3, 1, STR("y"));
	expect_counted(&v[1], STR("often"), 2, 0, STR("1"));
	assert_int_equal(v[2].count, 1);
	frequent_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_values_are_counted_exactly_the_first_sample_stays),
		cmocka_unit_test(values_are_any_bytes_of_any_length),
		cmocka_unit_test(what_is_kept_ends_with_a_whole_character),
		cmocka_unit_test(frequent_values_of_a_long_stream_are_found),
		cmocka_unit_test(new_value_takes_the_least_counter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
