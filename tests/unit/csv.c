/* tests/unit/csv.c: rows of comma-separated values; and what -w writes. */
#include <fcntl.h>

#include "awget/output.h"
#include "awget/template.h"
#include "made.h"

static const struct verdict no_verdict;

static void
begin(const struct output *format, struct options *o, const char *columns, const char *template)
{
	struct err e = {0};

	output_results.n = 0;
	output_style = (struct output_style){0};
	if (columns && columns_parse(&o->fields, columns, &e) != 0)
		fail_msg("%s", e.text);
	o->template = template ? template_new(template, NULL, &e) : NULL;
	if (template && !o->template)
		fail_msg("%s", e.text);
	format->begin(o);
}

static void
end(struct options *o)
{
	output_results.n = 0;
	columns_clear(&o->fields);
	template_free(o->template);
}

static void
usual_columns_have_a_row_of_names_first(void **state)
{
	struct options o = {0};
	struct check_outcomes checks = {.n = 3, .failed = 2};
	struct result r;

	(void)state;
	made_result(&r, 200, STR("Server: x\n"));
	assert_true(addr_parse(&r.peer, "192.0.2.1", 80));
	r.timing.total = 0.25;
	for (int i = 0; i < 2; i++) { /* a second run is the same */
		begin(&out_csv, &o, NULL, NULL);
		out_csv.done(&r, &(struct verdict){.checks = &checks});
		err_set(&r.err, ERR_CLOSED, "empty reply, \"\"");
		out_csv.done(&r, &no_verdict);
		r.err.kind = ERR_NONE;
		expect_str(STR("usual"), buf_view(&output_results), STR(
			"n,target,tag,address,status,reason,error_kind,error,total,checks_failed\r\n"
			"1,target,,192.0.2.1,200,,,,0.250000,2\r\n"
			"1,target,,192.0.2.1,200,,closed,\"empty reply, \"\"\"\"\",0.250000,0\r\n"));
		end(&o);
	}
	result_clear(&r);
}

static void
values_are_quoted_where_they_must_be(void **state)
{
	static const struct {
		struct str value, want, on_terminal;
	} rows[] = {
		{STR(""), STR(""), STR("")},
		{STR("a b;c"), STR("a b;c"), STR("a b;c")},
		{STR("a,b"), STR("\"a,b\""), STR("\"a,b\"")},
		{STR("\""), STR("\"\"\"\""), STR("\"\"\"\"")},
		{STR("a\"b\"\"c"), STR("\"a\"\"b\"\"\"\"c\""), STR("\"a\"\"b\"\"\"\"c\"")},
		{STR(" a"), STR("\" a\""), STR("\" a\"")},
		{STR("a\t"), STR("\"a\t\""), STR("\"a\t\"")},
		{STR("a\tb"), STR("a\tb"), STR("a\tb")},
		{STR("a\rb"), STR("\"a\rb\""), STR("\"a\\x0db\"")},
		{STR("a\nb"), STR("\"a\nb\""), STR("\"a\\x0ab\"")},
		/* what is in no text */
		{STR("\0\x01\x1b[m\x7f"), STR("\\x00\\x01\\x1b[m\\x7f"), STR("\\x00\\x01\\x1b[m\\x7f")},
		{STR("\xc3\xa9 \xff\xc2\x9b"), STR("\xc3\xa9 \\xff\\xc2\\x9b"), STR("\xc3\xa9 \\xff\\xc2\\x9b")},
		{STR("\xff,"), STR("\"\\xff,\""), STR("\"\\xff,\"")},
		/* not a formula: data is not changed */
		{STR("=1+1"), STR("=1+1"), STR("=1+1")},
		{STR("-@+"), STR("-@+"), STR("-@+")},
	};

	(void)state;
	for (size_t i = 0; i < 2 * ROWS(rows); i++) {
		struct options o = {0};
		struct buf want = {0};
		struct result r;

		begin(&out_csv, &o, "tag,n,tag", NULL);
		output_style.terminal = i % 2;
		result_init(&r, 1, STR("a"));
		r.tag = guarded(rows[i / 2].value);
		out_csv.done(&r, &no_verdict);
		for (int k = 0; k < 2; k++) {
			buf_str(&want, k ? STR(",1,") : STR("tag,n,tag\r\n"));
			buf_str(&want, i % 2 ? rows[i / 2].on_terminal : rows[i / 2].want);
		}
		buf_str(&want, STR("\r\n"));
		expect_str(rows[i / 2].value, buf_view(&output_results), buf_view(&want));
		buf_clear(&want);
		result_clear(&r);
		end(&o);
	}
}

static void
names_of_columns_are_quoted_too_and_one_empty_value_is_no_empty_line(void **state)
{
	struct options o = {0};
	struct result r;

	(void)state;
	made_result(&r, 200, STR("X: a\nX: b\n"));
	begin(&out_csv, &o, "cookie[a,b],h[X]", NULL);
	out_csv.done(&r, &no_verdict);
	expect_str(STR("names"), buf_view(&output_results), STR("\"cookie[a,b]\",h[X]\r\n,\"a, b\"\r\n"));
	end(&o);
	begin(&out_csv, &o, "tag", NULL);
	out_csv.done(&r, &no_verdict);
	expect_str(STR("empty"), buf_view(&output_results), STR("tag\r\n\"\"\r\n"));
	end(&o);
	result_clear(&r);
}

static void
file_that_is_appended_to_has_its_names_already(void **state)
{
	char path[] = "/tmp/awget-csv.XXXXXX";
	struct options o = {.output = path, .append = true};
	int fd = mkstemp(path);

	(void)state;
	begin(&out_csv, &o, "n", NULL);
	expect_str(STR("empty file"), buf_view(&output_results), STR("n\r\n"));
	end(&o);
	assert_int_equal(write(fd, "n\r\n", 3), 3);
	begin(&out_csv, &o, "n", NULL);
	expect_str(STR("a file"), buf_view(&output_results), STR(""));
	end(&o);
	o.append = false;
	begin(&out_csv, &o, "n", NULL);
	expect_str(STR("a new file"), buf_view(&output_results), STR("n\r\n"));
	end(&o);
	close(fd);
	unlink(path);
}

static void
template_is_filled_for_each_result(void **state)
{
	struct options o = {0};
	struct result r;

	(void)state;
	begin(&out_write, &o, NULL, "%{n}: %{target}\\n");
	expect_str(STR("begin"), buf_view(&output_results), STR(""));
	result_init(&r, 1, STR("a"));
	out_write.done(&r, &no_verdict);
	r.n = 2;
	out_write.done(&r, &no_verdict);
	expect_str(STR("done"), buf_view(&output_results), STR("1: a\n2: a\n"));
	end(&o);
	result_clear(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usual_columns_have_a_row_of_names_first),
		cmocka_unit_test(values_are_quoted_where_they_must_be),
		cmocka_unit_test(names_of_columns_are_quoted_too_and_one_empty_value_is_no_empty_line),
		cmocka_unit_test(file_that_is_appended_to_has_its_names_already),
		cmocka_unit_test(template_is_filled_for_each_result),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
