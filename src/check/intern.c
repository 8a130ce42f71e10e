/* check/intern.c: the field names that checks are about, and where they are in a response. */
#include "check/intern.h"

#include <stdlib.h>

#include "base/mem.h"
#include "check/lex.h"

/* Of a few bytes that tell names apart; setting bit 5 folds letters, and does no harm to the rest. */
static unsigned
hash_of(struct str name)
{
	unsigned char first = name.s[0] | 0x20, middle = name.s[name.n / 2] | 0x20, last = name.s[name.n - 1] | 0x20;

	return ((unsigned)name.n * 5 + first * 31u + middle * 7u + last * 3u) % INTERN_BUCKETS;
}

/* The number of a name that is not empty, from 1; 0: it is not there. */
static uint32_t
find(const struct intern *in, struct str name)
{
	uint32_t i = in->bucket[hash_of(name)];

	while (i && !str_eq_fold(in->v[i - 1].name, name))
		i = in->v[i - 1].chain;
	return i;
}

size_t
intern_add(struct intern *in, struct str name)
{
	uint32_t i = find(in, name), *bucket = &in->bucket[hash_of(name)];

	if (i)
		return i - 1;
	if (in->n == in->cap) {
		in->cap = in->cap ? 2 * in->cap : 16;
		in->v = xrealloc(in->v, in->cap * sizeof *in->v);
	}
	in->v[in->n++] = (struct interned){lex_lower(name), *bucket, INTERN_NONE, INTERN_NONE};
	*bucket = (uint32_t)in->n;
	return in->n - 1;
}

void
intern_find(struct intern *in, const struct result *r)
{
	for (size_t i = 0; i < in->n; i++)
		in->v[i].first = INTERN_NONE;
	if (in->next_cap < r->nfields) {
		in->next_cap = r->nfields > 64 ? r->nfields : 64;
		free(in->next);
		in->next = xmalloc(in->next_cap * sizeof *in->next);
	}
	for (size_t i = 0; i < r->nfields; i++) {
		struct str name = result_name(r, &r->fields[i]);
		uint32_t at = name.n ? find(in, name) : 0;
		struct interned *found = at ? &in->v[at - 1] : NULL;

		if (!found)
			continue;
		if (found->first == INTERN_NONE)
			found->first = (uint32_t)i;
		else
			in->next[found->last] = (uint32_t)i;
		found->last = (uint32_t)i;
		in->next[i] = INTERN_NONE;
	}
}

void
intern_clear(struct intern *in)
{
	for (size_t i = 0; i < in->n; i++)
		free((char *)in->v[i].name.s);
	free(in->v);
	free(in->next);
	*in = (struct intern){0};
}
