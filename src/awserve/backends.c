/* awserve/backends.c: answers that depend on the address that was asked. */
#include "awserve/backends.h"

#include <arpa/inet.h>

#include "awserve/routes.h"
#include "awserve/rules.h"
#include "net/addr.h"

/* Which of the backends was asked, from 1 (see rules.h); 0: another address. */
static size_t
backend_of(const struct exchange *x)
{
	struct addr a = {0};
	socklen_t n = sizeof a;
	in_addr_t at;

	if (getsockname(x->stream->fd, &a.sa, &n) != 0 || a.sa.sa_family != AF_INET)
		return 0;
	at = ntohl(a.v4.sin_addr.s_addr);
	return at >= RULES_BACKEND && at < RULES_BACKEND + RULES_BACKENDS ? at - RULES_BACKEND + 1 : 0;
}

static void
say_backend(struct exchange *x, bool strict)
{
	buf_str(&x->fields, STR("X-Backend: "));
	buf_number(&x->fields, backend_of(x), 1);
	buf_str(&x->fields, strict ? STR("\r\nStrict-Transport-Security: max-age=31536000\r\n") : STR("\r\n"));
}

void
backends_lacks(struct exchange *x)
{
	size_t n;

	if (!routes_number(x, 0, RULES_BACKENDS, &n))
		return;
	say_backend(x, n != backend_of(x));
	routes_index(x);
}

void
backends_differs(struct exchange *x)
{
	size_t n, code;

	if (!routes_number(x, 0, RULES_BACKENDS, &n) || !routes_number(x, 1, 999, &code))
		return;
	say_backend(x, true);
	routes_index(x);
	if (n == backend_of(x))
		x->status = (int)code;
}
