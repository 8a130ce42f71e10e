/* bench.d/measure.c: runs a command and prints what it took: wall and CPU seconds, and its peak memory in KB. */
/* This program is small because the peak that the kernel reports is at least that of whoever started the command. */
#include <err.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static double
seconds(struct timeval t)
{
	return t.tv_sec + t.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
	struct timeval begin, end;
	struct rusage u;
	int status;
	pid_t pid;

	if (argc < 2)
		errx(2, "usage: measure COMMAND...");
	gettimeofday(&begin, NULL);
	pid = fork();
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		err(127, "%s", argv[1]);
	}
	if (pid < 0 || wait4(pid, &status, 0, &u) < 0)
		err(1, "%s", argv[1]);
	gettimeofday(&end, NULL);
	fprintf(stderr, "measured %f %f %ld\n", seconds(end) - seconds(begin), seconds(u.ru_utime) + seconds(u.ru_stime), u.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
