/* fetch/fetch.h: one target, from what the user typed to a finished result. */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

#include "fetch/result.h"
#include "http/proxy.h"
#include "http/request.h"
#include "net/dial.h"
#include "net/exclude.h"
#include "net/tls.h"

/* What all fetches of a run share. */
struct fetch_env {
	double timeout, connect_timeout, dns_timeout; /* seconds */
	int family;                                   /* AF_UNSPEC, AF_INET, AF_INET6 */
	size_t max_header_size;                       /* bytes of one response's heads */
	bool fields;                                  /* are result.fields wanted? */
	bool tls_info;                                /* is result.tls wanted? */
	bool location;                                /* are redirects followed? */
	bool allow_private;                           /* also from public targets into private networks? */
	unsigned max_redirs;
	unsigned retries;                             /* further attempts */
	double retry_delay;                           /* seconds before the first of them, at most; then doubling */
	const struct url_scheme *default_scheme;      /* of targets without one; NULL: http */
	struct request request;
	struct tls_options tls;
	struct dial_source source;
	struct proxies proxies;
	struct limiter *limiter;                      /* of connections to an address; NULL: none */
	const struct exclude *exclude;                /* where nothing is to be sent; NULL: no such thing */
};

/* What one target has of its own; all zero: nothing. It holds as long as redirects stay with the target's host. */
struct fetch_via {
	struct addr address; /* connect there, at the URL's port; AF_UNSPEC: where the name leads */
	const char *sni;     /* the name for TLS; NULL: the URL's */
};

/* Is told of things the moment they happen; members may be NULL. Must not wait. */
struct watch {
	void (*lines)(const struct result *r, struct str lines); /* whole lines of a head, with their ends; 1xx too */
	void (*note)(const struct result *r, const char *text); /* a step, for -v */
};

/* The defaults of awget(1). */
void fetch_env_init(struct fetch_env *env);

/*
 * Fetches the head of one target into *r, which result_init has prepared; via may be NULL. It always comes to an end:
 * r->err.kind is ERR_NONE or says why not. Waits, at most env->timeout. 0 or -1.
 */
int fetch(const struct fetch_env *env, const struct fetch_via *via, const struct watch *watch, struct result *r);

/*
 * The addresses of a target, into which the caller puts them all, at *out (empty before; the caller clears it): of both
 * families, as far as env allows. Waits, at most env->dns_timeout and at most env->timeout. 0, or -1 with r's phase and
 * error set.
 */
int fetch_addresses(const struct fetch_env *env, struct result *r, struct addrs *out);

#endif
