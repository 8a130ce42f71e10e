/* awget/sandbox.c: gives up system calls, by seccomp, and files, by Landlock. */
#include "awget/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "awget/report.h"
#include "awget/run.h"
#include "rt/stack.h"

#if HAVE_VALGRIND
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

/* The filters are made while awget is built, as there is no time for it at the start of each run. */
#if HAVE_SANDBOX_FILTER
#include "awget/sandbox_filter.h"
#define FILTER(rows) {sizeof rows / sizeof *rows, (struct sock_filter *)rows}

static const struct sock_fprog filters[] = {[SANDBOX_FETCHES] = FILTER(fetches), [SANDBOX_FORKS] = FILTER(forks)};
#else
static const struct sock_fprog filters[2];
#endif

/* seccomp(2). The flag: nothing of others runs in here, which the processor would have to be slowed down for. */
enum { SET_MODE_FILTER = 1, SPEC_ALLOW = 4 };

/* landlock(7), by its numbers: not all headers have it, or all of it. */
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446 }; /* system calls, in each architecture */
enum { ASK_VERSION = 1, PATH_BENEATH = 1 };
enum right {
	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	REMOVE_DIR = 1 << 4,
	REMOVE_FILE = 1 << 5,
	MAKE_REG = 1 << 8,
	MAKE_ANY = 0x7f << 6,
	REFER = 1 << 13,     /* from version 2 on */
	TRUNCATE = 1 << 14,  /* 3 */
	IOCTL_DEV = 1 << 15, /* 5 */
};
enum { SCOPE_ABSTRACT_SOCKETS = 1, SCOPE_SIGNALS = 2 }; /* 6 */

struct ruleset {
	uint64_t files, net, scoped;
};

struct path_beneath {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

static bool
is_off(void)
{
#if STACK_ASAN
	return true;
#else
	return RUNNING_ON_VALGRIND;
#endif
}

void
sandbox_calls(enum sandbox_kind kind)
{
	const struct sock_fprog *f = &filters[kind];

	if (is_off() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !f->len)
		return;
	if (syscall(SYS_seccomp, SET_MODE_FILTER, SPEC_ALLOW, f) != 0 && errno == EINVAL)
		syscall(SYS_seccomp, SET_MODE_FILTER, 0, f); /* Linux before 4.17 does not know the flag */
}

/* What is given up: all but reading, as far as this kernel knows it. A descriptor, or -1. */
static int
new_ruleset(void)
{
	long version = syscall(CREATE_RULESET, NULL, (size_t)0, ASK_VERSION);
	struct ruleset r = {.files = EXECUTE | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_ANY};

	if (version < 1)
		return -1;
	r.files |= version >= 2 ? REFER : 0;
	r.files |= version >= 3 ? TRUNCATE : 0;
	r.files |= version >= 5 ? IOCTL_DEV : 0;
	r.scoped = version >= 6 ? SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS : 0;
	return (int)syscall(CREATE_RULESET, &r, sizeof r, 0);
}

/*
 * The file or folder behind fd, which is closed, keeps these rights. False if it cannot. What has no place in the file
 * system, as a pipe, needs no rights: EBADFD.
 */
static bool
keep(int rules, int fd, uint64_t rights)
{
	struct path_beneath p = {rights, fd};
	bool good = syscall(ADD_RULE, rules, PATH_BENEATH, &p, 0) == 0 || errno == EBADFD;

	close(fd);
	return good;
}

/* A report takes the place of its file at the end. */
static bool
keep_reports(int rules, const struct run *run)
{
	bool good = true;

	for (size_t i = 0; i < run->nreports && good; i++) {
		struct buf folder = {0};
		int fd;

		if (report_folder(run->reports[i], &folder)) {
			fd = open(buf_cstr(&folder), O_PATH | O_DIRECTORY | O_CLOEXEC);
			good = fd >= 0 && keep(rules, fd, MAKE_REG | REMOVE_FILE);
		}
		buf_clear(&folder);
	}
	return good;
}

/* net/tls_client.c opens it with the first https target. Where that could not be now, it cannot be then. */
static bool
keep_keylog(int rules)
{
	const char *file = secure_getenv("SSLKEYLOGFILE");
	int fd;

	if (!file || !*file)
		return true;
	fd = open(file, O_PATH | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
	return fd < 0 || keep(rules, fd, WRITE_FILE);
}

void
sandbox_files(const struct run *run)
{
	int rules;

	if (is_off() || (rules = new_ruleset()) < 0)
		return;
	if (keep_reports(rules, run) && (run->options->replay || keep_keylog(rules)))
		syscall(RESTRICT_SELF, rules, 0);
	close(rules);
}
