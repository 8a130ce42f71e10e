/* awget/line.c: a line of input: a target, and what is to be done differently for it alone. */
#include "awget/line.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum { NAME_MAX_BYTES = 253 };

static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (((unsigned char)s.s[i] < ' ' && s.s[i] != '\t') || s.s[i] == 0x7f)
			return true;
	return false;
}

static int
take_address(struct line *l, struct str value, struct err *e)
{
	char text[ADDR_TEXT];
	bool brackets = value.n > 2 && *value.s == '[' && value.s[value.n - 1] == ']';

	if (brackets)
		value.s++, value.n -= 2;
	if (value.n >= sizeof text)
		value.n = sizeof text - 1;
	memcpy(text, value.s, value.n);
	text[value.n] = '\0';
	if (addr_parse(&l->address, text, 0) && (!brackets || l->address.sa.sa_family == AF_INET6))
		return 0;
	return err_set(e, ERR_INPUT, "address=%s is not an IP address", text);
}

static int
take_sni(struct line *l, struct str value, struct err *e)
{
	if (!value.n || value.n > NAME_MAX_BYTES || text_plain(value) != value.n)
		return err_set(e, ERR_INPUT, "sni= wants a host name in ASCII of at most %d bytes", NAME_MAX_BYTES);
	l->sni = value;
	return 0;
}

static int
take_tag(struct line *l, struct str value, struct err *e)
{
	(void)e;
	if (!has_control(value)) /* or the line has been refused for it */
		l->tag = value;
	return 0;
}

static const struct {
	struct str name;
	int (*take)(struct line *l, struct str value, struct err *e);
} keys[] = {
    {STR("address="), take_address},
    {STR("sni="), take_sni},
    {STR("tag="), take_tag},
};

static int
take_word(struct line *l, struct str word, struct err *e)
{
	const char *equals = memchr(word.s, '=', word.n);

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (str_starts(word, keys[i].name))
			return keys[i].take(l, (struct str){word.s + keys[i].name.n, word.n - keys[i].name.n}, e);
	if (!equals)
		return err_set(e, ERR_INPUT, "a target must not contain blanks");
	return err_set(e, ERR_INPUT, "\"%.*s\" is none of address, sni and tag", (int)(equals - word.s), word.s);
}

/* How many bytes at the start of s are blank, or are not. */
static size_t
span(struct str s, bool blank)
{
	size_t n = 0;

	while (n < s.n && (s.s[n] == ' ' || s.s[n] == '\t') == blank)
		n++;
	return n;
}

/* The tag of a line that makes no sense counts all the same: it may be the only way to find the line again. */
static int
refuse(struct line *l, struct str text)
{
	*l = (struct line){.target = text, .tag = l->tag};
	return -1;
}

int
line_parse(struct line *l, struct str text, struct err *e)
{
	size_t n = span(text, false);
	struct str rest = {text.s + n, text.n - n};
	int rc = 0;

	*l = (struct line){.target = {text.s, n}};
	if (rest.n && has_control(text))
		rc = err_set(e, ERR_INPUT, "a target must not contain control bytes");
	while (rest.n) {
		size_t blanks = span(rest, true);
		struct str word = {rest.s + blanks, span((struct str){rest.s + blanks, rest.n - blanks}, false)};

		if (word.n && take_word(l, word, rc == 0 ? e : NULL) != 0)
			rc = -1;
		rest = (struct str){word.s + word.n, rest.n - blanks - word.n};
	}
	return rc == 0 ? 0 : refuse(l, text);
}
