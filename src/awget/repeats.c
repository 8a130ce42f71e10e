/* awget/repeats.c: how often a text was there before. */
#include "awget/repeats.h"

#include <stdlib.h>

#include "base/mem.h"

enum { FIRST_SLOTS = 64 };

/* FNV-1a, and a mix so that its low bits, which choose the slot, depend on all of them. Never 0. */
static uint64_t
hash(struct str s)
{
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.s[i]) * 0x100000001b3;
	h = (h ^ (h >> 32)) * 0x9e3779b97f4a7c15;
	h ^= h >> 32;
	return h ? h : 1;
}

/* The slot of h, or the free one where it belongs. */
static size_t
find(const struct repeats *r, uint64_t h)
{
	size_t i = h & (r->slots - 1);

	while (r->hashes[i] && r->hashes[i] != h)
		i = (i + 1) & (r->slots - 1);
	return i;
}

static void
grow(struct repeats *r)
{
	struct repeats old = *r;

	r->slots = old.slots ? 2 * old.slots : FIRST_SLOTS;
	r->hashes = xcalloc(r->slots, sizeof *r->hashes);
	r->counts = xcalloc(r->slots, sizeof *r->counts);
	for (size_t i = 0; i < old.slots; i++)
		if (old.hashes[i]) {
			size_t to = find(r, old.hashes[i]);

			r->hashes[to] = old.hashes[i];
			r->counts[to] = old.counts[i];
		}
	free(old.hashes);
	free(old.counts);
}

unsigned
repeats_count(struct repeats *r, struct str text)
{
	uint64_t h = hash(text);
	size_t i;

	if (r->used >= r->slots / 4 * 3)
		grow(r);
	i = find(r, h);
	if (!r->hashes[i]) {
		r->hashes[i] = h;
		r->used++;
	}
	return ++r->counts[i];
}

void
repeats_clear(struct repeats *r)
{
	free(r->hashes);
	free(r->counts);
	*r = (struct repeats){0};
}
