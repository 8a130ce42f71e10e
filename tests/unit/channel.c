/* unit/channel.c: messages arrive whole and in order, whatever their size; what is none is refused. */
#include "awget/channel.h"

#include <sys/socket.h>

#include "helper.h"
#include "rt/group.h"

enum { MAX = 1 << 20 };

static struct channel here, there;
static struct group writing;

static void
open_pair(void)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
	channel_init(&here, pair[0]);
	channel_init(&there, pair[1]);
	group_init(&writing, 0);
	assert_int_equal(group_go(&writing, "writer", channel_write, &here, NULL), 0);
}

static void
close_pair(void)
{
	group_cancel(&writing);
	group_wait(&writing, NULL);
	channel_close(&here);
	channel_close(&there);
}

/* A message whose n bytes tell its number. */
static void
put(uint64_t job, size_t n)
{
	struct buf *b = channel_begin(&here, &(struct message){.kind = MESSAGE_LINES, .status = 200, .job = job});

	for (size_t i = 0; i < n; i++)
		buf_byte(b, (char)(job + i));
	channel_end(&here);
}

static void
expect(uint64_t job, size_t n)
{
	struct message head;
	struct str body;
	struct err e;

	assert_int_equal(channel_read(&there, MAX, &head, &body, &e), 1);
	assert_int_equal(head.kind, MESSAGE_LINES);
	assert_int_equal(head.status, 200);
	assert_int_equal(head.job, job);
	assert_int_equal(body.n, n);
	for (size_t i = 0; i < n; i++)
		if (body.s[i] != (char)(job + i))
			fail_msg("byte %zu of message %d", i, (int)job);
}

static const size_t sizes[] = {0, 1, 15, 16, 17, 4096, 65519, 65520, 65521, 300000, MAX, 3, 0};

static void *
come_in_order(void *arg)
{
	open_pair();
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < ROWS(sizes); i++) {
			put(i, sizes[i]);
			if (i % 3 == 1) /* some batches have one message, some several */
				assert_int_equal(task_yield(NULL), 0);
		}
		for (size_t i = 0; i < ROWS(sizes); i++)
			expect(i, sizes[i]);
	}
	close_pair();
	return arg;
}

/* What comes in on there, written past the channel, from which nothing can be read. */
static void *
are_refused(void *arg)
{
	const struct message long_one = {.n = MAX + 1}, longest = {.n = UINT32_MAX};
	const struct {
		const void *bytes;
		size_t n;
		int rc;
	} rows[] = {
	    {&long_one, sizeof long_one, -1},
	    {&longest, sizeof longest, -1},
	    {&(struct message){.n = 1}, sizeof(struct message), 0},     /* torn behind its head */
	    {&(struct message){.n = 1}, sizeof(struct message) - 1, 0}, /* and in it */
	    {"", 0, 0},
	};
	struct message head;
	struct str body;
	struct err e;

	for (size_t i = 0; i < ROWS(rows); i++) {
		open_pair();
		assert_int_equal(send(here.stream.fd, rows[i].bytes, rows[i].n, 0), rows[i].n);
		shutdown(here.stream.fd, SHUT_WR);
		assert_int_equal(channel_read(&there, MAX, &head, &body, &e), rows[i].rc);
		if (rows[i].rc < 0)
			expect_err(STR("too long"), &e, ERR_LOCAL);
		close_pair();
	}
	return arg;
}

/* Once nobody reads, what is sent is forgotten. */
static void *
go_nowhere(void *arg)
{
	open_pair();
	channel_close(&there);
	put(1, 10);
	assert_int_equal(group_wait(&writing, NULL), 0); /* the writer ends by itself */
	assert_true(here.broken);
	for (int i = 0; i < 100; i++)
		put(1, 1000);
	assert_int_equal(here.out.n, 0);
	close_pair();
	return arg;
}

static void
run(task_fn *fn)
{
	struct err e;

	assert_int_equal(task_main(fn, NULL, NULL, &e), 0);
}

static void
messages_come_in_order(void **state)
{
	(void)state;
	run(come_in_order);
}

static void
what_is_no_message_is_refused(void **state)
{
	(void)state;
	run(are_refused);
}

static void
messages_to_nobody_go_nowhere(void **state)
{
	(void)state;
	run(go_nowhere);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(messages_come_in_order),
	    cmocka_unit_test(what_is_no_message_is_refused),
	    cmocka_unit_test(messages_to_nobody_go_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
