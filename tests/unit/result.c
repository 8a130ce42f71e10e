/* tests/unit/result.c: fields in any number, dropped and added again; what is seen of a head. */
#include "fetch/result.h"

#include <math.h>
#include <stdio.h>
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
	for (size_t i = 1; i < ROWS(names); i++) {
		assert_string_equal(result_phase_name((enum phase)i), names[i]);
		assert_int_equal(result_phase_of(guarded(str_of(names[i]))), i);
	}
	assert_int_equal(ROWS(names), PHASE_HEADERS + 1);
	assert_int_equal(result_phase_of(STR("")), PHASE_NONE);
	assert_int_equal(result_phase_of(STR("dns\0")), PHASE_NONE);
	assert_int_equal(result_phase_of(STR("header")), PHASE_NONE);
}

/* A response of so many fields, each of which is in the head. */
static void
respond(struct result *r, const char *url, int status, size_t nfields)
{
	url_clear(&r->url);
	assert_int_equal(url_parse(&r->url, str_of(url), NULL, NULL), 0);
	assert_true(addr_parse(&r->peer, "192.0.2.1", r->url.port));
	buf_printf(&r->head, "HTTP/1.1 %d Reason\r\n", status);
	r->minor = 1;
	r->status = status;
	r->reason = 13;
	r->reason_n = 6;
	for (size_t i = 0; i < nfields; i++) {
		uint32_t at = (uint32_t)r->head.n;

		buf_printf(&r->head, "F%04zu: %d\r\n", i, status);
		*result_add_field(r) = (struct field){.name = at, .name_n = 5, .value = at + 7, .value_n = 3};
	}
	buf_str(&r->head, STR("\r\n"));
	r->head_n = r->head.n;
	r->tls = malloc(1);
	r->proxy = "http://p.test";
	r->phase = PHASE_HEADERS;
	r->timing.total = 1;
	err_set(&r->err, ERR_RESET, "connection reset");
}

/* There is no response, but what the caller said of the target is still there. */
static void
expect_no_response(const struct result *r)
{
	assert_int_equal(r->n, 5);
	expect_str(STR("target"), r->target, STR("a.test"));
	expect_str(STR("label"), r->label, STR("a.test@192.0.2.1"));
	expect_str(STR("tag"), r->tag, STR("x"));
	assert_true(r->time == 77);
	assert_null(r->tls);
	assert_null(r->proxy);
	assert_int_equal(r->peer.sa.sa_family, AF_UNSPEC);
	assert_int_equal(r->head.n + r->head_n + r->nfields + r->reason + r->reason_n, 0);
	assert_ptr_equal(r->fields, r->few);
	assert_int_equal(r->status, 0);
	assert_int_equal(r->minor, 0);
	assert_int_equal(r->phase, PHASE_NONE);
	assert_int_equal(r->err.kind, ERR_NONE);
	assert_true(isnan(r->timing.dns) && isnan(r->timing.total) && r->timing.begun == 0);
}

static void
begin(struct result *r)
{
	result_init(r, 5, STR("a.test"));
	r->label = STR("a.test@192.0.2.1");
	r->tag = STR("x");
	r->time = 77;
}

static const size_t field_counts[] = {0, 1, 15, 16, 17, 33, 1000};

static void
response_becomes_a_hop(void **state)
{
	struct result r;

	(void)state;
	begin(&r);
	for (size_t i = 0; i < ROWS(field_counts); i++) {
		respond(&r, i % 2 ? "http://a.test:81/x?y" : "a.test", 301 + (int)i, field_counts[i]);
		result_push_hop(&r);
		expect_no_response(&r);
		assert_non_null(r.url.host); /* it is for the caller to go on */
	}
	assert_int_equal(r.nhops, ROWS(field_counts));
	for (size_t i = 0; i < ROWS(field_counts); i++) {
		const struct hop *h = &r.hops[i];
		char name[32];

		assert_string_equal(h->url, i % 2 ? "http://a.test:81/x?y" : "http://a.test/");
		assert_int_equal(addr_port(&h->peer), i % 2 ? 81 : 80);
		assert_int_equal(h->status, 301 + i);
		assert_int_equal(h->head_n, h->head.n);
		assert_int_equal(h->nfields, field_counts[i]);
		for (size_t k = 0; k < h->nfields; k++) {
			snprintf(name, sizeof name, "F%04zu", k);
			expect_str(str_of(h->url), (struct str){h->head.s + h->fields[k].name, h->fields[k].name_n}, str_of(name));
		}
	}
	result_clear(&r);
}

static void
restart_forgets_all_but_the_target(void **state)
{
	struct result r;

	(void)state;
	begin(&r);
	for (size_t i = 0; i < ROWS(field_counts); i++) {
		respond(&r, "a.test", 302, field_counts[i]);
		result_push_hop(&r);
		respond(&r, "b.test/a/path/that/is/so/long/that/it/has/memory/of/its/own", 503, field_counts[i]);
		r.attempts = (unsigned)i + 1;
		result_restart(&r);
		expect_no_response(&r);
		assert_null(r.url.host);
		assert_null(r.hops);
		assert_int_equal(r.nhops, 0);
		assert_int_equal(r.attempts, i + 1); /* these are counted */
	}
	result_restart(&r);
	respond(&r, "a.test", 200, 17);
	result_clear(&r); /* with a response */
}

static void
field_is_found_by_its_name_in_any_case(void **state)
{
	static const char head[] = "Server: a\r\nLocation: b\r\nlocation: c\r\nX-Empty:\r\n";
	static const struct {
		struct str name;
		const char *want; /* NULL: there is none */
	} rows[] = {
		{STR("Server"), "a"}, {STR("LOCATION"), "b"}, {STR("x-empty"), ""}, {STR("Serve"), NULL}, {STR("Servers"), NULL},
		{STR(""), NULL},
	};
	struct result r;

	(void)state;
	result_init(&r, 1, STR("a"));
	assert_null(result_find(&r, STR("Server")).s);
	buf_str(&r.head, STR(head));
	*result_add_field(&r) = (struct field){.name = 0, .name_n = 6, .value = 8, .value_n = 1};
	*result_add_field(&r) = (struct field){.name = 11, .name_n = 8, .value = 21, .value_n = 1};
	*result_add_field(&r) = (struct field){.name = 24, .name_n = 8, .value = 34, .value_n = 1};
	*result_add_field(&r) = (struct field){.name = 37, .name_n = 7, .value = 45, .value_n = 0};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str got = result_find(&r, rows[i].name);

		expect_int(rows[i].name, got.s != NULL, rows[i].want != NULL);
		expect_str(rows[i].name, got, str_of(rows[i].want ? rows[i].want : ""));
	}
	result_clear(&r);
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
		cmocka_unit_test(response_becomes_a_hop),
		cmocka_unit_test(restart_forgets_all_but_the_target),
		cmocka_unit_test(field_is_found_by_its_name_in_any_case),
		cmocka_unit_test(phases_have_the_names_of_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
