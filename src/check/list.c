/* check/list.c: values that are lists. */
#include "check/list.h"

/* How many bytes at the start of s are an element. A quoted string that does not end takes all. */
static size_t
element_length(struct str s, char other)
{
	static const bool telling[256] = {['"'] = true, ['\\'] = true, [','] = true, [';'] = true};
	bool quoted = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.s[i];

		if (!telling[(unsigned char)c]) /* nearly always */
			continue;
		if (c == '"')
			quoted = !quoted;
		else if (c == '\\' && quoted)
			i++;
		else if (!quoted && (c == ',' || c == other))
			return i;
	}
	return s.n;
}

bool
list_next(struct str *rest, bool semicolons, struct str *element)
{
	while (rest->n) {
		size_t n = element_length(*rest, semicolons ? ';' : ','), used = n < rest->n ? n + 1 : n;

		*element = str_trim((struct str){rest->s, n});
		rest->s += used, rest->n -= used;
		if (element->n)
			return true;
	}
	return false;
}

void
list_pair(struct str element, struct str *name, struct str *value)
{
	size_t n = 0;

	while (n < element.n && element.s[n] != '=' && element.s[n] != ' ' && element.s[n] != '\t')
		n++;
	*name = (struct str){element.s, n};
	*value = str_trim((struct str){element.s + n, element.n - n});
	if (value->n && *value->s == '=')
		*value = str_trim((struct str){value->s + 1, value->n - 1});
}

bool
list_directive(struct str list, struct str name, struct str *value)
{
	struct str element, found;

	while (list_next(&list, true, &element)) {
		/* nearly always that is enough to see that it is another */
		if (element.n < name.n || !str_eq_fold((struct str){element.s, name.n}, name))
			continue;
		list_pair(element, &found, value);
		if (found.n == name.n)
			return true;
	}
	return false;
}

/* RFC 9110 section 5.6.4: what is behind a backslash stands for itself. */
struct str
list_unquoted(struct str value, struct buf *b)
{
	if (value.n < 2 || value.s[0] != '"' || value.s[value.n - 1] != '"')
		return value;
	value.s++, value.n -= 2;
	if (!value.n || !memchr(value.s, '\\', value.n))
		return value;
	b->n = 0;
	for (size_t i = 0; i < value.n; i++) {
		if (value.s[i] == '\\' && i + 1 < value.n)
			i++;
		buf_byte(b, value.s[i]);
	}
	return buf_view(b);
}
