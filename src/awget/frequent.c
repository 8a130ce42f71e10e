/* awget/frequent.c: the most frequent of any number of values, counted in a table of fixed size. */
#include "awget/frequent.h"

#include <stdlib.h>
#include <sys/random.h>

#include "base/mem.h"

enum { N = FREQUENT_COUNTERS, HEADS = 2 * N };

struct counter {
	uint64_t hash, error;
	size_t value_n; /* of the whole value */
	uint16_t at;    /* its place in `order` */
	uint16_t block;
	uint16_t next; /* in the chain of its hash, from 1; 0: none */
	uint8_t kept, sample_kept;
	bool sample_cut;
	char value[FREQUENT_VALUE], sample[FREQUENT_SAMPLE];
};

/* Neighbours in `order` that have the same count. */
struct block {
	uint64_t count;
	uint16_t first, n;
};

/*
 * order:   c7 c2 c9 c4 c1 c3 ...    the most frequent first
 *          \_/ \______/ \______
 * blocks:   9     5        1        what is counted once more changes places with the first of its block, and so
 *                                   belongs to the block before it, or is one of its own
 */
struct frequent {
	struct counter counters[N];
	struct block blocks[N];
	uint16_t order[N];
	uint16_t heads[HEADS]; /* chains by hash, as counter.next */
	uint16_t spare[N];     /* blocks that were given back */
	size_t used, nblocks, nspare;
	bool overflowed;
	uint64_t key[2];
};

struct frequent *
frequent_new(void)
{
	struct frequent *f = xcalloc(1, sizeof *f);

	/* a fixed key would be as good, but for servers that choose their values so that all are in one chain */
	if (getrandom(f->key, sizeof f->key, GRND_NONBLOCK) < 0)
		f->key[0] = (uint64_t)(uintptr_t)f;
	return f;
}

static uint64_t
rotated(uint64_t x, int n)
{
	return x << n | x >> (64 - n);
}

static void
sip_round(uint64_t v[4])
{
	v[0] += v[1], v[2] += v[3];
	v[1] = rotated(v[1], 13) ^ v[0], v[3] = rotated(v[3], 16) ^ v[2];
	v[0] = rotated(v[0], 32);
	v[2] += v[1], v[0] += v[3];
	v[1] = rotated(v[1], 17) ^ v[2], v[3] = rotated(v[3], 21) ^ v[0];
	v[2] = rotated(v[2], 32);
}

/* SipHash-1-3 (Aumasson and Bernstein, INDOCRYPT 2012), of which only we see the result: bytes are in our order. */
static uint64_t
hash(const uint64_t key[2], struct str s)
{
	uint64_t v[4] = {key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261,
	    key[1] ^ 0x7465646279746573};
	uint64_t word = 0, last = (uint64_t)s.n << 56;

	for (; s.n >= sizeof word; s.s += sizeof word, s.n -= sizeof word) {
		memcpy(&word, s.s, sizeof word);
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	for (size_t i = 0; i < s.n; i++)
		last |= (uint64_t)(unsigned char)s.s[i] << (8 * i);
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* No more than max bytes, and none of a character of UTF-8 that is cut. */
static size_t
fitting(struct str s, size_t max)
{
	size_t n = max;

	if (s.n <= max)
		return s.n;
	while (n > max - 3 && ((unsigned char)s.s[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static struct counter *
find(struct frequent *f, struct str value, uint64_t h)
{
	for (uint16_t i = f->heads[h % HEADS]; i; i = f->counters[i - 1].next) {
		struct counter *c = &f->counters[i - 1];

		/* what is behind the bytes that are kept only the hash tells */
		if (c->hash == h && c->value_n == value.n && (!c->kept || memcmp(c->value, value.s, c->kept) == 0))
			return c;
	}
	return NULL;
}

static uint16_t
index_of(const struct frequent *f, const struct counter *c)
{
	return (uint16_t)(c - f->counters);
}

static void
forget(struct frequent *f, struct counter *c)
{
	uint16_t *link = &f->heads[c->hash % HEADS];

	while (*link != index_of(f, c) + 1)
		link = &f->counters[*link - 1].next;
	*link = c->next;
}

static void
learn(struct frequent *f, struct counter *c, struct str value, struct str sample, uint64_t h)
{
	uint16_t *head = &f->heads[h % HEADS];

	c->hash = h;
	c->value_n = value.n;
	c->kept = (uint8_t)fitting(value, FREQUENT_VALUE);
	if (c->kept)
		memcpy(c->value, value.s, c->kept);
	c->sample_kept = (uint8_t)fitting(sample, FREQUENT_SAMPLE);
	c->sample_cut = c->sample_kept < sample.n;
	if (c->sample_kept)
		memcpy(c->sample, sample.s, c->sample_kept);
	c->next = *head;
	*head = (uint16_t)(index_of(f, c) + 1);
}

/* There are never more blocks than counters. */
static uint16_t
new_block(struct frequent *f, uint64_t count, uint16_t first)
{
	uint16_t i = f->nspare ? f->spare[--f->nspare] : (uint16_t)f->nblocks++;

	f->blocks[i] = (struct block){.count = count, .first = first, .n = 1};
	return i;
}

/* The block that ends before this place, if it has this count; else NULL. */
static struct block *
block_before(struct frequent *f, size_t place, uint64_t count)
{
	struct block *b = place ? &f->blocks[f->counters[f->order[place - 1]].block] : NULL;

	return b && b->count == count ? b : NULL;
}

/* Swaps c with the first of its block. */
static void
move_to_front(struct frequent *f, struct counter *c, uint16_t first)
{
	uint16_t other = f->order[first];

	f->order[c->at] = other;
	f->counters[other].at = c->at;
	f->order[first] = index_of(f, c);
	c->at = first;
}

static void
count_once_more(struct frequent *f, struct counter *c)
{
	uint16_t old = c->block;
	struct block *b = &f->blocks[old], *above = block_before(f, b->first, b->count + 1);

	if (!above && b->n == 1) {
		b->count++;
		return;
	}
	move_to_front(f, c, b->first);
	b->first++;
	b->n--;
	if (above) {
		above->n++;
		c->block = (uint16_t)(above - f->blocks);
	} else {
		c->block = new_block(f, b->count + 1, c->at);
	}
	if (!b->n)
		f->spare[f->nspare++] = old;
}

/* A counter that is not used yet, which counts once. */
static struct counter *
take_unused(struct frequent *f)
{
	struct counter *c = &f->counters[f->used];
	struct block *b = block_before(f, f->used, 1);

	c->at = (uint16_t)f->used;
	f->order[f->used] = (uint16_t)f->used;
	if (b)
		b->n++;
	c->block = b ? (uint16_t)(b - f->blocks) : new_block(f, 1, c->at);
	f->used++;
	return c;
}

/* The one with the lowest count, which goes on from there. */
static struct counter *
take_least(struct frequent *f)
{
	struct counter *c = &f->counters[f->order[N - 1]];

	forget(f, c);
	c->error = f->blocks[c->block].count;
	count_once_more(f, c);
	f->overflowed = true;
	return c;
}

void
frequent_add(struct frequent *f, struct str value, struct str sample)
{
	uint64_t h = hash(f->key, value);
	struct counter *c = find(f, value, h);

	if (c)
		count_once_more(f, c);
	else
		learn(f, f->used < N ? take_unused(f) : take_least(f), value, sample, h);
}

static struct frequent_value
value_of(const struct frequent *f, const struct counter *c)
{
	return (struct frequent_value){
	    .count = f->blocks[c->block].count,
	    .error = c->error,
	    .value = {c->value, c->kept},
	    .sample = {c->sample, c->sample_kept},
	    .value_cut = c->kept < c->value_n,
	    .sample_cut = c->sample_cut,
	};
}

/* An order that does not depend on that in which values of the same count came. */
static int
compare(const void *x, const void *y)
{
	const struct frequent_value *a = x, *b = y;
	size_t n = a->value.n < b->value.n ? a->value.n : b->value.n;
	int by_value = memcmp(a->value.s, b->value.s, n);

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	if (a->error != b->error)
		return a->error < b->error ? -1 : 1;
	return by_value ? by_value : (a->value.n > b->value.n) - (a->value.n < b->value.n);
}

size_t
frequent_top(const struct frequent *f, struct frequent_value *out, size_t n)
{
	struct frequent_value *all = xmalloc(f->used * sizeof *all);

	for (size_t i = 0; i < f->used; i++)
		all[i] = value_of(f, &f->counters[f->order[i]]);
	qsort(all, f->used, sizeof *all, compare);
	if (n > f->used)
		n = f->used;
	memcpy(out, all, n * sizeof *all);
	free(all);
	return n;
}

size_t
frequent_different(const struct frequent *f)
{
	return f->used;
}

bool
frequent_overflowed(const struct frequent *f)
{
	return f->overflowed;
}

void
frequent_free(struct frequent *f)
{
	free(f);
}
