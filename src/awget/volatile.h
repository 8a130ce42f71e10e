/* awget/volatile.h: which header fields, or parts of them, do not count when answers are compared: the list of them. */
#ifndef AWGET_VOLATILE_H
#define AWGET_VOLATILE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* The data file of what is volatile nearly everywhere (base/install.h); its head says what a line may be. */
#define VOLATILE_FILE "volatile"

struct volatile_list;

/* An empty list, for which everything counts. */
struct volatile_list *volatile_new(void);

/* Adds the lines of a file. 0, or -1 with ERR_LOCAL if it cannot be read, or a line (which is named) makes no sense. */
int volatile_read(struct volatile_list *v, const char *path, struct err *e);

/*
 * Adds one line, without comment: "NAME", "NAME value", "NAME cookie" or "NAME nonce", NAME with any number of "*". 0,
 * or -1 with ERR_INPUT.
 */
int volatile_add(struct volatile_list *v, struct str line, struct err *e);

/*
 * Adds to b what counts of a value of the field `name`: unfolded, without blanks around it, and "*" for what does not
 * count. So two values that differ only in what is volatile give the same. There is no LF in it. False, and nothing is
 * added, if the whole field does not count.
 */
bool volatile_value(const struct volatile_list *v, struct str name, struct str value, struct buf *b);

/*
 * Is there a line of just this name, which is in lower case, and no pattern? So the list can name things that are no
 * fields.
 */
bool volatile_ignores(const struct volatile_list *v, struct str name);

void volatile_free(struct volatile_list *v);

#endif
