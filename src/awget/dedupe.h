/* awget/dedupe.h: which lines of input ask for what an earlier one has asked for. */
#ifndef AWGET_DEDUPE_H
#define AWGET_DEDUPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "http/url.h"

struct dedupe;

/* Targets without a scheme are of `fallback`, NULL for http. */
struct dedupe *dedupe_new(const struct url_scheme *fallback);

/*
 * Is it new? Then it is remembered. Two lines ask for the same if their URLs are the same, however they are written
 * (scheme and host in any case, the port of the scheme or none, "/" or no path), and all that stands behind them; what
 * is no URL, if its bytes are the same. Nothing is compared by a digest alone, so nothing that is new is ever taken
 * for a repeat. Takes the length of the host and of what is special about the URL, and 8 to 15 bytes (base/set.h).
 */
bool dedupe_is_new(struct dedupe *d, struct str line);

/* How many were not new. */
size_t dedupe_repeats(const struct dedupe *d);

void dedupe_free(struct dedupe *d);

#endif
