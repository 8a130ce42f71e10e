/*
 * tests/fuzz/checks.c: any bytes as a check file, up to the first byte 0x1e, and as the field lines of a response behind
 * it. Includes are not followed: a line that begins with '@' is left out.
 */
#include "check/checks.h"

#include <math.h>
#include <string.h>

#include "check/field.h"
#include "check/rules.h"
#include "fetch/result.h"
#include "fuzz.h"
#include "http/head.h"

/* Cuts what stands before the next c from *rest. */
static struct str
take_until(struct str *rest, char c)
{
	const char *at = rest->n ? memchr(rest->s, c, rest->n) : NULL;
	struct str piece = {rest->s, at ? (size_t)(at - rest->s) : rest->n};
	size_t used = piece.n + (at != NULL);

	rest->s += used, rest->n -= used;
	return piece;
}

static void
add_fields(struct result *r, struct str lines)
{
	size_t at = 0;

	buf_str(&r->head, lines);
	while (at < r->head.n) {
		const char *start = r->head.s + at, *lf = memchr(start, '\n', r->head.n - at);
		struct str line = {start, lf ? (size_t)(lf - start) : r->head.n - at}, name, value;
		struct field *last = r->nfields ? &r->fields[r->nfields - 1] : NULL;
		enum head_kind kind;

		at += line.n + 1;
		if (!line.n)
			continue;
		kind = head_field(line, &name, &value);
		if (kind == HEAD_FOLD && last) {
			last->value_n = (uint32_t)(value.s + value.n - r->head.s) - last->value;
			last->folded = true;
		} else if (kind == HEAD_FIELD) {
			*result_add_field(r) = (struct field){(uint32_t)(name.s - r->head.s), (uint32_t)name.n,
			    (uint32_t)(value.s - r->head.s), (uint32_t)value.n, false};
		}
	}
	r->head_n = r->head.n;
}

static bool
is_shown(struct str s)
{
	return !has_control(s) && text_is_utf8(s);
}

static void
check_outcomes(const struct checks *c, const struct check_outcomes *o)
{
	size_t failed = 0, warned = 0;

	HOLDS(o->n <= checks_count(c));
	for (size_t i = 0; i < o->n; i++) {
		const struct check_outcome *one = &o->v[i];

		failed += one->verdict == CHECK_FAIL;
		warned += one->verdict == CHECK_WARN;
		HOLDS(one->text.n > 0);
		HOLDS((one->found.n > 0) == (one->verdict >= CHECK_WARN));
		HOLDS(is_shown(one->found));
	}
	HOLDS(o->failed == failed && o->warned == warned);
}

/* A line that is wrong is told of in one sentence and two lines. */
static void
check_trouble(const struct checks *c, const struct err *e)
{
	struct str excerpt = checks_excerpt(c), first = take_until(&excerpt, '\n'), second = take_until(&excerpt, '\n');

	check_err(e, ERR_INPUT);
	HOLDS(excerpt.n == 0 && second.n > 0 && second.s[second.n - 1] == '^');
	HOLDS(is_shown(first) && is_shown(second));
}

/* What is listed is a check file of as many checks, which is listed as itself. */
static void
check_list(const struct checks *c)
{
	struct checks *again = checks_new();
	struct source s = {.shown = "again"};
	struct buf list = {0};
	struct str rest;
	struct err e;

	checks_list(c, &list);
	rest = buf_view(&list);
	while (rest.n) {
		struct str line = take_until(&rest, '\n');

		s.number++;
		/* where a check comes from makes its line longer */
		if (line.n <= RULES_LINE_MAX)
			HOLDS(rules_line(again, &s, line, &e) == 0);
	}
	HOLDS(checks_count(again) <= checks_count(c));
	buf_clear(&list);
	checks_free(again);
}

static void
check_field(struct str text, const struct result *r)
{
	size_t at = 0;
	struct err e = {0};
	struct check_field *f = check_field_new(text, &at, &e);
	struct buf b = {0};

	if (f) {
		HOLDS(check_field_text(f, r, &b) || b.n == 0);
	} else {
		check_err(&e, ERR_INPUT);
		HOLDS(at <= text.n);
	}
	buf_clear(&b);
	check_field_free(f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size}, file = take_until(&rest, '\x1e');
	struct checks *c = checks_new();
	struct source s = {.shown = "fuzz"};
	struct result r;
	struct err e = {0};

	result_init(&r, 1, STR("www.a.test"));
	r.status = 200;
	r.time = 784111777;
	r.tag = STR("web");
	add_fields(&r, rest);
	while (file.n) {
		struct str line = take_until(&file, '\n');

		s.number++;
		check_field(line, &r);
		if (line.n && (memchr(line.s, '@', line.n)))
			continue;
		if (rules_line(c, &s, line, &e) != 0)
			check_trouble(c, &e);
	}
	check_outcomes(c, checks_judge(c, &r));
	check_outcomes(c, checks_judge(c, &r));
	check_list(c);
	checks_free(c);
	result_clear(&r);
	return 0;
}
