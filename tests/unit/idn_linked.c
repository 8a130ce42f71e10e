/* tests/unit/idn_linked.c: install_symbol() for tests that have what is in idn.so linked, and so need not find it. */
#include "base/install.h"

#include "net/idn.h"

void *
install_symbol(const char *name, const char *symbol, struct err *e)
{
	if (strcmp(name, "idn") == 0 && strcmp(symbol, "idn_module") == 0)
		return (void *)idn_module;
	err_set(e, ERR_LOCAL, "%s has no %s", name, symbol);
	return NULL;
}
