/* check/scope.h: sections of check files: the targets that checks are for. */
#ifndef CHECK_SCOPE_H
#define CHECK_SCOPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "check/lex.h"
#include "fetch/result.h"

/* A section; NULL is all targets. */
struct scope {
	const struct scope *outer; /* which limits it, too; borrowed */
	struct str *globs;         /* in lower case; owned, as is tag */
	size_t nglobs;             /* 0: any target */
	struct str tag;            /* a glob; s is NULL: any tag, or none */
	struct scope *next;        /* for the owner */
};

/*
 * Takes "[" glob {"," glob} ["tag=" word] "]", once or more, which all must match, and all that is left of l. *scope is
 * set to the last of them, or to outer if there is no limit; each that is made is put before *all, to be freed by the
 * caller with scope_free. 0 or -1.
 */
int scope_take(struct lex *l, const struct scope *outer, struct scope **all, const struct scope **scope);

/* Are checks of this scope for r's target? */
bool scope_holds(const struct scope *scope, const struct result *r);

/* Adds the sections, as scope_take reads them. */
void scope_write(const struct scope *scope, struct buf *b);

/* Frees *scope and all behind it. */
void scope_free(struct scope *scope);

#endif
