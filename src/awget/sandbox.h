/* awget/sandbox.h: what a process gives up once it has begun, so that who takes it over has little of it. */
#ifndef AWGET_SANDBOX_H
#define AWGET_SANDBOX_H

struct run;

enum sandbox_kind {
	SANDBOX_FETCHES, /* makes no process */
	SANDBOX_FORKS,   /* forks, and talks to its children; a child may go on to SANDBOX_FETCHES */
};

/*
 * From here on the process gains no rights (PR_SET_NO_NEW_PRIVS) and makes only the system calls that fetching takes
 * (seccomp, by the filters of sandbox_make.c): what would start another program, look into another process, change who
 * we are or what the kernel is ends it by SIGSYS; what else awget has no use for fails with ENOSYS. May be called
 * again for less. Not undone by fork, nor by anything else.
 *
 * Without effect where the kernel has no seccomp, under valgrind and with AddressSanitizer, which make calls of their
 * own; of the filter, where it was built without libseccomp.
 */
void sandbox_calls(enum sandbox_kind kind);

/*
 * Call it when all outputs are open, after sandbox_calls: from here on no file is opened to be written, made, renamed,
 * removed or run (Landlock), but those which `run` still has to put in their place, and that of SSLKEYLOGFILE, which is
 * made if it is not there. All may be read that could be read before. run is not kept.
 *
 * Without effect as above, where the kernel has no Landlock, and if anything that is wanted cannot be allowed.
 */
void sandbox_files(const struct run *run);

#endif
