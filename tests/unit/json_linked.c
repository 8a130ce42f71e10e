/*
 * tests/unit/json_linked.c: base/install.h for tests that have what is in readjson.so linked, and so need not find it, and
 * that need no data.
 */
#include "base/install.h"

#include "record/json_module.h"

void
install_data(struct buf *path, const char *name)
{
	path->n = 0;
	buf_str(path, STR("/nonexistent/"));
	buf_str(path, str_of(name));
	buf_cstr(path);
}

void *
install_symbol(const char *name, const char *symbol, struct err *e)
{
	if (strcmp(name, "readjson") == 0 && strcmp(symbol, "json_module") == 0)
		return (void *)&json_module;
	err_set(e, ERR_LOCAL, "%s has no %s", name, symbol);
	return NULL;
}
