/* tests/unit/regex_linked.c: install_symbol() for tests that have what is in regex.so linked, and so need not find it. */
#include "base/install.h"

#include "check/regex.h"

void *
install_symbol(const char *name, const char *symbol, struct err *e)
{
	if (strcmp(name, "regex") == 0 && strcmp(symbol, "regex_module") == 0)
		return (void *)&regex_module;
	err_set(e, ERR_LOCAL, "%s has no %s", name, symbol);
	return NULL;
}
