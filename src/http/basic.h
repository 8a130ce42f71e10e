/* http/basic.h: credentials of the Basic scheme (RFC 7617). */
#ifndef HTTP_BASIC_H
#define HTTP_BASIC_H

#include "base/buf.h"

/* Adds the value of an Authorization or Proxy-Authorization field: "Basic " and "user:password" in base64. */
void http_basic(struct buf *b, struct str user_colon_password);

#endif
