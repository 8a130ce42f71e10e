/* http/proxy.h: the proxy that a URL goes through, from an option or from the environment, as curl reads it. */
#ifndef HTTP_PROXY_H
#define HTTP_PROXY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "http/url.h"
#include "net/addr.h"

enum proxy_kind {
	PROXY_HTTP,    /* spoken to in clear: the URL itself is asked for, or CONNECT opens a tunnel */
	PROXY_HTTPS,   /* the same inside TLS */
	PROXY_SOCKS5H, /* RFC 1928; names are resolved by the proxy */
};

/* One proxy; all zero is none. */
struct proxy {
	enum proxy_kind kind;
	char *host; /* a name, or an address without brackets */
	uint16_t port;
	struct addr address;   /* host and port, if host is an address; else its family is AF_UNSPEC */
	char *shown;           /* "http://host:port": never with credentials */
	char *auth;            /* the value of Proxy-Authorization; NULL: none, and always for SOCKS */
	char *user, *password; /* for SOCKS, decoded; both or none is NULL */
};

/*
 * [scheme://][user[:password]@]host[:port][/]; the scheme is http (and without one), https or socks5h; the port, where
 * none is given, 443 for https and 1080 for the others. User and password are percent-decoded; an '@' in them may stand
 * as it is, but not '/', '?' and '#'. An IPv6 address has brackets. 0, or -1 with ERR_INPUT, in a sentence that shows
 * nothing of text, and *p all zero. The caller frees with proxy_clear.
 */
int proxy_parse(struct proxy *p, const char *text, struct err *e);

void proxy_clear(struct proxy *p);

/* Which targets go over which proxy; all zero: none does. */
struct proxies {
	bool any;                 /* is there one at all? */
	struct proxy http, https; /* for targets of each scheme */
	char *noproxy;            /* the targets that go over none: NULL, or what noproxy.h says */
};

/*
 * x_option is the proxy for all targets, "" none, NULL what the environment says: http_proxy for http targets (only in
 * lower case: a CGI program's HTTP_PROXY is a field of a request), https_proxy or HTTPS_PROXY, and for both, where
 * these are not set, all_proxy or ALL_PROXY. noproxy_option takes the place of no_proxy or NO_PROXY, which are read in
 * any case. The lower case goes first; an empty variable counts as none. 0, or -1 with ERR_INPUT, which names the
 * variable that is malformed, not its value, and *p all zero. The caller ends with proxies_clear.
 */
int proxies_init(struct proxies *p, const char *x_option, const char *noproxy_option, struct err *e);

/* The proxy for u, owned by p; NULL: none. */
const struct proxy *proxies_look(const struct proxies *p, const struct url *u);
static inline const struct proxy *
proxies_choose(const struct proxies *p, const struct url *u)
{
	return p->any ? proxies_look(p, u) : NULL;
}

void proxies_clear(struct proxies *p);

#endif
