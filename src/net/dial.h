/* net/dial.h: a connected socket out of several addresses. */
#ifndef NET_DIAL_H
#define NET_DIAL_H

#include "base/err.h"
#include "net/addr.h"

/*
 * Connects to the first of addrs that answers, a head start of 250 ms apart, the next at once when one fails (RFC 8305
 * section 5). *peer: which it was. A non-blocking socket, or -1 with the most telling error. Waits until deadline, and
 * for a free descriptor if there is none.
 */
int dial_tcp(const struct addrs *addrs, double deadline, struct addr *peer, struct err *e);

#endif
