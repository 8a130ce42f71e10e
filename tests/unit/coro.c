/* unit/coro.c: coroutines pass values, clean up, nest, keep their registers, and say so when their stack overflows. */
#include "rt/coro.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <unwind.h>

#include <cmocka.h>

#include "cases.h"

static struct coro *
start(const char *name, coro_fn *fn, void *arg)
{
	struct err e;
	struct coro *c = coro_new(name, fn, arg, &e);

	assert_non_null(c);
	return c;
}

/* Fails on each value that is not one more than the last; yields its double. */
static void *
doubler(void *arg)
{
	int *seen = arg, *value = coro_yield(NULL);

	while (value) {
		*seen = *value;
		*value *= 2;
		value = coro_yield(value);
	}
	return seen;
}

static void
values_go_both_ways(void **state)
{
	int seen = 0;
	struct coro *c = start("doubler", doubler, &seen);

	(void)state;
	assert_null(coro_resume(c, NULL));
	for (int i = 1; i <= 100; i++) {
		int value = i, *got = coro_resume(c, &value);

		assert_int_equal(seen, i);
		assert_ptr_equal(got, &value);
		assert_int_equal(value, 2 * i);
	}
	coro_close(c);
}

static void
the_first_resume_drops_its_value(void **state)
{
	int seen = 0, one = 1, two = 2;
	struct coro *c = start("doubler", doubler, &seen);

	(void)state;
	coro_resume(c, &one);
	assert_int_equal(seen, 0);
	coro_resume(c, &two);
	assert_int_equal(seen, 2);
	coro_close(c);
}

static void
what_the_function_returns_is_the_value_of_the_last_resume(void **state)
{
	int seen = 0;
	struct coro *c = start("doubler", doubler, &seen);

	(void)state;
	coro_resume(c, NULL);
	assert_false(coro_done(c));
	assert_ptr_equal(coro_resume(c, NULL), &seen);
	assert_true(coro_done(c));
	coro_close(c);
}

struct ending {
	int yields, nulls, cleaned;
	bool closing_before, closing_after;
};

static void *
yields_while_closing(void *arg)
{
	struct ending *x = arg;

	x->closing_before = coro_closing();
	x->yields++;
	if (!coro_yield(x))
		x->nulls++;
	x->closing_after = coro_closing();
	for (int i = 0; i < 3; i++)
		if (!coro_yield(x))
			x->nulls++;
	x->cleaned++;
	return x;
}

static void
close_lets_it_walk_out_through_its_clean_up(void **state)
{
	struct ending x = {0};
	struct coro *c = start("ending", yields_while_closing, &x);

	(void)state;
	assert_ptr_equal(coro_resume(c, NULL), &x);
	assert_int_equal(x.cleaned, 0);
	coro_close(c);
	assert_int_equal(x.cleaned, 1);
	assert_int_equal(x.nulls, 4); /* each yield came back at once, with NULL */
	assert_false(x.closing_before);
	assert_true(x.closing_after);
	assert_false(coro_closing());
}

static void
one_that_never_began_is_closed_without_being_run(void **state)
{
	struct ending x = {0};

	(void)state;
	coro_close(start("ending", yields_while_closing, &x));
	assert_int_equal(x.yields, 0);
	assert_int_equal(x.cleaned, 0);
	coro_close(NULL);
}

static void *
closes_another(void *arg)
{
	coro_yield(NULL);
	coro_close(arg);
	return NULL;
}

static void
clean_up_may_close_others(void **state)
{
	struct ending x = {0};
	struct coro *inner = start("inner", yields_while_closing, &x), *outer = start("outer", closes_another, inner);

	(void)state;
	coro_resume(inner, NULL);
	coro_resume(outer, NULL);
	coro_close(outer);
	assert_int_equal(x.cleaned, 1);
}

enum { DEPTH = 100 };

/* Number n makes number n + 1 inside itself, and hands its values out. */
static void *
nested(void *arg)
{
	uintptr_t n = (uintptr_t)arg;
	struct coro *me = coro_self(), *inner;

	if (n == DEPTH)
		return (void *)n;
	inner = start("nested", nested, (void *)(n + 1));
	while (!coro_done(inner)) {
		void *value = coro_resume(inner, NULL);

		assert_ptr_equal(coro_self(), me);
		coro_yield(value);
	}
	coro_close(inner);
	return (void *)n;
}

static void
coroutines_run_inside_coroutines(void **state)
{
	struct coro *c = start("nested", nested, (void *)0);

	(void)state;
	/* each end passes through all that are around it */
	for (uintptr_t n = DEPTH; n > 0; n--)
		assert_int_equal((uintptr_t)coro_resume(c, NULL), n);
	assert_int_equal((uintptr_t)coro_resume(c, NULL), 0);
	assert_true(coro_done(c));
	assert_null(coro_self());
	coro_close(c);
}

static void *
counter(void *arg)
{
	for (uintptr_t n = 1; !coro_closing(); n++)
		coro_yield((void *)n);
	return arg;
}

static void *
asks_once(void *arg)
{
	coro_yield(coro_resume(arg, NULL));
	coro_yield(coro_resume(arg, NULL));
	return NULL;
}

static void
a_yield_goes_to_whoever_resumed(void **state)
{
	struct coro *shared = start("counter", counter, NULL);
	struct coro *a = start("a", asks_once, shared), *b = start("b", asks_once, shared);

	(void)state;
	assert_int_equal((uintptr_t)coro_resume(a, NULL), 1);
	assert_int_equal((uintptr_t)coro_resume(b, NULL), 2);
	assert_int_equal((uintptr_t)coro_resume(shared, NULL), 3);
	assert_int_equal((uintptr_t)coro_resume(b, NULL), 4);
	assert_int_equal((uintptr_t)coro_resume(a, NULL), 5);
	coro_close(a);
	coro_close(b);
	coro_close(shared);
}

/* Nothing may stand between the entry and printf here: a stack that begins 8 bytes off fails only for such calls. */
static void *
prints_a_double(void *arg)
{
	snprintf(arg, 32, "%.3f %.1Lf", 3.25, 2.5L);
	return NULL;
}

static void *
has_aligned_locals(void *arg)
{
	_Alignas(16) volatile char local[16] = {0};

	*(uintptr_t *)arg = (uintptr_t)local;
	return NULL;
}

static void
the_stack_is_aligned_from_the_first_call_on(void **state)
{
	char text[32];
	uintptr_t at = 1;
	struct coro *a = start("print", prints_a_double, text), *b = start("locals", has_aligned_locals, &at);

	(void)state;
	coro_resume(a, NULL);
	assert_string_equal(text, "3.250 2.5");
	coro_resume(b, NULL);
	assert_int_equal(at % 16, 0);
	coro_close(a);
	coro_close(b);
}

static uintptr_t
bits(double d)
{
	uintptr_t u = 0;

	memcpy(&u, &d, sizeof u);
	return u;
}

/* More live values, whole and floating, than a processor has registers that a callee keeps. */
static void *
keeps_its_registers(void *arg)
{
	uintptr_t s = (uintptr_t)arg, a = s + 1, b = s + 2, c = s + 3, d = s + 4, f = s + 5, g = s + 6;
	double h = (double)s + .5, i = h * 2, j = h * 3, k = h * 4, l = h * 5, m = h * 6, n = h * 7, o = h * 8;

	for (int turn = 0; turn < 1000; turn++) {
		coro_yield(NULL);
		a += b, b += c, c += d, d += f, f += g, g += s;
		h += i, i += j, j += k, k += l, l += m, m += n, n += o, o += (double)turn;
	}
	return (void *)(a ^ b ^ c ^ d ^ f ^ g ^ bits(h + i + j + k + l + m + n + o));
}

static uintptr_t
run_alone(uintptr_t seed)
{
	struct coro *c = start("alone", keeps_its_registers, (void *)seed);
	void *value = NULL;

	while (!coro_done(c))
		value = coro_resume(c, NULL);
	coro_close(c);
	return (uintptr_t)value;
}

static void
a_switch_keeps_what_is_in_registers(void **state)
{
	struct coro *c[7];
	void *value[7];

	(void)state;
	for (uintptr_t i = 0; i < 7; i++)
		c[i] = start("many", keeps_its_registers, (void *)(i * 1000));
	while (!coro_done(c[6]))
		for (int i = 0; i < 7; i++)
			value[i] = coro_resume(c[i], NULL);
	for (uintptr_t i = 0; i < 7; i++) {
		assert_int_equal((uintptr_t)value[i], run_alone(i * 1000));
		coro_close(c[i]);
	}
}

/* Where a coroutine begins; the portable switch has no such name. */
extern const char switch_start[] __attribute__((weak));

struct backtrace {
	int frames;
	const char *outermost;
	_Unwind_Reason_Code end;
};

static _Unwind_Reason_Code
one_frame(struct _Unwind_Context *context, void *arg)
{
	struct backtrace *b = arg;
	const char *at = (const char *)_Unwind_GetIP(context);

	if (at)
		b->outermost = at;
	return b->frames++ < 1000 ? _URC_NO_REASON : _URC_NORMAL_STOP;
}

static void *
traces_itself(void *arg)
{
	struct backtrace *b = arg;

	coro_yield(NULL);
	*b = (struct backtrace){0};
	b->end = _Unwind_Backtrace(one_frame, b);
	return NULL;
}

static void *
resumes_twice(void *arg)
{
	coro_resume(arg, NULL);
	coro_resume(arg, NULL);
	return NULL;
}

static void
a_backtrace_ends_where_the_coroutine_begins(void **state)
{
	struct backtrace b;
	struct coro *inner = start("inner", traces_itself, &b), *outer = start("outer", resumes_twice, inner);

	(void)state;
	coro_resume(outer, NULL);
	assert_int_equal(b.end, _URC_END_OF_STACK);
	assert_true(b.frames >= 3);
	if (switch_start)
		assert_true(b.outermost > switch_start && b.outermost < switch_start + 32);
	coro_close(inner);
	coro_close(outer);
}

static void
fifty_thousand_live_at_once(void **state)
{
	int n = RUNNING_ON_VALGRIND ? 500 : WITH_ASAN ? 5000 : 50000;
	struct coro **c = calloc((size_t)n, sizeof *c);

	(void)state;
	for (int i = 0; i < n; i++)
		c[i] = start("one of many", counter, NULL);
	for (uintptr_t turn = 1; turn <= 3; turn++)
		for (int i = 0; i < n; i++)
			assert_true(coro_resume(c[i], NULL) == (void *)turn);
	for (int i = 0; i < n; i++)
		coro_close(c[i]);
	free(c);
}

static void
one_after_another_they_use_the_memory_of_one(void **state)
{
	size_t before;

	(void)state;
	if (RUNNING_ON_VALGRIND)
		skip();
	run_alone(1);
	before = process_size(1);
	for (int i = 0; i < 100; i++)
		run_alone(1);
	for (int i = 0; i < 1000; i++) {
		struct coro *c = start("short", counter, NULL);

		coro_resume(c, NULL);
		coro_close(c);
	}
	assert_true(process_size(1) < before + (1 << 20));
}

static void *
looks_at_itself(void *arg)
{
	assert_ptr_equal(coro_self(), *(struct coro **)arg);
	return NULL;
}

static void
it_knows_itself_and_its_name(void **state)
{
	struct coro *c;

	(void)state;
	c = start("somebody", looks_at_itself, &c);
	assert_string_equal(coro_name(c), "somebody");
	assert_null(coro_self());
	coro_resume(c, NULL);
	assert_null(coro_self());
	coro_close(c);
}

static void
local_bytes_are_aligned_and_zero_also_the_second_time(void **state)
{
	static const char zero[CORO_LOCAL];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct coro *c = start("local", counter, NULL);

		assert_int_equal((uintptr_t)coro_local(c) % _Alignof(max_align_t), 0);
		assert_memory_equal(coro_local(c), zero, CORO_LOCAL);
		memset(coro_local(c), 0xff, CORO_LOCAL);
		coro_resume(c, NULL);
		coro_resume(c, NULL);
		coro_close(c);
	}
}

/* Uses n KiB and some of stack, and yields at the bottom of it. */
static int
dig(int n)
{
	volatile char frame[1024];

	for (int i = 0; i < 1024; i++)
		frame[i] = (char)n;
	if (n == 0)
		coro_yield(NULL);
	else if (dig(n - 1) != n - 1)
		return -1;
	return frame[0] == (char)n && frame[1023] == (char)n ? n : -1;
}

static void *
digs(void *arg)
{
	return (void *)(intptr_t)dig((int)(intptr_t)arg);
}

static void
fifty_kilobytes_of_stack_can_be_used(void **state)
{
	struct coro *a = start("a", digs, (void *)50), *b = start("b", digs, (void *)50);

	(void)state;
	coro_resume(a, NULL);
	coro_resume(b, NULL);
	assert_int_equal((intptr_t)coro_resume(a, NULL), 50);
	assert_int_equal((intptr_t)coro_resume(b, NULL), 50);
	coro_close(a);
	coro_close(b);
}

/* The cases: a coroutine too deep, in a process of its own. */
static int
overflow(void)
{
	struct err e;
	struct coro *c = coro_new("deep one", digs, (void *)1000, &e);

	if (!c || RUNNING_ON_VALGRIND)
		return SKIPPED;
	coro_resume(c, NULL);
	return 1;
}

static struct own_case plain_overflow = {.run = overflow};

static int
overflow_inside(void)
{
	struct err e;
	struct coro *c = coro_new("around it", nested, (void *)(DEPTH - 1), &e);

	if (!c || RUNNING_ON_VALGRIND)
		return SKIPPED;
	coro_resume(c, NULL);
	return overflow();
}

static struct own_case second_overflow = {.run = overflow_inside};

static void
assert_says_overflow(const struct own_case *c, int signo)
{
	if (EMULATED || own_case_skipped(c))
		skip();
	if (WITH_ASAN) { /* it comes first, with a backtrace */
		assert_non_null(strstr(c->text, "stack-overflow"));
		return;
	}
	assert_string_equal(c->text, "awget: stack overflow in coroutine 'deep one'\n");
	assert_true(WIFSIGNALED(c->status));
	assert_int_equal(WTERMSIG(c->status), signo);
}

static void
a_stack_overflow_names_the_coroutine_and_ends_by_sigsegv(void **state)
{
	(void)state;
	assert_says_overflow(&plain_overflow, SIGSEGV);
	assert_says_overflow(&second_overflow, SIGSEGV);
}

static int
overflow_without_madvise(void)
{
	return deny_madvise_guards() ? overflow() : SKIPPED;
}

static struct own_case mprotect_overflow = {.run = overflow_without_madvise};

static void
the_same_where_guards_are_mprotected(void **state)
{
	(void)state;
	assert_says_overflow(&mprotect_overflow, SIGSEGV);
}

/* Deep enough to be over the edge, not so deep that it meets the stack below. */
static int
overflow_without_guards(void)
{
	struct err e;
	struct coro *c;

	if (WITH_ASAN || RUNNING_ON_VALGRIND || !deny_madvise_guards() || !deny_mprotect_guards())
		return SKIPPED;
	for (int kib = 50; kib < 70; kib++) {
		c = coro_new("deep one", digs, (void *)(intptr_t)kib, &e);
		coro_resume(c, NULL);
		coro_resume(c, NULL);
		coro_close(c);
	}
	return 1;
}

static struct own_case canary_overflow = {.run = overflow_without_guards};

static void
where_there_are_no_guards_the_next_switch_tells(void **state)
{
	(void)state;
	if (own_case_skipped(&canary_overflow))
		skip();
	assert_says_overflow(&canary_overflow, SIGABRT);
}

/* Guards of all kinds in one process, where one kind can end only with a chunk. */
static int
switch_after_guards_ran_out(void)
{
	static struct coro *c[300];
	struct err e;

	for (int i = 0; i < 300; i++) {
		if ((i == 50 && !deny_madvise_guards()) || (i == 200 && !deny_mprotect_guards()))
			return SKIPPED;
		c[i] = coro_new("one", counter, NULL, &e);
		if (!c[i] || coro_resume(c[i], NULL) != (void *)1)
			return 1;
	}
	for (int i = 0; i < 300; i++) {
		if (coro_resume(c[i], NULL) != (void *)2)
			return 2;
		coro_close(c[i]);
	}
	return 0;
}

static struct own_case guards_ran_out = {.run = switch_after_guards_ran_out};

static void
when_guards_run_out_the_earlier_ones_go_on(void **state)
{
	(void)state;
	if (own_case_skipped(&guards_ran_out))
		skip();
	assert_int_equal(guards_ran_out.status, 0);
}

static void *
faults(void *arg)
{
	*(volatile int *)arg = 1;
	return NULL;
}

static int
fault_elsewhere(void)
{
	struct err e;
	struct coro *c = coro_new("bad pointer", faults, (void *)64, &e);

	if (!c || RUNNING_ON_VALGRIND || WITH_ASAN)
		return SKIPPED;
	coro_resume(c, NULL);
	return 1;
}

static struct own_case other_fault = {.run = fault_elsewhere};

static void
a_fault_elsewhere_is_not_called_an_overflow(void **state)
{
	(void)state;
	if (own_case_skipped(&other_fault))
		skip();
	assert_null(strstr(other_fault.text, "overflow"));
	assert_true(WIFSIGNALED(other_fault.status));
	assert_int_equal(WTERMSIG(other_fault.status), SIGSEGV);
}

static void *
kills_itself(void *arg)
{
	kill(getpid(), SIGSEGV);
	return arg;
}

static int
sent_signal(void)
{
	struct err e;
	struct coro *c = coro_new("target of a signal", kills_itself, NULL, &e);

	if (!c || RUNNING_ON_VALGRIND || WITH_ASAN)
		return SKIPPED;
	coro_resume(c, NULL);
	return 1;
}

static struct own_case sent = {.run = sent_signal};

static void
a_signal_that_was_sent_still_kills(void **state)
{
	(void)state;
	if (own_case_skipped(&sent))
		skip();
	assert_null(strstr(sent.text, "overflow"));
	assert_true(WIFSIGNALED(sent.status));
}

static int
out_of_memory(void)
{
	static struct coro *c[1000];
	struct err e;
	int n = 0;

	if (!limit_memory(48 << 20))
		return SKIPPED;
	while (n < 1000 && (c[n] = coro_new("one", counter, NULL, &e)))
		n++;
	if (n == 0 || n == 1000 || e.kind != ERR_LOCAL)
		return 1;
	for (int i = 0; i < n; i++)
		if (coro_resume(c[i], NULL) != (void *)1)
			return 2;
	coro_close(c[0]);
	c[0] = coro_new("again", counter, NULL, &e);
	return c[0] && coro_resume(c[0], NULL) == (void *)1 ? 0 : 3;
}

static struct own_case no_memory = {.run = out_of_memory};

static void
without_memory_a_new_one_is_an_error_and_the_others_go_on(void **state)
{
	(void)state;
	if (own_case_skipped(&no_memory))
		skip();
	assert_int_equal(no_memory.status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_stack_is_aligned_from_the_first_call_on),
		cmocka_unit_test(values_go_both_ways),
		cmocka_unit_test(the_first_resume_drops_its_value),
		cmocka_unit_test(what_the_function_returns_is_the_value_of_the_last_resume),
		cmocka_unit_test(close_lets_it_walk_out_through_its_clean_up),
		cmocka_unit_test(one_that_never_began_is_closed_without_being_run),
		cmocka_unit_test(clean_up_may_close_others),
		cmocka_unit_test(coroutines_run_inside_coroutines),
		cmocka_unit_test(a_yield_goes_to_whoever_resumed),
		cmocka_unit_test(a_switch_keeps_what_is_in_registers),
		cmocka_unit_test(a_backtrace_ends_where_the_coroutine_begins),
		cmocka_unit_test(fifty_thousand_live_at_once),
		cmocka_unit_test(one_after_another_they_use_the_memory_of_one),
		cmocka_unit_test(it_knows_itself_and_its_name),
		cmocka_unit_test(local_bytes_are_aligned_and_zero_also_the_second_time),
		cmocka_unit_test(fifty_kilobytes_of_stack_can_be_used),
		cmocka_unit_test(a_stack_overflow_names_the_coroutine_and_ends_by_sigsegv),
		cmocka_unit_test(the_same_where_guards_are_mprotected),
		cmocka_unit_test(where_there_are_no_guards_the_next_switch_tells),
		cmocka_unit_test(when_guards_run_out_the_earlier_ones_go_on),
		cmocka_unit_test(a_fault_elsewhere_is_not_called_an_overflow),
		cmocka_unit_test(a_signal_that_was_sent_still_kills),
		cmocka_unit_test(without_memory_a_new_one_is_an_error_and_the_others_go_on),
	};
	struct own_case *own[] = {&plain_overflow, &second_overflow, &mprotect_overflow, &canary_overflow, &guards_ran_out,
	    &other_fault, &sent, &no_memory};

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		own_case_run(own[i]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
