/* net/addr.c: socket addresses. */
#include "net/addr.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* "addr%zone" of a link-local address. */
static bool
parse_zone(struct addr *a, const char *text)
{
	const char *percent = strchr(text, '%');
	char plain[INET6_ADDRSTRLEN];
	size_t n = percent ? (size_t)(percent - text) : strlen(text);

	if (n >= sizeof plain)
		return false;
	memcpy(plain, text, n);
	plain[n] = '\0';
	if (inet_pton(AF_INET6, plain, &a->v6.sin6_addr) != 1)
		return false;
	if (!percent)
		return true;
	a->v6.sin6_scope_id = if_nametoindex(percent + 1);
	if (!a->v6.sin6_scope_id && strspn(percent + 1, "0123456789") == strlen(percent + 1))
		a->v6.sin6_scope_id = (uint32_t)strtoul(percent + 1, NULL, 10);
	return a->v6.sin6_scope_id != 0;
}

/* A number below 256, without leading zeros. What stands behind it, or NULL: there is none. */
static inline const char *
take_byte(const char *s, const char *end, unsigned char *byte)
{
	unsigned n = s < end ? (unsigned char)*s - (unsigned)'0' : 10, digit;

	if (n > 9)
		return NULL;
	for (s++; s < end && (digit = (unsigned char)*s - (unsigned)'0') <= 9; s++) {
		if (!n)
			return NULL;
		n = n * 10 + digit;
		if (n > 255)
			return NULL;
	}
	*byte = (unsigned char)n;
	return s;
}

bool
addr_parse_v4(struct addr *a, struct str text, uint16_t port)
{
	const char *s = text.s, *end = text.s + text.n;
	unsigned char bytes[4];

	for (size_t i = 0; i < sizeof bytes; i++) {
		if (i && (s == end || *s++ != '.'))
			return false;
		s = take_byte(s, end, &bytes[i]);
		if (!s)
			return false;
	}
	if (s != end)
		return false;
	memset(a, 0, sizeof *a);
	a->v4.sin_family = AF_INET;
	a->v4.sin_port = htons(port);
	memcpy(&a->v4.sin_addr, bytes, sizeof bytes);
	return true;
}

bool
addr_parse(struct addr *a, const char *text, uint16_t port)
{
	if (addr_parse_v4(a, str_of(text), port))
		return true;
	memset(a, 0, sizeof *a);
	if (!strchr(text, ':') || !parse_zone(a, text))
		return false;
	a->v6.sin6_family = AF_INET6;
	a->v6.sin6_port = htons(port);
	return true;
}

static bool
parse_port(const char *text, uint16_t *port)
{
	unsigned long n = 0;
	const char *s = text;

	for (; isdigit((unsigned char)*s) && n <= 65535; s++)
		n = n * 10 + (unsigned long)(*s - '0');
	*port = (uint16_t)n;
	return s > text && !*s && n > 0 && n <= 65535;
}

bool
addr_parse_port(struct addr *a, const char *text, uint16_t default_port)
{
	const char *open = *text == '[' ? text + 1 : text;
	const char *end = *text == '[' ? strchr(text, ']') : strrchr(text, ':');
	uint16_t port = default_port;
	char host[ADDR_TEXT];

	if (*text != '[' && end && strchr(text, ':') != end)
		end = NULL; /* several colons: a bare IPv6 address */
	if (*text == '[' && !end)
		return false;
	if (!end)
		return addr_parse(a, text, port);
	if ((size_t)(end - open) >= sizeof host)
		return false;
	memcpy(host, open, (size_t)(end - open));
	host[end - open] = '\0';
	if (*end == ']')
		end++;
	if (*end == ':' ? !parse_port(end + 1, &port) : *end != '\0')
		return false;
	return addr_parse(a, host, port) && (*text != '[' || a->sa.sa_family == AF_INET6);
}

bool
addr_parse_bits(const char *text, unsigned most, unsigned *bits)
{
	size_t digits = strspn(text, "0123456789");

	*bits = 0;
	for (size_t i = 0; i < digits && i < 3; i++)
		*bits = *bits * 10 + (unsigned)(text[i] - '0');
	return digits && digits <= 3 && !text[digits] && *bits <= most;
}

struct addr
addr_from_bytes(int family, const void *bytes, uint16_t port)
{
	struct addr a;

	memset(&a, 0, sizeof a);
	a.sa.sa_family = (sa_family_t)family;
	if (family == AF_INET6)
		memcpy(&a.v6.sin6_addr, bytes, 16);
	else
		memcpy(&a.v4.sin_addr, bytes, 4);
	addr_set_port(&a, port);
	return a;
}

uint16_t
addr_port(const struct addr *a)
{
	return ntohs(a->sa.sa_family == AF_INET6 ? a->v6.sin6_port : a->v4.sin_port);
}

void
addr_set_port(struct addr *a, uint16_t port)
{
	if (a->sa.sa_family == AF_INET6)
		a->v6.sin6_port = htons(port);
	else
		a->v4.sin_port = htons(port);
}

const char *
addr_text(const struct addr *a, char buf[ADDR_TEXT])
{
	const void *bytes = a->sa.sa_family == AF_INET6 ? (const void *)&a->v6.sin6_addr : &a->v4.sin_addr;
	size_t n;

	if (!inet_ntop(a->sa.sa_family, bytes, buf, ADDR_TEXT))
		return "?";
	n = strlen(buf);
	if (a->sa.sa_family == AF_INET6 && a->v6.sin6_scope_id)
		snprintf(buf + n, ADDR_TEXT - n, "%%%u", a->v6.sin6_scope_id);
	return buf;
}

const char *
addr_text_port(const struct addr *a, char buf[ADDR_TEXT])
{
	char plain[ADDR_TEXT];
	bool v6 = a->sa.sa_family == AF_INET6;

	/* an address is at most 46 bytes and a zone 11: the precision is for the compiler */
	snprintf(buf, ADDR_TEXT, "%s%.60s%s:%u", v6 ? "[" : "", addr_text(a, plain), v6 ? "]" : "", addr_port(a));
	return buf;
}

/* The first bits of an address, in network order; padded with zeros. */
struct prefix {
	unsigned char bytes[16];
	unsigned bits;
};

static bool
has_prefix(const unsigned char *bytes, const struct prefix *p)
{
	size_t whole = p->bits / 8;

	if (memcmp(bytes, p->bytes, whole) != 0)
		return false;
	return p->bits % 8 == 0 || (bytes[whole] ^ p->bytes[whole]) >> (8 - p->bits % 8) == 0;
}

static bool
is_private_v4(const unsigned char *bytes)
{
	/* RFC 6890 and the IANA IPv4 Special-Purpose Address Registry, without what is for documentation */
	static const struct prefix prefixes[] = {
	    {{0}, 8},          /* this network, and the unspecified address */
	    {{10}, 8},         /* RFC 1918 */
	    {{100, 64}, 10},   /* shared by a provider's customers, RFC 6598 */
	    {{127}, 8},        /* loopback */
	    {{169, 254}, 16},  /* link-local */
	    {{172, 16}, 12},   /* RFC 1918 */
	    {{192, 0, 0}, 24}, /* IETF protocol assignments */
	    {{192, 168}, 16},  /* RFC 1918 */
	    {{198, 18}, 15},   /* benchmarking */
	    {{224}, 4},        /* multicast */
	    {{240}, 4},        /* reserved, and broadcast */
	};

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (has_prefix(bytes, &prefixes[i]))
			return true;
	return false;
}

static bool
is_private_v6(const unsigned char *bytes)
{
	/* RFC 6890 and the IANA IPv6 Special-Purpose Address Registry, without what is for documentation */
	static const struct prefix prefixes[] = {
	    {{0}, 96},                               /* unspecified, loopback, IPv4-compatible (RFC 4291) */
	    {{0, 0x64, 0xff, 0x9b, 0, 1}, 48},       /* NAT64 of a network's own, RFC 8215 */
	    {{1}, 64},                               /* discarded, RFC 6666 */
	    {{0x20, 0x01}, 23},                      /* IETF protocol assignments; Teredo, RFC 4380 */
	    {{0xfc}, 7},                             /* unique local */
	    {{0xfe, 0x80}, 10},                      /* link-local */
	    {{0xfe, 0xc0}, 10},                      /* site-local, RFC 3879 */
	    {{0xff}, 8},                             /* multicast */
	};
	/* those that hold an IPv4 address, and where */
	static const struct {
		struct prefix prefix;
		size_t at;
	} holds_v4[] = {
	    {{{[10] = 0xff, [11] = 0xff}, 96}, 12},  /* IPv4-mapped */
	    {{{0, 0x64, 0xff, 0x9b}, 96}, 12},       /* NAT64, RFC 6052 */
	    {{{0x20, 0x02}, 16}, 2},                 /* 6to4, RFC 3056 */
	};

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (has_prefix(bytes, &prefixes[i]))
			return true;
	for (size_t i = 0; i < sizeof holds_v4 / sizeof *holds_v4; i++)
		if (has_prefix(bytes, &holds_v4[i].prefix))
			return is_private_v4(bytes + holds_v4[i].at);
	return false;
}

bool
addr_is_private(const struct addr *a)
{
	if (a->sa.sa_family == AF_INET6)
		return is_private_v6(a->v6.sin6_addr.s6_addr);
	return is_private_v4((const unsigned char *)&a->v4.sin_addr);
}

void
addrs_add(struct addrs *list, struct addr a)
{
	if (!list->v) {
		list->v = &list->one;
	} else if (list->v != &list->one) {
		list->v = xrealloc(list->v, (list->n + 1) * sizeof *list->v);
	} else if (list->n) {
		list->v = xmalloc(2 * sizeof *list->v);
		list->v[0] = list->one;
	}
	list->v[list->n++] = a;
}

void
addrs_filter(struct addrs *list, int family)
{
	size_t kept = 0;

	if (family == AF_UNSPEC)
		return;
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].sa.sa_family == family)
			list->v[kept++] = list->v[i];
	list->n = kept;
}

/* The first address at or after *at that is, or is not, IPv6; moves *at behind it. */
static const struct addr *
next_of(const struct addrs *list, size_t *at, bool v6)
{
	while (*at < list->n) {
		const struct addr *a = &list->v[(*at)++];

		if ((a->sa.sa_family == AF_INET6) == v6)
			return a;
	}
	return NULL;
}

void
addrs_interleave(struct addrs *list)
{
	struct addr *v;
	size_t at[2] = {0, 0}, n = 0;

	if (list->n < 2)
		return;
	v = xmalloc(list->n * sizeof *v);
	for (bool v6 = true; n < list->n; v6 = !v6) {
		const struct addr *a = next_of(list, &at[v6], v6);

		if (a)
			v[n++] = *a;
	}
	if (list->v != &list->one)
		free(list->v);
	list->v = v;
}

void
addrs_clear(struct addrs *list)
{
	if (list->v != &list->one)
		free(list->v);
	*list = (struct addrs){0};
}
