/* rt/coro.c: coroutines: new, resume, yield, close; a value each way at every switch. */
#include "rt/coro.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/apart.h"
#include "base/mem.h"
#include "rt/stack.h"
#include "rt/switch.h"

#if STACK_ASAN
#include <sanitizer/common_interface_defs.h>
#define IF_ASAN(code) code
#else
#define IF_ASAN(code)
#endif

/*
 * A coroutine lives at the top of its own stack, in a page that is touched in any case:
 *
 *	low | ............ frames, growing down | struct coro | top
 */
struct coro {
	void *sp;              /* where it stopped; while it runs, where its resumer stopped */
	struct coro *resumer;  /* NULL: the thread's own stack */
	coro_fn *fn;
	void *arg;
	const char *name;
	struct stack stack;
	bool begun, done, closing;
	IF_ASAN(void *fake_stack; const void *back_bottom; size_t back_size;)
	_Alignas(max_align_t) char local[CORO_LOCAL];
};

static struct coro *current;
static struct stack signal_stack;

static void
say(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return; /* nobody left to tell */
}

/* Async-signal-safe, and needs little stack. A name may be what a user or a list of strangers said. */
static void
report_overflow(const struct coro *c)
{
	char name[80];
	size_t n;

	for (n = 0; n < sizeof name - 1 && c->name[n]; n++)
		name[n] = c->name[n] >= 0x20 && c->name[n] < 0x7f ? c->name[n] : '?';
	name[n] = '\0';
	say("awget: stack overflow in coroutine '");
	say(name);
	say("'\n");
}

static void
on_fault(int signo, siginfo_t *info, void *context)
{
	(void)context;
	if (current && stack_guards(current->stack, info->si_addr))
		report_overflow(current);
	/* back to the default action: for the faulting instruction, which runs again, or for a signal that was sent */
	signal(signo, SIG_DFL);
	if (info->si_code <= 0)
		raise(signo);
}

/* A fault in a guard page has no stack left to be handled on, so the handler gets one of its own. Once. */
static APART int
watch_for_overflow(struct err *e)
{
	struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	stack_t ss;

	if (stack_get(&signal_stack, e) != 0)
		return -1;
	ss = (stack_t){.ss_sp = signal_stack.low, .ss_size = (size_t)(signal_stack.top - signal_stack.low)};
	sigemptyset(&sa.sa_mask);
	IF_ASAN(return 0;) /* it reports overflows itself, with a backtrace */
	if (sigaltstack(&ss, NULL) != 0 || sigaction(SIGSEGV, &sa, NULL) != 0 || sigaction(SIGBUS, &sa, NULL) != 0)
		return err_set(e, ERR_LOCAL, "no handler for stack overflows could be set: %s", strerror(errno));
	return 0;
}

/* On c's stack, c having been switched to: AddressSanitizer learns where we are and where we came from. */
static void
arrived(struct coro *c)
{
	(void)c;
	IF_ASAN(__sanitizer_finish_switch_fiber(c->fake_stack, &c->back_bottom, &c->back_size);)
}

/* From c back to its resumer. */
static void *
leave(struct coro *c, void *value)
{
	if (c->stack.canary && !stack_intact(c->stack)) {
		report_overflow(c);
		abort();
	}
	current = c->resumer;
	IF_ASAN(__sanitizer_start_switch_fiber(c->done ? NULL : &c->fake_stack, c->back_bottom, c->back_size);)
	value = switch_to(&c->sp, c->sp, value);
	arrived(c);
	return value;
}

static _Noreturn void
entry(void *value)
{
	struct coro *c = current;

	(void)value;
	arrived(c);
	value = c->fn(c->arg);
	c->done = true;
	leave(c, value);
	abort(); /* nobody resumes what is done */
}

struct coro *
coro_new(const char *name, coro_fn *fn, void *arg, struct err *e)
{
	struct stack s;
	struct coro *c;

	if ((!signal_stack.top && watch_for_overflow(e) != 0) || stack_get(&s, e) != 0)
		return NULL;
	c = (struct coro *)(void *)(s.top - sizeof *c);
	mem_zero(c, sizeof *c);
	c->name = name;
	c->fn = fn;
	c->arg = arg;
	c->stack = s;
	c->sp = switch_make(s.low, (char *)c, entry);
	return c;
}

/* Is c the running one, or the one that resumed it, and so on? Mostly asked from the thread's own stack. */
static bool
is_running(const struct coro *c)
{
	for (const struct coro *r = current; r; r = r->resumer)
		if (r == c)
			return true;
	return false;
}

void *
coro_resume(struct coro *c, void *value)
{
	IF_ASAN(void *fake; const void *bottom = c->stack.low; size_t size = (size_t)(c->stack.top - c->stack.low);)

	assert(!c->done && !is_running(c));
	c->resumer = current;
	c->begun = true;
	current = c;
	IF_ASAN(__sanitizer_start_switch_fiber(&fake, bottom, size);)
	value = switch_to(&c->sp, c->sp, value);
	IF_ASAN(__sanitizer_finish_switch_fiber(fake, NULL, NULL);)
	return value;
}

void *
coro_yield(void *value)
{
	assert(current);
	if (current->closing)
		return NULL;
	value = leave(current, value);
	return current->closing ? NULL : value;
}

void
coro_prefetch(const struct coro *c)
{
	enum { LINE = 64, LINES = 24 }; /* as much stack as a waiting fetch uses */
	const char *sp = c->sp;

#pragma GCC unroll 24 /* this is all that the loop does */
	for (int i = 0; i < LINES; i++)
		__builtin_prefetch(sp + LINE * i);
}

bool
coro_done(const struct coro *c)
{
	return c->done;
}

void
coro_close(struct coro *c)
{
	if (!c)
		return;
	c->closing = true;
	if (c->begun && !c->done)
		coro_resume(c, NULL);
	assert(!c->begun || c->done);
	stack_put(c->stack);
}

bool
coro_closing(void)
{
	return current && current->closing;
}

struct coro *
coro_self(void)
{
	return current;
}

const char *
coro_name(const struct coro *c)
{
	return c->name;
}

void *
coro_local(struct coro *c)
{
	return c->local;
}
