/* net/tls_stream.h: an SSL object of OpenSSL as the transport of a stream: what client and server share. */
#ifndef NET_TLS_STREAM_H
#define NET_TLS_STREAM_H

#include "net/stream.h"

struct ssl_st; /* OpenSSL's SSL */

/*
 * From now on s speaks TLS by ssl, which it takes, over the transport that it had before. ssl has its side (client or
 * server) set; the handshake is stream_handshake's. Does not wait, does not fail.
 */
void tls_stream_wrap(struct stream *s, struct ssl_st *ssl);

/* The SSL object of a stream that was wrapped. */
struct ssl_st *tls_stream_ssl(const struct stream *s);

#endif
