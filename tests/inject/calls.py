"""What the kernel can really answer: for each system call of awget, the errors that are tried."""

ERRNOS = {
    "accept4": "ECONNABORTED EMFILE",
    "access": "EACCES EIO",
    "bind": "EADDRINUSE EADDRNOTAVAIL",
    "brk": "ENOMEM",
    "clone": "EAGAIN ENOMEM",
    "close": "EIO EINTR",
    "connect": "EADDRNOTAVAIL ENETUNREACH ECONNREFUSED EPERM ETIMEDOUT EAGAIN",
    "epoll_create1": "EMFILE ENOMEM",
    "epoll_ctl": "ENOMEM ENOSPC",
    "epoll_wait": "EINTR",
    "dup2": "EINTR",
    "eventfd2": "EMFILE ENOMEM",
    "fchmod": "EPERM EIO",
    "flock": "ENOLCK EAGAIN",
    "fstat": "EIO EOVERFLOW",
    "fsync": "EIO ENOSPC",
    "ftruncate": "EIO",
    "getcwd": "ENOENT",
    "getdents64": "EIO",
    "getpeername": "ENOBUFS",
    "getrandom": "EINTR ENOSYS",
    "getsockname": "ENOBUFS",
    "getsockopt": "ENOBUFS",
    "landlock_add_rule": "EINVAL ENOMEM",
    "landlock_create_ruleset": "ENOSYS EOPNOTSUPP EMFILE",
    "landlock_restrict_self": "ENOMEM",
    "lseek": "ESPIPE",
    "madvise": "EINVAL ENOMEM",
    "mkdir": "EACCES",
    "mmap": "ENOMEM",
    "mprotect": "ENOMEM",
    "mremap": "ENOMEM",
    "munmap": "ENOMEM",
    "newfstatat": "EACCES EIO",
    "open": "EMFILE ENOENT EACCES",
    "openat": "EMFILE EACCES ENOENT ENOMEM",
    "pidfd_open": "EMFILE ENOSYS",
    "pipe2": "EMFILE",
    "poll": "EINTR ENOMEM",
    "ppoll": "EINTR ENOMEM",
    "pread64": "EIO EINTR",
    "prlimit64": "EPERM",
    "process_madvise": "EPERM ENOSYS",
    "read": "EIO EINTR EAGAIN",
    "readlink": "EACCES EIO",
    "readlinkat": "EACCES EIO",
    "readv": "EIO ECONNRESET",
    # no EAGAIN here and for sendto: of a socket that is ready it would be a lie, after which epoll(7) tells of no edge
    "recvfrom": "ECONNRESET EINTR ENOMEM ETIMEDOUT EHOSTUNREACH",
    "recvmsg": "ECONNRESET ENOMEM",
    "rename": "EACCES ENOSPC EIO",
    "sendmsg": "ENOBUFS ECONNRESET",
    # a connection that is reset tells who reads, too, which one that is not reset does not: no ECONNRESET here
    "sendto": "ENOBUFS EINTR EPERM ENOMEM",
    "seccomp": "ENOSYS EINVAL ENOMEM",
    "setsockopt": "ENOMEM ENOPROTOOPT",
    "shutdown": "ENOTCONN",
    "sigaltstack": "ENOMEM",
    "socketpair": "EMFILE ENOBUFS",
    "socket": "EMFILE ENOBUFS EACCES EAFNOSUPPORT",
    "stat": "EACCES EIO",
    "sysinfo": "EFAULT",
    "timerfd_create": "EMFILE",
    "unlink": "EACCES EIO",
    "wait4": "EINTR",
    "write": "ENOSPC EIO EPIPE EINTR EAGAIN",
    "writev": "EPIPE ENOBUFS",
}

# How a call fails that does not return an error: brk leaves the end of memory where it is, and says where that is.
RETURNS = {"brk": "retval=0"}

# Where nothing at all can be watched, not even that something cannot, a run lasts as long as it may.
ONLY_ONCE = {"epoll_ctl"}

# These never fail as awget calls them, or what they fail with tells nothing.
NEVER = set(
    """arch_prctl clock_gettime clock_nanosleep exit exit_group fcntl futex getegid geteuid getgid getpid gettid getuid
    gettimeofday getrlimit ioctl kill prctl rseq rt_sigaction rt_sigprocmask rt_sigreturn set_robust_list
    set_tid_address sched_getaffinity sched_yield tgkill time umask uname""".split()
)

# What a target's failure may be called where the errno itself is not in its sentence.
KINDS = {
    "ECONNREFUSED": {"connect-refused", "proxy", "dns-servfail"},
    "ECONNRESET": {"reset", "closed", "tls-handshake", "proxy"},
    "EPIPE": {"reset", "closed", "tls-handshake", "proxy"},
    "ETIMEDOUT": {"timeout", "connect-timeout", "proxy"},
    "ENETUNREACH": {"unreachable"},
    "EHOSTUNREACH": {"unreachable"},
}
