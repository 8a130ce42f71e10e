/* base/mem.c: memory, or an end with a message. */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
mem_end(void)
{
	static const char text[] = "awget: out of memory\n";

	/* stdio would want memory itself */
	(void)!write(STDERR_FILENO, text, sizeof text - 1);
	quick_exit(MEM_EXIT);
}

void
mem_zero(void *p, size_t size)
{
	memset(p, 0, size);
}

void *
xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		mem_end();
	return p;
}

void *
xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		mem_end();
	return p;
}

void *
xrealloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		mem_end();
	return p;
}

char *
xmemdup(const char *s, size_t n)
{
	char *p;

	if (n == SIZE_MAX)
		mem_end();
	p = xmalloc(n + 1);
	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *
xstrdup(const char *s)
{
	return xmemdup(s, strlen(s));
}
