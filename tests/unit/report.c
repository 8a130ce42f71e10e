/* tests/unit/report.c: whole reports of results made by hand, some of them by strangers who mean no good. */
#include "awget/report.h"

#include <math.h>
#include <stdio.h>

#include "helper.h"
#include "net/tls.h"

static char folder[] = "/tmp/awget-report.XXXXXX";

/* Stands for awget/change.c: how changes are shown is tested there. */
void
changes_show(const struct changes *c, struct str before, struct buf *b)
{
	for (size_t i = 0; i < c->n; i++) {
		buf_str(b, before);
		buf_str(b, STR("+ "));
		text_show(b, c->v[i].new);
		buf_byte(b, '\n');
	}
}

static int
enter_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int
leave_folder(void **state)
{
	(void)state;
	return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

/* --- results --- */

#define HOSTILE "a\x1b[m\n#\\'\"<&|>{}\xff\xc2\x9b\xef\xbf\xbe\xef\xbf\xbf\xed\xa0\x80%s\0\xc3\xa9"

static struct check_outcome outcomes[] = {
	{CHECK_PASS, {NULL, 0}, {"status == 200", 13}, {NULL, 0}},
	{CHECK_SKIP, {"sts", 3}, {"h[Strict-Transport-Security] present", 36}, {NULL, 0}},
	{CHECK_WARN, {"leak", 4}, {"h[Server] absent", 16}, {"\"nginx/1.18\"", 12}},
	{CHECK_FAIL, {NULL, 0}, {"h[X] ~ /#|'/", 12}, {"absent", 6}},
};
static const struct check_outcomes held = {outcomes, 2, 0, 0}, broken = {outcomes, 4, 1, 1}, none = {outcomes, 0, 0, 0};
static struct change difference[] = {
	{"header", {"Server", 6}, {NULL, 0}, {"Server: <'\xef\xbf\xbf>\n", 15}},
	{"status", {"", 0}, {NULL, 0}, {"404", 3}},
};
static const struct changes same = {.n = 0}, different = {.v = difference, .n = 2};

static const struct timing in_time = {.dns = 0.001, .connect = 0.003, .tls = NAN, .first_byte = 0.010, .total = 0.0125};
static const struct timing no_time = {.dns = NAN, .connect = NAN, .tls = NAN, .first_byte = NAN, .total = 0.5};

/* Adds a result that has answered if sentence is NULL; its number is count up. */
static void
give(struct report *p, struct str label, struct str tag, const char *sentence, struct verdict v)
{
	static size_t n;
	static struct tls_info tls = {.not_after = 1800000000};
	struct result r;

	result_init(&r, ++n, label);
	r.tag = tag;
	r.time = 1700000000.5;
	r.timing = sentence ? no_time : in_time;
	r.status = sentence ? 0 : 200;
	r.head_n = sentence ? 0 : 123;
	if (sentence)
		err_set(&r.err, ERR_CONNECT_REFUSED, "%s", sentence);
	else if (tag.n) {
		r.timing.tls = 0.007;
		r.tls = &tls;
	}
	report_add(p, &r, &v);
	r.tls = NULL;
	result_clear(&r);
}

/* Takes away what stands in text between these two, if it does. */
static void
cut(char *text, const char *before, const char *behind)
{
	char *from = strstr(text, before), *to = from ? strstr(from + strlen(before), behind) : NULL;

	if (to)
		memmove(from + strlen(before), to, strlen(to) + 1);
}

/* What a report of this kind has in its file, until the next one, without what depends on place and time. */
static struct str
report_of(const char *kind, bool baseline, void (*results)(struct report *), const struct summary *s)
{
	static char got[200000];
	const struct report_env env = {.baseline = baseline};
	char text[40];
	struct err e = {0};
	struct report *p;
	FILE *f;

	snprintf(text, sizeof text, "%s=f", kind);
	p = report_new(text, &env, &e);
	if (!p)
		fail_msg("%s", e.text);
	if (results)
		results(p);
	assert_int_equal(access("f", F_OK), -1);
	if (report_end(p, s, &e) != 0)
		fail_msg("%s", e.text);
	report_free(p);
	f = fopen("f", "r");
	assert_non_null(f);
	got[fread(got, 1, sizeof got - 1, f)] = '\0';
	fclose(f);
	unlink("f");
	cut(got, " hostname=\"", "\"");
	cut(got, "\nawget_run_timestamp_seconds ", "\n");
	return str_of(got);
}

static void
everything(struct report *p)
{
	give(p, STR("plain.example"), STR(""), NULL, (struct verdict){NULL, &same});
	give(p, STR(HOSTILE), STR("a\"\\tag"), NULL, (struct verdict){&broken, &same});
	give(p, STR("plain.example"), STR(""), NULL, (struct verdict){&none, &different});
	give(p, STR("away.example"), STR(""), "it's refused", (struct verdict){NULL, &different});
	give(p, STR("plain.example"), (struct str){NULL, 0}, NULL, (struct verdict){&held, &same});
}

static const struct summary of_everything = {.targets = 5, .answered = 4, .unanswered = 1, .checks = 5,
    .check_failures = 1, .check_warnings = 1, .failed = 2, .changed = 2, .gone = 3, .seconds = 1.25};

static const struct summary of_nothing = {.seconds = 0.5};

/* --- the kinds --- */

/* The hostile target. */
#define IN_TAP \
	"a\\\\x1b[m\\\\x0a\\#\\\\'\"<&|>{}\\\\xff\\\\xc2\\\\x9b\\\\xef\\\\xbf\\\\xbe\\\\xef\\\\xbf\\\\xbf\\\\xed\\\\xa0\\\\x80" \
	"%s\\\\x00\xc3\xa9"
#define IN_XML \
	"a\\x1b[m\\x0a#\\'&quot;&lt;&amp;|&gt;{}\\xff\\xc2\\x9b\\xef\\xbf\\xbe\\xef\\xbf\\xbf\\xed\\xa0\\x80" \
	"%s\\x00\xc3\xa9"
#define IN_NAGIOS "a\\x1b[m\\x0a#\\'\"<&/>{}\\xff\\xc2\\x9b\xef\xbf\xbe\xef\xbf\xbf\\xed\\xa0\\x80%s\\x00\xc3\xa9"
#define IN_PROM \
	"a\\\\x1b[m\\\\x0a#\\\\'\\\"<&|>{}\\\\xff\\\\xc2\\\\x9b\\\\xef\\\\xbf\\\\xbe\\\\xef\\\\xbf\\\\xbf\\\\xed\\\\xa0\\\\x80" \
	"%s\\\\x00\xc3\xa9"

static void
tap_has_a_point_for_each_check(void **state)
{
	(void)state;
	expect_str(STR("tap"), report_of("tap", true, everything, &of_everything),
	    STR("TAP version 13\n"
	        "ok 1 - plain.example: answers\n"
	        "ok 2 - plain.example: unchanged\n"
	        "ok 3 - " IN_TAP ": status == 200\n"
	        "ok 4 - " IN_TAP ": sts # SKIP guard does not hold\n"
	        "not ok 5 - " IN_TAP ": leak # TODO warning\n"
	        "  ---\n"
	        "  message: 'h[Server] absent does not hold'\n"
	        "  severity: warning\n"
	        "  found: '\"nginx/1.18\"'\n"
	        "  ...\n"
	        "not ok 6 - " IN_TAP ": h[X] ~ /\\#|'/\n"
	        "  ---\n"
	        "  message: 'h[X] ~ /#|''/ does not hold'\n"
	        "  severity: fail\n"
	        "  found: 'absent'\n"
	        "  ...\n"
	        "ok 7 - " IN_TAP ": unchanged\n"
	        "ok 8 - plain.example: answers\n"
	        "not ok 9 - plain.example: unchanged\n"
	        "  ---\n"
	        "  message: 'changed since the baseline'\n"
	        "  severity: fail\n"
	        "  changes: |\n"
	        "    + Server: <'\\xef\\xbf\\xbf>\\x0a\n"
	        "    + 404\n"
	        "  ...\n"
	        "not ok 10 - away.example: answers\n"
	        "  ---\n"
	        "  message: 'it''s refused'\n"
	        "  severity: fail\n"
	        "  error: 'connect-refused'\n"
	        "  ...\n"
	        "not ok 11 - away.example: unchanged\n"
	        "  ---\n"
	        "  message: 'changed since the baseline'\n"
	        "  severity: fail\n"
	        "  changes: |\n"
	        "    + Server: <'\\xef\\xbf\\xbf>\\x0a\n"
	        "    + 404\n"
	        "  ...\n"
	        "ok 12 - plain.example: status == 200\n"
	        "ok 13 - plain.example: sts # SKIP guard does not hold\n"
	        "ok 14 - plain.example: unchanged\n"
	        "# targets of the baseline that were not there: 3\n"
	        "1..14\n"));
}

static void
junit_has_a_case_for_each_check(void **state)
{
	(void)state;
	expect_str(STR("junit"), report_of("junit", true, everything, &of_everything),
	    STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	        "<testsuites>\n"
	        "<testsuite package=\"awget\" id=\"0\" name=\"awget\" tests=\"14\" failures=\"3\" errors=\"1\""
	        " skipped=\"2\" time=\"1.250000\" timestamp=\"2023-11-14T22:13:20\" hostname=\"\">\n"
	        "<properties/>\n"
	        "<testcase classname=\"plain.example\" name=\"answers\" time=\"0.012500\"></testcase>\n"
	        "<testcase classname=\"plain.example\" name=\"unchanged\" time=\"0.000000\"></testcase>\n"
	        "<testcase classname=\"" IN_XML "\" name=\"status == 200\" time=\"0.012500\"></testcase>\n"
	        "<testcase classname=\"" IN_XML "\" name=\"sts\" time=\"0.000000\"><skipped message=\"guard"
	        " does not hold\"/></testcase>\n"
	        "<testcase classname=\"" IN_XML "\" name=\"leak\" time=\"0.000000\"><system-out>warning:"
	        " h[Server] absent does not hold\n"
	        "found: &quot;nginx/1.18&quot;</system-out></testcase>\n"
	        "<testcase classname=\"" IN_XML "\" name=\"h[X] ~ /#|'/\" time=\"0.000000\"><failure"
	        " message=\"h[X] ~ /#|'/ does not hold\" type=\"check\">found: absent</failure></testcase>\n"
	        "<testcase classname=\"" IN_XML "\" name=\"unchanged\" time=\"0.000000\"></testcase>\n"
	        "<testcase classname=\"plain.example\" name=\"answers\" time=\"0.012500\"></testcase>\n"
	        "<testcase classname=\"plain.example\" name=\"unchanged\" time=\"0.000000\"><failure"
	        " message=\"changed since the baseline\" type=\"changed\">+ Server: &lt;'\\xef\\xbf\\xbf&gt;\\x0a\n"
	        "+ 404\n"
	        "</failure></testcase>\n"
	        "<testcase classname=\"away.example\" name=\"answers\" time=\"0.500000\"><error message=\"it's"
	        " refused\" type=\"connect-refused\"/></testcase>\n"
	        "<testcase classname=\"away.example\" name=\"unchanged\" time=\"0.000000\"><failure"
	        " message=\"changed since the baseline\" type=\"changed\">+ Server: &lt;'\\xef\\xbf\\xbf&gt;\\x0a\n"
	        "+ 404\n"
	        "</failure></testcase>\n"
	        "<testcase classname=\"plain.example\" name=\"status == 200\" time=\"0.012500\"></testcase>\n"
	        "<testcase classname=\"plain.example\" name=\"sts\" time=\"0.000000\"><skipped message=\"guard"
	        " does not hold\"/></testcase>\n"
	        "<testcase classname=\"plain.example\" name=\"unchanged\" time=\"0.000000\"></testcase>\n"
	        "<system-out>targets of the baseline that were not there: 3</system-out>\n"
	        "<system-err></system-err>\n"
	        "</testsuite>\n"
	        "</testsuites>\n"));
}

static void
nagios_has_a_line_and_then_the_problems(void **state)
{
	(void)state;
	expect_str(STR("nagios"), report_of("nagios", true, everything, &of_everything),
	    STR("AWGET CRITICAL - 4 of 5 targets answered, 3 of 5 checks hold, 2 changed, 3 of the baseline not there; "
	        IN_NAGIOS ": h[X] ~ /#/'/: absent | answered=4;;5:;0;5 unanswered=1;;0;0 checks_failed=1;;0;0;5 "
	        "checks_warned=1;0;;0;5 changed=2;0;;0 gone=3;0;;0 time=1.250000s;;;0\n"
	        IN_NAGIOS ": h[X] ~ /#/'/: absent\n"
	        "away.example: it's refused\n"
	        IN_NAGIOS ": leak: \"nginx/1.18\"\n"
	        "plain.example: changed since the baseline\n"
	        "away.example: changed since the baseline\n"));
}

static void
prom_has_a_sample_of_each_family(void **state)
{
	(void)state;
	expect_str(STR("prom"), report_of("prom", true, everything, &of_everything),
	    STR("# HELP awget_target_up Whether the target answered.\n"
	        "# TYPE awget_target_up gauge\n"
	        "awget_target_up{target=\"plain.example\"} 1\n"
	        "awget_target_up{target=\"" IN_PROM "\",tag=\"a\\\"\\\\tag\"} 1\n"
	        "awget_target_up{target=\"plain.example\",repeat=\"2\"} 1\n"
	        "awget_target_up{target=\"away.example\"} 0\n"
	        "awget_target_up{target=\"plain.example\",repeat=\"3\"} 1\n"
	        "# HELP awget_target_http_status The status code of the answer.\n"
	        "# TYPE awget_target_http_status gauge\n"
	        "awget_target_http_status{target=\"plain.example\"} 200\n"
	        "awget_target_http_status{target=\"" IN_PROM "\",tag=\"a\\\"\\\\tag\"} 200\n"
	        "awget_target_http_status{target=\"plain.example\",repeat=\"2\"} 200\n"
	        "awget_target_http_status{target=\"plain.example\",repeat=\"3\"} 200\n"
	        "# HELP awget_target_phase_seconds How long each phase of the fetch took, and in total.\n"
	        "# TYPE awget_target_phase_seconds gauge\n"
	        "awget_target_phase_seconds{target=\"plain.example\",phase=\"dns\"} 0.001000\n"
	        "awget_target_phase_seconds{target=\"plain.example\",phase=\"connect\"} 0.002000\n"
	        "awget_target_phase_seconds{target=\"plain.example\",phase=\"first_byte\"} 0.007000\n"
	        "awget_target_phase_seconds{target=\"plain.example\",phase=\"total\"} 0.012500\n"
	        "awget_target_phase_seconds{target=\"" IN_PROM "\",tag=\"a\\\"\\\\tag\",phase=\"dns\"} 0.001000\n"
	        "awget_target_phase_seconds{target=\"" IN_PROM "\",tag=\"a\\\"\\\\tag\",phase=\"connect\"} 0.002000\n"
	        "awget_target_phase_seconds{target=\"" IN_PROM "\",tag=\"a\\\"\\\\tag\",phase=\"tls\"} 0.004000\n"
	        "awget_target_phase_seconds{target=\"" IN_PROM "\",tag=\"a\\\"\\\\tag\",phase=\"first_byte\"}"
	        " 0.003000\n"
	        "awget_target_phase_seconds{target=\"" IN_PROM "\",tag=\"a\\\"\\\\tag\",phase=\"total\"} 0.012500\n"
	        "awget_target_phase_seconds{target=\"plain.example\",repeat=\"2\",phase=\"dns\"} 0.001000\n"
	        "awget_target_phase_seconds{target=\"plain.example\",repeat=\"2\",phase=\"connect\"} 0.002000\n"
	        "awget_target_phase_seconds{target=\"plain.example\",repeat=\"2\",phase=\"first_byte\"} 0.007000\n"
	        "awget_target_phase_seconds{target=\"plain.example\",repeat=\"2\",phase=\"total\"} 0.012500\n"
	        "awget_target_phase_seconds{target=\"away.example\",phase=\"total\"} 0.500000\n"
	        "awget_target_phase_seconds{target=\"plain.example\",repeat=\"3\",phase=\"dns\"} 0.001000\n"
	        "awget_target_phase_seconds{target=\"plain.example\",repeat=\"3\",phase=\"connect\"} 0.002000\n"
	        "awget_target_phase_seconds{target=\"plain.example\",repeat=\"3\",phase=\"first_byte\"} 0.007000\n"
	        "awget_target_phase_seconds{target=\"plain.example\",repeat=\"3\",phase=\"total\"} 0.012500\n"
	        "# HELP awget_target_tls_not_after_timestamp_seconds When the certificate ends.\n"
	        "# TYPE awget_target_tls_not_after_timestamp_seconds gauge\n"
	        "awget_target_tls_not_after_timestamp_seconds{target=\"" IN_PROM "\",tag=\"a\\\"\\\\tag\"} 1800000000\n"
	        "# HELP awget_target_checks_failed How many checks do not hold.\n"
	        "# TYPE awget_target_checks_failed gauge\n"
	        "awget_target_checks_failed{target=\"" IN_PROM "\",tag=\"a\\\"\\\\tag\"} 1\n"
	        "awget_target_checks_failed{target=\"plain.example\",repeat=\"2\"} 0\n"
	        "awget_target_checks_failed{target=\"plain.example\",repeat=\"3\"} 0\n"
	        "# HELP awget_target_checks_warned How many checks that only warn do not hold.\n"
	        "# TYPE awget_target_checks_warned gauge\n"
	        "awget_target_checks_warned{target=\"" IN_PROM "\",tag=\"a\\\"\\\\tag\"} 1\n"
	        "awget_target_checks_warned{target=\"plain.example\",repeat=\"2\"} 0\n"
	        "awget_target_checks_warned{target=\"plain.example\",repeat=\"3\"} 0\n"
	        "# HELP awget_target_changed Whether the target is different from the baseline.\n"
	        "# TYPE awget_target_changed gauge\n"
	        "awget_target_changed{target=\"plain.example\"} 0\n"
	        "awget_target_changed{target=\"" IN_PROM "\",tag=\"a\\\"\\\\tag\"} 0\n"
	        "awget_target_changed{target=\"plain.example\",repeat=\"2\"} 1\n"
	        "awget_target_changed{target=\"away.example\"} 1\n"
	        "awget_target_changed{target=\"plain.example\",repeat=\"3\"} 0\n"
	        "# HELP awget_targets How many targets answered, and how many did not.\n"
	        "# TYPE awget_targets gauge\n"
	        "awget_targets{outcome=\"answered\"} 4\n"
	        "awget_targets{outcome=\"unanswered\"} 1\n"
	        "# HELP awget_check_failures How many checks do not hold, of all targets.\n"
	        "# TYPE awget_check_failures gauge\n"
	        "awget_check_failures 1\n"
	        "# HELP awget_check_warnings How many checks that only warn do not hold, of all targets.\n"
	        "# TYPE awget_check_warnings gauge\n"
	        "awget_check_warnings 1\n"
	        "# HELP awget_run_interrupted Whether the run ended before all targets were tried.\n"
	        "# TYPE awget_run_interrupted gauge\n"
	        "awget_run_interrupted 0\n"
	        "# HELP awget_run_duration_seconds How long the run took.\n"
	        "# TYPE awget_run_duration_seconds gauge\n"
	        "awget_run_duration_seconds 1.250000\n"
	        "# HELP awget_run_timestamp_seconds When the run ended.\n"
	        "# TYPE awget_run_timestamp_seconds gauge\n"
	        "awget_run_timestamp_seconds \n"));
}

static void
one(struct report *p)
{
	give(p, STR("one.example"), STR("x"), NULL, (struct verdict){&held, NULL});
}

static void
interrupted_run_does_not_look_whole(void **state)
{
	static const struct summary s = {.targets = 1, .answered = 1, .checks = 1, .seconds = 0.1, .interrupted = true};

	(void)state;
	expect_str(STR("tap"), report_of("tap", false, one, &s),
	    STR("TAP version 13\n"
	        "ok 1 - one.example: status == 200\n"
	        "ok 2 - one.example: sts # SKIP guard does not hold\n"
	        "Bail out! interrupted\n"
	        "1..2\n"));
	expect_str(STR("junit"), report_of("junit", false, one, &s),
	    STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	        "<testsuites>\n"
	        "<testsuite package=\"awget\" id=\"0\" name=\"awget\" tests=\"3\" failures=\"0\" errors=\"1\""
	        " skipped=\"1\" time=\"0.100000\" timestamp=\"2023-11-14T22:13:20\" hostname=\"\">\n"
	        "<properties/>\n"
	        "<testcase classname=\"one.example\" name=\"status == 200\" time=\"0.012500\"></testcase>\n"
	        "<testcase classname=\"one.example\" name=\"sts\" time=\"0.000000\"><skipped message=\"guard"
	        " does not hold\"/></testcase>\n"
	        "<testcase classname=\"awget\" name=\"run\" time=\"0.000000\"><error message=\"interrupted:"
	        " not all targets were tried\" type=\"interrupted\"/></testcase>\n"
	        "<system-out></system-out>\n"
	        "<system-err>interrupted: not all targets were tried</system-err>\n"
	        "</testsuite>\n"
	        "</testsuites>\n"));
	expect_str(STR("nagios"), report_of("nagios", false, one, &s),
	    STR("AWGET UNKNOWN - 1 of 1 target answered, 1 check holds, interrupted | answered=1;;1:;0;1 "
	        "unanswered=0;;0;0 checks_failed=0;;0;0;1 checks_warned=0;0;;0;1 time=0.100000s;;;0 total=0.012500s;;;0 size=123B;;;0 cert_days=1157\n"));
	assert_non_null(strstr(report_of("prom", false, one, &s).s, "\nawget_run_interrupted 1\n"));
}

static void
run_without_targets_has_a_report(void **state)
{
	struct str got;

	(void)state;
	expect_str(STR("tap"), report_of("tap", false, NULL, &of_nothing), STR("TAP version 13\n1..0 # SKIP no targets\n"));
	got = report_of("junit", false, NULL, &of_nothing);
	cut((char *)got.s, " timestamp=\"", "\"");
	expect_str(STR("junit"), str_of(got.s),
	    STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	        "<testsuites>\n"
	        "<testsuite package=\"awget\" id=\"0\" name=\"awget\" tests=\"0\" failures=\"0\" errors=\"0\""
	        " skipped=\"0\" time=\"0.500000\" timestamp=\"\" hostname=\"\">\n"
	        "<properties/>\n"
	        "<system-out></system-out>\n"
	        "<system-err></system-err>\n"
	        "</testsuite>\n"
	        "</testsuites>\n"));
	expect_str(STR("nagios"), report_of("nagios", false, NULL, &of_nothing),
	    STR("AWGET UNKNOWN - 0 of 0 targets answered | answered=0;;0:;0;0 unanswered=0;;0;0 time=0.500000s;;;0\n"));
	got = report_of("prom", false, NULL, &of_nothing);
	assert_null(strstr(got.s, "awget_target_"));
	assert_non_null(strstr(got.s, "\nawget_targets{outcome=\"answered\"} 0\n"));
}

#define LONG "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
	     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static void
many(struct report *p)
{
	for (int i = 0; i < 30; i++) {
		const struct verdict warned = {&broken, NULL};
		char label[200];

		/* every third does not answer, and its name is too long to be told */
		snprintf(label, sizeof label, "%s%d", i % 3 ? "t" : LONG, i);
		give(p, str_of(label), STR(""), i % 3 ? NULL : "refused", i % 3 ? warned : (struct verdict){NULL, NULL});
	}
}

static void
nagios_tells_the_worst_problems_first_and_not_all(void **state)
{
	static const struct summary s = {.targets = 30, .failed = 30};
	struct str got = report_of("nagios", false, many, &s);
	struct buf start = {0};
	size_t lines = 0;

	(void)state;
	buf_str(&start, STR("AWGET CRITICAL - 0 of 30 targets answered; "));
	buf_add(&start, LONG, 80);
	buf_str(&start, STR("...: refused | answered=0;;30:;0;30 "));
	expect_int(got, str_starts(got, buf_view(&start)), true);
	buf_clear(&start);
	for (size_t i = 0; i < got.n; i++)
		lines += got.s[i] == '\n';
	assert_int_equal(lines, 22);
	/* 10 without an answer and 20 checks that fail; 20 warnings */
	assert_null(strstr(got.s, "leak"));
	expect_str(STR("end"), str_of(strstr(got.s, "\nand ")), STR("\nand 30 more\n"));
}

static void
nagios_has_a_status_of_its_own(void **state)
{
	static const struct {
		struct summary s;
		int status;
	} rows[] = {
		{{.targets = 1, .answered = 1, .checks = 2}, 0},
		{{.targets = 1, .answered = 1, .checks = 1, .check_warnings = 1}, 1},
		{{.targets = 1, .answered = 1, .changed = 1}, 1},
		{{.targets = 1, .answered = 1, .gone = 1}, 1},
		{{.targets = 1, .unanswered = 1, .failed = 1}, 2},
		{{.targets = 1, .answered = 1, .checks = 1, .check_failures = 1, .failed = 1, .changed = 1}, 2},
		{{.targets = 1, .unanswered = 1, .failed = 1, .interrupted = true}, 3},
		{{.targets = 0}, 3},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(report_nagios_status(&rows[i].s), rows[i].status);
}

static void
very_many(struct report *p)
{
	for (int i = 0; i < 400; i++)
		give(p, STR("t"), STR(""), NULL, (struct verdict){&broken, NULL});
}

/* Beyond what is kept in memory. */
static void
long_report_has_everything_in_order(void **state)
{
	static const struct summary s = {.targets = 400, .answered = 400};
	struct str got = report_of("junit", false, very_many, &s);
	size_t cases = 0;

	(void)state;
	assert_true(got.n > 100000);
	assert_non_null(strstr(got.s, " tests=\"1600\" failures=\"400\" errors=\"0\" skipped=\"400\" "));
	for (const char *at = got.s; (at = strstr(at, "\n<testcase ")); at++)
		cases++;
	assert_int_equal(cases, 1600);
	got = report_of("prom", false, very_many, &s);
	for (int i = 2; i <= 400; i++) {
		char sample[60];

		snprintf(sample, sizeof sample, "\nawget_target_up{target=\"t\",repeat=\"%d\"} 1\n", i);
		if (!strstr(got.s, sample))
			fail_msg("%s", sample);
	}
}

/* --- what all kinds have in common --- */

static void
what_is_no_kind_or_no_file_is_refused(void **state)
{
	static const struct {
		const char *text, *want;
		enum err_kind kind;
	} rows[] = {
		{"", "'' is not KIND=FILE, with a kind of: " REPORT_KINDS, ERR_INPUT},
		{"tap", "'tap' is not KIND=FILE, with a kind of: " REPORT_KINDS, ERR_INPUT},
		{"tap=", "'tap=' is not KIND=FILE, with a kind of: " REPORT_KINDS, ERR_INPUT},
		{"=f", "'=f' is not KIND=FILE, with a kind of: " REPORT_KINDS, ERR_INPUT},
		{"ta=f", "'ta=f' is not KIND=FILE, with a kind of: " REPORT_KINDS, ERR_INPUT},
		{"TAP=f", "'TAP=f' is not KIND=FILE, with a kind of: " REPORT_KINDS, ERR_INPUT},
		{"taps=f", "'taps=f' is not KIND=FILE, with a kind of: " REPORT_KINDS, ERR_INPUT},
		{"tap=/nonexistent/f=", "cannot write /nonexistent/f=: No such file or directory", ERR_LOCAL},
	};
	const struct report_env env = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};

		assert_null(report_new(guarded_cstr(str_of(rows[i].text)), &env, &e));
		expect_err(str_of(rows[i].text), &e, rows[i].kind);
		expect_str(str_of(rows[i].text), str_of(e.text), str_of(rows[i].want));
	}
	report_free(NULL);
}

static void
kinds_are_the_ones_that_are_named(void **state)
{
	static const char *const rows[] = {"tap", "junit", "nagios", "prom"};
	const struct report_env env = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct report *p;
		char text[40];

		snprintf(text, sizeof text, "%s=/dev/null", rows[i]);
		p = report_new(text, &env, NULL);
		expect_int(str_of(text), p != NULL, true);
		expect_int(str_of(text), strstr(REPORT_KINDS, rows[i]) != NULL, true);
		report_free(p);
	}
}

static void
kind_and_standard_output_are_recognised(void **state)
{
	static const struct {
		const char *text, *kind;
		bool is, to_stdout;
	} rows[] = {
		{"tap=f", "tap", true, false},
		{"tap=-", "tap", true, true},
		{"tap=-", "junit", false, true},
		{"tap=-x", "ta", false, false},
		{"tap", "tap", false, false},
		{"-", "tap", false, false},
		{"", "tap", false, false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *text = guarded_cstr(str_of(rows[i].text));

		expect_int(str_of(rows[i].text), report_is(text, rows[i].kind), rows[i].is);
		expect_int(str_of(rows[i].text), report_to_stdout(text), rows[i].to_stdout);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tap_has_a_point_for_each_check),
		cmocka_unit_test(junit_has_a_case_for_each_check),
		cmocka_unit_test(nagios_has_a_line_and_then_the_problems),
		cmocka_unit_test(prom_has_a_sample_of_each_family),
		cmocka_unit_test(interrupted_run_does_not_look_whole),
		cmocka_unit_test(run_without_targets_has_a_report),
		cmocka_unit_test(nagios_tells_the_worst_problems_first_and_not_all),
		cmocka_unit_test(nagios_has_a_status_of_its_own),
		cmocka_unit_test(long_report_has_everything_in_order),
		cmocka_unit_test(what_is_no_kind_or_no_file_is_refused),
		cmocka_unit_test(kinds_are_the_ones_that_are_named),
		cmocka_unit_test(kind_and_standard_output_are_recognised),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
