/* net/addr.h: socket addresses: text to sockaddr and back, lists of them, families. */
#ifndef NET_ADDR_H
#define NET_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/buf.h"

/* An IPv4 or IPv6 address and a port. */
struct addr {
	union {
		struct sockaddr sa;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
};

/*
 * Addresses of one name; all zero is none. `missing`: a family (AF_INET, AF_INET6) that was not asked or was too late.
 */
struct addrs {
	struct addr *v;
	size_t n;
	int missing;
	struct addr one; /* where v points while there is no more than one: a list is not to be copied */
};

/* The length that connect, bind and sendto want. */
static inline socklen_t
addr_size(const struct addr *a)
{
	return a->sa.sa_family == AF_INET6 ? sizeof a->v6 : sizeof a->v4;
}

/*
 * "192.0.2.1" or "2001:db8::1" or "fe80::1%eth0", without brackets. Only the dotted form of four decimal numbers is
 * IPv4. True if text was one.
 */
bool addr_parse(struct addr *a, const char *text, uint16_t port);

/* An IPv4 address alone, four decimal numbers without zeros before them. False: it is none. */
bool addr_parse_v4(struct addr *a, struct str text, uint16_t port);

/* "ADDR", "ADDR:PORT" or "[V6]:PORT"; without a port, default_port. True if text was one. */
bool addr_parse_port(struct addr *a, const char *text, uint16_t default_port);

/* What stands behind the slash of a network: one to three digits, at most `most`. True if it is that. */
bool addr_parse_bits(const char *text, unsigned most, unsigned *bits);

/* From the bytes of a DNS answer: 4 for AF_INET, 16 for AF_INET6. */
struct addr addr_from_bytes(int family, const void *bytes, uint16_t port);

uint16_t addr_port(const struct addr *a);
void addr_set_port(struct addr *a, uint16_t port);

/* "192.0.2.1", "2001:db8::1"; with the port: "192.0.2.1:80", "[2001:db8::1]:80". In buf, which is returned. */
enum { ADDR_TEXT = 80 };
const char *addr_text(const struct addr *a, char buf[ADDR_TEXT]);
const char *addr_text_port(const struct addr *a, char buf[ADDR_TEXT]);

/*
 * Is it an address that strangers must not lead us to: of this machine, of a network of its own, of a group, reserved?
 * Also if it only stands for such an IPv4 address (::ffff:10.0.0.1, NAT64, 6to4). The ranges for documentation count as
 * public: nobody has them, and tests take them for places far away.
 */
bool addr_is_private(const struct addr *a);

/* Adds a copy of *a. */
void addrs_add(struct addrs *list, struct addr a);
/* Only the addresses of this family stay; AF_UNSPEC keeps all. */
void addrs_filter(struct addrs *list, int family);
/* RFC 8305 section 4: families in turn, IPv6 first, the order within a family kept. */
void addrs_interleave(struct addrs *list);
void addrs_clear(struct addrs *list);

#endif
