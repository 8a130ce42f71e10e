/* check/scope.c: sections of check files. */
#include "check/scope.h"

#include <stdlib.h>

#include "base/glob.h"
#include "base/mem.h"
#include "base/text.h"

/* Takes what stands up to a blank, a comma or the bracket, which belongs to the word if another was opened in it. */
static int
take_word(struct lex *l, struct str *word)
{
	size_t from = l->at, open = 0;
	char c;

	while ((c = lex_peek(l)) && !strchr(" \t,", c) && (c != ']' || open)) {
		open += c == '[';
		open -= c == ']';
		l->at++;
	}
	*word = (struct str){l->line.s + from, l->at - from};
	return open ? lex_fail(l, l->at, "a ']' is missing") : 0;
}

static void
add_glob(struct scope *s, struct str word)
{
	s->globs = xrealloc(s->globs, (s->nglobs + 1) * sizeof *s->globs);
	s->globs[s->nglobs++] = lex_lower(word);
}

/* Blanks, which may be without a '#' that begins a comment: a section is to have its end on its line. */
static void
skip_blanks(struct lex *l)
{
	while (lex_peek(l) == ' ' || lex_peek(l) == '\t')
		l->at++;
}

static int
take_tag(struct lex *l, struct scope *s)
{
	size_t at = l->at;
	struct str word;

	if (take_word(l, &word) != 0)
		return -1;
	if (!word.n)
		return lex_fail(l, at, "a word is missing behind tag=");
	s->tag = lex_copy(word);
	skip_blanks(l);
	return 0;
}

static int
take_end(struct lex *l)
{
	return lex_take(l, "]") ? 0 : lex_fail(l, l->at, "a ']' is missing");
}

/* glob {"," glob} ["tag=" word] "]" */
static int
take_section(struct lex *l, struct scope *s)
{
	bool more = true;

	skip_blanks(l);
	if (lex_take(l, "tag="))
		return take_tag(l, s) == 0 ? take_end(l) : -1;
	while (more) {
		size_t at = l->at;
		struct str word;

		if (take_word(l, &word) != 0)
			return -1;
		if (!word.n)
			return lex_fail(l, at, "a name of targets is missing, as in [www.*]; '*' is all of them");
		add_glob(s, word);
		skip_blanks(l);
		more = lex_take(l, ",");
		skip_blanks(l);
	}
	if (lex_take(l, "tag=") && take_tag(l, s) != 0)
		return -1;
	return take_end(l);
}

static bool
is_limit(const struct scope *s)
{
	for (size_t i = 0; i < s->nglobs; i++)
		if (str_eq(s->globs[i], STR("*")))
			return s->tag.s != NULL;
	return true;
}

int
scope_take(struct lex *l, const struct scope *outer, struct scope **all, const struct scope **scope)
{
	*scope = outer;
	while (lex_take(l, "[")) {
		struct scope *s = xcalloc(1, sizeof *s);

		s->outer = *scope;
		s->next = *all;
		*all = s;
		if (take_section(l, s) != 0)
			return -1;
		if (is_limit(s))
			*scope = s;
		lex_blanks(l);
	}
	return l->at == l->line.n ? 0 : lex_fail(l, l->at, "a check stands on a line of its own, below the section");
}

static bool
is_for(const struct scope *s, const struct result *r)
{
	bool match = !s->nglobs;
	struct str host = str_of(r->url.host ? r->url.host : "");

	if (s->tag.s && !(r->tag.s && glob_match(s->tag, r->tag)))
		return false;
	for (size_t i = 0; i < s->nglobs && !match; i++)
		match = glob_match_fold(s->globs[i], r->target) || (host.n && glob_match_fold(s->globs[i], host));
	return match;
}

bool
scope_holds(const struct scope *scope, const struct result *r)
{
	for (; scope; scope = scope->outer)
		if (!is_for(scope, r))
			return false;
	return true;
}

static void
write_section(const struct scope *s, struct buf *b)
{
	buf_byte(b, '[');
	for (size_t i = 0; i < s->nglobs; i++) {
		if (i)
			buf_str(b, STR(", "));
		text_show(b, s->globs[i]);
	}
	if (s->tag.s) {
		buf_str(b, s->nglobs ? STR(" tag=") : STR("tag="));
		text_show(b, s->tag);
	}
	buf_byte(b, ']');
}

void
scope_write(const struct scope *scope, struct buf *b)
{
	if (!scope)
		buf_str(b, STR("[*]"));
	for (; scope; scope = scope->outer)
		write_section(scope, b);
}

void
scope_free(struct scope *scope)
{
	while (scope) {
		struct scope *next = scope->next;

		for (size_t i = 0; i < scope->nglobs; i++)
			free((char *)scope->globs[i].s);
		free(scope->globs);
		free((char *)scope->tag.s);
		free(scope);
		scope = next;
	}
}
