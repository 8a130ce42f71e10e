/* check/cookie.c: cookies as a browser reads them. */
#include "check/cookie.h"

#include "base/text.h"

enum { PAIR_MAX = 4096, ATTRIBUTE_MAX = 1024 };

static bool
has_control(struct str s)
{
	for (size_t i = text_plain(s); i < s.n; i++)
		if (((unsigned char)s.s[i] < 0x20 && s.s[i] != '\t') || s.s[i] == 0x7f)
			return true;
	return false;
}

/* Cuts what stands before the first c, or all, off *rest. */
static struct str
take_until(struct str *rest, char c)
{
	const char *at = rest->n ? memchr(rest->s, c, rest->n) : NULL;
	struct str piece = {rest->s, at ? (size_t)(at - rest->s) : rest->n};
	size_t used = piece.n + (at != NULL);

	rest->s += used, rest->n -= used;
	return piece;
}

bool
cookie_parse(struct str line, struct cookie *c)
{
	struct str rest = line, pair = take_until(&rest, ';'), name;

	if (has_control(line))
		return false;
	c->attributes = rest;
	name = take_until(&pair, '=');
	/* without '=' it is a value without name */
	if (name.s + name.n == pair.s) {
		pair = name;
		name.n = 0;
	}
	c->name = str_trim(name);
	c->value = str_trim(pair);
	return c->name.n + c->value.n > 0 && c->name.n + c->value.n <= PAIR_MAX;
}

bool
cookie_attribute(const struct cookie *c, struct str name, struct str *value)
{
	struct str rest = c->attributes;
	bool found = false;

	while (rest.n) {
		struct str attribute = take_until(&rest, ';'), key = str_trim(take_until(&attribute, '='));

		attribute = str_trim(attribute);
		if (!str_eq_fold(key, name) || attribute.n > ATTRIBUTE_MAX)
			continue;
		*value = attribute;
		found = true;
	}
	return found;
}
