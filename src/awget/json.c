/* awget/json.c: strings, numbers and times as JSON (RFC 8259) has them. */
#include "awget/json.h"

#include <math.h>
#include <time.h>

#include "base/real.h"
#include "base/text.h"

static const char hex[] = "0123456789abcdef";

static void
escaped(struct buf *b, unsigned char c)
{
	static const char short_forms[] = "\bb\ff\nn\rr\tt\"\"\\\\";
	const char *s = c ? strchr(short_forms, c) : NULL;

	/* only the first of each pair names a byte */
	if (s && (s - short_forms) % 2 == 0) {
		buf_byte(b, '\\');
		buf_byte(b, s[1]);
		return;
	}
	buf_str(b, STR("\\u00"));
	buf_byte(b, hex[c >> 4]);
	buf_byte(b, hex[c & 15]);
}

/* How many bytes at the start of s stand for themselves: printable ASCII but the quote and the backslash. */
static size_t
plain(struct str s)
{
	static const bool as_it_is[256] = {[0x20 ... 0x21] = true, [0x23 ... 0x5b] = true, [0x5d ... 0x7e] = true};
	size_t n = 0;

	while (n < s.n && as_it_is[(unsigned char)s.s[n]])
		n++;
	return n;
}

/* One character that does not stand for itself, or one byte if s is no UTF-8; returns how many bytes that was. */
static size_t
special(struct buf *b, struct str s, bool utf8)
{
	unsigned char c = (unsigned char)s.s[0];
	bool c1 = utf8 && c == 0xc2 && (unsigned char)s.s[1] < 0xa0;
	size_t n = utf8 ? text_char(s) : 1;

	if (utf8 && c >= 0x80 && !c1)
		buf_add(b, s.s, n);
	else
		escaped(b, (unsigned char)s.s[n - 1]);
	return n;
}

bool
json_string(struct buf *b, struct str s)
{
	size_t n = plain(s);
	bool utf8 = n == s.n || text_is_utf8((struct str){s.s + n, s.n - n});

	buf_byte(b, '"');
	while (s.n) {
		buf_add(b, s.s, n);
		s.s += n, s.n -= n;
		n = s.n ? special(b, s, utf8) : 0;
		s.s += n, s.n -= n;
		n = plain(s);
	}
	buf_byte(b, '"');
	return utf8;
}

void
json_string_or_null(struct buf *b, struct str s)
{
	if (s.s)
		json_string(b, s);
	else
		buf_str(b, STR("null"));
}

void
json_text_or_null(struct buf *b, const char *s)
{
	json_string_or_null(b, s ? str_of(s) : (struct str){0});
}

void
json_number_or_null(struct buf *b, unsigned long n, bool known)
{
	if (known)
		buf_number(b, n, 1);
	else
		buf_str(b, STR("null"));
}

void
json_seconds(struct buf *b, double s)
{
	unsigned long long us;

	if (isnan(s)) {
		buf_str(b, STR("null"));
		return;
	}
	us = real_round(s * 1e6);
	buf_number(b, us / 1000000, 1);
	buf_byte(b, '.');
	buf_number(b, us % 1000000, 6);
}

void
json_date(struct buf *b, double t)
{
	char text[40];
	struct tm tm;

	strftime(text, sizeof text, "\"%Y-%m-%dT%H:%M:%SZ\"", gmtime_r(&(time_t){(time_t)t}, &tm));
	buf_str(b, str_of(text));
}

/* The calendar is worked out once a second. */
void
json_instant(struct buf *b, double t)
{
	static time_t of;
	static char text[32] = "";
	time_t s = (time_t)t;
	struct tm tm;

	if (s != of || !*text) {
		of = s;
		strftime(text, sizeof text, "\"%Y-%m-%dT%H:%M:%S.", gmtime_r(&s, &tm));
	}
	buf_str(b, str_of(text));
	buf_number(b, (unsigned long long)((t - (double)s) * 1e3), 3);
	buf_str(b, STR("Z\""));
}
