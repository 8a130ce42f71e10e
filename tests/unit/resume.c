/* tests/unit/resume.c: what an unfinished output already has, and what is left of the list. */
#include "awget/resume.h"

#include <fcntl.h>
#include <sys/file.h>

#include "written.h"

static char path[200];

static int
set_up(void **state)
{
	(void)state;
	new_path(path);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

/* Adds the number, and '!' if it failed. */
static void
found(void *arg, const struct result *r)
{
	buf_printf(arg, "%zu%s ", r->n, r->err.kind == ERR_NONE ? "" : "!");
}

static void
ignore(void *arg, const struct result *r)
{
	(void)arg;
	assert_true(r->n > 0);
}

static struct resume *
resume(void)
{
	struct err e;
	struct resume *s = resume_new(path, ignore, NULL, &e);

	if (!s)
		fail_msg("%s", e.text);
	return s;
}

static struct input *
input_of(const char *const *targets)
{
	size_t n = 0;

	while (targets[n])
		n++;
	return input_new((char *const *)targets, n, NULL, 0, NULL);
}

/* What is left, "N:TARGET " each; of a target that is too long, "N:<LENGTH> ". */
static void
expect_left(struct resume *s, struct input *in, const char *want)
{
	struct buf got = {0};
	struct str text;
	bool too_long;
	struct err e;
	size_t n;

	while (resume_next(s, in, &n, &text, &too_long, &e) > 0) {
		buf_printf(&got, "%zu:", n);
		if (too_long)
			buf_printf(&got, "<%zu>", text.n);
		else
			buf_str(&got, text);
		buf_byte(&got, ' ');
	}
	expect_str(str_of(want), buf_view(&got), str_of(want));
	buf_clear(&got);
}

static void
expect_resumed(const char *const *targets, const char *want)
{
	struct input *in = input_of(targets);
	struct resume *s = resume();
	struct err e;

	if (resume_skip(s, in, &e) != 0)
		fail_msg("%s", e.text);
	expect_left(s, in, want);
	resume_free(s);
	input_free(in);
}

static void
expect_another_list(const char *const *targets, const char *says)
{
	struct input *in = input_of(targets);
	struct resume *s = resume();
	struct err e = {0};

	assert_int_equal(resume_skip(s, in, &e), -1);
	expect_err(str_of(path), &e, ERR_INPUT);
	if (!strstr(e.text, says))
		fail_msg("%s", e.text);
	resume_free(s);
	input_free(in);
}

static void
write_records(const size_t *numbers, size_t n, const char *const *targets)
{
	struct buf records = {0};

	for (size_t i = 0; i < n; i++)
		add_record(&records, numbers[i], targets[numbers[i] - 1], "null", "x", "null");
	write_file(path, buf_view(&records));
	buf_clear(&records);
}

static const char *const list[] = {"a", "b", "c", "d", "e", "f", "g", "h", NULL};

static void
new_file_has_everything_left(void **state)
{
	struct resume *s = resume();

	(void)state;
	assert_int_equal(resume_done(s), 0);
	assert_int_equal(write(resume_fd(s), "x", 1), 1);
	assert_int_equal(size_of_file(path), 1);
	resume_free(s);
	unlink(path);
	expect_resumed(list, "1:a 2:b 3:c 4:d 5:e 6:f 7:g 8:h ");
}

static void
gaps_come_first(void **state)
{
	static const size_t numbers[] = {5, 2, 7, 1};

	(void)state;
	write_records(numbers, ROWS(numbers), list);
	expect_resumed(list, "3:c 4:d 6:f 8:h ");
	expect_resumed((const char *const[]){"a", "b", "c", "d", "e", "f", "g", NULL}, "3:c 4:d 6:f ");
}

static void
what_is_done_is_handed_on_and_what_is_written_goes_behind_it(void **state)
{
	struct buf records = {0}, got = {0};
	struct resume *s;
	struct err e;
	size_t before;

	(void)state;
	add_record(&records, 3, "c", "null", "x", "null");
	add_record(&records, 1, "a", "\"tag\"", "x", FAILED);
	write_file(path, buf_view(&records));
	s = resume_new(path, found, &got, &e);
	assert_non_null(s);
	assert_int_equal(resume_done(s), 2);
	expect_str(STR("found"), buf_view(&got), STR("3 1! "));
	before = records.n;
	add_record(&records, 2, "b", "null", "x", "null");
	assert_true(write(resume_fd(s), records.s + before, records.n - before) == (ssize_t)(records.n - before));
	resume_free(s);
	expect_resumed(list, "4:d 5:e 6:f 7:g 8:h ");
	buf_clear(&records);
	buf_clear(&got);
}

static void
last_line_is_cut_wherever_it_ends(void **state)
{
	struct buf records = {0};
	size_t whole;

	(void)state;
	add_record(&records, 1, "a", "null", "x", "null");
	add_record(&records, 3, "c", "null", "x", "null");
	whole = records.n;
	add_record(&records, 2, "b", "null", "x", "null");
	write_file(path, (struct str){records.s, whole});
	for (size_t n = whole; n < records.n; n++) {
		struct resume *s;

		append_file(path, (struct str){records.s + whole, n - whole});
		s = resume();
		assert_int_equal(resume_done(s), 2);
		assert_int_equal(size_of_file(path), whole);
		resume_free(s);
	}
	expect_resumed(list, "2:b 4:d 5:e 6:f 7:g 8:h ");
	write_file(path, buf_view(&records));
	expect_resumed(list, "4:d 5:e 6:f 7:g 8:h ");
	buf_clear(&records);
}

static void
only_line_is_cut_too(void **state)
{
	(void)state;
	write_file(path, STR("{\"sch"));
	expect_resumed(list, "1:a 2:b 3:c 4:d 5:e 6:f 7:g 8:h ");
	assert_int_equal(size_of_file(path), 0);
}

static void
list_that_is_another_is_refused_wherever_it_differs(void **state)
{
	static const size_t numbers[] = {8, 1, 2, 6, 3, 7};

	(void)state;
	write_records(numbers, ROWS(numbers), list);
	for (size_t i = 0; list[i]; i++) {
		const char *other[ROWS(list)];

		memcpy(other, list, sizeof list);
		other[i] = "x";
		if (i == 3 || i == 4) /* not done: nobody can tell */
			expect_resumed(other, i == 3 ? "4:x 5:e " : "4:d 5:x ");
		else
			expect_another_list(other, "was not made from this list: it has another target");
		other[i] = NULL;
		expect_another_list(other, "was not made from this list: it goes on to target 8, the list to ");
	}
	expect_another_list((const char *const[]){"b", "a", "c", "d", "e", "f", "g", "h", NULL}, "another target");
	expect_another_list((const char *const[]){"x", "a", "b", "c", "d", "e", "f", "g", "h", NULL}, "another target");
	expect_another_list((const char *const[]){"b", "c", "d", "e", "f", "g", "h", "h", NULL}, "another target");
}

/* The records have what the run has told: the target alone; all of a line that makes no sense; what JSON can have. */
static void
lines_of_the_list_are_known_by_their_targets(void **state)
{
	struct str too_long = repeated('x', INPUT_LINE_MAX + 1);
	const char *const targets[] = {"a tag=x", "b c", "\xe9\xff sni=d", "\xc3\xbc", too_long.s, "f\ttag=\xff", "g", NULL};
	struct buf records = {0};

	(void)state;
	add_record(&records, 1, "a", "\"x\"", "x", "null");
	add_record(&records, 2, "b c", "null", "x", FAILED);
	add_record(&records, 3, "\xc3\xa9\xc3\xbf", "null", "x", "null");
	add_record(&records, 4, "\xc3\xbc", "null", "x", "null");
	add_record(&records, 5, too_long.s + 1, "null", "x", FAILED);
	add_record(&records, 6, "f", "\"\xc3\xbf\"", "x", "null");
	write_file(path, buf_view(&records));
	expect_resumed(targets, "7:g ");
	buf_clear(&records);
	add_record(&records, 6, "f", "null", "x", "null");
	write_file(path, buf_view(&records));
	expect_resumed(targets, "1:a tag=x 2:b c 3:\xe9\xff sni=d 4:\xc3\xbc 5:<8192> 7:g ");
	buf_clear(&records);
	free((char *)too_long.s);
}

static void
what_was_interrupted_is_fetched_again_and_what_stands_behind_it(void **state)
{
	struct buf records = {0}, got = {0};
	struct resume *s;
	size_t whole;

	(void)state;
	add_record(&records, 1, "a", "null", "x", "null");
	whole = records.n;
	add_record(&records, 2, "b", "null", "x", INTERRUPTED);
	add_record(&records, 3, "c", "null", "x", INTERRUPTED);
	add_record(&records, 2, "b", "null", "x", "null");
	write_file(path, buf_view(&records));
	s = resume_new(path, found, &got, NULL);
	assert_non_null(s);
	expect_str(STR("found"), buf_view(&got), STR("1 "));
	assert_int_equal(size_of_file(path), whole);
	resume_free(s);
	expect_resumed(list, "2:b 3:c 4:d 5:e 6:f 7:g 8:h ");
	buf_clear(&records);
	buf_clear(&got);
}

/* It would be much work lost; and such a file is none that was interrupted. */
static void
too_much_behind_an_interrupted_target_is_not_cut(void **state)
{
	enum { LOST_MAX = 10000 };
	struct buf records = {0};
	struct resume *s;
	struct err e = {0};

	(void)state;
	add_record(&records, 1, "a", "null", "x", INTERRUPTED);
	for (size_t n = 2; n <= LOST_MAX + 1; n++)
		add_record(&records, n, "b", "null", "x", "null");
	write_file(path, buf_view(&records));
	s = resume();
	assert_int_equal(resume_done(s), 0);
	assert_int_equal(size_of_file(path), 0);
	resume_free(s);
	add_record(&records, LOST_MAX + 2, "b", "null", "x", "null");
	write_file(path, buf_view(&records));
	assert_null(resume_new(path, ignore, NULL, &e));
	expect_err(STR("too many"), &e, ERR_INPUT);
	assert_non_null(strstr(e.text, ":10002: too many records stand behind that of an interrupted target"));
	assert_int_equal(size_of_file(path), records.n);
	buf_clear(&records);
}

static void
expect_refused(struct str text, int line, const char *says)
{
	struct buf want = {0};
	struct err e = {0};

	write_file(path, text);
	assert_null(resume_new(path, ignore, NULL, &e));
	expect_err(text, &e, ERR_INPUT);
	buf_printf(&want, "%s:%d: %s", path, line, says);
	if (!str_starts(str_of(e.text), buf_view(&want)))
		fail_msg("%s", e.text);
	assert_int_equal(size_of_file(path), text.n);
	buf_clear(&want);
}

static void
file_of_something_else_is_refused_and_not_touched(void **state)
{
	struct buf records = {0};

	(void)state;
	expect_refused(STR("a"), 1, "this is no record");
	expect_refused(STR("\n\nhttp://a.test/"), 3, "this is no record");
	expect_refused(STR("{\"schema\":2,"), 1, "this is no record");
	expect_refused(STR("http://a.test/\n"), 1, "");
	expect_refused(STR("{}\n"), 1, "");
	add_record(&records, 1, "a", "null", "x", "null");
	buf_str(&records, STR("x"));
	expect_refused(buf_view(&records), 2, "this is no record");
	records.n--;
	add_record(&records, 3, "c", "null", "x", "null");
	add_record(&records, 1, "a", "null", "x", "null");
	expect_refused(buf_view(&records), 3, "target 1 is there twice");
	buf_clear(&records);
}

/* Memory is reserved for each number up to the highest. */
static void
number_that_cannot_be_is_refused(void **state)
{
	static const size_t numbers[] = {1000 * 1000 * 1000, SIZE_MAX / 4};

	(void)state;
	for (size_t i = 0; i < ROWS(numbers); i++) {
		struct buf record = {0};

		add_record(&record, numbers[i], "a", "null", "x", "null");
		expect_refused(buf_view(&record), 1, "");
		buf_clear(&record);
	}
}

static void
expect_not_opened(const char *name, const char *says)
{
	struct err e = {0};

	assert_null(resume_new(name, ignore, NULL, &e));
	expect_err(str_of(name), &e, ERR_LOCAL);
	if (!strstr(e.text, says))
		fail_msg("%s", e.text);
}

static void
only_a_file_of_our_own_is_resumed(void **state)
{
	int fd;

	(void)state;
	expect_not_opened("/", "cannot open /: Is a directory");
	expect_not_opened("/no/such/folder", "No such file or directory");
	expect_not_opened("-", "standard output");
	expect_not_opened("/dev/null", "no regular file");
	assert_int_equal(mkfifo(path, 0600), 0);
	expect_not_opened(path, "no regular file");
	unlink(path);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	expect_not_opened(path, "is being written by another awget");
	close(fd);
	expect_resumed(list, "1:a 2:b 3:c 4:d 5:e 6:f 7:g 8:h ");
}

static void
trouble_of_the_input_is_passed_on_and_can_be_passed_over(void **state)
{
	static const size_t numbers[] = {2};
	char other[200];
	struct resume *s;
	struct input *in;
	struct err e;

	(void)state;
	write_records(numbers, ROWS(numbers), list);
	new_path(other);
	write_file(other, STR("a\nb\nc\n"));
	/* /proc/self/mem can be opened, but not read */
	in = input_new(NULL, 0, (const char *const[]){"/proc/self/mem", other}, 2, &e);
	assert_non_null(in);
	s = resume();
	assert_int_equal(resume_skip(s, in, &e), -1);
	assert_int_equal(e.kind, ERR_LOCAL);
	assert_int_equal(resume_skip(s, in, &e), 0);
	expect_left(s, in, "1:a 3:c ");
	resume_free(s);
	input_free(in);
	unlink(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(new_file_has_everything_left, set_up, tear_down),
		cmocka_unit_test_setup_teardown(gaps_come_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_done_is_handed_on_and_what_is_written_goes_behind_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(last_line_is_cut_wherever_it_ends, set_up, tear_down),
		cmocka_unit_test_setup_teardown(only_line_is_cut_too, set_up, tear_down),
		cmocka_unit_test_setup_teardown(list_that_is_another_is_refused_wherever_it_differs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lines_of_the_list_are_known_by_their_targets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_was_interrupted_is_fetched_again_and_what_stands_behind_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_much_behind_an_interrupted_target_is_not_cut, set_up, tear_down),
		cmocka_unit_test_setup_teardown(file_of_something_else_is_refused_and_not_touched, set_up, tear_down),
		cmocka_unit_test_setup_teardown(number_that_cannot_be_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(only_a_file_of_our_own_is_resumed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(trouble_of_the_input_is_passed_on_and_can_be_passed_over, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
