/* check/share.c: what several checks have in common, so that it is looked at once a result. */
#include "check/share.h"

#include "base/mem.h"

/* Of so many it is seen whether a further one is the same: reading n checks must not take n times n steps. */
enum { REMEMBERED = 256 };

/* The children of both have been shared: so those that are the same are one. */
static bool
same_children(const struct expr *a, const struct expr *b)
{
	const struct expr *x = a->child, *y = b->child;

	while (x && y && (x->same ? x->same : x) == (y->same ? y->same : y))
		x = x->next, y = y->next;
	return !x && !y;
}

static struct expr *
find(const struct share *s, const struct expr *x)
{
	for (size_t i = 0; i < s->n; i++) {
		struct expr *y = s->v[i];

		if (x->kind != y->kind)
			continue;
		if (x->kind == EXPR_TEST ? str_eq(x->test->written, y->test->written) : same_children(x, y))
			return y;
	}
	return NULL;
}

static void
remember(struct share *s, struct expr *x)
{
	if (s->n == REMEMBERED)
		return;
	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 16;
		s->v = xrealloc(s->v, s->cap * sizeof *s->v);
	}
	s->v[s->n++] = x;
}

void
share_expr(struct share *s, struct expr *x)
{
	for (struct expr *c = x->child; c; c = c->next)
		share_expr(s, c);
	/* a regular expression that gives up must do so in every check that has it */
	if (x->kind == EXPR_TEST && x->test->op && x->test->op->wants == OP_REGEX)
		return;
	x->same = find(s, x);
	if (!x->same)
		remember(s, x);
}
