/* tests/unit/baseline.c: results beside the records of an earlier run. */
#include "awget/baseline.h"

#include "made.h"
#include "written.h"

static struct volatile_list *list;
static char path[200];

static int
set_up(void **state)
{
	(void)state;
	list = volatile_new();
	new_path(path);
	return volatile_add(list, STR("Date"), NULL);
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(path);
	volatile_free(list);
	return 0;
}

static struct baseline *
baseline_of(struct buf *records)
{
	struct baseline *b;
	struct err e;

	write_file(path, buf_view(records));
	buf_clear(records);
	b = baseline_new(path, list, &e);
	if (!b)
		fail_msg("%s", e.text);
	return b;
}

struct fetched {
	struct str target, tag;
	const char *server;
	enum err_kind err;
};

static const struct changes *
compare(struct baseline *b, const struct fetched *f, struct err *e)
{
	const struct changes *c;
	struct buf lines = {0};
	struct result r;

	buf_printf(&lines, "server: %s\nDate: another\n", f->server);
	made_result(&r, 200, buf_view(&lines));
	r.target = guarded(f->target);
	r.tag = f->tag;
	r.err.kind = f->err;
	assert_true(addr_parse(&r.peer, "192.0.2.1", 80));
	c = baseline_compare(b, &r, e);
	result_clear(&r); /* nothing of it is needed any more */
	buf_clear(&lines);
	return c;
}

static void
expect_changes(struct baseline *b, struct fetched f, const char *want)
{
	struct buf got = {0};
	struct err e = {0};
	const struct changes *c = compare(b, &f, &e);

	if (!c)
		fail_msg("%s", e.text);
	changes_show(c, STR(""), &got);
	expect_str(f.target, buf_view(&got), str_of(want));
	buf_clear(&got);
}

/* The targets, a blank behind each. */
static void
expect_gone(struct baseline *b, const char *want)
{
	struct buf got = {0};
	struct str target;
	struct err e;
	int rc;

	while ((rc = baseline_gone(b, &target, &e)) > 0) {
		buf_str(&got, target);
		buf_byte(&got, ' ');
	}
	assert_int_equal(rc, 0);
	expect_str(STR("gone"), buf_view(&got), str_of(want));
	buf_clear(&got);
}

static void
target_is_compared_with_its_record(void **state)
{
	struct buf records = {0};
	struct baseline *b;

	(void)state;
	for (size_t i = 1; i <= 5; i++)
		add_record(&records, i, (const char *[]){"a", "b", "c", "d", "e"}[i - 1], "null", "x", "null");
	b = baseline_of(&records);
	expect_changes(b, (struct fetched){STR("c"), {0}, "x", 0}, "");
	expect_changes(b, (struct fetched){STR("e"), {0}, "y", 0}, "- server: x\n+ server: y\n");
	expect_changes(b, (struct fetched){STR("f"), {0}, "x", 0}, "+ target f\n");
	expect_changes(b, (struct fetched){STR("b"), {0}, "y", 0}, "- server: x\n+ server: y\n");
	expect_gone(b, "a d ");
	expect_gone(b, "");
	baseline_free(b);
}

static void
file_may_be_empty_or_end_without_a_line_end(void **state)
{
	struct buf records = {0};
	struct baseline *b = baseline_of(&records);

	(void)state;
	expect_changes(b, (struct fetched){STR("a"), {0}, "x", 0}, "+ target a\n");
	expect_gone(b, "");
	baseline_free(b);

	buf_str(&records, STR("\xef\xbb\xbf"));
	add_record(&records, 1, "a", "null", "x", "null");
	buf_str(&records, STR("\n \n"));
	add_record(&records, 2, "b", "null", "x", "null");
	records.n--;
	b = baseline_of(&records);
	expect_changes(b, (struct fetched){STR("a"), {0}, "y", 0}, "- server: x\n+ server: y\n");
	expect_changes(b, (struct fetched){STR("b"), {0}, "y", 0}, "- server: x\n+ server: y\n");
	baseline_free(b);
}

static void
target_that_is_there_several_times_is_taken_in_order(void **state)
{
	struct buf records = {0};
	struct baseline *b;

	(void)state;
	add_record(&records, 1, "a", "null", "1", "null");
	add_record(&records, 2, "b", "null", "1", "null");
	add_record(&records, 3, "a", "null", "2", "null");
	add_record(&records, 4, "a", "null", "3", "null");
	b = baseline_of(&records);
	expect_changes(b, (struct fetched){STR("a"), {0}, "1", 0}, "");
	expect_changes(b, (struct fetched){STR("a"), {0}, "1", 0}, "- server: 2\n+ server: 1\n");
	expect_gone(b, "b a ");
	baseline_free(b);
	add_record(&records, 1, "a", "null", "1", "null");
	add_record(&records, 2, "a", "null", "2", "null");
	b = baseline_of(&records);
	expect_changes(b, (struct fetched){STR("a"), {0}, "1", 0}, "");
	expect_changes(b, (struct fetched){STR("a"), {0}, "2", 0}, "");
	expect_changes(b, (struct fetched){STR("a"), {0}, "3", 0}, "+ target a\n");
	expect_gone(b, "");
	baseline_free(b);
}

static void
tag_tells_targets_apart(void **state)
{
	struct buf records = {0};
	struct baseline *b;

	(void)state;
	add_record(&records, 1, "a", "\"y\"", "1", "null");
	add_record(&records, 2, "a", "null", "2", "null");
	add_record(&records, 3, "a", "\"\"", "3", "null");
	b = baseline_of(&records);
	expect_changes(b, (struct fetched){STR("a"), STR("y"), "1", 0}, "");
	expect_changes(b, (struct fetched){STR("a"), {0}, "2", 0}, "");
	expect_changes(b, (struct fetched){STR("a"), STR(""), "3", 0}, "");
	expect_changes(b, (struct fetched){STR("a"), STR("z"), "1", 0}, "+ target a\n");
	baseline_free(b);
}

static void
bytes_that_json_cannot_have_are_found_again(void **state)
{
	struct buf records = {0};
	struct baseline *b;

	(void)state;
	add_record(&records, 1, "\xc3\xa9\\u0000", "\"\xc3\xbf\"", "1", "null");
	add_record(&records, 2, "\xc3\xbc", "null", "1", "null");
	b = baseline_of(&records);
	expect_changes(b, (struct fetched){STR("\xe9\0"), STR("\xff"), "1", 0}, "");
	expect_changes(b, (struct fetched){STR("\xc3\xbc"), {0}, "1", 0}, "");
	baseline_free(b);
}

static void
failure_counts_but_not_an_interruption(void **state)
{
	struct buf records = {0};
	struct baseline *b;

	(void)state;
	add_record(&records, 1, "a", "null", "1", INTERRUPTED);
	add_record(&records, 2, "b", "null", "1", FAILED);
	add_record(&records, 3, "a", "null", "2", "null");
	add_record(&records, 4, "c", "null", "1", "null");
	add_record(&records, 5, "d", "null", "1", INTERRUPTED);
	add_record(&records, 6, "e", "null", "1", FAILED);
	b = baseline_of(&records);
	expect_changes(b, (struct fetched){STR("a"), {0}, "2", 0}, "");
	expect_changes(b, (struct fetched){STR("b"), {0}, "2", 0}, "- error timeout\n");
	expect_changes(b, (struct fetched){STR("c"), {0}, "2", ERR_CANCELED}, "");
	expect_gone(b, "e ");
	baseline_free(b);
}

/* Their number does not make it slow. */
static void
many_of_one_target_are_found(void **state)
{
	enum { MANY = 1000 };
	struct buf records = {0};
	struct baseline *b;

	(void)state;
	for (size_t i = 1; i <= MANY; i++)
		add_record(&records, i, "a", "null", i == MANY ? "2" : "1", "null");
	b = baseline_of(&records);
	for (size_t i = 1; i < MANY; i++)
		expect_changes(b, (struct fetched){STR("a"), {0}, "1", 0}, "");
	expect_changes(b, (struct fetched){STR("a"), {0}, "1", 0}, "- server: 2\n+ server: 1\n");
	expect_changes(b, (struct fetched){STR("a"), {0}, "1", 0}, "+ target a\n");
	baseline_free(b);
}

static void
line_that_is_no_record_is_named(void **state)
{
	struct buf records = {0}, want = {0};
	struct err e = {0};

	(void)state;
	add_record(&records, 1, "a", "null", "1", "null");
	buf_str(&records, STR("\n{\"schema\":2}\n"));
	write_file(path, buf_view(&records));
	assert_null(baseline_new(path, list, &e));
	expect_err(str_of(path), &e, ERR_INPUT);
	buf_printf(&want, "%s:3: ", path);
	assert_true(str_starts(str_of(e.text), buf_view(&want)));
	buf_clear(&records);
	buf_clear(&want);
}

static void
expect_refused(const char *name, const char *says)
{
	struct err e = {0};

	assert_null(baseline_new(name, list, &e));
	expect_err(str_of(name), &e, ERR_LOCAL);
	if (!strstr(e.text, says))
		fail_msg("%s: %s", name, e.text);
}

static void
what_cannot_be_read_again_is_refused(void **state)
{
	(void)state;
	expect_refused(path, "No such file or directory");
	expect_refused("/", "Is a directory");
	expect_refused("-", "standard input cannot be read again");
	expect_refused("/dev/null", "no regular file");
	assert_int_equal(mkfifo(path, 0600), 0);
	expect_refused(path, "no regular file");
}

static void
expect_changed_file(struct baseline *b)
{
	struct fetched f = {STR("b"), {0}, "2", 0};
	struct str target;
	struct err e = {0};

	expect_changes(b, (struct fetched){STR("a"), {0}, "1", 0}, ""); /* is not looked at again */
	assert_null(compare(b, &f, &e));
	expect_err(STR("compare"), &e, ERR_LOCAL);
	assert_non_null(strstr(e.text, "was changed"));
	e.kind = ERR_NONE;
	assert_int_equal(baseline_gone(b, &target, &e), -1);
	expect_err(STR("gone"), &e, ERR_LOCAL);
	baseline_free(b);
}

static void
file_that_changes_is_noticed(void **state)
{
	struct buf records = {0};
	struct baseline *b;

	(void)state;
	for (int shorter = 0; shorter < 2; shorter++) {
		add_record(&records, 1, "a", "null", "1", "null");
		add_record(&records, 2, "b", "null", "1", "null");
		add_record(&records, 3, "c", "null", "1", "null");
		b = baseline_of(&records);
		for (size_t i = 1; i <= 3 && !shorter; i++)
			add_record(&records, i, "d", "null", "1", "null");
		write_file(path, buf_view(&records));
		buf_clear(&records);
		expect_changed_file(b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(target_is_compared_with_its_record, set_up, tear_down),
		cmocka_unit_test_setup_teardown(file_may_be_empty_or_end_without_a_line_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(target_that_is_there_several_times_is_taken_in_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(tag_tells_targets_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(bytes_that_json_cannot_have_are_found_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(failure_counts_but_not_an_interruption, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_of_one_target_are_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(line_that_is_no_record_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_again_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(file_that_changes_is_noticed, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
