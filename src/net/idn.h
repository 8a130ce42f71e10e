/* net/idn.h: names that are not ASCII as the DNS has them (IDNA 2008). libidn2 is in a module loaded with the first. */
#ifndef NET_IDN_H
#define NET_IDN_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Sets *ascii to the name that is asked for and sent instead of `name`: "xn--bcher-kva.test" for "BÜCHER.test". Case
 * and compatible forms are mapped as browsers do (UTS 46, non-transitional), so that *ascii may hold any byte of ASCII,
 * or none: it is for the caller to look at. name is not empty and holds no NUL. 0, or -1 with ERR_INPUT if the name is
 * not a valid one, ERR_LOCAL if the module is missing. The caller clears ascii, in every case.
 */
int idn_to_ascii(struct buf *ascii, struct str name, struct err *e);

/*
 * What the module idn.so is asked for: NULL with the name at ascii, or else what is wrong with it, a sentence. It needs
 * nothing else of ours.
 */
enum { IDN_ASCII_MAX = 256 };
typedef const char *idn_module_fn(const char *name, char ascii[IDN_ASCII_MAX]);
idn_module_fn idn_module;

#endif
