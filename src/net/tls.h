/* net/tls.h: TLS over a stream, as a client. OpenSSL is in a module that is loaded with the first https target. */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "net/stream.h"

/* Versions of TLS, as numbers that grow. */
enum { TLS_1_0 = 10, TLS_1_1, TLS_1_2, TLS_1_3 };

/* What is the same for all connections; all zero is the default: the system's trust anchors, TLS 1.2 and later. */
struct tls_options {
	const char *cacert, *cert, *key; /* PEM files; NULL: the system's trust anchors, no client certificate */
	bool insecure;                   /* go on although the certificate is not to be trusted */
	int min, max;                    /* TLS_1_x; 0: 1.2, and the latest */
	bool http10;                     /* "http/1.0" is offered by ALPN, too */
};

/* Whom a connection is to. */
struct tls_peer {
	const char *name; /* is sent (SNI), unless it is an address, and must be the certificate's (RFC 9525) */
	bool stranger;    /* not the user's own choice: it is shown no client certificate */
};

/* What is known of a connection once the server has shown its certificate; in one piece, to be freed with free(). */
struct tls_info {
	const char *version, *cipher;  /* "TLSv1.3", "TLS_AES_256_GCM_SHA384"; NULL until they are agreed on */
	const char *alpn;              /* NULL: none */
	const char *verify;            /* "ok", or why the certificate is not to be trusted; NULL: it did not come */
	const char *issuer, *subject;  /* RFC 2253: "CN=Example CA,O=Example"; NULL: no certificate came */
	const char **names;            /* the subject's alternative names: "example.org", "192.0.2.1" */
	size_t nnames;
	double not_after;              /* seconds since 1970; NAN if unknown */
};

/*
 * Loads the module and makes the context that all connections share; later calls do nothing. tls_start does it by
 * itself: this is for who wants to know early whether the options' files are any good. 0, or -1 with ERR_LOCAL or
 * ERR_INPUT. o is borrowed for the whole run.
 */
int tls_init(const struct tls_options *o, struct err *e);

/*
 * Makes s, a connected stream, one of TLS and waits for the handshake. *info: NULL before; what is known afterwards,
 * also after a failure; info may be NULL. 0, or -1 with ERR_TLS_VERIFY, ERR_TLS_HANDSHAKE, or what the stream said. In
 * every case s is to be closed by stream_close.
 */
int tls_start(struct stream *s, const struct tls_options *o, struct tls_peer peer, double deadline,
    struct tls_info **info, struct err *e);

#endif
