/* tests/fuzz/promises.h: what url.h promises of every struct url, wherever it came from. */
#ifndef TESTS_FUZZ_PROMISES_H
#define TESTS_FUZZ_PROMISES_H

#include <string.h>

#include "fuzz.h"
#include "http/url.h"

static inline bool
same_url(const struct url *a, const struct url *b)
{
	return a->scheme == b->scheme && strcmp(a->host, b->host) == 0 && strcmp(a->path, b->path) == 0 &&
	    a->port == b->port && a->v6 == b->v6;
}

static inline void
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

static inline void
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
static inline void
check_format(const struct url *u)
{
	struct buf text = {0}, again = {0};
	struct url v;

	url_format(&text, u);
	HOLDS(!has_control(buf_view(&text)) && text_plain(buf_view(&text)) == text.n);
	HOLDS(url_parse(&v, buf_view(&text), NULL, NULL) == 0);
	HOLDS(same_url(u, &v) && url_same_origin(u, &v));
	url_format(&again, &v);
	HOLDS(str_eq(buf_view(&text), buf_view(&again)));
	/* a fragment changes nothing */
	buf_str(&text, STR("#@x:0/"));
	url_clear(&v);
	HOLDS(url_parse(&v, buf_view(&text), NULL, NULL) == 0);
	HOLDS(same_url(u, &v));
	url_clear(&v);
	buf_clear(&text);
	buf_clear(&again);
}

static inline void
check_url(const struct url *u)
{
	HOLDS(u->scheme != NULL && u->port != 0);
	check_host(u);
	check_path(u);
	check_format(u);
}

#endif
