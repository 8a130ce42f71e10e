/* net/tls_module.h: what the module of TLS, tls.so, offers to net/tls.c. */
#ifndef NET_TLS_MODULE_H
#define NET_TLS_MODULE_H

#include "net/tls.h"

struct tls_module {
	/* Makes the context. Once. 0, or -1 with ERR_INPUT or ERR_LOCAL. */
	int (*init)(const struct tls_options *o, struct err *e);
	/* Makes s one of TLS to this peer; the handshake is still to be made. 0 or -1. */
	int (*wrap)(struct stream *s, struct tls_peer peer, struct err *e);
	/* After a handshake that failed: if it was for the certificate, *e says why in plain words. */
	void (*explain)(const struct stream *s, struct err *e);
	/* What is known of the connection; never NULL. */
	struct tls_info *(*info)(const struct stream *s);
};

/* The symbol in tls.so that is a struct tls_module. */
#define TLS_MODULE tls_client

#endif
