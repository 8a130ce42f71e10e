/* check/place.h: a place in a line, as people are shown it. */
#ifndef CHECK_PLACE_H
#define CHECK_PLACE_H

#include <stddef.h>

#include "base/buf.h"

/* The column of the byte at this offset, which may be the end: characters, from 1. A tab is one; so is a stray byte. */
size_t place_column(struct str line, size_t at);

/*
 * Adds two lines, each with its LF: the line, fit to be shown and cut if it is long, and a caret below the place. A tab
 * is shown as a space.
 */
void place_excerpt(struct buf *b, struct str line, size_t at);

#endif
