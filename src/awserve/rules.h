/* awserve/rules.h: labels of a name that say how its question is answered. */
#ifndef AWSERVE_RULES_H
#define AWSERVE_RULES_H

#include <stdint.h>
#include <stdio.h>

#include "awserve/packet.h"

/* What is wrong with the answer's bytes. */
enum damage { DAMAGE_NONE, DAMAGE_GARBAGE, DAMAGE_POINTERS, DAMAGE_LENGTH, DAMAGE_COUNTS, DAMAGE_CUT, DAMAGE_FUZZ };

/* What is sent before the right answer. */
enum decoy { DECOY_NONE, DECOY_ID, DECOY_QUESTION, DECOY_PORT, DECOY_EMPTY, DECOY_TINY };

/* What happens over TCP. */
enum tcp_fault { TCP_FINE, TCP_SILENT, TCP_GARBAGE, TCP_CLOSE };

/* How one question is answered. All zero is: at once, with the usual address. */
struct plan {
	int rcode, nodata, referral; /* instead of addresses */
	int silent, lost, wait_ms;   /* lost: how many times there is no answer before there is one */
	int truncated, tcp, decoy;
	int damage, seed;
	int aliases, loop, control;  /* CNAMEs before the addresses; a circle of them; one with control bytes */
	int address;                 /* IPv4, as a number, instead of the usual one; 0: none */
	int dead, blackhole, lifeless, many; /* dead addresses first; then a silent one; no live one; how many in all */
	int backends;                /* so many addresses from RULES_BACKEND instead of the usual one; 0: none */
};

/* The loopback addresses that rules lead to; main.c serves the first three, and the backends. */
#define RULES_EARLY "127.0.0.2"
#define RULES_RST "127.0.0.3"
#define RULES_BLACKHOLE "127.0.0.4"
#define RULES_BACKEND_TEXT "127.0.1.1"
enum { RULES_BACKEND = 0x7f000101, RULES_BACKENDS = 8 };
enum { RULES_DEAD = 0x7f000901, RULES_MANY = 0x7f010001, RULES_POISON = 0x7f000942 };

/* What the labels of q's name say. */
void rules_apply(struct plan *p, const struct question *q);

/* One line a label, for people. */
void rules_list(FILE *out);

#endif
