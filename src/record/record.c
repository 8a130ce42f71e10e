/* record/record.c: a result read back from a line of --json. */
#include "record/record.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "record/parts.h"
#include "record/records.h"

_Static_assert((int)RECORD_PADDING >= (int)JSON_PADDING, "the reader of JSON reads so far behind a line");

/* Whole numbers up to here are themselves as a double. */
static const uint64_t most_n = UINT64_C(1) << 53;
/* Seconds, of a fetch: 30 years. */
static const double most_seconds = 1e9;

struct record_reader {
	struct json *json;
};

enum {
	SCHEMA,
	N,
	TARGET,
	TAG,
	URL,
	ADDRESS,
	PORT,
	HTTP_VERSION,
	STATUS,
	REASON,
	HEADERS,
	HOPS,
	TLS,
	PROXY,
	ATTEMPTS,
	TIMING,
	TIME,
	ERROR,
	RECORD_KEYS
};

/* In the order of out_json.c: json_object likes that. */
static const struct str record_keys[RECORD_KEYS] = {
    [SCHEMA] = STR("schema"),
    [N] = STR("n"),
    [TARGET] = STR("target"),
    [TAG] = STR("tag"),
    [URL] = STR("url"),
    [ADDRESS] = STR("address"),
    [PORT] = STR("port"),
    [HTTP_VERSION] = STR("http_version"),
    [STATUS] = STR("status"),
    [REASON] = STR("reason"),
    [HEADERS] = STR("headers"),
    [HOPS] = STR("hops"),
    [TLS] = STR("tls"),
    [PROXY] = STR("proxy"),
    [ATTEMPTS] = STR("attempts"),
    [TIMING] = STR("timing"),
    [TIME] = STR("time"),
    [ERROR] = STR("error"),
};

struct record_reader *
record_reader_new(struct err *e)
{
	struct json *json = json_new(e);
	struct record_reader *reader;

	if (!json)
		return NULL;
	reader = xmalloc(sizeof *reader);
	reader->json = json;
	return reader;
}

void
record_reader_free(struct record_reader *reader)
{
	if (!reader)
		return;
	json_free(reader->json);
	free(reader);
}

/* Is it a record, and one of this schema? It comes first: of another one nothing else is known. */
static int
check_schema(const struct json_object *o, struct err *e)
{
	static const int needed[] = {N, TARGET, STATUS, HEADERS, ERROR};
	uint64_t schema;

	if (json_need(o, SCHEMA, e) != 0 || json_whole(o, SCHEMA, UINT_MAX, &schema, e) != 0)
		return -1;
	if (schema != 1)
		return err_set(e, ERR_INPUT, "schema %u is not known", (unsigned)schema);
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (json_need(o, (size_t)needed[i], e) != 0)
			return -1;
	return 0;
}

static int
read_target(struct result *r, const struct json_object *o, struct err *e)
{
	uint64_t n;

	if (json_whole(o, N, most_n, &n, e) != 0 || json_text(o, TARGET, &r->target, e) != 0)
		return -1;
	if (!json_has(o, N))
		return json_refuse(o, N, "a number", e);
	if (!r->target.s)
		return json_refuse(o, TARGET, "a string", e);
	r->n = (size_t)n;
	r->label = r->target;
	return json_text(o, TAG, &r->tag, e);
}

/* The URL of these keys, and the address, whose port is the URL's unless another is known. */
static int
read_place(struct result *r, const struct json_object *o, size_t url_key, size_t address_key, struct err *e)
{
	struct err why;
	const char *address;
	struct str url;

	url_clear(&r->url);
	if (json_text(o, url_key, &url, e) != 0 || json_cstr(o, address_key, &address, e) != 0)
		return -1;
	if (url.s && url_parse(&r->url, url, NULL, &why) != 0)
		return err_set(e, ERR_INPUT, "\"url\": %s", why.text);
	if (address && !addr_parse(&r->peer, address, r->url.port))
		return json_refuse(o, address_key, "an address", e);
	return 0;
}

static int
read_port(struct result *r, const struct json_object *o, struct err *e)
{
	uint64_t port;

	if (json_whole(o, PORT, UINT16_MAX, &port, e) != 0)
		return -1;
	if (port && r->peer.sa.sa_family != AF_UNSPEC)
		addr_set_port(&r->peer, (uint16_t)port);
	return 0;
}

static int
read_status(struct result *r, const struct json_object *o, size_t key, struct err *e)
{
	uint64_t status;

	if (json_whole(o, key, 999, &status, e) != 0)
		return -1;
	r->status = (int)status;
	return status == 0 || status >= 100 ? 0 : json_refuse(o, key, "a status", e);
}

/* "1.0", "1.1": HTTP/1 and one digit (RFC 9112 section 2.3). */
static int
read_version(struct result *r, const struct json_object *o, struct err *e)
{
	struct str version;

	r->minor = 1;
	if (json_text(o, HTTP_VERSION, &version, e) != 0)
		return -1;
	if (!version.s)
		return 0;
	if (version.n != 3 || !str_starts(version, STR("1.")) || version.s[2] < '0' || version.s[2] > '9')
		return json_refuse(o, HTTP_VERSION, "a version of HTTP/1", e);
	r->minor = version.s[2] - '0';
	return 0;
}

static int
read_response(struct result *r, const struct json_object *o, struct err *e)
{
	struct str reason;
	uint32_t first;

	if (read_status(r, o, STATUS, e) != 0 || json_text(o, REASON, &reason, e) != 0 ||
	    json_list(o, HEADERS, &first, e) != 0)
		return -1;
	if (!r->status)
		return 0;
	/* what nearly all heads fit in is kept from record to record; longer ones pay for their room */
	buf_block(&r->head);
	return read_version(r, o, e) != 0 ? -1 : record_head(r, reason, o->tape, first, e);
}

/* One earlier response becomes the present one, and then a hop. */
static int
read_hop(struct result *r, const struct json_tape *t, uint32_t at, struct err *e)
{
	enum { HOP_URL, HOP_ADDRESS, HOP_STATUS, HOP_HEADERS, HOP_KEYS };
	static const struct str keys[HOP_KEYS] = {STR("url"), STR("address"), STR("status"), STR("headers")};
	struct json_object o;
	uint32_t first;

	if (json_object(&o, t, at, keys, HOP_KEYS, "an entry of \"hops\"", e) != 0 ||
	    read_place(r, &o, HOP_URL, HOP_ADDRESS, e) != 0 || read_status(r, &o, HOP_STATUS, e) != 0 ||
	    json_list(&o, HOP_HEADERS, &first, e) != 0)
		return -1;
	if (!r->url.host)
		return json_refuse(&o, HOP_URL, "a string", e);
	if (!r->status)
		return json_refuse(&o, HOP_STATUS, "a status", e);
	r->minor = 1;
	if (record_head(r, STR(""), t, first, e) != 0)
		return -1;
	result_push_hop(r);
	return 0;
}

static int
read_hops(struct result *r, const struct json_object *o, struct err *e)
{
	uint32_t at;

	if (json_list(o, HOPS, &at, e) != 0)
		return -1;
	for (; at && json_type(o->tape, at) != JSON_ARRAY_END; at = json_next(o->tape, at))
		if (read_hop(r, o->tape, at, e) != 0)
			return -1;
	return 0;
}

static int
read_way(struct result *r, const struct json_object *o, struct err *e)
{
	uint64_t attempts;

	if (json_cstr(o, PROXY, &r->proxy, e) != 0 || json_whole(o, ATTEMPTS, UINT_MAX, &attempts, e) != 0)
		return -1;
	r->attempts = (unsigned)attempts;
	if (json_has(o, TLS))
		r->tls = record_tls(o->tape, o->at[TLS], e);
	return json_has(o, TLS) && !r->tls ? -1 : 0;
}

static int
read_timing(struct result *r, const struct json_object *o, struct err *e)
{
	enum { DNS, CONNECT, HANDSHAKE, FIRST_BYTE, TOTAL, TIMING_KEYS };
	static const struct str keys[TIMING_KEYS] = {
	    STR("dns"), STR("connect"), STR("tls"), STR("first_byte"), STR("total")};
	struct timing *t = &r->timing;
	double *to[TIMING_KEYS] = {&t->dns, &t->connect, &t->tls, &t->first_byte, &t->total};
	struct json_object timing;

	if (!json_has(o, TIMING))
		return 0;
	if (json_object(&timing, o->tape, o->at[TIMING], keys, TIMING_KEYS, "\"timing\"", e) != 0)
		return -1;
	for (size_t i = 0; i < TIMING_KEYS; i++)
		if (json_number(&timing, i, most_seconds, to[i], e) != 0)
			return -1;
	return 0;
}

/*
 * A tenth of a millisecond more than is said: a double may be a bit too small (by 0.03 ms in the year 9999), and who
 * tells milliseconds of it cuts them off.
 */
static int
read_time(struct result *r, const struct json_object *o, struct err *e)
{
	struct str text;

	r->time = 0;
	if (json_text(o, TIME, &text, e) != 0)
		return -1;
	if (!text.s)
		return 0;
	if (!record_time(text, &r->time) || r->time < 0)
		return json_refuse(o, TIME, "a time since 1970", e);
	r->time += 1e-4;
	return 0;
}

static int
read_error(struct result *r, const struct json_object *o, struct err *e)
{
	enum { KIND, PHASE, MESSAGE, ERROR_KEYS };
	static const struct str keys[ERROR_KEYS] = {STR("kind"), STR("phase"), STR("message")};
	struct str kind, phase, message;
	struct json_object error;

	if (!json_has(o, ERROR))
		return 0;
	if (json_object(&error, o->tape, o->at[ERROR], keys, ERROR_KEYS, "\"error\"", e) != 0 ||
	    json_text(&error, KIND, &kind, e) != 0 || json_text(&error, PHASE, &phase, e) != 0 ||
	    json_text(&error, MESSAGE, &message, e) != 0)
		return -1;
	r->err.kind = err_kind_of(kind);
	if (r->err.kind == ERR_NONE || r->err.kind == ERR_KINDS)
		return json_refuse(&error, KIND, "a known kind of error", e);
	r->phase = result_phase_of(phase);
	if (phase.s && r->phase == PHASE_NONE)
		return json_refuse(&error, PHASE, "a known phase", e);
	text_show_into(r->err.text, sizeof r->err.text, message.n ? message : kind);
	return 0;
}

int
record_read(struct record_reader *reader, struct str line, struct result *r, struct err *e)
{
	struct json_object o;
	struct json_tape tape;

	result_init(r, 0, STR(""));
	if (line.n > RECORDS_LINE_MAX)
		return err_set(e, ERR_INPUT, "longer than %d bytes", RECORDS_LINE_MAX);
	if (json_read(reader->json, line, &tape, e) != 0 ||
	    json_object(&o, &tape, JSON_ROOT, record_keys, RECORD_KEYS, "it", e) != 0 || check_schema(&o, e) != 0 ||
	    read_target(r, &o, e) != 0)
		return -1;
	/* hops first: each has been the present response, and leaves nothing behind */
	if (read_hops(r, &o, e) != 0 || read_place(r, &o, URL, ADDRESS, e) != 0 || read_port(r, &o, e) != 0 ||
	    read_response(r, &o, e) != 0)
		return -1;
	if (read_way(r, &o, e) != 0 || read_timing(r, &o, e) != 0 || read_time(r, &o, e) != 0)
		return -1;
	return read_error(r, &o, e);
}
