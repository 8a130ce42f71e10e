/* awget/template_name.c: the table of names that -w knows, awget's and curl's, and what they stand for. */
#include <math.h>

#include "awget/json.h"
#include "awget/template.h"
#include "base/near.h"
#include "net/tls.h"

static bool
number(struct buf *b, unsigned long long n)
{
	buf_number(b, n, 1);
	return true;
}

static bool
text(struct buf *b, const char *s)
{
	if (s)
		buf_str(b, str_of(s));
	return s != NULL;
}

/* Six decimals, as curl has them. */
static bool
seconds(struct buf *b, double s)
{
	if (isnan(s))
		return false;
	json_seconds(b, s);
	return true;
}

/* To curl, a phase that was not reached took no time. */
static bool
curl_seconds(struct buf *b, double s)
{
	return seconds(b, isnan(s) ? 0 : s);
}

static bool
put_n(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return number(b, r->n);
}

static bool
put_target(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	buf_str(b, r->target);
	return true;
}

static bool
put_tag(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	if (r->tag.s)
		buf_str(b, r->tag);
	return r->tag.s != NULL;
}

static bool
put_url(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	if (r->url.host)
		url_format(b, &r->url);
	return r->url.host != NULL;
}

static bool
put_scheme(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return r->url.scheme && text(b, r->url.scheme->name);
}

static bool
put_host(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return text(b, r->url.host);
}

static bool
put_port(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return r->url.host && number(b, r->url.port);
}

static bool
put_address(const struct result *r, const struct verdict *v, struct buf *b)
{
	char address[ADDR_TEXT];

	(void)v;
	return r->peer.sa.sa_family != AF_UNSPEC && text(b, addr_text(&r->peer, address));
}

static bool
put_status(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return r->status && number(b, (unsigned)r->status);
}

static bool
put_reason(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	if (r->status)
		buf_str(b, result_reason(r));
	return r->status != 0;
}

static bool
put_http_version(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	if (!r->status)
		return false;
	buf_str(b, STR("1."));
	return number(b, (unsigned)r->minor);
}

static bool
put_attempts(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return number(b, r->attempts ? r->attempts : 1);
}

static bool
put_hops(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return number(b, r->nhops);
}

static bool
put_dns(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return seconds(b, r->timing.dns);
}

static bool
put_connect(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return seconds(b, r->timing.connect);
}

static bool
put_tls(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return seconds(b, r->timing.tls);
}

static bool
put_first_byte(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return seconds(b, r->timing.first_byte);
}

static bool
put_total(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return seconds(b, r->timing.total);
}

static bool
put_tls_version(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return r->tls && text(b, r->tls->version);
}

static bool
put_tls_cipher(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return r->tls && text(b, r->tls->cipher);
}

static bool
put_tls_verify(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return r->tls && text(b, r->tls->verify);
}

/* Days that are over, so that of a certificate that ends within the day 0 are left; it may have ended. */
static bool
put_cert_days(const struct result *r, const struct verdict *v, struct buf *b)
{
	double days;

	(void)v;
	if (!r->tls || isnan(r->tls->not_after))
		return false;
	days = floor((r->tls->not_after - r->time) / 86400);
	if (days < 0)
		buf_byte(b, '-');
	return number(b, (unsigned long long)fabs(days));
}

static bool
put_error(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return r->err.kind != ERR_NONE && text(b, r->err.text);
}

static bool
put_error_kind(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return r->err.kind != ERR_NONE && text(b, err_name(r->err.kind));
}

static bool
put_checks_failed(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)r;
	return number(b, v->checks ? v->checks->failed : 0);
}

static bool
put_json(const struct result *r, const struct verdict *v, struct buf *b)
{
	json_record(b, r, v);
	return true;
}

/* To curl, no response is 000. */
static bool
put_response_code(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	buf_number(b, (unsigned)r->status, 3);
	return true;
}

static bool
put_time_namelookup(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return curl_seconds(b, r->timing.dns);
}

static bool
put_time_connect(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return curl_seconds(b, r->timing.connect);
}

static bool
put_time_appconnect(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return curl_seconds(b, r->timing.tls);
}

static bool
put_time_starttransfer(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return curl_seconds(b, r->timing.first_byte);
}

static bool
put_time_total(const struct result *r, const struct verdict *v, struct buf *b)
{
	(void)v;
	return curl_seconds(b, r->timing.total);
}

static const struct template_name names[] = {
	{"n", put_n},
	{"target", put_target},
	{"tag", put_tag},
	{"url", put_url},
	{"scheme", put_scheme},
	{"host", put_host},
	{"port", put_port},
	{"address", put_address},
	{"status", put_status},
	{"reason", put_reason},
	{"http_version", put_http_version},
	{"attempts", put_attempts},
	{"hops", put_hops},
	{"dns", put_dns},
	{"connect", put_connect},
	{"tls", put_tls},
	{"first_byte", put_first_byte},
	{"total", put_total},
	{"tls_version", put_tls_version},
	{"tls_cipher", put_tls_cipher},
	{"tls_verify", put_tls_verify},
	{"cert_days", put_cert_days},
	{"error", put_error},
	{"error_kind", put_error_kind},
	{"checks_failed", put_checks_failed},
	{"json", put_json},
	/* curl's */
	{"response_code", put_response_code},
	{"http_code", put_response_code},
	{"remote_ip", put_address},
	{"remote_port", put_port},
	{"url_effective", put_url},
	{"time_namelookup", put_time_namelookup},
	{"time_connect", put_time_connect},
	{"time_appconnect", put_time_appconnect},
	{"time_starttransfer", put_time_starttransfer},
	{"time_total", put_time_total},
	{"errormsg", put_error},
};

const struct template_name *
template_find(struct str name)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_eq(name, str_of(names[i].name)))
			return &names[i];
	return NULL;
}

const char *
template_meant(struct str word)
{
	struct near n = near_to(word);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		near_try(&n, str_of(names[i].name));
	return n.best.s;
}
