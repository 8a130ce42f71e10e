/* net/hosts.h: names that are known without asking a server: the hosts file, localhost, and the user's own answers. */
#ifndef NET_HOSTS_H
#define NET_HOSTS_H

#include <stdint.h>

#include "base/err.h"
#include "net/addr.h"

/*
 * Reads a hosts file (hosts(5)), instead of /etc/hosts; lines that make no sense are passed over; a file that is
 * missing, not for us to read, or a folder, is an empty one. It is read once: at the first hosts_find that needs it, or
 * here. 0, or -1 with ERR_LOCAL, and then the next hosts_find tries again: what the machine is short of may come back.
 */
int hosts_read(const char *path, struct err *e);

/*
 * "HOST:PORT:ADDR[,ADDR]..." as curl's --resolve; HOST may be '*', or an IPv6 address in brackets; ADDR may have them.
 * 0, or -1 with ERR_INPUT.
 */
int hosts_override(const char *text, struct err *e);

/*
 * Adds what is known of name: what hosts_override said for this port, else the hosts file's lines, else RFC 6761's for
 * localhost and its subdomains. Names fold case; a dot at the end counts for nothing. 1 if the name is known, even
 * if it has no address of this family (AF_UNSPEC, AF_INET, AF_INET6); 0 if not; -1 with ERR_LOCAL if the file cannot be
 * read. Does not wait.
 */
int hosts_find(struct addrs *out, const char *name, uint16_t port, int family, struct err *e);

/* Is the name one of hosts_override's? Then no server is to be asked, and no address in the name counts. */
bool hosts_overrides(const char *name, uint16_t port);

/* Is it localhost or a name below it (RFC 6761 section 6.3)? Case and a dot at the end make no difference. */
bool hosts_is_localhost(const char *name);

/* Forgets all. */
void hosts_end(void);

#endif
