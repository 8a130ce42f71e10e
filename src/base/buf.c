/* base/buf.c: growing bytes and borrowed slices of bytes. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/* Cleared blocks. None are kept where AddressSanitizer is to find their use after that. */
#if defined __SANITIZE_ADDRESS__
enum { SPARES = 0 };
#else
enum { SPARES = 16 };
#endif
static char *spares[SPARES + 1];
static size_t nspares;

static int
lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static bool
same_letters(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i] != b[i] && lower((unsigned char)a[i]) != lower((unsigned char)b[i]))
			return false;
	return true;
}

/* Eight bytes at once, which differ nowhere but in the bit of the case, or at all. */
bool
str_eq_fold_all(struct str a, struct str b)
{
	const uint64_t other_bits = ~UINT64_C(0x2020202020202020);
	size_t i = 0;

	for (; i + 8 <= a.n; i += 8) {
		uint64_t x, y;

		memcpy(&x, a.s + i, sizeof x);
		memcpy(&y, b.s + i, sizeof y);
		if (x != y && ((x ^ y) & other_bits || !same_letters(a.s + i, b.s + i, 8)))
			return false;
	}
	return same_letters(a.s + i, b.s + i, a.n - i);
}

/* Apart, so that the usual case costs every buf_add only a comparison. */
static __attribute__((noinline)) void
grow(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 64;

	while (cap - b->n < n)
		cap = cap > SIZE_MAX / 2 ? SIZE_MAX : cap * 2;
	b->s = xrealloc(b->s, cap);
	b->cap = cap;
}

void
buf_reserve(struct buf *b, size_t n)
{
	if (b->cap - b->n < n)
		grow(b, n);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	buf_reserve(b, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(b->s + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

void
buf_number(struct buf *b, unsigned long long value, int width)
{
	char digits[24];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
		width--;
	} while ((value || width > 0) && at);
	buf_add(b, digits + at, sizeof digits - at);
}

char *
buf_cstr(struct buf *b)
{
	buf_reserve(b, 1);
	b->s[b->n] = '\0';
	return b->s;
}

void
buf_block(struct buf *b)
{
	b->s = nspares ? spares[--nspares] : xmalloc(BUF_BLOCK);
	b->cap = BUF_BLOCK;
}

void
buf_clear(struct buf *b)
{
	if (b->cap == BUF_BLOCK && nspares < SPARES)
		spares[nspares++] = b->s;
	else
		free(b->s);
	*b = (struct buf){0};
}
