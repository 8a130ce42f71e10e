/* http/proxy.c: the proxy that a URL goes through; the table of kinds. */
#include "http/proxy.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "http/basic.h"
#include "http/noproxy.h"

static const struct {
	const char *scheme;
	uint16_t port;
} kinds[] = {
	[PROXY_HTTP] = {"http", 1080},
	[PROXY_HTTPS] = {"https", 443},
	[PROXY_SOCKS5H] = {"socks5h", 1080},
};

/* RFC 1929 section 2: a length is one byte. */
enum { SOCKS_WORD_MAX = 255 };

/* Where the parts of a proxy's text stand in it. */
struct parts {
	struct str userinfo;  /* without its '@'; s is NULL: none */
	struct str authority; /* host and port */
};

static bool
is_scheme(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!isalnum((unsigned char)s.s[i]) && !strchr("+-.", s.s[i]))
			return false;
	return true;
}

/* Moves *text behind a scheme and its "://". A sentence does not show it: who knows what was typed there. */
static int
take_scheme(struct proxy *p, const char **text, struct err *e)
{
	const char *end = strstr(*text, "://");
	struct str name = {*text, end ? (size_t)(end - *text) : 0};

	p->kind = PROXY_HTTP;
	if (!end || !is_scheme(name))
		return 0;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (!str_eq_fold(name, str_of(kinds[i].scheme)))
			continue;
		p->kind = (enum proxy_kind)i;
		*text = end + 3;
		return 0;
	}
	return err_set(e, ERR_INPUT, "the scheme of a proxy is http, https or socks5h");
}

/* user:password@ is what stands before the last '@', so that one in a password does no harm. */
static int
split(struct parts *parts, const char *text, struct err *e)
{
	struct str rest = {text, strcspn(text, "/?#")};
	const char *at = memrchr(rest.s, '@', rest.n);

	*parts = (struct parts){0};
	if (strchr(rest.s + rest.n, '@')) /* others would take what is before it for the host */
		return err_set(e, ERR_INPUT, "'/', '?' and '#' in the credentials of a proxy must be percent-encoded");
	if (rest.s[rest.n] && strcmp(rest.s + rest.n, "/") != 0)
		return err_set(e, ERR_INPUT, "nothing may follow the host and port of a proxy");
	if (at) {
		parts->userinfo = (struct str){rest.s, (size_t)(at - rest.s)};
		rest = (struct str){at + 1, rest.n - parts->userinfo.n - 1};
	}
	parts->authority = rest;
	return 0;
}

static bool
has_port(struct str authority)
{
	const char *colon = memrchr(authority.s, ':', authority.n);

	size_t behind = colon ? authority.n - (size_t)(colon - authority.s) - 1 : 0;

	return behind && !memchr(colon, ']', behind + 1);
}

static void
show(struct proxy *p, bool v6)
{
	struct buf b = {0};

	buf_printf(&b, "%s://%s%s%s:%u", kinds[p->kind].scheme, v6 ? "[" : "", p->host, v6 ? "]" : "", p->port);
	p->shown = xstrdup(buf_cstr(&b));
	buf_clear(&b);
}

/* What a target may have as its host, a proxy may. url_parse's sentences may show a byte of it, ours does not. */
static int
set_host(struct proxy *p, struct str authority, struct err *e)
{
	struct buf text = {0};
	struct url u;
	int rc;

	buf_str(&text, STR("http://"));
	buf_str(&text, authority);
	rc = url_parse(&u, buf_view(&text), NULL, NULL);
	buf_clear(&text);
	if (rc != 0)
		return err_set(e, ERR_INPUT,
		    "the host or the port of the proxy is malformed (an IPv6 address needs brackets)");
	p->host = xstrdup(u.host);
	p->port = has_port(authority) ? u.port : kinds[p->kind].port;
	p->address = u.address;
	if (p->address.sa.sa_family != AF_UNSPEC)
		addr_set_port(&p->address, p->port);
	show(p, u.v6);
	url_clear(&u);
	return 0;
}

static int
hex_value(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10 : -1;
}

/* Percent-decoded (RFC 3986 section 2.1), on the heap; a '%' before anything but two digits stands for itself. */
static char *
decode(struct str s)
{
	char *text = xmalloc(s.n + 1), *to = text;

	for (size_t i = 0; i < s.n; i++) {
		bool coded = s.s[i] == '%' && s.n - i > 2 && hex_value(s.s[i + 1]) >= 0 && hex_value(s.s[i + 2]) >= 0;

		*to++ = coded ? (char)(hex_value(s.s[i + 1]) << 4 | hex_value(s.s[i + 2])) : s.s[i];
		i += coded ? 2 : 0;
		/* RFC 7617 section 2 allows none; a NUL would cut the word short, too */
		if ((unsigned char)to[-1] < ' ' || to[-1] == 0x7f) {
			free(text);
			return NULL;
		}
	}
	*to = '\0';
	return text;
}

static void
set_auth(struct proxy *p)
{
	struct buf pair = {0}, value = {0};

	buf_str(&pair, str_of(p->user));
	buf_byte(&pair, ':');
	buf_str(&pair, str_of(p->password));
	http_basic(&value, buf_view(&pair));
	p->auth = xstrdup(buf_cstr(&value));
	buf_clear(&pair);
	buf_clear(&value);
}

static void
clear_login(struct proxy *p)
{
	free(p->user);
	free(p->password);
	p->user = p->password = NULL;
}

static int
set_credentials(struct proxy *p, struct str userinfo, struct err *e)
{
	const char *colon = memchr(userinfo.s, ':', userinfo.n);
	size_t user = colon ? (size_t)(colon - userinfo.s) : userinfo.n, password = user + (colon != NULL);

	p->user = decode((struct str){userinfo.s, user});
	p->password = decode((struct str){userinfo.s + password, userinfo.n - password});
	if (!p->user || !p->password)
		return err_set(e, ERR_INPUT, "the credentials of a proxy must not contain control bytes");
	if (p->kind == PROXY_SOCKS5H) {
		if (strlen(p->user) > SOCKS_WORD_MAX || strlen(p->password) > SOCKS_WORD_MAX)
			return err_set(e, ERR_INPUT, "user or password of the SOCKS proxy is longer than %d bytes",
			    SOCKS_WORD_MAX);
		return 0;
	}
	set_auth(p);
	clear_login(p);
	return 0;
}

int
proxy_parse(struct proxy *p, const char *text, struct err *e)
{
	struct parts parts;

	*p = (struct proxy){0};
	if (take_scheme(p, &text, e) == 0 && split(&parts, text, e) == 0 && set_host(p, parts.authority, e) == 0 &&
	    (!parts.userinfo.n || set_credentials(p, parts.userinfo, e) == 0))
		return 0;
	proxy_clear(p);
	return -1;
}

void
proxy_clear(struct proxy *p)
{
	free(p->host);
	free(p->shown);
	free(p->auth);
	clear_login(p);
	*p = (struct proxy){0};
}

/* The first of these variables that is set and not empty; NULL at names' end. *name: which. */
static const char *
variable(const char *const *names, const char **name)
{
	for (; *names; names++) {
		const char *value = getenv(*names);

		*name = *names;
		if (value && *value)
			return value;
	}
	return NULL;
}

/* The proxy that these variables name, if any does. */
static int
from_environment(struct proxy *p, const char *const *names, struct err *e)
{
	const char *name = NULL, *text = variable(names, &name);
	struct err why = {0};

	if (!text || proxy_parse(p, text, &why) == 0)
		return 0;
	return err_set(e, ERR_INPUT, "%s in the environment: %s", name, why.text);
}

static int
fill(struct proxies *p, const char *x, struct err *e)
{
	static const char *const http[] = {"http_proxy", "all_proxy", "ALL_PROXY", NULL};
	static const char *const https[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL};

	if (!x)
		return from_environment(&p->http, http, e) == 0 ? from_environment(&p->https, https, e) : -1;
	if (!*x)
		return 0;
	return proxy_parse(&p->http, x, e) == 0 ? proxy_parse(&p->https, x, e) : -1;
}

int
proxies_init(struct proxies *p, const char *x_option, const char *noproxy_option, struct err *e)
{
	static const char *const names[] = {"no_proxy", "NO_PROXY", NULL};
	const char *name, *list = noproxy_option ? noproxy_option : variable(names, &name);
	bool never = list && noproxy_all(list);

	*p = (struct proxies){0};
	if (never && !x_option)
		return 0;
	if (fill(p, x_option, e) != 0) {
		proxies_clear(p);
		return -1;
	}
	p->any = (p->http.host || p->https.host) && !never;
	if (p->any && list)
		p->noproxy = xstrdup(list);
	return 0;
}

const struct proxy *
proxies_look(const struct proxies *p, const struct url *u)
{
	const struct proxy *proxy = strcmp(u->scheme->name, "https") == 0 ? &p->https : &p->http;

	return proxy->host && !(p->noproxy && noproxy_match(p->noproxy, u)) ? proxy : NULL;
}

void
proxies_clear(struct proxies *p)
{
	proxy_clear(&p->http);
	proxy_clear(&p->https);
	free(p->noproxy);
	*p = (struct proxies){0};
}
