/* base/base64.c: bytes as the 64 characters that pass everywhere. */
#include "base/base64.h"

void
base64(struct buf *b, struct str s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < s.n; i += 3) {
		unsigned long three = 0;
		size_t have = s.n - i < 3 ? s.n - i : 3;

		for (size_t k = 0; k < 3; k++)
			three = three << 8 | (k < have ? (unsigned char)s.s[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_byte(b, k <= have ? digits[three >> (18 - 6 * k) & 63] : '=');
	}
}
