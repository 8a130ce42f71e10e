/* net/limiter.c: how many connections there may be to an address at a time, counted in this process. */
#include "net/limiter.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rt/semaphore.h"

/* The key is first: a search is made with a key alone. */
struct place {
	struct addr key; /* without a port */
	struct semaphore free;
	size_t users;    /* who is there and who waits; without any, it is forgotten */
};

struct counter {
	struct limiter limiter; /* first */
	size_t places;
	void *tree; /* of places, by tsearch(3) */
};

/* Address and zone, in a form that memcmp compares. */
static struct addr
key_of(const struct addr *a)
{
	struct addr k;

	memset(&k, 0, sizeof k);
	k.sa.sa_family = a->sa.sa_family;
	if (a->sa.sa_family == AF_INET6) {
		k.v6.sin6_addr = a->v6.sin6_addr;
		k.v6.sin6_scope_id = a->v6.sin6_scope_id;
	} else {
		k.v4.sin_addr = a->v4.sin_addr;
	}
	return k;
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct addr));
}

static struct place *
find(struct counter *c, const struct addr *a)
{
	const struct addr key = key_of(a);
	void *node = tfind(&key, &c->tree, compare);

	return node ? *(struct place **)node : NULL;
}

static struct place *
find_or_add(struct counter *c, const struct addr *a)
{
	struct place *p = find(c, a);

	if (p)
		return p;
	p = xcalloc(1, sizeof *p);
	p->key = key_of(a);
	p->free.places = c->places;
	if (tsearch(p, &c->tree, compare))
		return p;
	free(p); /* without memory for it nobody is counted there */
	return NULL;
}

static void
forget(struct counter *c, struct place *p)
{
	if (--p->users)
		return;
	tdelete(p, &c->tree, compare);
	free(p);
}

static int
enter(struct limiter *l, const struct addr *a, bool wait, struct err *e)
{
	struct counter *c = (struct counter *)l;
	struct place *p = find_or_add(c, a);

	if (!p)
		return 0;
	if (!wait && !p->free.places)
		return 1;
	p->users++;
	if (semaphore_acquire(&p->free, INFINITY, e) == 0)
		return 0;
	forget(c, p);
	return -1;
}

static void
leave(struct limiter *l, const struct addr *a)
{
	struct counter *c = (struct counter *)l;
	struct place *p = find(c, a);

	if (!p)
		return;
	semaphore_release(&p->free, 1);
	forget(c, p);
}

struct limiter *
limiter_new(size_t places)
{
	struct counter *c = xcalloc(1, sizeof *c);

	c->limiter = (struct limiter){enter, leave};
	c->places = places;
	return &c->limiter;
}

void
limiter_free(struct limiter *l)
{
	free(l);
}
