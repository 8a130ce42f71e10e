/* base/set.h: a set of texts, exact and compact: for millions of names. */
#ifndef BASE_SET_H
#define BASE_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Memory: each text's own bytes, one more for its length (five from 255 bytes on), its extra bytes, and 7 to 14 bytes
 * of a table. While the table grows, which it does by doubling, the old one is there as well.
 */
struct set;

/* An empty one, with so many extra bytes beside each text. The caller frees with set_free. */
struct set *set_new(size_t extra);

/*
 * The extra bytes of this text, which is added if it is not there: then *added is set, and they are zero. They may
 * stand at any address, and are valid until the next set_add.
 */
char *set_add(struct set *s, struct str text, bool *added);

/* Those of a text that is there, else NULL. */
char *set_find(const struct set *s, struct str text);

/* How many texts there are, and how many bytes of memory they take. */
size_t set_count(const struct set *s);
size_t set_memory(const struct set *s);

void set_free(struct set *s);

#endif
