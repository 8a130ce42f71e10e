/* tests/fuzz/exclude.c: any lines as rules; a rule that was taken is about what it says, and stays so. */
#include "net/exclude.h"

#include "fuzz.h"

/* Does it hold for the rule itself, as far as it is a plain name or address? */
static void
check_rule(const struct exclude *x, struct str line)
{
	char text[300];
	struct addr a;
	struct err e;

	line = str_trim(line);
	if (!line.n || line.n >= sizeof text || memchr(line.s, '#', line.n) || memchr(line.s, '/', line.n))
		return;
	for (size_t i = 0; i < line.n; i++)
		if (line.s[i] <= ' ') /* not ASCII, either: those become other names */
			return;
	memcpy(text, line.s, line.n);
	text[line.n] = '\0';
	if (addr_parse(&a, text, 0))
		HOLDS(exclude_addr(x, &a, &e) != 0);
	else
		HOLDS(exclude_name(x, text + (*text == '.'), &e) != 0);
	check_err(&e, ERR_EXCLUDED);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct exclude *x = exclude_new();
	const char *s = (const char *)data, *end = s + n;
	struct err e;

	for (size_t line = 1; s < end; line++) {
		const char *lf = memchr(s, '\n', (size_t)(end - s));
		struct str rule = {s, (size_t)((lf ? lf : end) - s)};

		if (exclude_add(x, rule, line, &e) == 0)
			check_rule(x, rule);
		else
			check_err(&e, ERR_INPUT);
		s += rule.n + (lf != NULL);
	}
	exclude_free(x);
	return 0;
}
