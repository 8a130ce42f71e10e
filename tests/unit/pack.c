/* unit/pack.c: a result comes back as it was; of bytes that are cut short or changed, nothing that does not hold. */
#include "fetch/pack.h"

#include <math.h>

#include "base/mem.h"
#include "http/url.h"
#include "made.h"
#include "net/tls.h"

static const char *const names[] = {"a.example", "*.b.example", "192.0.2.1"};

/* In one piece, as tls.so makes it. */
static struct tls_info *
tls(bool whole)
{
	struct tls_info *t = xcalloc(1, sizeof *t + sizeof names);

	t->verify = "self-signed certificate";
	t->not_after = NAN;
	if (!whole)
		return t;
	*t = (struct tls_info){"TLSv1.3", "TLS_AES_256_GCM_SHA384", "http/1.1", "ok", "CN=CA", "", (const char **)(t + 1),
	    ROWS(names), 1.8e9};
	memcpy(t->names, names, sizeof names);
	return t;
}

static void
parse(struct result *r, const char *url)
{
	struct err e;

	assert_int_equal(url_parse(&r->url, str_of(url), NULL, &e), 0);
}

static void
answered(struct result *r)
{
	made_result(r, 200, STR("HTTP/1.1 200 OK\r\nServer: x\r\nA: b\r\n c\r\n\r\n"));
	r->head_n = r->head.n;
	r->reason = 13;
	r->reason_n = 2;
	parse(r, "www.example.net");
	addr_parse(&r->peer, "192.0.2.1", 80);
	r->attempts = 3;
	r->timing = (struct timing){0, 0.1, 0.2, NAN, 0.3, 0.4};
	r->time = 1.7e9;
}

static void
many_fields(struct result *r)
{
	struct buf b = {0};

	buf_str(&b, STR("HTTP/1.0 404 \r\n"));
	for (int i = 0; i < 100; i++)
		buf_printf(&b, "F-%d: \xff\x01 value\r\n", i);
	made_result(r, 404, buf_view(&b));
	r->minor = 0;
	r->head_n = r->head.n;
	parse(r, "https://[2001:db8::1]:8443/a/path/that/does/not/fit/where/short/ones/do?and=a&query");
	buf_clear(&b);
}

static void
over_tls(struct result *r)
{
	answered(r);
	r->tls = tls(true);
	r->proxy = "http://proxy.example:3128";
}

static void
redirected(struct result *r)
{
	answered(r);
	result_push_hop(r);
	parse(r, "www.example.net/next");
}

static void
redirected_twice(struct result *r)
{
	many_fields(r);
	result_push_hop(r);
	buf_str(&r->head, STR("HTTP/1.1 200 OK\r\n\r\n"));
	r->head_n = r->head.n;
	r->status = 200;
	result_push_hop(r);
	r->tls = tls(false);
	r->phase = PHASE_TLS;
	err_set(&r->err, ERR_TLS_VERIFY, "the certificate is self-signed \\ \xc3\xa9");
}

static void
failed_early(struct result *r)
{
	err_set(&r->err, ERR_INPUT, "a target must not contain blanks");
}

static void
failed_late(struct result *r)
{
	answered(r);
	r->phase = PHASE_HEADERS;
	err_set(&r->err, ERR_LOCAL, "%0235d", 0);
}

static void
nothing(struct result *r)
{
	(void)r;
}

typedef void make_fn(struct result *r);
static const struct {
	const char *name;
	make_fn *make;
} rows[] = {
    {"nothing", nothing},
    {"answered", answered},
    {"many fields", many_fields},
    {"over TLS", over_tls},
    {"redirected", redirected},
    {"redirected twice", redirected_twice},
    {"failed early", failed_early},
    {"failed late", failed_late},
};

static void
same_cstr(struct str row, const char *got, const char *want)
{
	expect_int(row, !got, !want);
	if (got)
		expect_str(row, str_of(got), str_of(want));
}

static void
same_double(struct str row, double got, double want)
{
	expect_int(row, isnan(got), isnan(want));
	expect_int(row, got == want || isnan(got), true);
}

static void
same_addr(struct str row, const struct addr *got, const struct addr *want)
{
	char a[ADDR_TEXT], b[ADDR_TEXT];

	expect_int(row, got->sa.sa_family, want->sa.sa_family);
	if (want->sa.sa_family != AF_UNSPEC)
		same_cstr(row, addr_text_port(got, a), addr_text_port(want, b));
}

static void
same_fields(struct str row, const struct field *got, const struct field *want, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		expect_int(row, got[i].name, want[i].name);
		expect_int(row, got[i].name_n, want[i].name_n);
		expect_int(row, got[i].value, want[i].value);
		expect_int(row, got[i].value_n, want[i].value_n);
		expect_int(row, got[i].folded, want[i].folded);
	}
}

static void
same_tls(struct str row, const struct tls_info *got, const struct tls_info *want)
{
	expect_int(row, !got, !want);
	if (!got)
		return;
	same_cstr(row, got->version, want->version);
	same_cstr(row, got->cipher, want->cipher);
	same_cstr(row, got->alpn, want->alpn);
	same_cstr(row, got->verify, want->verify);
	same_cstr(row, got->issuer, want->issuer);
	same_cstr(row, got->subject, want->subject);
	same_double(row, got->not_after, want->not_after);
	expect_int(row, got->nnames, want->nnames);
	for (size_t i = 0; i < want->nnames; i++)
		same_cstr(row, got->names[i], want->names[i]);
}

static void
same_url(struct str row, const struct url *got, const struct url *want)
{
	same_cstr(row, got->host, want->host);
	if (!want->host)
		return;
	same_cstr(row, got->path, want->path);
	same_cstr(row, got->scheme->name, want->scheme->name);
	expect_int(row, got->port, want->port);
	expect_int(row, got->v6, want->v6);
	same_addr(row, &got->address, &want->address);
}

static void
same_hops(struct str row, const struct result *got, const struct result *want)
{
	expect_int(row, got->nhops, want->nhops);
	for (size_t i = 0; i < want->nhops; i++) {
		const struct hop *a = &got->hops[i], *b = &want->hops[i];

		same_cstr(row, a->url, b->url);
		same_addr(row, &a->peer, &b->peer);
		expect_int(row, a->status, b->status);
		expect_str(row, (struct str){a->head.s, a->head_n}, (struct str){b->head.s, b->head_n});
		expect_int(row, a->nfields, b->nfields);
		same_fields(row, a->fields, b->fields, b->nfields);
	}
}

static void
same_result(struct str row, const struct result *got, const struct result *want)
{
	const double *times = (const double *)&got->timing, *wanted = (const double *)&want->timing;

	same_url(row, &got->url, &want->url);
	same_cstr(row, got->proxy, want->proxy);
	same_addr(row, &got->peer, &want->peer);
	same_tls(row, got->tls, want->tls);
	same_hops(row, got, want);
	expect_int(row, got->attempts, want->attempts);
	expect_str(row, (struct str){got->head.s, got->head_n}, (struct str){want->head.s, want->head_n});
	expect_int(row, got->minor, want->minor);
	expect_int(row, got->status, want->status);
	expect_str(row, result_reason(got), result_reason(want));
	expect_int(row, got->nfields, want->nfields);
	same_fields(row, got->fields, want->fields, want->nfields);
	for (size_t i = 0; i < sizeof got->timing / sizeof *times; i++)
		same_double(row, times[i], wanted[i]);
	same_double(row, got->time, want->time);
	expect_int(row, got->phase, want->phase);
	expect_int(row, got->err.kind, want->err.kind);
	if (want->err.kind != ERR_NONE)
		same_cstr(row, got->err.text, want->err.text);
}

static void
a_result_comes_back_as_it_was(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].name);
		static struct result want, got;
		struct buf b = {0};
		struct err e;

		result_init(&want, 1, STR("target"));
		rows[i].make(&want);
		pack_put(&b, &want);
		result_init(&got, 7, STR("mine"));
		got.tag = STR("tag");
		assert_int_equal(pack_get(&got, guarded(buf_view(&b)), &e), 0);
		same_result(row, &got, &want);
		expect_int(row, got.n, 7);
		expect_str(row, got.target, STR("mine"));
		expect_str(row, got.label, STR("mine"));
		expect_str(row, got.tag, STR("tag"));
		result_clear(&got);
		result_clear(&want);
		buf_clear(&b);
	}
}

/* Whatever is read, it can be looked at. */
static void
look_at(const struct result *r)
{
	struct buf b = {0};

	for (size_t i = 0; i < r->nfields; i++) {
		buf_str(&b, result_name(r, &r->fields[i]));
		result_unfolded(&b, result_value(r, &r->fields[i]));
	}
	buf_str(&b, result_reason(r));
	if (r->url.host)
		url_format(&b, &r->url);
	for (size_t i = 0; r->tls && i < r->tls->nnames; i++)
		buf_str(&b, str_of(r->tls->names[i]));
	if (r->proxy)
		buf_str(&b, str_of(r->proxy));
	for (size_t i = 0; i < r->nhops; i++)
		for (size_t k = 0; k < r->hops[i].nfields; k++)
			buf_add(&b, r->hops[i].head.s + r->hops[i].fields[k].value, r->hops[i].fields[k].value_n);
	buf_str(&b, str_of(err_name(r->err.kind)));
	buf_clear(&b);
}

/* 0 or -1, and then nothing was found out. */
static int
try(struct str row, struct str bytes)
{
	struct result r;
	struct err e = {0};
	int rc;

	result_init(&r, 1, STR("target"));
	rc = pack_get(&r, guarded(bytes), &e);
	if (rc != 0) {
		expect_err(row, &e, ERR_LOCAL);
		expect_int(row, r.head_n + r.nfields + r.nhops + (size_t)r.status, 0);
		assert_null(r.tls);
		assert_null(r.url.host);
	}
	look_at(&r);
	result_clear(&r);
	return rc;
}

static void
bytes_that_are_cut_short_or_changed_do_no_harm(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].name);
		struct result r;
		struct buf b = {0};

		result_init(&r, 1, STR("target"));
		rows[i].make(&r);
		pack_put(&b, &r);
		for (size_t n = 0; n < b.n; n++)
			expect_int(row, try(row, (struct str){b.s, n}), -1);
		for (size_t at = 0; at < b.n; at++)
			for (int bit = 0; bit < 8; bit += 7) {
				b.s[at] ^= (char)(1 << bit);
				try(row, buf_view(&b));
				b.s[at] ^= (char)(1 << bit);
			}
		buf_byte(&b, 0); /* more than there should be */
		expect_int(row, try(row, buf_view(&b)), -1);
		result_clear(&r);
		buf_clear(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_result_comes_back_as_it_was),
	    cmocka_unit_test(bytes_that_are_cut_short_or_changed_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
