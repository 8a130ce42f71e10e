/* awserve/options.h: what the user asked for. */
#ifndef AWSERVE_OPTIONS_H
#define AWSERVE_OPTIONS_H

#include <stdbool.h>

#include "net/addr.h"

/* Exit statuses, the same as awget's. */
enum { EXIT_USAGE = 3, EXIT_OWN = 4 };

struct options {
	struct addrs addresses; /* empty: the usual ones */
	int port, tls_port, dns_port; /* 0: any free one */
	const char *ca_out, *client_out; /* where certificates go; NULL: nowhere */
	int processes;
	int family;             /* of the names' addresses; AF_UNSPEC: both */
	int delay_ms, dns_delay_ms;
	bool until_eof, public, verbose;
};

/*
 * Fills *o from the command line. -1 to go on; else the status to exit with at once: 0 after --help and its kin,
 * EXIT_USAGE after a message. The caller clears o in every case.
 */
int options_parse(struct options *o, int argc, char **argv);

void options_clear(struct options *o);

#endif
