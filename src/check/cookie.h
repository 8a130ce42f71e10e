/* check/cookie.h: cookies as a browser reads them (RFC 6265bis section 5.6). */
#ifndef CHECK_COOKIE_H
#define CHECK_COOKIE_H

#include <stdbool.h>

#include "base/buf.h"

/* Slices of a value of Set-Cookie. */
struct cookie {
	struct str name, value; /* name may be empty */
	struct str attributes;  /* what is behind the first ';' */
};

/*
 * False if a browser would not take it for a cookie: a control byte that is no tab, neither name nor value, or more
 * than 4096 bytes of them. line is unfolded.
 */
bool cookie_parse(struct str line, struct cookie *c);

/* The last attribute of this name, case folded; without '=' its value is empty. Of more than 1024 bytes it is none. */
bool cookie_attribute(const struct cookie *c, struct str name, struct str *value);

#endif
