/* base/glob.c: patterns for whole texts. */
#include "base/glob.h"

#include <stdint.h>

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* After a mismatch the last "*" takes one byte more: what it took before was enough for all that stands before it. */
static inline __attribute__((always_inline)) bool
match(struct str glob, struct str s, bool fold)
{
	size_t g = 0, i = 0, star = SIZE_MAX, taken = 0;

	while (i < s.n) {
		if (g < glob.n && glob.s[g] == '*')
			star = g++, taken = i;
		else if (g < glob.n && (glob.s[g] == '?' || glob.s[g] == (fold ? lower(s.s[i]) : s.s[i])))
			g++, i++;
		else if (star != SIZE_MAX)
			g = star + 1, i = ++taken;
		else
			return false;
	}
	while (g < glob.n && glob.s[g] == '*')
		g++;
	return g == glob.n;
}

bool
glob_match(struct str glob, struct str s)
{
	return match(glob, s, false);
}

bool
glob_match_fold(struct str glob, struct str s)
{
	return match(glob, s, true);
}
