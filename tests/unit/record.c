/* tests/unit/record.c: records of --json read back, and what is no record. */
#include "record/record.h"

#include <math.h>

#include "awget/output.h"
#include "base/base64.h"
#include "made.h"
#include "net/tls.h"
#include "record/parts.h"

static struct record_reader *
reader(void)
{
	struct err e = {0};
	struct record_reader *reader = record_reader_new(&e);

	if (!reader)
		fail_msg("%s", e.text);
	return reader;
}

/* A copy of s behind which RECORD_PADDING bytes may be read, of little sense. Valid until the next call. */
static struct str
padded(struct str s)
{
	static struct buf b;

	b.n = 0;
	buf_str(&b, s);
	while (b.n < s.n + RECORD_PADDING)
		buf_str(&b, STR("\"}]"));
	if (b.n > GUARDED_MAX)
		return (struct str){b.s, s.n};
	return (struct str){guarded((struct str){b.s, s.n + RECORD_PADDING}).s, s.n};
}

/* What --json says of r. Valid until the next call. */
static struct str
told(const struct result *r)
{
	static const struct verdict none;

	output_results.n = 0;
	out_json.done(r, &none);
	return buf_view(&output_results);
}

/* Every offset is inside of the head, and the fields are in order. */
static void
expect_consistent(struct str row, const struct buf *head, size_t head_n, const struct field *fields, size_t n)
{
	size_t at = 0;

	expect_int(row, head_n <= head->n, true);
	for (size_t i = 0; i < n; i++) {
		const struct field *f = &fields[i];

		expect_int(row, f->name >= at && (size_t)f->name + f->name_n <= f->value, true);
		at = (size_t)f->value + f->value_n;
		expect_int(row, at < head_n, true);
		expect_int(row, f->folded, false);
	}
}

/* Reads what --json says of r, of which *r is made; what is said of that is the same, byte for byte. Clears r. */
static void
expect_again(struct record_reader *reader, struct result *r)
{
	struct buf first = {0};
	struct result again;
	struct err e = {0};

	buf_str(&first, told(r));
	if (record_read(reader, padded(buf_view(&first)), &again, &e) != 0)
		fail_msg("%s: %s", e.text, buf_cstr(&first));
	expect_str(buf_view(&first), told(&again), buf_view(&first));
	expect_str(again.target, again.label, again.target);
	expect_consistent(again.target, &again.head, again.head_n, again.fields, again.nfields);
	for (size_t i = 0; i < again.nhops; i++)
		expect_consistent(again.target, &again.hops[i].head, again.hops[i].head_n, again.hops[i].fields,
		    again.hops[i].nfields);
	result_clear(&again);
	result_clear(r);
	buf_clear(&first);
}

/* A result with these lines as its fields, and what is usual. */
static void
make(struct result *r, const char *url, int status, struct str lines)
{
	made_result(r, status, lines);
	r->n = 7;
	r->time = 1795363200.0425; /* 2026-11-22T16:00:00Z and a bit */
	assert_int_equal(url_parse(&r->url, str_of(url), NULL, NULL), 0);
	r->timing = (struct timing){0, 0.001, 0.0125, NAN, 12.345678, 12.345679};
	r->attempts = 1;
}

static void
response_is_told_the_same_again(void **state)
{
	static const struct str rows[] = {
		STR(""),
		STR("Server: nginx\r\n"),
		STR("Empty:\r\nA:b\nA:  c  \r\na: d\r\n"),
		STR("no colon\r\n: no name\r\nName : value\r\n"),
		STR("Folded: a\r\n b\r\n\tc\r\nNext: d\r\n"),
		STR("Binary: \xff\xfe\r\nLatin: caf\xe9\r\nNul: a\0b\r\n"),
		STR("\xc3\xbf: \xc3\xa9\r\n\x01\xc2\x80: \x7f\x1b[0m\xc2\x80\r\n"),
		STR("Quotes: \"\\/\"\r\nCr: a\rb\r\n"),
		STR("a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\ng: 7\nh: 8\ni: 9\nj: 10\nk: 11\nl: 12\nm: 13\nn: 14\no: 15\np: 16\nq: 17\n"),
	};
	struct record_reader *rd = reader();

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct result r;

		make(&r, "https://example.org:8443/a?b=%20c", 200, rows[i]);
		expect_again(rd, &r);
	}
	record_reader_free(rd);
}

static void
head_of_many_lines_is_told_the_same_again(void **state)
{
	struct record_reader *rd = reader();
	struct buf lines = {0};
	struct result r;

	(void)state;
	for (int i = 0; lines.n < 20000; i++)
		buf_printf(&lines, "Name-%d: value %d\xff\r\n", i, i);
	make(&r, "example.org", 404, buf_view(&lines));
	expect_again(rd, &r);
	make(&r, "example.org", 404, STR("and: a short one\r\n"));
	expect_again(rd, &r);
	buf_clear(&lines);
	record_reader_free(rd);
}

static void
rest_of_a_result_is_told_the_same_again(void **state)
{
	struct record_reader *rd = reader();
	struct result r;

	(void)state;
	make(&r, "http://[fe80::1]/", 301, STR("Location: /\r\n"));
	r.target = STR("b\xc3\xbc" "cher.example \x7f");
	r.tag = STR("");
	r.n = (size_t)1 << 53;
	r.minor = 0;
	r.attempts = 4000000000;
	r.proxy = "socks5h://127.0.0.1:1080";
	assert_true(addr_parse(&r.peer, "fe80::1%7", 81));
	buf_str(&r.head, STR("Gone \xe2\x82\xac"));
	r.reason = (uint32_t)r.head.n - 8;
	r.reason_n = 8;
	expect_again(rd, &r);

	make(&r, "http://192.0.2.1:8080/", 200, STR(""));
	r.url.port = 65535;
	r.tag = STR("tag with blanks");
	r.timing = (struct timing){NAN, NAN, NAN, NAN, NAN, 0.000001};
	assert_true(addr_parse(&r.peer, "192.0.2.1", 65535));
	for (int ms = 0; ms < 1000; ms++) {
		struct buf first = {0};
		struct result again;

		r.time = 1795363200 + ms / 1e3 + 1e-6;
		buf_str(&first, told(&r));
		assert_int_equal(record_read(rd, padded(buf_view(&first)), &again, NULL), 0);
		expect_str(STR("time"), told(&again), buf_view(&first));
		result_clear(&again);
		buf_clear(&first);
	}
	result_clear(&r);
	record_reader_free(rd);
}

static void
chain_of_redirects_is_told_the_same_again(void **state)
{
	struct record_reader *rd = reader();
	struct result r, next;

	(void)state;
	make(&r, "http://a.test/", 301, STR("Location: https://b.test/x\r\nB: \xff\r\nA: a\r\n b\r\n"));
	assert_true(addr_parse(&r.peer, "192.0.2.1", 80));
	result_push_hop(&r);
	url_clear(&r.url);
	assert_int_equal(url_parse(&r.url, STR("https://b.test:444/x"), NULL, NULL), 0);
	r.status = 302;
	result_push_hop(&r);
	url_clear(&r.url);
	make(&next, "https://b.test/a-path-that-is-longer-than-what-an-url-keeps-in-itself", 200, STR("Server: x\r\n"));
	url_move(&r.url, &next.url);
	r.head = next.head;
	next.head = (struct buf){0};
	*result_add_field(&r) = next.fields[0];
	result_clear(&next);
	r.status = 200;
	r.minor = 1;
	r.time = 1795363200;
	expect_again(rd, &r);
	record_reader_free(rd);
}

static void
failure_of_each_kind_is_told_the_same_again(void **state)
{
	struct record_reader *rd = reader();
	struct result r;

	(void)state;
	for (int kind = ERR_NONE + 1; kind < ERR_KINDS; kind++) {
		result_init(&r, 1, STR("target"));
		r.time = 1795363200;
		r.phase = (enum phase)(kind % (PHASE_HEADERS + 1));
		err_set(&r.err, (enum err_kind)kind, "sentence with \"quotes\", \xc3\xbc and \x01 %s",
		    kind % 2 ? "" : "that is too long to be kept; that is too long to be kept; that is too long to be kept; that "
			"is too long to be kept; that is too long to be kept; that is too long to be kept; that is too long");
		expect_again(rd, &r);
	}
	make(&r, "http://a.test/", 200, STR("Server: x\r\n"));
	err_set(&r.err, ERR_CLOSED, "connection closed inside the response head");
	r.phase = PHASE_HEADERS;
	expect_again(rd, &r);
	record_reader_free(rd);
}

static void
tls_is_told_the_same_again(void **state)
{
	static const double days[] = {NAN, 0, 951782400, 1795363199, 1795363200, 4102444800, 253402300799, -86401, -62167219200};
	static const char *names[] = {"example.org", "*.example.org", "192.0.2.1", ""};
	struct record_reader *rd = reader();

	(void)state;
	for (size_t i = 0; i < ROWS(days); i++) {
		struct tls_info *info = calloc(1, sizeof *info);
		struct result r;

		make(&r, "https://example.org/", 200, STR("Server: x\r\n"));
		*info = (struct tls_info){
			.version = "TLSv1.3", .cipher = "TLS_AES_256_GCM_SHA384", .alpn = i % 2 ? "http/1.1" : NULL,
			.verify = i ? "the certificate is self-signed" : "ok", .issuer = "CN=\xc3\xbc,O=\"x\"",
			.subject = i % 2 ? NULL : "CN=x", .names = names, .nnames = i % 5, .not_after = days[i]};
		r.tls = info;
		r.timing.tls = 0.02;
		expect_again(rd, &r);
	}
	record_reader_free(rd);
}

/* --- what is read --- */

#define BEGIN "{\"schema\":1,\"n\":3,\"target\":\"t\","
#define REST "\"status\":200,\"headers\":[],\"error\":null}"

static void
response_gets_a_head_as_it_could_have_come(void **state)
{
	static const struct {
		struct str line, head;
	} rows[] = {
		{STR(BEGIN REST), STR("HTTP/1.1 200 \r\n\r\n")},
		{STR(BEGIN "\"http_version\":\"1.0\",\"reason\":\"OK\"," REST), STR("HTTP/1.0 200 OK\r\n\r\n")},
		{STR(BEGIN "\"reason\":\"\"," REST), STR("HTTP/1.1 200 \r\n\r\n")},
		{STR(BEGIN "\"status\":null," REST), STR("")},
		{STR(BEGIN "\"status\":null,\"headers\":[{\"name\":\"a\",\"value\":\"b\"}]," REST), STR("")},
		{STR(BEGIN "\"headers\":[{\"name\":\"A\",\"value\":\"b\"},{\"value\":\"\",\"name\":\"C\"},"
			"{\"name\":\"\",\"value\":\"no colon\"},{\"name\":\"\",\"value\":\"\"}]," REST),
			STR("HTTP/1.1 200 \r\nA: b\r\nC:\r\nno colon\r\n\r\n\r\n")},
		{STR(BEGIN "\"headers\":[{\"name\":\"A\",\"value\":\"\xc3\xbf\",\"b64\":\"/w==\"},"
			"{\"name\":\"B\",\"b64\":\"\"}]," REST), STR("HTTP/1.1 200 \r\nA: \xff\r\nB:\r\n\r\n")},
		{STR(BEGIN "\"headers\":[{\"name\":\"A\\r\\nB\",\"value\":\"\\u0000\\r\\nC: d\\r\\n\\r\\n\"}]," REST),
			STR("HTTP/1.1 200 \r\nA\r\nB: \0\r\nC: d\r\n\r\n\r\n\r\n")},
		/* the first of equal keys */
		{STR(BEGIN "\"status\":404,\"reason\":\"a\",\"reason\":\"b\"," REST), STR("HTTP/1.1 404 a\r\n\r\n")},
		/* what is not known, and judgements */
		{STR(BEGIN "\"checks\":1,\"changes\":2,\"x\":{\"status\":9}," REST), STR("HTTP/1.1 200 \r\n\r\n")},
	};
	struct record_reader *rd = reader();

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};
		struct result r;

		if (record_read(rd, padded(rows[i].line), &r, &e) != 0)
			fail_msg("%s: %s", rows[i].line.s, e.text);
		expect_str(rows[i].line, (struct str){r.head.s, r.head_n}, rows[i].head);
		expect_consistent(rows[i].line, &r.head, r.head_n, r.fields, r.nfields);
		expect_int(rows[i].line, r.err.kind, ERR_NONE);
		result_clear(&r);
	}
	record_reader_free(rd);
}

/* As large as a head may be by default. */
static void
head_of_300_kilobytes_is_read(void **state)
{
	struct record_reader *rd = reader();
	struct buf line = {0}, head = {0};
	struct result r;

	(void)state;
	buf_str(&line, STR(BEGIN "\"headers\":["));
	buf_str(&head, STR("HTTP/1.1 200 \r\n"));
	for (int i = 0; head.n < 300 * 1024; i++) {
		buf_printf(&line, "%s{\"name\":\"n%d\",\"value\":\"\\u%04x%070d\"}", i ? "," : "", i, 0xe0 + i % 32, i);
		buf_printf(&head, "n%d: \xc3%c%070d\r\n", i, 0xa0 + i % 32, i);
	}
	buf_str(&line, STR("]," REST));
	buf_str(&head, STR("\r\n"));
	assert_int_equal(record_read(rd, padded(buf_view(&line)), &r, NULL), 0);
	assert_true(str_eq((struct str){r.head.s, r.head_n}, buf_view(&head)));
	expect_consistent(STR("large head"), &r.head, r.head_n, r.fields, r.nfields);
	assert_true(r.nfields > 3000);
	result_clear(&r);
	buf_clear(&line);
	buf_clear(&head);
	record_reader_free(rd);
}

static void
what_is_missing_is_unknown(void **state)
{
	struct record_reader *rd = reader();
	struct err e = {0};
	struct result r;

	(void)state;
	assert_int_equal(record_read(rd, padded(STR(BEGIN REST)), &r, &e), 0);
	assert_int_equal(r.n, 3);
	expect_str(STR("target"), r.target, STR("t"));
	expect_str(STR("label"), r.label, STR("t"));
	assert_null(r.tag.s);
	assert_null(r.url.host);
	assert_null(r.proxy);
	assert_null(r.tls);
	assert_int_equal(r.peer.sa.sa_family, AF_UNSPEC);
	assert_int_equal(r.nhops, 0);
	assert_int_equal(r.nfields, 0);
	assert_int_equal(r.status, 200);
	assert_int_equal(r.minor, 1);
	assert_int_equal(r.phase, PHASE_NONE);
	assert_true(r.timing.begun == 0 && isnan(r.timing.dns) && isnan(r.timing.total));
	assert_true(r.time == 0);
	result_clear(&r);
	record_reader_free(rd);
}

static void
failure_without_a_sentence_gets_one(void **state)
{
	static const struct str rows[] = {
		STR(BEGIN "\"error\":{\"kind\":\"closed\"}," REST),
		STR(BEGIN "\"error\":{\"message\":null,\"kind\":\"closed\",\"phase\":null}," REST),
		STR(BEGIN "\"error\":{\"message\":\"\",\"kind\":\"closed\",\"phase\":null}," REST),
	};
	struct record_reader *rd = reader();
	struct result r;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		expect_int(rows[i], record_read(rd, padded(rows[i]), &r, NULL), 0);
		expect_err(rows[i], &r.err, ERR_CLOSED);
		expect_str(rows[i], str_of(r.err.text), STR("closed"));
		result_clear(&r);
	}
	record_reader_free(rd);
}

static void
address_has_the_port_of_the_record(void **state)
{
	struct record_reader *rd = reader();
	char text[ADDR_TEXT];
	struct result r;

	(void)state;
	assert_int_equal(record_read(rd, padded(STR(BEGIN "\"url\":\"https://a.test/\",\"address\":\"2001:db8::1\","
		"\"port\":8443,\"hops\":[{\"url\":\"http://a.test:81/\",\"address\":\"192.0.2.1\",\"status\":301,\"headers\":[]}],"
		REST)), &r, NULL), 0);
	assert_string_equal(addr_text_port(&r.peer, text), "[2001:db8::1]:8443");
	assert_int_equal(r.url.port, 443);
	assert_int_equal(r.nhops, 1);
	assert_string_equal(addr_text_port(&r.hops[0].peer, text), "192.0.2.1:81");
	expect_str(STR("hop"), (struct str){r.hops[0].head.s, r.hops[0].head_n}, STR("HTTP/1.1 301 \r\n\r\n"));
	result_clear(&r);
	record_reader_free(rd);
}

static void
line_that_is_no_record_is_refused(void **state)
{
	static const struct {
		struct str line;
		const char *why;
	} rows[] = {
		{STR(""), "not JSON"},
		{STR("x"), "not JSON"},
		{STR("null"), "it is not an object"},
		{STR("[]"), "it is not an object"},
		{STR("{}"), "\"schema\" is missing"},
		{STR("{\"schema\":null}"), "schema 0 is not known"},
		{STR("{\"schema\":2}"), "schema 2 is not known"},
		{STR("{\"schema\":1.5}"), "\"schema\" is not a whole number"},
		{STR("{\"schema\":\"1\"}"), "\"schema\" is not a number"},
		{STR("{\"schema\":1}"), "\"n\" is missing"},
		{STR("{\"schema\":1,\"n\":1}"), "\"target\" is missing"},
		{STR(BEGIN "\"n\":0}"), "\"status\" is missing"},
		{STR(BEGIN "\"status\":200,\"error\":null}"), "\"headers\" is missing"},
		{STR(BEGIN "\"status\":200,\"headers\":[]}"), "\"error\" is missing"},
		{STR("{\"schema\":1,\"n\":null,\"target\":\"t\"," REST), "\"n\" is not a number"},
		{STR("{\"schema\":1,\"n\":-1,\"target\":\"t\"," REST), "\"n\" is not from 0 to 9007199254740992"},
		{STR("{\"schema\":1,\"n\":9007199254740994,\"target\":\"t\"," REST),
			"\"n\" is not from 0 to 9007199254740992"},
		{STR("{\"schema\":1,\"n\":1,\"target\":null," REST), "\"target\" is not a string"},
		{STR("{\"schema\":1,\"n\":1,\"target\":[]," REST), "\"target\" is not a string"},
		{STR(BEGIN "\"tag\":1," REST), "\"tag\" is not a string"},
		{STR(BEGIN "\"url\":1," REST), "\"url\" is not a string"},
		{STR(BEGIN "\"url\":\"ftp://a\"," REST), "\"url\": scheme \"ftp\" is not supported"},
		{STR(BEGIN "\"address\":\"a\"," REST), "\"address\" is not an address"},
		{STR(BEGIN "\"address\":\"192.0.2.1\\u0000\"," REST), "\"address\" is not a string without NUL"},
		{STR(BEGIN "\"port\":65536," REST), "\"port\" is not from 0 to 65535"},
		{STR(BEGIN "\"http_version\":1.1," REST), "\"http_version\" is not a string"},
		{STR(BEGIN "\"http_version\":\"2\"," REST), "\"http_version\" is not a version of HTTP/1"},
		{STR(BEGIN "\"http_version\":\"1.10\"," REST), "\"http_version\" is not a version of HTTP/1"},
		{STR(BEGIN "\"status\":99," REST), "\"status\" is not a status"},
		{STR(BEGIN "\"status\":1000," REST), "\"status\" is not from 0 to 999"},
		{STR(BEGIN "\"status\":\"200\"," REST), "\"status\" is not a number"},
		{STR(BEGIN "\"reason\":{}," REST), "\"reason\" is not a string"},
		{STR(BEGIN "\"headers\":{}," REST), "\"headers\" is not an array"},
		{STR(BEGIN "\"headers\":[1]," REST), "an entry of \"headers\" is not an object"},
		{STR(BEGIN "\"headers\":[{\"value\":\"\"}]," REST), "\"name\" is not a string"},
		{STR(BEGIN "\"headers\":[{\"name\":\"\"}]," REST), "\"value\" is not a string"},
		{STR(BEGIN "\"headers\":[{\"name\":\"a\",\"value\":1}]," REST), "\"value\" is not a string"},
		{STR(BEGIN "\"headers\":[{\"name\":\"a\",\"value\":\"\",\"b64\":\"a\"}]," REST), "\"b64\" is not base64"},
		{STR(BEGIN "\"hops\":1," REST), "\"hops\" is not an array"},
		{STR(BEGIN "\"hops\":[1]," REST), "an entry of \"hops\" is not an object"},
		{STR(BEGIN "\"hops\":[{}]," REST), "\"url\" is not a string"},
		{STR(BEGIN "\"hops\":[{\"url\":\"a\"}]," REST), "\"status\" is not a status"},
		{STR(BEGIN "\"hops\":[{\"url\":\"a\",\"status\":301,\"headers\":[[]]}]," REST),
			"an entry of \"headers\" is not an object"},
		{STR(BEGIN "\"tls\":\"\"," REST), "\"tls\" is not an object"},
		{STR(BEGIN "\"tls\":{\"issuer\":1}," REST), "\"issuer\" is not a string"},
		{STR(BEGIN "\"tls\":{\"alpn\":\"\\u0000\"}," REST), "\"alpn\" is not a string without NUL"},
		{STR(BEGIN "\"tls\":{\"names\":\"\"}," REST), "\"names\" is not an array"},
		{STR(BEGIN "\"tls\":{\"names\":[\"\",1]}," REST), "\"names\" is not an array of strings"},
		{STR(BEGIN "\"tls\":{\"names\":[\"\\u0000\"]}," REST), "\"names\" is not an array of strings without NUL"},
		{STR(BEGIN "\"tls\":{\"not_after\":1}," REST), "\"not_after\" is not a string"},
		{STR(BEGIN "\"tls\":{\"not_after\":\"1\"}," REST), "\"not_after\" is not a time"},
		{STR(BEGIN "\"proxy\":1," REST), "\"proxy\" is not a string"},
		{STR(BEGIN "\"attempts\":4294967296," REST), "\"attempts\" is not from 0 to 4294967295"},
		{STR(BEGIN "\"timing\":[]," REST), "\"timing\" is not an object"},
		{STR(BEGIN "\"timing\":{\"first_byte\":\"1\"}," REST), "\"first_byte\" is not a number"},
		{STR(BEGIN "\"timing\":{\"dns\":-0.1}," REST), "\"dns\" is not from 0 to 1000000000"},
		{STR(BEGIN "\"timing\":{\"dns\":1e300}," REST), "\"dns\" is not from 0 to 1000000000"},
		{STR(BEGIN "\"time\":1," REST), "\"time\" is not a string"},
		{STR(BEGIN "\"time\":\"now\"," REST), "\"time\" is not a time since 1970"},
		{STR(BEGIN "\"time\":\"1969-12-31T23:59:59Z\"," REST), "\"time\" is not a time since 1970"},
		{STR(BEGIN "\"error\":1," REST), "\"error\" is not an object"},
		{STR(BEGIN "\"error\":{}," REST), "\"kind\" is not a known kind of error"},
		{STR(BEGIN "\"error\":{\"kind\":\"none\"}," REST), "\"kind\" is not a known kind of error"},
		{STR(BEGIN "\"error\":{\"kind\":\"new\"}," REST), "\"kind\" is not a known kind of error"},
		{STR(BEGIN "\"error\":{\"kind\":\"dns-nodata\",\"phase\":\"x\"}," REST), "\"phase\" is not a known phase"},
		{STR(BEGIN "\"error\":{\"kind\":\"closed\",\"message\":1}," REST), "\"message\" is not a string"},
	};
	struct record_reader *rd = reader();

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};
		struct result r;

		expect_int(rows[i].line, record_read(rd, padded(rows[i].line), &r, &e), -1);
		expect_err(rows[i].line, &e, ERR_INPUT);
		expect_str(rows[i].line, str_of(e.text), str_of(rows[i].why));
		result_clear(&r);
	}
	record_reader_free(rd);
}

static void
line_cut_short_anywhere_is_refused(void **state)
{
	static const char *names[] = {"a", "b"};
	struct record_reader *rd = reader();
	struct buf line = {0};
	struct result r;

	(void)state;
	make(&r, "https://a.test/", 301, STR("Location: /\r\nB: \xff\r\n"));
	assert_true(addr_parse(&r.peer, "192.0.2.1", 443));
	result_push_hop(&r);
	r.tls = calloc(1, sizeof *r.tls);
	*r.tls = (struct tls_info){.verify = "ok", .names = names, .nnames = 2, .not_after = 1795363200};
	r.time = 1795363200;
	err_set(&r.err, ERR_CLOSED, "closed");
	buf_str(&line, told(&r));
	result_clear(&r);
	line.n--; /* the line end may be missing */
	for (size_t n = 0; n <= line.n; n++) {
		struct err e = {0};

		expect_int(buf_view(&line), record_read(rd, padded((struct str){line.s, n}), &r, &e), n < line.n ? -1 : 0);
		result_clear(&r);
	}
	buf_clear(&line);
	record_reader_free(rd);
}

static void
times_are_read_as_they_are_told(void **state)
{
	static const struct {
		struct str text;
		double want; /* NAN: no time */
	} rows[] = {
		{STR("1970-01-01T00:00:00Z"), 0},
		{STR("1969-12-31T23:59:59Z"), -1},
		{STR("2026-01-02T03:04:05Z"), 1767323045},
		{STR("2026-01-02T03:04:05.250Z"), 1767323045.25},
		{STR("2026-01-02T03:04:05.5Z"), 1767323045.5},
		{STR("2000-02-29T12:00:00Z"), 951825600},
		{STR("2000-03-01T00:00:00Z"), 951868800},
		{STR("2100-03-01T00:00:00Z"), 4107542400},
		{STR("9999-12-31T23:59:59Z"), 253402300799},
		{STR("2016-12-31T23:59:60Z"), 1483228800},
		{STR("0000-01-01T00:00:00Z"), -62167219200},
		{STR("50-01-01T00:00:00Z"), -60589296000},
		{STR(""), NAN}, {STR("Z"), NAN}, {STR("2026"), NAN}, {STR("2026-01-02"), NAN}, {STR("2026-01-02T03:04:05"), NAN},
		{STR("2026-01-02T03:04:05z"), NAN}, {STR("2026-01-02T03:04:05.Z"), NAN}, {STR("2026-01-02T03:04:05.5"), NAN},
		{STR("2026-01-02T03:04:05.5ZZ"), NAN}, {STR("2026-01-02T03:04:05ZZ"), NAN}, {STR("2026-01-02T03:04:Z"), NAN},
		{STR("2026-01-02T03:04:05+00:00"), NAN}, {STR("2026-01-02 03:04:05Z"), NAN}, {STR("2026-13-02T03:04:05Z"), NAN},
		{STR("2026-00-02T03:04:05Z"), NAN}, {STR("2026-02-29T03:04:05Z"), NAN}, {STR("2100-02-29T03:04:05Z"), NAN},
		{STR("2026-04-31T03:04:05Z"), NAN}, {STR("2026-01-00T03:04:05Z"), NAN}, {STR("2026-01-02T24:04:05Z"), NAN},
		{STR("2026-01-02T03:60:05Z"), NAN}, {STR("2026-01-02T03:04:61Z"), NAN}, {STR("-026-01-02T03:04:05Z"), NAN},
		{STR("9999-12-31T23:59:60Z"), NAN}, {STR("9999-12-31T23:59:59.5Z"), NAN},
		{STR("20260-01-02T03:04:05Z"), NAN}, {STR("2026-01-02T03:04:05.0\0Z"), NAN},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		double t;
		bool good = record_time(guarded(rows[i].text), &t);

		expect_int(rows[i].text, good, !isnan(rows[i].want));
		if (good && t != rows[i].want)
			fail_msg("%s: %f", rows[i].text.s, t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(response_is_told_the_same_again),
		cmocka_unit_test(head_of_many_lines_is_told_the_same_again),
		cmocka_unit_test(rest_of_a_result_is_told_the_same_again),
		cmocka_unit_test(chain_of_redirects_is_told_the_same_again),
		cmocka_unit_test(failure_of_each_kind_is_told_the_same_again),
		cmocka_unit_test(tls_is_told_the_same_again),
		cmocka_unit_test(response_gets_a_head_as_it_could_have_come),
		cmocka_unit_test(head_of_300_kilobytes_is_read),
		cmocka_unit_test(what_is_missing_is_unknown),
		cmocka_unit_test(failure_without_a_sentence_gets_one),
		cmocka_unit_test(address_has_the_port_of_the_record),
		cmocka_unit_test(line_that_is_no_record_is_refused),
		cmocka_unit_test(line_cut_short_anywhere_is_refused),
		cmocka_unit_test(times_are_read_as_they_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
