/* check/intern.h: the field names that checks are about, each with a number, and where they are in a response. */
#ifndef CHECK_INTERN_H
#define CHECK_INTERN_H

#include <stdint.h>

#include "base/buf.h"
#include "fetch/result.h"

enum { INTERN_BUCKETS = 256 };

/* All zero is none. The holder ends it with intern_clear. */
struct intern {
	struct interned *v;
	size_t n, cap;
	uint32_t bucket[INTERN_BUCKETS]; /* of names with this hash, the last one, from 1; 0: none */
	uint32_t *next;                  /* of a field of the response, the next of its name */
	size_t next_cap;
};

/* "There is no such field." */
enum { INTERN_NONE = UINT32_MAX };

struct interned {
	struct str name;      /* in lower case; owned */
	uint32_t chain;       /* the next name with its hash, from 1; 0: none */
	uint32_t first, last; /* fields of the response, from 0, or INTERN_NONE */
};

/* The number of this name, case folded. It is the same for every name that is added again. */
size_t intern_add(struct intern *in, struct str name);

/* Finds all of them among the fields of r: afterwards first, last and next tell. Allocates only for more fields. */
void intern_find(struct intern *in, const struct result *r);

void intern_clear(struct intern *in);

#endif
