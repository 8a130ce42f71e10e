/*
 * awget/sandbox_make.c: a program for the machine that builds: prints the filters of system calls as C (see sandbox.c).
 *
 *	sandbox_make x86_64 >sandbox_filter.h
 */
#include <errno.h>
#include <linux/filter.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

/*
 * What awget and its libraries call once it has begun, with any arguments. What is missing in one architecture has
 * another name there. Linux remembers for each of these that it is allowed, and runs the filter no more for it.
 */
static const char *const allowed[] = {
    /* each fetch */
    "bind", "close", "connect", "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2", "epoll_wait", "fcntl",
    "getpeername", "getsockname", "getsockopt", "read", "readv", "recvfrom", "recvmmsg", "recvmsg", "sendmmsg",
    "sendmsg", "sendto", "setsockopt", "shutdown", "write", "writev",
    /* time and waiting */
    "clock_getres", "clock_gettime", "clock_nanosleep", "eventfd2", "futex", "gettimeofday", "nanosleep", "poll",
    "ppoll", "pselect6", "restart_syscall", "sched_yield", "select", "time", "timerfd_create", "timerfd_gettime",
    "timerfd_settime",
    /* memory */
    "brk", "madvise", "membarrier", "mincore", "mremap", "munmap",
    /* files; which ones is Landlock's matter */
    "access", "dup", "dup2", "dup3", "faccessat", "faccessat2", "fadvise64", "fchmod", "fdatasync", "flock", "fstat",
    "fstatfs", "fsync", "ftruncate", "getcwd", "getdents64", "lseek", "lstat", "newfstatat", "open", "openat",
    "pread64", "preadv", "pwrite64", "pwritev", "readlink", "readlinkat", "rename", "renameat", "renameat2", "stat",
    "statfs", "statx", "umask", "unlink", "unlinkat",
    /* itself */
    "exit", "exit_group", "getegid", "geteuid", "getgid", "getpgrp", "getpid", "getppid", "getrandom", "getresgid",
    "getresuid", "getrlimit", "getrusage", "gettid", "getuid", "rseq", "sched_getaffinity", "set_robust_list",
    "set_tid_address", "setrlimit", "sysinfo", "times", "uname",
    /* signals; abort() and raise() send them */
    "kill", "pidfd_open", "pidfd_send_signal", "rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigreturn",
    "rt_sigsuspend", "rt_sigtimedwait", "sigaltstack", "signalfd4", "tgkill", "tkill",
    /* between a parent and those that it has forked before */
    "pipe", "pipe2", "socketpair", "wait4", "waitid",
    /* to give up even more */
    "landlock_add_rule", "landlock_create_ruleset", "landlock_restrict_self", "seccomp",
};

/*
 * What neither awget nor a library of it has a use for, and what somebody else in its place would want: other
 * programs, other processes, the rights of others, the kernel itself. Such a call ends the process, by SIGSYS.
 */
static const char *const deadly[] = {
    "acct", "add_key", "adjtimex", "bpf", "capset", "chroot", "clock_adjtime", "clock_settime", "delete_module",
    "execve", "execveat", "finit_module", "fsconfig", "fsmount", "fsopen", "fspick", "init_module", "io_uring_enter",
    "io_uring_register", "io_uring_setup", "ioperm", "iopl", "kcmp", "kexec_file_load", "kexec_load", "keyctl",
    "modify_ldt", "mount", "mount_setattr", "move_mount", "move_pages", "open_by_handle_at", "open_tree",
    "perf_event_open", "personality", "pidfd_getfd", "pivot_root", "process_vm_readv", "process_vm_writev", "ptrace",
    "quotactl", "reboot", "request_key", "setdomainname", "setfsgid", "setfsuid", "setgid", "setgroups", "sethostname",
    "setns", "setregid", "setresgid", "setresuid", "setreuid", "settimeofday", "setuid", "swapoff", "swapon",
    "umount2", "unshare", "userfaultfd", "vfork", "vhangup",
};

/* Calls that are allowed if one argument is as said. */
struct some {
	const char *call;
	struct scmp_arg_cmp when;
};

/* Argument `n`, of which these bits count, is `value`. */
#define BITS(n, bits, value) {n, SCMP_CMP_MASKED_EQ, bits, value}
#define INT(n, value) BITS(n, UINT32_MAX, value)

enum { GUARD_INSTALL = 102 }; /* MADV_GUARD_INSTALL, as rt/stack.c has it */
enum { IFNAME = 0x8910, IFINDEX = 0x8933 }; /* SIOCGIFNAME, SIOCGIFINDEX: the number and the name of a device */

static const struct some some[] = {
    /* the internet; "unix" is what looking up the number of a device takes */
    {"socket", INT(0, AF_INET)},
    {"socket", INT(0, AF_INET6)},
    {"socket", INT(0, AF_UNIX)},
    /* nothing is written to and run */
    {"mmap", BITS(2, PROT_WRITE | PROT_EXEC, 0)},
    {"mmap", BITS(2, PROT_WRITE | PROT_EXEC, PROT_WRITE)},
    {"mmap", BITS(2, PROT_WRITE | PROT_EXEC, PROT_EXEC)},
    {"mprotect", BITS(2, PROT_WRITE | PROT_EXEC, 0)},
    {"mprotect", BITS(2, PROT_WRITE | PROT_EXEC, PROT_WRITE)},
    {"mprotect", BITS(2, PROT_WRITE | PROT_EXEC, PROT_EXEC)},
    {"process_madvise", INT(3, GUARD_INSTALL)},
    /* is this a terminal, how wide is it; nothing is put into its input */
    {"ioctl", INT(1, TCGETS)},
    {"ioctl", INT(1, TIOCGWINSZ)},
    {"ioctl", INT(1, FIONREAD)},
    {"ioctl", INT(1, FIONBIO)},
    {"ioctl", INT(1, IFNAME)},
    {"ioctl", INT(1, IFINDEX)},
    /* only its own limits */
    {"prlimit64", INT(0, 0)},
    {"prctl", INT(0, PR_SET_NAME)},
    {"prctl", INT(0, PR_SET_NO_NEW_PRIVS)},
    {"prctl", INT(0, PR_SET_PDEATHSIG)},
};

static void
need(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "sandbox_make: %s\n", what);
	exit(1);
}

/* One condition on a call, or none. What this libseccomp or the architecture does not know cannot be made there. */
static void
rule(scmp_filter_ctx c, uint32_t action, const char *call, unsigned n, const struct scmp_arg_cmp *when)
{
	int number = seccomp_syscall_resolve_name(call);

	if (number != __NR_SCMP_ERROR)
		need(seccomp_rule_add_array(c, action, number, n, when) == 0, call);
}

/*
 * fork(), as the C library makes it. clone3 is left to what is not known: its arguments are in memory, and the C
 * library then takes clone.
 */
static void
processes(scmp_filter_ctx c, bool forks)
{
	const uint64_t marks = CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
	const struct scmp_arg_cmp plain = BITS(0, ~marks, SIGCHLD);

	if (forks) {
		rule(c, SCMP_ACT_ALLOW, "clone", 1, &plain);
		rule(c, SCMP_ACT_ALLOW, "fork", 0, NULL);
		return;
	}
	rule(c, SCMP_ACT_KILL_PROCESS, "clone", 0, NULL);
	rule(c, SCMP_ACT_KILL_PROCESS, "fork", 0, NULL);
}

/*
 * All other calls fail with ENOSYS: libraries that try new ones then go the way of older systems, which they do not
 * for EPERM.
 */
static scmp_filter_ctx
filter(const char *arch, bool forks)
{
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	uint32_t token = seccomp_arch_resolve_name(arch);

	need(c && token, "no such architecture");
	if (token != seccomp_arch_native()) {
		need(seccomp_arch_add(c, token) == 0, arch);
		need(seccomp_arch_remove(c, SCMP_ARCH_NATIVE) == 0, arch);
	}
	need(seccomp_attr_set(c, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0, "calls of other architectures");
	need(seccomp_attr_set(c, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0, "no binary tree: libseccomp 2.5 is needed");
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		rule(c, SCMP_ACT_ALLOW, allowed[i], 0, NULL);
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		rule(c, SCMP_ACT_KILL_PROCESS, deadly[i], 0, NULL);
	for (size_t i = 0; i < sizeof some / sizeof *some; i++)
		rule(c, SCMP_ACT_ALLOW, some[i].call, 1, &some[i].when);
	processes(c, forks);
	return c;
}

static void
print(const char *name, scmp_filter_ctx c)
{
	FILE *f = tmpfile();
	struct sock_filter row;

	need(f && seccomp_export_bpf(c, fileno(f)) == 0 && fseek(f, 0, SEEK_SET) == 0, "cannot make the filter");
	printf("static const struct sock_filter %s[] = {\n", name);
	while (fread(&row, sizeof row, 1, f) == 1)
		printf("    {0x%02x, %u, %u, 0x%08x},\n", row.code, row.jt, row.jf, row.k);
	printf("};\n");
	fclose(f);
	seccomp_release(c);
}

int
main(int argc, char **argv)
{
	need(argc == 2, "usage: sandbox_make ARCHITECTURE");
	printf("/* made by sandbox_make for %s */\n", argv[1]);
	print("fetches", filter(argv[1], false));
	print("forks", filter(argv[1], true));
	need(fflush(stdout) == 0 && !ferror(stdout), "cannot write");
	return 0;
}
