/* examples/sleepers.c: two tasks sleep at the same time, on one thread; their results come in order (rt/group.h). */
#include <stdio.h>
#include <unistd.h>

#include "rt/group.h"

/* The result of a task is what its function returns. */
static void *
hello(void *arg)
{
	const char *name = arg;
	struct err e;

	printf("Hello %s! (%d)\n", name, gettid());
	if (task_sleep(1, &e) != 0)
		return NULL;
	printf("Hello %s again! (%d)\n", name, gettid());
	return arg;
}

static void *
run(void *e)
{
	struct job jobs[] = {
		{.name = "bob", .fn = hello, .arg = "Bob"},
		{.name = "alice", .fn = hello, .arg = "Alice"},
	};

	if (gather(jobs, 2, e) != 0) /* both have begun, and both have ended, before it returns */
		return NULL;
	printf("['%s', '%s']\n", (char *)jobs[0].result, (char *)jobs[1].result);
	return "";
}

int
main(void)
{
	void *done = NULL;
	struct err e;

	if (task_main(run, &e, &done, &e) != 0 || !done) {
		fprintf(stderr, "sleepers: %s\n", e.text);
		return 1;
	}
	return 0;
}
