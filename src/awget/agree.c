/* awget/agree.c: the answers of all addresses of one target beside each other. */
#include "awget/agree.h"

#include <stdlib.h>
#include <string.h>

#include "awget/answer.h"
#include "base/mem.h"

/* How much is told: groups, addresses of a group. */
enum { GROUPS = 4, ADDRESSES = 4 };

struct place {
	struct addr addr;
	size_t number;        /* in the order of agree_add */
	struct err err;       /* kind ERR_NONE: it answered */
	struct answer answer; /* if so */
};

struct agree {
	const struct volatile_list *list;
	struct place *v;
	size_t n, cap;
};

/* Places of the same answer, or of the same kind of failure: a part of an array. */
struct group {
	const struct place **v;
	size_t n;
};

struct agree *
agree_new(const struct volatile_list *v)
{
	struct agree *a = xcalloc(1, sizeof *a);

	a->list = v;
	return a;
}

void
agree_add(struct agree *a, const struct addr *address, const struct result *r)
{
	struct place *p;

	if (a->n == a->cap) {
		a->cap = a->cap ? 2 * a->cap : 4;
		a->v = xrealloc(a->v, a->cap * sizeof *a->v);
	}
	p = &a->v[a->n];
	*p = (struct place){.addr = *address, .number = a->n, .err = r->err};
	a->n++;
	if (r->err.kind == ERR_NONE)
		answer_init(&p->answer, r, a->list);
}

/* IPv4 first; an address that is there twice, as it came. */
static int
by_address(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	bool v6 = x->addr.sa.sa_family == AF_INET6;
	int c = (int)v6 - (y->addr.sa.sa_family == AF_INET6);

	if (!c && v6)
		c = memcmp(&x->addr.v6.sin6_addr, &y->addr.v6.sin6_addr, sizeof x->addr.v6.sin6_addr);
	else if (!c)
		c = memcmp(&x->addr.v4.sin_addr, &y->addr.v4.sin_addr, sizeof x->addr.v4.sin_addr);
	return c ? c : (x->number > y->number) - (x->number < y->number);
}

/* 0 if they are of one group. */
static int
order(const struct place *x, const struct place *y)
{
	int c = (int)x->err.kind - (int)y->err.kind;

	return c || x->err.kind != ERR_NONE ? c : answer_order(&x->answer, &y->answer);
}

static int
by_answer(const void *a, const void *b)
{
	const struct place *x = *(const struct place *const *)a, *y = *(const struct place *const *)b;
	int c = order(x, y);

	return c ? c : (x > y) - (x < y);
}

static int
by_first(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return (x->v[0] > y->v[0]) - (x->v[0] < y->v[0]);
}

/* Groups in the order of their first address, and the addresses of each in their order. Returns how many there are. */
static size_t
group(struct agree *a, const struct place **places, struct group *groups)
{
	size_t n = 0;

	qsort(a->v, a->n, sizeof *a->v, by_address);
	for (size_t i = 0; i < a->n; i++)
		places[i] = &a->v[i];
	qsort(places, a->n, sizeof *places, by_answer);
	for (size_t i = 0; i < a->n; i++) {
		if (i == 0 || order(places[i - 1], places[i]) != 0)
			groups[n++].v = &places[i];
		groups[n - 1].n++;
	}
	qsort(groups, n, sizeof *groups, by_first);
	return n;
}

static bool
answered(const struct group *g)
{
	return g->v[0]->err.kind == ERR_NONE;
}

/* The largest group that answered, the first of equally large ones; NULL if none answered. */
static const struct group *
find_norm(const struct group *groups, size_t n)
{
	const struct group *norm = NULL;

	for (size_t i = 0; i < n; i++)
		if (answered(&groups[i]) && (!norm || groups[i].n > norm->n))
			norm = &groups[i];
	return norm;
}

static void
add_addresses(struct buf *b, const struct group *g)
{
	size_t named = g->n > ADDRESSES ? ADDRESSES - 1 : g->n;
	char text[ADDR_TEXT];

	for (size_t i = 0; i < named; i++) {
		if (i)
			buf_str(b, i + 1 == g->n ? STR(" and ") : STR(", "));
		buf_str(b, str_of(addr_text(&g->v[i]->addr, text)));
	}
	if (named < g->n)
		buf_printf(b, " and %zu more", g->n - named);
}

/* What several failures have in common is their kind: sentences name the address. */
static void
tell_group(struct buf *b, const struct group *g, const struct place *norm)
{
	const struct err *e = &g->v[0]->err;
	bool one = g->n == 1;

	add_addresses(b, g);
	if (answered(g))
		answer_differences(&g->v[0]->answer, &norm->answer, one, b);
	else
		buf_printf(b, "%s: %s", one ? " fails" : " fail", one ? e->text : err_name(e->kind));
}

/* How many of all n agree; answers: how many there are. */
static void
tell_norm(struct buf *b, const struct group *norm, size_t answers, size_t n)
{
	if (n == 1)
		buf_str(b, norm ? STR("its one address answers") : STR("its one address does not answer"));
	else if (!norm)
		buf_printf(b, "none of %zu addresses answers", n);
	else if (norm->n == n)
		buf_printf(b, n == 2 ? "its %zu addresses agree" : "all %zu addresses agree", n);
	else if (answers == 1)
		buf_printf(b, "only 1 of %zu addresses answers", n);
	else if (norm->n == 1 && n == 2)
		buf_str(b, STR("its 2 addresses disagree"));
	else if (norm->n == 1)
		buf_printf(b, "no two of %zu addresses agree", n);
	else
		buf_printf(b, "%zu of %zu addresses agree", norm->n, n);
}

/* What is told of the others, of all `left` addresses in them. */
static void
tell_others(struct buf *b, const struct group *groups, size_t n, const struct group *norm, size_t left)
{
	size_t told = 0;

	for (size_t i = 0; i < n && told < GROUPS; i++) {
		if (&groups[i] == norm)
			continue;
		if (told++)
			buf_str(b, STR("; "));
		tell_group(b, &groups[i], norm ? norm->v[0] : NULL);
		left -= groups[i].n;
	}
	if (left)
		buf_printf(b, "; and %zu more", left);
}

static void
tell(struct buf *b, const struct group *groups, size_t n, size_t all)
{
	const struct group *norm = find_norm(groups, n);
	size_t answers = 0, left = all - (norm ? norm->n : 0);
	char text[ADDR_TEXT];

	for (size_t i = 0; i < n; i++)
		answers += answered(&groups[i]) ? groups[i].n : 0;
	tell_norm(b, norm, answers, all);
	if (!left)
		return;
	buf_str(b, STR("; "));
	if (norm && norm->n == 1 && answers > 1) /* so no two agree: whom are they compared with? */
		buf_printf(b, "compared with %s, ", addr_text(&norm->v[0]->addr, text));
	tell_others(b, groups, n, norm, left);
}

bool
agree_verdict(struct agree *a, struct buf *sentence)
{
	const struct place **places = xcalloc(a->n, sizeof *places);
	struct group *groups = xcalloc(a->n, sizeof *groups);
	size_t n = a->n ? group(a, places, groups) : 0;
	bool agree = n == 0 || (n == 1 && answered(groups));

	if (n)
		tell(sentence, groups, n, a->n);
	free(places);
	free(groups);
	return agree;
}

void
agree_free(struct agree *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->n; i++)
		answer_clear(&a->v[i].answer);
	free(a->v);
	free(a);
}
