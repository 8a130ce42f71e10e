/*
 * base/apart.h: a function that is not built into its callers, for the sake of their stack: what it needs is there only
 * while it runs. A task's stack has one page for all that a usual fetch calls.
 */
#ifndef BASE_APART_H
#define BASE_APART_H

#define APART __attribute__((noinline))

#endif
