/* net/exclude.h: names and networks that nothing is to be sent to. */
#ifndef NET_EXCLUDE_H
#define NET_EXCLUDE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/addr.h"

struct exclude;

struct exclude *exclude_new(void);

/*
 * Adds the rules of a file, one a line; the path is borrowed. Blanks around a rule, and what follows a '#', do not
 * count.
 *
 *     example.org        this name
 *     .example.org       this name, and all below it
 *     192.0.2.7          an address; of IPv6 as well, without brackets
 *     192.0.2.0/24       a network; bits behind its prefix do not count
 *
 * Names fold case, a dot at their end makes no difference, and those that are not ASCII are what net/idn.h makes of
 * them. 0, or -1: ERR_LOCAL if the file cannot be read, ERR_INPUT with "FILE:LINE: ..." if a line is none of these. A
 * network takes at most 64 bytes, a name its length and 27 at most.
 */
int exclude_read(struct exclude *x, const char *path, struct err *e);

/* The same for one line, number `line` of the last file, or of none. */
int exclude_add(struct exclude *x, struct str rule, size_t line, struct err *e);

/*
 * 0; or -1 with ERR_EXCLUDED if a rule is about this name, or this address: "www.example.org is excluded by FILE:LINE".
 * An address of IPv4 that is written as one of IPv6 (RFC 4291 section 2.5.5.2) is the one of IPv4. x may be NULL.
 */
int exclude_name(const struct exclude *x, const char *name, struct err *e);
int exclude_addr(const struct exclude *x, const struct addr *a, struct err *e);

void exclude_free(struct exclude *x);

#endif
