/* awget/html.c: text from strangers, and numbers, as parts of an HTML page. */
#include "awget/html.h"

#include <math.h>
#include <stdbool.h>
#include <time.h>

#include "base/real.h"
#include "base/text.h"

/* How many bytes at the start of s stand for themselves: printable ASCII but the quotes, '&', '<' and '>'. */
static size_t
plain(struct str s)
{
	static const bool as_it_is[256] = {[0x20 ... 0x21] = true,
	    [0x23 ... 0x25] = true,
	    [0x28 ... 0x3b] = true,
	    [0x3d] = true,
	    [0x3f ... 0x7e] = true};
	size_t n = 0;

	while (n < s.n && as_it_is[(unsigned char)s.s[n]])
		n++;
	return n;
}

/* The reference for an ASCII character that means something to HTML, or NULL. */
static const char *
reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* The number of a character of two or three bytes of UTF-8. */
static unsigned
number_of(struct str c)
{
	const unsigned char *p = (const unsigned char *)c.s;

	if (c.n == 2)
		return (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
	return (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
}

static bool
turns(unsigned c)
{
	static const struct {
		unsigned first, last;
	} rows[] = {{0x061c, 0x061c}, {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (c >= rows[i].first && c <= rows[i].last)
			return true;
	return false;
}

static void
escaped(struct buf *b, unsigned c)
{
	static const char hex[] = "0123456789abcdef";

	buf_str(b, STR("\\u"));
	for (int shift = 12; shift >= 0; shift -= 4)
		buf_byte(b, hex[c >> shift & 15]);
}

/* One character, or byte, that does not stand for itself; returns how many bytes that was. s is not empty. */
static size_t
special(struct buf *b, struct str s)
{
	const char *ref = reference(*s.s);
	size_t n = text_char(s);
	struct str c = {s.s, n ? n : 1};

	if (ref)
		buf_str(b, str_of(ref));
	else if ((n == 2 || n == 3) && turns(number_of(c)))
		escaped(b, number_of(c));
	else
		text_show(b, c);
	return c.n;
}

void
html_add(struct buf *b, struct str s)
{
	while (s.n) {
		size_t n = plain(s);

		buf_add(b, s.s, n);
		s.s += n, s.n -= n;
		n = s.n ? special(b, s) : 0;
		s.s += n, s.n -= n;
	}
}

void
html_cut(struct buf *b, struct str s, size_t max)
{
	size_t n = max;

	if (s.n <= max) {
		html_add(b, s);
		return;
	}
	while (n > max - 3 && ((unsigned char)s.s[n] & 0xc0) == 0x80)
		n--; /* not inside a character */
	html_add(b, (struct str){s.s, n});
	buf_str(b, STR("… ("));
	html_counted(b, s.n - n, "byte");
	buf_str(b, STR(" more)"));
}

void
html_count(struct buf *b, unsigned long long n)
{
	if (n < 1000) {
		buf_number(b, n, 1);
		return;
	}
	html_count(b, n / 1000); /* six times at most */
	buf_byte(b, ',');
	buf_number(b, n % 1000, 3);
}

void
html_counted(struct buf *b, unsigned long long n, const char *what)
{
	html_count(b, n);
	buf_byte(b, ' ');
	buf_str(b, str_of(what));
	if (n != 1)
		buf_byte(b, 's');
}

void
html_duration(struct buf *b, double seconds)
{
	bool long_one = seconds >= 0.9995;
	double x = long_one ? seconds : seconds * 1e3;
	int digits = x < 9.995 ? 2 : x < 99.95 ? 1 : 0;
	unsigned scale = digits == 2 ? 100 : digits == 1 ? 10 : 1;
	unsigned long long n;

	if (isnan(seconds))
		return;
	n = real_round(x * scale);
	buf_number(b, n / scale, 1);
	if (digits) {
		buf_byte(b, '.');
		buf_number(b, n % scale, digits);
	}
	buf_str(b, long_one ? STR(" s") : STR(" ms"));
}

void
html_date(struct buf *b, double t)
{
	char iso[32], text[40];
	struct tm tm;

	gmtime_r(&(time_t){(time_t)t}, &tm);
	strftime(iso, sizeof iso, "%Y-%m-%dT%H:%M:%SZ", &tm);
	strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &tm);
	buf_str(b, STR("<time datetime=\""));
	buf_str(b, str_of(iso));
	buf_str(b, STR("\">"));
	buf_str(b, str_of(text));
	buf_str(b, STR("</time>"));
}
