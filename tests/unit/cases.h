/* unit/cases.h: cases that need a process of their own, and what the runtime's tests ask of the system. */
#ifndef UNIT_CASES_H
#define UNIT_CASES_H

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rt/stack.h"

#if HAVE_VALGRIND
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif
#if STACK_ASAN
enum { WITH_ASAN = 1 };
#else
enum { WITH_ASAN = 0 };
#endif

/* An emulator stands between us and the kernel: it asks for no guards, keeps to no limits, and has last words of its own. */
#ifndef EMULATED
#define EMULATED 0
#endif

/* What a case returns when the system cannot do what it is about. */
enum { SKIPPED = 77 };

/*
 * A case that dies, or that must begin before any stack was made. main() runs it in a child before cmocka begins (which
 * catches the signals that we want to see); the test looks at how it ended. run returns 0, SKIPPED, or another number
 * for what went wrong.
 */
struct own_case {
	int (*run)(void);
	int status;     /* from waitpid */
	char text[512]; /* the start of its stderr */
};

static inline void
own_case_run(struct own_case *c)
{
	size_t n = 0;
	ssize_t got;
	int fds[2];
	pid_t pid;

	if (pipe(fds) != 0 || (pid = fork()) < 0)
		_exit(99);
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]), close(fds[1]);
		_exit(c->run());
	}
	close(fds[1]);
	while ((got = read(fds[0], c->text + n, sizeof c->text - 1 - n)) > 0)
		n += (size_t)got;
	close(fds[0]);
	waitpid(pid, &c->status, 0);
}

static inline bool
own_case_skipped(const struct own_case *c)
{
	return WIFEXITED(c->status) && WEXITSTATUS(c->status) == SKIPPED;
}

/* From now on this process's system call nr fails with error when argument n, from 0, has this value. False: not possible. */
static inline bool
deny(unsigned nr, unsigned n, unsigned value, unsigned error)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * n),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {sizeof code / sizeof *code, code};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

/* As on a Linux before 6.13, and as when the number of mappings is used up. */
static inline bool
deny_madvise_guards(void)
{
	return deny(SYS_process_madvise, 3, 102, EINVAL);
}

static inline bool
deny_mprotect_guards(void)
{
	return deny(SYS_mprotect, 2, 0, ENOMEM);
}

/* This process's bytes: all that are mapped (field 0), those in memory (field 1). */
static inline size_t
process_size(int field)
{
	unsigned long pages[2] = {0, 0};
	FILE *f = fopen("/proc/self/statm", "re");

	if (f && fscanf(f, "%lu %lu", &pages[0], &pages[1]) != 2)
		pages[field] = 0;
	if (f)
		fclose(f);
	return pages[field] * (size_t)sysconf(_SC_PAGESIZE);
}

/* Lets this process map only so many bytes more. False where that cannot be done; valgrind would run out itself. */
static inline bool
limit_memory(size_t more)
{
	size_t limit = process_size(0) + more;

	return !RUNNING_ON_VALGRIND && !EMULATED && setrlimit(RLIMIT_AS, &(struct rlimit){limit, limit}) == 0;
}

#endif
