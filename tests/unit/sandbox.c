/* tests/unit/sandbox.c: what is given up and what is not, each in a process of its own that gives it up first. */
#include "awget/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "awget/run.h"
#include "rt/stack.h"
#include "helper.h"

#if HAVE_VALGRIND
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

/* An attempt: 0, or an errno. */
typedef int attempt(void);

enum { DIES = -1 };

static int
as_errno(long rc)
{
	return rc < 0 ? errno : 0;
}

static int
execs(void)
{
	static char *argv[] = {"true", NULL};

	return as_errno(execv("/bin/true", argv));
}

static int
execs_descriptor(void)
{
	return as_errno(syscall(SYS_execveat, -1, "", NULL, NULL, 0));
}

static int
forks(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(7);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 7 ? 0 : ECHILD;
}

/* A child that gives up more cannot fork any more. */
static int
forks_less(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		sandbox_calls(SANDBOX_FETCHES);
		_exit(forks());
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return errno;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS ? 0 : ECHILD;
}

static int
makes_a_thread(void)
{
	return as_errno(syscall(SYS_clone, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, 0, 0, 0, 0));
}

static int
makes_a_namespace(void)
{
	return as_errno(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
}

static int
calls_clone3(void)
{
	return as_errno(syscall(435, NULL, 0)); /* clone3 */
}

static int
unshares(void)
{
	return as_errno(unshare(CLONE_NEWUSER));
}

static int
traces(void)
{
	return as_errno(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int
reads_memory(void)
{
	return as_errno(syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0));
}

static int
sets_user(void)
{
	return as_errno(syscall(SYS_setuid, getuid()));
}

static int
makes_io_uring(void)
{
	return as_errno(syscall(425, 1, NULL)); /* io_uring_setup */
}

static int
loads_bpf(void)
{
	return as_errno(syscall(SYS_bpf, 0, NULL, 0));
}

static int
mounts(void)
{
	return as_errno(syscall(SYS_mount, NULL, NULL, NULL, 0, NULL));
}

static int
makes_memory_file(void)
{
	return as_errno(syscall(SYS_memfd_create, "x", 0));
}

static int
listens(void)
{
	return as_errno(listen(socket(AF_INET, SOCK_STREAM, 0), 1));
}

static int
opens_raw_packets(void)
{
	return as_errno(socket(AF_PACKET, SOCK_RAW, 0));
}

static int
types_into_terminal(void)
{
	return as_errno(ioctl(0, TIOCSTI, "x"));
}

static int
maps(int protection)
{
	return mmap(NULL, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0;
}

static int
maps_code(void)
{
	return maps(PROT_READ | PROT_EXEC);
}

static int
maps_code_to_write(void)
{
	return maps(PROT_READ | PROT_WRITE | PROT_EXEC);
}

static int
limits_another(void)
{
	return as_errno(syscall(SYS_prlimit64, getppid(), 7, NULL, NULL)); /* RLIMIT_NOFILE */
}

static int
opens_sockets(void)
{
	return as_errno(socket(AF_INET, SOCK_STREAM, 0)) || as_errno(socket(AF_INET6, SOCK_DGRAM, 0));
}

/* Between a parent and its workers: a descriptor goes over a pair of sockets. */
static int
passes_descriptors(void)
{
	int pair[2], fd;
	char byte = 'x', room[CMSG_SPACE(sizeof fd)] __attribute__((aligned(sizeof(size_t)))) = {0};
	struct iovec v = {&byte, 1};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		return errno;
	*c = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof fd), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
	memcpy(CMSG_DATA(c), &pair[0], sizeof fd);
	if (sendmsg(pair[1], &m, 0) != 1 || recvmsg(pair[0], &m, 0) != 1)
		return errno;
	return as_errno(kill(getpid(), 0));
}

/* The status with which a process ends that gives up what `kind` does and tries; 1000 and more is a signal. */
static int
ends_with(enum sandbox_kind kind, attempt *try)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		sandbox_calls(kind);
		_exit(try());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void
need_sandbox(void)
{
#if STACK_ASAN || !HAVE_SANDBOX_FILTER
	skip();
#endif
	if (RUNNING_ON_VALGRIND)
		skip();
}

static void
calls_are_given_up(void **state)
{
	static const struct {
		const char *name;
		attempt *try;
		int fetches, forks;
	} rows[] = {
	    {"execve", execs, DIES, DIES},
	    {"execveat", execs_descriptor, DIES, DIES},
	    {"fork", forks, DIES, 0},
	    {"fork, then less", forks_less, DIES, 0},
	    {"clone, a thread", makes_a_thread, DIES, ENOSYS},
	    {"clone, a namespace", makes_a_namespace, DIES, ENOSYS},
	    {"clone3", calls_clone3, ENOSYS, ENOSYS},
	    {"unshare", unshares, DIES, DIES},
	    {"ptrace", traces, DIES, DIES},
	    {"process_vm_readv", reads_memory, DIES, DIES},
	    {"setuid", sets_user, DIES, DIES},
	    {"io_uring_setup", makes_io_uring, DIES, DIES},
	    {"bpf", loads_bpf, DIES, DIES},
	    {"mount", mounts, DIES, DIES},
	    {"memfd_create", makes_memory_file, ENOSYS, ENOSYS},
	    {"listen", listens, ENOSYS, ENOSYS},
	    {"socket, AF_PACKET", opens_raw_packets, ENOSYS, ENOSYS},
	    {"ioctl, TIOCSTI", types_into_terminal, ENOSYS, ENOSYS},
	    {"mmap, written and run", maps_code_to_write, ENOSYS, ENOSYS},
	    {"prlimit64 of another", limits_another, ENOSYS, ENOSYS},
	    {"mmap, run", maps_code, 0, 0},
	    {"socket", opens_sockets, 0, 0},
	    {"sendmsg of a descriptor", passes_descriptors, 0, 0},
	};

	(void)state;
	need_sandbox();
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].name);

		expect_int(row, ends_with(SANDBOX_FETCHES, rows[i].try),
		    rows[i].fetches == DIES ? 1000 + SIGSYS : rows[i].fetches);
		expect_int(row, ends_with(SANDBOX_FORKS, rows[i].try),
		    rows[i].forks == DIES ? 1000 + SIGSYS : rows[i].forks);
	}
}

static char folder[] = "/tmp/awget-test-XXXXXX";

static int
writes_new(void)
{
	return as_errno(open("new", O_WRONLY | O_CREAT, 0600));
}

static int
writes_old(void)
{
	return as_errno(open("old", O_WRONLY | O_APPEND));
}

static int
reads_old(void)
{
	return as_errno(open("old", O_RDONLY));
}

static int
renames(void)
{
	return as_errno(rename("old", "other"));
}

static int
removes(void)
{
	return as_errno(unlink("old"));
}

static int
writes_key_log(void)
{
	return as_errno(open("keys", O_WRONLY | O_CREAT | O_APPEND, 0600));
}

/* The same for files: try, having given up what a run without reports does. */
static int
ends_without_files(bool replay, attempt *try)
{
	struct options o = {.replay = replay ? "x" : NULL};
	struct run run = {.options = &o};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		sandbox_calls(SANDBOX_FETCHES);
		sandbox_files(&run);
		_exit(try());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
files_are_given_up(void **state)
{
	static const struct {
		const char *name;
		attempt *try;
		bool replay;
		int want;
	} rows[] = {
	    {"a new file", writes_new, false, EACCES},
	    {"an old file", writes_old, false, EACCES},
	    {"rename", renames, false, EACCES},
	    {"unlink", removes, false, EACCES},
	    {"keys without a network", writes_key_log, true, EACCES},
	    {"reading", reads_old, false, 0},
	    {"keys", writes_key_log, false, 0},
	    {"keys that are there", writes_key_log, false, 0},
	};

	(void)state;
	need_sandbox();
	if (syscall(444, NULL, (size_t)0, 1) < 1) /* landlock_create_ruleset */
		skip();
	setenv("SSLKEYLOGFILE", "keys", 1);
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_int(str_of(rows[i].name), ends_without_files(rows[i].replay, rows[i].try), rows[i].want);
	unsetenv("SSLKEYLOGFILE");
}

static int
enter(void **state)
{
	(void)state;
	return !mkdtemp(folder) || chdir(folder) != 0 || close(open("old", O_WRONLY | O_CREAT, 0600)) != 0;
}

static int
leave(void **state)
{
	(void)state;
	unlink("old"), unlink("new"), unlink("keys"), unlink("other");
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(calls_are_given_up),
	    cmocka_unit_test(files_are_given_up),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
