/* check/expr.c: does a check hold? And if not, what was there instead? */
#include "check/expr.h"

#include <stdlib.h>

#include "base/text.h"
#include "check/number.h"

/* Values, tests and bytes of a value that are shown. */
enum { VALUES_SHOWN = 3, TESTS_SHOWN = 5, VALUE_SHOWN = 60 };

/* Of those that are joined by "and", the first that does not hold decides; by "or", the first that does. */
static bool
joined_hold(struct expr *x, struct judge *j)
{
	bool wanted = x->kind == EXPR_OR;

	for (struct expr *c = x->child; c; c = c->next)
		if (expr_holds(c, j) == wanted)
			return wanted;
	return !wanted;
}

bool
expr_holds(struct expr *x, struct judge *j)
{
	if (x->same)
		x = x->same;
	if (x->turn == j->turn)
		return x->held;
	if (j->gave_up)
		return false;
	if (x->kind == EXPR_TEST)
		x->held = test_holds(x->test, j);
	else if (x->kind == EXPR_NOT)
		x->held = !expr_holds(x->child, j);
	else
		x->held = joined_hold(x, j);
	x->turn = j->turn;
	return x->held;
}

/* --- what there was instead --- */

struct shown {
	const struct test *t;
	struct judge *j;
	struct buf *b;
	size_t n;
	bool failures; /* of slots that all had to pass, those that did not are shown, also without a value */
};

static void
show_value(struct buf *b, const struct slot *s)
{
	char number[NUMBER_TEXT];
	struct str text = test_slot_text(s, number);

	if (s->has && text.n)
		text_show_cut(b, text, VALUE_SHOWN);
	else
		buf_str(b, s->has ? STR("\"\"") : STR("nothing"));
}

static bool
show_slot(void *arg, const struct slot *s)
{
	struct shown *shown = arg;
	const struct test *t = shown->t;

	if (shown->failures ? t->passes(t, s, shown->j) : !s->has)
		return true;
	if (shown->n++ < VALUES_SHOWN) {
		if (shown->n > 1)
			buf_str(shown->b, STR(", "));
		show_value(shown->b, s);
	}
	return true;
}

static void
show_more(struct buf *b, size_t n, size_t most)
{
	if (n <= most)
		return;
	buf_str(b, STR(" and "));
	buf_number(b, n - most, 1);
	buf_str(b, STR(" more"));
}

static void
show_values(const struct test *t, struct judge *j, struct buf *b)
{
	struct shown shown = {.t = t, .j = j, .b = b, .failures = t->every && !test_holds(t, j)};

	slots_each(t->field, &j->view, show_slot, &shown);
	if (!shown.n)
		buf_str(b, STR("nothing"));
	show_more(b, shown.n, VALUES_SHOWN);
}

/* The tests that decide, as far as they are shown. */
struct decisive {
	const struct test *v[TESTS_SHOWN];
	size_t n;
};

/* Unless its field is there already. */
static void
add_decisive(struct decisive *d, const struct test *t)
{
	for (size_t i = 0; i < d->n && i < TESTS_SHOWN; i++)
		if (str_eq(d->v[i]->field->written, t->field->written))
			return;
	if (d->n < TESTS_SHOWN)
		d->v[d->n] = t;
	d->n++;
}

/* Why x is `held`: of tests that are joined, all that alone make it so, or all if it takes all. */
static void
find_decisive(struct expr *x, bool held, struct judge *j, struct decisive *d)
{
	if (x->kind == EXPR_TEST)
		add_decisive(d, x->test);
	else if (x->kind == EXPR_NOT)
		find_decisive(x->child, !held, j, d);
	else
		for (struct expr *c = x->child; c; c = c->next)
			if (expr_holds(c, j) == held)
				find_decisive(c, held, j, d);
}

void
expr_found(struct expr *x, struct judge *j, struct buf *b)
{
	struct decisive d = {.n = 0};

	if (x->kind == EXPR_TEST) {
		show_values(x->test, j, b);
		return;
	}
	find_decisive(x, false, j, &d);
	for (size_t i = 0; i < d.n && i < TESTS_SHOWN; i++) {
		if (i)
			buf_str(b, STR(", "));
		text_show(b, d.v[i]->field->written);
		buf_byte(b, ' ');
		show_values(d.v[i], j, b);
	}
	show_more(b, d.n, TESTS_SHOWN);
}

/* --- the end --- */

static void
test_free(struct test *t)
{
	if (!t)
		return;
	check_field_free(t->field);
	for (size_t i = 0; i < t->nvalues; i++) {
		free((char *)t->values[i].text.s);
		regex_free(t->values[i].regex);
	}
	free(t->values);
	free(t);
}

void
expr_free(struct expr *x)
{
	while (x) {
		struct expr *next = x->next;

		expr_free(x->child);
		test_free(x->test);
		free(x);
		x = next;
	}
}
