/* base/base64.h: bytes as the 64 characters that pass everywhere (RFC 4648 section 4). */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"

/* Adds s in base64, with its padding. */
void base64(struct buf *b, struct str s);

/*
 * Adds the bytes that text stands for. False, with nothing added, if it is not what base64() makes of any bytes: other
 * characters or line ends, no padding, bits of the last character that do not count but are not zero (section 3.5).
 */
bool base64_decode(struct buf *b, struct str text);

#endif
