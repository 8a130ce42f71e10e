/* net/idn.c: names that are not ASCII, for which the module idn.so is loaded. */
#include "net/idn.h"

#include "base/install.h"
#include "base/text.h"

/*
 * More than any name takes, even one that is not composed: 253 bytes at most come out, and none of them stands for
 * more than a few that went in. So libidn2 is never busy for long with what a server has sent.
 */
enum { NAME_BYTES = 2048 };

int
idn_to_ascii(struct buf *ascii, struct str name, struct err *e)
{
	static idn_module_fn *convert;
	struct buf copy = {0};
	const char *why;

	if (!text_is_utf8(name))
		return err_set(e, ERR_INPUT, "host name is neither ASCII nor UTF-8");
	if (name.n > NAME_BYTES)
		return err_set(e, ERR_INPUT, "host name is longer than %d bytes", NAME_BYTES);
	if (!convert && !(convert = (idn_module_fn *)install_symbol("idn", "idn_module", e)))
		return -1;
	buf_str(&copy, name);
	ascii->n = 0;
	buf_reserve(ascii, IDN_ASCII_MAX);
	why = convert(buf_cstr(&copy), ascii->s);
	buf_clear(&copy);
	if (why)
		return err_set(e, ERR_INPUT, "%s", why);
	ascii->n = strlen(ascii->s);
	return 0;
}
