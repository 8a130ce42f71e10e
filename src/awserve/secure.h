/* awserve/secure.h: the server's side of TLS: what the name that a client asks for (SNI) does to the handshake. */
#ifndef AWSERVE_SECURE_H
#define AWSERVE_SECURE_H

#include <stdio.h>

#include "base/err.h"
#include "net/stream.h"

/* What all connections share. After certs_init. */
void secure_init(void);

/* Makes an accepted connection one of TLS. 0, or -1: it is to be closed. */
int secure_open(struct stream *s, double deadline, struct err *e);

/* Says close_notify, unless the name wants that left out. */
void secure_end(struct stream *s);

/* One line a label, for people. */
void secure_list(FILE *out);

#endif
