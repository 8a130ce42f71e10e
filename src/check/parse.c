/* check/parse.c: expressions of the check language. */
#include "check/parse.h"

#include <stdlib.h>

#include "base/mem.h"

struct parser {
	struct lex *l;
	struct intern *names;
	size_t depth;
};

static int parse_or(struct parser *p, struct expr **x);

/* Words that often stand where one of ours is meant. */
static const struct {
	const char *wrong, *right;
} mistakes[] = {
	{"=~", "~"}, {"=", "=="}, {"&&", "and"}, {"&", "and"}, {"||", "or"}, {"|", "or"}, {"!", "not"},
	{"is", "=="}, {"matches", "~"}, {"exists", "present"}, {"missing", "absent"}, {"AND", "and"}, {"OR", "or"},
};

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
take_op(struct lex *l, const char *name)
{
	return is_letter(*name) ? lex_keyword(l, name) : lex_take(l, name);
}

/* What is next, without being taken, is one of them: says so. */
static bool
is_mistake(struct lex *l)
{
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		size_t at = l->at;
		bool found = take_op(l, mistakes[i].wrong);

		l->at = at;
		if (found) {
			lex_fail(l, at, "'%s' is not known here; did you mean %s?", mistakes[i].wrong,
			    mistakes[i].right);
			return true;
		}
	}
	return false;
}

static int
parse_op(struct parser *p, struct test *t)
{
	struct lex *l = p->l;
	const struct op *op = test_ops;

	while (op->name && !take_op(l, op->name))
		op++;
	if (!op->name && is_mistake(l))
		return -1;
	if (!op->name)
		return lex_fail(l, l->at,
		    "behind a field stands present, absent, == != < <= > >= ~ !~ contains starts ends in or has");
	lex_blanks(l);
	t->op = op;
	t->passes = op->passes;
	return parse_values(l, t);
}

/* ["any" | "every"] field ("present" | "absent" | op value) */
static int
parse_words(struct parser *p, struct test *t)
{
	struct lex *l = p->l;
	bool any = lex_keyword(l, "any"), every = !any && lex_keyword(l, "every");

	if ((lex_peek(l) == '!' && is_mistake(l)) || !(t->field = slots_field(l, p->names)))
		return -1;
	lex_blanks(l);
	t->every = every;
	t->none = every && t->field->vacuous;
	if (lex_keyword(l, "present")) {
		t->passes = test_present;
		return 0;
	}
	if (!lex_keyword(l, "absent"))
		return parse_op(p, t);
	t->passes = any ? test_absent : test_present;
	t->negated = !any;
	t->none = any;
	t->every = false;
	return 0;
}

static int
parse_test(struct parser *p, struct expr *x)
{
	struct test *t = x->test = xcalloc(1, sizeof *t);
	size_t from = p->l->at;

	x->kind = EXPR_TEST;
	if (parse_words(p, t) != 0)
		return -1;
	t->written = str_trim((struct str){p->l->line.s + from, p->l->at - from});
	return 0;
}

static int
deeper(struct parser *p)
{
	if (++p->depth > PARSE_DEPTH)
		return lex_fail(p->l, p->l->at, "more than %d parentheses and 'not' within each other", PARSE_DEPTH);
	return 0;
}

static int
parse_parentheses(struct parser *p, struct expr **x)
{
	if (deeper(p) != 0)
		return -1;
	lex_take(p->l, "(");
	lex_blanks(p->l);
	if (parse_or(p, x) != 0)
		return -1;
	if (!lex_take(p->l, ")"))
		return is_mistake(p->l) ? -1 : lex_fail(p->l, p->l->at, "a ')' is missing");
	lex_blanks(p->l);
	p->depth--;
	return 0;
}

/* ["not"] ("(" expr ")" | test) */
static int
parse_not(struct parser *p, struct expr **x)
{
	if (lex_peek(p->l) == '(')
		return parse_parentheses(p, x);
	*x = xcalloc(1, sizeof **x);
	if (!lex_keyword(p->l, "not"))
		return parse_test(p, *x);
	(*x)->kind = EXPR_NOT;
	if (deeper(p) != 0 || parse_not(p, &(*x)->child) != 0)
		return -1;
	p->depth--;
	return 0;
}

/* One or more that are joined by the word. */
static int
parse_joined(struct parser *p, struct expr **x, enum expr_kind kind, const char *word,
    int (*parse)(struct parser *p, struct expr **x))
{
	struct expr *all = *x = xcalloc(1, sizeof **x), **end = &all->child;

	all->kind = kind;
	do {
		if (parse(p, end) != 0)
			return -1;
		end = &(*end)->next;
	} while (lex_keyword(p->l, word));
	if (!all->child->next) {
		*x = all->child;
		free(all);
	}
	return 0;
}

static int
parse_and(struct parser *p, struct expr **x)
{
	return parse_joined(p, x, EXPR_AND, "and", parse_not);
}

static int
parse_or(struct parser *p, struct expr **x)
{
	return parse_joined(p, x, EXPR_OR, "or", parse_and);
}

/* "word:" */
static bool
take_label(struct lex *l, struct str *word)
{
	size_t at = l->at;

	*word = lex_name(l, true);
	if (word->n && lex_take(l, ":")) {
		lex_blanks(l);
		return true;
	}
	l->at = at;
	return false;
}

static void
parse_labels(struct lex *l, struct parsed *p)
{
	struct str word;

	if (!take_label(l, &word))
		return;
	p->warn = str_eq(word, STR("warn"));
	if (!p->warn || take_label(l, &word))
		p->id = word;
}

static struct str
between(const struct lex *l, size_t from)
{
	return str_trim((struct str){l->line.s + from, l->line.n - from});
}

static int
parse_end(struct lex *l)
{
	if (l->at == l->line.n)
		return 0;
	if (is_mistake(l))
		return -1;
	if (lex_peek(l) == ')')
		return lex_fail(l, l->at, "there is no '(' for this ')'");
	return lex_fail(l, l->at, "here only 'and', 'or' or the end is possible");
}

int
parse_check(struct lex *l, struct intern *names, struct parsed *p)
{
	struct parser parser = {.l = l, .names = names};
	size_t written = l->at, text;

	parse_labels(l, p);
	text = l->at;
	if (lex_keyword(l, "if")) {
		if (parse_or(&parser, &p->guard) != 0)
			return -1;
		if (!lex_keyword(l, "then"))
			return is_mistake(l) ? -1 : lex_fail(l, l->at, "a 'then' is missing");
	}
	if (parse_or(&parser, &p->expr) != 0 || parse_end(l) != 0)
		return -1;
	p->written = between(l, written);
	p->text = between(l, text);
	return 0;
}

void
parse_clear(struct parsed *p)
{
	expr_free(p->guard);
	expr_free(p->expr);
	*p = (struct parsed){0};
}
