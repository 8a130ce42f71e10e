/* net/listen.h: listening sockets, and serving whoever connects. */
#ifndef NET_LISTEN_H
#define NET_LISTEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "net/addr.h"

/*
 * A TCP socket that listens at *a; port 0 takes a free one, and *a then says which. With shared set, other processes
 * may listen there too (SO_REUSEPORT) and the kernel spreads the connections. A descriptor, or -1: ERR_UNREACHABLE if
 * this machine has no such address, else ERR_LOCAL. Does not wait.
 */
int listen_tcp(struct addr *a, bool shared, struct err *e);

/* A UDP socket bound at *a, under the same rules. */
int listen_udp(struct addr *a, bool shared, struct err *e);

/*
 * The next connection, waiting for it if there is none: a non-blocking descriptor, or -1. Connections that broke off
 * before are passed over; when descriptors or memory have run out, it pauses and goes on.
 */
int listen_accept(int fd, double deadline, struct err *e);

/* What is done with one connection, in a task of its own. It closes fd. */
typedef void listen_handler(int fd, void *arg);

/*
 * Accepts connections and runs serve(connection, arg) for each, limit of them at once (0: any number). Comes back with
 * -1 when canceled, or when fd fails; the connections that are then left are canceled and waited for.
 */
int listen_serve(int fd, size_t limit, listen_handler *serve, void *arg, struct err *e);

#endif
