/* net/dial.h: a connected socket out of several addresses. */
#ifndef NET_DIAL_H
#define NET_DIAL_H

#include <net/if.h>

#include "base/err.h"
#include "net/addr.h"
#include "net/limiter.h"

/* Where connections come from: an address of this machine, or a network device; all zero: as the routes say. */
struct dial_source {
	struct addr address;
	char device[IFNAMSIZ];
};

/*
 * From "ADDR" or "DEVICE". 0; or -1 with ERR_INPUT if this machine has neither, ERR_LOCAL if it cannot be used, for a
 * device may take privileges.
 */
int dial_source(struct dial_source *s, const char *text, struct err *e);

/*
 * Connects to the first of addrs that answers, a head start of 250 ms apart, the next at once when one fails (RFC 8305
 * section 5), from source (NULL: none). The first two of many share one head start. *peer: which it was. A non-blocking
 * socket that was added to rt/edges.h, or -1 with the most telling error. Waits until deadline; also for a descriptor,
 * a local port or memory when this machine is out of them, which is ERR_LOCAL in the end and never told as the fault of
 * an address.
 *
 * With a limiter (NULL: none) it first waits for its turn at the first address, and *deadline moves out by that wait;
 * the other addresses are tried while there is a place. The caller gives back the place at *peer when it has closed the
 * socket.
 */
int dial_tcp(const struct addrs *addrs, const struct dial_source *source, struct limiter *limiter, double *deadline,
    struct addr *peer, struct err *e);

#endif
