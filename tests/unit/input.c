/* tests/unit/input.c: targets out of arguments and files of every kind, each exactly once, whatever the files hold. */
#include "awget/input.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <sys/socket.h>

#include "helper.h"
#include "rt/task.h"

/* A path under which text can be read. The descriptor is to be closed behind it. */
static int
file_of(struct str text, char path[32])
{
	int fd = memfd_create("targets", MFD_CLOEXEC);

	assert_true(fd >= 0);
	for (size_t at = 0; at < text.n;) {
		ssize_t n = write(fd, text.s + at, text.n - at);

		assert_true(n > 0);
		at += (size_t)n;
	}
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

/* Adds all targets, a '|' behind each; "<N>" stands for the beginning of one that is too long, "!" for a file that failed. */
static void
read_all(struct input *in, struct buf *got)
{
	struct str text;
	struct err e;
	bool too_long;
	int rc;

	while ((rc = input_next(in, &text, &too_long, &e)) != 0) {
		if (rc < 0)
			buf_byte(got, '!');
		else if (too_long)
			buf_printf(got, "<%zu>", text.n);
		else
			buf_str(got, text);
		buf_byte(got, '|');
	}
	assert_int_equal(input_next(in, &text, &too_long, &e), 0);
}

static void
expect_targets(struct str row, struct input *in, struct str want)
{
	struct buf got = {0};

	read_all(in, &got);
	expect_str(row, buf_view(&got), want);
	buf_clear(&got);
}

static const struct {
	struct str text, want;
} rows[] = {
	{STR(""), STR("")},
	{STR("a\nb\n"), STR("a|b|")},
	{STR("a\nb"), STR("a|b|")},
	{STR("a"), STR("a|")},
	{STR("a\r\nb\r\n"), STR("a|b|")},
	{STR("a\r"), STR("a|")},
	{STR("\n\n \n\t\r\n\r\na\n\n"), STR("a|")},
	{STR(" \ta\t \nb \r\n"), STR("a|b|")},
	{STR("# a\na # b\na\t#b\nb#c\n#\n #\n"), STR("a|a|b#c|")},
	{STR("http://a/#f\n"), STR("http://a/#f|")},
	{STR("\xef\xbb\xbf" "a\n\xef\xbb\xbf" "b\n"), STR("a|\xef\xbb\xbf" "b|")},
	{STR("\xef\xbb\xbf"), STR("")},
	{STR("\xef\xbb\xbf# a\nb\n"), STR("b|")},
	/* what makes no sense is a target of its own, to be refused; its neighbours are not touched */
	{STR("a\n\0\nb\0c\nd\n"), STR("a|\0|b\0c|d|")},
	{STR("a\n\xff\xfe\x80\nb\n"), STR("a|\xff\xfe\x80|b|")},
	{STR("a\rb\nc\n"), STR("a\rb|c|")},
	{STR("a b\n"), STR("a b|")},
	{STR("-x\n--help\n"), STR("-x|--help|")},
	{STR("\x1b[31m\n\v\n"), STR("\x1b[31m|\v|")},
};

static void *
read_files(void *arg)
{
	char path[32];
	const char *files[] = {path};

	(void)arg;
	for (size_t i = 0; i < ROWS(rows); i++) {
		int fd = file_of(rows[i].text, path);
		struct input *in = input_new(NULL, 0, files, 1, NULL);

		assert_non_null(in);
		expect_targets(rows[i].text, in, rows[i].want);
		input_free(in);
		close(fd);
	}
	return NULL;
}

static void
line_is_a_target_without_comment_and_white_space(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_files, NULL, NULL, NULL), 0);
}

/* Bytes that come through a pipe. */
struct feed {
	struct str text;
	size_t cut; /* the first piece ends there */
	int fd;
};

static void *
feed(void *arg)
{
	struct feed *f = arg;

	assert_int_equal(write(f->fd, f->text.s, f->cut), f->cut);
	assert_int_equal(task_sleep(0.0005, NULL), 0);
	assert_int_equal(write(f->fd, f->text.s + f->cut, f->text.n - f->cut), f->text.n - f->cut);
	close(f->fd);
	return NULL;
}

static void *
read_pipes(void *arg)
{
	char path[32];
	const char *files[] = {path};

	(void)arg;
	for (size_t i = 0; i < ROWS(rows); i++)
		for (size_t cut = 1; cut < rows[i].text.n; cut++) {
			struct feed f = {rows[i].text, cut, -1};
			struct input *in;
			struct task *t;
			int fds[2];

			assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
			snprintf(path, sizeof path, "/proc/self/fd/%d", fds[0]);
			in = input_new(NULL, 0, files, 1, NULL);
			assert_non_null(in);
			close(fds[0]);
			f.fd = fds[1];
			t = task_start("feed", feed, &f, NULL, NULL);
			expect_targets(rows[i].text, in, rows[i].want);
			assert_int_equal(task_join(t, NULL, NULL), 0);
			input_free(in);
		}
	return NULL;
}

static void
pipe_may_be_cut_at_every_byte(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_pipes, NULL, NULL, NULL), 0);
}

static void *
read_a_line_and_wait(void *arg)
{
	char path[32];
	const char *files[] = {path};
	struct input *in;
	struct str text;
	struct err e = {0};
	bool too_long;
	int fds[2];

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fds[0]);
	in = input_new(NULL, 0, files, 1, NULL);
	assert_int_equal(write(fds[1], "a\nb", 3), 3);
	assert_int_equal(input_next(in, &text, &too_long, &e), 1);
	expect_str(STR("first"), text, STR("a"));
	assert_true(isnan(input_share(in)));
	/* the line that has no end yet is waited for, until canceled */
	task_cancel(task_self());
	assert_int_equal(input_next(in, &text, &too_long, &e), -1);
	assert_int_equal(e.kind, ERR_CANCELED);
	assert_int_equal(input_next(in, &text, &too_long, &e), -1);
	assert_int_equal(e.kind, ERR_CANCELED);
	input_free(in);
	close(fds[0]);
	close(fds[1]);
	return arg;
}

static void
line_is_handed_out_before_the_next_has_come(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_a_line_and_wait, NULL, NULL, NULL), 0);
}

static void *
read_long_lines(void *arg)
{
	static const struct {
		size_t n;
		const char *want;
	} lengths[] = {
		{8191, NULL}, {8192, NULL}, {8193, "<8192>|"}, {65534, "<8192>|"}, {65535, "<8192>|"}, {65536, "<8192>|"},
		{65537, "<8192>|"}, {131072, "<8192>|"}, {1000000, "<8192>|"}, {10000000, "<8192>|"},
	};
	static const char *const forms[] = {"", " ", "\r", " # comment"};
	char path[32];
	const char *files[] = {path};

	(void)arg;
	for (size_t i = 0; i < ROWS(lengths); i++)
		for (size_t k = 0; k < ROWS(forms); k++) {
			struct str line = repeated('x', lengths[i].n);
			struct buf text = {0}, want = {0};
			struct input *in;
			int fd;

			buf_printf(&text, "before\n%s%s\nbehind\n", line.s, forms[k]);
			fd = file_of(buf_view(&text), path);
			in = input_new(NULL, 0, files, 1, NULL);
			if (lengths[i].want)
				buf_printf(&want, "before|%sbehind|", lengths[i].want);
			else
				buf_printf(&want, "before|%s|behind|", line.s);
			expect_targets(str_of(forms[k]), in, buf_view(&want));
			assert_true(input_share(in) == 1);
			input_free(in);
			close(fd);
			buf_clear(&text);
			buf_clear(&want);
			free((void *)line.s);
		}
	return NULL;
}

static void
line_that_is_too_long_is_one_target(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_long_lines, NULL, NULL, NULL), 0);
}

static void *
read_long_comments(void *arg)
{
	static const size_t lengths[] = {8190, 8193, 65535, 65536, 65537, 200000};
	char path[32];
	const char *files[] = {path};

	(void)arg;
	for (size_t i = 0; i < ROWS(lengths); i++) {
		struct str line = repeated('x', lengths[i]), blanks = repeated(' ', lengths[i]);
		struct buf text = {0};
		struct input *in;
		int fd;

		buf_printf(&text, "before\n# %s\n%s\nbehind\n", line.s, blanks.s);
		fd = file_of(buf_view(&text), path);
		in = input_new(NULL, 0, files, 1, NULL);
		expect_targets(STR("comment"), in, STR("before|behind|"));
		input_free(in);
		close(fd);
		buf_clear(&text);
		free((void *)line.s);
		free((void *)blanks.s);
	}
	return NULL;
}

static void
comment_and_blank_line_may_be_of_any_length(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_long_comments, NULL, NULL, NULL), 0);
}

static void *
read_in_order(void *arg)
{
	struct str longest = repeated('x', 8192), longer = repeated('x', 8193);
	char *targets[] = {(char *)"b", (char *)"", (char *)"a # c", (char *)longest.s, (char *)longer.s};
	char path[2][32];
	const char *files[] = {path[0], path[1], path[0]};
	int fds[2] = {file_of(STR("3\n2"), path[0]), file_of(STR("\xef\xbb\xbf" "1"), path[1])};
	struct input *in = input_new(targets, 5, files, 3, NULL);
	struct buf got = {0}, want = {0};

	assert_int_equal(input_left(in), 5);
	buf_printf(&want, "b||a # c|%s|<8192>|3|2|1|3|2|", longest.s);
	read_all(in, &got);
	assert_int_equal(input_left(in), 0);
	expect_str(STR("all"), buf_view(&got), buf_view(&want));
	input_free(in);
	close(fds[0]);
	close(fds[1]);
	buf_clear(&got);
	buf_clear(&want);
	free((void *)longest.s);
	free((void *)longer.s);
	return arg;
}

static void
arguments_come_before_files_each_in_order(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_in_order, NULL, NULL, NULL), 0);
}

static void *
read_standard_input(void *arg)
{
	char path[32];
	const char *files[] = {"-", path, "-"};
	int fd = file_of(STR("c\n"), path), zero = dup(STDIN_FILENO), fds[2];
	struct input *in;

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(write(fds[1], "a\nb\n", 4), 4);
	close(fds[1]);
	assert_int_equal(dup2(fds[0], STDIN_FILENO), STDIN_FILENO);
	close(fds[0]);
	in = input_new(NULL, 0, files, 3, NULL);
	expect_targets(STR("stdin"), in, STR("a|b|c|"));
	input_free(in);
	assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0); /* not ours to close */
	if (zero >= 0) {
		dup2(zero, STDIN_FILENO);
		close(zero);
	}
	close(fd);
	return arg;
}

static void
dash_is_standard_input(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_standard_input, NULL, NULL, NULL), 0);
}

static void *
read_odd_files(void *arg)
{
	char path[32];
	const char *files[] = {"/dev/null", "/proc/self/mem", path};
	int fd = file_of(STR("a\n"), path);
	struct input *in = input_new(NULL, 0, files, 3, NULL);
	struct str text;
	struct err e = {0};
	bool too_long;

	assert_int_equal(input_next(in, &text, &too_long, &e), -1); /* nothing in the first, the second cannot be read */
	expect_err(STR("mem"), &e, ERR_LOCAL);
	assert_string_equal(e.text, "cannot read /proc/self/mem: Input/output error");
	expect_targets(STR("the next file"), in, STR("a|"));
	input_free(in);
	close(fd);
	return arg;
}

static void
file_that_fails_does_not_keep_from_the_next(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_odd_files, NULL, NULL, NULL), 0);
}

static void
file_that_cannot_be_opened_is_named(void **state)
{
	static const struct {
		const char *name, *why;
	} bad[] = {
		{"/nonexistent/list", "cannot read /nonexistent/list: No such file or directory"},
		{"/", "cannot read /: Is a directory"},
		{"", "cannot read : No such file or directory"},
		{"/nonexistent/\x1b[31m", "cannot read /nonexistent/\\x1b[31m: No such file or directory"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(bad); i++) {
		const char *files[] = {"/dev/null", bad[i].name, "/dev/null"};
		struct err e = {0};

		assert_null(input_new(NULL, 0, files, 3, &e));
		expect_err(str_of(bad[i].name), &e, ERR_LOCAL);
		assert_string_equal(e.text, bad[i].why);
	}
	input_free(NULL);
}

static void *
read_and_look_at_the_share(void *arg)
{
	char *targets[] = {(char *)"a", (char *)"b", (char *)"c", (char *)"d"};
	char path[2][32];
	const char *files[] = {path[0], path[1]};
	int fds[2] = {file_of(STR("aa\nbb\n"), path[0]), file_of(STR("ccc\n# \nd"), path[1])};
	static const double after_targets[] = {0.25, 0.5, 0.75, 1}, after_lines[] = {3, 6, 10, 14};
	struct input *in = input_new(targets, 4, NULL, 0, NULL);
	struct str text;
	struct err e;
	bool too_long;

	assert_true(input_share(in) == 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(input_next(in, &text, &too_long, &e), 1);
		assert_true(input_share(in) == after_targets[i]);
	}
	input_free(in);
	in = input_new(NULL, 0, files, 2, NULL);
	assert_true(input_share(in) == 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(input_next(in, &text, &too_long, &e), 1);
		assert_true(input_share(in) == after_lines[i] / 14);
	}
	input_free(in);
	in = input_new(targets, 1, files, 2, NULL); /* of both, nobody knows */
	assert_true(isnan(input_share(in)));
	input_free(in);
	close(fds[0]);
	close(fds[1]);
	return arg;
}

static void
share_is_of_the_arguments_or_of_the_bytes(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_and_look_at_the_share, NULL, NULL, NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_is_a_target_without_comment_and_white_space),
		cmocka_unit_test(pipe_may_be_cut_at_every_byte),
		cmocka_unit_test(line_is_handed_out_before_the_next_has_come),
		cmocka_unit_test(line_that_is_too_long_is_one_target),
		cmocka_unit_test(comment_and_blank_line_may_be_of_any_length),
		cmocka_unit_test(arguments_come_before_files_each_in_order),
		cmocka_unit_test(dash_is_standard_input),
		cmocka_unit_test(file_that_fails_does_not_keep_from_the_next),
		cmocka_unit_test(file_that_cannot_be_opened_is_named),
		cmocka_unit_test(share_is_of_the_arguments_or_of_the_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
