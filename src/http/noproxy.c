/* http/noproxy.c: the list of hosts that are not reached over a proxy. */
#include "http/noproxy.h"

#include <string.h>

/* The longest entry that can be an address: brackets, a slash and three digits around an IPv6 address with its zone. */
enum { ADDRESS_MAX = ADDR_TEXT + 6 };

static const char separators[] = ", \t";

bool
noproxy_all(const char *list)
{
	return strcmp(list, "*") == 0;
}

/* The next entry of *list, empty at its end; moves *list behind it. */
static struct str
take_entry(const char **list)
{
	struct str entry;

	*list += strspn(*list, separators);
	entry = (struct str){*list, strcspn(*list, separators)};
	*list += entry.n;
	return entry;
}

static struct str
without_last_dot(struct str name)
{
	if (name.n && name.s[name.n - 1] == '.')
		name.n--;
	return name;
}

/* Is name the entry, or below it? name has no dot at its end. */
static bool
match_name(struct str entry, struct str name)
{
	size_t above;

	entry = without_last_dot(entry);
	if (entry.n && entry.s[0] == '.')
		entry.s++, entry.n--;
	if (!entry.n || entry.n > name.n)
		return false;
	above = name.n - entry.n;
	return str_eq_fold(entry, (struct str){name.s + above, entry.n}) && (!above || name.s[above - 1] == '.');
}

/* The bytes of an address; *bits: how many. */
static const unsigned char *
bytes_of(const struct addr *a, unsigned *bits)
{
	bool v6 = a->sa.sa_family == AF_INET6;

	*bits = v6 ? 128 : 32;
	return v6 ? (const unsigned char *)&a->v6.sin6_addr : (const unsigned char *)&a->v4.sin_addr;
}

static bool
same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	unsigned rest = bits % 8;

	return memcmp(a, b, bits / 8) == 0 && (!rest || (a[bits / 8] ^ b[bits / 8]) >> (8 - rest) == 0);
}

/* Takes the brackets off what is in text: "[::1]/64" is then "::1/64". False if there is only one. */
static bool
drop_brackets(char *text)
{
	char *close = strchr(text, ']');

	if (*text != '[')
		return !close;
	if (!close)
		return false;
	memmove(close, close + 1, strlen(close));
	memmove(text, text + 1, strlen(text));
	return true;
}

static bool
match_address(struct str entry, const struct addr *host)
{
	const unsigned char *bytes, *network_bytes;
	unsigned all, bits;
	char text[ADDRESS_MAX + 1], *slash;
	struct addr network;

	if (entry.n > ADDRESS_MAX)
		return false;
	memcpy(text, entry.s, entry.n);
	text[entry.n] = '\0';
	if (!drop_brackets(text))
		return false;
	slash = strchr(text, '/');
	if (slash)
		*slash++ = '\0';
	if (!addr_parse(&network, text, 0) || network.sa.sa_family != host->sa.sa_family)
		return false;
	bytes = bytes_of(host, &all);
	network_bytes = bytes_of(&network, &bits);
	return (!slash || addr_parse_bits(slash, all, &bits)) && same_bits(bytes, network_bytes, bits);
}

bool
noproxy_match(const char *list, const struct url *u)
{
	bool address = u->address.sa.sa_family != AF_UNSPEC;
	struct str name = without_last_dot(str_of(u->host)), entry;

	if (noproxy_all(list))
		return true;
	while ((entry = take_entry(&list)).n)
		if (address ? match_address(entry, &u->address) : match_name(entry, name))
			return true;
	return false;
}
