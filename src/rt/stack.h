/* rt/stack.h: stacks: mapped in chunks, guarded, reused; valgrind is told about each. */
#ifndef RT_STACK_H
#define RT_STACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* AddressSanitizer wants larger stacks, and to be told of every switch; gcc and clang say in two ways that it is on. */
#if defined __SANITIZE_ADDRESS__
#define STACK_ASAN 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define STACK_ASAN 1
#endif
#endif

/* The usable bytes are [low, top); below low lies the guard. Both ends are page-aligned. */
struct stack {
	char *low, *top;
	bool canary; /* the system let us have no guard: see stack_intact */
};

/*
 * A stack: the one that was given back last, or a new one. Its bytes are what its last user left there. 0, or -1 with
 * ERR_LOCAL when no more memory can be mapped. Does not wait.
 */
int stack_get(struct stack *s, struct err *e);

/* Gives a stack back. Its pages stay resident for the next user, so that the peak of stacks in use is what counts. */
void stack_put(struct stack s);

/* Is this an address in the guard below s? */
bool stack_guards(struct stack s, const void *address);

/* Of a stack with a canary: false if its lowest bytes have been written to, the only sign of an overflow it gives. */
bool stack_intact(struct stack s);

#endif
