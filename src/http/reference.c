/* http/reference.c: references resolved (RFC 3986 section 5). */
#include "http/reference.h"

#include <string.h>

/* The parts of a reference (appendix B): what is not there is NULL, which an empty part is not. */
struct parts {
	struct str scheme, authority, path, query;
};

static struct str
from(struct str s, size_t at)
{
	return (struct str){s.s + at, s.n - at};
}

/* Cuts what stands before the first of these bytes, or all, from *s. */
static struct str
take_until(struct str *s, const char *bytes)
{
	struct str taken = {s->s, 0};

	while (taken.n < s->n && !strchr(bytes, s->s[taken.n]))
		taken.n++;
	*s = from(*s, taken.n);
	return taken;
}

static int
check_bytes(struct str text, struct err *e)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.s[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return err_set(e, ERR_INPUT, "a location must not contain control bytes");
	}
	return 0;
}

/* A letter, then letters, digits, '+', '-' and '.' (section 3.1). */
static bool
is_scheme(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.s[i], letter = (char)(c | 0x20);

		if (!(letter >= 'a' && letter <= 'z') && (!i || !((c >= '0' && c <= '9') || strchr("+-.", c))))
			return false;
	}
	return s.n > 0;
}

/* A colon in the first segment ends a scheme: a relative path has none there (section 4.2). */
static int
take_scheme(struct parts *p, struct str *text, struct err *e)
{
	struct str rest = *text, name = take_until(&rest, ":/?");
	const struct url_scheme *scheme;

	if (!rest.n || rest.s[0] != ':')
		return 0;
	if (!is_scheme(name))
		return err_set(e, ERR_INPUT, "a colon before the first slash, but no scheme before it");
	scheme = url_scheme(name);
	if (!scheme)
		return err_set(e, ERR_INPUT, "scheme \"%.*s\" is not supported",
		    name.n > 32 ? 32 : (int)name.n, name.s);
	if (!str_starts(rest, STR("://")))
		return err_set(e, ERR_INPUT, "\"%s:\" must be followed by \"//\"", scheme->name);
	p->scheme = str_of(scheme->name);
	*text = from(rest, 1);
	return 0;
}

static int
take_authority(struct parts *p, struct str *text, struct err *e)
{
	if (!str_starts(*text, STR("//")))
		return 0;
	*text = from(*text, 2);
	p->authority = take_until(text, "/?");
	for (size_t i = 0; i < p->authority.n; i++)
		if (p->authority.s[i] == ' ' || p->authority.s[i] == '\t')
			return err_set(e, ERR_INPUT, "a host must not contain blanks");
	return 0;
}

static int
split(struct parts *p, struct str text, struct err *e)
{
	text = str_trim(text);
	if (check_bytes(text, e) != 0)
		return -1;
	text = take_until(&text, "#");
	if (take_scheme(p, &text, e) != 0 || take_authority(p, &text, e) != 0)
		return -1;
	p->path = take_until(&text, "?");
	if (text.n)
		p->query = from(text, 1);
	return 0;
}

/* Blanks are encoded here, since url_parse refuses them; it encodes the others. */
static void
add_encoded(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == ' ')
			buf_str(b, STR("%20"));
		else if (s.s[i] == '\t')
			buf_str(b, STR("%09"));
		else
			buf_byte(b, s.s[i]);
	}
}

/*
 * Adds path, which begins with a slash or is empty, without its dot segments (section 5.2.4): ".." takes away the
 * segment before it, but nothing of what was in b before; the last of them leaves its slash.
 */
static void
add_path(struct buf *b, struct str path)
{
	size_t root = b->n;

	while (path.n) {
		struct str segment;

		path = from(path, 1);
		segment = take_until(&path, "/");
		if (str_eq(segment, STR("..")))
			while (b->n > root && b->s[--b->n] != '/')
				;
		else if (!str_eq(segment, STR("."))) {
			buf_byte(b, '/');
			add_encoded(b, segment);
			continue;
		}
		if (!path.n)
			buf_byte(b, '/');
	}
}

/* Path and query, after base's when nothing stands before them (section 5.2.2; its 5.2.3 is "merge"). */
static void
add_relative(struct buf *b, const struct url *base, const struct parts *p)
{
	struct str query = str_of(base->path), path = take_until(&query, "?");
	struct buf merged = {0};

	if (!p->path.n) {
		buf_str(b, path);
		if (!p->query.s)
			buf_str(b, query);
		return;
	}
	if (p->path.s[0] != '/') {
		while (path.s[path.n - 1] != '/')
			path.n--;
		buf_str(&merged, path);
	}
	buf_str(&merged, p->path);
	add_path(b, buf_view(&merged));
	buf_clear(&merged);
}

/* The target: up to the first part that the reference has it is base's, from there on the reference's. */
static void
add_target(struct buf *b, const struct url *base, const struct parts *p)
{
	if (p->authority.s) {
		buf_str(b, p->scheme.s ? p->scheme : str_of(base->scheme->name));
		buf_str(b, STR("://"));
		buf_str(b, p->authority);
		add_path(b, p->path);
	} else {
		url_format(b, base);
		b->n -= strlen(base->path);
		add_relative(b, base, p);
	}
	if (p->query.s) {
		buf_byte(b, '?');
		add_encoded(b, p->query);
	}
}

int
url_join(struct url *u, const struct url *base, struct str reference, struct err *e)
{
	struct parts p = {0};
	struct buf target = {0};
	int rc;

	*u = (struct url){0};
	if (split(&p, reference, e) != 0)
		return -1;
	add_target(&target, base, &p);
	rc = url_parse(u, buf_view(&target), NULL, e);
	buf_clear(&target);
	return rc;
}
