/* base/excerpt.h: the place in a text of the user's where something is wrong: numbers, and a line with a caret. */
#ifndef BASE_EXCERPT_H
#define BASE_EXCERPT_H

#include <stddef.h>

#include "base/buf.h"

/* Both from 1. A column is a character of UTF-8, or a byte that is none. */
struct excerpt_place {
	size_t line, column;
};

/* Where the byte at offset `at` is, which is at most text.n. Lines end with LF. */
struct excerpt_place excerpt_place(struct str text, size_t at);

/*
 * Adds the line that the byte at offset `at` is in, fit to be shown and cut around it if it is long, and one with a
 * caret below that byte; each ends with LF.
 */
void excerpt_add(struct buf *b, struct str text, size_t at);

#endif
