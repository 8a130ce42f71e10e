/* base/text.c: bytes from strangers made fit to be shown. */
#include "base/text.h"

#include <stdint.h>
#if defined __SSE2__
#include <emmintrin.h>
#endif

static const char hex[] = "0123456789abcdef";

/* A vector register's worth of bytes; the compiler makes do where there are none. */
enum { LANES = 16 };
typedef signed char lanes __attribute__((vector_size(LANES)));
typedef unsigned char unsigned_lanes __attribute__((vector_size(LANES)));

/* A bit for each lane that is -1 and not 0. */
static inline unsigned
bits_of(lanes v)
{
#if defined __SSE2__
	return (unsigned)_mm_movemask_epi8((__m128i)v);
#else
	unsigned bits = 0;

	for (size_t n = 0; n < LANES; n++)
		bits |= (unsigned)(v[n] & 1) << n;
	return bits;
#endif
}

/* Which of the 16 bytes at p are not printable ASCII. */
static inline unsigned
odd16(const char *p)
{
	unsigned_lanes v;

	memcpy(&v, p, sizeof v);
	return bits_of((lanes)(v + 1) > 0x20) ^ 0xffff; /* signed, DEL and all above it are negative by now */
}

/* Which of them are c. */
static inline unsigned
equal16(const char *p, char c)
{
	lanes v;

	memcpy(&v, p, sizeof v);
	return bits_of(v == c);
}

static inline size_t
plain(struct str s)
{
	size_t i = 0;

	for (; s.n - i >= LANES; i += LANES) {
		unsigned odd = odd16(s.s + i);

		if (odd)
			return i + (size_t)__builtin_ctz(odd);
	}
	if (i && i < s.n) { /* less than a vector is left: look at the last whole one again */
		unsigned odd = odd16(s.s + s.n - LANES);

		return odd ? s.n - LANES + (size_t)__builtin_ctz(odd) : s.n;
	}
	if (s.n >= 8 && s.n < LANES) { /* the first eight and the last eight: names often have no more */
		char both[LANES];

		memcpy(both, s.s, 8);
		memcpy(both + 8, s.s + s.n - 8, 8);
		if (!odd16(both))
			return s.n;
	}
	while (i < s.n && s.s[i] >= 0x20 && s.s[i] < 0x7f)
		i++;
	return i;
}

size_t
text_plain(struct str s)
{
	return plain(s);
}

/* Copies what is printable ASCII at the start of s; up to a vector behind it may be overwritten. How much it is. */
static inline size_t
copy_plain(char *to, struct str s)
{
	size_t i = 0;

	for (; s.n - i >= LANES; i += LANES) {
		unsigned odd = odd16(s.s + i);

		memcpy(to + i, s.s + i, LANES);
		if (odd)
			return i + (size_t)__builtin_ctz(odd);
	}
	for (; i < s.n && s.s[i] >= 0x20 && s.s[i] < 0x7f; i++)
		to[i] = s.s[i];
	return i;
}

static inline size_t
line_end(struct str s)
{
	return s.n > 1 && s.s[0] == '\r' && s.s[1] == '\n' ? 2 : s.n && s.s[0] == '\n';
}

struct str
text_put_lines(struct buf *b, struct str before, struct str lines)
{
	char *to = b->s + b->n, usual[2 * LANES]; /* copied whole, if `before` fits */

	if (before.n <= sizeof usual)
		memcpy(usual, before.s, before.n);
	while (lines.n) {
		size_t most = before.n + lines.n + sizeof usual, n, end;

		if ((size_t)(b->s + b->cap - to) < most) {
			b->n = (size_t)(to - b->s);
			buf_reserve(b, most);
			to = b->s + b->n;
		}
		if (before.n <= sizeof usual)
			memcpy(to, usual, sizeof usual);
		else
			memcpy(to, before.s, before.n);
		n = copy_plain(to + before.n, lines);
		end = line_end((struct str){lines.s + n, lines.n - n});
		if (!end)
			break;
		lines = (struct str){lines.s + n + end, lines.n - n - end};
		if (!n)
			continue;
		to += before.n + n;
		for (; n && to[-1] == ' '; n--)
			to--;
		*to++ = '\n';
	}
	b->n = (size_t)(to - b->s);
	return lines;
}

struct str
text_line(struct str *rest)
{
	const char *lf = memchr(rest->s, '\n', rest->n);
	struct str line = {rest->s, lf ? (size_t)(lf - rest->s) : rest->n};
	size_t used = line.n + (lf != NULL);

	*rest = (struct str){rest->s + used, rest->n - used};
	if (line.n && line.s[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* What stands behind a line end that another one follows. i: where the first of 16 bytes that may hold it are. */
static inline size_t
paragraph16(struct str s, size_t i)
{
	for (unsigned lf = equal16(s.s + i, '\n'); lf; lf &= lf - 1) {
		size_t n = i + (size_t)__builtin_ctz(lf) + 1, end;

		if (n < s.n && s.s[n] > '\r') /* nearly always */
			continue;
		end = line_end((struct str){s.s + n, s.n - n});
		if (end)
			return n + end;
	}
	return 0;
}

size_t
text_paragraph(struct str s)
{
	size_t i = 0, n = line_end(s);

	for (; !n && s.n - i >= LANES; i += LANES)
		n = paragraph16(s, i);
	if (n || i == s.n)
		return n;
	if (i) /* less than a vector is left: the last whole one again */
		return paragraph16(s, s.n - LANES);
	for (; !n && i < s.n; i++)
		if (s.s[i] == '\n' && (n = line_end((struct str){s.s + i + 1, s.n - i - 1})))
			n += i + 1;
	return n;
}

size_t
text_char(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.s;
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;

	if (n > s.n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	/* RFC 3629 section 4: what the first byte alone does not rule out */
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf0 && p[1] < 0x90) ||
	    (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

bool
text_is_utf8(struct str s)
{
	while (s.n) {
		size_t n = text_plain(s);

		if (!n)
			n = text_char(s);
		if (!n)
			return false;
		s.s += n, s.n -= n;
	}
	return true;
}

/* How many bytes at the start of s, which is not empty, may be shown as they are: one character, or 0. */
static size_t
showable(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.s;

	if (p[0] < 0x20 || p[0] == 0x7f || (p[0] == 0xc2 && s.n > 1 && p[1] < 0xa0))
		return 0;
	return text_char(s);
}

/* The next piece of s as it is to be shown: borrowed from s, or made in the four bytes at escape. *used: bytes of s. */
static struct str
piece(struct str s, char escape[4], size_t *used)
{
	size_t n = text_plain(s);

	if (!n)
		n = showable(s);
	if (n) {
		*used = n;
		return (struct str){s.s, n};
	}
	*used = 1;
	memcpy(escape, "\\x", 2);
	escape[2] = hex[(unsigned char)s.s[0] >> 4];
	escape[3] = hex[(unsigned char)s.s[0] & 15];
	return (struct str){escape, 4};
}

struct str
text_as_utf8(struct str s, struct buf *made)
{
	if (text_is_utf8(s))
		return s;
	made->n = 0;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];

		if (c >= 0x80)
			buf_byte(made, (char)(0xc0 | c >> 6));
		buf_byte(made, (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c));
	}
	return buf_view(made);
}

void
text_show(struct buf *b, struct str s)
{
	char escape[4];

	if (text_plain(s) == s.n) { /* nearly always */
		buf_str(b, s);
		return;
	}
	while (s.n) {
		size_t used;

		buf_str(b, piece(s, escape, &used));
		s.s += used, s.n -= used;
	}
}

void
text_show_cut(struct buf *b, struct str s, size_t max)
{
	char escape[4];
	size_t used;

	for (; s.n; s.s += used, s.n -= used) {
		struct str p = piece(s, escape, &used);

		if (p.n > max && p.s == s.s && (unsigned char)p.s[0] < 0x80)
			p.n = max; /* plain text may be cut anywhere */
		else if (p.n > max)
			p.n = 0;
		buf_str(b, p);
		max -= p.n;
		if (p.n < used) {
			buf_str(b, STR("..."));
			return;
		}
	}
}

void
text_show_into(char *to, size_t size, struct str s)
{
	char escape[4];
	size_t n = 0;

	while (s.n) {
		size_t used;
		struct str p = piece(s, escape, &used);

		if (n + p.n >= size && p.s == s.s && (unsigned char)p.s[0] < 0x80)
			p.n = size - 1 - n; /* plain text may be cut anywhere */
		if (n + p.n >= size || !p.n)
			break;
		memcpy(to + n, p.s, p.n);
		n += p.n;
		s.s += used, s.n -= used;
	}
	to[n] = '\0';
}
