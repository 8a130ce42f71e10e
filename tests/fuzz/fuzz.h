/* tests/fuzz/fuzz.h: what a fuzz target is, and how it says that a promise is broken. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

/* What libFuzzer, or replay.c, calls with one input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The promise, true of every input. Not assert, which a build may leave out. */
#define HOLDS(promise) \
	do { \
		if (!(promise)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #promise); \
			abort(); \
		} \
	} while (0)

/* Is there a byte that must not reach a terminal or a line of a request? */
static inline bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.s[i] < 0x20 || s.s[i] == 0x7f)
			return true;
	return false;
}

/* What err.h says of a sentence. */
static inline void
check_err(const struct err *e, enum err_kind kind)
{
	HOLDS(e->kind == kind);
	HOLDS(memchr(e->text, '\0', sizeof e->text) != NULL);
	HOLDS(e->text[0] != '\0');
	HOLDS(!has_control(str_of(e->text)) && text_is_utf8(str_of(e->text)));
}

#endif
