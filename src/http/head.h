/* http/head.h: pure parsing of start lines and field lines (RFC 9112): bytes in, slices out, no waiting. */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* A status line: HTTP/1.`minor` `code` `reason`. reason is a slice of the line. */
struct head_status {
	int minor, code;
	struct str reason;
};

/*
 * "HTTP/1.x NNN[ reason]" (RFC 9112 section 4), the code from 100 to 999, case and blanks exactly so. reason may be
 * empty, and may hold any byte. 0, or -1 with ERR_NOT_HTTP, whose sentence shows the first bytes.
 */
int head_status(struct str line, struct head_status *out, struct err *e);

/* What a line behind the status line is. */
enum head_kind {
	HEAD_FIELD, /* name: value */
	HEAD_FOLD,  /* begins with a blank: goes on with the value before it (RFC 9112 section 5.2) */
	HEAD_OTHER, /* no colon, or no name before it: value is the whole line, name is empty */
};

/*
 * name is without blanks before the colon, value without blanks around it; both are slices of line, which is not empty.
 * name may hold bytes that no name should (RFC 9110 section 5.1), NUL too: this tells what came, it does not judge.
 */
enum head_kind head_field(struct str line, struct str *name, struct str *value);

/*
 * A request line: METHOD SP TARGET SP HTTP/1.x, or METHOD SP TARGET (HTTP/0.9), the method a token, the target not
 * empty and without blanks and control bytes. Slices of line. 0, or -1 with ERR_NOT_HTTP.
 */
struct head_request {
	struct str method, target;
	int minor; /* -1: HTTP/0.9 */
};
int head_request(struct str line, struct head_request *out, struct err *e);

/* Is s a token (RFC 9110 section 5.6.2)? */
bool head_is_token(struct str s);

#endif
