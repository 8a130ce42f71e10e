/* base/install.c: the files that belong to the program. */
#include "base/install.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* The folder of the running program, with '/' at its end; empty if the system does not tell. */
static void
program_folder(struct buf *path)
{
	ssize_t n;

	buf_reserve(path, PATH_MAX);
	n = readlink("/proc/self/exe", path->s, PATH_MAX);
	path->n = n > 0 ? (size_t)n : 0;
	while (path->n && path->s[path->n - 1] != '/')
		path->n--;
}

static void
find(struct buf *path, const char *name, const char *dir)
{
	path->n = 0;
	program_folder(path);
	buf_str(path, str_of(name));
	/* what is there and cannot be read is told as that */
	if (path->n > strlen(name) && (access(buf_cstr(path), R_OK) == 0 || errno != ENOENT))
		return;
	path->n = 0;
	buf_str(path, str_of(dir));
	buf_byte(path, '/');
	buf_str(path, str_of(name));
	buf_cstr(path);
}

void
install_data(struct buf *path, const char *name)
{
	find(path, name, PKGDATADIR);
}

void *
install_symbol(const char *name, const char *symbol, struct err *e)
{
	struct buf path = {0}, file = {0};
	void *module, *address = NULL;

	buf_str(&file, str_of(name));
	buf_str(&file, STR(".so"));
	find(&path, buf_cstr(&file), PKGLIBDIR);
	module = dlopen(path.s, RTLD_NOW | RTLD_LOCAL);
	if (module)
		address = dlsym(module, symbol);
	if (!address)
		err_set(e, ERR_LOCAL, "cannot load a part of awget: %s", dlerror());
	buf_clear(&path);
	buf_clear(&file);
	return address;
}
