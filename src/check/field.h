/* check/field.h: the fields of the check language: status, h[Server], cookie[*].Secure, tls.days ... of a result. */
#ifndef CHECK_FIELD_H
#define CHECK_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "fetch/result.h"

struct check_field;

/*
 * Understands a field that stands alone, as --fields and --top have it. NULL with ERR_INPUT, and *at the offset in text
 * of what is wrong. The caller frees with check_field_free. text need not outlive the call.
 */
struct check_field *check_field_new(struct str text, size_t *at, struct err *e);

/*
 * Adds the values that r has for it, as they came (folds made spaces), ", " between them. False, and nothing is added,
 * if there is none.
 */
bool check_field_text(const struct check_field *f, const struct result *r, struct buf *b);

void check_field_free(struct check_field *f);

#endif
