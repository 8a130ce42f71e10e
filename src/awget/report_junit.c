/* awget/report_junit.c: XML as JUnit's reports have it, which build servers read: a test case for each check. */
#include "awget/report.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * The form that is common to what reads it: Ant's, which others have as a schema (windyroad/JUnit-Schema), with a
 * <system-out> in a test case as Jenkins takes it. tests/cli/junit.xsd has it in full. The counts come first, so the
 * cases wait in a spool.
 */
struct junit {
	struct spool cases;
	size_t tests, failures, errors, skipped;
	double began; /* when the first of the fetches began; 0: none yet */
};

/* XML 1.0 sections 2.4 and 2.3; there are no control bytes, which attributes would not keep. */
static report_escapes in_xml = {['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;"};

static void
attribute(struct buf *b, struct str name, struct str value, struct str rest)
{
	buf_byte(b, ' ');
	buf_str(b, name);
	buf_str(b, STR("=\""));
	report_show(b, value, in_xml);
	report_show(b, rest, in_xml);
	buf_byte(b, '"');
}

/* <testcase ...>; what is in it and its end follow. */
static struct buf *
open_case(struct junit *j, struct str target, struct str name, double seconds)
{
	struct buf *b = &j->cases.buf;

	j->tests++;
	buf_str(b, STR("<testcase"));
	attribute(b, STR("classname"), target, STR(""));
	attribute(b, STR("name"), name, STR(""));
	buf_str(b, STR(" time=\""));
	report_seconds(b, seconds);
	buf_str(b, STR("\">"));
	return b;
}

static void
close_case(struct junit *j)
{
	buf_str(&j->cases.buf, STR("</testcase>\n"));
	spool_piece(&j->cases);
}

static void
error(struct junit *j, struct buf *b, struct str message, enum err_kind kind)
{
	j->errors++;
	buf_str(b, STR("<error"));
	attribute(b, STR("message"), message, STR(""));
	attribute(b, STR("type"), str_of(err_name(kind)), STR(""));
	buf_str(b, STR("/>"));
}

/* <failure ...>; what is in it and its end follow. */
static void
open_failure(struct junit *j, struct buf *b, struct str message, struct str rest, struct str type)
{
	j->failures++;
	buf_str(b, STR("<failure"));
	attribute(b, STR("message"), message, rest);
	attribute(b, STR("type"), type, STR(""));
	buf_byte(b, '>');
}

static void
outcome(struct junit *j, struct buf *b, const struct check_outcome *o)
{
	if (o->verdict == CHECK_SKIP) {
		j->skipped++;
		buf_str(b, STR("<skipped message=\"guard does not hold\"/>"));
	} else if (o->verdict == CHECK_WARN) {
		buf_str(b, STR("<system-out>warning: "));
		report_show(b, o->text, in_xml);
		buf_str(b, STR(" does not hold\nfound: "));
		report_show(b, o->found, in_xml);
		buf_str(b, STR("</system-out>"));
	} else if (o->verdict == CHECK_FAIL) {
		open_failure(j, b, o->text, STR(" does not hold"), STR("check"));
		buf_str(b, STR("found: "));
		report_show(b, o->found, in_xml);
		buf_str(b, STR("</failure>"));
	}
}

static void
answers(struct junit *j, const struct result *r)
{
	struct buf *b = open_case(j, r->label, STR("answers"), r->timing.total);

	if (r->err.kind != ERR_NONE)
		error(j, b, str_of(r->err.text), r->err.kind);
	close_case(j);
}

static void
unchanged(struct junit *j, const struct result *r, const struct changes *c)
{
	struct buf *b = open_case(j, r->label, STR("unchanged"), 0);

	if (c->n) {
		open_failure(j, b, STR("changed since the baseline"), STR(""), STR("changed"));
		report_changes(b, c, STR(""), in_xml);
		buf_str(b, STR("</failure>"));
	}
	close_case(j);
}

/* The time of a target is that of its first case: readers add them up. */
static void
add(void *state, struct sink *to, const struct result *r, const struct verdict *v)
{
	struct junit *j = state;
	size_t n = v->checks ? v->checks->n : 0;

	(void)to;
	if (j->began == 0 || r->time < j->began)
		j->began = r->time;
	if (r->err.kind != ERR_NONE || !n)
		answers(j, r);
	for (size_t i = 0; i < n; i++) {
		const struct check_outcome *o = &v->checks->v[i];

		outcome(j, open_case(j, r->label, report_check_name(o), i ? 0 : r->timing.total), o);
		close_case(j);
	}
	if (v->changes)
		unchanged(j, r, v->changes);
}

static void
count(struct buf *b, const char *name, size_t n)
{
	buf_byte(b, ' ');
	buf_str(b, str_of(name));
	buf_str(b, STR("=\""));
	buf_number(b, n, 1);
	buf_byte(b, '"');
}

/* Where and when: UTC, of which the schemas allow no mark. */
static void
circumstances(struct buf *b, double began)
{
	char host[256], when[40];
	time_t t = began > 0 ? (time_t)began : time(NULL);
	struct tm tm;

	if (gethostname(host, sizeof host) != 0 || !*host)
		strcpy(host, "localhost");
	host[sizeof host - 1] = '\0';
	strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", gmtime_r(&t, &tm));
	attribute(b, STR("timestamp"), str_of(when), STR(""));
	attribute(b, STR("hostname"), str_of(host), STR(""));
}

static void
end(void *state, struct sink *to, const struct summary *s)
{
	struct junit *j = state;
	struct buf *b = sink_buf(to);
	struct str more = s->interrupted ? STR("interrupted: not all targets were tried") : STR("");

	if (s->interrupted) { /* or what is left looks as if it were all */
		error(j, open_case(j, STR("awget"), STR("run"), 0), more, ERR_CANCELED);
		close_case(j);
	}
	buf_str(b,
	    STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite package=\"awget\" id=\"0\""
	        " name=\"awget\""));
	count(b, "tests", j->tests);
	count(b, "failures", j->failures);
	count(b, "errors", j->errors);
	count(b, "skipped", j->skipped);
	buf_str(b, STR(" time=\""));
	report_seconds(b, s->seconds);
	buf_byte(b, '"');
	circumstances(b, j->began);
	buf_str(b, STR(">\n<properties/>\n"));
	spool_pour(&j->cases, to);
	buf_str(b, STR("<system-out>"));
	if (s->gone) {
		buf_str(b, STR("targets of the baseline that were not there: "));
		buf_number(b, s->gone, 1);
	}
	buf_str(b, STR("</system-out>\n<system-err>"));
	buf_str(b, more);
	buf_str(b, STR("</system-err>\n</testsuite>\n</testsuites>\n"));
}

static void
clear(void *state)
{
	struct junit *j = state;

	spool_clear(&j->cases);
}

const struct report_kind report_junit = {
    .name = "junit", .size = sizeof(struct junit), .spools = true, .add = add, .end = end, .clear = clear};
