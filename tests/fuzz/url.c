/* tests/fuzz/url.c: any bytes as a target; behind a first line end, any bytes as a header of the user's. */
#include "http/url.h"

#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "http/request.h"

static bool
same(const struct url *a, const struct url *b)
{
	return a->scheme == b->scheme && strcmp(a->host, b->host) == 0 && strcmp(a->path, b->path) == 0 &&
	    a->port == b->port && a->v6 == b->v6;
}

static void
check_host(const struct url *u)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
	size_t n = strlen(u->host), dot, label;

	HOLDS(n > 0);
	dot = u->host[n - 1] == '.';
	HOLDS(u->v6 == (strchr(u->host, ':') != NULL));
	if (u->v6) {
		HOLDS(u->address.sa.sa_family == AF_INET6 && addr_port(&u->address) == u->port);
		return;
	}
	HOLDS(strspn(u->host, letters) == n && n - dot <= 253);
	HOLDS(u->host[0] != '.' && !strstr(u->host, ".."));
	label = n - dot;
	while (label && u->host[label - 1] != '.')
		label--;
	/* what others may take for an IPv4 address is one (WHATWG URL, "ends in a number") */
	if (strspn(u->host + label, "0123456789") == n - dot - label)
		HOLDS(u->address.sa.sa_family == AF_INET && addr_port(&u->address) == u->port);
	else
		HOLDS(u->address.sa.sa_family == AF_UNSPEC);
	HOLDS(strncasecmp(u->host + label, "0x", 2) != 0 ||
	    strspn(u->host + label + 2, "0123456789abcdefABCDEF") != n - dot - label - 2);
}

static void
check_path(const struct url *u)
{
	HOLDS(u->path[0] == '/');
	HOLDS(strpbrk(u->path, "# \"<>\\^`{|}") == NULL);
	for (const char *s = u->path; *s; s++) {
		HOLDS(*s > 0x20 && *s < 0x7f);
		HOLDS(*s != '%' || strspn(s + 1, "0123456789abcdefABCDEF") >= 2);
	}
}

/* What is printed for a URL means the same URL. */
static void
check_format(const struct url *u)
{
	struct buf text = {0}, again = {0};
	struct url v;

	url_format(&text, u);
	HOLDS(!has_control(buf_view(&text)) && text_plain(buf_view(&text)) == text.n);
	HOLDS(url_parse(&v, buf_view(&text), NULL, NULL) == 0);
	HOLDS(same(u, &v));
	url_format(&again, &v);
	HOLDS(str_eq(buf_view(&text), buf_view(&again)));
	/* a fragment changes nothing */
	buf_str(&text, STR("#@x:0/"));
	url_clear(&v);
	HOLDS(url_parse(&v, buf_view(&text), NULL, NULL) == 0);
	HOLDS(same(u, &v));
	url_clear(&v);
	buf_clear(&text);
	buf_clear(&again);
}

/* Cuts the next line, which must end in CR LF and hold no other line end, from *text. */
static struct str
take_line(struct str *text)
{
	char *lf = memchr(text->s, '\n', text->n);
	struct str line;

	HOLDS(lf != NULL && lf > text->s && lf[-1] == '\r');
	line = (struct str){text->s, (size_t)(lf - text->s) - 1};
	HOLDS(memchr(line.s, '\r', line.n) == NULL && memchr(line.s, '\0', line.n) == NULL);
	text->n -= line.n + 2;
	text->s = lf + 1;
	return line;
}

static bool
is_our_field(const char *header, const char *name)
{
	return strncasecmp(header, name, strlen(name)) == 0 && strchr(":;", header[strlen(name)]) != NULL;
}

/* Exactly one request line, one Host without user info, one User-Agent, and what of header was accepted. */
static void
check_request(const struct url *u, const char *header)
{
	struct request r = {0};
	struct err e = {0};
	struct buf text = {0}, want = {0};
	bool added = request_add_line(&r, header, &e) == 0;
	struct str rest, line;

	if (!added)
		check_err(&e, ERR_INPUT);
	request_write(&text, &r, u);
	rest = buf_view(&text);
	line = take_line(&rest);
	buf_printf(&want, "GET %s HTTP/1.0", u->path);
	HOLDS(str_eq(line, buf_view(&want)));
	if (!added || !is_our_field(header, "host")) {
		line = take_line(&rest);
		want.n = 0;
		buf_str(&want, STR("Host: "));
		url_authority(&want, u);
		HOLDS(str_eq(line, buf_view(&want)));
		HOLDS(memchr(line.s, '@', line.n) == NULL && memchr(line.s, '%', line.n) == NULL);
	}
	if (!added || !is_our_field(header, "user-agent"))
		HOLDS(str_eq(take_line(&rest), STR("User-Agent: awget/" VERSION)));
	if (r.lines.n) {
		HOLDS(added);
		line = take_line(&rest);
		HOLDS(line.n > 1 && memchr(line.s, ':', line.n) != NULL && line.s[0] != ':' && line.s[0] != ' ');
	}
	HOLDS(str_eq(take_line(&rest), STR("")));
	HOLDS(rest.n == 0);
	request_clear(&r);
	buf_clear(&text);
	buf_clear(&want);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	const char *lf = size ? memchr(data, '\n', size) : NULL;
	char *header = lf ? xmemdup(lf + 1, (size_t)(text.s + size - lf) - 1) : xstrdup("");
	struct err e = {0};
	struct url u;

	if (lf)
		text.n = (size_t)(lf - text.s);
	if (url_parse(&u, text, NULL, &e) == 0) {
		HOLDS(u.scheme != NULL && u.port != 0);
		check_host(&u);
		check_path(&u);
		check_format(&u);
		check_request(&u, header);
	} else {
		check_err(&e, ERR_INPUT);
		HOLDS(!u.host && !u.path && !u.scheme && !u.port);
	}
	url_clear(&u);
	free(header);
	return 0;
}
