/* tests/fuzz/url.c: any bytes as a target; behind a first line end, any bytes as a header of the user's. */
#include "http/url.h"

#include <string.h>

#include "base/mem.h"
#include "http/request.h"
#include "promises.h"

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
	request_write(&text, &r, u, &(struct request_hop){0});
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
	struct url u, v;

	if (lf)
		text.n = (size_t)(lf - text.s);
	if (url_parse(&u, text, NULL, &e) == 0) {
		check_url(&u);
		check_request(&u, header);
		/* the scheme of those that have none, and its port, may be another */
		HOLDS(url_parse(&v, text, url_scheme(STR("https")), NULL) == 0);
		HOLDS(strcmp(u.host, v.host) == 0 && strcmp(u.path, v.path) == 0);
		HOLDS(url_same_origin(&u, &v) == (u.scheme == v.scheme));
		url_clear(&v);
	} else {
		check_err(&e, ERR_INPUT);
		HOLDS(!u.host && !u.path && !u.scheme && !u.port);
	}
	url_clear(&u);
	free(header);
	return 0;
}
