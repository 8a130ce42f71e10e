/* tests/unit/helper.h: shared by the unit tests: input that ends where memory ends, comparisons that name the row. */
#ifndef TESTS_UNIT_HELPER_H
#define TESTS_UNIT_HELPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

#define ROWS(rows) (sizeof(rows) / sizeof *(rows))

enum { GUARDED_MAX = 1 << 17 };

/*
 * A copy of s whose last byte is the last one before an unmapped page: who reads further crashes. Valid until the next
 * call.
 */
static inline struct str
guarded(struct str s)
{
	static char *end;

	assert_true(s.n <= GUARDED_MAX);
	if (!end) {
		size_t page = (size_t)sysconf(_SC_PAGESIZE);
		char *map = mmap(NULL, GUARDED_MAX + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		assert_true(map != MAP_FAILED);
		end = map + GUARDED_MAX;
		assert_int_equal(mprotect(end, page, PROT_NONE), 0);
	}
	if (s.n)
		memcpy(end - s.n, s.s, s.n);
	return (struct str){end - s.n, s.n};
}

/* The same with a NUL at its end, which is then the last byte. */
static inline const char *
guarded_cstr(struct str s)
{
	char *copy = test_malloc(s.n + 1);
	struct str placed;

	memcpy(copy, s.s, s.n);
	copy[s.n] = '\0';
	placed = guarded((struct str){copy, s.n + 1});
	test_free(copy);
	return placed.s;
}

/* n times c, for what is too long; freed by nobody. */
static inline struct str
repeated(char c, size_t n)
{
	char *s = malloc(n + 1);

	assert_non_null(s);
	memset(s, c, n);
	s[n] = '\0';
	return (struct str){s, n};
}

/* got is want; row says which row of a table it was about. */
static inline void
expect_str(struct str row, struct str got, struct str want)
{
	struct buf text = {0};

	if (str_eq(got, want))
		return;
	text_show(&text, row);
	buf_str(&text, STR(": got \""));
	text_show(&text, got);
	buf_str(&text, STR("\", want \""));
	text_show(&text, want);
	buf_str(&text, STR("\""));
	fail_msg("%s", buf_cstr(&text));
}

static inline void
expect_int(struct str row, long long got, long long want)
{
	char shown[200];

	if (got == want)
		return;
	text_show_into(shown, sizeof shown, row);
	fail_msg("%s: got %lld, want %lld", shown, got, want);
}

/* *e is of this kind, and a sentence as err.h promises: not empty, UTF-8, without control bytes and full stop. */
static inline void
expect_err(struct str row, const struct err *e, enum err_kind kind)
{
	struct str text = str_of(e->text);
	struct buf shown = {0};

	expect_int(row, e->kind, kind);
	text_show(&shown, text);
	expect_str(row, text, buf_view(&shown));
	expect_int(row, text.n > 0 && text.s[text.n - 1] != '\n', true);
	buf_clear(&shown);
}

#endif
