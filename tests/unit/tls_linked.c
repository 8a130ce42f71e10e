/* tests/unit/tls_linked.c: install_symbol() for tests that have what is in tls.so linked, and so need not find it. */
#include "base/install.h"

#include "net/tls_module.h"

extern const struct tls_module TLS_MODULE;

void *
install_symbol(const char *name, const char *symbol, struct err *e)
{
	if (strcmp(name, "tls") == 0 && strcmp(symbol, "tls_client") == 0)
		return (void *)&TLS_MODULE;
	err_set(e, ERR_LOCAL, "%s has no %s", name, symbol);
	return NULL;
}
