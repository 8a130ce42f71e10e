/* http/request.h: the text of a request. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "http/url.h"

/* What is the same for every target. All zero is a GET with awget's own agent and no further fields. */
struct request {
	const char *method;  /* NULL: GET */
	const char *agent;   /* NULL: awget/VERSION; "": no User-Agent */
	struct buf lines;    /* the user's field lines, each with its CR LF */
	bool no_host, no_agent; /* the user gave or dropped the field: ours is not sent */
};

/*
 * -H LINE: "Name: value" adds a field, "Name;" sends it empty, "Name:" only drops one of ours; Host and User-Agent so
 * given replace ours. 0, or -1 with ERR_INPUT for what is no field line: no token before the colon, a CR, an LF or
 * another control byte but tabs.
 */
int request_add_line(struct request *r, const char *line, struct err *e);

/* -X METHOD: a token (RFC 9110 section 9.1), borrowed, its case kept. 0 or -1. */
int request_set_method(struct request *r, const char *method, struct err *e);

/* -A AGENT: text without control bytes, borrowed; "" sends none. 0 or -1. */
int request_set_agent(struct request *r, const char *agent, struct err *e);

/* Adds the request for u: HTTP/1.0, Host, User-Agent, the user's lines in their order, the empty line. */
void request_write(struct buf *b, const struct request *r, const struct url *u);

void request_clear(struct request *r);

#endif
