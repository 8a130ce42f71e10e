/*
 * tests/unit/regex_linked.c: base/install.h for tests that have what is in regex.so linked, and so need not find it, and
 * that have data of their own.
 */
#include "base/install.h"

#include "check/regex.h"
#include "regex_linked.h"

const char *linked_data = "/nonexistent/";

void
install_data(struct buf *path, const char *name)
{
	path->n = 0;
	buf_str(path, str_of(linked_data));
	buf_str(path, str_of(name));
	buf_cstr(path);
}

void *
install_symbol(const char *name, const char *symbol, struct err *e)
{
	if (strcmp(name, "regex") == 0 && strcmp(symbol, "regex_module") == 0)
		return (void *)&regex_module;
	err_set(e, ERR_LOCAL, "%s has no %s", name, symbol);
	return NULL;
}
