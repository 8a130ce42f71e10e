/* base/base64.c: bytes as the 64 characters that pass everywhere. */
#include "base/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i += 3) {
		unsigned long three = 0;
		size_t have = s.n - i < 3 ? s.n - i : 3;

		for (size_t k = 0; k < 3; k++)
			three = three << 8 | (k < have ? (unsigned char)s.s[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_byte(b, k <= have ? digits[three >> (18 - 6 * k) & 63] : '=');
	}
}

/* What a digit stands for; -1 if it is none. */
static int
value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Adds the one to three bytes that four characters stand for, n of which are no padding. */
static bool
decode_four(struct buf *b, const char *s, size_t n)
{
	unsigned long bits = 0;

	for (size_t k = 0; k < 4; k++) {
		int value = k < n ? value_of(s[k]) : 0;

		if (value < 0)
			return false;
		bits = bits << 6 | (unsigned long)value;
	}
	if (n < 2 || bits & ((1UL << (24 - 8 * (n - 1))) - 1))
		return false;
	for (size_t k = 0; k + 1 < n; k++)
		buf_byte(b, (char)(bits >> (16 - 8 * k) & 255));
	return true;
}

bool
base64_decode(struct buf *b, struct str text)
{
	size_t before = b->n, n = text.n;

	for (int k = 0; k < 2 && n && text.s[n - 1] == '='; k++)
		n--;
	if (text.n % 4)
		return false;
	for (size_t i = 0; i < n; i += 4) {
		if (decode_four(b, text.s + i, n - i < 4 ? n - i : 4))
			continue;
		b->n = before;
		return false;
	}
	return true;
}
