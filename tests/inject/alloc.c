/*
 * tests/inject/alloc.c: allocations that fail. To be loaded before all else (LD_PRELOAD); it counts from main() on.
 *
 *	INJECT_FILE   what is counted, as struct notes has it; it is mapped, so it is whole however the program ends
 *	INJECT_AT=N   the Nth allocation fails, from 1; 0: none
 *	INJECT_ALL=1  and so do all after it
 *
 * Needs glibc, whose beginning of programs it takes over. valgrind, which puts its own allocator in the place of every
 * other, leaves this one alone with --soname-synonyms=somalloc=nouserintercepts.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PLACES = 1 << 16, FRAMES = 24, STORY = 2048 };

/* inject.py reads this. */
struct notes {
	uint64_t count;  /* allocations */
	uint64_t failed; /* of these */
	uint64_t nfirst;
	uint64_t first[PLACES]; /* the number of each that is the first of its place, which is a whole backtrace */
	char story[STORY];      /* where the first one failed: "FUNCTION SIZE OBJECT+OFFSET OBJECT+OFFSET ..." */
};

static struct notes *notes;
static uint64_t at;
static bool all, on, busy;
static uint64_t seen[PLACES]; /* hashes of places */

/* Is it the first from this place? The backtrace itself may allocate, which does not count. */
static void
note_place(void)
{
	void *frames[FRAMES];
	uint64_t hash = 14695981039346656037u;
	int n = backtrace(frames, FRAMES);

	for (int i = 2; i < n; i++)
		hash = (hash ^ (uintptr_t)frames[i]) * 1099511628211u;
	for (size_t i = hash % PLACES, left = PLACES; left && notes->nfirst < PLACES; i = (i + 1) % PLACES, left--) {
		if (seen[i] == hash)
			return;
		if (!seen[i]) {
			seen[i] = hash;
			notes->first[notes->nfirst++] = notes->count;
			return;
		}
	}
}

static void
tell_place(const char *function, size_t size)
{
	void *frames[FRAMES];
	int n = backtrace(frames, FRAMES);
	size_t used = (size_t)snprintf(notes->story, STORY, "%s %zu", function, size);

	for (int i = 2; i < n && used + 1 < STORY; i++) {
		Dl_info info;
		const char *name;

		if (!dladdr(frames[i], &info) || !info.dli_fname)
			continue;
		name = strrchr(info.dli_fname, '/');
		used += (size_t)snprintf(notes->story + used, STORY - used, " %s+%#zx",
		    name ? name + 1 : info.dli_fname, (size_t)((char *)frames[i] - (char *)info.dli_fbase));
	}
}

/* Does this allocation fail? */
static bool
fails(const char *function, size_t size)
{
	bool failed;

	if (!on || busy)
		return false;
	busy = true;
	notes->count++;
	failed = at && (all ? notes->count >= at : notes->count == at);
	if (!at)
		note_place();
	if (failed && !notes->failed++)
		tell_place(function, size);
	busy = false;
	if (failed)
		errno = ENOMEM;
	return failed;
}

/* NEXT(malloc)(n): the function of the allocator itself. */
#define NEXT(name) (next_##name ? next_##name : (*(void **)&next_##name = dlsym(RTLD_NEXT, #name), next_##name))

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static void *(*next_memalign)(size_t, size_t);

void *
malloc(size_t size)
{
	return fails("malloc", size) ? NULL : NEXT(malloc)(size);
}

void *
calloc(size_t n, size_t size)
{
	return fails("calloc", n * size) ? NULL : NEXT(calloc)(n, size);
}

void *
realloc(void *p, size_t size)
{
	return fails("realloc", size) ? NULL : NEXT(realloc)(p, size);
}

void *
memalign(size_t alignment, size_t size)
{
	return fails("memalign", size) ? NULL : NEXT(memalign)(alignment, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int
posix_memalign(void **to, size_t alignment, size_t size)
{
	void *p = memalign(alignment, size);

	if (!p)
		return ENOMEM;
	*to = p;
	return 0;
}

void *
mmap(void *where, size_t size, int protection, int flags, int fd, off_t offset)
{
	if (fails("mmap", size))
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, where, size, protection, flags, fd, offset);
}

static void
open_notes(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, sizeof *notes) != 0)
		_exit(125);
	notes = mmap(NULL, sizeof *notes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (notes == MAP_FAILED)
		_exit(125);
}

static int (*real_main)(int, char **, char **);

static int
counted_main(int argc, char **argv, char **env)
{
	const char *path = getenv("INJECT_FILE"), *n = getenv("INJECT_AT"), *rest = getenv("INJECT_ALL");
	void *frames[FRAMES];

	/* not in what starts it, such as valgrind */
	if (path && strcmp(program_invocation_short_name, "awget") == 0) {
		open_notes(path);
		at = n ? strtoull(n, NULL, 10) : 0;
		all = rest && *rest == '1';
		backtrace(frames, FRAMES); /* the first one loads a library */
		on = true;
	}
	return real_main(argc, argv, env);
}

/* Called by the program's beginning. */
int
__libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, int (*init)(int, char **, char **),
    void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
	int (*next)(int (*)(int, char **, char **), int, char **, int (*)(int, char **, char **), void (*)(void),
	    void (*)(void), void *);

	*(void **)&next = dlsym(RTLD_NEXT, "__libc_start_main");
	real_main = main;
	return next(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}
