/* tests/unit/change.c: what is different between two results of a target. */
#include "awget/change.h"

#include <math.h>

#include "made.h"
#include "net/tls.h"

/* The TLS of a result, which is freed with it. */
static void
give_tls(struct result *r, const struct tls_info *tls)
{
	r->tls = malloc(sizeof *tls);
	assert_non_null(r->tls);
	*r->tls = *tls;
}

static struct volatile_list *
list_of(const char *const *lines)
{
	struct volatile_list *v = volatile_new();

	for (size_t i = 0; lines[i]; i++)
		assert_int_equal(volatile_add(v, str_of(lines[i]), NULL), 0);
	return v;
}

static bool
one_digest(const struct result *a, const struct result *b, const struct volatile_list *v)
{
	struct changes c = {0};
	struct digest x = changes_digest(&c, a, v), y = changes_digest(&c, b, v);

	assert_int_equal(c.n, 0);
	changes_clear(&c);
	return digest_eq(x, y);
}

/* Whatever differs has two digests; what does not may have. */
static void
expect_shown(struct str row, const struct result *old, const struct result *new, const struct volatile_list *v,
    const char *want)
{
	struct changes c = {0};
	struct buf b = {0};

	for (int again = 0; again < 2; again++) {
		b.n = 0;
		changes_find(&c, old, new, v);
		changes_show(&c, STR(""), &b);
		expect_str(row, buf_view(&b), str_of(want));
	}
	if (old && c.n)
		expect_int(row, one_digest(old, new, v), false);
	changes_clear(&c);
	buf_clear(&b);
}

struct row {
	struct str old, new;
	const char *want;
};

static void
check_fields(const struct row *rows, size_t n)
{
	struct volatile_list *v =
	    list_of((const char *const[]){"Date", "Set-Cookie cookie", "ETag value", "CSP nonce", NULL});

	for (size_t i = 0; i < n; i++) {
		static struct result old, new;

		made_result(&old, 200, rows[i].old);
		made_result(&new, 200, rows[i].new);
		expect_shown(rows[i].old, &old, &new, v, rows[i].want);
		if (!*rows[i].want)
			expect_int(rows[i].old, one_digest(&old, &new, v), true);
		result_clear(&old);
		result_clear(&new);
	}
	volatile_free(v);
}

static void
fields_that_come_to_the_same_are_no_change(void **state)
{
	static const struct row rows[] = {
		{STR(""), STR(""), ""},
		{STR("A: 1\nB: 2\n"), STR("b:2  \nA: 1\n"), ""},
		{STR("A: 1\nB: 2\nA: 3\n"), STR("A: 1\nA: 3\nB: 2\n"), ""},
		{STR("A: 1\r\n 2\r\n"), STR("A: 1 2\n"), ""},
		{STR("Date: x\n"), STR(""), ""},
		{STR("ETag: x\n"), STR("etag: y\n"), ""},
		{STR("Set-Cookie: a=1; Secure\n"), STR("Set-Cookie: a=2; Secure\n"), ""},
		{STR("CSP: x 'nonce-1'\n"), STR("CSP: x 'nonce-2'\n"), ""},
		{STR("no colon\n"), STR("no colon\n"), ""},
		/* a name that is no UTF-8 comes back from JSON as text */
		{STR("\xe9: 1\n"), STR("\xc3\xa9: 1\n"), ""},
	};

	(void)state;
	check_fields(rows, ROWS(rows));
}

static void
fields_change_value_by_value_in_the_order_of_names(void **state)
{
	static const struct row rows[] = {
		{STR("Server: nginx/1.18\n"), STR("Server: nginx/1.24\n"), "- Server: nginx/1.18\n+ Server: nginx/1.24\n"},
		{STR("server: 1\n"), STR("SERVER: 2\n"), "- SERVER: 1\n+ SERVER: 2\n"},
		{STR(""), STR("A: 1\n"), "+ A: 1\n"},
		{STR("A: 1\n"), STR(""), "- A: 1\n"},
		{STR("A:\n"), STR(""), "- A: \n"},
		{STR("A: 1\n"), STR("A:\n"), "- A: 1\n+ A: \n"},
		{STR("b: 1\nA: 1\n"), STR("C: 1\nB: 2\n"), "- A: 1\n- B: 1\n+ B: 2\n+ C: 1\n"},
		{STR("AB: 1\n"), STR("A: 1\nABC: 1\n"), "+ A: 1\n- AB: 1\n+ ABC: 1\n"},
		/* repeats: what they have in common at both ends stays */
		{STR("A: 1\nA: 2\nA: 3\n"), STR("A: 1\nA: 3\n"), "- A: 2\n"},
		{STR("A: 1\nA: 3\n"), STR("A: 1\nA: 2\nA: 3\n"), "+ A: 2\n"},
		{STR("A: 1\nA: 2\nA: 3\n"), STR("A: 1\nA: x\nA: y\nA: 3\n"), "- A: 2\n+ A: x\n+ A: y\n"},
		{STR("A: 1\nA: 2\n"), STR("A: 2\nA: 1\n"), "- A: 1\n+ A: 2\n- A: 2\n+ A: 1\n"},
		{STR("A: 1\n"), STR("A: 1\nA: 1\n"), "+ A: 1\n"},
		{STR("A: 1\nA: 1\nA: 1\n"), STR("A: 1\n"), "- A: 1\n- A: 1\n"},
		{STR("A: 1\nA: 2\n"), STR(""), "- A: 1\n- A: 2\n"},
		/* shown is what came, though only a part of it counts */
		{STR("Set-Cookie: a=1\n"), STR("Set-Cookie: a=2; Secure\n"),
			"- Set-Cookie: a=1\n+ Set-Cookie: a=2; Secure\n"},
		{STR("ETag: x\n"), STR(""), "- ETag: x\n"},
		{STR("A: 1\r\n\t 2\r\n"), STR("A: 2\r\n 1\r\n"), "- A: 1 2\n+ A: 2 1\n"},
		{STR("one\n"), STR("two\n"), "- : one\n+ : two\n"},
		/* it reaches a terminal */
		{STR("A\x1b: \x9b\0\xc3\xa9\n"), STR(""), "- A\\x1b: \\x9b\\x00\xc3\xa9\n"},
		/* names and values do not run into each other */
		{STR("A: 1\nB: 2\n"), STR("A: 1B: 2\n"), "- A: 1\n+ A: 1B: 2\n- B: 2\n"},
	};

	(void)state;
	check_fields(rows, ROWS(rows));
}

static void
long_values_are_cut_only_when_shown(void **state)
{
	struct volatile_list *v = list_of((const char *const[]){NULL});
	struct str x = repeated('x', 201), name = repeated('n', 300);
	struct buf line = {0}, want = {0}, got = {0};
	static struct result old, new;
	struct changes c = {0};

	(void)state;
	buf_printf(&line, "%s: %s\n%.200s: %.200s\n", name.s, x.s, name.s, x.s);
	buf_printf(&want, "  + %.200s: %.200s\n  + %.200s...: %.200s...\n", name.s, x.s, name.s, x.s);
	made_result(&old, 200, STR(""));
	made_result(&new, 200, buf_view(&line));
	changes_find(&c, &old, &new, v);
	assert_int_equal(c.n, 2);
	expect_str(STR("name"), c.v[1].name, name);
	expect_str(STR("value"), c.v[1].new, x);
	assert_null(c.v[1].old.s);
	changes_show(&c, STR("  "), &got);
	expect_str(STR("shown"), buf_view(&got), buf_view(&want));
	result_clear(&old);
	result_clear(&new);
	changes_clear(&c);
	buf_clear(&line);
	buf_clear(&want);
	buf_clear(&got);
	volatile_free(v);
	free((char *)x.s);
	free((char *)name.s);
}

/* A side of a comparison. */
struct side {
	int status;
	const char *address, *url;
	bool redirected;
	enum err_kind err;
};

static void
make_side(struct result *r, const struct side *s)
{
	made_result(r, s->status, STR("A: 1\n"));
	if (s->redirected) {
		assert_int_equal(url_parse(&r->url, STR("http://first.test/"), NULL, NULL), 0);
		result_push_hop(r);
		url_clear(&r->url);
		r->status = s->status;
		buf_str(&r->head, STR("A: 1\n"));
		*result_add_field(r) = (struct field){.name = 0, .name_n = 1, .value = 3, .value_n = 1};
	}
	if (s->address)
		assert_true(addr_parse_port(&r->peer, s->address, 80));
	if (s->url)
		assert_int_equal(url_parse(&r->url, str_of(s->url), NULL, NULL), 0);
	r->err.kind = s->err;
}

static void
check_sides(const struct side *a, const struct side *b, const struct volatile_list *v, const char *want)
{
	static struct result old, new;

	make_side(&old, a);
	make_side(&new, b);
	expect_shown(str_of(want), &old, &new, v, want);
	result_clear(&old);
	result_clear(&new);
}

static void
parts_that_are_no_fields_are_compared(void **state)
{
	static const struct {
		struct side old, new;
		const char *want;
	} rows[] = {
		{{.status = 200}, {.status = 200}, ""},
		{{.status = 200}, {.status = 301}, "- status 200\n+ status 301\n"},
		{{200, "192.0.2.1", "http://a/", false, 0}, {200, "192.0.2.1", "http://a/", false, 0}, ""},
		{{200, "192.0.2.1", NULL, false, 0}, {404, "[2001:db8::1]:81", NULL, false, 0},
			"- status 200\n+ status 404\n- address 192.0.2.1\n+ address 2001:db8::1\n"},
		{{200, "192.0.2.1:80", NULL, false, 0}, {200, "192.0.2.1:81", NULL, false, 0}, ""},
		{{200, NULL, NULL, false, 0}, {200, "192.0.2.1", NULL, false, 0}, "+ address 192.0.2.1\n"},
		/* the URL, if it is not simply what was asked for */
		{{200, NULL, "http://a/", false, 0}, {200, NULL, "https://a/", false, 0}, ""},
		{{200, NULL, "http://a/", false, 0}, {200, NULL, "http://a/", true, 0}, ""},
		{{200, NULL, "http://a/", true, 0}, {200, NULL, "http://a/", true, 0}, ""},
		{{200, NULL, "http://a/", false, 0}, {200, NULL, "https://a/x", true, 0}, "- url http://a/\n+ url https://a/x\n"},
		{{200, NULL, "http://a/y", true, 0}, {200, NULL, "http://a/x", true, 0}, "- url http://a/y\n+ url http://a/x\n"},
		/* of what failed, only that it did, and how */
		{{200, "192.0.2.1", NULL, false, 0}, {0, NULL, NULL, false, ERR_CONNECT_REFUSED}, "+ error connect-refused\n"},
		{{0, NULL, NULL, false, ERR_CONNECT_REFUSED}, {200, "192.0.2.1", NULL, false, 0}, "- error connect-refused\n"},
		{{0, NULL, NULL, false, ERR_TIMEOUT}, {0, "192.0.2.1", NULL, false, ERR_CLOSED},
			"- error timeout\n+ error closed\n"},
		{{0, NULL, NULL, false, ERR_TIMEOUT}, {200, "192.0.2.1", NULL, false, ERR_TIMEOUT}, ""},
		/* what was interrupted tells nothing */
		{{200, NULL, NULL, false, 0}, {0, NULL, NULL, false, ERR_CANCELED}, ""},
		{{0, NULL, NULL, false, ERR_CANCELED}, {200, NULL, NULL, false, 0}, ""},
		{{0, NULL, NULL, false, ERR_CANCELED}, {0, NULL, NULL, false, ERR_TIMEOUT}, ""},
	};
	struct volatile_list *v = list_of((const char *const[]){NULL});

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		check_sides(&rows[i].old, &rows[i].new, v, rows[i].want);
	volatile_free(v);
}

static const char *first_names[] = {"a.test", "*.a.test"}, *other_names[] = {"a.test"};
static const struct tls_info first_tls = {.version = "TLSv1.2", .cipher = "X", .alpn = "http/1.1", .verify = "ok",
	.issuer = "CN=I", .subject = "CN=S", .names = first_names, .nnames = 2, .not_after = 1.7e9};
static const struct tls_info other_tls = {.version = "TLSv1.3", .cipher = "Y", .verify = "expired",
	.issuer = "CN=J", .subject = "CN=T", .names = other_names, .nnames = 1, .not_after = 1.8e9};
static const struct tls_info least_tls = {.not_after = NAN};
static const struct tls_info strange_tls = {.version = "", .not_after = INFINITY};

static void
tls_is_compared(void **state)
{
	static const struct {
		const struct tls_info *old, *new;
		const char *want;
	} rows[] = {
		{&first_tls, &first_tls, ""},
		{&least_tls, &least_tls, ""},
		{&first_tls, &other_tls,
			"- tls.version TLSv1.2\n+ tls.version TLSv1.3\n- tls.cipher X\n+ tls.cipher Y\n- tls.alpn http/1.1\n"
			"- tls.verify ok\n+ tls.verify expired\n- tls.issuer CN=I\n+ tls.issuer CN=J\n"
			"- tls.subject CN=S\n+ tls.subject CN=T\n- tls.names a.test, *.a.test\n+ tls.names a.test\n"
			"- tls.not_after 2023-11-14T22:13:20Z\n+ tls.not_after 2027-01-15T08:00:00Z\n"},
		{&first_tls, NULL, "- tls TLSv1.2\n"},
		{NULL, &other_tls, "+ tls TLSv1.3\n"},
		{NULL, &least_tls, "+ tls of an unknown version\n"},
		{&least_tls, &strange_tls, "+ tls.version \n"},
	};
	struct volatile_list *v = list_of((const char *const[]){NULL});

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		static struct result old, new;

		made_result(&old, 200, STR(""));
		made_result(&new, 200, STR(""));
		if (rows[i].old)
			give_tls(&old, rows[i].old);
		if (rows[i].new)
			give_tls(&new, rows[i].new);
		expect_shown(str_of(rows[i].want), &old, &new, v, rows[i].want);
		result_clear(&old);
		result_clear(&new);
	}
	volatile_free(v);
}

static void
list_leaves_out_what_it_names(void **state)
{
	static const struct {
		const char *ignored[4];
		const char *want, *failed; /* failed: when the new one has */
	} rows[] = {
		{{NULL}, "- status 200\n+ status 404\n+ tls TLSv1.3\n+ A: 1\n", "+ error timeout\n"},
		{{"status"}, "+ tls TLSv1.3\n+ A: 1\n", "+ error timeout\n"},
		{{"STATUS", "TLS"}, "+ A: 1\n", "+ error timeout\n"},
		{{"header", "error"}, "- status 200\n+ status 404\n+ tls TLSv1.3\n", ""},
		/* not a pattern, and not what only its value is left out of */
		{{"s*", "tls value"}, "- status 200\n+ status 404\n+ tls TLSv1.3\n+ A: 1\n", "+ error timeout\n"},
		{{"*"}, "- status 200\n+ status 404\n+ tls TLSv1.3\n", "+ error timeout\n"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct volatile_list *v = list_of(rows[i].ignored);
		static struct result old, new;

		made_result(&old, 200, STR(""));
		made_result(&new, 404, STR("A: 1\n"));
		give_tls(&new, &other_tls);
		expect_shown(str_of(rows[i].want), &old, &new, v, rows[i].want);
		new.err.kind = ERR_TIMEOUT;
		expect_shown(str_of(rows[i].want), &old, &new, v, rows[i].failed);
		result_clear(&old);
		result_clear(&new);
		volatile_free(v);
	}
}

static void
parts_of_tls_are_left_out_one_by_one_or_all(void **state)
{
	struct volatile_list *some = list_of((const char *const[]){"tls.names", "tls.not_after", "tls.verify", NULL});
	struct volatile_list *all = list_of((const char *const[]){"tls", NULL});
	static struct result old, new;

	(void)state;
	made_result(&old, 200, STR(""));
	made_result(&new, 200, STR(""));
	give_tls(&old, &first_tls);
	give_tls(&new, &other_tls);
	expect_shown(STR("some"), &old, &new, some,
	    "- tls.version TLSv1.2\n+ tls.version TLSv1.3\n- tls.cipher X\n+ tls.cipher Y\n- tls.alpn http/1.1\n"
	    "- tls.issuer CN=I\n+ tls.issuer CN=J\n- tls.subject CN=S\n+ tls.subject CN=T\n");
	expect_shown(STR("all"), &old, &new, all, "");
	assert_true(one_digest(&old, &new, all));
	result_clear(&old);
	result_clear(&new);
	volatile_free(some);
	volatile_free(all);
}

static void
target_that_was_not_there_is_one_change(void **state)
{
	struct volatile_list *v = list_of((const char *const[]){NULL});
	struct volatile_list *ignores = list_of((const char *const[]){"target", NULL});
	struct result r;

	(void)state;
	made_result(&r, 200, STR("A: 1\n"));
	expect_shown(STR("new"), NULL, &r, v, "+ target target\n");
	expect_shown(STR("left out"), NULL, &r, ignores, "");
	r.err.kind = ERR_TIMEOUT;
	expect_shown(STR("failed"), NULL, &r, v, "+ target target\n");
	result_clear(&r);
	volatile_free(v);
	volatile_free(ignores);
}

/* As many repeats as a head can have: the time for them does not grow with their square. */
static void
many_fields_are_compared(void **state)
{
	enum { MANY = 20000 };
	struct volatile_list *v = list_of((const char *const[]){NULL});
	struct buf old_lines = {0}, new_lines = {0};
	static struct result old, new;
	struct changes c = {0};

	(void)state;
	for (int i = 0; i < MANY; i++) {
		buf_str(&old_lines, STR("A: 1\n"));
		buf_str(&new_lines, i == MANY / 2 ? STR("A: 2\nA: 3\n") : STR("a: 1\n"));
	}
	made_result(&old, 200, buf_view(&old_lines));
	made_result(&new, 200, buf_view(&new_lines));
	changes_find(&c, &old, &new, v);
	assert_int_equal(c.n, 2);
	expect_str(STR("old"), c.v[0].old, STR("1"));
	expect_str(STR("new"), c.v[0].new, STR("2"));
	assert_null(c.v[1].old.s);
	expect_str(STR("new"), c.v[1].new, STR("3"));
	result_clear(&old);
	result_clear(&new);
	changes_clear(&c);
	buf_clear(&old_lines);
	buf_clear(&new_lines);
	volatile_free(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_that_come_to_the_same_are_no_change),
		cmocka_unit_test(fields_change_value_by_value_in_the_order_of_names),
		cmocka_unit_test(long_values_are_cut_only_when_shown),
		cmocka_unit_test(parts_that_are_no_fields_are_compared),
		cmocka_unit_test(tls_is_compared),
		cmocka_unit_test(list_leaves_out_what_it_names),
		cmocka_unit_test(parts_of_tls_are_left_out_one_by_one_or_all),
		cmocka_unit_test(target_that_was_not_there_is_one_change),
		cmocka_unit_test(many_fields_are_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
