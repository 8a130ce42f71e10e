/*
 * tests/cli/sandbox_probe.c: to be preloaded into awget: with its first connect() it does what somebody would who has taken
 * awget over, as $PROBE says, and tells on standard error how that ended.
 *
 *	exec            starts a program
 *	fork            makes a process
 *	write FILE      opens it to be written, and makes it
 *	unlink FILE     removes it
 *	read FILE       opens it to be read
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int connect(int fd, const struct sockaddr *to, socklen_t n);

static int
try(const char *what, const char *file)
{
	static char *argv[] = {"echo", "taken over", NULL};

	if (strcmp(what, "exec") == 0)
		return execv("/bin/echo", argv);
	if (strcmp(what, "fork") == 0)
		return fork();
	if (strcmp(what, "write") == 0)
		return open(file, O_WRONLY | O_CREAT, 0600);
	if (strcmp(what, "unlink") == 0)
		return unlink(file);
	return open(file, O_RDONLY);
}

static void
probe(void)
{
	const char *what = getenv("PROBE");
	char word[20] = "", file[200] = "";

	if (!what)
		return;
	sscanf(what, "%19s %199s", word, file);
	fprintf(stderr, "probe: %s: %s\n", word, try(word, file) < 0 ? strerror(errno) : "done");
	unsetenv("PROBE");
}

int
connect(int fd, const struct sockaddr *to, socklen_t n)
{
	int (*next)(int, const struct sockaddr *, socklen_t);

	probe();
	*(void **)&next = dlsym(RTLD_NEXT, "connect");
	return next(fd, to, n);
}
