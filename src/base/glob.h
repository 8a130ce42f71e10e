/* base/glob.h: patterns for whole texts: "*" is any bytes, also none, "?" is any one byte. */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Is s, all of it, what the glob says? Takes at most as many steps as the product of their lengths.
 */
bool glob_match(struct str glob, struct str s);

/* The same but for the case of ASCII letters in s; the glob is in lower case. */
bool glob_match_fold(struct str glob, struct str s);

#endif
