/* fetch/reach.c: a stream to the origin of a URL: names, addresses, proxies, TLS, and the deadlines of them all. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "fetch/trip.h"
#include "base/apart.h"
#include "base/real.h"
#include "http/tunnel.h"
#include "net/dns.h"
#include "net/socks.h"
#include "rt/task.h"

/* The host to connect to: the URL's, or a proxy's. */
struct place {
	const char *host;
	const struct addr *literal; /* host, if it is an address itself, else NULL */
	uint16_t port;
};

static struct place
place(const struct trip *t)
{
	const struct url *u = &t->r->url;

	if (t->proxy)
		return (struct place){t->proxy->host,
		    t->proxy->address.sa.sa_family == AF_UNSPEC ? NULL : &t->proxy->address, t->proxy->port};
	return (struct place){u->host, u->address.sa.sa_family == AF_UNSPEC ? NULL : &u->address, u->port};
}

/* Is the request still for the target's own host? For it alone are address=, sni= and the client certificate meant. */
static bool
is_at_home(const struct trip *t)
{
	return !t->target.host || str_eq_fold(str_of(t->target.host), str_of(t->r->url.host));
}

static APART void
note_resolved(const struct trip *t, const struct addrs *addrs)
{
	struct buf b = {0};
	char address[ADDR_TEXT];

	buf_printf(&b, "resolved in %.1f ms:", (t->r->timing.dns - t->r->timing.begun) * 1e3);
	for (size_t i = 0; i < addrs->n; i++) {
		buf_byte(&b, ' ');
		buf_str(&b, str_of(addr_text(&addrs->v[i], address)));
	}
	t->watch->note(t->r, buf_cstr(&b));
	buf_clear(&b);
}

static APART void
note_connected(const struct trip *t)
{
	char address[ADDR_TEXT], text[ADDR_TEXT + 40];

	snprintf(text, sizeof text, "connected to %s in %.1f ms", addr_text_port(&t->r->peer, address),
	    (t->r->timing.connect - t->r->timing.dns) * 1e3);
	t->watch->note(t->r, text);
}

static APART void
note_proxy(const struct trip *t)
{
	struct buf b = {0};

	buf_str(&b, STR("through the proxy "));
	buf_str(&b, str_of(t->proxy->shown));
	t->watch->note(t->r, buf_cstr(&b));
	buf_clear(&b);
}

static APART void
note_secure(const struct trip *t)
{
	const struct tls_info *info = t->r->tls;
	char until[16] = "?";
	struct buf b = {0};
	struct tm tm;

	if (!info || !info->version)
		return;
	if (info->not_after == info->not_after) /* not NAN */
		strftime(until, sizeof until, "%Y-%m-%d", gmtime_r(&(time_t){(time_t)info->not_after}, &tm));
	buf_printf(&b, "%s with %s in %.1f ms; certificate of %s until %s: %s", info->version, info->cipher,
	    (t->r->timing.tls - t->r->timing.connect) * 1e3, info->subject ? info->subject : "nobody", until,
	    info->verify ? info->verify : "none");
	t->watch->note(t->r, buf_cstr(&b));
	buf_clear(&b);
}

/* Trouble of the proxy itself, not of the target's. */
static APART int
blame_proxy(const struct trip *t)
{
	struct err *e = &t->r->err, first = *e;

	if (e->kind == ERR_CANCELED || e->kind == ERR_LOCAL || e->kind == ERR_PROXY)
		return -1;
	return err_set(e, ERR_PROXY, "proxy %s: %s", t->proxy->shown, first.text);
}

static APART int
leave_excluded_out(const struct trip *t, struct addrs *addrs, struct err *e)
{
	struct err why;
	size_t kept = 0;

	for (size_t i = addrs->n; i-- > 0;) /* from the end: it is the first one that is told */
		if (exclude_addr(t->env->exclude, &addrs->v[i], &why) != 0)
			addrs->v[i].sa.sa_family = AF_UNSPEC;
	for (size_t i = 0; i < addrs->n; i++)
		if (addrs->v[i].sa.sa_family != AF_UNSPEC)
			addrs->v[kept++] = addrs->v[i];
	addrs->n = kept;
	if (kept)
		return 0;
	*e = why;
	return -1;
}

/* Leaves out the addresses that the user has excluded. -1 if none is left. The proxy is the user's own choice. */
static int
leave_out(const struct trip *t, struct addrs *addrs, struct err *e)
{
	return t->env->exclude && addrs->n && !t->proxy ? leave_excluded_out(t, addrs, e) : 0;
}

/* What the target is called must not be excluded either; before anything is sent. */
static int
look_at_name(struct trip *t)
{
	const struct url *u = &t->r->url;
	struct err *e = &t->r->err;

	if (u->address.sa.sa_family != AF_UNSPEC)
		return exclude_addr(t->env->exclude, &u->address, e);
	return exclude_name(t->env->exclude, u->host, e);
}

/* What a list of strangers must not make us talk to: a redirect from outside does not lead inside. */
static APART int
stay_outside(struct trip *t, struct addrs *addrs)
{
	char text[ADDR_TEXT];
	struct addr first;
	size_t kept = 0;

	if (t->env->allow_private || t->proxy || !addrs->n)
		return 0;
	first = addrs->v[0];
	for (size_t i = 0; i < addrs->n; i++)
		if (!addr_is_private(&addrs->v[i]))
			addrs->v[kept++] = addrs->v[i];
	addrs->n = kept;
	if (kept)
		return 0;
	return err_set(&t->r->err, ERR_EXCLUDED, "redirect into a private network, to %s; see --allow-private",
	    addr_text(&first, text));
}

static int
keep_out(struct trip *t, struct addrs *addrs)
{
	if (leave_out(t, addrs, &t->r->err) != 0)
		return -1;
	return t->from_public ? stay_outside(t, addrs) : 0;
}

static int
resolve(struct trip *t, int family, struct addrs *addrs)
{
	struct place p = place(t);
	double deadline = trip_phase(t, PHASE_DNS, t->env->dns_timeout);
	int rc = dns_lookup(p.host, p.literal, p.port, family, deadline, addrs, &t->r->err);

	if (rc == 0) {
		t->r->timing.dns = p.literal ? t->now - t->start : trip_elapsed(t); /* an address takes no time */
		if (t->watch->note)
			note_resolved(t, addrs);
		return keep_out(t, addrs);
	}
	if (t->r->err.kind == ERR_DNS_TIMEOUT && task_now() >= deadline) {
		double seconds = deadline < t->end ? t->env->dns_timeout : t->env->timeout;

		err_set(&t->r->err, ERR_DNS_TIMEOUT, "no answer from the DNS servers within %.10g s", seconds);
	}
	return -1;
}

static int
dial(struct trip *t, const struct addrs *addrs)
{
	double before = t->connected_by;
	int fd = dial_tcp(addrs, &t->env->source, t->env->limiter, &t->connected_by, &t->r->peer, &t->r->err);

	t->end += t->connected_by - before; /* waiting for a turn is nobody's fault */
	if (fd < 0)
		return -1;
	if (t->env->limiter)
		t->place = t->r->peer;
	t->r->err.kind = ERR_NONE; /* other addresses may have failed */
	stream_dialled(&t->stream, fd);
	t->r->timing.connect = trip_elapsed(t);
	if (t->watch->note)
		note_connected(t);
	return 0;
}

/* When all addresses failed and a family's answer had been late, that family has its chance too. */
static APART int
dial_missing(struct trip *t, int family)
{
	struct err first = t->r->err;
	struct addrs late = {0};
	int rc;

	t->now = task_now();
	rc = resolve(t, family, &late);
	t->r->phase = PHASE_CONNECT;
	if (rc == 0)
		rc = dial(t, &late);
	if (rc != 0 && t->r->err.kind != ERR_CANCELED)
		t->r->err = first;
	addrs_clear(&late);
	return rc;
}

/* The target's own address, if it has one, takes the place of what its name says. */
static int
find(struct trip *t, struct addrs *addrs)
{
	struct addr own = t->via->address;

	if (own.sa.sa_family == AF_UNSPEC || t->proxy || !is_at_home(t))
		return resolve(t, t->env->family, addrs);
	addr_set_port(&own, t->r->url.port);
	addrs_add(addrs, own);
	t->r->timing.dns = trip_elapsed(t);
	return leave_out(t, addrs, &t->r->err);
}

static int
connect_to(struct trip *t)
{
	struct addrs addrs = {0};
	int rc = find(t, &addrs);

	if (rc == 0) {
		t->connected_by = trip_phase(t, PHASE_CONNECT, t->env->connect_timeout);
		rc = dial(t, &addrs);
		if (rc != 0 && addrs.missing && task_now() < t->connected_by && !task_canceled())
			rc = dial_missing(t, addrs.missing);
	}
	addrs_clear(&addrs);
	return rc;
}

/* In the same words for every wait between the connection and the request. */
static int
explain_timeout(const struct trip *t, const char *what)
{
	bool whole = t->connected_by >= t->end;

	if (t->r->err.kind != ERR_TIMEOUT)
		return -1;
	return err_set(
	    &t->r->err, ERR_TIMEOUT, "%s within %.10g s", what, whole ? t->env->timeout : t->env->connect_timeout);
}

static int
pass_proxy(struct trip *t)
{
	const struct url *u = &t->r->url;
	const struct proxy *p = t->proxy;
	const struct addr *literal = u->address.sa.sa_family == AF_UNSPEC ? NULL : &u->address;
	struct err *e = &t->r->err;
	int rc = 0;

	if (t->watch->note)
		note_proxy(t);
	if (p->kind == PROXY_HTTPS)
		rc = tls_start(&t->stream, &t->env->tls, (struct tls_peer){p->host, true}, t->connected_by, NULL, e);
	if (rc == 0 && p->kind == PROXY_SOCKS5H)
		rc = socks_open(&t->stream, p->user, p->password, u->host, literal, u->port, t->connected_by, e);
	else if (rc == 0 && u->scheme->tls)
		rc = tunnel_open(&t->stream, p, u, t->connected_by, e);
	return rc == 0 ? 0 : explain_timeout(t, "no answer");
}

static int
secure(struct trip *t)
{
	bool home = is_at_home(t);
	const struct tls_peer peer = {t->via->sni && home ? t->via->sni : t->r->url.host, !home};
	bool wanted = t->env->tls_info || t->watch->note;
	int rc;

	t->r->phase = PHASE_TLS;
	rc = tls_start(&t->stream, &t->env->tls, peer, t->connected_by, wanted ? &t->r->tls : NULL, &t->r->err);
	if (rc != 0)
		return explain_timeout(t, "the TLS handshake did not end");
	t->r->timing.tls = trip_elapsed(t);
	if (t->watch->note)
		note_secure(t);
	return 0;
}

static bool
wants_tls(const struct trip *t)
{
	return t->r->url.scheme->tls || (t->proxy && t->proxy->kind == PROXY_HTTPS);
}

int
reach(struct trip *t)
{
	struct result *r = t->r;
	int rc;

	if (t->env->exclude && look_at_name(t) != 0)
		return -1;
	t->proxy = proxies_choose(&t->env->proxies, &r->url);
	r->proxy = t->proxy ? t->proxy->shown : NULL;
	/* its files are opened while there are descriptors for them: connections may take all that there are */
	if (wants_tls(t) && tls_init(&t->env->tls, &r->err) != 0)
		return -1;
	rc = connect_to(t);
	if (rc == 0 && t->proxy)
		rc = pass_proxy(t);
	if (rc != 0 && t->proxy)
		return blame_proxy(t);
	if (rc == 0 && r->url.scheme->tls)
		rc = secure(t);
	return rc;
}

/* A family whose answer was late is asked once more: here none may be missing. */
static int
complete(struct trip *t, struct addrs *out)
{
	struct addrs late = {0};
	struct err e;
	struct place p = place(t);
	double deadline = t->start + real_min(t->env->timeout, t->env->dns_timeout);

	if (!out->missing)
		return 0;
	if (dns_lookup(p.host, p.literal, p.port, out->missing, deadline, &late, &e) == 0 &&
	    leave_out(t, &late, &e) == 0)
		for (size_t i = 0; i < late.n; i++)
			addrs_add(out, late.v[i]);
	else if (e.kind == ERR_CANCELED)
		return t->r->err = e, -1;
	addrs_clear(&late);
	return 0;
}

int
fetch_addresses(const struct fetch_env *env, struct result *r, struct addrs *out)
{
	static const struct watch nobody;
	static const struct fetch_via none;
	struct trip t = {.env = env, .via = &none, .watch = &nobody, .r = r, .start = task_now()};
	int rc = url_parse(&r->url, r->target, env->default_scheme, &r->err);

	t.now = t.start;
	t.end = t.start + env->timeout;
	r->attempts = 1;
	if (rc == 0 && env->exclude)
		rc = look_at_name(&t);
	if (rc == 0)
		rc = resolve(&t, env->family, out);
	if (rc == 0)
		rc = complete(&t, out);
	r->timing.total = trip_elapsed(&t);
	return rc;
}
