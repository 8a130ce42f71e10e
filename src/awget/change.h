/* awget/change.h: what is different between an earlier result of a target and its present one. */
#ifndef AWGET_CHANGE_H
#define AWGET_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "awget/answer.h"
#include "awget/volatile.h"
#include "base/buf.h"
#include "base/digest.h"
#include "fetch/result.h"

/*
 * One difference. what: "target", "error", "status", "address", "url", "tls", "tls.version", "tls.cipher",
 * "tls.alpn", "tls.verify", "tls.issuer", "tls.subject", "tls.names", "tls.not_after", or "header". A value's s is NULL
 * where there was none: something was added or removed.
 */
struct change {
	const char *what;
	struct str name;     /* of "header": the field's name; else empty */
	struct str old, new; /* as they came, unfolded: not fit to be shown without more ado */
};

struct changes {
	struct change *v;
	size_t n, cap;
	struct buf text;       /* what the slices are of */
	struct answer was, is; /* for reuse */
	struct buf scratch[2];
};

/*
 * Sets *c, which is all zero or was used before, to how `new` differs from `old`, as far as the list says that it
 * counts. old may be NULL: the target was not there. Where one of them failed, only the kinds of errors are compared;
 * one that was interrupted (ERR_CANCELED) tells nothing, and does not differ. The URL is compared where redirects were
 * followed, and of an address not the port. A name in the list that is a `what` of struct change, or "tls",
 * leaves that out. Fields are compared by name without regard to case and by their values in order; each value of a
 * name that was added or removed is a change of its own, and where one value took the place of another that is one
 * change. Header changes come last, in the order of names.
 */
void changes_find(
    struct changes *c, const struct result *old, const struct result *new, const struct volatile_list *list);

/*
 * A digest of what counts of r: two results of one digest do not differ. Those of two digests may not differ, either.
 * *c, which is all zero or was used before, is then empty.
 */
struct digest changes_digest(struct changes *c, const struct result *r, const struct volatile_list *list);

/*
 * Adds lines "- Server: nginx/1" and "+ Server: nginx/2", fit to be shown, each with `before` before it. A name or
 * value longer than 200 bytes is cut, and "..." put behind it.
 */
void changes_show(const struct changes *c, struct str before, struct buf *b);

void changes_clear(struct changes *c);

#endif
