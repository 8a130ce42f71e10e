/* tests/unit/lines.c: lines come out the same however the bytes came in, and never more of them than is allowed. */
#include "net/lines.h"

#include <sys/socket.h>

#include "helper.h"
#include "rt/task.h"

/* A transport that gives bytes in pieces: of `piece` bytes, or cut wherever a bit of `cuts` is set. */
struct script {
	struct str bytes;
	size_t at, piece;
	unsigned cuts;
	bool again;   /* each piece is preceded by "not now" */
	bool waited;  /* ... which has been said */
	bool endless; /* the bytes come again and again */
	enum err_kind end; /* ERR_NONE: the end of the stream */
};

static size_t
next_piece(const struct script *s)
{
	size_t n = 1;

	if (s->piece)
		return s->piece;
	while (s->at + n < s->bytes.n && !(s->cuts >> (s->at + n - 1) & 1))
		n++;
	return n;
}

static ssize_t
script_read(struct stream *stream, void *to, size_t n, struct err *e)
{
	struct script *s = stream->state;
	size_t piece = next_piece(s);

	assert_true(n > 0);
	if (s->again && !s->waited) {
		s->waited = true;
		return STREAM_WANT_READ;
	}
	s->waited = false;
	if (s->endless && s->at == s->bytes.n)
		s->at = 0;
	if (s->at == s->bytes.n)
		return s->end == ERR_NONE ? 0 : err_set(e, s->end, "broken");
	if (piece > s->bytes.n - s->at)
		piece = s->bytes.n - s->at;
	if (piece > n)
		piece = n;
	memcpy(to, s->bytes.s + s->at, piece);
	s->at += piece;
	return (ssize_t)piece;
}

/* A stream over it whose descriptor can always be read, as long as there is one. */
static struct stream
script_stream(struct script *s)
{
	static const struct stream_ops ops = {.read = script_read};
	static int fds[2] = {-1, -1};

	if (fds[0] < 0) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
		assert_int_equal(write(fds[1], "x", 1), 1);
	}
	return (struct stream){.ops = &ops, .fd = fds[0], .state = s};
}

/* All lines, each with a '|' behind it; then '.' and what stands behind the last one, or '!' for an error. */
static void
read_lines(struct lines *l, struct buf *got, struct err *e)
{
	struct str line;
	int rc;

	while ((rc = lines_next(l, &line, INFINITY, e)) > 0) {
		buf_str(got, line);
		buf_byte(got, '|');
	}
	buf_byte(got, rc == 0 ? '.' : '!');
	if (rc == 0)
		buf_str(got, line);
}

static void
expect_lines(struct script s, size_t max, struct str want)
{
	struct stream stream = script_stream(&s);
	struct buf got = {0};
	struct lines l;
	struct err e = {0};

	lines_init(&l, &stream, max);
	read_lines(&l, &got, &e);
	expect_str(s.bytes, buf_view(&got), want);
	if (got.s[got.n - 1] == '!')
		expect_err(s.bytes, &e, ERR_HEADER_TOO_LARGE);
	expect_int(s.bytes, e.kind == ERR_NONE, got.s[got.n - 1] != '!');
	lines_clear(&l);
	buf_clear(&got);
}

static const struct {
	struct str in, out;
} rows[] = {
	{STR("a\r\nb: c\r\n\r\nx"), STR("a|b: c||.x")},
	{STR("a\nb: c\n\n"), STR("a|b: c||.")},
	{STR("a\r\nb\n\r\nc"), STR("a|b||.c")},
	{STR("a\rb\r\n"), STR("a\rb|.")},
	{STR("a\r\r\n\r"), STR("a\r|.\r")},
	{STR("\r\r\n\n\r\n"), STR("\r|||.")},
	{STR("a\0b\n\0\n"), STR("a\0b|\0|.")},
	{STR("\xff\x80\x1b\n"), STR("\xff\x80\x1b|.")},
	{STR("no end"), STR(".no end")},
	{STR("\n"), STR("|.")},
	{STR("\r"), STR(".\r")},
	{STR(""), STR(".")},
};

static void *
read_all_chunkings(void *arg)
{
	(void)arg;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str in = rows[i].in;

		for (unsigned cuts = 0; cuts < 1u << (in.n ? in.n - 1 : 0); cuts++)
			expect_lines((struct script){.bytes = in, .cuts = cuts, .again = cuts & 1}, 1000, rows[i].out);
	}
	return NULL;
}

static void
lines_are_the_same_however_the_bytes_come(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_all_chunkings, NULL, NULL, NULL), 0);
}

static void *
read_all_prefixes(void *arg)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nA: b\n C\r\n\r\nbody";

	(void)arg;
	for (size_t n = 0; n < sizeof head; n++) {
		struct script s = {.bytes = {head, n}, .piece = 1 + n % 3};
		struct buf lines = {0};
		size_t rest = 0;

		for (size_t i = 0; i < n; i++) {
			if (head[i] == '\n' && head[i - 1] == '\r')
				lines.n--;
			buf_byte(&lines, head[i] == '\n' ? '|' : head[i]);
			if (head[i] == '\n')
				rest = lines.n;
		}
		buf_byte(&lines, 0);
		memmove(lines.s + rest + 1, lines.s + rest, lines.n - 1 - rest);
		lines.s[rest] = '.';
		expect_lines(s, 1000, buf_view(&lines));
		buf_clear(&lines);
	}
	return NULL;
}

static void
stream_may_end_at_every_byte(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_all_prefixes, NULL, NULL, NULL), 0);
}

static void *
read_up_to_the_limit(void *arg)
{
	(void)arg;
	for (size_t piece = 1; piece < 20; piece++) {
		struct script ends = {.bytes = STR("12345\r\n89\n"), .piece = piece};
		struct script open = {.bytes = STR("12345\n7890"), .piece = piece};
		struct script more = {.bytes = STR("12345\r\n89\nmore and more"), .piece = piece};

		expect_lines(ends, 10, STR("12345|89|!")); /* no room for a further byte, be there one or not */
		expect_lines(ends, 11, STR("12345|89|."));
		expect_lines(ends, 9, STR("12345|!"));
		expect_lines(ends, 7, STR("12345|!"));
		expect_lines(ends, 6, STR("!"));
		expect_lines(ends, 1, STR("!"));
		expect_lines(open, 10, STR("12345|!"));
		expect_lines(open, 11, STR("12345|.7890"));
		expect_lines(more, 10, STR("12345|89|!"));
	}
	return NULL;
}

static void
all_lines_together_have_at_most_so_many_bytes(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_up_to_the_limit, NULL, NULL, NULL), 0);
}

static void *
read_without_end(void *arg)
{
	static const struct str kinds[] = {STR("x"), STR("\r"), STR("\0"), STR("X-Endless: line\r\n"), STR("\n")};
	static const size_t limits[] = {64, 4095, 4096, 4097, 300 * 1024};

	(void)arg;
	for (size_t i = 0; i < ROWS(kinds); i++)
		for (size_t k = 0; k < ROWS(limits); k++) {
			struct script s = {.bytes = kinds[i], .piece = 7000, .endless = true};
			struct stream stream = script_stream(&s);
			struct lines l;
			struct str line;
			struct err e = {0};
			size_t bytes = 0;

			lines_init(&l, &stream, limits[k]);
			while (lines_next(&l, &line, INFINITY, &e) > 0)
				bytes += line.n + 1;
			expect_err(kinds[i], &e, ERR_HEADER_TOO_LARGE);
			assert_true(bytes <= limits[k]);
			assert_true(l.read.cap <= 2 * limits[k] + 4096);
			lines_clear(&l);
		}
	return NULL;
}

static void
endless_lines_end_with_memory_bounded(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_without_end, NULL, NULL, NULL), 0);
}

static void *
peek_and_read(void *arg)
{
	struct script s = {.bytes = STR("HTTP/1.1 103 x\r\n\r\nHT"), .piece = 2};
	struct stream stream = script_stream(&s);
	struct buf got = {0};
	struct str bytes, line;
	struct lines l;
	struct err e = {0};

	(void)arg;
	lines_init(&l, &stream, 1000);
	assert_int_equal(lines_peek(&l, 0, &bytes, INFINITY, &e), 0);
	assert_int_equal(bytes.n, 0);
	for (size_t n = 1; n < 16; n += 5) {
		assert_int_equal(lines_peek(&l, n, &bytes, INFINITY, &e), 0);
		expect_str(s.bytes, bytes, (struct str){s.bytes.s, n});
		assert_true(s.at <= n + 1); /* no more than what was to be had with the last of them */
	}
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(lines_next(&l, &line, INFINITY, &e), 1);
	assert_int_equal(lines_peek(&l, 5, &bytes, INFINITY, &e), 0);
	expect_str(s.bytes, bytes, STR("HT")); /* the stream ends there */
	read_lines(&l, &got, &e);
	expect_str(s.bytes, buf_view(&got), STR(".HT"));
	assert_int_equal(lines_peek(&l, 5, &bytes, INFINITY, &e), 0);
	assert_int_equal(bytes.n, 0);
	buf_clear(&got);
	lines_clear(&l);
	return NULL;
}

static void
peeked_bytes_stay_to_be_read(void **state)
{
	(void)state;
	assert_int_equal(task_main(peek_and_read, NULL, NULL, NULL), 0);
}

static void *
read_broken(void *arg)
{
	for (int peeked = 0; peeked < 2; peeked++) {
		struct script s = {.bytes = STR("a\nb"), .piece = 3, .end = ERR_RESET};
		struct stream stream = script_stream(&s);
		struct str line;
		struct lines l;
		struct err e = {0};

		lines_init(&l, &stream, 1000);
		assert_int_equal(lines_next(&l, &line, INFINITY, &e), 1);
		if (peeked)
			assert_int_equal(lines_peek(&l, 5, &line, INFINITY, &e), -1);
		else
			assert_int_equal(lines_next(&l, &line, INFINITY, &e), -1);
		assert_int_equal(e.kind, ERR_RESET);
		assert_string_equal(e.text, "broken");
		lines_clear(&l);
	}
	return arg;
}

static void
failure_of_the_stream_is_passed_on(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_broken, NULL, NULL, NULL), 0);
}

static void *
wait_for_nothing(void *arg)
{
	struct script s = {.bytes = STR("a\n"), .piece = 1};
	struct stream stream = script_stream(&s);
	struct str line;
	struct lines l;
	struct err e = {0};
	int fds[2];

	(void)arg;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	stream.fd = fds[0];
	lines_init(&l, &stream, 1000);
	assert_int_equal(lines_next(&l, &line, task_now() + 0.01, &e), -1);
	assert_int_equal(e.kind, ERR_TIMEOUT);
	assert_int_equal(l.read.cap, 0); /* who waits for a first byte needs no memory */
	assert_int_equal(s.at, 0);       /* and has not tried to read */
	lines_clear(&l);
	close(fds[0]);
	close(fds[1]);
	return NULL;
}

static void
nothing_is_allocated_before_bytes_come(void **state)
{
	(void)state;
	assert_int_equal(task_main(wait_for_nothing, NULL, NULL, NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_the_same_however_the_bytes_come),
		cmocka_unit_test(stream_may_end_at_every_byte),
		cmocka_unit_test(all_lines_together_have_at_most_so_many_bytes),
		cmocka_unit_test(endless_lines_end_with_memory_bounded),
		cmocka_unit_test(peeked_bytes_stay_to_be_read),
		cmocka_unit_test(failure_of_the_stream_is_passed_on),
		cmocka_unit_test(nothing_is_allocated_before_bytes_come),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
