/* base/set.c: a set of texts, exact and compact. */
#include "base/set.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"

/*
 * Texts stand one behind the other:
 *
 *	extra bytes | length: one byte, or 255 and four | text
 *
 * and a table, open to the next free slot, says where: an offset of 40 bits, and eight bits of the digest, so that
 * texts are hardly ever looked at for nothing.
 */
struct slot {
	uint32_t low;
	uint8_t high, tag; /* tag is 0: free */
} __attribute__((packed));

enum { FEW = 64, LONG = 255 };

struct set {
	size_t extra;
	char *texts;
	size_t used, cap;
	struct slot *slots;
	size_t nslots, n; /* nslots is a power of two */
};

struct set *
set_new(size_t extra)
{
	struct set *s = xcalloc(1, sizeof *s);

	s->extra = extra;
	s->nslots = FEW;
	s->slots = xcalloc(s->nslots, sizeof *s->slots);
	return s;
}

static size_t
offset(const struct slot *slot)
{
	return (size_t)((uint64_t)slot->high << 32 | slot->low);
}

static struct str
text_at(const struct set *s, size_t at)
{
	const char *p = s->texts + at + s->extra;
	size_t n = (unsigned char)*p++;
	uint32_t long_n;

	if (n == LONG) {
		memcpy(&long_n, p, sizeof long_n);
		p += sizeof long_n;
		n = long_n;
	}
	return (struct str){p, n};
}

static uint8_t
tag_of(struct digest d)
{
	return (uint8_t)(1 + d.high % 255);
}

/* The slot of this text: its own, or the free one where it would be. */
static struct slot *
slot_of(const struct set *s, struct str text, struct digest d)
{
	size_t mask = s->nslots - 1, i = d.low & mask;
	uint8_t tag = tag_of(d);

	for (;; i = (i + 1) & mask) {
		struct slot *slot = &s->slots[i];

		if (!slot->tag || (slot->tag == tag && str_eq(text_at(s, offset(slot)), text)))
			return slot;
	}
}

/* Up to seven of eight slots are taken. */
static void
grow(struct set *s)
{
	struct slot *old = s->slots;
	size_t nold = s->nslots;

	if (s->n + 1 <= nold / 8 * 7)
		return;
	s->nslots = 2 * nold;
	s->slots = xcalloc(s->nslots, sizeof *s->slots);
	for (size_t k = 0; k < nold; k++) {
		size_t i;

		if (!old[k].tag)
			continue;
		i = digest_of(text_at(s, offset(&old[k]))).low & (s->nslots - 1);
		while (s->slots[i].tag)
			i = (i + 1) & (s->nslots - 1);
		s->slots[i] = old[k];
	}
	free(old);
}

/* Where so many more bytes stand: at s->used. */
static char *
reserve(struct set *s, size_t n)
{
	if (s->cap - s->used < n) {
		s->cap = 2 * s->cap + n;
		s->texts = xrealloc(s->texts, s->cap); /* pages that are not yet used take no memory */
	}
	return s->texts + s->used;
}

static void
append(struct set *s, struct str text)
{
	uint32_t n = (uint32_t)text.n;
	bool is_long = text.n >= LONG;
	char *p = reserve(s, s->extra + 1 + sizeof n + text.n), *begin = p;

	memset(p, 0, s->extra);
	p += s->extra;
	*p++ = (char)(is_long ? LONG : n);
	if (is_long) {
		memcpy(p, &n, sizeof n);
		p += sizeof n;
	}
	if (n)
		memcpy(p, text.s, n);
	s->used += (size_t)(p - begin) + n;
}

char *
set_add(struct set *s, struct str text, bool *added)
{
	struct digest d = digest_of(text);
	struct slot *slot;

	grow(s);
	slot = slot_of(s, text, d);
	*added = !slot->tag;
	if (*added) {
		*slot = (struct slot){(uint32_t)s->used, (uint8_t)((uint64_t)s->used >> 32), tag_of(d)};
		append(s, text);
		s->n++;
	}
	return s->texts + offset(slot);
}

char *
set_find(const struct set *s, struct str text)
{
	const struct slot *slot = slot_of(s, text, digest_of(text));

	return slot->tag ? s->texts + offset(slot) : NULL;
}

size_t
set_count(const struct set *s)
{
	return s->n;
}

size_t
set_memory(const struct set *s)
{
	return s->used + s->nslots * sizeof *s->slots;
}

void
set_free(struct set *s)
{
	if (!s)
		return;
	free(s->texts);
	free(s->slots);
	free(s);
}
