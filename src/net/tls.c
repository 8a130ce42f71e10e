/* net/tls.c: TLS over a stream, as a client: the way to the module that has OpenSSL. */
#include "net/tls.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "base/install.h"
#include "net/tls_module.h"

#define NAME_OF(symbol) NAME_OF_(symbol)
#define NAME_OF_(symbol) #symbol

static const struct tls_module *module;
static struct err trouble; /* why there is none */

int
tls_init(const struct tls_options *o, struct err *e)
{
	const struct tls_module *m;

	if (module)
		return 0;
	/* files that are no good stay so, but what this machine is short of may come back */
	if (trouble.kind == ERR_NONE || trouble.kind == ERR_LOCAL) {
		trouble.kind = ERR_NONE;
		m = install_symbol("tls", NAME_OF(TLS_MODULE), &trouble);
		if (m && m->init(o, &trouble) == 0)
			module = m;
	}
	return module ? 0 : err_set(e, trouble.kind, "%s", trouble.text);
}

int
tls_start(struct stream *s, const struct tls_options *o, struct tls_peer peer, double deadline,
    struct tls_info **info, struct err *e)
{
	const int on = 1;
	int rc;

	if (tls_init(o, e) != 0 || module->wrap(s, peer, e) != 0)
		return -1;
	/* handshake's end and request are two small writes: the second shall not wait for the first's ACK */
	setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	rc = stream_handshake(s, deadline, e);
	if (rc != 0)
		module->explain(s, e);
	if (info)
		*info = module->info(s);
	return rc;
}
