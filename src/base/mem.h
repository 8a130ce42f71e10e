/* base/mem.h: memory, or an end with a message. Small allocations do not fail: a caller never checks. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The exit status when memory runs out; "trouble of our own" in awget(1). */
enum { MEM_EXIT = 4 };

/* As malloc, calloc, realloc and strdup; the caller frees with free(). They never return NULL, not even for size 0. */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);
/* The n bytes at s and a NUL. s may hold NULs of its own. */
char *xmemdup(const char *s, size_t n);

/* As memset with 0, never inlined: for some hundred bytes, that is what takes the fewest instructions. */
void mem_zero(void *p, size_t size);

/*
 * What they do then, for those who allocate by other means: says so, and ends with MEM_EXIT by quick_exit, so that what
 * is registered with at_quick_exit is still done; it must not allocate.
 */
void mem_end(void) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif

#endif
