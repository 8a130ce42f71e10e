/* awget/template_fill.c: what a template comes to for a result. */
#include "awget/template_parts.h"
#include "base/text.h"

/* Makes what was added to b behind `from` fit to be shown, which it nearly always is. */
static void
make_fit(struct buf *b, size_t from)
{
	struct buf raw = {0};
	struct str added = {b->s + from, b->n - from};

	if (!added.n || text_plain(added) == added.n)
		return;
	buf_str(&raw, added);
	b->n = from;
	text_show(b, buf_view(&raw));
	buf_clear(&raw);
}

static void
put_value(const struct result *r, const struct field *f, struct buf *b)
{
	size_t from = b->n;

	if (f->folded)
		result_unfolded(b, result_value(r, f));
	else
		buf_str(b, result_value(r, f));
	make_fit(b, from);
}

static void
put_values(const struct template_part *p, const struct result *r, struct buf *b)
{
	bool any = false;

	for (size_t i = 0; i < r->nfields; i++) {
		if (!str_eq_fold(result_name(r, &r->fields[i]), p->text))
			continue;
		if (any)
			buf_str(b, p->between);
		put_value(r, &r->fields[i], b);
		any = true;
		if (p->kind == TEMPLATE_FIRST)
			return;
	}
}

void
template_fill(const struct template *t, const struct result *r, const struct verdict *v, struct buf *b)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct template_part *p = &t->v[i];
		size_t from = b->n;

		if (p->kind == TEMPLATE_TEXT)
			buf_str(b, p->text);
		else if (p->kind == TEMPLATE_NAME && p->name->put(r, v, b))
			make_fit(b, from);
		else if (p->kind != TEMPLATE_NAME)
			put_values(p, r, b);
	}
}
