/* base/err.h: what went wrong: a kind for programs, a sentence for people, in fixed storage. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#include "base/buf.h"

/* The kinds that JSON shows; the names are in err.c's table. */
enum err_kind {
	ERR_NONE,
	ERR_INPUT,
	ERR_DNS_NXDOMAIN,
	ERR_DNS_NODATA,
	ERR_DNS_SERVFAIL,
	ERR_DNS_TIMEOUT,
	ERR_CONNECT_REFUSED,
	ERR_CONNECT_TIMEOUT,
	ERR_UNREACHABLE,
	ERR_RESET,
	ERR_TLS_HANDSHAKE,
	ERR_TLS_VERIFY,
	ERR_TIMEOUT,
	ERR_CLOSED,
	ERR_NOT_HTTP,
	ERR_HEADER_TOO_LARGE,
	ERR_REDIRECT_LOOP,
	ERR_PROXY,
	ERR_EXCLUDED,
	ERR_CANCELED,
	ERR_LOCAL,
	ERR_KINDS
};

struct err {
	enum err_kind kind;
	char text[236]; /* one sentence without target, full stop or control bytes; cut at the end if too long */
};

/*
 * Fills *e and returns -1, so that `return err_set(e, ...)` is how a call fails. The text is made printable: bytes
 * that a server chose may be passed as %s. e may be NULL.
 */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/*
 * Passes on what went wrong below as trouble of this kind, behind what was being done: "doing: why". What is nobody's
 * fault or our own (ERR_TIMEOUT, ERR_CANCELED, ERR_LOCAL) stays as it is. Returns -1.
 */
int err_blame(struct err *e, enum err_kind kind, const char *doing, const struct err *why);

/* The kind's name as JSON and --stats show it: "dns-nxdomain". */
const char *err_name(enum err_kind kind);
/* The kind of this name; ERR_KINDS if there is none. */
enum err_kind err_kind_of(struct str name);

/* Is it trouble of this machine and not of the target? */
bool err_is_local(enum err_kind kind);

#endif
