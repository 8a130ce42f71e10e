/* tests/unit/records.c: files of records, line by line. */
#include "record/records.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

#include "helper.h"
#include "record/record.h"

/* A file that holds this, and is gone when it is closed. */
static struct records *
open_text(struct str text)
{
	char path[] = "/tmp/awget-records.XXXXXX";
	int fd = mkstemp(path);
	struct err e = {0};
	struct records *f;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.s, text.n), text.n);
	close(fd);
	f = records_open(path, NULL, &e);
	unlink(path);
	if (!f)
		fail_msg("%s", e.text);
	return f;
}

static void
lines_come_without_their_ends_and_blank_ones_do_not_come(void **state)
{
	static const struct {
		struct str text;
		struct {
			struct str line;
			size_t number, offset;
		} want[3];
		size_t n;
		bool torn;
	} rows[] = {
		{STR(""), {{{0}, 0, 0}}, 0, false},
		{STR("\n"), {{{0}, 0, 0}}, 0, false},
		{STR("\n \t\r\n\r\n"), {{{0}, 0, 0}}, 0, false},
		{STR("a\n"), {{STR("a"), 1, 0}}, 1, false},
		{STR("a"), {{STR("a"), 1, 0}}, 1, true},
		{STR("a\nbc\n"), {{STR("a"), 1, 0}, {STR("bc"), 2, 2}}, 2, false},
		{STR("a\r\n\r\nbc\r\n"), {{STR("a"), 1, 0}, {STR("bc"), 3, 5}}, 2, false},
		{STR("\n\na\n b \nc\r"), {{STR("a"), 3, 2}, {STR(" b "), 4, 4}, {STR("c"), 5, 8}}, 3, true},
		{STR("\xef\xbb\xbf" "a\n\xef\xbb\xbf\n"), {{STR("a"), 1, 0}, {STR("\xef\xbb\xbf"), 2, 5}}, 2, false},
		{STR("\xef\xbb\xbf\na"), {{STR("a"), 2, 4}}, 1, true},
		{STR("a\0b\n\0"), {{STR("a\0b"), 1, 0}, {STR("\0"), 2, 4}}, 2, true},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct records *f = open_text(rows[i].text);
		struct err e = {0};
		struct str line;

		for (size_t k = 0; k < rows[i].n; k++) {
			expect_int(rows[i].text, records_next(f, &line, &e), 1);
			expect_str(rows[i].text, line, rows[i].want[k].line);
			expect_int(rows[i].text, (long long)records_number(f), (long long)rows[i].want[k].number);
			expect_int(rows[i].text, (long long)records_offset(f), (long long)rows[i].want[k].offset);
		}
		expect_int(rows[i].text, records_next(f, &line, &e), 0);
		expect_int(rows[i].text, records_next(f, &line, &e), 0);
		expect_int(rows[i].text, records_torn(f), rows[i].torn);
		records_close(f);
	}
	records_close(NULL);
}

/* The byte of line i that stands at place k of it. */
static char
byte_of(size_t i, size_t k)
{
	return (char)('a' + (i * 7 + k) % 26);
}

static void
lines_of_any_length_come_whole_with_bytes_behind_them(void **state)
{
	static const size_t lengths[] = {1, 262143, 262144, 262145, 5, 100000, 200000, 1000000, 3, 262144 - 64, 70000};
	struct buf text = {0};
	struct records *f;
	size_t offset = 0;
	struct str line;

	(void)state;
	for (size_t i = 0; i < ROWS(lengths); i++) {
		for (size_t k = 0; k < lengths[i]; k++)
			buf_byte(&text, byte_of(i, k));
		buf_byte(&text, '\n');
	}
	f = open_text(buf_view(&text));
	for (size_t i = 0; i < ROWS(lengths); i++) {
		volatile char sum = 0;

		assert_int_equal(records_next(f, &line, NULL), 1);
		assert_int_equal(line.n, lengths[i]);
		assert_memory_equal(line.s, text.s + offset, line.n);
		assert_int_equal(records_offset(f), offset);
		for (size_t k = 0; k < RECORD_PADDING; k++) /* this is for valgrind and AddressSanitizer to see */
			sum += line.s[line.n + k] == 'x';
		(void)sum;
		offset += lengths[i] + 1;
	}
	assert_int_equal(records_next(f, &line, NULL), 0);
	records_close(f);
	buf_clear(&text);
}

/* A file with a hole is a long line. */
static void
line_that_is_too_long_is_refused(void **state)
{
	char path[] = "/tmp/awget-records.XXXXXX";
	int fd = mkstemp(path);
	struct err e = {0};
	struct records *f;
	struct str line;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "a\n", 2), 2);
	assert_int_equal(ftruncate(fd, (off_t)RECORDS_LINE_MAX * 100), 0);
	close(fd);
	f = records_open(path, NULL, &e);
	unlink(path);
	assert_non_null(f);
	assert_int_equal(records_next(f, &line, &e), 1);
	assert_int_equal(records_next(f, &line, &e), -1);
	expect_err(STR("long line"), &e, ERR_LOCAL);
	assert_non_null(strstr(e.text, ": line 2 is longer than 67108864 bytes"));
	records_close(f);
}

static void
file_that_cannot_be_read_is_named(void **state)
{
	struct err e = {0};
	struct records *f;
	struct str line;

	(void)state;
	assert_null(records_open("/nonexistent/records", NULL, &e));
	expect_err(STR("no file"), &e, ERR_LOCAL);
	assert_string_equal(e.text, "cannot read /nonexistent/records: No such file or directory");
	f = records_open("/", NULL, &e);
	assert_non_null(f);
	assert_int_equal(records_next(f, &line, &e), -1);
	expect_err(STR("a folder"), &e, ERR_LOCAL);
	assert_string_equal(e.text, "cannot read /: Is a directory");
	records_close(f);
}

/* --- standard input, which may keep us waiting --- */

static int write_end, waits;

/* Puts a pipe in the place of standard input. */
static void
pipe_to_stdin(int flags)
{
	int fds[2];

	assert_int_equal(pipe2(fds, flags), 0);
	assert_int_equal(dup2(fds[0], STDIN_FILENO), STDIN_FILENO);
	close(fds[0]);
	write_end = fds[1];
	waits = 0;
}

static void
say(struct str s)
{
	assert_int_equal(write(write_end, s.s, s.n), s.n);
}

/* What comes next, a piece each time that somebody is about to wait for it. */
static void
send_next(void)
{
	static const struct str pieces[] = {STR("on"), STR("e\r"), STR("\ntwo\nthr"), STR("ee")};

	if (waits < (int)ROWS(pieces))
		say(pieces[waits]);
	else if (waits == (int)ROWS(pieces))
		close(write_end);
	waits++;
}

static void
standard_input_is_read_as_it_comes(void **state)
{
	static const char *const want[] = {"one", "two", "three"};
	struct records *f;
	struct str line;

	(void)state;
	pipe_to_stdin(0);
	f = records_open("-", send_next, NULL);
	assert_non_null(f);
	for (size_t i = 0; i < ROWS(want); i++) {
		assert_int_equal(records_next(f, &line, NULL), 1);
		expect_str(str_of(want[i]), line, str_of(want[i]));
		assert_int_equal(waits, i == 0 ? 3 : i == 1 ? 3 : 5);
	}
	assert_int_equal(records_next(f, &line, NULL), 0);
	assert_true(records_torn(f));
	records_close(f);
}

static void *
send_late(void *arg)
{
	(void)arg;
	usleep(20000);
	say(STR("late\n"));
	close(write_end);
	return NULL;
}

static void
input_that_does_not_block_is_waited_for(void **state)
{
	struct records *f;
	struct str line;
	pthread_t thread;

	(void)state;
	pipe_to_stdin(O_NONBLOCK);
	f = records_open("-", NULL, NULL);
	assert_int_equal(pthread_create(&thread, NULL, send_late, NULL), 0);
	assert_int_equal(records_next(f, &line, NULL), 1);
	expect_str(STR("late"), line, STR("late"));
	assert_int_equal(records_next(f, &line, NULL), 0);
	pthread_join(thread, NULL);
	records_close(f);
}

static volatile sig_atomic_t signals;

/* The first signal means nothing to us. */
static void
on_signal(int signal)
{
	(void)signal;
	if (++signals == 2)
		records_stop();
}

static void *
send_signals(void *arg)
{
	pthread_t *to = arg;

	while (signals < 2) {
		usleep(20000);
		pthread_kill(*to, SIGUSR1);
	}
	return NULL;
}

/* The last one, for there is no going on after it. */
static void
signal_that_asks_to_stop_ends_the_waiting(void **state)
{
	static const struct sigaction act = {.sa_handler = on_signal};
	pthread_t thread, self = pthread_self();
	struct err e = {0};
	struct records *f;
	struct str line;

	(void)state;
	pipe_to_stdin(0);
	say(STR("one\ntwo\n"));
	assert_int_equal(sigaction(SIGUSR1, &act, NULL), 0);
	f = records_open("-", NULL, NULL);
	assert_int_equal(records_next(f, &line, &e), 1);
	assert_int_equal(records_next(f, &line, &e), 1);
	assert_int_equal(pthread_create(&thread, NULL, send_signals, &self), 0);
	assert_int_equal(records_next(f, &line, &e), -1);
	expect_err(STR("interrupted"), &e, ERR_CANCELED);
	pthread_join(thread, NULL);
	assert_true(signals >= 2);
	assert_int_equal(records_next(f, &line, &e), -1);
	expect_err(STR("and stays so"), &e, ERR_CANCELED);
	records_close(f);
	close(write_end);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_without_their_ends_and_blank_ones_do_not_come),
		cmocka_unit_test(lines_of_any_length_come_whole_with_bytes_behind_them),
		cmocka_unit_test(line_that_is_too_long_is_refused),
		cmocka_unit_test(file_that_cannot_be_read_is_named),
		cmocka_unit_test(standard_input_is_read_as_it_comes),
		cmocka_unit_test(input_that_does_not_block_is_waited_for),
		cmocka_unit_test(signal_that_asks_to_stop_ends_the_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
