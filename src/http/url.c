/* http/url.c: what a URL is: schemes, origins, and how it is written. */
#include "http/url.h"

#include <stdlib.h>
#include <string.h>

const struct url_scheme url_schemes[] = {
	{"http", 80, false},
	{"https", 443, true},
	{0},
};

const struct url_scheme *
url_scheme(struct str name)
{
	for (const struct url_scheme *s = url_schemes; s->name; s++)
		if (str_eq_fold(name, str_of(s->name)))
			return s;
	return NULL;
}

/* A name without the dot that says that it is complete. */
static struct str
undotted(const char *host)
{
	struct str name = str_of(host);

	name.n -= name.s[name.n - 1] == '.';
	return name;
}

bool
url_same_origin(const struct url *a, const struct url *b)
{
	char text_a[ADDR_TEXT], text_b[ADDR_TEXT];

	if (a->scheme != b->scheme || a->port != b->port || a->address.sa.sa_family != b->address.sa.sa_family)
		return false;
	if (a->address.sa.sa_family == AF_UNSPEC)
		return str_eq_fold(undotted(a->host), undotted(b->host));
	return strcmp(addr_text(&a->address, text_a), addr_text(&b->address, text_b)) == 0;
}

/* The host as it stands in a URL; the zone of an IPv6 address is nobody else's business (RFC 6874 section 4). */
static void
add_host(struct buf *b, const struct url *u, bool with_zone)
{
	size_t percent;

	if (!u->v6) {
		buf_str(b, str_of(u->host));
		return;
	}
	percent = strcspn(u->host, "%");
	buf_byte(b, '[');
	buf_add(b, u->host, percent);
	if (with_zone && u->host[percent]) {
		buf_str(b, STR("%25"));
		buf_str(b, str_of(u->host + percent + 1));
	}
	buf_byte(b, ']');
}

static void
add_port(struct buf *b, const struct url *u)
{
	if (u->port == u->scheme->port)
		return;
	buf_byte(b, ':');
	buf_number(b, u->port, 1);
}

void
url_format(struct buf *b, const struct url *u)
{
	buf_str(b, str_of(u->scheme->name));
	buf_str(b, STR("://"));
	add_host(b, u, true);
	add_port(b, u);
	buf_str(b, str_of(u->path));
}

void
url_authority(struct buf *b, const struct url *u)
{
	if (!u->v6 && u->port == u->scheme->port) { /* nearly always */
		buf_str(b, str_of(u->host));
		return;
	}
	add_host(b, u, false);
	add_port(b, u);
}

void
url_move(struct url *to, struct url *from)
{
	*to = *from;
	if (from->host == from->few) {
		to->host = to->few;
		to->path = to->few + (from->path - from->few);
	}
	*from = (struct url){0};
}

void
url_clear(struct url *u)
{
	if (u->host != u->few)
		free(u->host);
	url_init(u);
}
