/* unit/edges.c: what has become of a socket is known, whoever looks and whenever, until a try found nothing. */
#include "rt/edges.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "rt/task.h"

enum { SEVERAL = 8 };

/* Two ends, of which the second is added. */
static void
pair(int fds[2])
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(edges_add(fds[1]), 0);
}

static void
close_pair(int fds[2])
{
	close(fds[0]), close(fds[1]);
}

static void
send_byte(int fd)
{
	assert_int_equal(write(fd, "x", 1), 1);
}

static void
read_byte(int fd)
{
	char c;

	assert_int_equal(read(fd, &c, 1), 1);
}

/* Waits for one, as for one of several or alone; what is then known of it, or -1. */
static bool alone;

static int
wait_for(int fd, int events, double deadline, struct err *e)
{
	struct edge one = {.fd = fd, .events = events};
	int rc;

	if (alone)
		return edges_wait_one(fd, events, deadline, e);
	rc = edges_wait(&one, 1, deadline, e);
	assert_true(rc == 1 || rc == -1);
	return rc < 0 ? -1 : one.got;
}

static void
run(task_fn *fn)
{
	struct err e;

	for (int i = 0; i < 2; i++) {
		alone = i;
		assert_int_equal(task_main(fn, NULL, NULL, &e), 0);
	}
}

static void *
waits_for_several(void *arg)
{
	struct edge v[SEVERAL];
	int fds[SEVERAL][2];
	struct err e;

	for (int i = 0; i < SEVERAL; i++) {
		pair(fds[i]);
		v[i] = (struct edge){.fd = fds[i][1], .events = TASK_READ, .got = 99};
	}
	assert_int_equal(edges_wait(v, SEVERAL, task_now() + .01, &e), -1);
	assert_int_equal(e.kind, ERR_TIMEOUT);
	send_byte(fds[2][0]), send_byte(fds[5][0]);
	assert_int_equal(edges_wait(v, SEVERAL, INFINITY, &e), 2);
	for (int i = 0; i < SEVERAL; i++)
		assert_int_equal(v[i].got, i == 2 || i == 5 ? TASK_READ | TASK_WRITE : TASK_WRITE);
	v[0].events = TASK_WRITE;
	assert_int_equal(edges_wait(v, 2, INFINITY, &e), 1);
	for (int i = 0; i < SEVERAL; i++)
		close_pair(fds[i]);
	return arg;
}

static void
of_several_sockets_those_that_are_ready_are_told(void **state)
{
	(void)state;
	run(waits_for_several);
}

static void *
tries(void *arg)
{
	struct err e;
	int fds[2];

	pair(fds);
	send_byte(fds[0]);
	assert_int_equal(task_sleep(0.01, &e), 0); /* nobody waits when it comes */
	for (int i = 0; i < 3; i++)
		assert_int_equal(wait_for(fds[1], TASK_READ, 0, &e), TASK_READ | TASK_WRITE);
	read_byte(fds[1]);
	edges_forget(fds[1], TASK_READ);
	assert_int_equal(wait_for(fds[1], TASK_WRITE, 0, &e), TASK_WRITE);
	assert_int_equal(wait_for(fds[1], TASK_READ, task_now() + .01, &e), -1);
	assert_int_equal(e.kind, ERR_TIMEOUT);
	send_byte(fds[0]), send_byte(fds[0]);
	assert_int_equal(wait_for(fds[1], TASK_READ, INFINITY, &e), TASK_READ | TASK_WRITE);
	read_byte(fds[1]); /* not all that there is, and nothing more comes */
	assert_int_equal(wait_for(fds[1], TASK_READ, INFINITY, &e), TASK_READ | TASK_WRITE);
	close_pair(fds);
	return arg;
}

static void
what_is_known_stays_until_a_try_found_nothing(void **state)
{
	(void)state;
	run(tries);
}

static void *
opens_again(void *arg)
{
	int fds[2], before;
	struct err e;

	for (int i = 0; i < 3; i++) {
		pair(fds);
		before = fds[1];
		send_byte(fds[0]);
		assert_int_equal(wait_for(fds[1], TASK_READ, INFINITY, &e), TASK_READ | TASK_WRITE);
		close_pair(fds);
		pair(fds);
		assert_int_equal(fds[1], before);
		assert_int_equal(wait_for(fds[1], TASK_READ, task_now() + .01, &e), -1);
		close_pair(fds);
	}
	return arg;
}

static void
nothing_is_known_of_the_next_socket_of_a_number(void **state)
{
	(void)state;
	run(opens_again);
}

static void *
fails(void *arg)
{
	struct err e;
	int fds[2];

	pair(fds);
	edges_forget(fds[1], TASK_WRITE);
	close(fds[0]);
	assert_int_equal(wait_for(fds[1], TASK_WRITE, INFINITY, &e), TASK_READ | TASK_WRITE);
	close(fds[1]);
	return arg;
}

static void
a_failed_socket_can_be_read_and_written(void **state)
{
	(void)state;
	run(fails);
}

struct reader {
	int fds[2];
	int rc;
	struct err e;
};

static void *
reads(void *arg)
{
	struct reader *r = arg;

	r->rc = wait_for(r->fds[1], TASK_READ, INFINITY, &r->e);
	return NULL;
}

static struct task *
start_reader(struct reader *r)
{
	struct task *t;

	pair(r->fds);
	t = task_start("reader", reads, r, NULL, &r->e);
	assert_non_null(t);
	assert_int_equal(task_yield(&r->e), 0);
	return t;
}

static void *
wakes(void *arg)
{
	struct reader r;
	struct task *t = start_reader(&r);

	for (int i = 0; i < 3; i++) {
		task_wake(t);
		assert_int_equal(task_yield(&r.e), 0);
	}
	send_byte(r.fds[0]);
	assert_int_equal(task_join(t, NULL, &r.e), 0);
	assert_int_equal(r.rc, TASK_READ | TASK_WRITE);
	close_pair(r.fds);
	return arg;
}

static void
a_wake_is_not_an_event(void **state)
{
	(void)state;
	run(wakes);
}

static void *
cancels(void *arg)
{
	struct reader r;
	struct task *t = start_reader(&r);

	task_cancel(t);
	assert_int_equal(task_join(t, NULL, &r.e), 0);
	assert_int_equal(r.rc, -1);
	assert_int_equal(r.e.kind, ERR_CANCELED);
	close_pair(r.fds);
	return arg;
}

static void *
is_canceled(void *arg)
{
	struct err e;
	int fds[2];

	pair(fds);
	send_byte(fds[0]);
	assert_int_equal(wait_for(fds[1], TASK_READ, INFINITY, &e), TASK_READ | TASK_WRITE);
	task_cancel(task_self());
	assert_int_equal(wait_for(fds[1], TASK_READ, INFINITY, &e), -1); /* though it could be read */
	assert_int_equal(e.kind, ERR_CANCELED);
	close_pair(fds);
	return arg;
}

static void
a_wait_can_be_canceled(void **state)
{
	(void)state;
	run(cancels);
	run(is_canceled);
}

static void *
adds_a_file(void *arg)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	errno = 0;
	assert_int_equal(edges_add(fd), -1);
	assert_int_equal(errno, EPERM);
	close(fd);
	return arg;
}

static void
what_cannot_be_waited_for_is_refused(void **state)
{
	(void)state;
	run(adds_a_file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_several_sockets_those_that_are_ready_are_told),
		cmocka_unit_test(what_is_known_stays_until_a_try_found_nothing),
		cmocka_unit_test(nothing_is_known_of_the_next_socket_of_a_number),
		cmocka_unit_test(a_failed_socket_can_be_read_and_written),
		cmocka_unit_test(a_wake_is_not_an_event),
		cmocka_unit_test(a_wait_can_be_canceled),
		cmocka_unit_test(what_cannot_be_waited_for_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
