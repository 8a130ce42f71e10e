/*
 * tests/fuzz/proxy.c: any bytes as a proxy; behind a first line end, any bytes as a list of hosts that need none, and
 * behind a second one, as the target.
 */
#include "http/proxy.h"

#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "http/noproxy.h"

/* Up to the next line end, on the heap; moves *data behind it. A NUL ends it, as it would an argument. */
static char *
take_line(struct str *data)
{
	const char *lf = data->n ? memchr(data->s, '\n', data->n) : NULL;
	size_t n = lf ? (size_t)(lf - data->s) : data->n;
	char *line = xmemdup(data->s, n);

	data->s += n + (lf != NULL);
	data->n -= n + (lf != NULL);
	return line;
}

/* What is shown of a proxy is a proxy, and the same, without its credentials. */
static void
check_shown(const struct proxy *p)
{
	struct proxy again;

	HOLDS(strchr(p->shown, '@') == NULL && !has_control(str_of(p->shown)));
	HOLDS(proxy_parse(&again, p->shown, NULL) == 0);
	HOLDS(again.kind == p->kind && again.port == p->port && strcmp(again.host, p->host) == 0);
	HOLDS(strcmp(again.shown, p->shown) == 0);
	HOLDS(!again.auth && !again.user && !again.password);
	proxy_clear(&again);
}

static void
check_proxy(const struct proxy *p, const char *text)
{
	HOLDS(p->host != NULL && *p->host && p->port != 0);
	HOLDS(p->address.sa.sa_family == AF_UNSPEC || addr_port(&p->address) == p->port);
	HOLDS((p->user != NULL) == (p->password != NULL));
	HOLDS(p->kind == PROXY_SOCKS5H ? !p->auth : !p->user);
	HOLDS(strchr(text, '@') != NULL || (!p->auth && !p->user));
	if (p->auth)
		HOLDS(str_starts(str_of(p->auth), STR("Basic ")) && !has_control(str_of(p->auth)));
	if (p->user)
		HOLDS(!has_control(str_of(p->user)) && !has_control(str_of(p->password)));
	check_shown(p);
}

/* One entry more, and blanks at the ends, change nothing for those that match. */
static void
check_list(const char *list, const struct url *u)
{
	bool match = noproxy_match(list, u);
	struct buf longer = {0};

	HOLDS(!noproxy_all(list) || match);
	buf_printf(&longer, " %s , no.such.entry", list);
	if (!noproxy_all(list))
		HOLDS(noproxy_match(buf_cstr(&longer), u) == match);
	longer.n = 0;
	buf_printf(&longer, "%s,%s", list, u->host);
	if (!strchr(u->host, '%')) /* no entry has a zone that this machine may not have */
		HOLDS(noproxy_match(buf_cstr(&longer), u));
	buf_clear(&longer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size};
	char *text = take_line(&rest), *list = take_line(&rest);
	struct err e = {0};
	struct proxy p;
	struct url u;

	if (proxy_parse(&p, text, &e) == 0) {
		check_proxy(&p, text);
	} else {
		check_err(&e, ERR_INPUT);
		HOLDS(!p.host && !p.shown && !p.auth && !p.user && !p.password);
	}
	if (url_parse(&u, rest, NULL, NULL) == 0)
		check_list(list, &u);
	url_clear(&u);
	proxy_clear(&p);
	free(text);
	free(list);
	return 0;
}
