/* fetch/pack.h: a result as bytes, for another process of the same program. */
#ifndef FETCH_PACK_H
#define FETCH_PACK_H

#include "base/buf.h"
#include "base/err.h"
#include "fetch/result.h"

/*
 * Adds all that fetch() has found out. Not what the caller has told it: number, target, label and tag. Bytes that the
 * server has sent behind the head are left out.
 */
void pack_put(struct buf *to, const struct result *r);

/*
 * Fills *r, which result_init has prepared, from what pack_put has made; number, target, label and tag stay as they
 * are. r->proxy points into bytes, all else is copied. 0, or -1 with ERR_LOCAL if bytes cannot come from pack_put: then
 * nothing has been found out. Whatever the bytes are, what the result says of itself holds: offsets are inside of the
 * heads, enumerations are in their range.
 */
int pack_get(struct result *r, struct str bytes, struct err *e);

#endif
