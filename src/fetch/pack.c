/* fetch/pack.c: a result as bytes: numbers as they are in memory, then strings behind their lengths. */
#include "fetch/pack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/tls.h"

enum { NO_SCHEME = 255 };

/* Of a result; strings and fields follow in the order of pack_put. */
struct packed {
	struct timing timing;
	double time;
	struct addr peer, address;  /* address: the URL's */
	uint32_t nhops, attempts, reason, reason_n;
	int32_t minor, status;
	uint16_t port;
	uint8_t scheme, v6, phase, kind, has_tls, has_proxy;
};

struct packed_field {
	uint32_t name, name_n, value, value_n, folded;
};

struct packed_hop {
	struct addr peer;
	int32_t status;
};

/* Strings of a tls_info, NUL-terminated, follow: those that are not NULL, and the names. */
struct packed_tls {
	double not_after;
	uint32_t nnames, given; /* a bit for each string */
};

enum { TLS_STRINGS = 6 };

static void
tls_strings(struct tls_info *t, const char **strings[TLS_STRINGS])
{
	strings[0] = &t->version;
	strings[1] = &t->cipher;
	strings[2] = &t->alpn;
	strings[3] = &t->verify;
	strings[4] = &t->issuer;
	strings[5] = &t->subject;
}

static void
put_number(struct buf *b, uint32_t n)
{
	buf_add(b, (const char *)&n, sizeof n);
}

static void
put_str(struct buf *b, const char *s, size_t n)
{
	put_number(b, (uint32_t)n);
	buf_add(b, s, n);
}

static void
put_head(struct buf *b, const struct buf *head, size_t n, const struct field *fields, size_t nfields)
{
	put_str(b, head->s, n);
	put_number(b, (uint32_t)nfields);
	buf_reserve(b, nfields * sizeof(struct packed_field));
	for (size_t i = 0; i < nfields; i++) {
		const struct field *f = &fields[i];
		const struct packed_field p = {f->name, f->name_n, f->value, f->value_n, f->folded};

		buf_add(b, (const char *)&p, sizeof p);
	}
}

static void
put_hop(struct buf *b, const struct hop *h)
{
	struct packed_hop p;

	memset(&p, 0, sizeof p);
	p.peer = h->peer;
	p.status = h->status;
	buf_add(b, (const char *)&p, sizeof p);
	put_str(b, h->url, strlen(h->url));
	put_head(b, &h->head, h->head_n, h->fields, h->nfields);
}

static void
put_cstr(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s) + 1);
}

/* Behind the length of it all. */
static void
put_tls(struct buf *b, const struct tls_info *info)
{
	struct tls_info t = *info;
	const char **strings[TLS_STRINGS];
	struct packed_tls p = {.not_after = t.not_after, .nnames = (uint32_t)t.nnames};
	const size_t at = b->n;
	uint32_t n;

	tls_strings(&t, strings);
	for (unsigned i = 0; i < TLS_STRINGS; i++)
		p.given |= *strings[i] ? 1U << i : 0;
	put_number(b, 0);
	buf_add(b, (const char *)&p, sizeof p);
	for (unsigned i = 0; i < TLS_STRINGS; i++)
		if (*strings[i])
			put_cstr(b, *strings[i]);
	for (size_t i = 0; i < t.nnames; i++)
		put_cstr(b, t.names[i]);
	n = (uint32_t)(b->n - at - sizeof n);
	memcpy(b->s + at, &n, sizeof n);
}

static uint8_t
scheme_index(const struct url_scheme *s)
{
	return s ? (uint8_t)(s - url_schemes) : NO_SCHEME;
}

static void
put_numbers(struct buf *b, const struct result *r)
{
	struct packed p;

	memset(&p, 0, sizeof p); /* also what is between the members */
	p.timing = r->timing;
	p.time = r->time;
	p.peer = r->peer;
	p.address = r->url.address;
	p.nhops = (uint32_t)r->nhops;
	p.attempts = r->attempts;
	p.reason = r->reason;
	p.reason_n = r->reason_n;
	p.minor = r->minor;
	p.status = r->status;
	p.port = r->url.port;
	p.scheme = scheme_index(r->url.host ? r->url.scheme : NULL);
	p.v6 = r->url.v6;
	p.phase = (uint8_t)r->phase;
	p.kind = (uint8_t)r->err.kind;
	p.has_tls = r->tls != NULL;
	p.has_proxy = r->proxy != NULL;
	buf_add(b, (const char *)&p, sizeof p);
}

void
pack_put(struct buf *to, const struct result *r)
{
	put_numbers(to, r);
	if (r->url.host) {
		put_str(to, r->url.host, strlen(r->url.host));
		put_str(to, r->url.path, strlen(r->url.path));
	}
	put_head(to, &r->head, r->head_n, r->fields, r->nfields);
	if (r->err.kind != ERR_NONE)
		put_str(to, r->err.text, strlen(r->err.text));
	if (r->proxy)
		put_str(to, r->proxy, strlen(r->proxy) + 1);
	if (r->tls)
		put_tls(to, r->tls);
	for (size_t i = 0; i < r->nhops; i++)
		put_hop(to, &r->hops[i]);
}

/* What is still to be read. All that takes from it gives false when it is not there. */
typedef struct str rest;

static bool
take(rest *b, void *to, size_t n)
{
	if (b->n < n)
		return false;
	memcpy(to, b->s, n);
	b->s += n;
	b->n -= n;
	return true;
}

static bool
take_str(rest *b, struct str *s)
{
	uint32_t n;

	if (!take(b, &n, sizeof n) || b->n < n)
		return false;
	*s = (struct str){b->s, n};
	b->s += n;
	b->n -= n;
	return true;
}

/* A field of a head of n bytes, if it is one. */
static bool
take_field(rest *b, struct field *f, size_t n)
{
	struct packed_field p;

	if (!take(b, &p, sizeof p))
		return false;
	*f = (struct field){p.name, p.name_n, p.value, p.value_n, p.folded != 0};
	return p.name <= n && p.name_n <= n - p.name && p.value <= n && p.value_n <= n - p.value;
}

static bool
take_head(rest *b, struct buf *head, size_t *head_n)
{
	struct str s;

	if (!take_str(b, &s))
		return false;
	if (s.n && s.n <= BUF_BLOCK)
		buf_block(head);
	buf_str(head, s);
	*head_n = s.n;
	return true;
}

/* How many fields follow; that they are there is known before there is room for them. */
static bool
take_count(rest *b, uint32_t *n)
{
	return take(b, n, sizeof *n) && *n <= b->n / sizeof(struct packed_field);
}

static bool
take_fields(rest *b, struct result *r)
{
	uint32_t n;

	if (!take_count(b, &n))
		return false;
	while (n--)
		if (!take_field(b, result_add_field(r), r->head_n))
			return false;
	return true;
}

static bool
take_hop_fields(rest *b, struct hop *h)
{
	uint32_t n;

	if (!take_count(b, &n))
		return false;
	h->fields = xcalloc(n ? n : 1, sizeof *h->fields);
	for (h->nfields = 0; h->nfields < n; h->nfields++)
		if (!take_field(b, &h->fields[h->nfields], h->head_n))
			return false;
	return true;
}

static bool
is_family(const struct addr *a)
{
	return a->sa.sa_family == AF_UNSPEC || a->sa.sa_family == AF_INET || a->sa.sa_family == AF_INET6;
}

static bool
is_status(int n)
{
	return n >= 0 && n <= 999;
}

/* h is all zero, and is the result's in every case. */
static bool
take_hop(rest *b, struct hop *h)
{
	struct packed_hop p;
	struct str url;

	if (!take(b, &p, sizeof p) || !is_family(&p.peer) || !is_status(p.status) || !take_str(b, &url))
		return false;
	h->peer = p.peer;
	h->status = p.status;
	h->url = xmemdup(url.s, url.n);
	return take_head(b, &h->head, &h->head_n) && take_hop_fields(b, h);
}

static bool
take_hops(rest *b, struct result *r, size_t n)
{
	if (n > b->n / sizeof(struct packed_hop))
		return false;
	r->hops = n ? xcalloc(n, sizeof *r->hops) : NULL;
	while (r->nhops < n)
		if (!take_hop(b, &r->hops[r->nhops++]))
			return false;
	return true;
}

/* The string that begins at *s, in front of end; NULL if it does not end there. */
static const char *
next_cstr(const char **s, const char *end)
{
	const char *at = *s, *nul = end > at ? memchr(at, '\0', (size_t)(end - at)) : NULL;

	if (nul)
		*s = nul + 1;
	return nul ? at : NULL;
}

static bool
fill_tls(struct tls_info *t, const struct packed_tls *p, const char *s, const char *end)
{
	const char **strings[TLS_STRINGS];

	tls_strings(t, strings);
	for (unsigned i = 0; i < TLS_STRINGS; i++)
		if (p->given & 1U << i && !(*strings[i] = next_cstr(&s, end)))
			return false;
	while (t->nnames < p->nnames)
		if (!(t->names[t->nnames++] = next_cstr(&s, end)))
			return false;
	return true;
}

static bool
take_tls(rest *b, struct tls_info **info)
{
	struct packed_tls p;
	struct str all;
	char *strings;

	if (!take_str(b, &all) || !take(&all, &p, sizeof p) || p.nnames > all.n || isinf(p.not_after))
		return false;
	*info = xcalloc(1, sizeof **info + p.nnames * sizeof(char *) + all.n);
	(*info)->not_after = p.not_after;
	(*info)->names = (const char **)(*info + 1);
	strings = (char *)((*info)->names + p.nnames);
	if (all.n)
		memcpy(strings, all.s, all.n);
	return fill_tls(*info, &p, strings, strings + all.n);
}

static bool
take_url(rest *b, struct url *u, const struct packed *p)
{
	struct str host, path;
	size_t schemes = 0, size;
	char *s;

	while (url_schemes[schemes].name)
		schemes++;
	if (p->scheme >= schemes || !is_family(&p->address) || !take_str(b, &host) || !take_str(b, &path))
		return false;
	size = host.n + path.n + 2;
	s = size <= sizeof u->few ? u->few : xmalloc(size);
	memcpy(s, host.s, host.n);
	s[host.n] = '\0';
	memcpy(s + host.n + 1, path.s, path.n);
	s[host.n + 1 + path.n] = '\0';
	u->host = s;
	u->path = s + host.n + 1;
	u->scheme = &url_schemes[p->scheme];
	u->port = p->port;
	u->v6 = p->v6;
	u->address = p->address;
	return true;
}

static bool
is_time(double seconds)
{
	return isnan(seconds) || (seconds >= 0 && seconds < 1e12);
}

static bool
take_numbers(rest *b, struct result *r, struct packed *p)
{
	const struct timing *t = &p->timing;

	if (!take(b, p, sizeof *p) || p->kind >= ERR_KINDS || p->phase > PHASE_HEADERS || !is_family(&p->peer) ||
	    !is_status(p->status) || p->minor < 0 || p->minor > 9 || !is_time(t->begun) || !is_time(t->dns) ||
	    !is_time(t->connect) || !is_time(t->tls) || !is_time(t->first_byte) || !is_time(t->total) ||
	    !is_time(p->time))
		return false;
	r->timing = p->timing;
	r->time = p->time;
	r->peer = p->peer;
	r->attempts = p->attempts;
	r->reason = p->reason;
	r->reason_n = p->reason_n;
	r->minor = p->minor;
	r->status = p->status;
	r->phase = p->phase;
	return true;
}

static bool
take_err(rest *b, struct err *e, enum err_kind kind)
{
	struct str text;

	if (kind == ERR_NONE)
		return true;
	if (!take_str(b, &text) || !text.n || !*text.s)
		return false;
	err_set(e, kind, "%.*s", (int)text.n, text.s);
	return true;
}

static bool
take_proxy(rest *b, const char **proxy)
{
	struct str s;

	if (!take_str(b, &s) || !s.n || s.s[s.n - 1] != '\0')
		return false;
	*proxy = s.s;
	return true;
}

static bool
take_all(rest *b, struct result *r)
{
	struct packed p;

	return take_numbers(b, r, &p) && (p.scheme == NO_SCHEME || take_url(b, &r->url, &p)) &&
	    take_head(b, &r->head, &r->head_n) && p.reason <= r->head_n && p.reason_n <= r->head_n - p.reason &&
	    take_fields(b, r) && take_err(b, &r->err, p.kind) && (!p.has_proxy || take_proxy(b, &r->proxy)) &&
	    (!p.has_tls || take_tls(b, &r->tls)) && take_hops(b, r, p.nhops) && b->n == 0;
}

int
pack_get(struct result *r, struct str bytes, struct err *e)
{
	if (take_all(&bytes, r))
		return 0;
	result_restart(r);
	return err_set(e, ERR_LOCAL, "a result that is none");
}
