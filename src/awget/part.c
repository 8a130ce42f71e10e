/* awget/part.c: what two results of a target are compared by, besides their fields. */
#include "awget/part.h"

#include <math.h>
#include <time.h>

#include "net/tls.h"

/* Seconds that have a date of four digits: up to the end of the year 9999. */
static const double LAST_SECOND = 253402300799;

static bool
add_text(struct buf *b, const char *s)
{
	if (s)
		buf_str(b, str_of(s));
	return s != NULL;
}

static bool
add_status(const struct result *r, struct buf *b)
{
	if (r->status)
		buf_number(b, (unsigned)r->status, 1);
	return r->status != 0;
}

static bool
add_address(const struct result *r, struct buf *b)
{
	char text[ADDR_TEXT];

	return r->peer.sa.sa_family != AF_UNSPEC && add_text(b, addr_text(&r->peer, text));
}

static bool
add_url(const struct result *r, struct buf *b)
{
	if (r->url.host)
		url_format(b, &r->url);
	return r->url.host != NULL;
}

/* Where no redirect was followed, the URL is what was asked for. */
static bool
redirected(const struct result *a, const struct result *b)
{
	return a->nhops || b->nhops;
}

static bool
one_has_tls(const struct result *a, const struct result *b)
{
	return !a->tls != !b->tls;
}

static bool
both_have_tls(const struct result *a, const struct result *b)
{
	return a->tls && b->tls;
}

/* That there is TLS at all is told by its version. */
static bool
add_tls(const struct result *r, struct buf *b)
{
	return r->tls && add_text(b, r->tls->version ? r->tls->version : "of an unknown version");
}

static bool
add_version(const struct result *r, struct buf *b)
{
	return add_text(b, r->tls->version);
}

static bool
add_cipher(const struct result *r, struct buf *b)
{
	return add_text(b, r->tls->cipher);
}

static bool
add_alpn(const struct result *r, struct buf *b)
{
	return add_text(b, r->tls->alpn);
}

static bool
add_verify(const struct result *r, struct buf *b)
{
	return add_text(b, r->tls->verify);
}

static bool
add_issuer(const struct result *r, struct buf *b)
{
	return add_text(b, r->tls->issuer);
}

static bool
add_subject(const struct result *r, struct buf *b)
{
	return add_text(b, r->tls->subject);
}

static bool
add_names(const struct result *r, struct buf *b)
{
	for (size_t i = 0; i < r->tls->nnames; i++) {
		if (i)
			buf_str(b, STR(", "));
		buf_str(b, str_of(r->tls->names[i]));
	}
	return r->tls->nnames > 0;
}

static void
add_number(struct buf *b, char before, int value, int width)
{
	buf_byte(b, before);
	buf_number(b, (unsigned)value, width);
}

/* RFC 3339, as JSON has it. */
static bool
add_not_after(const struct result *r, struct buf *b)
{
	double t = r->tls->not_after;
	struct tm tm;

	if (isnan(t) || t < 0 || t > LAST_SECOND || !gmtime_r(&(time_t){(time_t)t}, &tm))
		return false;
	buf_number(b, (unsigned)tm.tm_year + 1900, 4);
	add_number(b, '-', tm.tm_mon + 1, 2);
	add_number(b, '-', tm.tm_mday, 2);
	add_number(b, 'T', tm.tm_hour, 2);
	add_number(b, ':', tm.tm_min, 2);
	add_number(b, ':', tm.tm_sec, 2);
	buf_byte(b, 'Z');
	return true;
}

const struct part part_rows[] = {
    {"status", NULL, NULL, add_status},
    {"address", NULL, NULL, add_address},
    {"url", NULL, redirected, add_url},
    {"tls", NULL, one_has_tls, add_tls},
    {"tls.version", "tls", both_have_tls, add_version},
    {"tls.cipher", "tls", both_have_tls, add_cipher},
    {"tls.alpn", "tls", both_have_tls, add_alpn},
    {"tls.verify", "tls", both_have_tls, add_verify},
    {"tls.issuer", "tls", both_have_tls, add_issuer},
    {"tls.subject", "tls", both_have_tls, add_subject},
    {"tls.names", "tls", both_have_tls, add_names},
    {"tls.not_after", "tls", both_have_tls, add_not_after},
    {0},
};

bool
part_counts(const struct part *p, const struct result *a, const struct result *b, const struct volatile_list *list)
{
	if (p->matters && !p->matters(a, b))
		return false;
	return !volatile_ignores(list, str_of(p->what)) && !(p->group && volatile_ignores(list, str_of(p->group)));
}
