/* awserve/routes.h: what the HTTP server does: the table of behaviours. */
#ifndef AWSERVE_ROUTES_H
#define AWSERVE_ROUTES_H

#include <stdio.h>

#include "base/err.h"
#include "http/server.h"

/* Every answer comes delay seconds late. */
void routes_init(double delay);

/* Serves the connections of a listening socket until canceled. -1 with the reason. */
int routes_serve(int fd, struct err *e);

/* The same over TLS. */
int routes_serve_tls(int fd, struct err *e);

/* The same for sockets where connecting itself goes wrong: answers before it is asked; resets each connection. */
int routes_serve_early(int fd, struct err *e);
int routes_serve_rst(int fd, struct err *e);

/* For handlers: the usual page. */
void routes_index(struct exchange *x);

/*
 * For handlers: the number that parameter i holds, at *n. If it is none, or above max, that is answered, and false.
 */
bool routes_number(struct exchange *x, int i, size_t max, size_t *n);

/* One line a route, for people. */
void routes_list(FILE *out);

#endif
