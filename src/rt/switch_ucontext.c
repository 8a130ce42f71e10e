/* rt/switch_ucontext.c: the switch for all other systems, by ucontext: a system call each time, but everywhere. */
#include "rt/switch.h"

#include <stdint.h>
#include <stdlib.h>
#include <ucontext.h>

/* Where a stack stopped. It lives on that stack: in the frame of switch_to, or at the top of a new one. */
struct place {
	ucontext_t context;
	void *value; /* from whoever switches here */
	void (*entry)(void *value);
};

/* ucontext_t has room for vector registers that nobody has seen yet: on aarch64, four kilobytes */
#pragma GCC diagnostic ignored "-Wframe-larger-than="

void *
switch_to(void **from, void *to, void *value)
{
	struct place here, *there = to;

	there->value = value;
	*from = &here;
	if (swapcontext(&here.context, &there->context) != 0)
		abort(); /* it fails only for stacks that makecontext was lied to about */
	return here.value;
}

/* The first thing on a new stack. makecontext passes ints only, so its place comes in halves. */
static void
switch_start(unsigned high, unsigned low)
{
	struct place *p = (struct place *)(uintptr_t)((uint64_t)high << 32 | low);

	p->entry(p->value);
	abort();
}

void *
switch_make(char *low, char *top, void (*entry)(void *value))
{
	uintptr_t at = ((uintptr_t)top - sizeof(struct place)) & ~(uintptr_t)63;
	struct place *p = (struct place *)at;

	if (getcontext(&p->context) != 0)
		abort();
	p->entry = entry;
	p->context.uc_stack.ss_sp = low;
	p->context.uc_stack.ss_size = (size_t)((char *)p - low);
	p->context.uc_link = NULL;
	makecontext(&p->context, (void (*)(void))switch_start, 2, (unsigned)((uint64_t)at >> 32), (unsigned)at);
	return p;
}
