/*
 * tests/unit/report_html.c: the page of --report html, of results made by hand. As `report_html page N` it writes one
 * of N targets, as `report_html hostile` one of which every word is an attack, for tests/cli/html.sh to open in a
 * browser.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <openssl/evp.h>
#include <stdio.h>

#include "awget/report.h"
#include "awget/sink.h"
#include "base/base64.h"
#include "base/install.h"
#include "made.h"

/* Columns are somebody else's (awget/column.h): here one is the field that it is named after. */
struct column {
	const char *name;
};

struct str
column_name(const struct column *c)
{
	return str_of(c->name);
}

bool
column_text(const struct column *c, const struct result *r, const struct verdict *v, struct buf *b)
{
	struct str value = result_find(r, str_of(c->name));

	(void)v;
	buf_str(b, value);
	return value.s != NULL;
}

/* --- a report into memory --- */

struct page {
	char path[32];
	struct sink *sink;
	void *state;
	struct summary sum;
	struct buf html;
};

static void
page_begin(struct page *p, const struct columns *columns, bool baseline)
{
	static const struct columns none;
	struct err e;
	int fd;

	*p = (struct page){.path = "/tmp/awget-test.XXXXXX", .state = calloc(1, report_html.size)};
	assert_true((fd = mkstemp(p->path)) >= 0);
	close(fd);
	p->sink = sink_open(p->path, &e);
	assert_non_null(p->sink);
	report_html.begin(p->state, p->sink, &(struct report_env){columns ? columns : &none, baseline});
}

static void
page_add(struct page *p, const struct result *r, const struct verdict *v)
{
	p->sum.targets++;
	p->sum.failed += verdict_failed(r, v);
	p->sum.changed += verdict_changed(v);
	if (r->err.kind == ERR_NONE)
		p->sum.answered++;
	else
		p->sum.unanswered++;
	for (size_t i = 0; v->checks && i < v->checks->n; i++) {
		p->sum.checks += v->checks->v[i].verdict != CHECK_SKIP;
		p->sum.check_failures += v->checks->v[i].verdict == CHECK_FAIL;
		p->sum.check_warnings += v->checks->v[i].verdict == CHECK_WARN;
	}
	report_html.add(p->state, p->sink, r, v);
	sink_piece(p->sink);
}

/* The whole page is in p->html then, with a NUL behind it. */
static void
page_end(struct page *p)
{
	struct err e;
	ssize_t n;
	int fd;

	report_html.end(p->state, p->sink, &p->sum);
	assert_int_equal(sink_close(p->sink, &e), 0);
	sink_free(p->sink);
	report_html.clear(p->state);
	free(p->state);
	fd = open(p->path, O_RDONLY | O_CLOEXEC);
	do {
		buf_reserve(&p->html, 1 << 16);
		n = read(fd, p->html.s + p->html.n, 1 << 16);
		assert_true(n >= 0);
		p->html.n += (size_t)n;
	} while (n > 0);
	close(fd);
	unlink(p->path);
	buf_cstr(&p->html);
}

static size_t
count(const struct page *p, const char *what)
{
	size_t n = 0;

	for (const char *at = p->html.s; (at = strstr(at, what)); at++)
		n++;
	return n;
}

static void
expect_count(const struct page *p, const char *what, size_t n)
{
	expect_int(str_of(what), (long long)count(p, what), (long long)n);
}

/* Everything is there, and in this order. */
static void
expect_order(const struct page *p, const char *const *what, size_t n)
{
	const char *at = p->html.s;

	for (size_t i = 0; i < n; i++) {
		const char *found = strstr(at, what[i]);

		if (!found)
			fail_msg("there is no \"%s\" behind what is before it", what[i]);
		else
			at = found;
	}
}

/* --- results --- */

static const struct verdict no_verdict;

static void
answered(struct result *r, const char *target, const char *lines)
{
	made_result(r, 200, str_of(lines));
	r->target = r->label = str_of(target);
	r->time = 1795363200;
	r->timing = (struct timing){
	    .begun = 0, .dns = 0.001, .connect = 0.012, .tls = NAN, .first_byte = 0.040, .total = 0.0412};
	(void)!addr_parse(&r->peer, "192.0.2.1", 80);
}

static void
unanswered(struct result *r, const char *target, enum err_kind kind, const char *text)
{
	result_init(r, 1, str_of(target));
	r->time = 1795363201;
	err_set(&r->err, kind, "%s", text);
}

static const struct check_outcome hsts = {.verdict = CHECK_FAIL,
    .id = {"hsts", 4},
    .text = {"h[Strict-Transport-Security].max-age >= 180d", 44},
    .found = {"nothing", 7}};
static const struct check_outcome plain = {.verdict = CHECK_FAIL, .text = {"status < 300", 12}, .found = {"301", 3}};
static const struct check_outcome leak = {
    .verdict = CHECK_WARN, .id = {"leak", 4}, .text = {"h[Server] absent", 16}, .found = {"\"x/1\"", 5}};
static const struct check_outcome pass = {.verdict = CHECK_PASS, .text = {"status == 2xx", 13}};

static struct check_outcomes
outcomes(struct check_outcome *v, size_t n)
{
	struct check_outcomes c = {.v = v, .n = n};

	for (size_t i = 0; i < n; i++) {
		c.failed += v[i].verdict == CHECK_FAIL;
		c.warned += v[i].verdict == CHECK_WARN;
	}
	return c;
}

/* One result of each class, the best first. */
static void
add_one_of_each(struct page *p)
{
	struct check_outcomes good = outcomes((struct check_outcome[]){pass}, 1),
	                      warned = outcomes((struct check_outcome[]){pass, leak}, 2),
	                      failed = outcomes((struct check_outcome[]){hsts, plain, leak, hsts, plain, pass}, 6);
	struct change change = {
	    .what = "header", .name = {"Server", 6}, .old = {"nginx/1.18", 10}, .new = {"nginx/1.24", 10}};
	struct changes none = {0}, some = {.v = &change, .n = 1};
	static struct result r;

	answered(&r, "good.test", "Server: a<b\r\nX-Two: 2\r\n");
	page_add(p, &r, &(struct verdict){&good, &none});
	result_clear(&r);
	answered(&r, "warned.test", "");
	page_add(p, &r, &(struct verdict){&warned, NULL});
	result_clear(&r);
	answered(&r, "changed.test", "");
	page_add(p, &r, &(struct verdict){NULL, &some});
	result_clear(&r);
	answered(&r, "failed.test", "");
	page_add(p, &r, &(struct verdict){&failed, NULL});
	result_clear(&r);
	unanswered(&r, "down.test", ERR_DNS_NXDOMAIN, "no such host name");
	page_add(p, &r, &no_verdict);
	result_clear(&r);
}

/* --- tests --- */

static void
the_page_tells_all_from_top_to_bottom(void **state)
{
	static const char *const order[] = {"<!DOCTYPE html>",
	    "<title>awget: 1 of 5 targets good, 2026-11-22 16:00</title>", "<h1>1 of 5 targets are good</h1>",
	    "<time datetime=\"2026-11-22T16:00:00Z\">", " to <time datetime=\"2026-11-22T16:00:01Z\">",
	    "<title id=bar-t>Targets by outcome: No answer 1, Check failed 1, Changed 1, Warning 1, Good 1</title>",
	    "<li class=g><b>1</b>", "<li class=d><b>1</b> <span>No answer</span> <small>dns-nxdomain 1</small>",
	    "<h2>Checks</h2>", "<h3>hsts</h3>\n<p class=count>failed for 1 target</p>",
	    "<li><b>failed.test</b> found: nothing", "<h3><code>status &lt; 300</code></h3>",
	    "<h3>leak</h3>\n<p class=count>warned of 2 targets</p>", "<h2>Times</h2>",
	    "<title id=dns-t>Times: DNS</title>", "<details><summary>The same in numbers</summary>",
	    "<h2>Changes</h2>\n<p>1 of 5 targets changed since the earlier run</p>",
	    "<article id=c1><h3>changed.test</h3>\n<pre><del>- Server: nginx/1.18</del>\n<ins>+ Server: "
	    "nginx/1.24</ins>",
	    "<h2 id=all>Targets</h2>", "<th scope=col>Server",
	    "<tr class=d><td>No answer<th scope=row>down.test<td><td><td><td><td><td><b>dns-nxdomain</b> no such host "
	    "name\n",
	    "<tr class=f><td>Check failed<th scope=row>failed.test", "<details><summary>2 more</summary>",
	    "</details>\n", "<tr class=c><td>Changed<th scope=row>changed.test", "<a href=\"#c1\">1 change</a>",
	    "<tr class=w><td>Warning<th scope=row>warned.test",
	    "<li class=w>warning: <b>leak</b> found: &quot;x/1&quot;",
	    "<tr class=g><td>Good<th scope=row>good.test<td><td>200 <td>192.0.2.1<td>41.2 ms<td "
	    "data-l=\"Server\">a&lt;b<td>\n",
	    "</html>"};
	struct page p;

	(void)state;
	page_begin(&p, NULL, true);
	add_one_of_each(&p);
	page_end(&p);
	expect_order(&p, order, ROWS(order));
	expect_count(&p, "<tr class=", 5);
	expect_count(&p, "<table id=targets aria-labelledby=all class=untagged>", 1);
	buf_clear(&p.html);
}

static void
the_columns_are_those_that_were_asked_for_but_once(void **state)
{
	struct column *wanted[] = {&(struct column){"X-Two"}, &(struct column){"status"}, &(struct column){"Server"},
	    &(struct column){"target"}};
	struct page p;

	(void)state;
	page_begin(&p, &(struct columns){wanted, ROWS(wanted)}, false);
	add_one_of_each(&p);
	page_end(&p);
	expect_count(&p, "<col class=k-field>", 2);
	expect_count(&p, "<th scope=col>X-Two\n<th scope=col>Server\n<th scope=col>Findings", 1);
	expect_count(&p, "41.2 ms<td data-l=\"X-Two\">2<td data-l=\"Server\">a&lt;b<td>\n", 1);
	expect_count(&p, "<div class=\"scroll wide\"", 1);
	buf_clear(&p.html);
}

static void
no_targets_are_a_page_too(void **state)
{
	struct page p;

	(void)state;
	page_begin(&p, NULL, false);
	page_end(&p);
	expect_count(&p, "<h1>0 of 0 targets are good</h1>", 1);
	expect_count(&p, "<tr class=", 0);
	expect_count(&p, "nan", 0);
	expect_count(&p, "</html>", 1);
	buf_clear(&p.html);
}

static void
what_was_not_asked_is_not_told(void **state)
{
	struct result r;
	struct page p;

	(void)state;
	page_begin(&p, NULL, false);
	answered(&r, "a.test", "");
	page_add(&p, &r, &no_verdict);
	result_clear(&r);
	p.sum.interrupted = true;
	p.sum.gone = 3;
	page_end(&p);
	expect_count(&p, "<h2>Checks", 0);
	expect_count(&p, "<h2>Changes", 0);
	expect_count(&p, "<span>Changed</span>", 0);
	expect_count(&p, "<h1>1 of 1 target is good</h1>", 1);
	expect_count(&p, "The run was interrupted", 1);
	expect_count(&p, "3 targets of the earlier run", 1);
	buf_clear(&p.html);
}

static void
only_a_few_targets_of_a_check_are_named(void **state)
{
	struct check_outcomes failed = outcomes((struct check_outcome[]){hsts, leak}, 2);
	struct page p;

	(void)state;
	page_begin(&p, NULL, false);
	for (int i = 0; i < 100; i++) {
		struct result r;

		answered(&r, "a.test", "");
		page_add(&p, &r, &(struct verdict){&failed, NULL});
		result_clear(&r);
	}
	page_end(&p);
	expect_count(&p, "<li><b>a.test</b> found: nothing", 5);
	expect_count(&p, "and 95 others <button type=button hidden data-find=\"hsts\">", 1);
	expect_count(&p, "failed for 100 targets", 1);
	buf_clear(&p.html);
}

static void
what_is_long_does_not_make_the_page_long(void **state)
{
	struct str huge = repeated('<', 300000);
	struct check_outcome long_one = {.verdict = CHECK_FAIL, .id = huge, .text = huge, .found = huge};
	struct check_outcomes failed = outcomes(&long_one, 1);
	struct change change = {.what = "header", .name = huge, .old = huge, .new = huge};
	struct changes changes = {.v = &change, .n = 1};
	struct result r;
	struct page p;

	(void)state;
	page_begin(&p, NULL, false);
	answered(&r, huge.s, "");
	r.tag = huge;
	page_add(&p, &r, &(struct verdict){&failed, &changes});
	result_clear(&r);
	page_end(&p);
	assert_true(p.html.n < 100000);
	expect_count(&p, "bytes more)", 14);
	buf_clear(&p.html);
	free((char *)huge.s);
}

#define MARKUP "</title></style></script></pre>--><script>owned=1</script><img src=x onerror=owned=1>"
#define QUOTES "\" onfocus=\"owned=1\" autofocus x='"
#define BYTES                                                                                                          \
	"\x1b]0;owned\x07\0\r\n\xff\xc2\x9b"                                                                           \
	"1m"
#define TURNED "\u202edenwo\u202c\u2066\u200f"
static const struct str evil = {MARKUP QUOTES BYTES TURNED, sizeof(MARKUP QUOTES BYTES TURNED) - 1};

/* A page on which all that a stranger, or the user's own file, may say is evil. */
static void
make_hostile(struct page *p)
{
	struct column *wanted[] = {&(struct column){MARKUP QUOTES}, &(struct column){"Server"}};
	struct check_outcome bad = {.verdict = CHECK_FAIL, .id = evil, .text = evil, .found = evil};
	struct check_outcome worse = {.verdict = CHECK_WARN, .text = evil, .found = evil};
	struct check_outcomes checks = outcomes((struct check_outcome[]){bad, worse, worse, bad, bad}, 5);
	struct change change[] = {
	    {.what = "header", .name = evil, .old = evil, .new = evil}, {.what = "url", .new = evil}};
	struct changes changes = {.v = change, .n = 2};
	struct buf text = {0};
	struct result r;

	page_begin(p, &(struct columns){wanted, ROWS(wanted)}, true);
	for (int i = 0; i < 2; i++) {
		answered(&r, "", "Server: x\r\n");
		buf_str(&text, evil);
		r.target = r.label = r.tag = evil;
		r.reason = (uint32_t)r.head.n, r.reason_n = (uint32_t)evil.n;
		buf_str(&r.head, evil);
		r.fields[0].value = r.reason, r.fields[0].value_n = r.reason_n;
		page_add(p, &r, &(struct verdict){&checks, &changes});
		result_clear(&r);
		buf_clear(&text);
	}
	unanswered(&r, MARKUP QUOTES TURNED, ERR_NOT_HTTP, MARKUP QUOTES TURNED);
	page_add(p, &r, &no_verdict);
	result_clear(&r);
	page_end(p);
}

static void
nothing_that_a_stranger_says_is_obeyed(void **state)
{
	struct page p;

	(void)state;
	make_hostile(&p);
	expect_count(&p, "<script", 1);
	expect_count(&p, "<img", 0);
	expect_count(&p, "\" onfocus", 0);
	expect_count(&p, "\x1b", 0);
	expect_count(&p, "\r", 0);
	expect_count(&p, "\xff", 0);
	expect_count(&p, "\u202e", 0);
	expect_count(&p, "\u2066", 0);
	assert_int_equal(strlen(p.html.s), p.html.n);
	assert_true(text_is_utf8(buf_view(&p.html)));
	assert_true(count(&p, "&lt;script&gt;owned=1") > 10);
	assert_true(count(&p, "\\u202e") > 5);
	buf_clear(&p.html);
}

/* What stands between two texts; the rest behind it. */
static struct str
between(const char **at, const char *from, const char *to)
{
	const char *start = strstr(*at, from), *end;

	if (!start)
		fail_msg("no %s", from);
	start += strlen(from);
	end = strstr(start, to);
	assert_non_null(end);
	*at = end;
	return (struct str){start, (size_t)(end - start)};
}

/* "script-src 'sha256-...'", as a browser works it out (CSP 3 section 6.7.2.4). */
static void
hashed(struct buf *b, const char *directive, struct str block)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n;

	assert_true(EVP_Digest(block.s, block.n, digest, &n, EVP_sha256(), NULL));
	buf_printf(b, "%s 'sha256-", directive);
	base64(b, (struct str){(const char *)digest, n});
	buf_byte(b, '\'');
}

static void
the_policy_lets_nothing_happen_but_what_the_page_brings(void **state)
{
	const char *at;
	struct str policy, css, js;
	struct buf want = {0};
	struct page p;

	(void)state;
	page_begin(&p, NULL, false);
	add_one_of_each(&p);
	page_end(&p);
	at = p.html.s;
	policy = between(&at, "<meta http-equiv=Content-Security-Policy content=\"", "\"");
	css = between(&at, "<style>", "</style>");
	js = between(&at, "<script>", "</script>");
	/* when this fails, what it wants belongs into data/report.csp */
	buf_str(&want, STR("default-src 'none'; "));
	hashed(&want, "style-src", css);
	buf_str(&want, STR("; "));
	hashed(&want, "script-src", js);
	buf_str(&want, STR("; base-uri 'none'; form-action 'none'"));
	expect_str(STR("data/report.csp"), policy, buf_view(&want));
	assert_true(css.n > 1000 && js.n > 1000);
	expect_count(&p, " style=", 0);
	expect_count(&p, "://", 0);
	buf_clear(&want);
	buf_clear(&p.html);
}

/* --- pages for a browser --- */

static const char *const fields[] = {"Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy",
    "Permissions-Policy", "Content-Security-Policy", "X-Frame-Options", "Cross-Origin-Opener-Policy"};
static const char *const servers[] = {"nginx", "nginx/1.24.0", "Apache/2.4.58 (Debian)", "cloudflare", "Caddy", "gws",
    "AmazonS3", "LiteSpeed", "openresty/1.21.4.3", "Microsoft-IIS/10.0"};
static const struct {
	enum err_kind kind;
	const char *text;
} errors[] = {
    {ERR_DNS_NXDOMAIN, "no such host name (NXDOMAIN)"},
    {ERR_TIMEOUT, "no answer within 30 s"},
    {ERR_CONNECT_REFUSED, "cannot connect to 192.0.2.17:443: Connection refused"},
    {ERR_TLS_VERIFY, "the certificate of shop.example has expired on 2026-10-01"},
};

/* The same numbers each time, evenly from 0 to 1. */
static double
chance(void)
{
	static uint32_t x = 1;

	x = x * 1664525 + 1013904223;
	return (double)(x >> 8) / (1 << 24);
}

/* So many of the fields that are missed; the texts live until the next call. */
static struct check_outcomes
missing(struct check_outcome v[ROWS(fields) + 1], size_t n, bool warn)
{
	static char ids[ROWS(fields)][48], texts[ROWS(fields)][48];
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		snprintf(ids[i], sizeof ids[i], "%c%s", fields[i][0] | 32, fields[i] + 1);
		snprintf(texts[i], sizeof texts[i], "h[%s] present", fields[i]);
		v[at++] = (struct check_outcome){.verdict = CHECK_FAIL,
		    .id = i % 3 ? str_of(ids[i]) : (struct str){0},
		    .text = str_of(texts[i]),
		    .found = STR("nothing")};
	}
	if (warn)
		v[at++] = leak;
	return outcomes(v, at);
}

static __attribute__((noinline)) void
add_sample(struct page *p, size_t i, size_t n)
{
	static const char *const tags[] = {"shop", "blog", "intranet"};
	struct check_outcome v[ROWS(fields) + 1];
	const char *server = servers[(size_t)(chance() * 10)];
	double dns = 0.0005 + 0.004 * chance(), connect = dns + 0.003 * exp(3 * chance()),
	       tls = connect + 0.008 * exp(chance()), first = tls + 0.005 * exp(4 * chance()),
	       what = n < 100 ? (double)(i * 7 % n) / (double)n : chance();
	struct check_outcomes checks = missing(v, what < 0.13 ? 5 : 0, what < 0.26);
	struct change change[] = {
	    {.what = "header", .name = STR("Server"), .old = STR("nginx/1.18.0"), .new = str_of(server)},
	    {.what = "header", .name = STR("X-Frame-Options"), .old = STR("DENY")},
	    {.what = "status", .old = STR("301"), .new = STR("200")}};
	struct changes changes = {.v = change, .n = what > 0.9 ? 1 + i % 3 : 0};
	struct str tag = i % 4 == 0 ? str_of(tags[i % 3]) : (struct str){0};
	char target[64], lines[80];
	static struct result r;

	snprintf(target, sizeof target, "https://www%zu.example.%s", i, i % 3 ? "org" : "com");
	snprintf(lines, sizeof lines, "Server: %s\r\n", server);
	if (what < 0.03) {
		size_t k = (size_t)(chance() * (double)ROWS(errors));

		unanswered(&r, target, errors[k].kind, errors[k].text);
		r.tag = tag;
		page_add(p, &r, &no_verdict);
	} else {
		answered(&r, target, lines);
		r.tag = tag;
		r.status = i % 17 ? 200 : 404;
		r.reason = (uint32_t)r.head.n;
		buf_str(&r.head, i % 17 ? STR("OK") : STR("Not Found"));
		r.reason_n = (uint32_t)r.head.n - r.reason;
		r.timing = (struct timing){0, dns, connect, tls, first, first + 0.0003};
		page_add(p, &r, &(struct verdict){&checks, &changes});
	}
	result_clear(&r);
}

static int
write_page(const char *kind, size_t n)
{
	struct page p;

	spool_begin(); /* many rows do not stay in memory */
	if (strcmp(kind, "hostile") == 0) {
		make_hostile(&p);
	} else {
		page_begin(&p, NULL, true);
		for (size_t i = 0; i < n; i++)
			add_sample(&p, i, n);
		p.sum.seconds = 41.7;
		page_end(&p);
	}
	spool_end();
	fwrite(p.html.s, 1, p.html.n, stdout);
	buf_clear(&p.html);
	return fflush(stdout) != 0;
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_page_tells_all_from_top_to_bottom),
	    cmocka_unit_test(the_columns_are_those_that_were_asked_for_but_once),
	    cmocka_unit_test(no_targets_are_a_page_too),
	    cmocka_unit_test(what_was_not_asked_is_not_told),
	    cmocka_unit_test(only_a_few_targets_of_a_check_are_named),
	    cmocka_unit_test(what_is_long_does_not_make_the_page_long),
	    cmocka_unit_test(nothing_that_a_stranger_says_is_obeyed),
	    cmocka_unit_test(the_policy_lets_nothing_happen_but_what_the_page_brings),
	};

	if (argc > 1)
		return write_page(argv[1], argc > 2 ? strtoul(argv[2], NULL, 10) : 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
