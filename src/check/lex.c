/* check/lex.c: a line of the check language, read from left to right. */
#include "check/lex.h"

#include "base/mem.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

struct str
lex_copy(struct str s)
{
	return (struct str){xmemdup(s.s, s.n), s.n};
}

struct str
lex_lower(struct str s)
{
	char *copy = xmemdup(s.s, s.n);

	for (size_t i = 0; i < s.n; i++)
		if (copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] = (char)(copy[i] + ('a' - 'A'));
	return (struct str){copy, s.n};
}

char
lex_peek(const struct lex *l)
{
	return l->at < l->line.n ? l->line.s[l->at] : '\0';
}

void
lex_blanks(struct lex *l)
{
	while (is_blank(lex_peek(l)))
		l->at++;
	if (lex_peek(l) == '#' && (l->at == 0 || is_blank(l->line.s[l->at - 1])))
		l->line.n = l->at;
}

bool
lex_take(struct lex *l, const char *text)
{
	struct str rest = {l->line.s + l->at, l->line.n - l->at}, wanted = str_of(text);

	if (!str_starts(rest, wanted))
		return false;
	l->at += wanted.n;
	return true;
}

bool
lex_keyword(struct lex *l, const char *word)
{
	size_t before = l->at;
	char c;

	if (!lex_take(l, word))
		return false;
	c = lex_peek(l);
	if (is_name(c) || (c && strchr(".:[", c))) {
		l->at = before;
		return false;
	}
	lex_blanks(l);
	return true;
}

struct str
lex_name(struct lex *l, bool dots)
{
	size_t from = l->at;

	while (is_name(lex_peek(l)) || (dots && lex_peek(l) == '.'))
		l->at++;
	return (struct str){l->line.s + from, l->at - from};
}

struct str
lex_word(struct lex *l)
{
	size_t from = l->at;
	char c = lex_peek(l);

	if (!c || strchr("/[]#=!<>~", c))
		return (struct str){l->line.s + from, 0};
	while ((c = lex_peek(l)) && !strchr(" \t(),\"", c))
		l->at++;
	return (struct str){l->line.s + from, l->at - from};
}

static int
hex_value(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* What is behind a backslash. */
static int
escape(struct lex *l, struct buf *b)
{
	static const char stand_for[] = "\"\"\\\\n\nr\r";
	size_t from = l->at - 1;
	char c = lex_peek(l);

	for (size_t i = 0; c && stand_for[i]; i += 2)
		if (c == stand_for[i]) {
			l->at++;
			buf_byte(b, stand_for[i + 1]);
			return 0;
		}
	if (c == 'x' && l->line.n - l->at >= 3) {
		int high = hex_value(l->line.s[l->at + 1]), low = hex_value(l->line.s[l->at + 2]);

		if (high >= 0 && low >= 0) {
			l->at += 3;
			buf_byte(b, (char)(high * 16 + low));
			return 0;
		}
	}
	return lex_fail(l, from, "in a string, a backslash is for \\\", \\\\, \\n, \\r and \\xHH");
}

int
lex_string(struct lex *l, struct buf *b)
{
	size_t from = l->at++;
	char c;

	while ((c = lex_peek(l)) && c != '"') {
		l->at++;
		if (c != '\\')
			buf_byte(b, c);
		else if (escape(l, b) != 0)
			return -1;
	}
	if (!c)
		return lex_fail(l, from, "this string has no '\"' at its end");
	l->at++;
	return 0;
}

int
lex_regex(struct lex *l, struct str *source, bool *fold)
{
	size_t from = l->at++;
	char c;

	/* "\/" can stay: PCRE2 takes it for a slash, too */
	while ((c = lex_peek(l)) && c != '/')
		l->at += c == '\\' && l->at + 1 < l->line.n ? 2 : 1;
	if (!c)
		return lex_fail(l, from, "this regular expression has no '/' at its end");
	*source = (struct str){l->line.s + from + 1, l->at - from - 1};
	l->at++;
	*fold = lex_take(l, "i");
	if (is_name(lex_peek(l)))
		return lex_fail(l, l->at, "behind a regular expression stands nothing but 'i'");
	return 0;
}
