/* net/idn_libidn2.c: the module idn.so: what libidn2 says of a name, in our words. */
#include <idn2.h>
#include <stddef.h>
#include <string.h>

#include "net/idn.h"

/* The rules are those for looking a name up (RFC 5891 section 5.4), which are less than those for registering it. */
static const struct {
	int code;
	const char *why;
} reasons[] = {
	{IDN2_MALLOC, "no memory to convert the host name"},
	{IDN2_PUNYCODE_BIG_OUTPUT, "host name has a label longer than 63 bytes in its xn-- form"},
	{IDN2_TOO_BIG_LABEL, "host name has a label longer than 63 bytes in its xn-- form"},
	{IDN2_TOO_BIG_DOMAIN, "host name is longer than 253 bytes in its xn-- form"},
	{IDN2_PUNYCODE_BAD_INPUT, "host name has a label that begins with xn-- but means nothing"},
	{IDN2_INVALID_ALABEL, "host name has a label that begins with xn-- but means nothing"},
	{IDN2_2HYPHEN, "host name has a label with hyphens in its third and fourth place"},
	{IDN2_HYPHEN_STARTEND, "host name has a label that begins or ends with a hyphen"},
	{IDN2_LEADING_COMBINING, "host name has a label that begins with a combining mark"},
	{IDN2_DISALLOWED, "host name has a character that no name may have"},
	{IDN2_UNASSIGNED, "host name has a character that is not assigned"},
	{IDN2_CONTEXTJ, "host name has a joiner where none may stand"},
	{IDN2_CONTEXTJ_NO_RULE, "host name has a joiner where none may stand"},
	{IDN2_BIDI, "host name mixes characters written to the left and to the right"},
};

static const char *
reason(int code)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].code == code)
			return reasons[i].why;
	return "host name is not a valid internationalised name";
}

const char *
idn_module(const char *name, char ascii[IDN_ASCII_MAX])
{
	uint8_t *got = NULL;
	int code = idn2_lookup_u8((const uint8_t *)name, &got, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	size_t n;

	if (code != IDN2_OK)
		return reason(code);
	n = strlen((const char *)got);
	if (n < IDN_ASCII_MAX)
		memcpy(ascii, got, n + 1);
	idn2_free(got);
	return n < IDN_ASCII_MAX ? NULL : reason(IDN2_TOO_BIG_DOMAIN);
}
