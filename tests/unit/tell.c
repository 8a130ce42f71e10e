/* tests/unit/tell.c: what becomes of results made by hand: what is told, what is said, what is counted. */
#include <stdio.h>

#include "awget/baseline.h"
#include "awget/output.h"
#include "awget/resume.h"
#include "awget/run.h"
#include "awget/stats.h"
#include "awget/top.h"
#include "made.h"
#include "written.h"

static struct options options;
static struct run run;
static struct volatile_list *list;
static struct buf told;
static char path[200];

/* A format that tells which results it was given: "a ", and what their verdicts are, "a!* ". */
static void
tell(const struct result *r, const struct verdict *v)
{
	buf_str(&told, r->target);
	if (verdict_failed(r, v))
		buf_byte(&told, '!');
	if (verdict_changed(v))
		buf_byte(&told, '*');
	buf_byte(&told, ' ');
}

static const struct output telling = {.name = "telling", .fields = true, .done = tell}, mute = {.name = "mute"};

static int
set_up(void **state)
{
	(void)state;
	options = (struct options){.format = &telling};
	run = (struct run){.options = &options};
	list = volatile_new();
	told.n = output_results.n = output_messages.n = 0;
	output_style = (struct output_style){0};
	new_path(path);
	return volatile_add(list, STR("Date"), NULL);
}

static int
tear_down(void **state)
{
	(void)state;
	run_close(&run);
	checks_free(options.checks);
	columns_clear(&options.top);
	volatile_free(list);
	unlink(path);
	return 0;
}

static void
want_checks(const char *const *texts)
{
	struct err e;

	options.checks = checks_new();
	for (; *texts; texts++)
		if (checks_add(options.checks, *texts, &e) != 0)
			fail_msg("%s", e.text);
}

/* Of the targets a, b and c, whose Server is x. */
static void
want_baseline(void)
{
	struct buf records = {0};
	struct err e;

	for (size_t i = 1; i <= 3; i++)
		add_record(&records, i, (const char *[]){"a", "b", "c"}[i - 1], "null", "x", "null");
	write_file(path, buf_view(&records));
	buf_clear(&records);
	options.baseline = path;
	run.baseline = baseline_new(path, list, &e);
	if (!run.baseline)
		fail_msg("%s", e.text);
}

struct made {
	const char *target;
	int status;
	const char *server; /* NULL: none */
	enum err_kind err;
	const char *sentence; /* of err */
};

static void
with_result(const struct made *m, void (*tell_it)(const struct result *r))
{
	struct buf lines = {0};
	struct result r;

	if (m->server)
		buf_printf(&lines, "Server: %s\n", m->server);
	buf_str(&lines, STR("Date: today\n"));
	made_result(&r, m->status, buf_view(&lines));
	r.target = r.label = guarded(str_of(m->target));
	assert_true(addr_parse(&r.peer, "192.0.2.1", 80));
	if (m->err)
		err_set(&r.err, m->err, "%s", m->sentence);
	tell_it(&r);
	result_clear(&r);
	buf_clear(&lines);
}

static void
tell_one(const struct result *r)
{
	run_tell(&run, r);
}

static void
recall_one(const struct result *r)
{
	run_recall(&run, r);
}

/* What is not 0. */
static void
expect_summary(struct str row, const char *want)
{
	const struct summary *s = &run.summary;
	const struct {
		const char *name;
		size_t n;
	} numbers[] = {
		{"targets", s->targets}, {"answered", s->answered}, {"unanswered", s->unanswered}, {"checks", s->checks},
		{"check_failures", s->check_failures}, {"check_warnings", s->check_warnings}, {"failed", s->failed},
		{"changed", s->changed}, {"gone", s->gone},
	};
	struct buf got = {0};

	for (size_t i = 0; i < ROWS(numbers); i++)
		if (numbers[i].n)
			buf_printf(&got, "%s%s=%zu", got.n ? " " : "", numbers[i].name, numbers[i].n);
	expect_str(row, buf_view(&got), str_of(want));
	buf_clear(&got);
}

static void
expect_said(struct str row, const char *want)
{
	expect_str(row, buf_view(&output_messages), str_of(want));
	output_messages.n = 0;
}

static void
expect_told(struct str row, const char *want)
{
	expect_str(row, buf_view(&told), str_of(want));
	told.n = 0;
}

/* --- without checks and baseline --- */

static void
result_without_checks_has_answered_or_not(void **state)
{
	static const struct {
		struct made made;
		const char *summary, *said, *told;
	} rows[] = {
		{{"a", 200, "x", 0, NULL}, "targets=1 answered=1", "", "a "},
		{{"a", 500, NULL, 0, NULL}, "targets=1 answered=1", "", "a "},
		{{"a", 0, NULL, ERR_TIMEOUT, "it took long"}, "targets=1 unanswered=1 failed=1", "awget: a: it took long\n", "a! "},
		{{"a", 200, "x", ERR_CLOSED, "closed"}, "targets=1 unanswered=1 failed=1", "awget: a: closed\n", "a! "},
		{{"a", 0, NULL, ERR_LOCAL, "no memory"}, "targets=1 unanswered=1 failed=1", "awget: a: no memory\n", "a! "},
		{{"", 0, NULL, ERR_INPUT, "empty"}, "targets=1 unanswered=1 failed=1", "awget: '': empty\n", "! "},
		/* who interrupts is told how many they are */
		{{"a", 0, NULL, ERR_CANCELED, "interrupted"}, "targets=1 unanswered=1 failed=1", "", "a! "},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].summary);

		run.summary = (struct summary){0};
		with_result(&rows[i].made, tell_one);
		expect_summary(row, rows[i].summary);
		expect_said(row, rows[i].said);
		expect_told(row, rows[i].told);
	}
}

static void
summary_is_of_all_results(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		with_result(&(struct made){"a", 200, "x", 0, NULL}, tell_one);
	with_result(&(struct made){"b", 0, NULL, ERR_TIMEOUT, "late"}, tell_one);
	with_result(&(struct made){"c", 0, NULL, ERR_RESET, "reset"}, tell_one);
	expect_summary(STR("all"), "targets=7 answered=5 unanswered=2 failed=2");
	expect_told(STR("all"), "a a a a a b! c! ");
	assert_int_equal(run.trouble.kind, ERR_NONE);
}

/* --- checks --- */

static void
failed_and_warned_checks_are_counted_and_said(void **state)
{
	static const char *const checks[] = {"ok: status == 200", "warn: leak: h[Server] absent", "warn: h[Server] != y",
		"if status == 404 then h[X-Why] present", NULL};
	static const struct {
		struct made made;
		const char *summary, *said, *told;
	} rows[] = {
		/* those whose guard does not hold are not counted */
		{{"a", 200, "x", 0, NULL}, "targets=1 answered=1 checks=3 check_warnings=1",
			"awget: a: warning leak: h[Server] absent: found x\n", "a "},
		{{"a", 200, "y", 0, NULL}, "targets=1 answered=1 checks=3 check_warnings=2",
			"awget: a: warning leak: h[Server] absent: found y\n"
			"awget: a: warning: h[Server] != y: found y\n", "a "},
		{{"a", 500, "x", 0, NULL}, "targets=1 answered=1 checks=3 check_failures=1 check_warnings=1 failed=1",
			"awget: a: check ok: status == 200: found 500\n"
			"awget: a: warning leak: h[Server] absent: found x\n", "a! "},
		/* two failures are one result */
		{{"a", 404, "x", 0, NULL}, "targets=1 answered=1 checks=4 check_failures=2 check_warnings=1 failed=1",
			"awget: a: check ok: status == 200: found 404\n"
			"awget: a: warning leak: h[Server] absent: found x\n"
			"awget: a: check: if status == 404 then h[X-Why] present: found nothing\n", "a! "},
		/* nothing that a server sent harms a terminal, nor what the user typed */
		{{"a\x1b[m\n", 200, "\x1b[31m\xff", 0, NULL}, "targets=1 answered=1 checks=3 check_warnings=1",
			"awget: a\\x1b[m\\x0a: warning leak: h[Server] absent: found \\x1b[31m\\xff\n", "a\x1b[m\n "},
		/* a check is not what is wrong with who does not answer */
		{{"a", 500, "y", ERR_CLOSED, "closed"}, "targets=1 unanswered=1 failed=1", "awget: a: closed\n", "a! "},
		{{"a", 500, "y", ERR_CANCELED, "interrupted"}, "targets=1 unanswered=1 failed=1", "", "a! "},
	};

	(void)state;
	want_checks(checks);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].said);

		run.summary = (struct summary){0};
		with_result(&rows[i].made, tell_one);
		expect_said(row, rows[i].said);
		expect_summary(row, rows[i].summary);
		expect_told(row, rows[i].told);
	}
}

static void
label_is_what_messages_name(void **state)
{
	static const char *const checks[] = {"status == 404", NULL};
	struct result r;

	(void)state;
	want_checks(checks);
	made_result(&r, 200, STR(""));
	r.label = STR("a.test@192.0.2.1");
	run_tell(&run, &r);
	expect_said(STR("check"), "awget: a.test@192.0.2.1: check: status == 404: found 200\n");
	err_set(&r.err, ERR_RESET, "reset");
	run_tell(&run, &r);
	expect_said(STR("error"), "awget: a.test@192.0.2.1: reset\n");
	result_clear(&r);
}

static void
nothing_is_said_beside_json_whose_records_have_all_of_it(void **state)
{
	static const char *const checks[] = {"status == 404", "warn: status == 405", NULL};
	static const char *const parts[] = {"\"target\":\"a\"", "\"status == 404\"", "\"status == 405\"", "\"timeout\"", "late"};

	(void)state;
	want_checks(checks);
	options.format = &out_json;
	with_result(&(struct made){"a", 200, "x", 0, NULL}, tell_one);
	with_result(&(struct made){"b", 0, NULL, ERR_TIMEOUT, "late"}, tell_one);
	expect_said(STR("json"), "");
	for (size_t i = 0; i < ROWS(parts); i++)
		if (!strstr(buf_cstr(&output_results), parts[i]))
			fail_msg("%s is not in %s", parts[i], output_results.s);
	expect_summary(STR("json"),
		"targets=2 answered=1 unanswered=1 checks=2 check_failures=1 check_warnings=1 failed=2");
	/* but what other formats do not tell is said, and what none tells, too */
	output_results.n = 0;
	options.format = &out_none;
	with_result(&(struct made){"a", 200, "x", 0, NULL}, tell_one);
	expect_said(STR("none"), "awget: a: check: status == 404: found 200\nawget: a: warning: status == 405: found 200\n");
	options.format = &mute;
	with_result(&(struct made){"b", 0, NULL, ERR_TIMEOUT, "late"}, tell_one);
	expect_said(STR("mute"), "awget: b: late\n");
	assert_int_equal(output_results.n, 0);
}

/* --- --only --- */

static void
only_chooses_what_is_told_and_not_what_is_counted_or_said(void **state)
{
	static const char *const checks[] = {"status == 200", "warn: status == 200", NULL};
	static const struct made made[] = {
		{"a", 200, "x", 0, NULL},            /* as before */
		{"b", 200, "y", 0, NULL},            /* changed */
		{"c", 404, "x", 0, NULL},            /* changed and failed */
		{"d", 404, "x", 0, NULL},            /* new, which is a change, and failed */
		{"e", 0, NULL, ERR_TIMEOUT, "late"}, /* the same */
		{"a", 0, NULL, ERR_CANCELED, "interrupted"},
	};
	static const struct {
		enum only only;
		const char *told;
	} rows[] = {
		{ONLY_ALL, "a b* c!* d!* e!* a! "},
		{ONLY_FAILED, "c!* d!* e!* a! "},
		{ONLY_OK, "a b* "},
		{ONLY_CHANGED, "b* c!* d!* e!* "},
	};

	(void)state;
	want_checks(checks);
	want_baseline();
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e;

		baseline_free(run.baseline);
		run.baseline = baseline_new(path, list, &e);
		assert_non_null(run.baseline);
		run.summary = (struct summary){0};
		options.only = rows[i].only;
		for (size_t k = 0; k < ROWS(made); k++)
			with_result(&made[k], tell_one);
		expect_told(str_of(rows[i].told), rows[i].told);
		expect_summary(str_of(rows[i].told), "targets=6 answered=4 unanswered=2 checks=8 check_failures=2 "
			"check_warnings=2 failed=4 changed=4");
		expect_said(str_of(rows[i].told),
			"awget: c: check: status == 200: found 404\n"
			"awget: c: warning: status == 200: found 404\n"
			"awget: d: check: status == 200: found 404\n"
			"awget: d: warning: status == 200: found 404\n"
			"awget: e: late\n");
	}
}

static void
nothing_has_changed_without_a_baseline(void **state)
{
	(void)state;
	options.only = ONLY_CHANGED;
	with_result(&(struct made){"a", 200, "x", 0, NULL}, tell_one);
	with_result(&(struct made){"b", 0, NULL, ERR_TIMEOUT, "late"}, tell_one);
	expect_told(STR("changed"), "");
	expect_summary(STR("changed"), "targets=2 answered=1 unanswered=1 failed=1");
}

/* --- what was interrupted, and --resume --- */

static void
want_resume(struct str records)
{
	struct err e;

	write_file(path, records);
	options.resume = path;
	run.resume = resume_new(path, run_recall, &run, &e);
	if (!run.resume)
		fail_msg("%s", e.text);
}

static void
what_was_interrupted_has_no_record_where_it_is_fetched_again(void **state)
{
	static const struct made interrupted = {"a", 0, NULL, ERR_CANCELED, "interrupted"};

	(void)state;
	with_result(&interrupted, tell_one);
	expect_told(STR("without"), "a! ");
	run.summary = (struct summary){0};
	want_resume(STR(""));
	with_result(&interrupted, tell_one);
	expect_told(STR("with"), "");
	expect_said(STR("with"), "");
	expect_summary(STR("with"), "targets=1 unanswered=1 failed=1");
	with_result(&(struct made){"a", 0, NULL, ERR_TIMEOUT, "late"}, tell_one);
	with_result(&(struct made){"b", 200, "x", 0, NULL}, tell_one);
	expect_told(STR("others"), "a! b ");
}

static void
earlier_results_are_counted_and_not_told_again(void **state)
{
	static const char *const checks[] = {"status == 404", "warn: status == 405", NULL};
	struct buf records = {0};

	(void)state;
	want_checks(checks);
	add_record(&records, 1, "a", "null", "x", "null");
	add_record(&records, 2, "b", "null", "x", FAILED);
	add_record(&records, 3, "c", "null", "x", "null");
	add_record(&records, 4, "d", "null", "x", INTERRUPTED);
	options.only = ONLY_ALL;
	run.stats = stats_new();
	want_resume(buf_view(&records));
	buf_clear(&records);
	expect_told(STR("resume"), "");
	expect_said(STR("resume"), "");
	expect_summary(STR("resume"),
		"targets=3 answered=2 unanswered=1 checks=4 check_failures=2 check_warnings=2 failed=3");
	with_result(&(struct made){"d", 404, "x", 0, NULL}, tell_one);
	expect_told(STR("resume"), "d ");
	expect_summary(STR("resume"),
		"targets=4 answered=3 unanswered=1 checks=6 check_failures=2 check_warnings=3 failed=3");
}

/* --- at the end --- */

/* Flushed messages, which go to standard error: what run_end says. */
static void
end_run(struct buf *said)
{
	FILE *file = tmpfile();
	int err = dup(STDERR_FILENO);

	assert_non_null(file);
	assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
	run_end(&run);
	output_flush();
	assert_true(dup2(err, STDERR_FILENO) >= 0);
	close(err);
	rewind(file);
	buf_reserve(said, 4096);
	said->n = fread(said->s, 1, 4096, file);
	fclose(file);
}

static void
earlier_results_are_compared_too(void **state)
{
	struct buf said = {0};

	(void)state;
	want_baseline();
	with_result(&(struct made){"a", 200, "y", 0, NULL}, recall_one);
	with_result(&(struct made){"b", 200, "x", 0, NULL}, recall_one);
	expect_told(STR("recall"), "");
	expect_summary(STR("recall"), "targets=2 answered=2 changed=1");
	expect_said(STR("recall"), "");
	end_run(&said);
	expect_str(STR("end"), buf_view(&said), STR("awget: c: is in the baseline, and was not fetched\n"));
	expect_summary(STR("recall"), "targets=2 answered=2 changed=1 gone=1");
	buf_clear(&said);
}

static void
targets_that_are_gone_are_said_unless_the_run_was_interrupted(void **state)
{
	struct buf said = {0};

	(void)state;
	want_baseline();
	with_result(&(struct made){"b", 200, "x", 0, NULL}, tell_one);
	run.summary.interrupted = true;
	end_run(&said);
	expect_str(STR("interrupted"), buf_view(&said), STR(""));
	expect_summary(STR("interrupted"), "targets=1 answered=1");
	run.summary.interrupted = false;
	run.counts.seconds = 1.5;
	end_run(&said);
	expect_str(STR("whole"), buf_view(&said), STR(
		"awget: a: is in the baseline, and was not fetched\n"
		"awget: c: is in the baseline, and was not fetched\n"));
	expect_summary(STR("whole"), "targets=1 answered=1 gone=2");
	assert_true(run.summary.seconds == 1.5);
	buf_clear(&said);
}

static void
reports_have_every_result_whatever_is_told(void **state)
{
	static const char *const checks[] = {"status == 404", NULL};
	struct buf text = {0}, said = {0};
	char got[1000];
	struct err e;
	FILE *f;

	(void)state;
	want_checks(checks);
	options.only = ONLY_OK;
	options.format = &out_none;
	buf_printf(&text, "tap=%s", path);
	run.reports = calloc(1, sizeof *run.reports);
	run.reports[0] = report_new(buf_cstr(&text), &run.report_env, &e);
	assert_non_null(run.reports[0]);
	run.nreports = 1;
	with_result(&(struct made){"a", 404, "x", 0, NULL}, recall_one);
	with_result(&(struct made){"b", 200, "x", 0, NULL}, tell_one);
	with_result(&(struct made){"c", 0, NULL, ERR_TIMEOUT, "late"}, tell_one);
	end_run(&said);
	f = fopen(path, "re");
	assert_non_null(f);
	got[fread(got, 1, sizeof got - 1, f)] = '\0';
	fclose(f);
	assert_non_null(strstr(got, "\nok 1 - a"));
	assert_non_null(strstr(got, "\nnot ok 2 - b"));
	assert_non_null(strstr(got, "\nnot ok 3 - c"));
	assert_non_null(strstr(got, "\n1..3\n"));
	assert_int_equal(run.trouble.kind, ERR_NONE);
	buf_clear(&text);
	buf_clear(&said);
}

static void
trouble_is_said_each_time_and_the_first_is_kept(void **state)
{
	struct err e;

	(void)state;
	err_set(&e, ERR_LOCAL, "one");
	run_trouble(&run, &e);
	err_set(&e, ERR_INPUT, "two");
	run_trouble(&run, &e);
	expect_said(STR("trouble"), "awget: one\nawget: two\n");
	assert_int_equal(run.trouble.kind, ERR_LOCAL);
	assert_string_equal(run.trouble.text, "one");
}

static void
baseline_that_cannot_be_read_again_is_trouble_and_not_the_target_s(void **state)
{
	(void)state;
	want_baseline();
	assert_int_equal(truncate(path, 0), 0);
	with_result(&(struct made){"a", 200, "y", 0, NULL}, tell_one);
	expect_told(STR("truncated"), "a ");
	expect_summary(STR("truncated"), "targets=1 answered=1");
	assert_int_equal(run.trouble.kind, ERR_LOCAL);
	assert_true(output_messages.n > 0);
	output_messages.n = 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(result_without_checks_has_answered_or_not, set_up, tear_down),
		cmocka_unit_test_setup_teardown(summary_is_of_all_results, set_up, tear_down),
		cmocka_unit_test_setup_teardown(failed_and_warned_checks_are_counted_and_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(label_is_what_messages_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_is_said_beside_json_whose_records_have_all_of_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(only_chooses_what_is_told_and_not_what_is_counted_or_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_has_changed_without_a_baseline, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_was_interrupted_has_no_record_where_it_is_fetched_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(earlier_results_are_counted_and_not_told_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(earlier_results_are_compared_too, set_up, tear_down),
		cmocka_unit_test_setup_teardown(targets_that_are_gone_are_said_unless_the_run_was_interrupted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(reports_have_every_result_whatever_is_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(trouble_is_said_each_time_and_the_first_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(baseline_that_cannot_be_read_again_is_trouble_and_not_the_target_s, set_up,
			tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
