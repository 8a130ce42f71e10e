/* http/url_parse.c: what the user types, understood. */
#include <stdlib.h>
#include <string.h>

#include "base/apart.h"
#include "base/mem.h"
#include "http/url.h"
#include "net/idn.h"

/* Limits of the DNS (RFC 1035 section 2.3.4), the name without a dot at its end. */
enum { LABEL_MAX = 63, NAME_MAX_BYTES = 253 };

/* Where a byte may stand as itself (RFC 3986 section 2). Names are letters, digits, hyphens and, in practice, '_'. */
enum { IN_PATH = 1, IN_NAME = 2, IN_SCHEME = 4, HEX = 8, ENDS_HOST = 16 };

static const unsigned char may[256] = {
	['0' ... '9'] = IN_PATH | IN_NAME | IN_SCHEME | HEX,
	['A' ... 'F'] = IN_PATH | IN_NAME | IN_SCHEME | HEX,
	['G' ... 'Z'] = IN_PATH | IN_NAME | IN_SCHEME,
	['a' ... 'f'] = IN_PATH | IN_NAME | IN_SCHEME | HEX,
	['g' ... 'z'] = IN_PATH | IN_NAME | IN_SCHEME,
	['-'] = IN_PATH | IN_NAME | IN_SCHEME,
	['.'] = IN_PATH | IN_NAME | IN_SCHEME,
	['+'] = IN_PATH | IN_SCHEME,
	['_'] = IN_PATH | IN_NAME,
	['~'] = IN_PATH, ['!'] = IN_PATH, ['$'] = IN_PATH, ['&'] = IN_PATH, ['\''] = IN_PATH, ['('] = IN_PATH,
	[')'] = IN_PATH, ['*'] = IN_PATH, [','] = IN_PATH, [';'] = IN_PATH, ['='] = IN_PATH, [':'] = IN_PATH,
	['@'] = IN_PATH, ['/'] = IN_PATH | ENDS_HOST, ['?'] = IN_PATH | ENDS_HOST, ['#'] = ENDS_HOST,
};

/* Where the parts of a target stand in it. */
struct parts {
	const struct url_scheme *scheme;
	struct str host;   /* a name, or an address without brackets and zone */
	struct str zone;   /* of an IPv6 address, without its '%' */
	struct str tail;   /* path and query as typed: empty, or from '/' or '?' on */
	size_t encoded;    /* how many bytes of tail are to be percent-encoded */
	uint16_t port;
	bool schemed;      /* the scheme was written out */
	bool v6, bracketed;
	bool number;       /* host is no name, so it must be an address */
	struct buf ascii;  /* where host is if it was not ASCII */
};

static bool
is(char c, unsigned what)
{
	return may[(unsigned char)c] & what;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct str
from(struct str s, size_t at)
{
	return (struct str){s.s + at, s.n - at};
}

/* The place of the first c in s, s.n if there is none. */
static size_t
find(struct str s, char c)
{
	const char *p = s.n ? memchr(s.s, c, s.n) : NULL;

	return p ? (size_t)(p - s.s) : s.n;
}

/* Does the host, with its port, end where s begins? */
static bool
at_end(struct str s)
{
	return !s.n || is(s.s[0], ENDS_HOST);
}

static int
check_bytes(struct str text, struct err *e)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.s[i];

		if (c == ' ' || c == '\t')
			return err_set(e, ERR_INPUT, "a target must not contain blanks");
		if (c < ' ' || c == 0x7f)
			return err_set(e, ERR_INPUT, "a target must not contain control bytes");
	}
	return 0;
}

/*
 * Moves *text behind a scheme and its "://". What stands before a colon without "//" is a host before its port, so that
 * localhost:8080 needs no thought, except for the schemes themselves: nobody means a host called http.
 */
static int
take_scheme(struct parts *p, struct str *text, struct err *e)
{
	struct str name = {text->s, find(*text, ':')}, rest = from(*text, name.n);
	bool slashes = rest.n > 2 && rest.s[1] == '/' && rest.s[2] == '/';
	const struct url_scheme *scheme;

	if (!name.n || !rest.n)
		return 0;
	for (size_t i = 0; slashes && i < name.n; i++)
		if (!is(name.s[i], IN_SCHEME))
			return 0; /* further on, in a path or query */
	scheme = url_scheme(name);
	if (scheme && !slashes)
		return err_set(e, ERR_INPUT, "\"%s:\" must be followed by \"//\"", scheme->name);
	if (!slashes)
		return 0;
	if (!scheme)
		return err_set(e, ERR_INPUT, "scheme \"%.*s\" is not supported",
		    name.n > 32 ? 32 : (int)name.n, name.s);
	p->scheme = scheme;
	p->schemed = true;
	*text = from(rest, 3);
	return 0;
}

static int
refuse_byte(unsigned char c, struct err *e)
{
	if (c == '%')
		return err_set(e, ERR_INPUT, "a host must not be percent-encoded");
	return err_set(e, ERR_INPUT, "a host must not contain '%c'", c);
}

static int
check_label(size_t n, struct err *e)
{
	if (n > LABEL_MAX)
		return err_set(e, ERR_INPUT, "host name has a label longer than %d bytes", LABEL_MAX);
	return n ? 0 : err_set(e, ERR_INPUT, "host name has an empty label");
}

/* All digits, or 0x and hexadecimal digits: no top-level domain is (RFC 3696 section 2), but inet_aton takes it. */
static bool
is_number(struct str label)
{
	bool hex = label.n > 1 && label.s[0] == '0' && (label.s[1] | 0x20) == 'x';

	for (size_t i = hex ? 2 : 0; i < label.n; i++)
		if (hex ? !is(label.s[i], HEX) : !is_digit(label.s[i]))
			return false;
	return true;
}

static int
take_name(struct parts *p, struct str *text, struct err *e)
{
	struct str name = {text->s, 0};
	size_t label = 0, before = 0; /* where the last two labels begin */

	for (; name.n < text->n && is(name.s[name.n], IN_NAME); name.n++) {
		if (name.s[name.n] != '.')
			continue;
		if (check_label(name.n - label, e) != 0)
			return -1;
		before = label;
		label = name.n + 1;
	}
	*text = from(*text, name.n);
	if (!at_end(*text) && text->s[0] != ':')
		return refuse_byte((unsigned char)text->s[0], e);
	if (!name.n)
		return err_set(e, ERR_INPUT, "no host");
	p->host = name;
	if (label == name.n) /* a dot at the end: the name is complete as it is */
		label = before, name.n--;
	if (check_label(name.n - label, e) != 0)
		return -1;
	if (name.n > NAME_MAX_BYTES)
		return err_set(e, ERR_INPUT, "host name is longer than %d bytes", NAME_MAX_BYTES);
	p->number = is_number(from(name, label));
	return 0;
}

static int
refuse_v6(const struct parts *p, struct err *e)
{
	if (p->zone.n)
		return err_set(e, ERR_INPUT, "not an IPv6 address with a zone of this machine");
	if (p->bracketed)
		return err_set(e, ERR_INPUT, "not an IPv6 address between the brackets");
	return err_set(e, ERR_INPUT, "several colons, but not an IPv6 address");
}

/* host is an IPv6 address without brackets, perhaps with "%zone" ("%25zone" in a URL, RFC 6874). */
static int
set_v6(struct parts *p, struct str host, struct err *e)
{
	size_t percent = find(host, '%');

	p->v6 = true;
	p->host = (struct str){host.s, percent};
	p->zone = from(host, percent + (percent < host.n));
	if (p->bracketed && p->zone.n > 2 && str_starts(p->zone, STR("25")))
		p->zone = from(p->zone, 2);
	for (size_t i = 0; i < p->host.n; i++)
		if (!is(host.s[i], HEX) && host.s[i] != ':' && host.s[i] != '.')
			return refuse_v6(p, e);
	for (size_t i = 0; i < p->zone.n; i++)
		if (!is(p->zone.s[i], IN_NAME))
			return err_set(e, ERR_INPUT, "zone of the IPv6 address is not the name of an interface");
	if (percent < host.n && !p->zone.n)
		return err_set(e, ERR_INPUT, "zone of the IPv6 address is empty");
	return 0;
}

static int
take_brackets(struct parts *p, struct str *text, struct err *e)
{
	size_t close = find(*text, ']');
	struct str inside = {text->s + 1, close - 1};

	if (close == text->n)
		return err_set(e, ERR_INPUT, "\"[\" without \"]\"");
	*text = from(*text, close + 1);
	if (!at_end(*text) && text->s[0] != ':')
		return err_set(e, ERR_INPUT, "only a port may follow \"]\"");
	p->bracketed = true;
	return set_v6(p, inside, e);
}

/* ":" alone is the scheme's own port (RFC 3986 section 3.2.3). */
static int
take_port(struct parts *p, struct str *text, struct err *e)
{
	unsigned n = 0;
	size_t i = 1;

	p->port = p->scheme->port;
	if (at_end(*text))
		return 0;
	for (; i < text->n && is_digit(text->s[i]); i++)
		n = n > UINT16_MAX ? n : n * 10 + (unsigned)(text->s[i] - '0');
	*text = from(*text, i);
	if (!at_end(*text))
		return err_set(e, ERR_INPUT, "port is not a decimal number");
	if (i == 1)
		return 0;
	if (n == 0 || n > UINT16_MAX)
		return err_set(e, ERR_INPUT, "port must be from 1 to %d", UINT16_MAX);
	p->port = (uint16_t)n;
	return 0;
}

/* Does a name begin here that is not ASCII? Its end is the first byte that is neither of a name nor above ASCII. */
static bool
find_foreign(struct str text, struct str *name)
{
	bool foreign = false;

	for (name->s = text.s, name->n = 0; name->n < text.n; name->n++) {
		bool above = (unsigned char)text.s[name->n] >= 0x80;

		if (!above && !is(text.s[name->n], IN_NAME))
			break;
		foreign |= above;
	}
	return foreign;
}

static int take_authority(struct parts *, struct str *text, struct err *);

/*
 * The host is this name, which is not ASCII: all again with what it is in ASCII. That may hold anything, such as the
 * slash that U+FF0F stands for, so it is looked at before it is read.
 */
static int
take_foreign(struct parts *p, struct str *text, struct str name, struct err *e)
{
	struct str rest = from(*text, name.n), again;

	if (!at_end(rest) && rest.s[0] != ':')
		return refuse_byte((unsigned char)rest.s[0], e);
	if (idn_to_ascii(&p->ascii, name, e) != 0)
		return -1;
	for (size_t i = 0; i < p->ascii.n; i++)
		if (!is(p->ascii.s[i], IN_NAME))
			return refuse_byte((unsigned char)p->ascii.s[i], e);
	while (!at_end(rest)) {
		buf_byte(&p->ascii, rest.s[0]);
		rest = from(rest, 1);
	}
	*text = rest;
	again = buf_view(&p->ascii);
	return take_authority(p, &again, e);
}

/*
 * The host and the port in front of *text could not be read, for the reason in *e. Perhaps it is a bare IPv6 address,
 * or a name that is not ASCII; or there is a better reason: with user info or a backslash, somebody may take something
 * else for the host than we do.
 */
static int
look_again(struct parts *p, struct str *text, struct err *e)
{
	struct str all = *text, name;
	size_t first, last;

	if (check_bytes(all, e) != 0)
		return -1;
	for (all.n = 0; !at_end(from(*text, all.n));)
		all.n++;
	if (find(all, '\\') < all.n)
		return err_set(e, ERR_INPUT, "a host must not contain a backslash");
	if (find(all, '@') < all.n)
		return err_set(e, ERR_INPUT, "user info before the host is not accepted");
	first = find(all, ':');
	last = first == all.n ? first : (size_t)((const char *)memrchr(all.s, ':', all.n) - all.s);
	if (first == last && find_foreign(*text, &name))
		return take_foreign(p, text, name, e);
	if (first == last || all.s[0] == '[')
		return -1;
	if (p->schemed)
		return err_set(e, ERR_INPUT, "an IPv6 address in a URL needs brackets");
	p->port = p->scheme->port;
	*text = from(*text, all.n);
	return set_v6(p, all, e);
}

static int
take_authority(struct parts *p, struct str *text, struct err *e)
{
	struct str rest = *text;
	bool bracket = rest.n && rest.s[0] == '[';

	if ((bracket ? take_brackets(p, &rest, e) : take_name(p, &rest, e)) != 0 || take_port(p, &rest, e) != 0)
		return look_again(p, text, e);
	*text = rest;
	return 0;
}

/* Is byte i of a path or query sent as it is? A '%' is, before two digits. */
static bool
is_plain(struct str tail, size_t i)
{
	return is(tail.s[i], IN_PATH) ||
	    (tail.s[i] == '%' && tail.n - i > 2 && is(tail.s[i + 1], HEX) && is(tail.s[i + 2], HEX));
}

/* Path and query, without the fragment, which is for whoever shows the page, not for the server (RFC 9110, 7.1). */
static int
take_tail(struct parts *p, struct str text, struct err *e)
{
	p->tail = (struct str){text.s, 0};
	while (p->tail.n < text.n && is(text.s[p->tail.n], IN_PATH))
		p->tail.n++;
	if (p->tail.n == text.n)
		return 0;
	p->tail.n = find(text, '#');
	for (size_t i = 0; i < p->tail.n; i++)
		p->encoded += !is_plain(p->tail, i);
	return check_bytes(text, e);
}

static char *
put(char *to, struct str s)
{
	memcpy(to, s.s, s.n);
	return to + s.n;
}

static char *
put_encoded(char *to, struct str tail)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < tail.n; i++) {
		unsigned char c = (unsigned char)tail.s[i];

		if (is_plain(tail, i)) {
			*to++ = tail.s[i];
			continue;
		}
		*to++ = '%';
		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
	}
	return to;
}

/* host NUL path NUL, in one piece */
static void
build(struct url *u, const struct parts *p)
{
	size_t size = p->host.n + p->zone.n + p->tail.n + 2 * p->encoded + 4;
	char *s = size <= sizeof u->few ? u->few : xmalloc(size);

	u->scheme = p->scheme;
	u->host = s;
	u->port = p->port;
	u->v6 = p->v6;
	s = put(s, p->host);
	if (p->zone.n) {
		*s++ = '%';
		s = put(s, p->zone);
	}
	*s++ = '\0';
	u->path = s;
	if (!p->tail.n || p->tail.s[0] != '/')
		*s++ = '/';
	s = p->encoded ? put_encoded(s, p->tail) : put(s, p->tail);
	*s = '\0';
}

static int
check_address(struct url *u, const struct parts *p, struct err *e)
{
	if (addr_parse(&u->address, u->host, u->port) && (u->address.sa.sa_family == AF_INET6) == u->v6)
		return 0;
	if (u->v6)
		return refuse_v6(p, e);
	return err_set(e, ERR_INPUT, "host is a number but not an IPv4 address of four decimal numbers");
}

/* Is it nothing but an IPv4 address, as in long lists? */
static bool
take_bare_v4(struct url *u, struct str text, const struct url_scheme *scheme)
{
	if (!addr_parse_v4(&u->address, text, scheme->port))
		return false;
	memcpy(u->few, text.s, text.n);
	memcpy(u->few + text.n, "\0/", 3);
	u->scheme = scheme;
	u->host = u->few;
	u->path = u->few + text.n + 1;
	u->port = scheme->port;
	return true;
}

/* Apart from what is usual in long lists, since it takes more memory. */
static APART int
parse(struct url *u, struct str text, const struct url_scheme *scheme, struct err *e)
{
	struct parts p = {.scheme = scheme};
	int rc = -1;

	if (take_scheme(&p, &text, e) == 0 && take_authority(&p, &text, e) == 0 && take_tail(&p, text, e) == 0) {
		build(u, &p);
		rc = p.number || p.v6 ? check_address(u, &p, e) : 0;
	}
	if (rc != 0)
		url_clear(u);
	if (p.ascii.s)
		buf_clear(&p.ascii);
	return rc;
}

int
url_parse(struct url *u, struct str text, const struct url_scheme *fallback, struct err *e)
{
	const struct url_scheme *scheme = fallback ? fallback : &url_schemes[0];

	url_init(u);
	if (!text.n)
		return err_set(e, ERR_INPUT, "no host");
	return take_bare_v4(u, text, scheme) ? 0 : parse(u, text, scheme, e);
}
