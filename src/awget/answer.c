/* awget/answer.c: what counts of an answer, and how two differ. */
#include "awget/answer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* How much is told: differences; bytes of a name, of a value. */
enum { DIFFERENCES = 3, NAME = 60, VALUE = 40 };

struct str
answer_name(const struct answer *a, size_t i)
{
	return (struct str){a->text.s + a->v[i].name, a->v[i].name_n};
}

struct str
answer_value(const struct answer *a, size_t i)
{
	return (struct str){a->text.s + a->v[i].value, a->v[i].value_n};
}

static int
order_numbers(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int
order_bytes(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.s, b.s, n) : 0;

	return c ? c : order_numbers(a.n, b.n);
}

static int
order_names(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = 0;

	for (size_t i = 0; i < n && !c; i++)
		c = tolower((unsigned char)a.s[i]) - tolower((unsigned char)b.s[i]);
	return c ? c : order_numbers(a.n, b.n);
}

static int
by_name(const void *a, const void *b, void *text)
{
	const struct answer_field *x = a, *y = b;
	const char *s = text;
	int c = order_names((struct str){s + x->name, x->name_n}, (struct str){s + y->name, y->name_n});

	return c ? c : order_numbers(x->place, y->place);
}

/* Adds a field, if it counts. */
static void
copy_field(struct answer *a, const struct result *r, size_t i, const struct volatile_list *list)
{
	struct answer_field *f = &a->v[a->n];
	struct buf made = {0};
	struct str name = text_as_utf8(result_name(r, &r->fields[i]), &made);

	*f = (struct answer_field){.name = (uint32_t)a->text.n, .name_n = (uint32_t)name.n, .place = (uint32_t)i};
	f->value = f->name + f->name_n;
	buf_str(&a->text, name);
	if (volatile_value(list, name, result_value(r, &r->fields[i]), &a->text)) {
		f->value_n = (uint32_t)a->text.n - f->value;
		a->n++;
	} else {
		a->text.n = f->name;
	}
	buf_clear(&made);
}

void
answer_set(struct answer *a, const struct result *r, const struct volatile_list *list)
{
	a->status = r->status;
	a->n = a->text.n = 0;
	if (a->cap < r->nfields) {
		a->cap = r->nfields;
		a->v = xrealloc(a->v, a->cap * sizeof *a->v);
	}
	for (size_t i = 0; i < r->nfields; i++)
		copy_field(a, r, i, list);
	if (a->n)
		qsort_r(a->v, a->n, sizeof *a->v, by_name, buf_cstr(&a->text));
}

void
answer_init(struct answer *a, const struct result *r, const struct volatile_list *list)
{
	*a = (struct answer){0};
	answer_set(a, r, list);
}

int
answer_order_names(const struct answer *x, size_t i, const struct answer *y, size_t k)
{
	if (i == x->n || k == y->n)
		return (i == x->n) - (k == y->n);
	return order_names(answer_name(x, i), answer_name(y, k));
}

int
answer_order(const struct answer *x, const struct answer *y)
{
	int c = order_numbers((size_t)x->status, (size_t)y->status);

	if (!c)
		c = order_numbers(x->n, y->n);
	for (size_t i = 0; i < x->n && !c; i++) {
		c = order_names(answer_name(x, i), answer_name(y, i));
		if (!c)
			c = order_bytes(answer_value(x, i), answer_value(y, i));
	}
	return c;
}

/* What is being told of a group: "lack A, have B: ...". */
struct telling {
	struct buf *b;
	bool one;           /* of one address: "lacks A, has B: ..." */
	size_t told, more;
};

static void
add_name(struct buf *b, struct str name)
{
	if (name.n)
		text_show_cut(b, name, NAME);
	else
		buf_str(b, STR("a line without a name"));
}

/* From a little before `at`, where it differs from another. */
static void
add_value(struct buf *b, struct str s, size_t at)
{
	size_t from = at > VALUE / 2 ? at - VALUE / 4 : 0;

	while (from && from < s.n && ((unsigned char)s.s[from] & 0xc0) == 0x80) /* not inside a character */
		from--;
	buf_str(b, from ? STR("\"...") : STR("\""));
	text_show_cut(b, (struct str){s.s + from, s.n - from}, VALUE);
	buf_byte(b, '"');
}

static void
add_values(struct buf *b, struct str name, struct str have, struct str norm)
{
	size_t same = 0;

	while (same < have.n && same < norm.n && have.s[same] == norm.s[same])
		same++;
	add_name(b, name);
	buf_str(b, STR(": "));
	add_value(b, have, same);
	buf_str(b, STR(" instead of "));
	add_value(b, norm, same);
}

/* Begins to tell a difference, unless enough were told. */
static bool
tell(struct telling *t, const char *one, const char *several)
{
	if (t->told == DIFFERENCES) {
		t->more++;
		return false;
	}
	buf_str(t->b, t->told++ ? STR(", ") : STR(" "));
	buf_str(t->b, str_of(t->one ? one : several));
	buf_byte(t->b, ' ');
	return true;
}

size_t
answer_repeats(const struct answer *a, size_t i)
{
	size_t n = i < a->n;

	while (i + n < a->n && order_names(answer_name(a, i), answer_name(a, i + n)) == 0)
		n++;
	return n;
}

/* The same number of values of one name: the first that is another. */
static void
tell_values(struct telling *t, const struct answer *x, size_t i, const struct answer *norm, size_t k, size_t n)
{
	while (n && str_eq(answer_value(x, i), answer_value(norm, k)))
		n--, i++, k++;
	if (n && tell(t, "has", "have"))
		add_values(t->b, answer_name(x, i), answer_value(x, i), answer_value(norm, k));
}

/* n fields of x from i on, m of the norm from k on, all of the same name. */
static void
tell_field(struct telling *t, const struct answer *x, size_t i, size_t n, const struct answer *norm, size_t k, size_t m)
{
	if (n == m) {
		tell_values(t, x, i, norm, k, n);
	} else if (!n && tell(t, "lacks", "lack")) {
		add_name(t->b, answer_name(norm, k));
	} else if (n && !m && tell(t, "adds", "add")) {
		add_name(t->b, answer_name(x, i));
	} else if (n && m && tell(t, "has", "have")) {
		buf_printf(t->b, "%zu ", n);
		add_name(t->b, answer_name(x, i));
		buf_printf(t->b, " instead of %zu", m);
	}
}

void
answer_differences(const struct answer *x, const struct answer *norm, bool one, struct buf *b)
{
	struct telling t = {.b = b, .one = one};
	size_t i = 0, k = 0;

	if (x->status != norm->status && tell(&t, "has", "have"))
		buf_printf(b, "status %d instead of %d", x->status, norm->status);
	while (i < x->n || k < norm->n) {
		int c = answer_order_names(x, i, norm, k);
		size_t n = c <= 0 ? answer_repeats(x, i) : 0, m = c >= 0 ? answer_repeats(norm, k) : 0;

		tell_field(&t, x, i, n, norm, k, m);
		i += n, k += m;
	}
	if (t.more)
		buf_printf(b, ", and %zu more", t.more);
}

void
answer_clear(struct answer *a)
{
	buf_clear(&a->text);
	free(a->v);
	*a = (struct answer){0};
}
