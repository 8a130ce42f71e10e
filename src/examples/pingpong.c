/*
 * examples/pingpong.c: a producer and a consumer pass values both ways, with no loop, no lock and no queue (rt/coro.h).
 */
#include <stdio.h>

#include "rt/coro.h"

/* Each yield hands a reply out and brings the next number in. */
static void *
consume(void *arg)
{
	char *reply = "";
	int *n;

	while ((n = coro_yield(reply)) != NULL) {
		printf("[CONSUMER] Consuming %d...\n", *n);
		reply = "200 OK";
	}
	/* the consumer was closed: here it would give back what it holds */
	return arg;
}

static void
produce(struct coro *consumer)
{
	coro_resume(consumer, NULL); /* it runs to its first yield, with nothing to deliver yet */
	for (int n = 1; n <= 5; n++) {
		printf("[PRODUCER] Producing %d...\n", n);
		printf("[PRODUCER] Consumer return: %s\n", (char *)coro_resume(consumer, &n));
	}
}

int
main(void)
{
	struct err e;
	struct coro *consumer = coro_new("consumer", consume, NULL, &e);

	if (!consumer) {
		fprintf(stderr, "pingpong: %s\n", e.text);
		return 1;
	}
	produce(consumer);
	coro_close(consumer); /* its last yield returns NULL, and it walks out */
	return 0;
}
