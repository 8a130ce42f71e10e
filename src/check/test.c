/* check/test.c: one test of a check, held against the slots of its field. */
#include "check/test.h"

#include "check/list.h"
#include "check/number.h"

static unsigned char
lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

struct str
test_slot_text(const struct slot *s, char text[NUMBER_TEXT])
{
	return s->is_number ? number_text(s->number, text) : s->text;
}

/* The slot's value as a number, if it is one. */
static bool
slot_number(const struct test *t, const struct slot *s, double *x)
{
	struct str text = s->text;

	if (s->is_number) {
		*x = s->number;
		return true;
	}
	if (t->field->version && str_starts(text, STR("TLSv")))
		text.s += 4, text.n -= 4;
	return number_decimal(text, x);
}

bool
test_present(const struct test *t, const struct slot *s, struct judge *j)
{
	(void)t, (void)j;
	return s->has;
}

bool
test_absent(const struct test *t, const struct slot *s, struct judge *j)
{
	(void)t, (void)j;
	return !s->has;
}

/* A word or a number as written is compared without regard to case, a string exactly. */
static bool
same_text(const struct value *v, struct str text)
{
	return v->kind == VALUE_STRING ? str_eq(v->text, text) : str_eq_fold(v->text, text);
}

static bool
is_value(const struct test *t, const struct value *v, const struct slot *s)
{
	double x;

	if (v->kind <= VALUE_RANGE && slot_number(t, s, &x))
		return x >= v->low && x <= v->high;
	return v->kind != VALUE_RANGE && !s->is_number && same_text(v, s->text);
}

static bool
equal(const struct test *t, const struct slot *s, struct judge *j)
{
	(void)j;
	for (size_t i = 0; i < t->nvalues && s->has; i++)
		if (is_value(t, &t->values[i], s))
			return true;
	return false;
}

static bool
unequal(const struct test *t, const struct slot *s, struct judge *j)
{
	return s->has && !equal(t, s, j);
}

/* Below 0, 0 or above 0 as text comes before the word or string, is it, or comes behind. */
static int
order_of(struct str text, const struct value *v)
{
	size_t n = text.n < v->text.n ? text.n : v->text.n;

	for (size_t i = 0; i < n; i++) {
		int a = v->kind == VALUE_WORD ? lower(text.s[i]) : (unsigned char)text.s[i];

		if (a != (unsigned char)v->text.s[i])
			return a - (unsigned char)v->text.s[i];
	}
	return (text.n > n) - (v->text.n > n);
}

/* Sets *order as order_of; false if the two can not be compared. */
static bool
compare(const struct test *t, const struct slot *s, int *order)
{
	const struct value *v = t->values;
	double x;

	if (!s->has || (v->kind == VALUE_NUMBER && !slot_number(t, s, &x)))
		return false;
	*order = v->kind == VALUE_NUMBER ? (x > v->low) - (x < v->low) : order_of(s->text, v);
	return true;
}

static bool
less(const struct test *t, const struct slot *s, struct judge *j)
{
	int order;

	(void)j;
	return compare(t, s, &order) && order < 0;
}

static bool
at_most(const struct test *t, const struct slot *s, struct judge *j)
{
	int order;

	(void)j;
	return compare(t, s, &order) && order <= 0;
}

static bool
greater(const struct test *t, const struct slot *s, struct judge *j)
{
	int order;

	(void)j;
	return compare(t, s, &order) && order > 0;
}

static bool
at_least(const struct test *t, const struct slot *s, struct judge *j)
{
	int order;

	(void)j;
	return compare(t, s, &order) && order >= 0;
}

/* Does one of the regular expressions match? */
static enum regex_answer
any_match(const struct test *t, const struct slot *s, struct judge *j)
{
	char number[NUMBER_TEXT];
	struct str text = test_slot_text(s, number);

	for (size_t i = 0; i < t->nvalues; i++) {
		enum regex_answer answer = regex_match(t->values[i].regex, text, &j->steps);

		if (answer == REGEX_GAVE_UP)
			j->gave_up = &t->values[i];
		if (answer != REGEX_NO)
			return answer;
	}
	return REGEX_NO;
}

static bool
matches(const struct test *t, const struct slot *s, struct judge *j)
{
	return s->has && any_match(t, s, j) == REGEX_YES;
}

static bool
matches_not(const struct test *t, const struct slot *s, struct judge *j)
{
	return s->has && any_match(t, s, j) == REGEX_NO;
}

/* s in lower case, in j->lower. */
static struct str
lowered(struct str s, struct judge *j)
{
	j->lower.n = 0;
	buf_reserve(&j->lower, s.n);
	for (size_t i = 0; i < s.n; i++)
		j->lower.s[i] = (char)lower(s.s[i]);
	j->lower.n = s.n;
	return buf_view(&j->lower);
}

static bool
contains(const struct test *t, const struct slot *s, struct judge *j)
{
	char number[NUMBER_TEXT];
	struct str text = test_slot_text(s, number), folded = {0};

	for (size_t i = 0; i < t->nvalues && s->has; i++) {
		const struct value *v = &t->values[i];

		if (v->kind != VALUE_STRING && !folded.s)
			folded = lowered(text, j);
		if (!v->text.n)
			return true;
		if (text.n && memmem(v->kind == VALUE_STRING ? text.s : folded.s, text.n, v->text.s, v->text.n))
			return true;
	}
	return false;
}

static bool
starts(const struct test *t, const struct slot *s, struct judge *j)
{
	char number[NUMBER_TEXT];
	struct str text = test_slot_text(s, number);

	(void)j;
	for (size_t i = 0; i < t->nvalues && s->has; i++) {
		const struct value *v = &t->values[i];

		if (v->text.n <= text.n && same_text(v, (struct str){text.s, v->text.n}))
			return true;
	}
	return false;
}

static bool
ends(const struct test *t, const struct slot *s, struct judge *j)
{
	char number[NUMBER_TEXT];
	struct str text = test_slot_text(s, number);

	(void)j;
	for (size_t i = 0; i < t->nvalues && s->has; i++) {
		const struct value *v = &t->values[i];

		if (v->text.n <= text.n && same_text(v, (struct str){text.s + text.n - v->text.n, v->text.n}))
			return true;
	}
	return false;
}

/* Is this element of a list, or its name, one of the values? */
static bool
is_element(const struct test *t, struct str element)
{
	struct str name, value;

	list_pair(element, &name, &value);
	for (size_t i = 0; i < t->nvalues; i++)
		if (same_text(&t->values[i], name) || same_text(&t->values[i], element))
			return true;
	return false;
}

static bool
has(const struct test *t, const struct slot *s, struct judge *j)
{
	char number[NUMBER_TEXT];
	struct str rest = test_slot_text(s, number), element;

	(void)j;
	while (s->has && list_next(&rest, true, &element))
		if (is_element(t, element))
			return true;
	return false;
}

const struct op test_ops[] = {
	{"==", OP_EQUAL, false, equal},
	{"!=", OP_EQUAL, false, unequal},
	{"!~", OP_REGEX, true, matches_not},
	{"<=", OP_ORDER, false, at_most},
	{"<", OP_ORDER, false, less},
	{">=", OP_ORDER, false, at_least},
	{">", OP_ORDER, false, greater},
	{"~", OP_REGEX, true, matches},
	{"contains", OP_TEXT, true, contains},
	{"starts", OP_TEXT, true, starts},
	{"ends", OP_TEXT, true, ends},
	{"in", OP_EQUAL, true, equal},
	{"has", OP_TEXT, true, has},
	{0},
};

struct tally {
	const struct test *t;
	struct judge *j;
	bool seen, passed; /* a slot; the last one */
};

/* Goes on until a slot decides. */
static bool
count(void *arg, const struct slot *s)
{
	struct tally *tally = arg;

	tally->seen = true;
	tally->passed = tally->t->passes(tally->t, s, tally->j);
	return tally->passed == tally->t->every && !tally->j->gave_up;
}

bool
test_holds(const struct test *t, struct judge *j)
{
	struct tally tally = {.t = t, .j = j};

	slots_each(t->field, &j->view, count, &tally);
	return (tally.seen ? tally.passed : t->none) != t->negated;
}
