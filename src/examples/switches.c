/*
 * examples/switches.c: what it costs to hand the processor from one worker to the next, round a ring of coroutines and
 * round a ring of threads. `switches [N]` times N hand-overs for each size of ring.
 */
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "rt/coro.h"
#include "rt/task.h"

static void *
coroutine(void *arg)
{
	while (!coro_closing())
		coro_yield(NULL);
	return arg;
}

/* A hand-over is two switches here: out of one coroutine to us, and into the next. */
static void
pass_among(struct coro **c, int n, long times)
{
	for (int i = 0; times > 0; times--) {
		coro_resume(c[i], NULL);
		if (++i == n)
			i = 0;
	}
}

/* The seconds of one hand-over, NAN when so many cannot be made. */
static double
time_coroutines(int n, long times)
{
	struct coro **c = xcalloc((size_t)n, sizeof(struct coro *));
	double from, each = NAN;
	int made = 0;

	while (made < n && (c[made] = coro_new("ring", coroutine, NULL, NULL)))
		made++;
	if (made == n) {
		pass_among(c, n, n); /* the first time round, each only begins */
		from = task_now();
		pass_among(c, n, times);
		each = (task_now() - from) / (double)times;
	}
	while (made)
		coro_close(c[--made]);
	free(c);
	return each;
}

struct thread {
	pthread_t id;
	sem_t turn; /* a futex: the cheapest way to wait for another thread that there is */
	struct thread *next;
};

static sem_t finished;
static long left;
static bool stop;

static void *
thread(void *arg)
{
	struct thread *t = arg;

	while (sem_wait(&t->turn) == 0 && !stop)
		sem_post(--left > 0 ? &t->next->turn : &finished);
	return NULL;
}

static int
make_threads(struct thread *t, int n)
{
	pthread_attr_t attr;
	int made = 0;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 * 1024);
	for (; made < n; made++) {
		t[made].next = &t[(made + 1) % n];
		sem_init(&t[made].turn, 0, 0);
		if (pthread_create(&t[made].id, &attr, thread, &t[made]) != 0)
			break;
	}
	pthread_attr_destroy(&attr);
	return made;
}

static void
pass_round(struct thread *first, long times)
{
	left = times;
	sem_post(&first->turn);
	sem_wait(&finished);
}

static double
time_threads(int n, long times)
{
	struct thread *t = xcalloc((size_t)n, sizeof *t);
	double from, each = NAN;
	int made;

	stop = false;
	made = make_threads(t, n);
	if (made == n) {
		pass_round(t, n);
		from = task_now();
		pass_round(t, times);
		each = (task_now() - from) / (double)times;
	}
	stop = true;
	for (int i = 0; i < made; i++) {
		sem_post(&t[i].turn);
		pthread_join(t[i].id, NULL);
	}
	free(t);
	return each;
}

static void
print_time(double seconds)
{
	if (isnan(seconds))
		printf("%14s", "too many");
	else
		printf("%11.1f ns", seconds * 1e9);
}

static void
print_row(int n, long times)
{
	double coroutines = time_coroutines(n, times), threads = time_threads(n, times);

	printf("%7d", n);
	print_time(coroutines);
	print_time(threads);
	if (isnan(coroutines) || isnan(threads))
		printf("%10s\n", "-");
	else
		printf("%9.0fx\n", threads / coroutines);
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	static const int sizes[] = {2, 100, 1000, 10000};
	long times = argc > 1 ? atol(argv[1]) : 100000;
	cpu_set_t one;

	/* one processor for all: waking a thread on another one would cost the threads still more */
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof one, &one);
	sem_init(&finished, 0, 0);
	if (times < 1) {
		fputs("usage: switches [N]\n", stderr);
		return 1;
	}
	puts("workers    coroutines       threads     ratio");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		print_row(sizes[i], times);
	return 0;
}
