/* base/err.c: the table of error kinds, and the one way to fill a struct err. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

/* JSON's "kind" for each; a later kind is one more row. */
static const char *const names[ERR_KINDS] = {
	[ERR_NONE] = "none",
	[ERR_INPUT] = "input",
	[ERR_DNS_NXDOMAIN] = "dns-nxdomain",
	[ERR_DNS_NODATA] = "dns-nodata",
	[ERR_DNS_SERVFAIL] = "dns-servfail",
	[ERR_DNS_TIMEOUT] = "dns-timeout",
	[ERR_CONNECT_REFUSED] = "connect-refused",
	[ERR_CONNECT_TIMEOUT] = "connect-timeout",
	[ERR_UNREACHABLE] = "unreachable",
	[ERR_RESET] = "reset",
	[ERR_TLS_HANDSHAKE] = "tls-handshake",
	[ERR_TLS_VERIFY] = "tls-verify",
	[ERR_TIMEOUT] = "timeout",
	[ERR_CLOSED] = "closed",
	[ERR_NOT_HTTP] = "not-http",
	[ERR_HEADER_TOO_LARGE] = "header-too-large",
	[ERR_REDIRECT_LOOP] = "redirect-loop",
	[ERR_PROXY] = "proxy",
	[ERR_EXCLUDED] = "excluded",
	[ERR_CANCELED] = "interrupted",
	[ERR_LOCAL] = "local",
};

int
err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	char raw[sizeof e->text];
	va_list ap;
	int n;

	if (!e)
		return -1;
	va_start(ap, fmt);
	n = vsnprintf(raw, sizeof raw, fmt, ap);
	va_end(ap);
	if (n < 0)
		n = 0;
	if ((size_t)n >= sizeof raw)
		n = (int)sizeof raw - 1;
	e->kind = kind;
	text_show_into(e->text, sizeof e->text, (struct str){raw, (size_t)n});
	return -1;
}

int
err_blame(struct err *e, enum err_kind kind, const char *doing, const struct err *why)
{
	if (why->kind == ERR_TIMEOUT || why->kind == ERR_CANCELED || err_is_local(why->kind))
		return err_set(e, why->kind, "%s", why->text);
	return err_set(e, kind, "%s: %s", doing, why->text);
}

const char *
err_name(enum err_kind kind)
{
	return kind < ERR_KINDS ? names[kind] : names[ERR_NONE];
}

enum err_kind
err_kind_of(struct str name)
{
	enum err_kind kind = ERR_NONE;

	while (kind < ERR_KINDS && !str_eq(name, str_of(names[kind])))
		kind++;
	return kind;
}

bool
err_is_local(enum err_kind kind)
{
	return kind == ERR_LOCAL;
}
