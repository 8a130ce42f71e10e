/* check/place.c: a place in a line, as people are shown it. */
#include "check/place.h"

#include "base/text.h"

/* Bytes of a long line that are shown before and behind the place. */
enum { BEFORE = 60, BEHIND = 36 };

/* The length of what stands at the offset: a character, or a byte that is none. */
static size_t
step(struct str line, size_t at)
{
	size_t n = text_char((struct str){line.s + at, line.n - at});

	return n ? n : 1;
}

size_t
place_column(struct str line, size_t at)
{
	size_t column = 1;

	for (size_t i = 0; i < at && i < line.n; column++)
		i += step(line, i);
	return column;
}

static void
show(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n;) {
		size_t n = step(s, i);

		if (s.s[i] == '\t')
			buf_byte(b, ' ');
		else
			text_show(b, (struct str){s.s + i, n});
		i += n;
	}
}

/* How many characters were added to b since it had `from` bytes. All of them are UTF-8. */
static size_t
width_since(const struct buf *b, size_t from)
{
	size_t width = 0;

	for (; from < b->n; from++)
		width += ((unsigned char)b->s[from] & 0xc0) != 0x80;
	return width;
}

/* The offset, or a little more, so that no character of UTF-8 is cut. */
static size_t
whole(struct str line, size_t at)
{
	for (size_t i = 0; i < 3 && at < line.n && ((unsigned char)line.s[at] & 0xc0) == 0x80; i++)
		at++;
	return at;
}

void
place_excerpt(struct buf *b, struct str line, size_t at)
{
	bool is_long = line.n > BEFORE + BEHIND;
	size_t from = is_long && at > BEFORE ? whole(line, at - BEFORE) : 0;
	size_t to = is_long && line.n - at > BEHIND ? whole(line, at + BEHIND) : line.n, start = b->n, width;

	if (from)
		buf_str(b, STR("..."));
	show(b, (struct str){line.s + from, at - from});
	width = width_since(b, start);
	show(b, (struct str){line.s + at, to - at});
	buf_str(b, to < line.n ? STR("...\n") : STR("\n"));
	while (width--)
		buf_byte(b, ' ');
	buf_str(b, STR("^\n"));
}
