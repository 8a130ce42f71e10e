/*
 * tests/fuzz/change.c: any bytes as a line of the list of what does not count, up to the first line end; then as the
 * lines of an old head, up to an empty line; and as those of a new one.
 */
#include "awget/change.h"

#include <string.h>

#include "fuzz.h"
#include "http/head.h"

/* Cuts what stands before the next LF from *rest. */
static struct str
take_line(struct str *rest)
{
	const char *lf = rest->n ? memchr(rest->s, '\n', rest->n) : NULL;
	struct str line = {rest->s, lf ? (size_t)(lf - rest->s) : rest->n};
	size_t used = line.n + (lf != NULL);

	rest->s += used, rest->n -= used;
	return line;
}

/* A line of the head, which holds it already; a fold without a field before it is none. */
static void
add_line(struct result *r, struct str line)
{
	struct field *last = r->nfields ? &r->fields[r->nfields - 1] : NULL;
	struct str name, value;

	if (head_field(line, &name, &value) != HEAD_FOLD) {
		*result_add_field(r) = (struct field){
		    .name = (uint32_t)(name.s - r->head.s),
		    .name_n = (uint32_t)name.n,
		    .value = (uint32_t)(value.s - r->head.s),
		    .value_n = (uint32_t)value.n,
		};
	} else if (last) {
		last->value_n = (uint32_t)(value.s + value.n - r->head.s) - last->value;
		last->folded = true;
	}
}

/* What *rest begins with, up to an empty line, which is dropped. */
static void
take_head(struct result *r, struct str *rest)
{
	struct str lines, line;

	result_init(r, 1, STR("target"));
	r->status = 200;
	buf_str(&r->head, *rest);
	buf_cstr(&r->head);
	lines = buf_view(&r->head);
	while (lines.n && (line = take_line(&lines)).n)
		add_line(r, line);
	rest->s += rest->n - lines.n;
	rest->n = lines.n;
}

/* What is shown is a line for each side of each change, fit for a terminal. */
static void
check_shown(const struct changes *c)
{
	struct buf b = {0};
	size_t sides = 0;
	struct str rest;

	changes_show(c, STR("  "), &b);
	for (rest = buf_view(&b); rest.n; sides--) {
		struct str line = take_line(&rest);

		sides += 2;
		HOLDS(str_starts(line, STR("  - ")) || str_starts(line, STR("  + ")));
		HOLDS(!has_control(line) && text_is_utf8(line) && line.n < 420);
	}
	for (size_t i = 0; i < c->n; i++) {
		HOLDS(c->v[i].old.s || c->v[i].new.s);
		sides -= (c->v[i].old.s != NULL) + (c->v[i].new.s != NULL);
	}
	HOLDS(sides == 0);
	buf_clear(&b);
}

/* The number of changes is the same in both directions, and 0 exactly if the digests are one. */
static void
check_pair(const struct result *a, const struct result *b, const struct volatile_list *v)
{
	struct changes c = {0};
	bool same = digest_eq(changes_digest(&c, a, v), changes_digest(&c, b, v));
	size_t n;

	changes_find(&c, a, b, v);
	check_shown(&c);
	n = c.n;
	HOLDS((n == 0) == same);
	changes_find(&c, b, a, v);
	HOLDS(c.n == n);
	changes_find(&c, a, a, v);
	HOLDS(c.n == 0);
	changes_clear(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size}, line = take_line(&rest);
	struct volatile_list *v = volatile_new();
	static struct result a, b; /* large */

	volatile_add(v, line, NULL);
	take_head(&a, &rest);
	take_head(&b, &rest);
	check_pair(&a, &b, v);
	result_clear(&a);
	result_clear(&b);
	volatile_free(v);
	return 0;
}
