/* awserve/packet.h: DNS messages (RFC 1035 section 4): a question understood, an answer written. */
#ifndef AWSERVE_PACKET_H
#define AWSERVE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { TYPE_A = 1, TYPE_NS = 2, TYPE_CNAME = 5, TYPE_AAAA = 28, TYPE_OPT = 41, TYPE_ANY = 255 };
enum { RCODE_FORMERR = 1, RCODE_SERVFAIL = 2, RCODE_NXDOMAIN = 3, RCODE_NOTIMP = 4, RCODE_REFUSED = 5 };

/* Offsets in a message, and the size of its header. */
enum { PACKET_ANSWERS = 6, PACKET_AUTHORITY = 8, PACKET_HEADER = 12 };

/* Slices are of the message that was asked. */
struct question {
	uint16_t id, flags, type;
	struct str name;    /* labels, each behind its length, the last one empty */
	struct str section; /* name, type and class */
	size_t room;        /* the largest datagram that the asker takes */
};

/* Understands a message. 0; the RCODE to refuse it with (section is then empty); -1 if it wants no answer. */
int packet_question(struct question *q, struct str packet);

/* Adds the name as text, without a dot at the end, escaped so that it can be shown. */
void packet_show_name(struct buf *b, const struct question *q);

/* Begins an answer in b, which is emptied: header and question. */
void packet_begin(struct buf *b, const struct question *q, int rcode);

/* Sets TC: there is more than this. */
void packet_truncate(struct buf *b);

/*
 * Adds a record to the section whose count is at `count`: owner is a name as text, NULL for the one that was asked.
 * What is added to b between this and packet_record_end, which takes what this one returns, is its data.
 */
size_t packet_record(struct buf *b, int count, const char *owner, int type);
void packet_record_end(struct buf *b, size_t at);

/* Adds a name, as text, in labels; a 16-bit number. */
void packet_name(struct buf *b, const char *name);
void packet_number(struct buf *b, unsigned n);

#endif
