/* http/basic.c: credentials of the Basic scheme. */
#include "http/basic.h"

#include "base/base64.h"

void
http_basic(struct buf *b, struct str user_colon_password)
{
	buf_str(b, STR("Basic "));
	base64(b, user_colon_password);
}
