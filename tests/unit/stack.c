/* unit/stack.c: stacks are apart, guarded, cheap, and reused. */
#include "rt/stack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cases.h"

enum { MANY = 200 };

static struct stack
get(void)
{
	struct stack s;
	struct err e;

	assert_int_equal(stack_get(&s, &e), 0);
	return s;
}

static size_t
size_of(struct stack s)
{
	return (size_t)(s.top - s.low);
}

/* Could the kernel read a byte there? */
static bool
is_accessible(const char *at)
{
	bool can;
	int fds[2];

	if (pipe(fds) != 0)
		return true;
	can = write(fds[1], at, 1) == 1;
	close(fds[0]), close(fds[1]);
	return can;
}

static void
a_stack_is_64_kib_of_whole_pages(void **state)
{
	struct stack s = get();
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	(void)state;
	assert_true(size_of(s) >= 64 * 1024);
	assert_int_equal((uintptr_t)s.low % page, 0);
	assert_int_equal((uintptr_t)s.top % page, 0);
	stack_put(s);
}

static void
all_of_a_stack_can_be_written_and_no_other_is_touched(void **state)
{
	static struct stack s[MANY];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		s[i] = get();
		memset(s[i].low, i, size_of(s[i]));
	}
	for (int i = 0; i < MANY; i++)
		for (char *p = s[i].low; p < s[i].top; p += 8)
			if (*p != (char)i)
				fail_msg("stack %d has a byte of another", i);
	for (int i = 0; i < MANY; i++)
		stack_put(s[i]);
}

static void
the_one_given_back_last_is_handed_out_first(void **state)
{
	struct stack a = get(), b = get();

	(void)state;
	stack_put(a);
	stack_put(b);
	assert_ptr_equal(get().low, b.low);
	assert_ptr_equal(get().low, a.low);
	stack_put(a);
	stack_put(b);
}

static void
one_stack_used_again_and_again_costs_one_stack(void **state)
{
	size_t before;

	(void)state;
	if (RUNNING_ON_VALGRIND) /* it needs memory for itself at any time */
		skip();
	stack_put(get());
	before = process_size(0);
	for (int i = 0; i < 10000; i++)
		stack_put(get());
	assert_true(process_size(0) <= before);
}

static void
what_is_not_touched_takes_no_memory(void **state)
{
	static struct stack s[1000];
	size_t before = process_size(1);

	(void)state;
	if (RUNNING_ON_VALGRIND)
		skip();
	for (int i = 0; i < 1000; i++)
		s[i] = get();
	/* a stack's share in page tables is far below a page; AddressSanitizer adds some of its own */
	assert_true(process_size(1) - before < 1000 * (WITH_ASAN ? 4096 : 1024));
	for (int i = 0; i < 1000; i++)
		stack_put(s[i]);
}

static void
the_guard_is_the_page_below(void **state)
{
	struct stack s = get();
	long page = sysconf(_SC_PAGESIZE);

	(void)state;
	assert_true(stack_guards(s, s.low - 1));
	assert_true(stack_guards(s, s.low - page));
	assert_false(stack_guards(s, s.low - page - 1));
	assert_false(stack_guards(s, s.low));
	assert_false(stack_guards(s, s.top));
	assert_false(stack_guards(s, NULL));
	stack_put(s);
}

/* The cases return the number of their first broken promise. */
static int
check_guarded(struct stack s)
{
	long page = sysconf(_SC_PAGESIZE);

	if (s.canary)
		return 1;
	if (is_accessible(s.low - 1) || is_accessible(s.low - page))
		return 2;
	if (!is_accessible(s.low) || !is_accessible(s.low - page - 1))
		return 3;
	return 0;
}

static int
guarded(void)
{
	struct stack first, s;
	struct err e;

	if (stack_get(&first, &e) != 0 || stack_get(&s, &e) != 0)
		return 9;
	return check_guarded(s);
}

/* A worker process whose parent has stacks already; when it gets one, it comes from a chunk of its own. */
static int
guarded_after_fork(void)
{
	struct stack s;
	struct err e;
	int status;
	pid_t pid;

	for (int i = 0; i < MANY; i++)
		if (stack_get(&s, &e) != 0)
			return 9;
	pid = fork();
	if (pid == 0) {
		for (int i = 0; i < MANY; i++)
			if (stack_get(&s, &e) != 0 || check_guarded(s) != 0)
				_exit(1);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return status;
}

static struct own_case forked = {.run = guarded_after_fork};

static struct own_case by_default = {.run = guarded};

static void
a_guard_cannot_be_touched(void **state)
{
	(void)state;
	if (EMULATED)
		skip();
	assert_int_equal(by_default.status, 0);
	assert_int_equal(forked.status, 0);
}

static int
guarded_without_madvise(void)
{
	return deny_madvise_guards() ? guarded() : SKIPPED;
}

static struct own_case by_mprotect = {.run = guarded_without_madvise};

static void
a_guard_is_mprotected_where_the_kernel_has_no_better(void **state)
{
	(void)state;
	if (own_case_skipped(&by_mprotect))
		skip();
	assert_int_equal(by_mprotect.status, 0);
}

static int
watched_by_canaries(void)
{
	struct stack before, s;
	struct err e;

	if (!deny_madvise_guards())
		return SKIPPED;
	if (guarded() != 0 || stack_get(&before, &e) != 0)
		return 9;
	if (!deny_mprotect_guards())
		return SKIPPED;
	if (stack_get(&s, &e) != 0 || !s.canary)
		return 10;
	if (check_guarded(before) != 0) /* what is guarded stays so */
		return 11;
	if (!stack_intact(s))
		return 12;
	memset(s.low + 8, 1, size_of(s) - 8);
	if (!stack_intact(s))
		return 13;
	s.low[7] ^= 1;
	return stack_intact(s) ? 14 : 0;
}

static struct own_case by_canary = {.run = watched_by_canaries};

static void
where_no_guard_can_be_had_a_canary_tells_that_the_stack_was_too_small(void **state)
{
	(void)state;
	if (own_case_skipped(&by_canary))
		skip();
	assert_int_equal(by_canary.status, 0);
}

static int
many_mprotected(void)
{
	FILE *f = fopen("/proc/sys/vm/max_map_count", "re");
	unsigned long limit = 0, n = 0;
	struct stack s;
	struct err e;

	if (f && fscanf(f, "%lu", &limit) != 1)
		limit = 0;
	/* some systems allow a million, which is not worth the time; valgrind does not go as far as any */
	if (!f || limit == 0 || limit > 70000 || RUNNING_ON_VALGRIND || !deny_madvise_guards())
		return SKIPPED;
	while (stack_get(&s, &e) == 0 && !s.canary)
		n++;
	return n == limit / 4 ? 0 : 1;
}

static struct own_case quarter = {.run = many_mprotected};

static void
mprotected_guards_take_a_quarter_of_the_mappings_that_a_process_may_have(void **state)
{
	(void)state;
	if (own_case_skipped(&quarter))
		skip();
	assert_int_equal(quarter.status, 0);
}

static int
short_of_memory(void)
{
	struct stack s, last = {0};
	struct err e;
	int n = 0;

	if (!limit_memory(32 << 20))
		return SKIPPED;
	while (n < 1000 && stack_get(&s, &e) == 0) {
		memset(s.top - 100, 1, 100);
		last = s;
		n++;
	}
	if (n == 0 || n == 1000)
		return 1;
	if (e.kind != ERR_LOCAL || strcmp(e.text, "no memory for another stack: Cannot allocate memory") != 0)
		return 2;
	stack_put(last);
	return stack_get(&s, &e) == 0 && s.low == last.low ? 0 : 3;
}

static struct own_case short_memory = {.run = short_of_memory};

static void
without_memory_there_is_an_error_and_what_is_there_stays_good(void **state)
{
	(void)state;
	if (own_case_skipped(&short_memory))
		skip();
	assert_int_equal(short_memory.status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stack_is_64_kib_of_whole_pages),
		cmocka_unit_test(all_of_a_stack_can_be_written_and_no_other_is_touched),
		cmocka_unit_test(the_one_given_back_last_is_handed_out_first),
		cmocka_unit_test(one_stack_used_again_and_again_costs_one_stack),
		cmocka_unit_test(what_is_not_touched_takes_no_memory),
		cmocka_unit_test(the_guard_is_the_page_below),
		cmocka_unit_test(a_guard_cannot_be_touched),
		cmocka_unit_test(a_guard_is_mprotected_where_the_kernel_has_no_better),
		cmocka_unit_test(where_no_guard_can_be_had_a_canary_tells_that_the_stack_was_too_small),
		cmocka_unit_test(mprotected_guards_take_a_quarter_of_the_mappings_that_a_process_may_have),
		cmocka_unit_test(without_memory_there_is_an_error_and_what_is_there_stays_good),
	};

	own_case_run(&by_default);
	own_case_run(&forked);
	own_case_run(&by_mprotect);
	own_case_run(&by_canary);
	own_case_run(&quarter);
	own_case_run(&short_memory);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
