/* awserve/packet.c: DNS messages: a question understood, an answer written. */
#include "awserve/packet.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"

enum { NAME_MAX_BYTES = 255, LABEL_MAX = 63, UDP_MIN = 512, UDP_MAX = 4096, CLASS_IN = 1, TTL = 60 };
enum { FLAG_ANSWER = 0x8000, FLAG_TRUNCATED = 0x0200, FLAG_WANTED = 0x0100, FLAG_AVAILABLE = 0x0080, OPCODE = 0x7800 };

static uint16_t
number_at(struct str s, size_t at)
{
	return (uint16_t)((unsigned char)s.s[at] << 8 | (unsigned char)s.s[at + 1]);
}

/* The bytes of the name at `at`, its empty last label included; 0 if there is none. Questions are not compressed. */
static size_t
name_size(struct str packet, size_t at)
{
	size_t begin = at;

	while (at < packet.n) {
		size_t n = (unsigned char)packet.s[at];

		at += n + 1;
		if (n == 0)
			return at <= packet.n ? at - begin : 0;
		if (n > LABEL_MAX || at - begin >= NAME_MAX_BYTES)
			return 0;
	}
	return 0;
}

/* RFC 6891 section 6.1.2: an OPT record, right behind the question, may offer more room than 512 bytes. */
static size_t
room(struct str packet, size_t at)
{
	size_t n;

	if (number_at(packet, 10) == 0 || packet.n < at + 11 || packet.s[at] != 0)
		return UDP_MIN;
	if (number_at(packet, at + 1) != TYPE_OPT)
		return UDP_MIN;
	n = number_at(packet, at + 3);
	return n < UDP_MIN ? UDP_MIN : n > UDP_MAX ? UDP_MAX : n;
}

int
packet_question(struct question *q, struct str packet)
{
	size_t n, end;

	*q = (struct question){.room = UDP_MIN};
	if (packet.n < PACKET_HEADER)
		return -1;
	q->id = number_at(packet, 0);
	q->flags = number_at(packet, 2);
	if (q->flags & FLAG_ANSWER)
		return -1;
	if (q->flags & OPCODE)
		return RCODE_NOTIMP;
	n = name_size(packet, PACKET_HEADER);
	end = PACKET_HEADER + n + 4;
	if (number_at(packet, 4) != 1 || n == 0 || end > packet.n)
		return RCODE_FORMERR;
	q->type = number_at(packet, end - 4);
	if (number_at(packet, end - 2) != CLASS_IN)
		return RCODE_REFUSED;
	q->name = (struct str){packet.s + PACKET_HEADER, n};
	q->section = (struct str){packet.s + PACKET_HEADER, n + 4};
	q->room = room(packet, end);
	return 0;
}

void
packet_show_name(struct buf *b, const struct question *q)
{
	struct str rest = q->name;

	while (rest.n > 1) {
		size_t n = (unsigned char)*rest.s;

		if (rest.s > q->name.s)
			buf_byte(b, '.');
		text_show(b, (struct str){rest.s + 1, n});
		rest.s += n + 1, rest.n -= n + 1;
	}
}

void
packet_number(struct buf *b, unsigned n)
{
	buf_byte(b, (char)(n >> 8));
	buf_byte(b, (char)n);
}

void
packet_begin(struct buf *b, const struct question *q, int rcode)
{
	b->n = 0;
	packet_number(b, q->id);
	packet_number(b, FLAG_ANSWER | (q->flags & (OPCODE | FLAG_WANTED)) | FLAG_AVAILABLE | ((unsigned)rcode & 15));
	packet_number(b, q->section.n ? 1 : 0);
	for (int i = 0; i < 3; i++)
		packet_number(b, 0);
	buf_str(b, q->section);
}

void
packet_truncate(struct buf *b)
{
	b->s[2] |= FLAG_TRUNCATED >> 8;
}

void
packet_name(struct buf *b, const char *name)
{
	while (*name) {
		size_t n = strcspn(name, ".");

		assert(n > 0 && n <= LABEL_MAX); /* only names of our own are written */
		buf_byte(b, (char)n);
		buf_add(b, name, n);
		name += n + (name[n] == '.');
	}
	buf_byte(b, 0);
}

/* Adds one to the 16-bit number at `at`. */
static void
count_up(struct buf *b, int at)
{
	b->s[at + 1] = (char)(b->s[at + 1] + 1);
	if (b->s[at + 1] == 0)
		b->s[at] = (char)(b->s[at] + 1);
}

size_t
packet_record(struct buf *b, int count, const char *owner, int type)
{
	count_up(b, count);
	if (owner)
		packet_name(b, owner);
	else
		packet_number(b, 0xc000 | PACKET_HEADER); /* a pointer to the question (section 4.1.4) */
	packet_number(b, (unsigned)type);
	packet_number(b, CLASS_IN);
	packet_number(b, 0);
	packet_number(b, TTL);
	packet_number(b, 0);
	return b->n;
}

void
packet_record_end(struct buf *b, size_t at)
{
	b->s[at - 2] = (char)((b->n - at) >> 8);
	b->s[at - 1] = (char)(b->n - at);
}
