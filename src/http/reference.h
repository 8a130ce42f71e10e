/* http/reference.h: where a reference such as the value of Location leads, seen from the URL that it came from. */
#ifndef HTTP_REFERENCE_H
#define HTTP_REFERENCE_H

#include "base/buf.h"
#include "base/err.h"
#include "http/url.h"

/*
 * Resolves reference against base as RFC 3986 section 5.2 has it, strictly: //host/path, /path, path, ?query,
 * #fragment, nothing at all (which is base itself), or a URL of http or https. Dot segments are removed, the fragment
 * is dropped, blanks around are left out, and what may not stand in a path or query, blanks too, is percent-encoded.
 * *u is then all that url_parse promises. Refused with ERR_INPUT, by a sentence about the reference: control bytes but
 * the tab, other schemes, a scheme without "//", a colon before the first slash that ends no scheme, user info, and
 * hosts and ports that url_parse refuses. 0, or -1 with *u all zero. The caller frees with url_clear, in every case.
 * u is another than base.
 */
int url_join(struct url *u, const struct url *base, struct str reference, struct err *e);

#endif
