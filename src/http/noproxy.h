/* http/noproxy.h: the list of hosts that are not reached over a proxy, as curl reads it. */
#ifndef HTTP_NOPROXY_H
#define HTTP_NOPROXY_H

#include <stdbool.h>

#include "http/url.h"

/* Is the list only "*", which is every host? */
bool noproxy_all(const char *list);

/*
 * Is u's host in the list? Its entries stand between commas or blanks: "example.org", or ".example.org", is that name
 * and all below it, in any case of its letters and with or without a dot at its end; "192.0.2.1", "192.0.2.0/24",
 * "2001:db8::1", "[2001:db8::1]", "2001:db8::/32" are addresses, for hosts that were given as an address. What is none
 * of these matches nothing. Nothing is resolved.
 */
bool noproxy_match(const char *list, const struct url *u);

#endif
