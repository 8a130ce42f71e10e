/* check/checks.h: the checks of a run: read from the command line, files and presets; held against results. */
#ifndef CHECK_CHECKS_H
#define CHECK_CHECKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "fetch/result.h"

struct checks;

/* Skipped: its guard ("if ... then") did not hold. A failed check that begins with "warn:" is only a warning. */
enum check_verdict { CHECK_PASS, CHECK_SKIP, CHECK_WARN, CHECK_FAIL };

/* How one check came out for one result. */
struct check_outcome {
	enum check_verdict verdict;
	struct str id;    /* s is NULL: it has none */
	struct str text;  /* the check as it was written, without "warn:" and id; fit to be shown, as id is */
	struct str found; /* of CHECK_WARN and CHECK_FAIL, what was found instead: fit to be shown, cut if long */
};

struct check_outcomes {
	struct check_outcome *v;
	size_t n, failed, warned;
};

/* No checks. The caller frees with checks_free. */
struct checks *checks_new(void);

/*
 * Adds a check, as -e has it; adds the checks of a file; those of the file NAME.checks that comes with the program
 * (base/install.h). 0, or -1: with ERR_LOCAL if a file cannot be read, with ERR_INPUT and "FILE:LINE:COLUMN: SENTENCE"
 * if it makes no sense. The n-th text of checks_add is line n of a file "-e". Nothing is borrowed.
 */
int checks_add(struct checks *c, const char *text, struct err *e);
int checks_add_file(struct checks *c, const char *path, struct err *e);
int checks_add_preset(struct checks *c, const char *name, struct err *e);

/*
 * After a failure with ERR_INPUT that has a place: the line that is wrong and one with a caret below, each with its LF,
 * fit to be shown; else empty.
 */
struct str checks_excerpt(const struct checks *c);

size_t checks_count(const struct checks *c);

/* Adds what --list-checks shows: a check file of all checks, with where each comes from in a comment. */
void checks_list(const struct checks *c, struct buf *b);

/*
 * The outcomes of all checks that are for r's target, in their order. r has answered. Valid until the next call. Does
 * not wait; no check takes long: regular expressions have a limit, and one that comes to it has failed and says so.
 */
const struct check_outcomes *checks_judge(struct checks *c, const struct result *r);

/* "pass", "skip", "warn", "fail". */
const char *check_verdict_name(enum check_verdict verdict);

void checks_free(struct checks *c);

#endif
