/* awget/template.h: -w: text with %{name} in it. */
#ifndef AWGET_TEMPLATE_H
#define AWGET_TEMPLATE_H

#include <stdbool.h>

#include "awget/verdict.h"
#include "base/buf.h"
#include "base/err.h"
#include "fetch/result.h"

struct template;

/* Bytes that a template's file may have. */
enum { TEMPLATE_FILE_MAX = 1 << 20 };

/*
 * Understands a template, or, behind "@", what a file holds ("-": standard input), whose line ends are not part of it.
 * NULL with ERR_LOCAL (the file), or ERR_INPUT and "FILE:LINE:COLUMN: SENTENCE" ("-w" being the file's name); then
 * excerpt, which may be NULL, is added the line that is wrong and one with a caret (check/place.h). The caller frees
 * with template_free.
 */
struct template *template_new(const char *text, struct buf *excerpt, struct err *e);

/* Adds what it comes to for r. No control byte but those of the template itself. */
void template_fill(const struct template *t, const struct result *r, const struct verdict *v, struct buf *b);

void template_free(struct template *t);

/* What a %{name} stands for. */
struct template_name {
	const char *name;
	/* Adds it as it is; false, and nothing is added, if there is none. */
	bool (*put)(const struct result *r, const struct verdict *v, struct buf *b);
};

/* NULL if there is none of this name. */
const struct template_name *template_find(struct str name);

/* The name that was meant by a word that is none; NULL: that is not to be told. */
const char *template_meant(struct str word);

#endif
