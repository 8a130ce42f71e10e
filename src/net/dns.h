/* net/dns.h: names to addresses, by c-ares, inside a task. */
#ifndef NET_DNS_H
#define NET_DNS_H

#include <stdint.h>

#include "base/err.h"
#include "net/addr.h"

/*
 * Which servers to ask: "IP[:PORT],..." as --dns-servers, or NULL for the system's. Opens nothing: the first name that
 * needs a server does. 0, or -1 with ERR_INPUT if servers cannot be understood.
 */
int dns_servers(const char *servers, struct err *e);

/*
 * The addresses of host at out (empty before), with port set, in the order in which to try them (RFC 8305). family:
 * AF_UNSPEC, AF_INET or AF_INET6. literal: host, if it is an address itself, else NULL. An address, and a name that
 * net/hosts.h knows, is answered without waiting. A name
 * without a dot is also looked for in the system's search domains; one with a dot is taken as it is. 0, or -1 with a
 * dns kind. out->missing names a family that was too late and may have more to offer when none of these answers. out
 * is the caller's to clear, in every case.
 */
int dns_lookup(const char *host, const struct addr *literal, uint16_t port, int family, double deadline,
    struct addrs *out, struct err *e);

/* Forgets everything. Inside task_main if there was a look-up, and after the last one. */
void dns_end(void);

#endif
