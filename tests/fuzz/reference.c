/* tests/fuzz/reference.c: the first line is a URL, any bytes behind it a reference that it answers with. */
#include "http/reference.h"

#include "promises.h"

/* Is there a segment of dots alone in the path? */
static bool
has_dots(const char *path)
{
	size_t end = strcspn(path, "?");

	for (size_t n; end > 0; path += n, end -= n) {
		n = 1 + strcspn(path + 1, "/?");
		if ((n == 2 || n == 3) && strspn(path + 1, ".") >= n - 1)
			return true;
	}
	return false;
}

static bool
starts(struct str s, const char *prefix)
{
	return str_starts(s, str_of(prefix));
}

/* Only slashes lead away from the base's host: two at the beginning, or behind a scheme. */
static void
check_place(const struct url *u, const struct url *base, struct str reference)
{
	size_t colon = 0;

	while (colon < reference.n && !strchr(":/?#", reference.s[colon]))
		colon++;
	if (starts(reference, "//") || (colon < reference.n && reference.s[colon] == ':'))
		return;
	HOLDS(url_same_origin(u, base));
	HOLDS(strcmp(u->host, base->host) == 0);
	if (!reference.n || reference.s[0] == '#')
		HOLDS(strcmp(u->path, base->path) == 0);
	else if (reference.s[0] != '?')
		HOLDS(!has_dots(u->path));
}

/* What is whole already leads to itself, but for its dot segments, which go once and for all. */
static void
check_again(const struct url *u, const struct url *base)
{
	struct buf text = {0};
	struct url v;

	url_format(&text, u);
	HOLDS(url_join(&v, base, buf_view(&text), NULL) == 0);
	HOLDS(has_dots(u->path) || same_url(u, &v));
	HOLDS(!has_dots(v.path));
	url_clear(&v);
	buf_clear(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *lf = size ? memchr(data, '\n', size) : NULL;
	struct str reference;
	struct err e = {0};
	struct url base, u;

	if (!lf || url_parse(&base, (struct str){text, (size_t)(lf - text)}, NULL, NULL) != 0)
		return 0;
	reference = str_trim((struct str){lf + 1, (size_t)(text + size - lf) - 1});
	if (url_join(&u, &base, reference, &e) == 0) {
		check_url(&u);
		HOLDS(!has_control(reference) || memchr(reference.s, '\t', reference.n));
		check_place(&u, &base, reference);
		check_again(&u, &base);
	} else {
		check_err(&e, ERR_INPUT);
		HOLDS(!u.host && !u.path && !u.scheme && !u.port);
	}
	url_clear(&u);
	url_clear(&base);
	return 0;
}
