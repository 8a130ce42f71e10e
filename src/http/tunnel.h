/* http/tunnel.h: a way to the target through an HTTP proxy: CONNECT (RFC 9110 section 9.3.6). */
#ifndef HTTP_TUNNEL_H
#define HTTP_TUNNEL_H

#include "base/buf.h"
#include "base/err.h"
#include "http/proxy.h"
#include "http/url.h"
#include "net/lines.h"
#include "net/stream.h"

/*
 * Asks the proxy p, to which s is connected, for a way to u's host and port, and waits for its consent: from then on s
 * leads to the target. For targets that wait until they are spoken to, as with TLS: bytes behind the proxy's reply are
 * not the target's, and are refused. 0, or -1 with ERR_PROXY, or ERR_TIMEOUT, ERR_CANCELED, ERR_LOCAL as the stream has
 * it; s is then to be closed.
 */
int tunnel_open(struct stream *s, const struct proxy *p, const struct url *u, double deadline, struct err *e);

/* Its two halves. Adds the request; reads the reply from l, whose `max` is the most that it may have. */
void tunnel_request(struct buf *b, const struct proxy *p, const struct url *u);
int tunnel_reply(struct lines *l, double deadline, struct err *e);

#endif
