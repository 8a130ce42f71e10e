/* tests/unit/checks.c: checks held against results: what they say, and what they say was found instead. */
#include "check/checks.h"

#include <math.h>
#include <stdio.h>

#include "made.h"
#include "net/tls.h"

struct row {
	const char *check;
	enum check_verdict verdict;
	const char *found; /* of one that did not pass; NULL: not looked at */
};

/* Each row's check alone says what the row has. */
static void
expect_rows(const struct result *r, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str row = str_of(rows[i].check);
		struct checks *c = checks_new();
		struct err e = {0};
		const struct check_outcomes *o;

		if (checks_add(c, rows[i].check, &e) != 0)
			fail_msg("%s: %s", rows[i].check, e.text);
		/* twice: nothing is left of the first time */
		checks_judge(c, r);
		o = checks_judge(c, r);
		assert_int_equal(o->n, 1);
		expect_str(row, str_of(check_verdict_name(o->v->verdict)), str_of(check_verdict_name(rows[i].verdict)));
		expect_int(row, o->failed, o->v->verdict == CHECK_FAIL);
		expect_int(row, o->warned, o->v->verdict == CHECK_WARN);
		if (rows[i].found)
			expect_str(row, o->v->found, str_of(rows[i].found));
		checks_free(c);
	}
}

#define EXPECT(r, rows) expect_rows(r, rows, ROWS(rows))

/* --- values of one field line --- */

static void
value_is_compared_as_number_word_string_class_or_range(void **state)
{
	static const struct row rows[] = {
		/* words fold case, strings do not */
		{"h[A] == nosniff", CHECK_PASS, NULL},
		{"h[a] == NoSniff", CHECK_PASS, NULL},
		{"h[A] == \"NoSniff\"", CHECK_PASS, NULL},
		{"h[A] == \"nosniff\"", CHECK_FAIL, "NoSniff"},
		{"h[A] != nosniff", CHECK_FAIL, "NoSniff"},
		{"h[A] != \"nosniff\"", CHECK_PASS, NULL},
		{"h[A] == sniff", CHECK_FAIL, "NoSniff"},
		{"h[A]==nosniff", CHECK_PASS, NULL},
		{"H[A] == present", CHECK_FAIL, "NoSniff"},
		/* a number and a text that is one */
		{"h[N] == 10", CHECK_PASS, NULL},
		{"h[N] == 10.0", CHECK_PASS, NULL},
		{"h[N] == +10", CHECK_PASS, NULL},
		{"h[N] == \"10\"", CHECK_PASS, NULL},
		{"h[N] == \"10.0\"", CHECK_FAIL, "10"},
		{"h[N] != 10", CHECK_FAIL, "10"},
		{"h[N] < 10", CHECK_FAIL, "10"},
		{"h[N] <= 10", CHECK_PASS, NULL},
		{"h[N] > 9.5", CHECK_PASS, NULL},
		{"h[N] >= 10.5", CHECK_FAIL, "10"},
		{"h[N] < 9", CHECK_FAIL, "10"},
		{"h[N] in 5..10", CHECK_PASS, NULL},
		{"h[N] == 10..11", CHECK_PASS, NULL},
		{"h[N] == 11..12", CHECK_FAIL, "10"},
		{"h[N] != 11..12", CHECK_PASS, NULL},
		{"h[N] in (1, 2, 10)", CHECK_PASS, NULL},
		{"h[N] in (1,2,11)", CHECK_FAIL, "10"},
		{"h[Minus] == -1.5", CHECK_PASS, NULL},
		{"h[Minus] < 0", CHECK_PASS, NULL},
		{"h[Percent] == 50%", CHECK_PASS, NULL},
		{"h[Percent] == 0.5", CHECK_PASS, NULL},
		{"h[Percent] < 51%", CHECK_PASS, NULL},
		/* units */
		{"h[N] == 10s", CHECK_PASS, NULL},
		{"h[N] == 10000ms", CHECK_PASS, NULL},
		{"h[Hour] == 60m", CHECK_PASS, NULL},
		{"h[Hour] == 1h", CHECK_PASS, NULL},
		{"h[Hour] < 1d", CHECK_PASS, NULL},
		{"h[K] == 1k", CHECK_PASS, NULL},
		{"h[K] < 1M", CHECK_PASS, NULL},
		{"h[K] < 1G", CHECK_PASS, NULL},
		{"h[K] in 1k..2k", CHECK_PASS, NULL},
		/* a number and a text that is none: the text as written */
		{"h[Unit] == 1D", CHECK_PASS, NULL},
		{"h[Unit] != 1d", CHECK_FAIL, "1d"},
		{"h[Unit] < 2d", CHECK_FAIL, "1d"},
		{"h[Unit] > 0", CHECK_FAIL, "1d"},
		{"h[Unit] == 2xx", CHECK_FAIL, "1d"},
		{"h[Unit] != 2xx", CHECK_PASS, NULL},
		{"h[Class] == 2xx", CHECK_PASS, NULL},
		{"h[Class] == 2XX", CHECK_PASS, NULL},
		{"h[Class] == 3xx", CHECK_FAIL, "204"},
		/* the order of texts */
		{"h[A] > a", CHECK_PASS, NULL},
		{"h[A] > nosnif", CHECK_PASS, NULL},
		{"h[A] >= NOSNIFF", CHECK_PASS, NULL},
		{"h[A] > nosniffs", CHECK_FAIL, "NoSniff"},
		{"h[A] < \"a\"", CHECK_PASS, NULL},
		{"h[A] < \"N\"", CHECK_FAIL, "NoSniff"},
		{"h[A] <= \"NoSniff\"", CHECK_PASS, NULL},
		/* nothing is not compared */
		{"h[Z] == 1", CHECK_FAIL, "nothing"},
		{"h[Z] != 1", CHECK_FAIL, "nothing"},
		{"h[Z] < 1", CHECK_FAIL, "nothing"},
		{"h[Z] != \"\"", CHECK_FAIL, "nothing"},
		{"h[Z] !~ /x/", CHECK_FAIL, "nothing"},
		{"h[Z] in (1, a)", CHECK_FAIL, "nothing"},
		{"not h[Z] == 1", CHECK_PASS, NULL},
		/* the empty value is a value */
		{"h[Empty] present", CHECK_PASS, NULL},
		{"h[Empty] == \"\"", CHECK_PASS, NULL},
		{"h[Empty] absent", CHECK_FAIL, "\"\""},
		{"h[Empty] == 0", CHECK_FAIL, "\"\""},
		{"h[Empty] != 0", CHECK_PASS, NULL},
		/* escapes */
		{"h[Quote] == \"a\\\"b\\\\c\"", CHECK_PASS, NULL},
		{"h[Quote] contains \"\\x22\"", CHECK_PASS, NULL},
		{"h[Fold] == \"a b\"", CHECK_PASS, NULL},
		{"h[Latin] == \"\\xe9\"", CHECK_PASS, NULL},
		{"h[Latin] == x", CHECK_FAIL, "\\xe9"},
		{"h[Control] contains \"\\x1B\"", CHECK_PASS, NULL},
		{"h[Control] absent", CHECK_FAIL, "a\\x1b[1m\\x00"},
	};
	struct result r;

	(void)state;
	made_result(&r, 200,
	    STR("A: NoSniff\r\nN: 10\r\nMinus: -1.5\r\nPercent: 50%\r\nHour: 3600\r\nK: 1024\r\nUnit: 1d\r\nEmpty:\r\nClass: 204\r\n"
	        "Quote: a\"b\\c\r\nFold: a\r\n b\r\nLatin: \xe9\r\nControl: a\x1b[1m\0\r\n"));
	EXPECT(&r, rows);
	result_clear(&r);
}

static void
text_is_searched_and_lists_are_looked_through(void **state)
{
	static const struct row rows[] = {
		{"h[T] contains charset", CHECK_PASS, NULL},
		{"h[T] contains UTF", CHECK_PASS, NULL},
		{"h[T] contains \"UTF\"", CHECK_FAIL, "text/html; charset=utf-8"},
		{"h[T] contains \"utf\"", CHECK_PASS, NULL},
		{"h[T] contains \"\"", CHECK_PASS, NULL},
		{"h[T] contains (latin, utf)", CHECK_PASS, NULL},
		{"h[T] contains 8", CHECK_PASS, NULL},
		{"h[T] contains 9", CHECK_FAIL, NULL},
		{"h[T] starts text/html", CHECK_PASS, NULL},
		{"h[T] starts TEXT", CHECK_PASS, NULL},
		{"h[T] starts \"TEXT\"", CHECK_FAIL, NULL},
		{"h[T] starts (image/, \"text/\")", CHECK_PASS, NULL},
		{"h[T] ends utf-8", CHECK_PASS, NULL},
		{"h[T] ends (utf-16, UTF-8)", CHECK_PASS, NULL},
		{"h[T] ends html", CHECK_FAIL, NULL},
		{"h[Empty] contains x", CHECK_FAIL, "\"\""},
		{"h[Empty] contains \"\"", CHECK_PASS, NULL},
		{"h[Empty] starts x", CHECK_FAIL, NULL},
		{"h[Cache] has no-store", CHECK_PASS, NULL},
		{"h[Cache] has NO-STORE", CHECK_PASS, NULL},
		{"h[Cache] has \"NO-STORE\"", CHECK_FAIL, NULL},
		{"h[Cache] has max-age", CHECK_PASS, NULL},
		{"h[Cache] has max-age=5", CHECK_PASS, NULL},
		{"h[Cache] has max", CHECK_FAIL, NULL},
		{"h[Cache] has quoted", CHECK_FAIL, NULL},
		{"h[Cache] has (private, no-store)", CHECK_PASS, NULL},
		{"h[Csp] has frame-ancestors", CHECK_PASS, NULL},
		{"h[Csp] has \"frame-ancestors 'none'\"", CHECK_PASS, NULL},
		{"h[Csp] has 'none'", CHECK_FAIL, NULL},
		{"h[T] ~ /^text\\/html\\b/", CHECK_PASS, NULL},
		{"h[T] ~ /^TEXT/", CHECK_FAIL, NULL},
		{"h[T] ~ /^TEXT/i", CHECK_PASS, NULL},
		{"h[T] !~ /xml/", CHECK_PASS, NULL},
		{"h[T] !~ /html/", CHECK_FAIL, "text/html; charset=utf-8"},
		{"h[T] ~ (/xml/, /html/)", CHECK_PASS, NULL},
		{"h[T] !~ (/xml/, /html/)", CHECK_FAIL, NULL},
		{"h[T] ~ /# no comment/ or status == 200 # but this", CHECK_PASS, NULL},
		{"status contains 0", CHECK_PASS, NULL},
		{"status ~ /^2/", CHECK_PASS, NULL},
		{"status starts 3", CHECK_FAIL, "200"},
	};
	struct result r;

	(void)state;
	made_result(&r, 200,
	    STR("T: text/html; charset=utf-8\r\nEmpty:\r\nCache: no-store, max-age=5, x=\"a, quoted, b\"\r\n"
	        "Csp: default-src 'self'; frame-ancestors 'none'\r\n"));
	EXPECT(&r, rows);
	result_clear(&r);
}

/* --- several lines of a name, parts of values --- */

static void
any_line_will_do_unless_every_one_is_asked(void **state)
{
	static const struct row rows[] = {
		{"h[A] == 1", CHECK_PASS, NULL},
		{"any h[A] == 2", CHECK_PASS, NULL},
		{"h[A] == 4", CHECK_FAIL, "1, 2, 3 and 1 more"},
		{"h[A] != 1", CHECK_PASS, NULL},
		{"every h[A] != 1", CHECK_FAIL, "1, 1"},
		{"every h[A] < 4", CHECK_PASS, NULL},
		{"every h[A] >= 2", CHECK_FAIL, "1, 1"},
		{"every h[A] present", CHECK_PASS, NULL},
		{"any h[A] absent", CHECK_FAIL, "1, 2, 3 and 1 more"},
		{"every h[A] absent", CHECK_FAIL, NULL},
		{"not every h[A] < 4", CHECK_FAIL, "h[A] 1, 2, 3 and 1 more"},
		{"h[Z] present", CHECK_FAIL, "nothing"},
		{"every h[Z] present", CHECK_FAIL, "nothing"},
		{"every h[Z] == 1", CHECK_FAIL, "nothing"},
		{"h[Z] absent", CHECK_PASS, NULL},
		{"every h[Z] absent", CHECK_PASS, NULL},
		{"any h[Z] absent", CHECK_PASS, NULL},
		{"h[A].count == 4", CHECK_PASS, NULL},
		{"h[a].Count <= 3", CHECK_FAIL, "4"},
		{"h[Z].count == 0", CHECK_PASS, NULL},
		{"h[Z].count present", CHECK_PASS, NULL},
		{"h[A].first == 1", CHECK_PASS, NULL},
		{"h[A].first == 2", CHECK_FAIL, "1"},
		{"h[A].last == 1", CHECK_PASS, NULL},
		{"h[A].last == 3", CHECK_FAIL, "1"},
		{"h[Z].first absent", CHECK_PASS, NULL},
		{"h[Z].last present", CHECK_FAIL, "nothing"},
		{"every h[Z].first == 1", CHECK_FAIL, "nothing"},
		/* elements */
		{"h[List].list == b", CHECK_PASS, NULL},
		{"h[List].list == c", CHECK_PASS, NULL},
		{"h[List].list == \"\\\"d, e\\\"\"", CHECK_PASS, NULL},
		{"every h[List].list in (a, b, c)", CHECK_FAIL, "\"d, e\""},
		{"h[List].list == e", CHECK_FAIL, "a, b, \"d, e\" and 1 more"},
		{"h[Empty].list present", CHECK_FAIL, "nothing"},
		{"every h[Empty].list present", CHECK_FAIL, "nothing"},
		/* directives */
		{"h[Dir].max-age == 5", CHECK_PASS, NULL},
		{"h[Dir].MAX-AGE >= 5s", CHECK_PASS, NULL},
		{"h[Dir].max-age > 1h", CHECK_FAIL, "5, 7"},
		{"every h[Dir].max-age < 10", CHECK_PASS, NULL},
		{"every h[Dir].private present", CHECK_FAIL, "nothing"},
		{"h[Dir].private present", CHECK_PASS, NULL},
		{"h[Dir].private == \"\"", CHECK_PASS, NULL},
		{"any h[Dir].private absent", CHECK_PASS, NULL},
		{"h[Dir].private absent", CHECK_FAIL, "\"\""},
		{"h[Dir].ext == \"a, \\\"b; c\"", CHECK_PASS, NULL},
		{"h[Dir].c absent", CHECK_PASS, NULL},
		{"h[Dir].frame-ancestors == \"'self' x.test\"", CHECK_PASS, NULL},
		{"h[Dir].twice == 1", CHECK_PASS, NULL},
		{"h[Dir].spaced == 3", CHECK_PASS, NULL},
		{"h[Z].max-age present", CHECK_FAIL, "nothing"},
	};
	struct result r;

	(void)state;
	made_result(&r, 200,
	    STR("A: 1\r\na: 2\r\nB: 9\r\nA: 3\r\nA: 1\r\nList: a, b,, \"d, e\"\r\nList: c\r\nEmpty: ,,\r\n"
	        "Dir: Max-Age=5; private, ext=\"a, \\\"b; c\"\r\n"
	        "Dir: max-age=\"7\"; frame-ancestors 'self' x.test; twice=1; twice=2; spaced = 3\r\n"));
	EXPECT(&r, rows);
	result_clear(&r);
}

static void
cookies_are_found_by_their_names_and_have_attributes(void **state)
{
	static const struct row rows[] = {
		{"cookie[sid] == abc", CHECK_PASS, NULL},
		{"cookie[SID] present", CHECK_PASS, NULL},
		{"cookie[s*] == x", CHECK_FAIL, "abc"},
		{"cookie[si?] present", CHECK_PASS, NULL},
		{"cookie[s?] present", CHECK_FAIL, "nothing"},
		{"cookie[*].Secure present", CHECK_PASS, NULL},
		{"every cookie[*].secure present", CHECK_FAIL, "nothing, nothing"},
		{"every cookie[sid].Secure present", CHECK_PASS, NULL},
		{"cookie[sid].secure == \"\"", CHECK_PASS, NULL},
		{"any cookie[*].Secure absent", CHECK_PASS, NULL},
		{"cookie[*].Partitioned absent", CHECK_PASS, NULL},
		{"cookie[*].SameSite in (Lax, Strict)", CHECK_PASS, NULL},
		{"every cookie[*].SameSite in (Lax, Strict)", CHECK_FAIL, "None, nothing"},
		{"cookie[sid].SameSite == lax", CHECK_PASS, NULL},
		{"cookie[b].Path == \"/x\"", CHECK_PASS, NULL},
		/* of none, everything is true */
		{"every cookie[zz].Secure present", CHECK_PASS, NULL},
		{"every cookie[zz].Secure == x", CHECK_PASS, NULL},
		{"every cookie[zz] present", CHECK_PASS, NULL},
		{"every cookie[zz] absent", CHECK_PASS, NULL},
		{"any cookie[zz] absent", CHECK_PASS, NULL},
		{"cookie[zz] present", CHECK_FAIL, "nothing"},
		{"any cookie[zz].Secure present", CHECK_FAIL, "nothing"},
		{"h[Set-Cookie].count == 4", CHECK_PASS, NULL},
	};
	struct result r;

	(void)state;
	made_result(&r, 200,
	    STR("Set-Cookie: sid=abc; Secure; SameSite=None; samesite=Lax\r\nSet-Cookie: b=2; Path=/x;SameSite=None\r\n"
	        "Set-Cookie: c=3\r\nSet-Cookie: bad=\x01; Secure\r\n"));
	EXPECT(&r, rows);
	result_clear(&r);
}

/* --- facts --- */

/* A result of which everything is known. The certificate is static. */
static void
full_result(struct result *r)
{
	static struct tls_info tls = {
	    .version = "TLSv1.3", .cipher = "TLS_AES_256_GCM_SHA384", .verify = "ok", .not_after = 784111777 + 14.5 * 86400};

	made_result(r, 200, STR("HTTP/1.1 200 Fine\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nAge: soon\r\n"
	                        "Location: /next\r\nlocation: /other\r\n"));
	assert_int_equal(url_parse(&r->url, STR("https://WWW.example.org:8443/"), NULL, NULL), 0);
	assert_true(addr_parse(&r->peer, "2001:db8::1", 8443));
	/* the status line was taken for a line that is none */
	memmove(r->fields, r->fields + 1, --r->nfields * sizeof *r->fields);
	r->reason = 13, r->reason_n = 4;
	r->head_n = r->head.n;
	r->tls = &tls;
	r->timing = (struct timing){.dns = 0.001, .connect = 0.25, .tls = NAN, .first_byte = 1.5, .total = 2};
	r->time = 784111777 + 90;
	r->tag = STR("Web");
}

static void
full_result_clear(struct result *r)
{
	r->tls = NULL;
	result_clear(r);
}

static void
facts_are_fields(void **state)
{
	static const struct row rows[] = {
		{"status == 200", CHECK_PASS, NULL},
		{"Status == 2xx", CHECK_PASS, NULL},
		{"status != 2xx", CHECK_FAIL, "200"},
		{"status in (301, 3xx, 200..204)", CHECK_PASS, NULL},
		{"status in (1xx, 201..204)", CHECK_FAIL, "200"},
		{"status in 100..199", CHECK_FAIL, "200"},
		{"reason == fine", CHECK_PASS, NULL},
		{"http_version == 1.1", CHECK_PASS, NULL},
		{"http_version >= 1.2", CHECK_FAIL, "1.1"},
		{"scheme == https", CHECK_PASS, NULL},
		{"host == www.example.org", CHECK_PASS, NULL},
		{"host == \"www.example.org\"", CHECK_FAIL, "WWW.example.org"},
		{"port == 8443", CHECK_PASS, NULL},
		{"port in (80, 443)", CHECK_FAIL, "8443"},
		{"address == 2001:db8::1", CHECK_PASS, NULL},
		{"address starts 2001:", CHECK_PASS, NULL},
		{"hops == 0", CHECK_PASS, NULL},
		{"location == \"/next\"", CHECK_PASS, NULL},
		{"every location == \"/next\"", CHECK_PASS, NULL},
		{"headers.count == 4", CHECK_PASS, NULL},
		{"headers.bytes < 1k", CHECK_PASS, NULL},
		{"headers.bytes == 102", CHECK_PASS, NULL},
		{"time.dns < 2ms", CHECK_PASS, NULL},
		{"time.dns == 1ms", CHECK_PASS, NULL},
		{"time.dns > 1s", CHECK_FAIL, "0.001"},
		{"time.connect in 250ms..1s", CHECK_PASS, NULL},
		{"time.tls present", CHECK_FAIL, "nothing"},
		{"time.tls < 1s", CHECK_FAIL, "nothing"},
		{"time.first_byte <= 1.5", CHECK_PASS, NULL},
		{"time.total < 2s", CHECK_FAIL, "2"},
		{"tls.version == TLSv1.3", CHECK_PASS, NULL},
		{"tls.version == tlsv1.3", CHECK_PASS, NULL},
		{"tls.version == 1.3", CHECK_PASS, NULL},
		{"tls.version >= 1.2", CHECK_PASS, NULL},
		{"tls.version >= TLSv1.2", CHECK_PASS, NULL},
		{"tls.version < 1.3", CHECK_FAIL, "TLSv1.3"},
		{"tls.version in (TLSv1.2, TLSv1.3)", CHECK_PASS, NULL},
		{"tls.version in (1.1, 1.2)", CHECK_FAIL, "TLSv1.3"},
		{"tls.cipher contains gcm", CHECK_PASS, NULL},
		{"tls.verify == ok", CHECK_PASS, NULL},
		{"tls.days == 14", CHECK_PASS, NULL},
		{"tls.days > 14", CHECK_FAIL, "14"},
		{"h[Date].age == 91.5", CHECK_PASS, NULL}, /* 90 s before the fetch began */
		{"h[Date].age < 1m", CHECK_FAIL, "91.5"},
		{"h[Age].age present", CHECK_FAIL, "nothing"},
		{"final.status == 200", CHECK_PASS, NULL},
		{"final.h[Date] present", CHECK_PASS, NULL},
		{"hop[1].status == 200", CHECK_FAIL, "nothing"},
		{"hop[1].status absent", CHECK_PASS, NULL},
		{"every hop[1].h[A] present", CHECK_FAIL, "nothing"},
		{"hop[1].h[A].count == 0", CHECK_FAIL, "nothing"},
		{"any hop[1].status absent", CHECK_PASS, NULL},
	};
	struct result r;

	(void)state;
	full_result(&r);
	EXPECT(&r, rows);
	full_result_clear(&r);
}

static void
what_is_not_known_has_no_value(void **state)
{
	static const struct row rows[] = {
		{"scheme absent and host absent and port absent and address absent", CHECK_PASS, NULL},
		{"tls.version absent and tls.days absent and tls.verify absent", CHECK_PASS, NULL},
		{"time.dns absent and time.total absent", CHECK_PASS, NULL},
		{"location absent and reason present and hops present", CHECK_PASS, NULL},
	};
	struct result r;

	(void)state;
	made_result(&r, 200, STR(""));
	EXPECT(&r, rows);
	result_clear(&r);
}

static void
earlier_responses_are_looked_at(void **state)
{
	static const struct row rows[] = {
		{"hops == 2", CHECK_PASS, NULL},
		{"hop[1].status == 301 and hop[1].location starts \"https://\" and final.status == 2xx", CHECK_PASS, NULL},
		{"hop[2].status == 302", CHECK_PASS, NULL},
		{"hop[3].status absent", CHECK_PASS, NULL},
		{"hop[1].reason == \"Moved On\"", CHECK_PASS, NULL},
		{"hop[2].reason == \"\"", CHECK_PASS, NULL},
		{"hop[1].scheme == http", CHECK_PASS, NULL},
		{"hop[2].scheme == https", CHECK_PASS, NULL},
		{"hop[1].host == a.test", CHECK_PASS, NULL},
		{"hop[2].host == 2001:db8::1", CHECK_PASS, NULL},
		{"hop[3].host absent", CHECK_PASS, NULL},
		{"hop[1].port == 80", CHECK_PASS, NULL},
		{"hop[2].port == 8443", CHECK_PASS, NULL},
		{"hop[1].address == 192.0.2.1", CHECK_PASS, NULL},
		{"hop[2].address absent", CHECK_PASS, NULL},
		{"hop[1].headers.count == 4", CHECK_PASS, NULL},
		{"hop[1].headers.bytes > 20", CHECK_PASS, NULL},
		{"hop[1].h[Server] == one", CHECK_PASS, NULL},
		{"HOP[1].h[server].count == 1", CHECK_PASS, NULL},
		{"every hop[1].cookie[*].Secure present", CHECK_PASS, NULL},
		{"hop[1].cookie[a] == 1", CHECK_PASS, NULL},
		{"hop[2].h[Server] present", CHECK_FAIL, "nothing"},
		{"h[Server] == two", CHECK_PASS, NULL},
		{"h[Server] == one", CHECK_FAIL, "two"},
	};
	struct result r, final;

	(void)state;
	made_result(&r, 301, STR("HTTP/1.1 301 Moved On\r\nServer: one\r\nLocation: https://b.test/\r\nSet-Cookie: a=1; Secure\r\n"));
	assert_int_equal(url_parse(&r.url, STR("http://a.test/x?y=z:1"), NULL, NULL), 0);
	assert_true(addr_parse(&r.peer, "192.0.2.1", 80));
	r.head_n = r.head.n;
	result_push_hop(&r);
	url_clear(&r.url);
	r.status = 302;
	assert_int_equal(url_parse(&r.url, STR("https://[2001:db8::1]:8443/"), NULL, NULL), 0);
	result_push_hop(&r);
	/* the final one */
	made_result(&final, 200, STR("Server: two\r\n"));
	final.hops = r.hops;
	final.nhops = r.nhops;
	EXPECT(&final, rows);
	final.hops = NULL;
	final.nhops = 0;
	result_clear(&final);
	result_clear(&r);
}

/* --- joined --- */

static void
tests_are_joined_by_and_or_not_if(void **state)
{
	static const struct row rows[] = {
		{"status == 200 and h[A] == 1", CHECK_PASS, NULL},
		{"status == 200 or h[A] == 2", CHECK_PASS, NULL},
		{"status == 1 or status == 2 and status == 200", CHECK_FAIL, "status 200"},
		{"status == 200 or status == 2 and status == 3", CHECK_PASS, NULL},
		{"(status == 200 or status == 2) and status == 3", CHECK_FAIL, "status 200"},
		{"not status == 3 and status == 200", CHECK_PASS, NULL},
		{"not (status == 3 and status == 200)", CHECK_PASS, NULL},
		{"not not status == 200", CHECK_PASS, NULL},
		{"not(status==3)and(status==200)", CHECK_PASS, NULL},
		{"((((status == 200))))", CHECK_PASS, NULL},
		{"not status == 200", CHECK_FAIL, "status 200"},
		{"not (status == 200 and h[A] present)", CHECK_FAIL, "status 200, h[A] 1"},
		{"not (status == 200 or h[Z] present)", CHECK_FAIL, "status 200"},
		{"h[A] == 2 and h[Z] present and status == 200", CHECK_FAIL, "h[A] 1, h[Z] nothing"},
		{"h[a] == 2 or h[Z] present", CHECK_FAIL, "h[a] 1, h[Z] nothing"},
		{"h[A] absent or h[A] !~ /\\d/", CHECK_FAIL, "h[A] 1"},
		{"status == 1 or port == 1 or hops == 1 or h[A] == 4 or h[B] == 4 or h[C] == 4 or h[D] == 4", CHECK_FAIL,
		    "status 200, port nothing, hops 0, h[A] 1, h[B] nothing and 2 more"},
		/* a guard */
		{"if status == 200 then h[A] == 1", CHECK_PASS, NULL},
		{"if status == 200 then h[A] == 2", CHECK_FAIL, "1"},
		{"if status == 200 then h[A] == 2 or h[Z] present", CHECK_FAIL, "h[A] 1, h[Z] nothing"},
		{"if status == 404 then h[A] == 2", CHECK_SKIP, NULL},
		{"if status == 404 or h[Z] present then h[A] == 2", CHECK_SKIP, NULL},
		{"if not status == 404 then h[A] == 1", CHECK_PASS, NULL},
		/* a warning */
		{"warn: h[A] == 1", CHECK_PASS, NULL},
		{"warn: h[A] == 2", CHECK_WARN, "1"},
		{"warn:h[A] == 2", CHECK_WARN, "1"},
		{"warn: x.y-z: if status == 404 then h[A] == 2", CHECK_SKIP, NULL},
		{"id: h[A] == 2", CHECK_FAIL, "1"},
		/* a keyword where a value is wanted is a word */
		{"h[Word] == any", CHECK_PASS, NULL},
		{"h[Word] in (every, any)", CHECK_PASS, NULL},
		{"h[Word] == present or h[Word] == then", CHECK_FAIL, "h[Word] any"},
	};
	struct result r;

	(void)state;
	made_result(&r, 200, STR("A: 1\r\nWord: any\r\n"));
	EXPECT(&r, rows);
	result_clear(&r);
}

static void
examples_of_the_manual_hold(void **state)
{
	static const struct row rows[] = {
		{"status in (200, 301, 308)", CHECK_PASS, NULL},
		{"if scheme == https then h[Strict-Transport-Security].max-age >= 180d", CHECK_PASS, NULL},
		{"h[Strict-Transport-Security].count <= 1", CHECK_PASS, NULL},
		{"h[X-Content-Type-Options] == nosniff", CHECK_PASS, NULL},
		{"h[X-Frame-Options] in (DENY, SAMEORIGIN) or h[Content-Security-Policy].frame-ancestors present",
		    CHECK_PASS, NULL},
		{"every cookie[*].Secure present and every cookie[*].SameSite in (Lax, Strict)", CHECK_PASS, NULL},
		{"warn: leak: h[Server] absent or h[Server] !~ /\\d/", CHECK_WARN, "h[Server] nginx/1.18"},
		{"tls.days > 14 and time.total < 2s", CHECK_FAIL, "tls.days nothing"},
	};
	struct result r;

	(void)state;
	made_result(&r, 200,
	    STR("Server: nginx/1.18\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains\r\n"
	        "X-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src *; frame-ancestors 'none'\r\n"
	        "Set-Cookie: sid=1; Secure; SameSite=Lax\r\n"));
	assert_int_equal(url_parse(&r.url, STR("https://a.test/"), NULL, NULL), 0);
	r.timing.total = 1;
	EXPECT(&r, rows);
	result_clear(&r);
}

/* --- hostile values --- */

static void
regex_that_takes_too_long_fails_whatever_stands_around_it(void **state)
{
	static const struct row rows[] = {
		{"h[A] ~ /(a|aa)+$/", CHECK_FAIL, "gave up on /(a|aa)+$/: it takes too many steps"},
		{"h[A] !~ /(a|aa)+$/", CHECK_FAIL, "gave up on /(a|aa)+$/: it takes too many steps"},
		{"not h[A] ~ /(a|aa)+$/", CHECK_FAIL, NULL},
		{"h[A] ~ /(a|aa)+$/ or status == 200", CHECK_FAIL, NULL},
		{"status == 200 or h[A] ~ /(a|aa)+$/", CHECK_PASS, NULL},
		{"if h[A] ~ /(a|aa)+$/ then status == 200", CHECK_FAIL, NULL},
		{"warn: if not h[A] ~ /(a|aa)+$/ then status == 200", CHECK_WARN, NULL},
	};
	static const struct row several[] = {
		{"h[A] ~ /(a|aa)+$/", CHECK_FAIL, "gave up on /(a|aa)+$/: it takes too many steps"},
		{"every h[B] ~ /^a+b$/", CHECK_PASS, NULL},
		{"h[B] ~ /c/", CHECK_FAIL, "aab, aab, aab and 2997 more"},
		{"status == 200", CHECK_PASS, NULL},
	};
	struct str value = repeated('a', 200);
	struct buf lines = {0};
	struct result r;

	(void)state;
	buf_str(&lines, STR("A: "));
	buf_str(&lines, value);
	buf_str(&lines, STR("b\r\n"));
	made_result(&r, 200, buf_view(&lines));
	EXPECT(&r, rows);
	result_clear(&r);
	/* nor may many values that each take a while */
	lines.n = 0;
	for (size_t i = 0; i < 3000; i++)
		buf_str(&lines, STR("A: aaaaaaaaaaaaaaaaaaaab\r\nB: aab\r\n"));
	made_result(&r, 200, buf_view(&lines));
	EXPECT(&r, several);
	result_clear(&r);
	buf_clear(&lines);
	free((char *)value.s);
}

static void
found_is_cut_and_shown_without_control_bytes(void **state)
{
	static const struct row rows[] = {
		{"h[Long] == x", CHECK_FAIL, "012345678901234567890123456789012345678901234567890123456789..."},
		{"h[Fits] == x", CHECK_FAIL, "012345678901234567890123456789012345678901234567890123456789"},
		{"h[Wide] == x", CHECK_FAIL, "0123456789012345678901234567890123456789012345678901234567\xc3\xa9..."},
		{"h[Raw] == x", CHECK_FAIL,
		    "\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff..."},
	};
	struct result r;

	(void)state;
	made_result(&r, 200,
	    STR("Long: 0123456789012345678901234567890123456789012345678901234567890\r\n"
	        "Fits: 012345678901234567890123456789012345678901234567890123456789\r\n"
	        "Wide: 0123456789012345678901234567890123456789012345678901234567\xc3\xa9\xc3\xa9\r\n"
	        "Raw: \xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\r\n"));
	EXPECT(&r, rows);
	result_clear(&r);
}

static void
many_fields_are_judged(void **state)
{
	static const struct row rows[] = {
		{"h[a].count == 9000", CHECK_PASS, NULL},
		{"h[b].count == 1", CHECK_PASS, NULL},
		{"every h[a] == 1", CHECK_PASS, NULL},
		{"h[a] == 2", CHECK_FAIL, "1, 1, 1 and 8997 more"},
		{"headers.count == 9001", CHECK_PASS, NULL},
	};
	struct buf lines = {0};
	struct result r;

	(void)state;
	for (size_t i = 0; i < 9000; i++)
		buf_str(&lines, STR("A: 1\n"));
	buf_str(&lines, STR("B: 1\n"));
	made_result(&r, 200, buf_view(&lines));
	EXPECT(&r, rows);
	result_clear(&r);
	buf_clear(&lines);
}

/* --- several checks --- */

static void
outcomes_come_in_order_with_id_text_and_counts(void **state)
{
	struct checks *c = checks_new();
	const struct check_outcomes *o;
	struct result r;

	(void)state;
	assert_int_equal(checks_add(c, "  one: status == 200  # why", NULL), 0);
	assert_int_equal(checks_add(c, "warn: two: if status == 200 then h[A] == 2", NULL), 0);
	assert_int_equal(checks_add(c, "h[B] == 2\t", NULL), 0);
	assert_int_equal(checks_add(c, "warn: if status == 3 then h[B] == 2", NULL), 0);
	assert_int_equal(checks_add(c, "h[A] == 3", NULL), 0);
	assert_int_equal(checks_count(c), 5);
	made_result(&r, 200, STR("A: 1\r\nB: 3\r\n"));
	o = checks_judge(c, &r);
	assert_int_equal(o->n, 5);
	assert_int_equal(o->failed, 2);
	assert_int_equal(o->warned, 1);
	expect_str(STR("id"), o->v[0].id, STR("one"));
	expect_str(STR("text"), o->v[0].text, STR("status == 200"));
	expect_str(STR("found"), o->v[0].found, STR(""));
	expect_str(STR("id"), o->v[1].id, STR("two"));
	expect_str(STR("text"), o->v[1].text, STR("if status == 200 then h[A] == 2"));
	expect_str(STR("found"), o->v[1].found, STR("1"));
	assert_null(o->v[2].id.s);
	expect_str(STR("text"), o->v[2].text, STR("h[B] == 2"));
	expect_str(STR("found"), o->v[2].found, STR("3"));
	assert_int_equal(o->v[3].verdict, CHECK_SKIP);
	expect_str(STR("found"), o->v[4].found, STR("1"));
	result_clear(&r);
	/* another result, and another check */
	assert_int_equal(checks_add(c, "h[C] == 1", NULL), 0);
	made_result(&r, 200, STR("A: 2\r\nB: 2\r\nC: 1\r\n"));
	o = checks_judge(c, &r);
	assert_int_equal(o->n, 6);
	assert_int_equal(o->failed, 1);
	assert_int_equal(o->warned, 0);
	result_clear(&r);
	checks_free(c);
	checks_free(NULL);
}

static void
no_checks_have_no_outcomes(void **state)
{
	struct checks *c = checks_new();
	struct buf b = {0};
	struct result r;

	(void)state;
	made_result(&r, 200, STR("A: 1\r\n"));
	assert_int_equal(checks_judge(c, &r)->n, 0);
	checks_list(c, &b);
	assert_int_equal(b.n, 0);
	result_clear(&r);
	checks_free(c);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(value_is_compared_as_number_word_string_class_or_range),
		cmocka_unit_test(text_is_searched_and_lists_are_looked_through),
		cmocka_unit_test(any_line_will_do_unless_every_one_is_asked),
		cmocka_unit_test(cookies_are_found_by_their_names_and_have_attributes),
		cmocka_unit_test(facts_are_fields),
		cmocka_unit_test(what_is_not_known_has_no_value),
		cmocka_unit_test(earlier_responses_are_looked_at),
		cmocka_unit_test(tests_are_joined_by_and_or_not_if),
		cmocka_unit_test(examples_of_the_manual_hold),
		cmocka_unit_test(regex_that_takes_too_long_fails_whatever_stands_around_it),
		cmocka_unit_test(found_is_cut_and_shown_without_control_bytes),
		cmocka_unit_test(many_fields_are_judged),
		cmocka_unit_test(outcomes_come_in_order_with_id_text_and_counts),
		cmocka_unit_test(no_checks_have_no_outcomes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
