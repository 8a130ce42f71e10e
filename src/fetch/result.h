/* fetch/result.h: what one fetch found out: only facts, no connection. The hinge between fetching and showing. */
#ifndef FETCH_RESULT_H
#define FETCH_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "http/url.h"
#include "net/addr.h"

struct tls_info; /* net/tls.h */

/* A field line; offsets into the head that it is of. A folded value holds its CR LFs. */
struct field {
	uint32_t name, name_n, value, value_n;
	bool folded;
};

/*
 * Seconds since the fetch began, NAN for a phase that was not reached. Each is when the phase was over; of several
 * requests (redirects, retries), of the last one, whose beginning is `begun`.
 */
struct timing {
	double begun, dns, connect, tls, first_byte, total;
};

/* An earlier response of a chain of redirects. */
struct hop {
	char *url;
	struct addr peer;
	int status;
	struct buf head;      /* whole, as result.head */
	size_t head_n;
	struct field *fields; /* offsets into head */
	size_t nfields;
};

/* What was going on when a fetch failed; result_phase_name gives JSON's word. */
enum phase { PHASE_NONE, PHASE_DNS, PHASE_CONNECT, PHASE_TLS, PHASE_SEND, PHASE_WAIT, PHASE_HEADERS };

enum { RESULT_FEW = 16 };

struct result {
	size_t n;              /* number of the target, from 1 */
	struct str target;     /* as the user typed it; borrowed, as are label and tag */
	struct str label;      /* what people are shown for it: the target, or TARGET@ADDR */
	struct str tag;        /* the user's own word for it; s is NULL: none */
	struct url url;        /* zero if the target could not be understood */
	const char *proxy;     /* that it went through, without credentials; borrowed from the proxies; NULL: none */
	struct addr peer;      /* sa_family is AF_UNSPEC until connected; of a proxy, if there is one */
	struct tls_info *tls;  /* NULL: none, or not wanted */
	struct hop *hops;      /* of the last attempt */
	size_t nhops;
	unsigned attempts;
	struct buf head;       /* the final head, status line to empty line, byte for byte; and maybe bytes behind it */
	size_t head_n;         /* of them, how many are the head */
	int minor, status;     /* HTTP/1.minor; 0 until a final status line has come */
	uint32_t reason, reason_n; /* offset into head */
	struct field *fields;
	size_t nfields;
	struct timing timing;
	double time;           /* when the fetch began, seconds since 1970 */
	enum phase phase;      /* of err */
	struct err err;        /* kind ERR_NONE: the head came whole */
	struct field few[RESULT_FEW]; /* where fields points while they suffice: a result is not to be copied */
};

/* The label is the target, until the caller says otherwise. */
void result_init(struct result *r, size_t n, struct str target);

/* One more field, which the caller fills. Valid until the next one. */
struct field *result_add_field(struct result *r);
void result_drop_fields(struct result *r);

/* Makes the present response a hop, and r one that has no response yet. */
void result_push_hop(struct result *r);
/* Forgets the response and all hops, for another attempt. */
void result_restart(struct result *r);

struct str result_reason(const struct result *r);
struct str result_name(const struct result *r, const struct field *f);
/* The value as it came: with CR LF inside if folded. */
struct str result_value(const struct result *r, const struct field *f);
/* Adds a value with a space for each of its folds. */
void result_unfolded(struct buf *b, struct str value);

/* The value of the first field of this name, case folded; s is NULL if there is none. */
struct str result_find(const struct result *r, struct str name);

const char *result_phase_name(enum phase phase); /* NULL for PHASE_NONE */
enum phase result_phase_of(struct str name);     /* PHASE_NONE if it is the name of none */

void result_clear(struct result *r);

#endif
