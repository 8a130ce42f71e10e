/* tests/unit/stream.c: "not now" becomes waiting, in whichever direction; errors, ends and deadlines come through. */
#include "net/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#include "helper.h"
#include "rt/task.h"

/* A transport that says what its letters say: r, w: wants to read, to write; a digit: so many bytes; e: the end; x: broken. */
struct script {
	const char *steps;
	int fd, other; /* the descriptor that is waited for, and its other end */
	size_t calls, closed;
};

static ssize_t
step(struct stream *stream, size_t n, struct err *e)
{
	struct script *s = stream->state;
	char c = *s->steps++;

	s->calls++;
	switch (c) {
	case 'r':
		return STREAM_WANT_READ;
	case 'w':
		return STREAM_WANT_WRITE;
	case 'e':
		return 0;
	case 'x':
		return err_set(e, ERR_RESET, "broken");
	default:
		assert_in_range(c, '0', '9');
		return (size_t)(c - '0') < n ? c - '0' : (ssize_t)n;
	}
}

static int
script_handshake(struct stream *stream, struct err *e)
{
	return (int)step(stream, 9, e);
}

static ssize_t
script_read(struct stream *stream, void *to, size_t n, struct err *e)
{
	ssize_t got = step(stream, n, e);

	if (got > 0)
		memset(to, 'x', (size_t)got);
	return got;
}

static ssize_t
script_write(struct stream *stream, const void *from, size_t n, struct err *e)
{
	(void)from;
	return step(stream, n, e);
}

static void
script_close(struct stream *stream)
{
	((struct script *)stream->state)->closed++;
}

static const struct stream_ops script_ops = {
	.handshake = script_handshake, .read = script_read, .write = script_write, .close = script_close,
};

static void
set_buffer(int fd, int which, int size)
{
	assert_int_equal(setsockopt(fd, SOL_SOCKET, which, &size, sizeof size), 0);
}

/* A pair of which nothing can be read; nothing can be written either if it is full. */
static struct stream
script_begin(struct script *s, const char *steps, bool full)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
	set_buffer(fds[0], SO_SNDBUF, 1);
	while (full && send(fds[0], "x", 1, MSG_NOSIGNAL) == 1)
		;
	*s = (struct script){.steps = steps, .fd = fds[0], .other = fds[1]};
	return (struct stream){.ops = &script_ops, .fd = fds[0], .state = s};
}

static void
script_end(struct script *s, struct stream *stream)
{
	stream_close(stream);
	assert_int_equal(stream->fd, -1);
	stream_close(stream);
	assert_int_equal(s->closed, 1);
	close(s->other);
}

/* Does what makes the stream's descriptor readable, and writable. */
static void *
feed(void *arg)
{
	struct script *s = arg;
	static char drain[4096];

	assert_int_equal(task_sleep(0.02, NULL), 0);
	while (recv(s->other, drain, sizeof drain, MSG_DONTWAIT) > 0)
		;
	assert_int_equal(send(s->other, "x", 1, MSG_NOSIGNAL), 1);
	return NULL;
}

static void *
wait_as_told(void *arg)
{
	static const struct {
		const char *steps;
		bool writes, waits; /* is anything waited for before the peer does something? */
		ssize_t want;
	} rows[] = {
		{"3", false, false, 3}, {"e", false, false, 0}, {"9", false, false, 8}, {"x", false, false, -1},
		{"r5", false, true, 5}, {"w5", false, true, 5}, {"rwr1", false, true, 1}, {"rre", false, true, 0},
		{"rx", false, true, -1},
		{"8", true, false, 0}, {"1111112", true, false, 0}, {"00035", true, false, 0}, {"x", true, false, -1},
		{"4x", true, false, -1}, {"w8", true, true, 0}, {"r8", true, true, 0}, {"3wrw32", true, true, 0},
	};

	(void)arg;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct script s;
		struct stream stream = script_begin(&s, rows[i].steps, true);
		struct task *t = task_start("feed", feed, &s, NULL, NULL);
		double began = task_now();
		char bytes[8] = "";
		struct err e = {0};
		ssize_t got;

		if (rows[i].writes)
			got = stream_write(&stream, bytes, sizeof bytes, INFINITY, &e);
		else
			got = stream_read(&stream, bytes, sizeof bytes, INFINITY, &e);
		expect_int(str_of(rows[i].steps), got, rows[i].want);
		expect_int(str_of(rows[i].steps), e.kind, got < 0 ? ERR_RESET : ERR_NONE);
		expect_int(str_of(rows[i].steps), s.calls, (long long)strlen(rows[i].steps));
		if (rows[i].waits)
			assert_true(task_now() - began > 0.01);
		task_join(t, NULL, NULL);
		script_end(&s, &stream);
	}
	return NULL;
}

static void
not_now_becomes_waiting_for_what_is_wanted(void **state)
{
	(void)state;
	assert_int_equal(task_main(wait_as_told, NULL, NULL, NULL), 0);
}

static void *
shake_hands(void *arg)
{
	static const struct {
		const char *steps;
		int want;
		enum err_kind kind;
	} rows[] = {
		{"e", 0, ERR_NONE}, {"re", 0, ERR_NONE}, {"rwre", 0, ERR_NONE}, {"x", -1, ERR_RESET}, {"wrx", -1, ERR_RESET},
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct script s;
		struct stream stream = script_begin(&s, rows[i].steps, true);
		struct task *t = task_start("feed", feed, &s, NULL, NULL);
		struct err e = {0};

		expect_int(str_of(rows[i].steps), stream_handshake(&stream, INFINITY, &e), rows[i].want);
		expect_int(str_of(rows[i].steps), e.kind, rows[i].kind);
		expect_int(str_of(rows[i].steps), s.calls, (long long)strlen(rows[i].steps));
		task_join(t, NULL, NULL);
		script_end(&s, &stream);
	}
	return arg;
}

static void
a_handshake_goes_on_in_whichever_direction(void **state)
{
	(void)state;
	assert_int_equal(task_main(shake_hands, NULL, NULL, NULL), 0);
}

static void *
shake_one(void *arg)
{
	struct stream *stream = arg;

	assert_int_equal(stream_handshake(stream, INFINITY, NULL), 0);
	return NULL;
}

/* The steps that have been made. */
static size_t
count_steps(const struct script *s, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += s[i].calls;
	return sum;
}

enum { SHAKERS = 40, STEPS = 3 };

static void *
shake_many(void *arg)
{
	static struct script s[SHAKERS];
	static struct stream stream[SHAKERS];
	struct task *t[SHAKERS];
	size_t before, steps = 0;

	for (size_t i = 0; i < SHAKERS; i++) {
		stream[i] = script_begin(&s[i], "wwe", false);
		t[i] = task_start("shake", shake_one, &stream[i], NULL, NULL);
	}
	do { /* no turn of the loop has many */
		before = steps;
		assert_int_equal(task_yield(NULL), 0);
		steps = count_steps(s, SHAKERS);
		assert_in_range(steps - before, 0, SHAKERS / 4);
	} while (steps < (size_t)SHAKERS * STEPS);
	for (size_t i = 0; i < SHAKERS; i++) {
		task_join(t[i], NULL, NULL);
		script_end(&s[i], &stream[i]);
	}
	return arg;
}

static void
many_handshakes_take_turns(void **state)
{
	(void)state;
	assert_int_equal(task_main(shake_many, NULL, NULL, NULL), 0);
}

static void *
shake_too_long(void *arg)
{
	struct script s;
	struct stream stream = script_begin(&s, "r", true);
	double began = task_now();
	struct err e = {0};

	assert_int_equal(stream_handshake(&stream, began + 0.02, &e), -1);
	assert_int_equal(e.kind, ERR_TIMEOUT);
	assert_true(task_now() - began >= 0.02);
	task_cancel(task_self());
	assert_int_equal(stream_handshake(&stream, INFINITY, &e), -1);
	assert_int_equal(e.kind, ERR_CANCELED);
	assert_int_equal(s.calls, 1);
	script_end(&s, &stream);
	return arg;
}

static void
a_handshake_ends_at_the_deadline_and_when_canceled(void **state)
{
	(void)state;
	assert_int_equal(task_main(shake_too_long, NULL, NULL, NULL), 0);
}

static void *
wait_too_long(void *arg)
{
	static const struct {
		const char *steps;
		bool writes;
	} rows[] = {{"r", false}, {"w", false}, {"r", true}, {"w", true}, {"0w", true}};

	(void)arg;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct script s;
		struct stream stream = script_begin(&s, rows[i].steps, true);
		double began = task_now();
		char byte = 0;
		struct err e = {0};

		if (rows[i].writes)
			assert_int_equal(stream_write(&stream, &byte, 1, began + 0.02, &e), -1);
		else
			assert_int_equal(stream_read(&stream, &byte, 1, began + 0.02, &e), -1);
		expect_int(str_of(rows[i].steps), e.kind, ERR_TIMEOUT);
		assert_true(task_now() - began >= 0.02);
		script_end(&s, &stream);
	}
	return NULL;
}

static void
waiting_ends_at_the_deadline(void **state)
{
	(void)state;
	assert_int_equal(task_main(wait_too_long, NULL, NULL, NULL), 0);
}

static void *
read_until_canceled(void *arg)
{
	struct script s;
	struct stream stream = script_begin(&s, "rrrr", false);
	char byte;
	struct err e = {0};

	assert_int_equal(stream_read(&stream, &byte, 1, INFINITY, &e), -1);
	assert_int_equal(e.kind, ERR_CANCELED);
	assert_int_equal(stream_wait(&stream, INFINITY, &e), -1);
	assert_int_equal(e.kind, ERR_CANCELED);
	script_end(&s, &stream);
	return arg;
}

static void *
cancel_a_reader(void *arg)
{
	struct task *t = task_start("reader", read_until_canceled, NULL, NULL, NULL);

	assert_int_equal(task_yield(NULL), 0);
	task_cancel(t);
	assert_int_equal(task_join(t, NULL, NULL), 0);
	return arg;
}

static void
waiting_ends_when_canceled(void **state)
{
	(void)state;
	assert_int_equal(task_main(cancel_a_reader, NULL, NULL, NULL), 0);
}

/* --- TCP --- */

/* Two ends of a connection on loopback. */
static void
connect_pair(int fds[2])
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t n = sizeof a;

	fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(listener >= 0 && fds[0] >= 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&a, &n), 0);
	assert_int_equal(connect(fds[0], (struct sockaddr *)&a, sizeof a), 0);
	fds[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	assert_true(fds[1] >= 0);
	assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	close(listener);
}

static void
reset(int fd)
{
	struct linger now = {.l_onoff = 1};

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
	close(fd);
}

enum { MUCH = 1 << 20 };

static void *
read_much(void *arg)
{
	struct stream *s = arg;
	static unsigned char bytes[3001];
	size_t all = 0;
	ssize_t n;

	while ((n = stream_read(s, bytes, sizeof bytes, INFINITY, NULL)) > 0)
		for (ssize_t i = 0; i < n; i++, all++)
			if (bytes[i] != (unsigned char)(all * 7))
				fail_msg("byte %zu is wrong", all);
	assert_int_equal(n, 0);
	assert_int_equal(all, MUCH);
	return NULL;
}

static void *
write_much(void *arg)
{
	unsigned char *bytes = malloc(MUCH);
	struct stream from, to;
	struct task *t;
	int fds[2];

	for (size_t i = 0; i < MUCH; i++)
		bytes[i] = (unsigned char)(i * 7);
	connect_pair(fds);
	set_buffer(fds[0], SO_SNDBUF, 4096);
	stream_tcp(&from, fds[0]);
	stream_tcp(&to, fds[1]);
	t = task_start("reader", read_much, &to, NULL, NULL);
	assert_int_equal(stream_write(&from, bytes, MUCH, INFINITY, NULL), 0);
	stream_close(&from);
	assert_int_equal(task_join(t, NULL, NULL), 0);
	stream_close(&to);
	free(bytes);
	return arg;
}

static void
all_bytes_arrive_in_order_through_small_buffers(void **state)
{
	(void)state;
	assert_int_equal(task_main(write_much, NULL, NULL, NULL), 0);
}

static void *
meet_ends(void *arg)
{
	struct stream s;
	struct err e = {0};
	char bytes[8];
	int fds[2];

	/* the end of the stream, as often as it is asked for */
	connect_pair(fds);
	stream_tcp(&s, fds[0]);
	assert_int_equal(send(fds[1], "abc", 3, 0), 3);
	close(fds[1]);
	assert_int_equal(stream_wait(&s, INFINITY, &e), 0);
	assert_int_equal(stream_read(&s, bytes, sizeof bytes, INFINITY, &e), 3);
	assert_int_equal(stream_read(&s, bytes, sizeof bytes, INFINITY, &e), 0);
	assert_int_equal(stream_read(&s, bytes, sizeof bytes, INFINITY, &e), 0);
	stream_close(&s);

	connect_pair(fds);
	stream_tcp(&s, fds[0]);
	reset(fds[1]);
	assert_int_equal(stream_wait(&s, INFINITY, &e), 0);
	assert_int_equal(stream_read(&s, bytes, sizeof bytes, INFINITY, &e), -1);
	expect_err(STR("read"), &e, ERR_RESET);
	assert_string_equal(e.text, "connection reset by peer while reading");
	stream_close(&s);

	/* SIGPIPE would end us */
	connect_pair(fds);
	stream_tcp(&s, fds[0]);
	reset(fds[1]);
	assert_int_equal(stream_write(&s, "x", 1, INFINITY, &e), -1);
	assert_int_equal(stream_write(&s, "x", 1, INFINITY, &e), -1);
	expect_err(STR("write"), &e, ERR_RESET);
	assert_string_equal(e.text, "connection reset by peer while sending the request");
	stream_close(&s);
	return arg;
}

static void
ends_and_resets_are_told_apart(void **state)
{
	(void)state;
	assert_int_equal(task_main(meet_ends, NULL, NULL, NULL), 0);
}

static void *
fail_locally(void *arg)
{
	struct stream s;
	struct err e = {0};
	char byte;

	stream_tcp(&s, open("/dev/null", O_RDONLY | O_CLOEXEC));
	assert_int_equal(stream_read(&s, &byte, 1, INFINITY, &e), -1);
	expect_err(STR("read"), &e, ERR_LOCAL);
	assert_string_equal(e.text, "Socket operation on non-socket while reading");
	stream_close(&s);
	return arg;
}

static void
trouble_of_our_own_is_named(void **state)
{
	(void)state;
	assert_int_equal(task_main(fail_locally, NULL, NULL, NULL), 0);
}

static void
closing_what_is_closed_is_fine(void **state)
{
	struct stream s = {.fd = -1};

	(void)state;
	stream_close(&s);
	assert_int_equal(s.fd, -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_now_becomes_waiting_for_what_is_wanted),
		cmocka_unit_test(a_handshake_goes_on_in_whichever_direction),
		cmocka_unit_test(many_handshakes_take_turns),
		cmocka_unit_test(a_handshake_ends_at_the_deadline_and_when_canceled),
		cmocka_unit_test(waiting_ends_at_the_deadline),
		cmocka_unit_test(waiting_ends_when_canceled),
		cmocka_unit_test(all_bytes_arrive_in_order_through_small_buffers),
		cmocka_unit_test(ends_and_resets_are_told_apart),
		cmocka_unit_test(trouble_of_our_own_is_named),
		cmocka_unit_test(closing_what_is_closed_is_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
