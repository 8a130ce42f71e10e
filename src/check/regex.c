/* check/regex.c: regular expressions, for which the module regex.so is loaded. */
#include "check/regex.h"

#include <stdlib.h>

#include "base/install.h"
#include "base/mem.h"

struct regex {
	void *code;
};

static const struct regex_module *module;

struct regex *
regex_new(struct str source, bool fold, size_t *at, struct err *e)
{
	char why[REGEX_WHY];
	struct regex *x;
	void *code;

	*at = 0;
	if (!module && !(module = install_symbol("regex", "regex_module", e)))
		return NULL;
	code = module->compile(source.s, source.n, fold, at, why);
	if (!code) {
		err_set(e, ERR_INPUT, "this regular expression: %s", why);
		return NULL;
	}
	x = xmalloc(sizeof *x);
	x->code = code;
	return x;
}

enum regex_answer
regex_match(const struct regex *x, struct str s, size_t *steps)
{
	return module->match(x->code, s.n ? s.s : "", s.n, steps);
}

void
regex_free(struct regex *x)
{
	if (!x)
		return;
	module->free(x->code);
	free(x);
}
