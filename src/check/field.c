/* check/field.c: fields as they are written. */
#include "check/field.h"

#include <stdlib.h>

#include "base/mem.h"
#include "check/number.h"
#include "check/slots.h"
#include "http/head.h"

enum { HOP_MAX = 9999 };

/* What may stand behind h[name]; anything else is a directive. */
static const struct {
	const char *name;
	slots_fn *each;
	bool number;
} picks[] = {
	{"count", slots_count, true},
	{"first", slots_first, false},
	{"last", slots_last, false},
	{"list", slots_list, false},
	{"age", slots_age, true},
};

/* --- names that there are not --- */

enum { LONGEST = 24 };

static size_t
smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* How many letters must be put in, left out or changed to make one of the other; neither is longer than LONGEST. */
static size_t
distance(struct str a, struct str b)
{
	size_t row[LONGEST + 1];

	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 0; i < a.n; i++) {
		size_t before = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < b.n; j++) {
			size_t here = row[j + 1];

			row[j + 1] = smallest(here + 1, row[j] + 1, before + (a.s[i] != b.s[j]));
			before = here;
		}
	}
	return row[b.n];
}

/* The name that is most like it, or NULL. */
static const char *
nearest(struct str name)
{
	const char *best = NULL;
	size_t least = name.n / 3 + 1;

	if (name.n > LONGEST || name.n < 3)
		return NULL;
	for (const struct field_row *row = slots_rows; row->name; row++) {
		size_t d = distance(name, str_of(row->name));

		if (!row->brackets && d <= least && (!best || d < least)) {
			best = row->name;
			least = d;
		}
	}
	return best;
}

static int
unknown(struct lex *l, size_t at, struct str name)
{
	const char *like = nearest(name);

	if (!name.n)
		return lex_fail(l, at, "a field is missing: status, h[Name], cookie[name] ...");
	if (lex_peek(l) == '[')
		return lex_fail(l, at, "there is no field '%.*s[...]'; did you mean h[...]?", LEX_SHOWN(name));
	if (like)
		return lex_fail(l, at, "there is no field '%.*s'; did you mean %s?", LEX_SHOWN(name), like);
	return lex_fail(l, at, "there is no field '%.*s'; a header field is h[%.*s]", LEX_SHOWN(name), LEX_SHOWN(name));
}

/* --- what is written --- */

/* Takes "[...]" behind a name. */
static int
take_brackets(struct lex *l, struct str *inside)
{
	size_t from = l->at++;
	char c;

	while ((c = lex_peek(l)) && c != ']')
		l->at++;
	*inside = (struct str){l->line.s + from + 1, l->at - from - 1};
	if (!c)
		return lex_fail(l, from, "this '[' has no ']'");
	l->at++;
	return 0;
}

static int
take_header(struct lex *l, struct check_field *f)
{
	size_t at = l->at + 1;
	struct str name;

	if (lex_peek(l) != '[')
		return lex_fail(l, l->at, "a header name in brackets is missing: h[Server]");
	if (take_brackets(l, &name) != 0)
		return -1;
	if (!head_is_token(name) || memchr(name.s, '*', name.n))
		return lex_fail(l, at, "'%.*s' is not the name of a header field", LEX_SHOWN(name));
	f->header = lex_lower(name);
	return 0;
}

static int
take_glob(struct lex *l, struct check_field *f)
{
	size_t at = l->at + 1;
	struct str glob;

	if (lex_peek(l) != '[')
		return lex_fail(l, l->at, "a name in brackets is missing: cookie[sid], cookie[*]");
	if (take_brackets(l, &glob) != 0)
		return -1;
	if (!glob.n)
		return lex_fail(l, at, "a name is missing; '*' is any");
	f->glob = lex_lower(glob);
	f->header = lex_copy(STR("set-cookie"));
	f->vacuous = true;
	return 0;
}

/* What stands behind the '.' of h[name]. or cookie[glob]. */
static int
take_part(struct lex *l, struct check_field *f)
{
	size_t at = l->at;
	struct str part = lex_name(l, false);

	if (!part.n && f->glob.s)
		return lex_fail(l, at, "behind this '.' stands an attribute, as in cookie[*].Secure");
	if (!part.n)
		return lex_fail(l, at, "behind this '.' stands count, first, last, list, age or a directive");
	for (size_t i = 0; i < sizeof picks / sizeof *picks && !f->glob.s; i++)
		if (str_eq_fold(part, str_of(picks[i].name))) {
			f->each = picks[i].each;
			f->number = picks[i].number;
			return 0;
		}
	f->part = lex_copy(part);
	f->each = f->glob.s ? slots_attribute : slots_directive;
	return 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "hop[n]." or "final.", if that is next. */
static int
take_response(struct lex *l, struct check_field *f)
{
	size_t from = l->at;
	struct str word = lex_name(l, false), digits;

	if (str_eq_fold(word, STR("final")) && lex_take(l, "."))
		return 0;
	if (!str_eq_fold(word, STR("hop")) || lex_peek(l) != '[') {
		l->at = from;
		return 0;
	}
	from = l->at + 1;
	if (take_brackets(l, &digits) != 0)
		return -1;
	for (size_t i = 0; i < digits.n && f->hop <= HOP_MAX; i++)
		f->hop = is_digit(digits.s[i]) ? f->hop * 10 + (size_t)(digits.s[i] - '0') : HOP_MAX + 1;
	if (f->hop < 1 || f->hop > HOP_MAX)
		return lex_fail(l, from, "an earlier response has a number from 1 to %d", HOP_MAX);
	if (!lex_take(l, "."))
		return lex_fail(l, l->at, "a '.' and a field are missing, as in hop[1].status");
	return 0;
}

static int
take_field(struct lex *l, struct check_field *f)
{
	const struct field_row *row = slots_rows;
	struct str name;
	size_t at;

	if (take_response(l, f) != 0)
		return -1;
	at = l->at;
	name = lex_name(l, true);
	while (row->name && !str_eq_fold(name, str_of(row->name)))
		row++;
	if (!row->name)
		return unknown(l, at, name);
	if (f->hop && !row->hops)
		return lex_fail(l, at, "of an earlier response, %s is not known", row->name);
	f->row = row;
	f->each = row->each ? row->each : slots_fact;
	f->number = row->number;
	f->version = row->version;
	if (!row->brackets) {
		if (row->each)
			f->header = lex_lower(name);
		return 0;
	}
	if ((row->each == slots_cookies ? take_glob(l, f) : take_header(l, f)) != 0)
		return -1;
	return lex_take(l, ".") ? take_part(l, f) : 0;
}

struct check_field *
slots_field(struct lex *l, struct intern *names)
{
	struct check_field *f = xcalloc(1, sizeof *f);
	size_t from = l->at;

	if (take_field(l, f) != 0) {
		check_field_free(f);
		return NULL;
	}
	f->written = lex_copy((struct str){l->line.s + from, l->at - from});
	if (names && f->header.s)
		f->id = intern_add(names, f->header);
	return f;
}

/* --- a field that stands alone --- */

struct check_field *
check_field_new(struct str text, size_t *at, struct err *e)
{
	struct lex l = {.line = text, .e = e};
	struct check_field *f = slots_field(&l, NULL);

	if (f && l.at < text.n) {
		lex_fail(&l, l.at, "behind '%.*s' stands something that is no part of a field", LEX_SHOWN(f->written));
		check_field_free(f);
		f = NULL;
	}
	if (!f)
		*at = l.wrong;
	return f;
}

struct joined {
	struct buf *b;
	bool any;
};

static bool
join(void *arg, const struct slot *s)
{
	struct joined *j = arg;
	char text[NUMBER_TEXT];

	if (!s->has)
		return true;
	if (j->any)
		buf_str(j->b, STR(", "));
	buf_str(j->b, s->is_number ? number_text(s->number, text) : s->text);
	j->any = true;
	return true;
}

bool
check_field_text(const struct check_field *f, const struct result *r, struct buf *b)
{
	struct joined j = {b, false};
	struct view v;

	v.unfolded = v.unquoted = (struct buf){0};
	slots_begin(&v, r, NULL);
	slots_each(f, &v, join, &j);
	slots_end(&v);
	return j.any;
}

void
check_field_free(struct check_field *f)
{
	if (!f)
		return;
	free((char *)f->header.s);
	free((char *)f->glob.s);
	free((char *)f->part.s);
	free((char *)f->written.s);
	free(f);
}
