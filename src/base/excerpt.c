/* base/excerpt.c: the place in a text where something is wrong, and a caret below it. */
#include "base/excerpt.h"

#include "base/text.h"

enum { BEFORE = 50, BEHIND = 25 }; /* bytes of a long line that are shown around the place */

static size_t
line_start(struct str text, size_t at)
{
	while (at && text.s[at - 1] != '\n')
		at--;
	return at;
}

/* Not before `at`, even if that is the CR of the line end. */
static size_t
line_end(struct str text, size_t at)
{
	size_t end = at;

	while (end < text.n && text.s[end] != '\n')
		end++;
	return end > at && text.s[end - 1] == '\r' ? end - 1 : end;
}

static size_t
characters(struct str s)
{
	size_t count = 0;

	while (s.n) {
		size_t n = text_char(s);

		if (!n)
			n = 1;
		s.s += n, s.n -= n;
		count++;
	}
	return count;
}

struct excerpt_place
excerpt_place(struct str text, size_t at)
{
	struct excerpt_place p = {.line = 1};
	size_t start = line_start(text, at);

	for (size_t i = 0; i < start; i++)
		p.line += text.s[i] == '\n';
	p.column = 1 + characters((struct str){text.s + start, at - start});
	return p;
}

/* A tab is a space, so that the caret is below what it is about; returns how many columns that was. */
static size_t
show(struct buf *b, const char *s, size_t n)
{
	size_t from = b->n;

	while (n) {
		const char *tab = memchr(s, '\t', n);
		size_t run = tab ? (size_t)(tab - s) : n;

		text_show(b, (struct str){s, run});
		if (tab)
			buf_byte(b, ' '), run++;
		s += run, n -= run;
	}
	return characters((struct str){b->s + from, b->n - from});
}

/* The first place at or behind `at` that is not inside a character. */
static size_t
boundary(struct str text, size_t at, size_t end)
{
	while (at < end && ((unsigned char)text.s[at] & 0xc0) == 0x80)
		at++;
	return at;
}

void
excerpt_add(struct buf *b, struct str text, size_t at)
{
	size_t start = line_start(text, at), end = line_end(text, at), from = start, to = end, column;

	if (at - start > BEFORE + 3)
		from = boundary(text, at - BEFORE, at);
	if (end - at > BEHIND + 3)
		to = boundary(text, at + BEHIND, end);
	if (from > start)
		buf_str(b, STR("..."));
	column = (from > start ? 3 : 0) + show(b, text.s + from, at - from);
	show(b, text.s + at, to - at);
	buf_str(b, to < end ? STR("...\n") : STR("\n"));
	for (size_t i = 0; i < column; i++)
		buf_byte(b, ' ');
	buf_str(b, STR("^\n"));
}
