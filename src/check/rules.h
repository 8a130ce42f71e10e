/* check/rules.h: the checks of a run, one by one, and where they come from. */
#ifndef CHECK_RULES_H
#define CHECK_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "check/checks.h"
#include "check/expr.h"
#include "check/parse.h"
#include "check/scope.h"
#include "check/share.h"

struct rule {
	struct parsed parsed; /* slices of line */
	char *line;           /* owned */
	char *shown;          /* parsed.text fit to be shown, if it is not; owned; NULL: it is */
	const struct scope *scope;
	const char *file; /* of checks.files */
	size_t number;    /* of its line */
};

struct checks {
	struct rule *v;
	size_t n, cap;
	struct share share; /* of their expressions */
	struct scope *scopes;
	char **files; /* as they are shown */
	size_t nfiles;
	size_t arguments; /* that checks_add was given */
	struct buf excerpt;
	bool told; /* what is wrong has its place and its excerpt: it is of a file that was included */
	struct judge judge;
	struct check_outcomes outcomes;
	size_t outcomes_cap;
	struct buf found; /* what outcomes.found are slices of */
};

/* A file that is being read, or the arguments. */
struct source {
	const struct source *outer; /* that includes it; NULL: none */
	const char *shown;          /* in messages; of checks.files */
	struct str folder;          /* files that it includes are in; with '/' at its end, or empty */
	dev_t dev;                  /* with ino: 0 for arguments */
	ino_t ino;
	size_t number; /* of the line that is read */
	size_t depth;
	const struct scope *base;  /* all that is in the file is limited by it */
	const struct scope *scope; /* what follows is */
	bool argument;
};

/* A line without its line end: a check, a section, an include, or nothing. 0, or -1 with a whole message in *e. */
int rules_line(struct checks *c, struct source *s, struct str line, struct err *e);

/* A copy of the name that lives as long as c. */
const char *rules_file(struct checks *c, const char *name);

/* Bytes of a line, at most. */
enum { RULES_LINE_MAX = 8192 };

/* Says what is wrong at this offset of the line; is -1. */
int rules_fail(struct checks *c, const struct source *s, struct str line, size_t at, const struct err *why,
    struct err *e);

/* The file that is read because `outer` includes it at the line's offset, or the user asks (outer is NULL). 0 or -1. */
int rules_read(struct checks *c, const struct source *outer, const char *path, const char *shown, struct err *e);

/*
 * What is behind '@', or the name of a preset: sets *path, NUL behind it, and *shown to what messages call it. 0, or
 * -1 with ERR_INPUT if there is no such preset. The caller clears both.
 */
int rules_find(const struct source *outer, struct str name, struct buf *path, struct buf *shown, struct err *e);
int rules_find_preset(struct str name, struct buf *path, struct buf *shown, struct err *e);

#endif
