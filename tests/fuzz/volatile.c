/*
 * tests/fuzz/volatile.c: any bytes as a line of the list of what is volatile, up to the first line end; as the name of a
 * field, up to the second; and as its value.
 */
#include "awget/volatile.h"

#include <string.h>

#include "fuzz.h"

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

/* What counts is one line without blanks at its start; asked again of that, nothing more goes. */
static void
check_value(const struct volatile_list *v, struct str name, struct str value)
{
	struct buf once = {0}, twice = {0};

	if (volatile_value(v, name, value, &once)) {
		HOLDS(!once.n || (!memchr(once.s, '\n', once.n) && once.s[0] != ' ' && once.s[0] != '\t'));
		HOLDS(volatile_value(v, name, buf_view(&once), &twice));
		HOLDS(str_eq(str_trim(buf_view(&once)), str_trim(buf_view(&twice))));
	} else {
		HOLDS(once.n == 0);
	}
	buf_clear(&once);
	buf_clear(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size}, line = take_line(&rest), name = take_line(&rest);
	struct volatile_list *none = volatile_new(), *v = volatile_new();
	struct err e = {0};

	check_value(none, name, rest);
	if (volatile_add(v, line, &e) != 0)
		check_err(&e, ERR_INPUT);
	check_value(v, name, rest);
	volatile_free(none);
	volatile_free(v);
	return 0;
}
