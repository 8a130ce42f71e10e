/* awserve/names.h: a DNS server for tests: any name is loopback, and its labels say what goes wrong. */
#ifndef AWSERVE_NAMES_H
#define AWSERVE_NAMES_H

#include "base/err.h"
#include "net/addr.h"

/* The usual addresses of names, NULL for a family that none has; copied. Every answer comes delay seconds late. */
void names_init(const struct addr *v4, const struct addr *v6, double delay);

/* Answers the questions that come to fd until canceled. -1 with the reason. */
int names_udp(int fd, struct err *e);

/* The same for connections to the listening socket fd. */
int names_tcp(int fd, struct err *e);

#endif
