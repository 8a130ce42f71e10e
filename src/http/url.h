/* http/url.h: what the user types, understood: scheme, host, port, path. */
#ifndef HTTP_URL_H
#define HTTP_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/addr.h"

struct url_scheme {
	const char *name;
	uint16_t port;
	bool tls;
};

/* host and path are NUL-terminated, in one piece: in `few` if it is short. So a struct url is not to be copied. */
struct url {
	const struct url_scheme *scheme;
	char *host;   /* a name, ASCII, or an address without brackets, with its zone; case as typed; never empty */
	char *path;   /* path and query as sent: begins with '/', no fragment, no blank, control or non-ASCII byte */
	uint16_t port;
	bool v6;      /* host is an IPv6 address: brackets belong around it in a URL and in Host */
	struct addr address; /* host and port, if host is an address; else its family is AF_UNSPEC */
	char few[48];
};

/* Makes *u one of no host; `few` is not looked at then. */
static inline void
url_init(struct url *u)
{
	memset(u, 0, offsetof(struct url, few));
}

/* All there are, ending with a row of zeros. The first is that of a target without one. */
extern const struct url_scheme url_schemes[];

/* The scheme of this name, in any case; NULL if there is none. */
const struct url_scheme *url_scheme(struct str name);

/*
 * host, host:port, [v6], [v6]:port, a bare IPv6 address, or scheme://... (RFC 3986). Without a scheme it is of
 * `fallback`, NULL for http. In path and query, bytes that RFC 3986 does not allow are percent-encoded. A name that is
 * not ASCII becomes what is asked for in the DNS (net/idn.h). Refused with ERR_INPUT: other schemes, user info, a
 * backslash before the path, an empty host, port 0 or above 65535, labels that are empty or over 63 bytes, names over
 * 253 or not of letters, digits, '-' and '_', percent-encoded hosts, numbers that are no dotted quad, control bytes and
 * blanks. 0, or -1 with *u as url_init leaves it. The caller frees with url_clear, in every case.
 */
int url_parse(struct url *u, struct str text, const struct url_scheme *fallback, struct err *e);

/* Of the same scheme, host and port (RFC 6454 section 5)? Case and a dot at the end of a name make no difference. */
bool url_same_origin(const struct url *a, const struct url *b);

/*
 * Adds the whole URL, the port only when it is not the scheme's; adds only host and port, as the Host field has it,
 * which is without the zone of an IPv6 address (RFC 6874 section 4).
 */
void url_format(struct buf *b, const struct url *u);
void url_authority(struct buf *b, const struct url *u);

/* Moves *from to *to, which must hold nothing; *from is then all zero. */
void url_move(struct url *to, struct url *from);

void url_clear(struct url *u);

#endif
