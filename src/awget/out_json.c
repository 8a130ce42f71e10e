/* awget/out_json.c: one JSON object a target, on one line. */
#include <math.h>
#include <time.h>

#include "awget/output.h"
#include "base/base64.h"
#include "base/text.h"
#include "net/tls.h"

static const char hex[] = "0123456789abcdef";

static void
escaped(struct buf *b, unsigned char c)
{
	static const char short_forms[] = "\bb\ff\nn\rr\tt\"\"\\\\";
	const char *s = c ? strchr(short_forms, c) : NULL;

	/* only the first of each pair names a byte */
	if (s && (s - short_forms) % 2 == 0) {
		buf_byte(b, '\\');
		buf_byte(b, s[1]);
		return;
	}
	buf_str(b, STR("\\u00"));
	buf_byte(b, hex[c >> 4]);
	buf_byte(b, hex[c & 15]);
}

/* How many bytes at the start of s stand for themselves: printable ASCII but the quote and the backslash. */
static size_t
plain(struct str s)
{
	static const bool as_it_is[256] = {[0x20 ... 0x21] = true, [0x23 ... 0x5b] = true, [0x5d ... 0x7e] = true};
	size_t n = 0;

	while (n < s.n && as_it_is[(unsigned char)s.s[n]])
		n++;
	return n;
}

/* One character that does not stand for itself, or one byte if s is no UTF-8; returns how many bytes that was. */
static size_t
special(struct buf *b, struct str s, bool utf8)
{
	unsigned char c = (unsigned char)s.s[0];
	bool c1 = utf8 && c == 0xc2 && (unsigned char)s.s[1] < 0xa0;
	size_t n = utf8 ? text_char(s) : 1;

	if (utf8 && c >= 0x80 && !c1)
		buf_add(b, s.s, n);
	else
		escaped(b, (unsigned char)s.s[n - 1]);
	return n;
}

/*
 * A string. C1 controls are escaped too: JSON lines are looked at on terminals. Bytes that are no UTF-8 become U+00XX;
 * whether it was UTF-8 is returned.
 */
static bool
string(struct buf *b, struct str s)
{
	size_t n = plain(s);
	bool utf8 = n == s.n || text_is_utf8((struct str){s.s + n, s.n - n});

	buf_byte(b, '"');
	while (s.n) {
		buf_add(b, s.s, n);
		s.s += n, s.n -= n;
		n = s.n ? special(b, s, utf8) : 0;
		s.s += n, s.n -= n;
		n = plain(s);
	}
	buf_byte(b, '"');
	return utf8;
}

/* A field line of this head. */
static void
field(struct buf *b, const struct buf *head, const struct field *f)
{
	struct str name = {head->s + f->name, f->name_n}, value = {head->s + f->value, f->value_n};
	struct buf unfolded = {0};

	if (f->folded) {
		result_unfolded(&unfolded, value);
		value = buf_view(&unfolded);
	}
	buf_str(b, STR("{\"name\":"));
	string(b, name);
	buf_str(b, STR(",\"value\":"));
	if (!string(b, value)) {
		buf_str(b, STR(",\"b64\":\""));
		base64(b, value);
		buf_byte(b, '"');
	}
	buf_byte(b, '}');
	buf_clear(&unfolded);
}

static void
headers(struct buf *b, const struct buf *head, const struct field *fields, size_t n)
{
	buf_str(b, STR(",\"headers\":["));
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(b, ',');
		field(b, head, &fields[i]);
	}
	buf_byte(b, ']');
}

/* A string of ours, or null. */
static void
text_or_null(struct buf *b, const char *s)
{
	if (s)
		string(b, str_of(s));
	else
		buf_str(b, STR("null"));
}

static void
address(struct buf *b, const struct addr *peer)
{
	char text[ADDR_TEXT];

	buf_str(b, STR(",\"address\":"));
	text_or_null(b, peer->sa.sa_family == AF_UNSPEC ? NULL : addr_text(peer, text));
}

/* A time in seconds with six decimals, or null. */
static void
seconds(struct buf *b, double s)
{
	unsigned long long us;

	if (isnan(s)) {
		buf_str(b, STR("null"));
		return;
	}
	us = (unsigned long long)llround(s * 1e6);
	buf_number(b, us / 1000000, 1);
	buf_byte(b, '.');
	buf_number(b, us % 1000000, 6);
}

static void
timing(struct buf *b, const struct timing *t)
{
	buf_str(b, STR(",\"timing\":{\"dns\":"));
	seconds(b, t->dns);
	buf_str(b, STR(",\"connect\":"));
	seconds(b, t->connect);
	buf_str(b, STR(",\"tls\":"));
	seconds(b, t->tls);
	buf_str(b, STR(",\"first_byte\":"));
	seconds(b, t->first_byte);
	buf_str(b, STR(",\"total\":"));
	seconds(b, t->total);
	buf_byte(b, '}');
}

/* RFC 3339, UTC, to the second; then what is given. */
static void
date(struct buf *b, double t, const char *rest)
{
	char text[40];
	struct tm tm;

	strftime(text, sizeof text, "\"%Y-%m-%dT%H:%M:%S", gmtime_r(&(time_t){(time_t)t}, &tm));
	buf_str(b, str_of(text));
	buf_str(b, str_of(rest));
	buf_byte(b, '"');
}

/* RFC 3339, milliseconds, UTC. The calendar is worked out once a second. */
static void
when(struct buf *b, double t)
{
	static time_t of;
	static char text[32] = "";
	time_t s = (time_t)t;
	struct tm tm;

	if (s != of || !*text) {
		of = s;
		strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.", gmtime_r(&s, &tm));
	}
	buf_str(b, STR(",\"time\":\""));
	buf_str(b, str_of(text));
	buf_number(b, (unsigned long long)((t - (double)s) * 1e3), 3);
	buf_str(b, STR("Z\""));
}

static void
number_or_null(struct buf *b, unsigned long n, bool known)
{
	if (known)
		buf_number(b, n, 1);
	else
		buf_str(b, STR("null"));
}

/* Where the answer came from and what its status line says. */
static void
origin(struct buf *b, const struct result *r)
{
	buf_str(b, STR(",\"url\":"));
	if (r->url.host) {
		struct buf url = {0};

		url_format(&url, &r->url);
		string(b, buf_view(&url));
		buf_clear(&url);
	} else {
		buf_str(b, STR("null"));
	}
	address(b, &r->peer);
	buf_str(b, STR(",\"port\":"));
	number_or_null(b, r->url.port, r->url.host != NULL);
	buf_str(b, STR(",\"http_version\":"));
	if (r->status) {
		buf_str(b, STR("\"1."));
		buf_number(b, (unsigned)r->minor, 1);
		buf_byte(b, '"');
	} else {
		buf_str(b, STR("null"));
	}
	buf_str(b, STR(",\"status\":"));
	number_or_null(b, (unsigned)r->status, r->status != 0);
	buf_str(b, STR(",\"reason\":"));
	if (r->status)
		string(b, result_reason(r));
	else
		buf_str(b, STR("null"));
}

static void
hops(struct buf *b, const struct result *r)
{
	buf_str(b, STR(",\"hops\":["));
	for (size_t i = 0; i < r->nhops; i++) {
		const struct hop *h = &r->hops[i];

		buf_str(b, i ? STR(",{\"url\":") : STR("{\"url\":"));
		string(b, str_of(h->url));
		address(b, &h->peer);
		buf_str(b, STR(",\"status\":"));
		buf_number(b, (unsigned)h->status, 1);
		headers(b, &h->head, h->fields, h->nfields);
		buf_byte(b, '}');
	}
	buf_byte(b, ']');
}

static void
certificate(struct buf *b, const struct tls_info *tls, double now)
{
	buf_str(b, STR(",\"issuer\":"));
	text_or_null(b, tls->issuer);
	buf_str(b, STR(",\"subject\":"));
	text_or_null(b, tls->subject);
	buf_str(b, STR(",\"names\":["));
	for (size_t i = 0; i < tls->nnames; i++) {
		if (i)
			buf_byte(b, ',');
		string(b, str_of(tls->names[i]));
	}
	if (isnan(tls->not_after)) {
		buf_str(b, STR("],\"not_after\":null,\"days\":null"));
		return;
	}
	buf_str(b, STR("],\"not_after\":"));
	date(b, tls->not_after, "Z");
	buf_printf(b, ",\"days\":%.0f", floor((tls->not_after - now) / 86400));
}

static void
tls(struct buf *b, const struct result *r)
{
	if (!r->tls) {
		buf_str(b, STR(",\"tls\":null"));
		return;
	}
	buf_str(b, STR(",\"tls\":{\"version\":"));
	text_or_null(b, r->tls->version);
	buf_str(b, STR(",\"cipher\":"));
	text_or_null(b, r->tls->cipher);
	buf_str(b, STR(",\"alpn\":"));
	text_or_null(b, r->tls->alpn);
	buf_str(b, STR(",\"verify\":"));
	text_or_null(b, r->tls->verify);
	certificate(b, r->tls, r->time);
	buf_byte(b, '}');
}

static void
error(struct buf *b, const struct result *r)
{
	buf_str(b, STR(",\"error\":"));
	if (r->err.kind == ERR_NONE) {
		buf_str(b, STR("null"));
		return;
	}
	buf_str(b, STR("{\"kind\":\""));
	buf_str(b, str_of(err_name(r->err.kind)));
	buf_str(b, STR("\",\"phase\":"));
	text_or_null(b, result_phase_name(r->phase));
	buf_str(b, STR(",\"message\":"));
	string(b, str_of(r->err.text));
	buf_str(b, err_is_local(r->err.kind) ? STR(",\"local\":true}") : STR(",\"local\":false}"));
}

static void
done(const struct result *r, const struct verdict *v)
{
	struct buf *b = &output_results;

	(void)v;
	buf_str(b, STR("{\"schema\":1,\"n\":"));
	buf_number(b, r->n, 1);
	buf_str(b, STR(",\"target\":"));
	string(b, r->target);
	buf_str(b, STR(",\"tag\":"));
	if (r->tag.s)
		string(b, r->tag);
	else
		buf_str(b, STR("null"));
	origin(b, r);
	headers(b, &r->head, r->fields, r->nfields);
	hops(b, r);
	tls(b, r);
	buf_str(b, STR(",\"proxy\":"));
	text_or_null(b, r->proxy);
	buf_str(b, STR(",\"attempts\":"));
	buf_number(b, r->attempts ? r->attempts : 1, 1);
	timing(b, &r->timing);
	when(b, r->time);
	buf_str(b, STR(",\"checks\":[]"));
	error(b, r);
	buf_str(b, STR("}\n"));
	output_piece();
}

const struct output out_json = {.name = "json", .fields = true, .done = done};
