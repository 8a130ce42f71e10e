/* check/slots_facts.c: the fields that are no header fields: a row for each. */
#include "check/slots.h"

#include <math.h>

#include "check/number.h"
#include "http/head.h"
#include "net/tls.h"

static void
set_number(struct slot *s, double x)
{
	s->has = !isnan(x);
	s->is_number = true;
	s->number = x;
}

static void
set_text(struct slot *s, const char *text)
{
	s->has = text != NULL;
	s->text = str_of(text ? text : "");
}

/* The URL of an earlier response, from its authority on; *scheme: what stands before. */
static struct str
earlier_url(const struct view *v, size_t hop, struct str *scheme)
{
	const char *url = v->r->hops[hop - 1].url, *end = strstr(url, "://");

	*scheme = (struct str){url, end ? (size_t)(end - url) : 0};
	return str_of(end ? end + 3 : "");
}

static void
get_status(struct view *v, const struct response *a, size_t hop, struct slot *s)
{
	(void)v, (void)hop;
	set_number(s, a->status ? a->status : NAN);
}

static void
get_reason(struct view *v, const struct response *a, size_t hop, struct slot *s)
{
	const char *end = a->head_n ? memchr(a->head, '\n', a->head_n) : NULL;
	struct str line = {a->head, end ? (size_t)(end - a->head) : a->head_n};
	struct head_status status;

	s->has = a->status != 0;
	if (!hop) {
		s->text = s->has ? result_reason(v->r) : STR("");
		return;
	}
	if (line.n && line.s[line.n - 1] == '\r')
		line.n--;
	s->text = head_status(line, &status, NULL) == 0 ? status.reason : STR("");
}

static void
get_http_version(struct view *v, const struct response *a, size_t hop, struct slot *s)
{
	(void)hop;
	s->has = a->status != 0;
	memcpy(v->text, "1.", 2);
	v->text[2] = (char)('0' + v->r->minor % 10);
	s->text = (struct str){v->text, 3};
}

static void
get_scheme(struct view *v, const struct response *a, size_t hop, struct slot *s)
{
	(void)a;
	if (!hop) {
		set_text(s, v->r->url.scheme ? v->r->url.scheme->name : NULL);
		return;
	}
	earlier_url(v, hop, &s->text);
	s->has = s->text.n > 0;
}

/* Only what url_format wrote is read here and below: there is no user info. An IPv6 address loses its brackets. */
static struct str
earlier_host(const struct view *v, size_t hop)
{
	struct str scheme, rest = earlier_url(v, hop, &scheme);
	bool v6 = rest.n && *rest.s == '[';
	size_t i = 0;

	rest.s += v6, rest.n -= v6;
	while (i < rest.n && !strchr(v6 ? "]" : ":/?#", rest.s[i]))
		i++;
	return (struct str){rest.s, i};
}

static void
get_host(struct view *v, const struct response *a, size_t hop, struct slot *s)
{
	(void)a;
	if (!hop) {
		set_text(s, v->r->url.host);
		return;
	}
	s->text = earlier_host(v, hop);
	s->has = s->text.n > 0;
}

/* The port is there if it is not the scheme's. */
static double
earlier_port(const struct view *v, size_t hop)
{
	struct str scheme, rest = earlier_url(v, hop, &scheme);
	const struct url_scheme *known = url_scheme(scheme);
	size_t end = strcspn(rest.s, "/?#"), at = end;
	double port;

	while (at > 0 && rest.s[at - 1] >= '0' && rest.s[at - 1] <= '9')
		at--;
	if (at > 0 && rest.s[at - 1] == ':' && number_decimal((struct str){rest.s + at, end - at}, &port))
		return port;
	return known ? known->port : NAN;
}

static void
get_port(struct view *v, const struct response *a, size_t hop, struct slot *s)
{
	(void)a;
	if (hop)
		set_number(s, earlier_port(v, hop));
	else
		set_number(s, v->r->url.host ? v->r->url.port : NAN);
}

static void
get_address(struct view *v, const struct response *a, size_t hop, struct slot *s)
{
	(void)hop;
	set_text(s, a->peer->sa.sa_family == AF_UNSPEC ? NULL : addr_text(a->peer, v->text));
}

static void
get_hops(struct view *v, const struct response *a, size_t hop, struct slot *s)
{
	(void)a, (void)hop;
	set_number(s, (double)v->r->nhops);
}

static void
get_header_count(struct view *v, const struct response *a, size_t hop, struct slot *s)
{
	(void)v, (void)hop;
	set_number(s, a->status ? (double)a->nfields : NAN);
}

static void
get_header_bytes(struct view *v, const struct response *a, size_t hop, struct slot *s)
{
	(void)v, (void)hop;
	set_number(s, a->status ? (double)a->head_n : NAN);
}

#define GET_TIME(phase) \
	static void get_time_##phase(struct view *v, const struct response *a, size_t hop, struct slot *s) \
	{ \
		(void)a, (void)hop; \
		set_number(s, v->r->timing.phase); \
	}
GET_TIME(dns)
GET_TIME(connect)
GET_TIME(tls)
GET_TIME(first_byte)
GET_TIME(total)

#define GET_TLS(part) \
	static void get_tls_##part(struct view *v, const struct response *a, size_t hop, struct slot *s) \
	{ \
		(void)a, (void)hop; \
		set_text(s, v->r->tls ? v->r->tls->part : NULL); \
	}
GET_TLS(version)
GET_TLS(cipher)
GET_TLS(verify)

static void
get_tls_days(struct view *v, const struct response *a, size_t hop, struct slot *s)
{
	(void)a, (void)hop;
	set_number(s, v->r->tls ? floor((v->r->tls->not_after - v->r->time) / 86400) : NAN);
}

const struct field_row slots_rows[] = {
	{"status", .get = get_status, .number = true, .hops = true},
	{"reason", .get = get_reason, .hops = true},
	{"http_version", .get = get_http_version},
	{"scheme", .get = get_scheme, .hops = true},
	{"host", .get = get_host, .hops = true},
	{"port", .get = get_port, .number = true, .hops = true},
	{"address", .get = get_address, .hops = true},
	{"hops", .get = get_hops, .number = true},
	{"location", .each = slots_first, .hops = true},
	{"headers.count", .get = get_header_count, .number = true, .hops = true},
	{"headers.bytes", .get = get_header_bytes, .number = true, .hops = true},
	{"time.dns", .get = get_time_dns, .number = true},
	{"time.connect", .get = get_time_connect, .number = true},
	{"time.tls", .get = get_time_tls, .number = true},
	{"time.first_byte", .get = get_time_first_byte, .number = true},
	{"time.total", .get = get_time_total, .number = true},
	{"tls.version", .get = get_tls_version, .version = true},
	{"tls.cipher", .get = get_tls_cipher},
	{"tls.verify", .get = get_tls_verify},
	{"tls.days", .get = get_tls_days, .number = true},
	{"cookie", .each = slots_cookies, .hops = true, .brackets = true},
	{"h", .each = slots_lines, .hops = true, .brackets = true},
	{0},
};
