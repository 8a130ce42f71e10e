/* check/list.h: values that are lists: of elements (RFC 9110 section 5.6.1), of directives, of parameters. */
#ifndef CHECK_LIST_H
#define CHECK_LIST_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Cuts the next element that is not empty off *rest, which begins as the whole list; without blanks around it. Elements
 * end at ',', or if semicolons at ';' too, but not inside a quoted string. False: there are no more.
 */
bool list_next(struct str *rest, bool semicolons, struct str *element);

/* "name=value", "name value" or "name", whose value is empty; blanks around '=' do not count. */
void list_pair(struct str element, struct str *name, struct str *value);

/* The value of the first element of this name, case folded, of a list with ';' and ','. As it is written. */
bool list_directive(struct str list, struct str name, struct str *value);

/* What a quoted string stands for, which may be in b; any other value as it is. */
struct str list_unquoted(struct str value, struct buf *b);

#endif
