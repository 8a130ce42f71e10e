/* awget/dedupe.c: which lines of input ask for what an earlier one has asked for. */
#include "awget/dedupe.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "awget/line.h"
#include "base/digest.h"
#include "base/mem.h"

/* Keys lie one behind the other, each behind its length of two bytes, from multiples of UNIT: so many fit 32 bits. */
enum { UNIT = 4, LENGTH = 2 };

struct dedupe {
	const struct url_scheme *fallback;
	struct buf keys;      /* the first UNIT bytes are not used */
	uint32_t *table;      /* units, by the key's digest; 0: free */
	size_t n, slots;      /* slots: a power of two */
	size_t repeats;
	struct buf key;       /* the present one */
};

struct dedupe *
dedupe_new(const struct url_scheme *fallback)
{
	struct dedupe *d = xcalloc(1, sizeof *d);

	d->fallback = fallback;
	d->slots = 1024;
	d->table = xcalloc(d->slots, sizeof *d->table);
	buf_add(&d->keys, "\0\0\0", UNIT);
	return d;
}

void
dedupe_free(struct dedupe *d)
{
	if (!d)
		return;
	buf_clear(&d->keys);
	buf_clear(&d->key);
	free(d->table);
	free(d);
}

size_t
dedupe_repeats(const struct dedupe *d)
{
	return d->repeats;
}

/* Host in lower case, without the dot at its end; then what is not as usual: scheme, port, path. */
static void
put_url(struct buf *b, const struct url *u)
{
	size_t n = strlen(u->host);

	for (size_t i = 0; i < n; i++)
		if (i + 1 < n || u->host[i] != '.')
			buf_byte(b, u->host[i] >= 'A' && u->host[i] <= 'Z' ? (char)(u->host[i] | 0x20) : u->host[i]);
	if (u->scheme != url_schemes) {
		buf_byte(b, '\0');
		buf_str(b, str_of(u->scheme->name));
	}
	if (u->port != u->scheme->port) {
		buf_add(b, "\0:", 2); /* an address may have a colon as well */
		buf_number(b, u->port, 0);
	}
	if (strcmp(u->path, "/") != 0)
		buf_str(b, str_of(u->path));
}

/* The keys of a line in their order, and what it is if it is none. */
static void
put_line(struct buf *b, const struct dedupe *d, struct str line)
{
	struct line l = {0};
	struct url u = {0};
	struct err e;

	if (line_parse(&l, line, &e) != 0 || url_parse(&u, l.target, d->fallback, &e) != 0) {
		buf_byte(b, '\0'); /* no host begins so */
		buf_str(b, line);
	} else {
		const char *rest = l.target.s + l.target.n;

		put_url(b, &u);
		if (rest < line.s + line.n) {
			buf_byte(b, ' ');
			buf_str(b, str_trim((struct str){rest, (size_t)(line.s + line.n - rest)}));
		}
	}
	url_clear(&u);
}

static struct str
key_at(const struct dedupe *d, uint32_t at)
{
	const char *s = d->keys.s + (size_t)at * UNIT;
	uint16_t n;

	memcpy(&n, s, LENGTH);
	return (struct str){s + LENGTH, n};
}

/* The slot of this key, or the free one where it belongs. */
static uint32_t *
slot_of(const struct dedupe *d, struct str key)
{
	size_t i = digest_of(key).low & (d->slots - 1);

	while (d->table[i] && !str_eq(key_at(d, d->table[i]), key))
		i = (i + 1) & (d->slots - 1);
	return &d->table[i];
}

/* Three quarters of the slots are taken at most. The old table is given back before the new one is there. */
static void
grow(struct dedupe *d)
{
	size_t at = UNIT;

	free(d->table);
	d->slots *= 2;
	d->table = xcalloc(d->slots, sizeof *d->table);
	while (at < d->keys.n) {
		uint32_t unit = (uint32_t)(at / UNIT);
		struct str key = key_at(d, unit);

		*slot_of(d, key) = unit;
		at += (LENGTH + key.n + UNIT - 1) / UNIT * UNIT;
	}
}

static void
remember(struct dedupe *d, uint32_t *slot, struct str key)
{
	const uint16_t n = (uint16_t)key.n;

	*slot = (uint32_t)(d->keys.n / UNIT);
	buf_add(&d->keys, (const char *)&n, LENGTH);
	buf_str(&d->keys, key);
	while (d->keys.n % UNIT)
		buf_byte(&d->keys, '\0');
	if (++d->n > d->slots / 4 * 3)
		grow(d);
}

bool
dedupe_is_new(struct dedupe *d, struct str line)
{
	struct str key;
	uint32_t *slot;

	d->key.n = 0;
	put_line(&d->key, d, line);
	key = buf_view(&d->key);
	if (key.n > UINT16_MAX) /* a line is never that long */
		return true;
	slot = slot_of(d, key);
	if (*slot) {
		d->repeats++;
		return false;
	}
	if (d->keys.n / UNIT < UINT32_MAX) /* 16 GB of names; what comes then is fetched once too often */
		remember(d, slot, key);
	return true;
}
