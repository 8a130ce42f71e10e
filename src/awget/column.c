/* awget/column.c: a name of -w or a field of checks, and lists of them. */
#include "awget/column.h"

#include <stdlib.h>

#include "awget/template.h"
#include "base/mem.h"
#include "check/field.h"
#include "http/head.h"

enum { SHOWN = 60 }; /* bytes of a column in a message */

/* Either name or field is not NULL. */
struct column {
	char *text;
	size_t n;
	const struct template_name *name;
	struct check_field *field;
};

/* A mistake within what is clearly a field is one that the language of checks can explain. */
static bool
is_field(struct str text)
{
	return text.n && (memchr(text.s, '[', text.n) || memchr(text.s, '.', text.n));
}

static int
refuse(struct str text, const struct err *why, struct err *e)
{
	int n = (int)(text.n < SHOWN ? text.n : SHOWN);
	const char *meant = template_meant(text);

	if (!text.n)
		return err_set(e, ERR_INPUT, "a name is missing");
	if (is_field(text))
		return err_set(e, ERR_INPUT, "'%.*s': %s", n, text.s, why->text);
	if (meant)
		return err_set(e, ERR_INPUT, "'%.*s' is neither a name of -w nor a field of checks; did you mean '%s'?",
		    n, text.s, meant);
	if (head_is_token(text))
		return err_set(e, ERR_INPUT,
		    "'%.*s' is neither a name of -w nor a field of checks; of a header it is h[%.*s]", n, text.s, n,
		    text.s);
	return err_set(e, ERR_INPUT, "'%.*s' is neither a name of -w nor a field of checks", n, text.s);
}

struct column *
column_new(struct str text, struct err *e)
{
	const struct template_name *name = template_find(text);
	struct check_field *field = NULL;
	struct column *c;
	struct err why = {0};
	size_t at;

	if (!name)
		field = check_field_new(text, &at, &why);
	if (!name && !field) {
		refuse(text, &why, e);
		return NULL;
	}
	c = xmalloc(sizeof *c);
	*c = (struct column){.text = xmemdup(text.s, text.n), .n = text.n, .name = name, .field = field};
	return c;
}

struct str
column_name(const struct column *c)
{
	return (struct str){c->text, c->n};
}

bool
column_text(const struct column *c, const struct result *r, const struct verdict *v, struct buf *b)
{
	return c->name ? c->name->put(r, v, b) : check_field_text(c->field, r, b);
}

void
column_free(struct column *c)
{
	if (!c)
		return;
	check_field_free(c->field);
	free(c->text);
	free(c);
}

/* Up to the next comma that is not in brackets. */
static struct str
first_of(const char *list)
{
	size_t depth = 0, n = 0;

	for (; list[n] && (list[n] != ',' || depth); n++) {
		depth += list[n] == '[';
		depth -= depth && list[n] == ']';
	}
	return (struct str){list, n};
}

int
columns_parse(struct columns *c, const char *list, struct err *e)
{
	*c = (struct columns){.v = xcalloc(COLUMNS_MAX, sizeof *c->v)};
	for (;;) {
		struct str text = first_of(list);
		struct column *column;

		if (c->n == COLUMNS_MAX)
			return err_set(e, ERR_INPUT, "there are more than %d columns", COLUMNS_MAX);
		column = column_new(str_trim(text), e);
		if (!column)
			return -1;
		c->v[c->n++] = column;
		list += text.n;
		if (!*list++)
			return 0;
	}
}

void
columns_clear(struct columns *c)
{
	for (size_t i = 0; i < c->n; i++)
		column_free(c->v[i]);
	free(c->v);
	*c = (struct columns){0};
}
