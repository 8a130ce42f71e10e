/* check/rules.c: the lines of check files: checks, sections, includes. */
#include "check/rules.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "check/place.h"

/* A path longer than this is shown without its start. */
enum { PATH_SHOWN = 80 };

int
rules_fail(struct checks *c, const struct source *s, struct str line, size_t at, const struct err *why, struct err *e)
{
	size_t n = strlen(s->shown), skipped = n > PATH_SHOWN ? n - PATH_SHOWN : 0;

	c->told = true;
	if (why->kind == ERR_INPUT)
		place_excerpt(&c->excerpt, line, at);
	return err_set(e, why->kind, "%s%s:%zu:%zu: %s", skipped ? "..." : "", s->shown + skipped, s->number,
	    place_column(line, at), why->text);
}

const char *
rules_file(struct checks *c, const char *name)
{
	for (size_t i = 0; i < c->nfiles; i++)
		if (strcmp(c->files[i], name) == 0)
			return c->files[i];
	c->files = xrealloc(c->files, (c->nfiles + 1) * sizeof *c->files);
	return c->files[c->nfiles++] = xstrdup(name);
}

/* A copy that is fit to be shown; NULL if s itself is. */
static char *
unfit(struct str s)
{
	struct buf shown = {0};

	if (text_plain(s) == s.n)
		return NULL;
	text_show(&shown, s);
	return buf_cstr(&shown);
}

static void
add(struct checks *c, const struct source *s, struct parsed *parsed, char *line)
{
	if (c->n == c->cap) {
		c->cap = c->cap ? 2 * c->cap : 16;
		c->v = xrealloc(c->v, c->cap * sizeof *c->v);
	}
	c->v[c->n++] = (struct rule){
	    .parsed = *parsed,
	    .line = line,
	    .shown = unfit(parsed->text),
	    .scope = s->scope,
	    .file = s->shown,
	    .number = s->number,
	};
	if (parsed->guard)
		share_expr(&c->share, parsed->guard);
	share_expr(&c->share, parsed->expr);
}

static int
check_line(struct checks *c, struct source *s, struct lex *l)
{
	char *copy = xmemdup(l->line.s, l->line.n);
	struct parsed parsed = {0};

	l->line.s = copy;
	if (parse_check(l, &c->judge.names, &parsed) != 0) {
		parse_clear(&parsed);
		free(copy);
		return -1;
	}
	add(c, s, &parsed, copy);
	return 0;
}

static int
section_line(struct checks *c, struct source *s, struct lex *l)
{
	if (s->argument)
		return lex_fail(l, l->at, "a section stands in a file");
	return scope_take(l, s->base, &c->scopes, &s->scope);
}

static int
include_line(struct checks *c, struct source *s, struct lex *l)
{
	struct buf path = {0}, shown = {0};
	size_t at = l->at++;
	struct str name;
	int rc;

	while (lex_peek(l) && lex_peek(l) != ' ' && lex_peek(l) != '\t')
		l->at++;
	name = (struct str){l->line.s + at + 1, l->at - at - 1};
	lex_blanks(l);
	if (!name.n)
		return lex_fail(l, at + 1, "the name of a file or a preset is missing");
	if (l->at < l->line.n)
		return lex_fail(l, l->at, "nothing stands behind the name of a file");
	l->wrong = at + 1;
	rc = rules_find(s, name, &path, &shown, l->e);
	if (rc == 0)
		rc = rules_read(c, s, path.s, buf_cstr(&shown), l->e);
	buf_clear(&path);
	buf_clear(&shown);
	return rc;
}

/* The first byte that a line of text does not hold, or its length. */
static size_t
first_control(struct str line)
{
	size_t i = 0;

	while (i < line.n && line.s[i] != 0x7f && ((unsigned char)line.s[i] >= 0x20 || line.s[i] == '\t'))
		i++;
	return i;
}

static int
understand(struct checks *c, struct source *s, struct lex *l)
{
	size_t control = first_control(l->line);
	const char *line = l->line.s;

	if (l->line.n > RULES_LINE_MAX)
		return lex_fail(l, RULES_LINE_MAX, "this line is longer than %d bytes", RULES_LINE_MAX);
	if (control < l->line.n)
		return lex_fail(l, control, "a control byte, which a string has as \\x%02x",
		    (unsigned char)line[control]);
	lex_blanks(l);
	if (l->at == l->line.n)
		return s->argument ? lex_fail(l, l->at, "a check is missing") : 0;
	if (lex_peek(l) == '[')
		return section_line(c, s, l);
	return lex_peek(l) == '@' ? include_line(c, s, l) : check_line(c, s, l);
}

int
rules_line(struct checks *c, struct source *s, struct str line, struct err *e)
{
	struct err why = {0};
	struct lex l = {.line = line, .e = &why};

	c->excerpt.n = 0;
	c->told = false;
	if (understand(c, s, &l) == 0)
		return 0;
	return c->told ? err_set(e, why.kind, "%s", why.text) : rules_fail(c, s, line, l.wrong, &why, e);
}
