/* check/parse_value.c: what a field is compared with, as it is written. */
#include "check/parse.h"

#include <stdlib.h>

#include "base/mem.h"
#include "check/number.h"

static struct value *
add_value(struct test *t)
{
	size_t n = t->nvalues;

	/* twice as many each time that a power of two is full */
	if (!(n & (n - 1)))
		t->values = xrealloc(t->values, (n ? 2 * n : 1) * sizeof *t->values);
	t->values[t->nvalues++] = (struct value){.kind = VALUE_WORD};
	return &t->values[n];
}

/* What belongs behind the operator, as a sentence names it. */
static const char *
wanted(const struct test *t)
{
	switch (t->op->wants) {
	case OP_REGEX:
		return "a regular expression /.../";
	case OP_ORDER:
		return t->field->number ? "a number" : "a number, a word or a \"string\"";
	case OP_EQUAL:
		return t->field->number ? "a number, a class such as 2xx or a range such as 1..9" :
		                          "a number, a word or a \"string\"";
	default:
		return "a word or a \"string\"";
	}
}

static int
fail_wanted(struct lex *l, const struct test *t, size_t at)
{
	return lex_fail(l, at, "'%s' wants %s behind it", t->op->name, wanted(t));
}

static int
take_regex(struct lex *l, struct test *t)
{
	size_t from = l->at, at;
	struct str source = {0};
	struct value *v;
	bool fold = false;

	if (t->op->wants != OP_REGEX)
		return lex_fail(l, from, "behind '%s' stands no regular expression; that is for ~ and !~", t->op->name);
	if (lex_regex(l, &source, &fold) != 0)
		return -1;
	v = add_value(t);
	v->kind = VALUE_REGEX;
	v->text = lex_copy(source);
	v->regex = regex_new(source, fold, &at, l->e);
	l->wrong = from + 1 + at;
	return v->regex ? 0 : -1;
}

static int
take_string(struct lex *l, struct test *t)
{
	struct value *v = add_value(t);
	size_t from = l->at;
	struct buf b = {0};
	int rc = lex_string(l, &b);

	v->kind = VALUE_STRING;
	v->text = lex_copy(b.n ? buf_view(&b) : STR(""));
	buf_clear(&b);
	if (rc != 0)
		return -1;
	if (t->op->wants == OP_REGEX)
		return lex_fail(l, from, "'%s' wants a regular expression behind it: write /.../", t->op->name);
	return t->field->number && t->op->wants != OP_TEXT ? fail_wanted(l, t, from) : 0;
}

/* What kind of value is the word, the last one of t? */
static int
understand(struct lex *l, struct test *t, struct str word, size_t at)
{
	struct value *v = &t->values[t->nvalues - 1];
	bool number = number_with_unit(word, &v->low), range = !number && number_range(word, &v->low, &v->high);

	if (range && t->op->wants == OP_ORDER)
		return fail_wanted(l, t, at);
	if (range && v->low > v->high)
		return lex_fail(l, at, "this range ends before it begins");
	if (!number && !range && t->field->number)
		return fail_wanted(l, t, at);
	if (number) {
		v->kind = VALUE_NUMBER;
		v->high = v->low;
	} else if (range) {
		v->kind = VALUE_RANGE;
	}
	return 0;
}

static int
take_word(struct lex *l, struct test *t)
{
	size_t at = l->at;
	struct str word = lex_word(l), rest = {l->line.s + l->at, l->line.n - l->at};
	struct value *v;

	if (!word.n || t->op->wants == OP_REGEX)
		return fail_wanted(l, t, at);
	if (rest.n && *rest.s == '"')
		return lex_fail(l, l->at, "a blank is missing before this string");
	v = add_value(t);
	v->text = lex_lower(word);
	return t->op->wants == OP_TEXT ? 0 : understand(l, t, word, at);
}

static int
take_value(struct lex *l, struct test *t)
{
	char c = lex_peek(l);
	int rc = c == '/' ? take_regex(l, t) : c == '"' ? take_string(l, t) : take_word(l, t);

	if (rc == 0)
		lex_blanks(l);
	return rc;
}

/* "(" value {"," value} ")" */
int
parse_values(struct lex *l, struct test *t)
{
	if (lex_peek(l) != '(')
		return take_value(l, t);
	if (!t->op->list)
		return lex_fail(l, l->at, "'%s' takes one value; 'in' takes several", t->op->name);
	do {
		l->at++;
		lex_blanks(l);
		if (take_value(l, t) != 0)
			return -1;
	} while (lex_peek(l) == ',');
	if (!lex_take(l, ")"))
		return lex_fail(l, l->at, "a ')' or a ',' is missing");
	lex_blanks(l);
	return 0;
}
