/* rt/stack.c: stacks: mapped in chunks, guarded, reused; valgrind is told about each. */
#include "rt/stack.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#if HAVE_VALGRIND
#include <valgrind/valgrind.h>
#else
#define VALGRIND_STACK_REGISTER(low, top) ((void)(low), (void)(top), 0)
#define RUNNING_ON_VALGRIND 0
#endif

/*
 * One mapping holds slots of a guard and a stack each; the first one a few, for a few targets, and each one after it
 * twice as many, up to CHUNK:
 *
 *	| guard | stack ........ top | guard | stack ........ top | ...
 *
 * The distance of two tops is not a power of two, or all tops would share one set of the CPU's cache. 64 KiB is seven
 * times the deepest call that was measured (a TLS handshake with a 16384-bit key); only touched pages cost memory.
 */
enum { FIRST_CHUNK = 8, CHUNK = 64 };
#if STACK_ASAN
enum { USABLE = 256 * 1024 };
#else
enum { USABLE = 64 * 1024 };
#endif

/* Where memory is limited (setrlimit(2)), this much must be left for all else before another chunk is mapped. */
enum { HEAP = 8 << 20 };

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102 /* Linux 6.13: a guard that splits no mapping */
#endif

enum guard { GUARD_MADVISE, GUARD_MPROTECT, GUARD_CANARY };

static const uint64_t canary = 0x5afe57ac4b0770ebu;

/* a free stack keeps this at its top, in the page that its last user touched in any case */
struct spare {
	struct spare *next;
	struct stack stack;
};

static struct spare *spares;
static size_t guard_size;  /* a page; 0: not known yet */
static size_t slot;        /* guard and stack */
static char *chunk;        /* of the newest chunk, the first slot that was never handed out */
static size_t chunk_left;  /* slots from there on */
static size_t chunk_size;  /* slots of it in all; 0: there is none */
static enum guard guard_kind = GUARD_MADVISE;
static size_t mprotects, mprotect_limit;

/*
 * Each mprotect'ed guard splits its mapping in two, and the number of mappings is limited (65,530 by default): a
 * quarter of them is ours.
 */
static size_t
read_mprotect_limit(void)
{
	FILE *f = fopen("/proc/sys/vm/max_map_count", "re");
	unsigned long n = 65530;

	if (f) {
		if (fscanf(f, "%lu", &n) != 1)
			n = 65530;
		fclose(f);
	}
	return n / 4;
}

/* The guards of a chunk of n by one system call, as advice to ourselves. Did it work? */
static bool
advise_guards(char *at, size_t n)
{
	static int self = -1; /* a pidfd, made for the first chunk, and again after fork */
	static pid_t whom;
	struct iovec v[CHUNK];

	if (RUNNING_ON_VALGRIND)
		return false; /* it does not know these calls, and says so */
	if (whom != getpid()) {
		if (self >= 0)
			close(self);
		whom = getpid();
		self = (int)syscall(SYS_pidfd_open, whom, 0);
	}
	for (size_t i = 0; i < n; i++)
		v[i] = (struct iovec){at + i * slot, guard_size};
	return self >= 0 && syscall(SYS_process_madvise, self, v, n, MADV_GUARD_INSTALL, 0) ==
	    (long)(n * guard_size);
}

/* False if there can be none. */
static bool
install_guard(char *at)
{
	if (guard_kind == GUARD_MPROTECT && (mprotects++ >= mprotect_limit || mprotect(at, guard_size, PROT_NONE) != 0))
		guard_kind = GUARD_CANARY;
	return guard_kind != GUARD_CANARY;
}

static int
map_chunk(struct err *e)
{
	size_t n = !chunk_size ? FIRST_CHUNK : chunk_size < CHUNK ? 2 * chunk_size : CHUNK;
	size_t size, spare = chunk ? HEAP : 0; /* one chunk is needed in any case */
	char *p;

	if (!guard_size) {
		guard_size = (size_t)sysconf(_SC_PAGESIZE);
		slot = guard_size + USABLE;
	}
	size = n * slot;
	p = mmap(NULL, size + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK,
	    -1, 0);
	if (p == MAP_FAILED)
		return err_set(e, ERR_LOCAL, "no memory for another stack: %s", strerror(errno));
	if (spare)
		munmap(p + size, spare);
	/* a huge page would make one touched page cost 2 MB; kernels without huge pages refuse, which is as good */
	(void)!madvise(p, size, MADV_NOHUGEPAGE);
	if (guard_kind == GUARD_MADVISE && !advise_guards(p, n)) {
		guard_kind = GUARD_MPROTECT;
		mprotect_limit = read_mprotect_limit();
	}
	chunk = p;
	chunk_left = chunk_size = n;
	return 0;
}

int
stack_get(struct stack *s, struct err *e)
{
	if (spares) {
		*s = spares->stack;
		spares = spares->next;
		return 0;
	}
	if (!chunk_left && map_chunk(e) != 0)
		return -1;
	*s = (struct stack){chunk + guard_size, chunk + slot, !install_guard(chunk)};
	if (s->canary)
		memcpy(s->low, &canary, sizeof canary);
	(void)VALGRIND_STACK_REGISTER(s->low, s->top);
	chunk += slot;
	chunk_left--;
	return 0;
}

void
stack_put(struct stack s)
{
	struct spare *p = (struct spare *)(void *)(s.top - sizeof *p);

	p->next = spares;
	p->stack = s;
	spares = p;
}

bool
stack_guards(struct stack s, const void *address)
{
	const char *a = address;

	return a >= s.low - guard_size && a < s.low;
}

bool
stack_intact(struct stack s)
{
	return memcmp(s.low, &canary, sizeof canary) == 0;
}
