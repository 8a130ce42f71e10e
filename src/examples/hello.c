/* examples/hello.c: one task, and the loop that runs it while it sleeps (rt/task.h). */
#include <stdio.h>

#include "rt/task.h"

/* A task is an ordinary function. Where it waits, the thread is free for others; here there are none. */
static void *
hello(void *arg)
{
	struct err e;

	puts("Hello world!");
	if (task_sleep(1, &e) != 0) /* somebody canceled us */
		return NULL;
	puts("Hello again!");
	return arg;
}

int
main(void)
{
	struct err e;

	if (task_main(hello, NULL, NULL, &e) != 0) {
		fprintf(stderr, "hello: %s\n", e.text);
		return 1;
	}
	return 0;
}
