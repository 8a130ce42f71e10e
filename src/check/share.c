/* check/share.c: tests that several checks have in common, so that each is looked at once a result. */
#include "check/share.h"

#include "base/mem.h"

/* Of so many it is seen whether a further one is the same: reading n checks must not take n times n steps. */
enum { REMEMBERED = 256 };

static struct expr *
find(const struct share *s, struct str written)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->v[i]->test->written, written))
			return s->v[i];
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
share_tests(struct share *s, struct expr *x)
{
	for (struct expr *c = x->child; c; c = c->next)
		share_tests(s, c);
	/* a regular expression that gives up must do so in every check that has it */
	if (x->kind != EXPR_TEST || (x->test->op && x->test->op->wants == OP_REGEX))
		return;
	x->same = find(s, x->test->written);
	if (!x->same)
		remember(s, x);
}
