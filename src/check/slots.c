/* check/slots.c: the values that a result has for a field. */
#include "check/slots.h"

#include <math.h>
#include <time.h>

#include "base/glob.h"
#include "check/cookie.h"
#include "check/list.h"
#include "http/date.h"

void
slots_begin(struct view *v, const struct result *r, const struct intern *names)
{
	v->r = r;
	v->names = names;
	v->final = (struct response){r->head.s, r->head_n, r->fields, r->nfields, r->status, &r->peer};
}

void
slots_end(struct view *v)
{
	buf_clear(&v->unfolded);
	buf_clear(&v->unquoted);
}

void
slots_each(const struct check_field *f, struct view *v, slot_fn *fn, void *arg)
{
	struct response earlier;
	const struct hop *h;

	if (!f->hop) {
		f->each(f, v, &v->final, fn, arg);
		return;
	}
	if (f->hop > v->r->nhops)
		return;
	h = &v->r->hops[f->hop - 1];
	earlier = (struct response){h->head.s, h->head_n, h->fields, h->nfields, h->status, &h->peer};
	f->each(f, v, &earlier, fn, arg);
}

static bool
give(slot_fn *fn, void *arg, bool has, struct str text)
{
	return fn(arg, &(struct slot){.has = has, .text = text});
}

bool
slots_fact(const struct check_field *f, struct view *v, const struct response *a, slot_fn *fn, void *arg)
{
	struct slot s = {0};

	f->row->get(v, a, f->hop, &s);
	return fn(arg, &s);
}

static struct str
value_of(struct view *v, const struct response *a, const struct field *line)
{
	struct str value = {a->head + line->value, line->value_n};

	if (!line->folded)
		return value;
	v->unfolded.n = 0;
	result_unfolded(&v->unfolded, value);
	return buf_view(&v->unfolded);
}

/* The first field line of f's name from the n-th on. */
static size_t
search(const struct check_field *f, const struct response *a, size_t n)
{
	for (; n < a->nfields; n++)
		if (a->fields[n].name_n == f->header.n &&
		    str_eq_fold((struct str){a->head + a->fields[n].name, f->header.n}, f->header))
			return n;
	return INTERN_NONE;
}

/* The number of the first line of f's name, and of the next one behind n; INTERN_NONE: there is none. */
static size_t
first_line(const struct check_field *f, const struct view *v, const struct response *a)
{
	return v->names && !f->hop ? v->names->v[f->id].first : search(f, a, 0);
}

static size_t
next_line(const struct check_field *f, const struct view *v, const struct response *a, size_t n)
{
	return v->names && !f->hop ? v->names->next[n] : search(f, a, n + 1);
}

bool
slots_lines(const struct check_field *f, struct view *v, const struct response *a, slot_fn *fn, void *arg)
{
	for (size_t n = first_line(f, v, a); n != INTERN_NONE; n = next_line(f, v, a, n))
		if (!give(fn, arg, true, value_of(v, a, &a->fields[n])))
			return false;
	return true;
}

bool
slots_count(const struct check_field *f, struct view *v, const struct response *a, slot_fn *fn, void *arg)
{
	struct slot s = {.has = a->status != 0, .is_number = true};

	for (size_t n = first_line(f, v, a); n != INTERN_NONE; n = next_line(f, v, a, n))
		s.number++;
	return fn(arg, &s);
}

bool
slots_first(const struct check_field *f, struct view *v, const struct response *a, slot_fn *fn, void *arg)
{
	size_t n = first_line(f, v, a);

	return n == INTERN_NONE ? give(fn, arg, false, STR("")) : give(fn, arg, true, value_of(v, a, &a->fields[n]));
}

bool
slots_last(const struct check_field *f, struct view *v, const struct response *a, slot_fn *fn, void *arg)
{
	size_t last = INTERN_NONE;

	for (size_t n = first_line(f, v, a); n != INTERN_NONE; n = next_line(f, v, a, n))
		last = n;
	if (last == INTERN_NONE)
		return give(fn, arg, false, STR(""));
	return give(fn, arg, true, value_of(v, a, &a->fields[last]));
}

bool
slots_list(const struct check_field *f, struct view *v, const struct response *a, slot_fn *fn, void *arg)
{
	for (size_t n = first_line(f, v, a); n != INTERN_NONE; n = next_line(f, v, a, n)) {
		struct str rest = value_of(v, a, &a->fields[n]), element;

		while (list_next(&rest, false, &element))
			if (!give(fn, arg, true, element))
				return false;
	}
	return true;
}

/* When the answer began to come, which may be long after the fetch began. Of earlier ones only the latter is known. */
static double
answer_time(const struct check_field *f, const struct result *r)
{
	return r->time + (f->hop || isnan(r->timing.first_byte) ? 0 : r->timing.first_byte);
}

bool
slots_age(const struct check_field *f, struct view *v, const struct response *a, slot_fn *fn, void *arg)
{
	double now = answer_time(f, v->r);

	for (size_t n = first_line(f, v, a); n != INTERN_NONE; n = next_line(f, v, a, n)) {
		struct slot s = {.is_number = true};
		time_t t;

		s.has = http_date(value_of(v, a, &a->fields[n]), (time_t)now, &t);
		if (s.has)
			s.number = now - (double)t;
		if (!fn(arg, &s))
			return false;
	}
	return true;
}

bool
slots_directive(const struct check_field *f, struct view *v, const struct response *a, slot_fn *fn, void *arg)
{
	for (size_t n = first_line(f, v, a); n != INTERN_NONE; n = next_line(f, v, a, n)) {
		struct str value = STR("");
		bool has = list_directive(value_of(v, a, &a->fields[n]), f->part, &value);

		if (!give(fn, arg, has, has ? list_unquoted(value, &v->unquoted) : value))
			return false;
	}
	return true;
}

/* Visits the cookies that f is about: their values, or an attribute of them. */
static inline bool
each_cookie(const struct check_field *f, struct view *v, const struct response *a, slot_fn *fn, void *arg, bool part)
{
	for (size_t n = first_line(f, v, a); n != INTERN_NONE; n = next_line(f, v, a, n)) {
		struct cookie c;
		struct str value = STR("");
		bool has = true;

		if (!cookie_parse(value_of(v, a, &a->fields[n]), &c) || !glob_match_fold(f->glob, c.name))
			continue;
		if (part)
			has = cookie_attribute(&c, f->part, &value);
		if (!give(fn, arg, has, part ? value : c.value))
			return false;
	}
	return true;
}

bool
slots_cookies(const struct check_field *f, struct view *v, const struct response *a, slot_fn *fn, void *arg)
{
	return each_cookie(f, v, a, fn, arg, false);
}

bool
slots_attribute(const struct check_field *f, struct view *v, const struct response *a, slot_fn *fn, void *arg)
{
	return each_cookie(f, v, a, fn, arg, true);
}
