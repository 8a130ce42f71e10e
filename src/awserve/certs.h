/* awserve/certs.h: a test CA, and the certificates that it signs: good ones, and one of each kind that is refused. */
#ifndef AWSERVE_CERTS_H
#define AWSERVE_CERTS_H

#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

struct ssl_st;     /* OpenSSL's SSL */
struct ssl_ctx_st; /* and SSL_CTX */

/* Makes the CA: once, before anything else here. */
void certs_init(void);

/*
 * Gives ssl the certificate for name, which may be empty: the first label that is in the table says what is wrong with
 * it. kind is a label that goes before those; NULL: none. What was made once is used again.
 */
void certs_use(struct ssl_st *ssl, struct str name, const char *kind);

/* Lets ctx trust what the CA has signed, and say so to clients. */
void certs_trust(struct ssl_ctx_st *ctx);

/* Writes the CA's certificate to this file, as PEM. 0 or -1. */
int certs_write_ca(const char *path, struct err *e);

/* A client's certificate that the CA has signed, to PREFIX.pem, and its key to PREFIX.key. 0 or -1. */
int certs_write_client(const char *prefix, struct err *e);

/* One line a label, for people. */
void certs_list(FILE *out);

#endif
