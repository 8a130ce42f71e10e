/* awget/change.c: what is different between an earlier result of a target and its present one. */
#include "awget/change.h"

#include <ctype.h>
#include <stdlib.h>

#include "awget/part.h"
#include "base/mem.h"
#include "base/text.h"

/* How much of a name or a value is shown. */
enum { SHOWN = 200 };

/* Adds s to the text, and what stands for it until all of the text is there: its length. NULL stays NULL. */
static struct str
keep(struct changes *c, struct str s)
{
	buf_str(&c->text, s);
	return (struct str){s.s ? "" : NULL, s.n};
}

static void
add(struct changes *c, const char *what, struct str name, struct str old, struct str new)
{
	struct change *v;

	if (c->n == c->cap) {
		c->cap = c->cap ? 2 * c->cap : 8;
		c->v = xrealloc(c->v, c->cap * sizeof *c->v);
	}
	v = &c->v[c->n++];
	v->what = what;
	v->name = keep(c, name);
	v->old = keep(c, old);
	v->new = keep(c, new);
}

/* Now that the text does not move any more: it has the slices one behind the other. */
static void
settle(struct changes *c)
{
	const char *at = buf_cstr(&c->text);

	for (size_t i = 0; i < c->n; i++) {
		struct str *slices[] = {&c->v[i].name, &c->v[i].old, &c->v[i].new};

		for (size_t k = 0; k < 3; k++) {
			if (slices[k]->s)
				slices[k]->s = at;
			at += slices[k]->n;
		}
	}
}

/* What of the two is there, and whether there is any. */
static struct str
text_of(const struct part *p, const struct result *r, struct buf *b)
{
	b->n = 0;
	return p->add(r, b) ? (struct str){b->n ? b->s : "", b->n} : (struct str){0};
}

static void
compare_parts(struct changes *c, const struct result *old, const struct result *new, const struct volatile_list *list)
{
	for (const struct part *p = part_rows; p->what; p++) {
		struct str was, is;

		if (!part_counts(p, old, new, list))
			continue;
		was = text_of(p, old, &c->scratch[0]);
		is = text_of(p, new, &c->scratch[1]);
		if (!was.s != !is.s || !str_eq(was, is))
			add(c, p->what, (struct str){0}, was, is);
	}
}

/* The value of the field from which field i of the answer was made; *b is overwritten. */
static struct str
real_value(const struct answer *a, size_t i, const struct result *r, struct buf *b)
{
	const struct field *f = &r->fields[a->v[i].place];

	if (!f->folded)
		return (struct str){r->head.s + f->value, f->value_n};
	b->n = 0;
	result_unfolded(b, result_value(r, f));
	return (struct str){b->n ? b->s : "", b->n};
}

static bool
same_value(const struct changes *c, size_t i, size_t k)
{
	return str_eq(answer_value(&c->was, i), answer_value(&c->is, k));
}

/*
 * n old values from i on, m new ones from k on, of one name. Between what they have in common at both ends, one takes
 * the place of another as long as there are both.
 */
static void
compare_values(
    struct changes *c, const struct result *old, const struct result *new, size_t i, size_t n, size_t k, size_t m)
{
	while (n && m && same_value(c, i, k))
		i++, n--, k++, m--;
	while (n && m && same_value(c, i + n - 1, k + m - 1))
		n--, m--;
	for (size_t j = 0; j < n || j < m; j++) {
		const struct result *r = j < m ? new : old;
		size_t place = j < m ? c->is.v[k + j].place : c->was.v[i + j].place;
		struct str was = {0}, is = {0};

		if (j < n)
			was = real_value(&c->was, i + j, old, &c->scratch[0]);
		if (j < m)
			is = real_value(&c->is, k + j, new, &c->scratch[1]);
		add(c, "header", result_name(r, &r->fields[place]), was, is);
	}
}

static void
compare_fields(struct changes *c, const struct result *old, const struct result *new, const struct volatile_list *list)
{
	size_t i = 0, k = 0;

	if (volatile_ignores(list, STR("header")))
		return;
	answer_set(&c->was, old, list);
	answer_set(&c->is, new, list);
	while (i < c->was.n || k < c->is.n) {
		int order = answer_order_names(&c->was, i, &c->is, k);
		size_t n = order <= 0 ? answer_repeats(&c->was, i) : 0, m = order >= 0 ? answer_repeats(&c->is, k) : 0;

		compare_values(c, old, new, i, n, k, m);
		i += n, k += m;
	}
}

static bool
failed(const struct result *r)
{
	return r->err.kind != ERR_NONE;
}

static struct str
error_of(const struct result *r)
{
	return failed(r) ? str_of(err_name(r->err.kind)) : (struct str){0};
}

static void
empty(struct changes *c)
{
	c->n = c->text.n = 0;
}

void
changes_find(struct changes *c, const struct result *old, const struct result *new, const struct volatile_list *list)
{
	struct str none = {0};

	empty(c);
	if (!old) {
		if (!volatile_ignores(list, STR("target")))
			add(c, "target", none, none, new->target);
	} else if (old->err.kind == ERR_CANCELED || new->err.kind == ERR_CANCELED) {
		return;
	} else if (failed(old) || failed(new)) {
		if (old->err.kind != new->err.kind && !volatile_ignores(list, STR("error")))
			add(c, "error", none, error_of(old), error_of(new));
	} else {
		compare_parts(c, old, new, list);
		compare_fields(c, old, new, list);
	}
	settle(c);
}

/* Adds s so that what follows cannot be taken for a part of it: behind its length, and whether there is any. */
static void
seal(struct buf *b, struct str s)
{
	const uint64_t n = s.s ? (uint64_t)s.n + 1 : 0;

	buf_add(b, (const char *)&n, sizeof n);
	buf_str(b, s);
}

static void
seal_fields(struct buf *b, const struct answer *a)
{
	for (size_t i = 0; i < a->n; i++) {
		struct str name = answer_name(a, i);
		size_t from = b->n + sizeof(uint64_t);

		seal(b, name);
		for (size_t k = from; k < b->n; k++)
			b->s[k] = (char)tolower((unsigned char)b->s[k]);
		seal(b, answer_value(a, i));
	}
}

struct digest
changes_digest(struct changes *c, const struct result *r, const struct volatile_list *list)
{
	struct buf *b = &c->text;

	empty(c);
	seal(b, error_of(r));
	if (!failed(r)) {
		buf_byte(b, r->tls != NULL);
		for (const struct part *p = part_rows; p->what; p++)
			seal(b, part_counts(p, r, r, list) ? text_of(p, r, &c->scratch[0]) : (struct str){0});
		if (!volatile_ignores(list, STR("header"))) {
			answer_set(&c->was, r, list);
			seal_fields(b, &c->was);
		}
	}
	return digest_of(buf_view(b));
}

static void
show(const struct change *v, struct str sign, struct str value, struct str before, struct buf *b)
{
	bool field = strcmp(v->what, "header") == 0;

	if (!value.s)
		return;
	buf_str(b, before);
	buf_str(b, sign);
	text_show_cut(b, field ? v->name : str_of(v->what), SHOWN);
	buf_str(b, field ? STR(": ") : STR(" "));
	text_show_cut(b, value, SHOWN);
	buf_byte(b, '\n');
}

void
changes_show(const struct changes *c, struct str before, struct buf *b)
{
	for (size_t i = 0; i < c->n; i++) {
		show(&c->v[i], STR("- "), c->v[i].old, before, b);
		show(&c->v[i], STR("+ "), c->v[i].new, before, b);
	}
}

void
changes_clear(struct changes *c)
{
	free(c->v);
	buf_clear(&c->text);
	answer_clear(&c->was);
	answer_clear(&c->is);
	buf_clear(&c->scratch[0]);
	buf_clear(&c->scratch[1]);
	*c = (struct changes){0};
}
