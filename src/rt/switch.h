/*
 * rt/switch.h: leaving one stack for another. One of switch_x86_64.S, switch_aarch64.S and switch_ucontext.c is built;
 * configure chooses. Only rt/coro.c calls these.
 */
#ifndef RT_SWITCH_H
#define RT_SWITCH_H

/*
 * Leaves the running stack, putting where it stopped at *from, and goes on where `to` stopped. Returns on the old stack
 * when somebody switches back, with the value that they gave.
 */
void *switch_to(void **from, void *to, void *value);

/*
 * Where a new stack "stopped" so that the first switch to it calls entry(value) at its top, 16-aligned. Nothing is
 * below entry for an unwinder to find; entry must never return.
 */
void *switch_make(char *low, char *top, void (*entry)(void *value));

#endif
