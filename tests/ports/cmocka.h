/* ports/cmocka.h: as much of cmocka as unit/stack.c and unit/coro.c need, for processors that we have no cmocka for. */
#ifndef PORTS_CMOCKA_H
#define PORTS_CMOCKA_H

#include <stdio.h>
#include <string.h>

struct CMUnitTest {
	const char *name;
	void (*run)(void **state);
};

static jmp_buf port_skipped;

#define cmocka_unit_test(f) {#f, f}
#define cmocka_run_group_tests(tests, setup, teardown) port_run(tests, sizeof(tests) / sizeof *(tests))

#define skip() longjmp(port_skipped, 1)
#define fail_msg(...) (printf(__VA_ARGS__), puts(""), exit(1))
#define assert_true(x) ((x) ? (void)0 : fail_msg("%s:%d: not true: %s", __FILE__, __LINE__, #x))
#define assert_false(x) assert_true(!(x))
#define assert_null(p) assert_true((p) == NULL)
#define assert_non_null(p) assert_true((p) != NULL)
#define assert_ptr_equal(a, b) assert_true((a) == (b))
#define assert_int_equal(a, b) assert_true((a) == (b))
#define assert_string_equal(a, b) assert_true(strcmp((a), (b)) == 0)
#define assert_memory_equal(a, b, n) assert_true(memcmp((a), (b), (n)) == 0)

/* The first failure ends the program; so this returns 0. */
static inline int
port_run(const struct CMUnitTest *tests, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (setjmp(port_skipped) == 0) {
			tests[i].run(NULL);
			printf("ok %s\n", tests[i].name);
		} else {
			printf("skipped %s\n", tests[i].name);
		}
		fflush(stdout);
	}
	return 0;
}

#endif
