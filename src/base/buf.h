/* base/buf.h: growing bytes (struct buf) and borrowed slices of bytes (struct str). */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* n bytes at s, owned by somebody else; may hold any byte, NUL too, and has no NUL at its end. */
struct str {
	const char *s;
	size_t n;
};

/* n bytes at s, of cap that are allocated; all zero is an empty one. The holder ends it with buf_clear. */
struct buf {
	char *s;
	size_t n, cap;
};

/* A slice of a string literal; of a C string. */
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
static inline struct str
str_of(const char *s)
{
	return (struct str){s, strlen(s)};
}

static inline bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (!a.n || memcmp(a.s, b.s, a.n) == 0);
}

/* Equal but for the case of ASCII letters, which is one bit. Most that differ do so in their first byte. */
bool str_eq_fold_all(struct str a, struct str b);
static inline bool
str_eq_fold(struct str a, struct str b)
{
	return a.n == b.n && (!a.n || (!((*a.s ^ *b.s) & ~0x20) && str_eq_fold_all(a, b)));
}
static inline bool
str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && memcmp(s.s, prefix.s, prefix.n) == 0;
}
/* s without spaces and tabs at its ends. */
static inline struct str
str_trim(struct str s)
{
	while (s.n && (*s.s == ' ' || *s.s == '\t'))
		s.s++, s.n--;
	while (s.n && (s.s[s.n - 1] == ' ' || s.s[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* Room for n more bytes: after it, s[n] to s[cap - 1] may be written by the caller, who then adds to n. */
void buf_reserve(struct buf *b, size_t n);

static inline void
buf_add(struct buf *b, const char *s, size_t n)
{
	if (!n)
		return;
	if (b->cap - b->n < n)
		buf_reserve(b, n);
	memcpy(b->s + b->n, s, n);
	b->n += n;
}

static inline void
buf_str(struct buf *b, struct str s)
{
	buf_add(b, s.s, s.n);
}

static inline void
buf_byte(struct buf *b, char c)
{
	if (b->cap == b->n)
		buf_reserve(b, 1);
	b->s[b->n++] = c;
}

/*
 * Gives an empty b room for BUF_BLOCK bytes. Blocks are kept for reuse when they are cleared, so that what every fetch
 * needs for a moment costs next to nothing.
 */
enum { BUF_BLOCK = 4096 };
void buf_block(struct buf *b);
/* As printf. Uses up to 3 KB of stack: not for what every fetch does. */
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* An unsigned number in decimal, at least width digits wide (zeros before it). */
void buf_number(struct buf *b, unsigned long long value, int width);
/* A NUL after the bytes, not counted in n; returns s. */
char *buf_cstr(struct buf *b);
/* Frees the bytes; b is then an empty buf. */
void buf_clear(struct buf *b);

static inline struct str
buf_view(const struct buf *b)
{
	return (struct str){b->s, b->n};
}

#endif
