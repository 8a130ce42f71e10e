/* tests/unit/json_linked.c: install_symbol() for tests that have what is in readjson.so linked, and so need not find it. */
#include "base/install.h"

#include "record/json_module.h"

void *
install_symbol(const char *name, const char *symbol, struct err *e)
{
	if (strcmp(name, "readjson") == 0 && strcmp(symbol, "json_module") == 0)
		return (void *)&json_module;
	err_set(e, ERR_LOCAL, "%s has no %s", name, symbol);
	return NULL;
}
