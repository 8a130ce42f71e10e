/* base/near.c: the distance between words: how many letters must be put in, left out, changed or swapped. */
#include "base/near.h"

#include <ctype.h>

struct near
near_to(struct str word)
{
	return (struct near){.word = word, .distance = (word.n + 1) / 3 + 1};
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static int
at(struct str s, size_t i)
{
	return tolower((unsigned char)s.s[i - 1]);
}

/* By the table of distances between their beginnings, of which three rows are enough. */
static size_t
distance(struct str a, struct str b)
{
	size_t rows[3][NEAR_MAX + 1], *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b.n; j++)
		before[j] = above[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *next = before;

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			row[j] = least(above[j] + 1, row[j - 1] + 1);
			row[j] = least(row[j], above[j - 1] + (at(a, i) != at(b, j)));
			if (i > 1 && j > 1 && at(a, i) == at(b, j - 1) && at(a, i - 1) == at(b, j))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		before = above, above = row, row = next;
	}
	return above[b.n];
}

void
near_try(struct near *n, struct str name)
{
	size_t d;

	if (n->word.n > NEAR_MAX || name.n > NEAR_MAX)
		return;
	d = distance(n->word, name);
	if (d < n->distance) {
		n->best = name;
		n->distance = d;
	}
}
