/* check/regex.h: regular expressions of PCRE2, which is in a module that is loaded with the first of them. */
#ifndef CHECK_REGEX_H
#define CHECK_REGEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct regex;

/*
 * fold: the case of ASCII letters makes no difference. Works on bytes. NULL: with ERR_INPUT and *at the offset in
 * source of what is wrong, or with ERR_LOCAL if there is no module. The caller frees with regex_free.
 */
struct regex *regex_new(struct str source, bool fold, size_t *at, struct err *e);

/*
 * Is there a match in s? Always takes as many steps for the same two texts, which go off *steps: if those do not
 * suffice, the answer is REGEX_GAVE_UP. All of REGEX_STEPS take a few milliseconds at most.
 */
enum { REGEX_STEPS = 64000 };
enum regex_answer { REGEX_NO, REGEX_YES, REGEX_GAVE_UP };
enum regex_answer regex_match(const struct regex *x, struct str s, size_t *steps);

void regex_free(struct regex *x);

/* What the module regex.so offers. It needs nothing else of ours. */
enum { REGEX_WHY = 128 };
struct regex_module {
	/* NULL with a sentence in why. */
	void *(*compile)(const char *source, size_t n, bool fold, size_t *at, char why[REGEX_WHY]);
	enum regex_answer (*match)(const void *code, const char *s, size_t n, size_t *steps);
	void (*free)(void *code);
};
extern const struct regex_module regex_module;

#endif
