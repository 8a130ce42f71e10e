/* net/tls_cert.h: what a certificate says, in words. */
#ifndef NET_TLS_CERT_H
#define NET_TLS_CERT_H

#include "base/err.h"

struct ssl_st;  /* OpenSSL's SSL */
struct x509_st; /* OpenSSL's X509 */
struct tls_info;

/* Why a certificate is not to be trusted, of OpenSSL's verify result (not X509_V_OK): ERR_TLS_VERIFY. Returns -1. */
int tls_cert_refused(long result, const struct x509_st *leaf, struct err *e);

/* What is known of a connection whose server has shown this certificate (NULL: none yet). To be freed with free(). */
struct tls_info *tls_cert_info(struct ssl_st *ssl, struct x509_st *leaf);

#endif
