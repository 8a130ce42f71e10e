/* tests/unit/result.c: fields in any number, dropped and added again; what is seen of a head. */
#include "fetch/result.h"

#include <math.h>
#include <time.h>

#include "helper.h"

static void
add_fields(struct result *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		*result_add_field(r) = (struct field){
			.name = (uint32_t)i, .name_n = 1, .value = (uint32_t)(2 * i), .value_n = 2, .folded = i % 3 == 0};
}

static void
expect_fields(const struct result *r, size_t n)
{
	assert_int_equal(r->nfields, n);
	for (size_t i = 0; i < n; i++) {
		const struct field *f = &r->fields[i];

		if (f->name != i || f->name_n != 1 || f->value != 2 * i || f->value_n != 2 || f->folded != (i % 3 == 0))
			fail_msg("field %zu of %zu is not what was put there", i, n);
	}
}

static void
fields_stay_as_their_number_grows(void **state)
{
	static const size_t counts[] = {0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 1000, 4096, 4097};

	(void)state;
	for (size_t i = 0; i < ROWS(counts); i++) {
		struct result r;

		result_init(&r, 1, STR("a"));
		add_fields(&r, counts[i]);
		expect_fields(&r, counts[i]);
		result_clear(&r);
	}
}

static void
fields_are_dropped_and_added_again(void **state)
{
	static const size_t counts[] = {3, 40, 0, 16, 17, 1000, 2};
	struct result r;

	(void)state;
	result_init(&r, 1, STR("a"));
	for (size_t i = 0; i < ROWS(counts); i++) {
		add_fields(&r, counts[i]);
		expect_fields(&r, counts[i]);
		result_drop_fields(&r);
		expect_fields(&r, 0);
	}
	result_clear(&r);
}

static void
new_result_knows_nothing(void **state)
{
	struct timespec before, after;
	struct result r;

	(void)state;
	memset(&r, 0xa5, sizeof r);
	clock_gettime(CLOCK_REALTIME, &before);
	result_init(&r, 7, STR("host:81"));
	clock_gettime(CLOCK_REALTIME, &after);
	assert_int_equal(r.n, 7);
	expect_str(STR("target"), r.target, STR("host:81"));
	assert_null(r.url.host);
	assert_int_equal(r.peer.sa.sa_family, AF_UNSPEC);
	assert_int_equal(r.status, 0);
	assert_int_equal(r.nfields, 0);
	assert_int_equal(r.phase, PHASE_NONE);
	assert_int_equal(r.err.kind, ERR_NONE);
	assert_true(isnan(r.timing.dns) && isnan(r.timing.connect) && isnan(r.timing.tls) && isnan(r.timing.first_byte) &&
		isnan(r.timing.total));
	assert_true(r.time >= (double)before.tv_sec && r.time <= (double)after.tv_sec + 1);
	result_clear(&r);
	result_clear(&r); /* nothing is freed twice */
}

static void
slices_are_of_the_head(void **state)
{
	static const char head[] = "HTTP/1.1 200 Fine\r\nServer: x y\r\n\r\n";
	struct result r;
	struct field *f;

	(void)state;
	result_init(&r, 1, STR("a"));
	expect_str(STR("no reason"), result_reason(&r), STR(""));
	buf_str(&r.head, STR(head));
	r.reason = 13;
	r.reason_n = 4;
	f = result_add_field(&r);
	*f = (struct field){.name = 19, .name_n = 6, .value = 27, .value_n = 3};
	expect_str(STR("reason"), result_reason(&r), STR("Fine"));
	expect_str(STR("name"), result_name(&r, f), STR("Server"));
	expect_str(STR("value"), result_value(&r, f), STR("x y"));
	result_clear(&r);
}

static void
fold_stands_for_a_space(void **state)
{
	static const struct {
		struct str value, want;
	} rows[] = {
		{STR(""), STR("")},
		{STR("a b\tc"), STR("a b\tc")},
		{STR("a\r\n b"), STR("a b")},
		{STR("a \t\r\n\t b\n  c"), STR("a b c")},
		{STR("\r\n b"), STR(" b")},
		{STR("a\r\n \r\n b"), STR("a b")},
		{STR("a\0\r\n b\rc"), STR("a\0 b\rc")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = {0}, want = {0};

		/* what was there before stays, blanks too */
		buf_str(&b, STR("before \r"));
		buf_str(&want, buf_view(&b));
		buf_str(&want, rows[i].want);
		result_unfolded(&b, guarded(rows[i].value));
		expect_str(rows[i].value, buf_view(&b), buf_view(&want));
		buf_clear(&b);
		buf_clear(&want);
	}
}

static void
phases_have_the_names_of_json(void **state)
{
	static const char *const names[] = {NULL, "dns", "connect", "tls", "send", "wait", "headers"};

	(void)state;
	assert_null(result_phase_name(PHASE_NONE));
	for (size_t i = 1; i < ROWS(names); i++)
		assert_string_equal(result_phase_name((enum phase)i), names[i]);
	assert_int_equal(ROWS(names), PHASE_HEADERS + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_stay_as_their_number_grows),
		cmocka_unit_test(fields_are_dropped_and_added_again),
		cmocka_unit_test(new_result_knows_nothing),
		cmocka_unit_test(slices_are_of_the_head),
		cmocka_unit_test(fold_stands_for_a_space),
		cmocka_unit_test(phases_have_the_names_of_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
