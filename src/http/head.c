/* http/head.c: pure parsing of start lines and field lines. */
#include "http/head.h"

#include <string.h>

#include "base/apart.h"
#include "base/text.h"

/* How much of a line that is no HTTP a message shows, in bytes of the line. */
enum { SHOWN = 40 };

/* tchar (RFC 9110 section 5.6.2) */
static const bool tchar[256] = {
	['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['!'] = true,  ['#'] = true, ['$'] = true,
	['%'] = true,         ['&'] = true,         ['\''] = true,        ['*'] = true,  ['+'] = true, ['-'] = true,
	['.'] = true,         ['^'] = true,         ['_'] = true,         ['`'] = true,  ['|'] = true, ['~'] = true,
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The message that shows how line begins. Apart, since it needs more stack than all that goes well. */
static APART int
refuse(struct str line, const char *what, struct err *e)
{
	char shown[4 * SHOWN + 1];
	size_t n = line.n;

	if (!n)
		return err_set(e, ERR_NOT_HTTP, "%s: an empty line", what);
	if (n > SHOWN) /* not inside a character of UTF-8 */
		for (n = SHOWN; n > SHOWN - 3 && ((unsigned char)line.s[n] & 0xc0) == 0x80;)
			n--;
	text_show_into(shown, sizeof shown, (struct str){line.s, n});
	return err_set(e, ERR_NOT_HTTP, "%s: \"%s%s\"", what, shown, n < line.n ? "..." : "");
}

/* Does s begin with HTTP/1.DIGIT? The name is case-sensitive (RFC 9112 section 2.3). */
static bool
is_version(struct str s)
{
	return s.n >= 8 && memcmp(s.s, "HTTP/1.", 7) == 0 && is_digit(s.s[7]);
}

int
head_status(struct str line, struct head_status *out, struct err *e)
{
	const char *s = line.s;
	const char *what = str_starts(line, STR("HTTP/")) ? "malformed status line" : "not an HTTP response";

	*out = (struct head_status){0};
	if (line.n < 12 || !is_version(line) || s[8] != ' ' || s[9] == '0' || !is_digit(s[9]) || !is_digit(s[10]) ||
	    !is_digit(s[11]) || (line.n > 12 && s[12] != ' '))
		return refuse(line, what, e);
	out->minor = s[7] - '0';
	out->code = (s[9] - '0') * 100 + (s[10] - '0') * 10 + (s[11] - '0');
	/* the space is due even before no reason (section 4), but many leave it out */
	out->reason = line.n > 13 ? (struct str){s + 13, line.n - 13} : (struct str){s + line.n, 0};
	return 0;
}

enum head_kind
head_field(struct str line, struct str *name, struct str *value)
{
	const char *colon = memchr(line.s, ':', line.n);

	*name = (struct str){line.s, 0};
	if (is_blank(line.s[0])) {
		*value = str_trim(line);
		return HEAD_FOLD;
	}
	if (!colon || colon == line.s) {
		*value = line;
		return HEAD_OTHER;
	}
	*name = (struct str){line.s, (size_t)(colon - line.s)};
	if (is_blank(colon[-1]))
		*name = str_trim(*name);
	*value = (struct str){colon + 1, (size_t)(line.s + line.n - colon) - 1};
	if (value->n && *value->s == ' ') /* one, nearly always, and none at the end */
		value->s++, value->n--;
	if (value->n && (is_blank(*value->s) || is_blank(value->s[value->n - 1])))
		*value = str_trim(*value);
	return HEAD_FIELD;
}

/* Nothing that would end a target or break a line. RFC 3986 has no bytes of 0x80 and above, but clients send them. */
static bool
is_target(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.s[i] <= ' ' || s.s[i] == 0x7f)
			return false;
	return s.n > 0;
}

/* Cuts *rest at its first space, which is dropped, and gives what was before it; *rest is NULL if there was none. */
static struct str
take_word(struct str *rest)
{
	const char *space = rest->n ? memchr(rest->s, ' ', rest->n) : NULL;
	struct str word = *rest;

	if (!space) {
		*rest = (struct str){0};
		return word;
	}
	word.n = (size_t)(space - word.s);
	*rest = (struct str){space + 1, rest->n - word.n - 1};
	return word;
}

int
head_request(struct str line, struct head_request *out, struct err *e)
{
	struct str rest = line;

	*out = (struct head_request){.minor = -1};
	out->method = take_word(&rest);
	out->target = take_word(&rest);
	if (rest.s) {
		if (rest.n != 8 || !is_version(rest))
			return refuse(line, "malformed request line", e);
		out->minor = rest.s[7] - '0';
	}
	if (!head_is_token(out->method) || !is_target(out->target))
		return refuse(line, "malformed request line", e);
	return 0;
}

bool
head_is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!tchar[(unsigned char)s.s[i]])
			return false;
	return s.n > 0;
}
