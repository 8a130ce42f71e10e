/* http/server.h: a small server: rows of {method, pattern, handler}, one task a connection, one request each. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/stream.h"

enum { SERVER_PARAMS = 4 };

struct server_route;

/*
 * One request and its answer; lives as long as the handler runs. What points into the request points into `head`, and
 * is as it came, not decoded.
 */
struct exchange {
	const struct server *server;
	const struct server_route *route; /* the row that was chosen */
	struct stream *stream;            /* for handlers that send on their own */
	struct str head;                  /* the whole request head, empty line included */
	struct str method, target, host;  /* host: of the target if it has one, else the Host field; may be empty */
	struct str path, query;           /* of the target; path begins with '/' (or is "*"), query is without '?' */
	struct str params[SERVER_PARAMS]; /* what the {name}s of the pattern matched, percent-decoded, in their order */
	struct buf decoded;               /* what params point into */
	/* The answer, sent when the handler has returned, unless it was `sent` by then. */
	int status;                       /* 200 before the handler runs */
	const char *type;                 /* "text/html" before */
	struct buf fields, body;          /* further field lines with their CR LF; the body */
	bool sent;                        /* the handler has sent the answer itself, or wants none */
	bool ended;                       /* the end has been said, or is not to be: the connection is just closed */
};

typedef void server_handler(struct exchange *x);

/* One row of a route table. The first row that fits is taken. */
struct server_route {
	const char *method;  /* "GET" serves HEAD as well, which sends no body; "*" is any */
	const char *pattern; /* begins with '/'; a segment {name} fits any that is not empty */
	server_handler *handler;
	const void *arg;     /* the handler's own */
	const char *about;   /* one line for lists of routes; may be NULL */
};

struct server {
	const struct server_route *routes; /* ends with a row of NULLs */
	const char *name;                  /* the Server field; NULL: none */
	server_handler *before;            /* runs before a route is sought; may wait and change x->path. NULL: none */
	/* makes of a connection, which is plain TCP, what requests come over: 0 or -1. NULL: it is that */
	int (*open)(struct stream *, double deadline, struct err *);
	void (*end)(struct stream *);      /* says that nothing more is sent; NULL: only a closed connection does */
	double timeout;                    /* seconds for the request to come, and again for the answer to be taken */
	size_t limit;                      /* connections at once; 0 for any number */
};

/*
 * Serves the connections of a listening socket until canceled; ends after its last one. By itself it answers 400 (not
 * HTTP/1.x as RFC 9112 has it), 404, 405 (with Allow), 408 and 431. -1 with the reason.
 */
int server_run(const struct server *s, int fd, struct err *e);

/* The first row for x->method and x->path, with x->params set; NULL if there is none. */
const struct server_route *server_find(const struct server_route *routes, struct exchange *x);

/* Adds the methods of the rows whose pattern fits x->path, as Allow has them: "GET, HEAD". */
void server_allow(struct buf *b, const struct server_route *routes, struct exchange *x);

/* Adds the answer's head, from the status line to the empty line. */
void server_head(struct buf *b, const struct exchange *x);

/* For handlers that send on their own: sends these bytes now, whenever the peer takes them. 0 or -1. */
int server_send(struct exchange *x, struct str bytes);

/*
 * For handlers that go on when nothing more is sent: says so, and closes the sending side. Else it is done for them, if
 * they do not set x->ended. 0 or -1.
 */
int server_end(struct exchange *x);

/* "OK" for 200; "" for a code that RFC 9110 and its kin do not name. */
const char *server_reason(int status);

/* Adds s as HTML text: & < > " ' escaped. Adds s percent-decoded; a '%' without two hexadecimal digits stays. */
void server_html(struct buf *b, struct str s);
void server_decode(struct buf *b, struct str s);

#endif
