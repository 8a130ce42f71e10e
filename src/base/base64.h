/* base/base64.h: bytes as the 64 characters that pass everywhere (RFC 4648 section 4). */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"

/* Adds s in base64, with its padding. */
void base64(struct buf *b, struct str s);

#endif
