/* http/request.h: the text of a request. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "http/url.h"

/* What is the same for every target. All zero is a GET of HTTP/1.0 with awget's own agent and no further fields. */
struct request {
	const char *method;  /* NULL: GET */
	const char *agent;   /* NULL: awget/VERSION; "": no User-Agent */
	struct buf auth;     /* the value of Authorization; empty: none */
	struct buf lines;    /* the user's field lines, each with its CR LF */
	int minor;           /* HTTP/1.minor: 0 or 1 */
	bool no_host, no_agent, no_auth, no_connection; /* the user gave or dropped the field: ours is not sent */
};

/* What differs from one request of a target to the next. */
struct request_hop {
	const char *method;     /* instead of the user's; NULL: the user's */
	const char *proxy_auth; /* the value of Proxy-Authorization; NULL: none */
	bool proxied;           /* the URL itself is asked for, of an HTTP proxy (RFC 9112 section 3.2.2) */
	bool foreign;           /* it goes to another origin than the user named: it learns no secret */
};

/*
 * -H LINE: "Name: value" adds a field, "Name;" sends it empty, "Name:" only drops one of ours; Host and User-Agent so
 * given replace ours. 0, or -1 with ERR_INPUT for what is no field line: no token before the colon, a CR, an LF or
 * another control byte but tabs.
 */
int request_add_line(struct request *r, const char *line, struct err *e);

/* -H @FILE: each line of the file, but empty ones, as request_add_line. 0, or -1; ERR_INPUT names the line. */
int request_add_file(struct request *r, const char *file, struct err *e);

/* -u USER:PASSWORD: the Basic scheme (RFC 7617). 0, or -1 for control bytes, in a sentence that shows nothing of it. */
int request_set_user(struct request *r, const char *user, struct err *e);

/* -X METHOD: a token (RFC 9110 section 9.1), borrowed, its case kept. 0 or -1. */
int request_set_method(struct request *r, const char *method, struct err *e);

/* -A AGENT: text without control bytes, borrowed; "" sends none. 0 or -1. */
int request_set_agent(struct request *r, const char *agent, struct err *e);

/*
 * Adds the request for u: the request line, Host, User-Agent, for HTTP/1.1 Connection: close, credentials, the user's
 * lines in their order, the empty line. To a foreign origin, credentials of any kind and the user's Host are not sent.
 */
void request_write(struct buf *b, const struct request *r, const struct url *u, const struct request_hop *hop);

void request_clear(struct request *r);

#endif
