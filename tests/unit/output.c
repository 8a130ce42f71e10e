/* tests/unit/output.c: what each format says of a result, byte for byte; the results are made by hand. */
#include "awget/output.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>

#include "helper.h"
#include "http/head.h"
#include "net/tls.h"

static const struct verdict no_verdict;

/* A result from its target and its head, whose lines must be fit to be parsed; what is not said is unknown. */
static void
result_make(struct result *r, const char *target, struct str head)
{
	static size_t n;
	struct str rest = head, name, value;

	result_init(r, ++n, str_of(target));
	r->time = 1795363200.0425; /* 2026-11-22T16:00:00Z and a bit */
	(void)!url_parse(&r->url, r->target, NULL, NULL);
	buf_str(&r->head, head);
	r->head_n = head.n;
	while (rest.n) {
		const char *lf = memchr(rest.s, '\n', rest.n);
		struct str line = {rest.s, lf ? (size_t)(lf - rest.s) : rest.n};
		uint32_t at = (uint32_t)(rest.s - head.s);
		struct head_status status;
		struct field *f;

		rest.s += line.n + 1, rest.n -= line.n + 1;
		if (line.n && line.s[line.n - 1] == '\r')
			line.n--;
		if (!at) {
			assert_int_equal(head_status(line, &status, NULL), 0);
			r->minor = status.minor;
			r->status = status.code;
			r->reason = (uint32_t)(status.reason.s - head.s);
			r->reason_n = (uint32_t)status.reason.n;
		} else if (line.n && head_field(line, &name, &value) == HEAD_FOLD) {
			f = &r->fields[r->nfields - 1];
			f->value_n = (uint32_t)(value.s - head.s) + (uint32_t)value.n - f->value;
			f->folded = true;
		} else if (line.n) {
			*result_add_field(r) = (struct field){.name = (uint32_t)(name.s - head.s), .name_n = (uint32_t)name.n,
				.value = (uint32_t)(value.s - head.s), .value_n = (uint32_t)value.n};
		}
	}
}

/* Shows the head as a fetch does, first whole, then as it would come line by line. */
static void
show_lines(const struct output *format, const struct result *r, bool whole)
{
	struct str rest = buf_view(&r->head);

	while (format->lines && rest.n) {
		const char *lf = whole ? rest.s + rest.n - 1 : memchr(rest.s, '\n', rest.n);
		struct str lines = {rest.s, (size_t)(lf - rest.s) + 1};

		rest.s += lines.n, rest.n -= lines.n;
		format->lines(r, lines);
	}
}

/* The whole of what a format says of r. */
static void
expect_shown(const struct output *format, struct output_style style, const struct result *r, struct str want)
{
	output_style = style;
	for (int whole = 0; whole < 2; whole++) {
		output_results.n = 0;
		if (format->start)
			format->start(r->label);
		show_lines(format, r, whole);
		if (format->done)
			format->done(r, &no_verdict);
		expect_str(r->target, buf_view(&output_results), want);
	}
	output_results.n = 0;
}

/* The response of another result, and its URL, which end there. */
static void
take_response(struct result *r, struct result *from)
{
	url_clear(&r->url);
	url_move(&r->url, &from->url);
	for (size_t i = 0; i < from->nfields; i++)
		*result_add_field(r) = from->fields[i];
	r->head = from->head;
	r->head_n = from->head_n;
	r->minor = from->minor;
	r->status = from->status;
	r->reason = from->reason;
	r->reason_n = from->reason_n;
	from->head = (struct buf){0};
	result_clear(from);
}

#define HEAD "HTTP/1.1 200 OK\r\nServer: nginx\r\nX-Empty:\r\n\r\n"

/* Is this somewhere in the results? */
static void
expect_part(const char *want)
{
	if (!strstr(buf_cstr(&output_results), want))
		fail_msg("%s is not in %s", want, output_results.s);
}

/* From http://a.test/ over http://a.test/x to https://b.test/. */
static void
make_chain(struct result *r)
{
	struct result next;

	result_make(r, "a.test", STR("HTTP/1.1 301 Moved\r\nLocation: /x\r\nA: b\r\n c\r\n\r\n"));
	assert_true(addr_parse(&r->peer, "192.0.2.1", 80));
	result_push_hop(r);
	result_make(&next, "a.test/x", STR("HTTP/1.0 302\nLocation: \xff\n\n"));
	take_response(r, &next);
	result_push_hop(r);
	result_make(&next, "https://b.test", STR(HEAD));
	take_response(r, &next);
}

/* --- text --- */

static void
text_is_a_line_for_each_line(void **state)
{
	static const struct {
		const char *target;
		struct str head, want;
	} rows[] = {
		{"www.sohu.com", STR(HEAD), STR(
			"wget www.sohu.com...\n"
			"www.sohu.com header > HTTP/1.1 200 OK\n"
			"www.sohu.com header > Server: nginx\n"
			"www.sohu.com header > X-Empty:\n"
			"Done www.sohu.com.\n")},
		{"HTTP://A.test:81/x?y", STR("HTTP/1.0 404 Not here\n\n"), STR(
			"wget HTTP://A.test:81/x?y...\n"
			"HTTP://A.test:81/x?y header > HTTP/1.0 404 Not here\n"
			"Done HTTP://A.test:81/x?y.\n")},
		/* white space at the ends of lines is not shown, what else there is is */
		{"a", STR("HTTP/1.1 200 \nA:  b\t \n c \t\nno colon\n : x\n \n\n"), STR(
			"wget a...\n"
			"a header > HTTP/1.1 200\n"
			"a header > A:  b\n"
			"a header >  c\n"
			"a header > no colon\n"
			"a header >  : x\n"
			"a header > \n"
			"Done a.\n")},
		/* nothing reaches a terminal that could do harm there */
		{"a", STR("HTTP/1.1 200 \x1b[31m\x7f\nA\0: \x9b\xc2\x9b\xc3\xa9\xff\rB: c\nC: \t.\n\n"), STR(
			"wget a...\n"
			"a header > HTTP/1.1 200 \\x1b[31m\\x7f\n"
			"a header > A\\x00: \\x9b\\xc2\\x9b\xc3\xa9\\xff\\x0dB: c\n"
			"a header > C: \\x09.\n"
			"Done a.\n")},
		{"a\x1b]0;x\a", STR("HTTP/1.1 200\n\n"), STR(
			"wget a\\x1b]0;x\\x07...\n"
			"a\\x1b]0;x\\x07 header > HTTP/1.1 200\n"
			"Done a\\x1b]0;x\\x07.\n")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct result r;

		result_make(&r, rows[i].target, rows[i].head);
		expect_shown(&out_text, (struct output_style){0}, &r, rows[i].want);
		result_clear(&r);
	}
}

static void
failed_target_is_not_done(void **state)
{
	struct result r;

	(void)state;
	result_make(&r, "a", STR("HTTP/1.1 200 OK\r\nA: b\r\n"));
	err_set(&r.err, ERR_CLOSED, "connection closed inside the response head");
	expect_shown(&out_text, (struct output_style){0}, &r, STR("wget a...\na header > HTTP/1.1 200 OK\na header > A: b\n"));
	expect_shown(&out_text, (struct output_style){.group = true}, &r,
		STR("wget a...\na header > HTTP/1.1 200 OK\na header > A: b\n"));
	expect_shown(&out_text, (struct output_style){.group = true, .quiet = true}, &r,
		STR("a header > HTTP/1.1 200 OK\na header > A: b\n"));
	result_clear(&r);
	/* what was no status line is not shown as if it were */
	result_init(&r, 1001, STR("b"));
	buf_str(&r.head, STR("HTTP/2 200\r\n"));
	r.head_n = r.head.n;
	err_set(&r.err, ERR_NOT_HTTP, "malformed status line");
	expect_shown(&out_text, (struct output_style){.group = true}, &r, STR("wget b...\n"));
	result_clear(&r);
}

static void
quiet_leaves_the_header_lines(void **state)
{
	static const struct str want = STR("a header > HTTP/1.1 200 OK\na header > Server: nginx\na header > X-Empty:\n");
	struct result r;

	(void)state;
	result_make(&r, "a", STR(HEAD));
	expect_shown(&out_text, (struct output_style){.quiet = true}, &r, want);
	expect_shown(&out_text, (struct output_style){.quiet = true, .group = true}, &r, want);
	result_clear(&r);
}

static void
group_holds_all_back_until_done(void **state)
{
	struct result r;

	(void)state;
	result_make(&r, "a", STR(HEAD));
	buf_str(&r.head, STR("bytes of the body"));
	output_style = (struct output_style){.group = true};
	output_results.n = 0;
	out_text.start(r.target);
	out_text.lines(&r, STR("HTTP/1.1 200 OK\n"));
	assert_int_equal(output_results.n, 0);
	out_text.done(&r, &no_verdict);
	expect_str(STR("group"), buf_view(&output_results), STR(
		"wget a...\n"
		"a header > HTTP/1.1 200 OK\n"
		"a header > Server: nginx\n"
		"a header > X-Empty:\n"
		"Done a.\n"));
	output_results.n = 0;
	result_clear(&r);
}

static void
lines_of_targets_interleave_under_their_own_names(void **state)
{
	struct result a, b;

	(void)state;
	result_make(&a, "a", STR(HEAD));
	result_make(&b, "b", STR(HEAD));
	output_style = (struct output_style){0};
	output_results.n = 0;
	out_text.lines(&a, STR("1\n"));
	out_text.lines(&b, STR("2\n"));
	out_text.lines(&b, STR("3\n"));
	out_text.lines(&a, STR("4\n"));
	expect_str(STR("lines"), buf_view(&output_results), STR("a header > 1\nb header > 2\nb header > 3\na header > 4\n"));
	output_results.n = 0;
	result_clear(&a);
	result_clear(&b);
}

static void
color_is_that_of_the_status_class(void **state)
{
	static const struct {
		struct str head, want;
	} rows[] = {
		{STR("HTTP/1.1 200 OK\nA: b\n\n"),
			STR("a header > \033[1m\033[32mHTTP/1.1 200 OK\033[0m\na header > \033[36mA\033[0m: b\n")},
		{STR("HTTP/1.1 101 x\n\n"), STR("a header > \033[1m\033[35mHTTP/1.1 101 x\033[0m\n")},
		{STR("HTTP/1.1 302 x\n\n"), STR("a header > \033[1m\033[36mHTTP/1.1 302 x\033[0m\n")},
		{STR("HTTP/1.1 404 x\n\n"), STR("a header > \033[1m\033[33mHTTP/1.1 404 x\033[0m\n")},
		{STR("HTTP/1.1 599 x\n\n"), STR("a header > \033[1m\033[31mHTTP/1.1 599 x\033[0m\n")},
		{STR("HTTP/1.1 600 x\n\n"), STR("a header > \033[1m\033[31mHTTP/1.1 600 x\033[0m\n")},
		{STR("HTTP/1.1 999 x\n\n"), STR("a header > \033[1m\033[31mHTTP/1.1 999 x\033[0m\n")},
		/* folds and lines without a name are plain; control bytes are shown in colour too */
		{STR("HTTP/1.1 200 \x1b\nX\x1b: \x1b\n a: b\nnone\n: x\n\n"),
			STR("a header > \033[1m\033[32mHTTP/1.1 200 \\x1b\033[0m\n"
			    "a header > \033[36mX\\x1b\033[0m: \\x1b\n"
			    "a header >  a: b\n"
			    "a header > none\n"
			    "a header > : x\n")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct result r;

		result_make(&r, "a", rows[i].head);
		expect_shown(&out_text, (struct output_style){.color = true, .quiet = true}, &r, rows[i].want);
		result_clear(&r);
	}
}

static void
group_and_raw_begin_with_the_hops(void **state)
{
	struct result r;

	(void)state;
	make_chain(&r);
	r.label = STR("a.test@192.0.2.1");
	expect_shown(&out_text, (struct output_style){.group = true}, &r, STR(
		"wget a.test@192.0.2.1...\n"
		"a.test@192.0.2.1 header > HTTP/1.1 301 Moved\n"
		"a.test@192.0.2.1 header > Location: /x\n"
		"a.test@192.0.2.1 header > A: b\n"
		"a.test@192.0.2.1 header >  c\n"
		"a.test@192.0.2.1 header > HTTP/1.0 302\n"
		"a.test@192.0.2.1 header > Location: \\xff\n"
		"a.test@192.0.2.1 header > HTTP/1.1 200 OK\n"
		"a.test@192.0.2.1 header > Server: nginx\n"
		"a.test@192.0.2.1 header > X-Empty:\n"
		"Done a.test@192.0.2.1.\n"));
	expect_shown(&out_raw, (struct output_style){0}, &r, STR(
		"HTTP/1.1 301 Moved\r\nLocation: /x\r\nA: b\r\n c\r\n\r\n"
		"HTTP/1.0 302\nLocation: \xff\n\n"
		HEAD));
	expect_shown(&out_raw, (struct output_style){.terminal = true}, &r, STR(
		"HTTP/1.1 301 Moved\nLocation: /x\nA: b\n c\n\n"
		"HTTP/1.0 302\nLocation: \\xff\n\n"
		"HTTP/1.1 200 OK\nServer: nginx\nX-Empty:\n\n"));
	/* a chain that failed shows how far it came */
	result_push_hop(&r);
	err_set(&r.err, ERR_CONNECT_REFUSED, "connection refused");
	expect_shown(&out_raw, (struct output_style){0}, &r, STR(
		"HTTP/1.1 301 Moved\r\nLocation: /x\r\nA: b\r\n c\r\n\r\n"
		"HTTP/1.0 302\nLocation: \xff\n\n"
		HEAD));
	result_clear(&r);
}

static void
addresses_of_a_target_have_lines_of_their_own(void **state)
{
	struct result a, b;

	(void)state;
	result_make(&a, "a", STR(HEAD));
	result_make(&b, "a", STR(HEAD));
	b.n = a.n;
	a.label = STR("a@192.0.2.1");
	b.label = STR("a@2001:db8::1");
	output_style = (struct output_style){0};
	output_results.n = 0;
	out_text.lines(&a, STR("1\n"));
	out_text.lines(&b, STR("2\n"));
	out_text.lines(&a, STR("3\n"));
	expect_str(STR("lines"), buf_view(&output_results),
		STR("a@192.0.2.1 header > 1\na@2001:db8::1 header > 2\na@192.0.2.1 header > 3\n"));
	output_results.n = 0;
	result_clear(&a);
	result_clear(&b);
}

/* --- raw and none --- */

static void
raw_is_the_head_as_it_came(void **state)
{
	static const struct {
		struct str head, want, on_terminal;
	} rows[] = {
		{STR(HEAD), STR(HEAD), STR("HTTP/1.1 200 OK\nServer: nginx\nX-Empty:\n\n")},
		{STR("HTTP/1.1 200 \x1b[m\nA\0: \xff\r\n b\n\n"), STR("HTTP/1.1 200 \x1b[m\nA\0: \xff\r\n b\n\n"),
			STR("HTTP/1.1 200 \\x1b[m\nA\\x00: \\xff\n b\n\n")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct result r;

		result_make(&r, "a", rows[i].head);
		buf_str(&r.head, STR("the body is not shown"));
		output_style = (struct output_style){0};
		out_raw.done(&r, &no_verdict);
		expect_str(rows[i].head, buf_view(&output_results), rows[i].want);
		output_results.n = 0;
		output_style.terminal = true;
		out_raw.done(&r, &no_verdict);
		expect_str(rows[i].head, buf_view(&output_results), rows[i].on_terminal);
		output_results.n = 0;
		result_clear(&r);
	}
}

static void
raw_shows_nothing_that_is_no_head(void **state)
{
	struct result r;

	(void)state;
	result_init(&r, 1, STR("a"));
	buf_str(&r.head, STR("SSH-2.0-x\r\n"));
	r.head_n = r.head.n;
	err_set(&r.err, ERR_NOT_HTTP, "not an HTTP response");
	expect_shown(&out_raw, (struct output_style){0}, &r, STR(""));
	expect_shown(&out_none, (struct output_style){0}, &r, STR(""));
	result_clear(&r);
}

/* --- JSON --- */

#define BEGIN "{\"schema\":1,\"n\":5,\"target\":"
#define UNKNOWN ",\"tag\":null,\"url\":null,\"address\":null,\"port\":null,\"http_version\":null,\"status\":null,\"reason\":null" \
	",\"headers\":[],\"hops\":[],\"tls\":null,\"proxy\":null,\"attempts\":1,\"timing\":{\"dns\":null,\"connect\":null," \
	"\"tls\":null,\"first_byte\":null,\"total\":null},\"time\":\"2026-11-22T16:00:00.042Z\",\"checks\":[]"

static void
json_has_every_key_in_order(void **state)
{
	struct result r;

	(void)state;
	result_make(&r, "A.test:8080/x", STR(HEAD));
	r.n = 12345;
	assert_true(addr_parse(&r.peer, "2001:db8::1", 8080));
	r.timing = (struct timing){.dns = 0.001, .connect = 0.0120004, .tls = NAN, .first_byte = 0.9999996, .total = 61.5};
	expect_shown(&out_json, (struct output_style){0}, &r, STR(
		"{\"schema\":1,\"n\":12345,\"target\":\"A.test:8080/x\",\"tag\":null,\"url\":\"http://A.test:8080/x\","
		"\"address\":\"2001:db8::1\",\"port\":8080,\"http_version\":\"1.1\",\"status\":200,\"reason\":\"OK\","
		"\"headers\":[{\"name\":\"Server\",\"value\":\"nginx\"},{\"name\":\"X-Empty\",\"value\":\"\"}],\"hops\":[],"
		"\"tls\":null,\"proxy\":null,\"attempts\":1,\"timing\":{\"dns\":0.001000,\"connect\":0.012000,\"tls\":null,"
		"\"first_byte\":1.000000,\"total\":61.500000},\"time\":\"2026-11-22T16:00:00.042Z\",\"checks\":[],"
		"\"error\":null}\n"));
	result_clear(&r);
}

static void
json_says_null_of_what_is_unknown(void **state)
{
	static const struct {
		enum err_kind kind;
		enum phase phase;
		const char *text;
		struct str error;
	} rows[] = {
		{ERR_INPUT, PHASE_NONE, "no host",
			STR("{\"kind\":\"input\",\"phase\":null,\"message\":\"no host\",\"local\":false}")},
		{ERR_LOCAL, PHASE_CONNECT, "\"x\" \\ y",
			STR("{\"kind\":\"local\",\"phase\":\"connect\",\"message\":\"\\\"x\\\" \\\\ y\",\"local\":true}")},
		{ERR_CANCELED, PHASE_DNS, "interrupted",
			STR("{\"kind\":\"interrupted\",\"phase\":\"dns\",\"message\":\"interrupted\",\"local\":false}")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf want = {0};
		struct result r;

		result_init(&r, 5, STR("?"));
		r.time = 1795363200.0425;
		r.phase = rows[i].phase;
		err_set(&r.err, rows[i].kind, "%s", rows[i].text);
		buf_str(&want, STR(BEGIN "\"?\"" UNKNOWN ",\"error\":"));
		buf_str(&want, rows[i].error);
		buf_str(&want, STR("}\n"));
		expect_shown(&out_json, (struct output_style){0}, &r, buf_view(&want));
		buf_clear(&want);
		result_clear(&r);
	}
}

static void
json_strings_are_utf8_without_control_bytes(void **state)
{
	static const struct {
		struct str in, out;
	} rows[] = {
		{STR(""), STR("")},
		{STR("plain ~"), STR("plain ~")},
		{STR("\"\\/"), STR("\\\"\\\\/")},
		{STR("\b\f\n\r\t"), STR("\\b\\f\\n\\r\\t")},
		{STR("bfnrt"), STR("bfnrt")},
		{STR("a\0b\x01\x1f\x7f"), STR("a\\u0000b\\u0001\\u001f\\u007f")},
		{STR("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x99\x82"), STR("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x99\x82")},
		{STR("\xc2\x80\xc2\x9f\xc2\xa0"), STR("\\u0080\\u009f\xc2\xa0")},
		/* not UTF-8: each byte is a character */
		{STR("\xe9"), STR("\\u00e9")},
		{STR("\xc3\xa9\xff"), STR("\\u00c3\\u00a9\\u00ff")},
		{STR("\xc2"), STR("\\u00c2")},
		{STR("\xed\xa0\x80"), STR("\\u00ed\\u00a0\\u0080")},
		{STR("\xc0\x80"), STR("\\u00c0\\u0080")},
		{STR("\xf4\x90\x80\x80"), STR("\\u00f4\\u0090\\u0080\\u0080")},
		{STR("\x9b\"\n"), STR("\\u009b\\\"\\n")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf want = {0};
		struct result r;

		result_init(&r, 5, guarded(rows[i].in));
		r.time = 1795363200.0425;
		buf_str(&want, STR(BEGIN "\""));
		buf_str(&want, rows[i].out);
		buf_str(&want, STR("\"" UNKNOWN ",\"error\":null}\n"));
		expect_shown(&out_json, (struct output_style){0}, &r, buf_view(&want));
		buf_clear(&want);
		result_clear(&r);
	}
}

static void
json_headers_keep_names_order_and_repeats(void **state)
{
	static const struct {
		struct str fields, want;
	} rows[] = {
		{STR("b: 1\na: 2\nB: 3\n"),
			STR("{\"name\":\"b\",\"value\":\"1\"},{\"name\":\"a\",\"value\":\"2\"},{\"name\":\"B\",\"value\":\"3\"}")},
		{STR("no colon\n"), STR("{\"name\":\"\",\"value\":\"no colon\"}")},
		/* folds become one space, whatever is around them */
		{STR("a: 1\r\n 2\r\n"), STR("{\"name\":\"a\",\"value\":\"1 2\"}")},
		{STR("a: 1 \t\r\n \t2\n\t3\r\nb: 4\r\n"),
			STR("{\"name\":\"a\",\"value\":\"1 2 3\"},{\"name\":\"b\",\"value\":\"4\"}")},
		{STR("a:\r\n 2\r\n"), STR("{\"name\":\"a\",\"value\":\" 2\"}")},
		{STR("a: \xff\r\n \xfe\r\n"),
			STR("{\"name\":\"a\",\"value\":\"\\u00ff \\u00fe\",\"b64\":\"/yD+\"}")},
		/* all three lengths of the last group */
		{STR("a: \xff\n"), STR("{\"name\":\"a\",\"value\":\"\\u00ff\",\"b64\":\"/w==\"}")},
		{STR("a: \xff.\n"), STR("{\"name\":\"a\",\"value\":\"\\u00ff.\",\"b64\":\"/y4=\"}")},
		{STR("a: \xff..\n"), STR("{\"name\":\"a\",\"value\":\"\\u00ff..\",\"b64\":\"/y4u\"}")},
		{STR("a: \xfb\xff\xbf...\n"), STR("{\"name\":\"a\",\"value\":\"\\u00fb\\u00ff\\u00bf...\",\"b64\":\"+/+/Li4u\"}")},
		{STR("\xff: \xc3\xa9\n"), STR("{\"name\":\"\\u00ff\",\"value\":\"\xc3\xa9\"}")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf head = {0}, want = {0};
		struct result r;
		const char *headers;

		buf_str(&head, STR("HTTP/1.0 200\n"));
		buf_str(&head, rows[i].fields);
		buf_str(&head, STR("\n"));
		result_make(&r, "a", buf_view(&head));
		out_json.done(&r, &no_verdict);
		headers = strstr(buf_cstr(&output_results), ",\"headers\":[");
		assert_non_null(headers);
		buf_str(&want, rows[i].want);
		buf_str(&want, STR("],\"hops\""));
		expect_str(rows[i].fields, (struct str){headers + 12, want.n}, buf_view(&want));
		output_results.n = 0;
		buf_clear(&head);
		buf_clear(&want);
		result_clear(&r);
	}
}

static void
json_times_are_utc_to_the_millisecond(void **state)
{
	static const struct {
		double time;
		const char *want;
	} rows[] = {
		{0, "1970-01-01T00:00:00.000Z"},
		{1795363200.9999, "2026-11-22T16:00:00.999Z"},
		{1795363201, "2026-11-22T16:00:01.000Z"},
		{4102444799.5, "2099-12-31T23:59:59.500Z"},
		{1709210096.25, "2024-02-29T12:34:56.250Z"},
		{0, "1970-01-01T00:00:00.000Z"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char want[64];
		struct result r;

		result_init(&r, 1, STR("a"));
		r.time = rows[i].time;
		out_json.done(&r, &no_verdict);
		snprintf(want, sizeof want, ",\"time\":\"%s\",", rows[i].want);
		if (!strstr(buf_cstr(&output_results), want))
			fail_msg("%s is not in %s", want, output_results.s);
		output_results.n = 0;
		result_clear(&r);
	}
}

static void
json_knows_the_way_to_the_answer(void **state)
{
	struct result r;

	(void)state;
	make_chain(&r);
	r.tag = STR("a \"tag\"\xff");
	r.proxy = "socks5h://p.test:1080";
	r.attempts = 3;
	out_json.done(&r, &no_verdict);
	expect_part(",\"tag\":\"a \\\"tag\\\"\\u00ff\",");
	expect_part(",\"url\":\"https://b.test/\",\"address\":null,");
	expect_part(",\"headers\":[{\"name\":\"Server\",\"value\":\"nginx\"},{\"name\":\"X-Empty\",\"value\":\"\"}],"
		"\"hops\":[{\"url\":\"http://a.test/\",\"address\":\"192.0.2.1\",\"status\":301,\"headers\":["
		"{\"name\":\"Location\",\"value\":\"/x\"},{\"name\":\"A\",\"value\":\"b c\"}]},"
		"{\"url\":\"http://a.test/x\",\"address\":null,\"status\":302,\"headers\":["
		"{\"name\":\"Location\",\"value\":\"\\u00ff\",\"b64\":\"/w==\"}]}],\"tls\":null,"
		"\"proxy\":\"socks5h://p.test:1080\",\"attempts\":3,\"timing\":");
	output_results.n = 0;
	/* an empty tag is one */
	r.tag = STR("");
	out_json.done(&r, &no_verdict);
	expect_part(",\"tag\":\"\",");
	output_results.n = 0;
	result_clear(&r);
}

static void
json_tells_of_tls(void **state)
{
	static const char *names[] = {"a.test", "*.a.test", "\"\xff", "192.0.2.1"};
	static const struct {
		struct tls_info info;
		const char *want;
	} rows[] = {
		{{.not_after = NAN}, "{\"version\":null,\"cipher\":null,\"alpn\":null,\"verify\":null,\"issuer\":null,"
			"\"subject\":null,\"names\":[],\"not_after\":null,\"days\":null}"},
		{{.version = "TLSv1.3", .cipher = "TLS_X", .alpn = "http/1.1", .verify = "ok", .issuer = "CN=CA", .subject = "CN=\\\"a",
			.names = names, .nnames = ROWS(names), .not_after = 1795363200 + 10 * 86400.},
			"{\"version\":\"TLSv1.3\",\"cipher\":\"TLS_X\",\"alpn\":\"http/1.1\",\"verify\":\"ok\","
			"\"issuer\":\"CN=CA\",\"subject\":\"CN=\\\\\\\"a\","
			"\"names\":[\"a.test\",\"*.a.test\",\"\\\"\\u00ff\",\"192.0.2.1\"],"
			"\"not_after\":\"2026-12-02T16:00:00Z\",\"days\":9}"}, /* a bit is gone already */
		{{.verify = "the certificate expired on 2026-11-21", .not_after = 1795363200 - 86400.},
			"{\"version\":null,\"cipher\":null,\"alpn\":null,"
			"\"verify\":\"the certificate expired on 2026-11-21\",\"issuer\":null,\"subject\":null,\"names\":[],"
			"\"not_after\":\"2026-11-21T16:00:00Z\",\"days\":-2}"},
		{{.not_after = 253402300799.}, "{\"version\":null,\"cipher\":null,\"alpn\":null,\"verify\":null,"
			"\"issuer\":null,\"subject\":null,\"names\":[],\"not_after\":\"9999-12-31T23:59:59Z\",\"days\":2912117}"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf want = {0};
		struct result r;

		result_init(&r, 1, STR("a"));
		r.time = 1795363200.0425;
		r.tls = malloc(sizeof *r.tls);
		*r.tls = rows[i].info;
		out_json.done(&r, &no_verdict);
		buf_printf(&want, ",\"tls\":%s,\"proxy\":null,", rows[i].want);
		expect_part(buf_cstr(&want));
		output_results.n = 0;
		buf_clear(&want);
		result_clear(&r);
	}
}

/* --- the streams --- */

/* --- csv and changes --- */

static void
csv_is_a_row_at_the_end_of_a_chain(void **state)
{
	static const char names[] = "n,target,tag,address,status,reason,error_kind,error,total,checks_failed\r\n";
	const struct options o = {0};
	struct buf want = {0};
	struct result r;

	(void)state;
	output_results.n = 0;
	out_csv.begin(&o);
	expect_str(STR("begin"), buf_view(&output_results), str_of(names));
	assert_null(out_csv.start);
	assert_null(out_csv.lines);
	make_chain(&r);
	r.label = STR("a.test@192.0.2.1"); /* a program wants the target */
	r.timing.total = 1.5;
	buf_printf(&want, "%zu,a.test,,,200,OK,,,1.500000,0\r\n", r.n);
	expect_shown(&out_csv, (struct output_style){.group = true, .quiet = true, .color = true}, &r, buf_view(&want));
	/* a failure is no failed check, and has whatever was there before it */
	want.n = 0;
	r.tag = STR("x");
	r.timing.total = NAN;
	err_set(&r.err, ERR_CLOSED, "closed, too \"early\"");
	buf_printf(&want, "%zu,a.test,x,,200,OK,closed,\"closed, too \"\"early\"\"\",,0\r\n", r.n);
	expect_shown(&out_csv, (struct output_style){0}, &r, buf_view(&want));
	buf_clear(&want);
	result_clear(&r);
}

static void
changes_are_lines_under_the_target_s_name(void **state)
{
	static struct change list[] = {
		{"status", {"", 0}, STR("200"), STR("404")},
		{"header", STR("Server"), STR("nginx/1"), STR("nginx/2\x1b[m")},
		{"header", STR("X-New"), {NULL, 0}, STR("a b")},
		{"header", STR("X-Old"), STR(""), {NULL, 0}},
	};
	static const struct {
		const char *label;
		struct changes changes;
		struct str want;
	} rows[] = {
		{"a", {.n = 0}, STR("")},
		{"a", {.v = list, .n = 1}, STR("a change > - status 200\na change > + status 404\n")},
		{"a.test:81@192.0.2.1", {.v = list + 2, .n = 2}, STR(
			"a.test:81@192.0.2.1 change > + X-New: a b\n"
			"a.test:81@192.0.2.1 change > - X-Old: \n")},
		/* nothing reaches a terminal that could do harm there */
		{"a\n\x1b[m", {.v = list + 1, .n = 1}, STR(
			"a\\x0a\\x1b[m change > - Server: nginx/1\n"
			"a\\x0a\\x1b[m change > + Server: nginx/2\\x1b[m\n")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct result r;

		result_make(&r, "target", STR(HEAD));
		r.label = str_of(rows[i].label);
		output_results.n = 0;
		out_changes.done(&r, &(struct verdict){.changes = &rows[i].changes});
		expect_str(r.label, buf_view(&output_results), rows[i].want);
		/* what could not be compared has no changes at all */
		expect_shown(&out_changes, (struct output_style){0}, &r, STR(""));
		result_clear(&r);
	}
}

static void
formats_are_found_by_name(void **state)
{
	struct buf names = {0};

	(void)state;
	assert_ptr_equal(output_find("text"), &out_text);
	assert_ptr_equal(output_find("json"), &out_json);
	assert_ptr_equal(output_find("csv"), &out_csv);
	assert_ptr_equal(output_find("raw"), &out_raw);
	assert_ptr_equal(output_find("none"), &out_none);
	assert_null(output_find(""));
	assert_null(output_find("TEXT"));
	assert_null(output_find("jso"));
	/* which other options choose */
	assert_null(output_find("changes"));
	assert_null(output_find(out_write.name));
	/* the list in messages is that of the table */
	for (char *copy = test_malloc(sizeof OUTPUT_FORMATS), *save, *word = strtok_r(strcpy(copy, OUTPUT_FORMATS), ", ", &save);
	     word || (test_free(copy), false); word = strtok_r(NULL, ", ", &save)) {
		assert_non_null(output_find(word));
		buf_printf(&names, "%s, ", word);
	}
	names.n -= 2;
	expect_str(STR("formats"), buf_view(&names), STR(OUTPUT_FORMATS));
	buf_clear(&names);
}

static void
messages_name_the_target_and_are_one_line(void **state)
{
	static const struct {
		struct str target;
		const char *sentence;
		struct str want;
	} rows[] = {
		{STR("a:81"), "empty reply", STR("awget: a:81: empty reply\n")},
		{{0}, "no target", STR("awget: no target\n")},
		{STR(""), "no host", STR("awget: '': no host\n")},
		{STR("a\nb\x1b[m\0"), "no", STR("awget: a\\x0ab\\x1b[m\\x00: no\n")},
	};
	struct str target = repeated('x', 201);
	struct buf want = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		output_messages.n = 0;
		output_error(rows[i].target, rows[i].sentence);
		expect_str(rows[i].target, buf_view(&output_messages), rows[i].want);
	}
	output_messages.n = 0;
	buf_printf(&want, "awget: %.200s...: long\nawget: %.200s: not\n", target.s, target.s);
	output_error(target, "long");
	target.n = 200;
	output_error(target, "not");
	expect_str(STR("long"), buf_view(&output_messages), buf_view(&want));
	output_messages.n = 0;
	buf_clear(&want);
	free((void *)target.s);
}

/* What is in the file from the beginning. */
static void
expect_file(const char *path, const char *want)
{
	char got[256];
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, got, sizeof got - 1);

	assert_true(n >= 0);
	close(fd);
	got[n] = '\0';
	assert_string_equal(got, want);
}

static void
results_go_to_the_file_that_is_asked_for(void **state)
{
	char path[] = "/tmp/awget-output.XXXXXX";
	struct options o = {.output = path};
	struct err e;
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(write(fd, "old\n", 4), 4);
	close(fd);
	o.append = true;
	assert_int_equal(output_open(&o, &e), 0);
	assert_string_equal(output_name(), path);
	buf_str(&output_results, STR("more\n"));
	expect_file(path, "old\n");
	output_flush();
	expect_file(path, "old\nmore\n");
	buf_str(&output_results, STR("last\n"));
	assert_int_equal(output_close(), 0);
	expect_file(path, "old\nmore\nlast\n");
	o.append = false;
	assert_int_equal(output_open(&o, &e), 0);
	assert_int_equal(output_close(), 0);
	expect_file(path, "");
	unlink(path);
}

static void
dash_is_standard_output(void **state)
{
	const struct options o = {.output = "-"};
	struct err e;
	int out = dup(STDOUT_FILENO);

	(void)state;
	assert_int_equal(output_open(&o, &e), 0);
	assert_string_equal(output_name(), "standard output");
	assert_int_equal(access("-", F_OK), -1);
	assert_int_equal(output_close(), 0);
	assert_int_equal(dup2(out, STDOUT_FILENO), STDOUT_FILENO);
	close(out);
}

static void
file_that_cannot_be_opened_is_named(void **state)
{
	const struct options o = {.output = "/nonexistent/dir/file"};
	struct err e = {0};

	(void)state;
	assert_int_equal(output_open(&o, &e), -1);
	expect_err(STR("open"), &e, ERR_LOCAL);
	assert_string_equal(e.text, "cannot write /nonexistent/dir/file: No such file or directory");
}

static void
full_disk_is_remembered(void **state)
{
	const struct options o = {.output = "/dev/full"};
	struct err e = {0};

	(void)state;
	assert_int_equal(output_open(&o, &e), 0);
	buf_str(&output_results, STR("x\n"));
	assert_int_equal(output_failed(), 0);
	output_flush();
	assert_int_equal(output_failed(), ENOSPC);
	buf_str(&output_results, STR("y\n")); /* dropped: what follows a gap is of no use */
	output_flush();
	assert_int_equal(output_results.n, 0);
	assert_int_equal(output_close(), ENOSPC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_a_line_for_each_line),
		cmocka_unit_test(failed_target_is_not_done),
		cmocka_unit_test(quiet_leaves_the_header_lines),
		cmocka_unit_test(group_holds_all_back_until_done),
		cmocka_unit_test(lines_of_targets_interleave_under_their_own_names),
		cmocka_unit_test(color_is_that_of_the_status_class),
		cmocka_unit_test(group_and_raw_begin_with_the_hops),
		cmocka_unit_test(addresses_of_a_target_have_lines_of_their_own),
		cmocka_unit_test(raw_is_the_head_as_it_came),
		cmocka_unit_test(raw_shows_nothing_that_is_no_head),
		cmocka_unit_test(json_has_every_key_in_order),
		cmocka_unit_test(json_says_null_of_what_is_unknown),
		cmocka_unit_test(json_strings_are_utf8_without_control_bytes),
		cmocka_unit_test(json_headers_keep_names_order_and_repeats),
		cmocka_unit_test(json_times_are_utc_to_the_millisecond),
		cmocka_unit_test(json_knows_the_way_to_the_answer),
		cmocka_unit_test(json_tells_of_tls),
		cmocka_unit_test(csv_is_a_row_at_the_end_of_a_chain),
		cmocka_unit_test(changes_are_lines_under_the_target_s_name),
		cmocka_unit_test(formats_are_found_by_name),
		cmocka_unit_test(messages_name_the_target_and_are_one_line),
		cmocka_unit_test(dash_is_standard_output),
		cmocka_unit_test(results_go_to_the_file_that_is_asked_for),
		cmocka_unit_test(file_that_cannot_be_opened_is_named),
		cmocka_unit_test(full_disk_is_remembered), /* the last: it is remembered for good */
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
