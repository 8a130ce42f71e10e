/* net/socks.h: the way through a SOCKS proxy: version 5 (RFC 1928), with a password (RFC 1929) or without. */
#ifndef NET_SOCKS_H
#define NET_SOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/addr.h"
#include "net/stream.h"

/*
 * Asks the proxy to which s is connected for a way to host and port, and waits for its consent: from then on s leads to
 * the target; not a byte of the target's is taken. literal: host as an address, or NULL or AF_UNSPEC for a name, which
 * the proxy resolves. user and password: both NULL for none. 0, or -1 with ERR_PROXY, ERR_INPUT for what is too long,
 * or ERR_TIMEOUT, ERR_CANCELED, ERR_LOCAL as the stream has it; s is then to be closed.
 */
int socks_open(struct stream *s, const char *user, const char *password, const char *host, const struct addr *literal,
    uint16_t port, double deadline, struct err *e);

/* Its pieces, which do not wait. What is said: the ways to log in, the login, whereto. 0, or -1 with ERR_INPUT. */
void socks_greeting(struct buf *b, bool with_password);
int socks_login(struct buf *b, const char *user, const char *password, struct err *e);
int socks_request(struct buf *b, const char *host, const struct addr *literal, uint16_t port, struct err *e);

/*
 * What is answered. Each looks at the bytes of one reply that are there, and tells how many more it needs at least: 0
 * when it is complete and good, -1 with ERR_PROXY as soon as it is bad. socks_method is that of the greeting;
 * *wants_login: the proxy wants the login next.
 */
int socks_method(struct str reply, bool with_password, bool *wants_login, struct err *e);
int socks_login_reply(struct str reply, struct err *e);
int socks_reply(struct str reply, struct err *e);

#endif
