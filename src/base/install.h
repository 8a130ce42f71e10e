/* base/install.h: the files that belong to the program: modules that are loaded when first needed, and data. */
#ifndef BASE_INSTALL_H
#define BASE_INSTALL_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Sets *path to where the data file `name` is: beside the program, as in a build tree, else where `make install` puts
 * it. A NUL follows the bytes. The caller clears path.
 */
void install_data(struct buf *path, const char *name);

/*
 * The address of `symbol` in the module `name`, NAME.so, which is looked for as data is, loaded by the first call and
 * stays. NULL with ERR_LOCAL. So a library that few runs need costs the others nothing.
 */
void *install_symbol(const char *name, const char *symbol, struct err *e);

#endif
