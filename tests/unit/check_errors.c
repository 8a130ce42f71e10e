/* tests/unit/check_errors.c: check files: what is wrong in them and where, sections, includes, --list-checks. */
#include <stdio.h>
#include <sys/stat.h>

#include "check/checks.h"
#include "check/rules.h"
#include "made.h"
#include "regex_linked.h"

static char folder[] = "/tmp/awget-checks.XXXXXX";

/* --- what is wrong --- */

static void
error_has_a_place_and_says_what_is_wanted(void **state)
{
	static const struct {
		const char *check;
		int column;
		const char *why;
	} rows[] = {
		{"", 1, "a check is missing"},
		{"  # only a comment", 3, "a check is missing"},
		{"[*]", 1, "a section stands in a file"},
		/* fields */
		{"statsu == 200", 1, "there is no field 'statsu'; did you mean status?"},
		{"time.totl < 1", 1, "there is no field 'time.totl'; did you mean time.total?"},
		{"time < 1", 1, "there is no field 'time'; a header field is h[time]"},
		{"Server == x", 1, "there is no field 'Server'; a header field is h[Server]"},
		{"headers[Server] == x", 1, "there is no field 'headers[...]'; did you mean h[...]?"},
		{"== 200", 1, "a field is missing: status, h[Name], cookie[name] ..."},
		{"any", 4, "a field is missing: status, h[Name], cookie[name] ..."},
		{"every == 1", 7, "a field is missing: status, h[Name], cookie[name] ..."},
		{"h == 1", 2, "a header name in brackets is missing: h[Server]"},
		{"h[] present", 3, "'' is not the name of a header field"},
		{"h[A B] present", 3, "'A B' is not the name of a header field"},
		{"h[X-*] present", 3, "'X-*' is not the name of a header field"},
		{"h[A present", 2, "this '[' has no ']'"},
		{"h[A]. present", 6, "behind this '.' stands count, first, last, list, age or a directive"},
		{"cookie present", 7, "a name in brackets is missing: cookie[sid], cookie[*]"},
		{"cookie[] present", 8, "a name is missing; '*' is any"},
		{"cookie[*]. present", 11, "behind this '.' stands an attribute, as in cookie[*].Secure"},
		{"hop[0].status == 1", 5, "an earlier response has a number from 1 to 9999"},
		{"hop[x].status == 1", 5, "an earlier response has a number from 1 to 9999"},
		{"hop[10000].status == 1", 5, "an earlier response has a number from 1 to 9999"},
		{"hop[1] == 1", 7, "a '.' and a field are missing, as in hop[1].status"},
		{"hop[1].tls.days > 1", 8, "of an earlier response, tls.days is not known"},
		{"hop[1].hops > 1", 8, "of an earlier response, hops is not known"},
		{"hop[1].hop[2].status > 1", 8, "there is no field 'hop[...]'; did you mean h[...]?"},
		/* operators */
		{"status", 7, "behind a field stands present, absent, == != < <= > >= ~ !~ contains starts ends in or has"},
		{"status 200", 8, "behind a field stands present, absent, == != < <= > >= ~ !~ contains starts ends in or has"},
		{"status = 200", 8, "'=' is not known here; did you mean ==?"},
		{"h[A] =~ /x/", 6, "'=~' is not known here; did you mean ~?"},
		{"h[A] is x", 6, "'is' is not known here; did you mean ==?"},
		{"h[A] exists", 6, "'exists' is not known here; did you mean present?"},
		{"h[A] present && status == 200", 14, "'&&' is not known here; did you mean and?"},
		{"h[A] present OR status == 200", 14, "'OR' is not known here; did you mean or?"},
		{"!h[A] present", 1, "'!' is not known here; did you mean not?"},
		{"status present == 1", 16, "'=' is not known here; did you mean ==?"},
		/* values */
		{"status ==", 10, "'==' wants a number, a class such as 2xx or a range such as 1..9 behind it"},
		{"status >= ", 11, "'>=' wants a number behind it"},
		{"status >= ok", 11, "'>=' wants a number behind it"},
		{"status < 2xx", 10, "'<' wants a number behind it"},
		{"status == ok", 11, "'==' wants a number, a class such as 2xx or a range such as 1..9 behind it"},
		{"status == \"200\"", 11, "'==' wants a number, a class such as 2xx or a range such as 1..9 behind it"},
		{"status in (200, ok)", 17, "'in' wants a number, a class such as 2xx or a range such as 1..9 behind it"},
		{"h[A].age > soon", 12, "'>' wants a number behind it"},
		{"time.total < 2sec", 14, "'<' wants a number behind it"},
		{"h[A] < 1..2", 8, "'<' wants a number, a word or a \"string\" behind it"},
		{"status in 9..1", 11, "this range ends before it begins"},
		{"h[A] == (1, 2)", 9, "'==' takes one value; 'in' takes several"},
		{"h[A] == /x/", 9, "behind '==' stands no regular expression; that is for ~ and !~"},
		{"h[A] in (a, /x/)", 13, "behind 'in' stands no regular expression; that is for ~ and !~"},
		{"h[A] ~ x", 8, "'~' wants a regular expression /.../ behind it"},
		{"h[A] ~ \"x\"", 8, "'~' wants a regular expression behind it: write /.../"},
		{"h[A] in (a, b", 14, "a ')' or a ',' is missing"},
		{"h[A] in (a b)", 12, "a ')' or a ',' is missing"},
		{"h[A] in ()", 10, "'in' wants a number, a word or a \"string\" behind it"},
		{"h[A] in (a,)", 12, "'in' wants a number, a word or a \"string\" behind it"},
		{"h[A] == \"x", 9, "this string has no '\"' at its end"},
		{"h[A] == \"a\\tb\"", 11, "in a string, a backslash is for \\\", \\\\, \\n, \\r and \\xHH"},
		{"h[A] == \"a\\x4\"", 11, "in a string, a backslash is for \\\", \\\\, \\n, \\r and \\xHH"},
		{"h[A] == a\"b\"", 10, "a blank is missing before this string"},
		{"h[A] ~ /x", 8, "this regular expression has no '/' at its end"},
		{"h[A] ~ /x/g", 11, "behind a regular expression stands nothing but 'i'"},
		{"h[A] ~ /(ab/", 12, "this regular expression: missing closing parenthesis"},
		{"h[A] ~ /a**+*/", 11, "this regular expression: quantifier does not follow a repeatable item"},
		{"h[A] ~ /\\/[/", 12, "this regular expression: missing terminating ] for character class"},
		{"h[A] ~ /(*UTF)a/", 15, NULL},
		/* joining */
		{"(status == 200", 15, "a ')' is missing"},
		{"status == 200)", 14, "there is no '(' for this ')'"},
		{"status == 200 and", 18, "a field is missing: status, h[Name], cookie[name] ..."},
		{"status == 200 h[A] present", 15, "here only 'and', 'or' or the end is possible"},
		{"if status == 200", 17, "a 'then' is missing"},
		{"if status == 200 h[A] present", 18, "a 'then' is missing"},
		{"if status == 200 then", 22, "a field is missing: status, h[Name], cookie[name] ..."},
		{"warn:", 6, "a field is missing: status, h[Name], cookie[name] ..."},
		{"not", 4, "a field is missing: status, h[Name], cookie[name] ..."},
		/* columns are characters, a tab is one */
		{"h[A] == \"\xc3\xa9\xe2\x82\xac\" x", 14, "here only 'and', 'or' or the end is possible"},
		{"\th[A]\t== (1, 2)", 10, "'==' takes one value; 'in' takes several"},
		{"status == 200\x01", 14, "a control byte, which a string has as \\x01"},
		/* includes */
		{"@", 2, "the name of a file or a preset is missing"},
		{"@a.checks b", 11, "nothing stands behind the name of a file"},
		{"@zzz", 2, "there is no preset 'zzz'; those that come with awget are owasp, hsts, cookies, leak and cache"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].check), excerpt;
		struct checks *c = checks_new();
		char want[300];
		struct err e = {0};

		expect_int(row, checks_add(c, "status present", &e), 0);
		expect_int(row, checks_add(c, rows[i].check, &e), -1);
		expect_err(row, &e, ERR_INPUT);
		snprintf(want, sizeof want, "-e:2:%d: %s", rows[i].column, rows[i].why ? rows[i].why : "");
		expect_str(row, rows[i].why ? str_of(e.text) : (struct str){e.text, strlen(want)}, str_of(want));
		/* the caret ends the second line, below the column */
		excerpt = checks_excerpt(c);
		expect_int(row, excerpt.n > 2 && excerpt.s[excerpt.n - 1] == '\n' && excerpt.s[excerpt.n - 2] == '^', true);
		expect_int(row, checks_count(c), 1);
		checks_free(c);
	}
}

static void
expect_excerpt(const char *check, const char *want)
{
	struct checks *c = checks_new();
	struct err e = {0};

	expect_int(str_of(check), checks_add(c, check, &e), -1);
	expect_str(str_of(check), checks_excerpt(c), str_of(want));
	checks_free(c);
}

static void
excerpt_has_the_caret_below_the_place(void **state)
{
	(void)state;
	expect_excerpt("status = 200", "status = 200\n       ^\n");
	expect_excerpt("\tstatus\t= 200 # why", " status = 200 # why\n        ^\n");
	expect_excerpt("h[A] == \"\xc3\xa9\" x", "h[A] == \"\xc3\xa9\" x\n            ^\n");
	expect_excerpt("h[A] == \"\xff\" x", "h[A] == \"\\xff\" x\n               ^\n");
	expect_excerpt("status == 200\x1b[1m", "status == 200\\x1b[1m\n             ^\n");
	expect_excerpt("status ==", "status ==\n         ^\n");
	/* long lines are cut on both sides, not inside a character */
	expect_excerpt("h[A] in (0123456789, 0123456789, 0123456789, 0123456789, 0123456789, 0123456789, x y, 0123456789, 012345678)",
	    "...23456789, 0123456789, 0123456789, 0123456789, 0123456789, x y, 0123456789, 012345678)\n"
	    "                                                               ^\n");
	expect_excerpt("h[A] is 0123456789, 0123456789, 0123456789, 0123456789, 0123456789, 0123456789, 0123456789, 0123456789",
	    "h[A] is 0123456789, 0123456789, 012345678...\n     ^\n");
}

static void
depth_and_length_are_limited(void **state)
{
	struct str text = repeated('(', PARSE_DEPTH + 1), line = repeated('#', RULES_LINE_MAX + 1);
	struct checks *c = checks_new();
	struct buf b = {0};
	struct err e = {0};

	(void)state;
	assert_int_equal(checks_add(c, text.s, &e), -1);
	assert_string_equal(e.text, "-e:1:65: more than 64 parentheses and 'not' within each other");
	for (size_t i = 0; i < 70; i++)
		buf_str(&b, STR("not "));
	assert_int_equal(checks_add(c, buf_cstr(&b), &e), -1);
	assert_string_equal(e.text, "-e:2:261: more than 64 parentheses and 'not' within each other");
	assert_int_equal(checks_add(c, line.s, &e), -1);
	assert_string_equal(e.text, "-e:3:8193: this line is longer than 8192 bytes");
	/* parentheses beside each other are no depth; many tests and values are no trouble */
	b.n = 0;
	for (size_t i = 0; i < 100; i++)
		buf_str(&b, STR("(status present) and not h[A] in (a, b, c, d, e) and "));
	buf_str(&b, STR("status == 200"));
	assert_int_equal(checks_add(c, buf_cstr(&b), &e), 0);
	buf_clear(&b);
	checks_free(c);
	free((char *)text.s);
	free((char *)line.s);
}

/* --- files --- */

static const char *
path_of(const char *name)
{
	static char path[200];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void
write_file(const char *name, struct str text)
{
	FILE *f = fopen(path_of(name), "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text.s, 1, text.n, f), text.n);
	assert_int_equal(fclose(f), 0);
}

/* The list of what is in the file, with "DIR" for the folder. */
static void
expect_list(const char *name, const char *want)
{
	struct checks *c = checks_new();
	struct buf b = {0}, text = {0};
	struct err e = {0};

	if (checks_add_file(c, path_of(name), &e) != 0)
		fail_msg("%s", e.text);
	checks_list(c, &b);
	for (size_t i = 0; i < b.n; i++) {
		bool here = b.n - i >= strlen(folder) && memcmp(b.s + i, folder, strlen(folder)) == 0;

		buf_str(&text, here ? STR("DIR") : (struct str){b.s + i, 1});
		i += here ? strlen(folder) - 1 : 0;
	}
	expect_str(str_of(name), buf_view(&text), str_of(want));
	/* it is a check file itself, which says the same but for where checks are */
	write_file("listed.checks", buf_view(&b));
	checks_free(c);
	c = checks_new();
	expect_int(str_of(name), checks_add_file(c, path_of("listed.checks"), &e), 0);
	expect_int(str_of(name), checks_count(c) > 0, true);
	checks_free(c);
	buf_clear(&b);
	buf_clear(&text);
}

static void
expect_file_error(const char *name, enum err_kind kind, const char *want, const char *excerpt)
{
	struct checks *c = checks_new();
	struct str row = str_of(name);
	struct err e = {0};
	const char *at;

	expect_int(row, checks_add_file(c, path_of(name), &e), -1);
	expect_err(row, &e, kind);
	at = strstr(e.text, folder);
	expect_str(row, str_of(at ? at + strlen(folder) : e.text), str_of(want));
	expect_str(row, checks_excerpt(c), str_of(excerpt));
	checks_free(c);
}

static void
file_may_have_bom_crlf_comments_and_no_end(void **state)
{
	(void)state;
	write_file("a.checks", STR("\xef\xbb\xbfstatus == 200\r\n\r\n# no\r\n\t# no\n  h[A] == a#b  # but this\n"
	                           "warn:  x :\n"));
	expect_file_error("a.checks", ERR_INPUT, "/a.checks:6:8: there is no field 'x'; a header field is h[x]",
	    "warn:  x :\n       ^\n");
	write_file("a.checks", STR("\xef\xbb\xbfstatus == 200\r\n\r\n# no\r\n\t# no\n  h[A] == a#b  # but this\n"
	                           "warn:  x: h[B] == \"#\" # \"\nh[C] ~ / # /"));
	expect_list("a.checks", "status == 200  # DIR/a.checks:1\nh[A] == a#b  # DIR/a.checks:5\n"
	                        "warn:  x: h[B] == \"#\"  # DIR/a.checks:6\nh[C] ~ / # /  # DIR/a.checks:7\n");
	write_file("a.checks", STR(""));
	write_file("b.checks", STR("status\n"));
	expect_file_error("b.checks", ERR_INPUT,
	    "/b.checks:1:7: behind a field stands present, absent, == != < <= > >= ~ !~ contains starts ends in or has",
	    "status\n      ^\n");
	write_file("b.checks", STR("\nstatus == 200 \0\n"));
	expect_file_error("b.checks", ERR_INPUT, "/b.checks:2:15: a control byte, which a string has as \\x00",
	    "status == 200 \\x00\n              ^\n");
	expect_file_error("none.checks", ERR_LOCAL, "/none.checks: No such file or directory", "");
	expect_file_error("", ERR_LOCAL, "/: Is a directory", "");
}

static void
sections_say_which_targets_checks_are_for(void **state)
{
	static const struct {
		const char *section, *target, *tag;
		bool wanted;
	} rows[] = {
		{"[*]", "a.test", NULL, true},
		{"[a.test]", "a.test", NULL, true},
		{"[A.test]", "a.TEST", NULL, true},
		{"[a.test]", "b.a.test", NULL, false},
		{"[*.test]", "a.test", NULL, true},
		{"[?.test]", "a.test", NULL, true},
		{"[b.test, a.test]", "a.test", NULL, true},
		{"[ b.test,a.test ] # why", "a.test", NULL, true},
		{"[b.test, c.test]", "a.test", NULL, false},
		/* as typed, or the host of its URL */
		{"[a.test]", "https://A.test:8443/x", NULL, true},
		{"[https://a.test*]", "https://A.test:8443/x", NULL, true},
		{"[a.test/x]", "https://A.test:8443/x", NULL, false},
		{"[2001:db8::1]", "[2001:db8::1]:80", NULL, true},
		{"[[2001:db8::1]:80]", "[2001:db8::1]:80", NULL, true},
		{"[192.0.2.*]", "192.0.2.7", NULL, true},
		/* tags */
		{"[tag=web]", "a.test", "web", true},
		{"[tag=web]", "a.test", "Web", false},
		{"[tag=web]", "a.test", NULL, false},
		{"[tag=*]", "a.test", NULL, false},
		{"[tag=w*]", "a.test", "web", true},
		{"[a.test tag=web]", "a.test", "web", true},
		{"[* tag=web]", "a.test", "mail", false},
		{"[b.test tag=web]", "a.test", "web", false},
		{"[a.*, b.* tag=web]", "b.test", "web", true},
		/* several must all match */
		{"[a.*][*.test]", "a.test", NULL, true},
		{"[a.*] [*.org]", "a.test", NULL, false},
		/* the next one takes its place */
		{"[b.test]\n[a.test]", "a.test", NULL, true},
		{"[a.test]\n[b.test]", "a.test", NULL, false},
		{"[b.test]\n[*]", "a.test", NULL, true},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].section);
		struct checks *c = checks_new();
		struct buf b = {0};
		struct result r;
		struct err e = {0};

		buf_printf(&b, "%s\nstatus == 200\nstatus == 301\n", rows[i].section);
		write_file("s.checks", buf_view(&b));
		if (checks_add_file(c, path_of("s.checks"), &e) != 0)
			fail_msg("%s", e.text);
		result_init(&r, 1, str_of(rows[i].target));
		r.status = 200;
		if (rows[i].tag)
			r.tag = str_of(rows[i].tag);
		assert_int_equal(url_parse(&r.url, r.target, NULL, NULL), 0);
		expect_int(row, checks_judge(c, &r)->n, rows[i].wanted ? 2 : 0);
		result_clear(&r);
		/* and so they are listed */
		b.n = 0;
		checks_list(c, &b);
		write_file("s.checks", buf_view(&b));
		expect_int(row, checks_add_file(c, path_of("s.checks"), &e), 0);
		expect_int(row, checks_count(c), 4);
		buf_clear(&b);
		checks_free(c);
	}
}

static void
section_that_makes_no_sense_is_refused(void **state)
{
	static const struct {
		const char *section, *why;
	} rows[] = {
		{"[]", "/e.checks:1:2: a name of targets is missing, as in [www.*]; '*' is all of them"},
		{"[a,]", "/e.checks:1:4: a name of targets is missing, as in [www.*]; '*' is all of them"},
		{"[a b]", "/e.checks:1:4: a ']' is missing"},
		{"[a", "/e.checks:1:3: a ']' is missing"},
		{"[a[b ]", "/e.checks:1:5: a ']' is missing"},
		{"[a tag=[]", "/e.checks:1:10: a ']' is missing"},
		{"[a tag=]", "/e.checks:1:8: a word is missing behind tag="},
		{"[tag=a b]", "/e.checks:1:8: a ']' is missing"},
		{"[a tag=b, c]", "/e.checks:1:9: a ']' is missing"},
		{"[a] status == 200", "/e.checks:1:5: a check stands on a line of its own, below the section"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct checks *c = checks_new();
		struct err e = {0};

		write_file("e.checks", str_of(rows[i].section));
		assert_int_equal(checks_add_file(c, path_of("e.checks"), &e), -1);
		expect_err(str_of(rows[i].section), &e, ERR_INPUT);
		expect_str(str_of(rows[i].section), str_of(e.text + strlen(folder)), str_of(rows[i].why));
		checks_free(c);
	}
}

static void
files_include_files_and_presets(void **state)
{
	char sub[200];

	(void)state;
	snprintf(sub, sizeof sub, "%s", path_of("sub"));
	assert_int_equal(mkdir(sub, 0700), 0);
	write_file("main.checks", STR("status == 1\n[a.*]\n@sub/one.checks # why\nstatus == 2\n[*]\n@hsts\nstatus == 3\n"));
	write_file("sub/one.checks", STR("status == 11\n[*.test]\nstatus == 12\n@./two\n"));
	write_file("sub/two", STR("status == 21\n[tag=x]\nstatus == 22\n"));
	write_file("hsts.checks", STR("h: status == 31\n"));
	expect_list("main.checks", "status == 1  # DIR/main.checks:1\n[a.*]\nstatus == 11  # DIR/sub/one.checks:1\n"
	                           "[*.test][a.*]\nstatus == 12  # DIR/sub/one.checks:3\n"
	                           "status == 21  # DIR/sub/two:1\n"
	                           "[tag=x][*.test][a.*]\nstatus == 22  # DIR/sub/two:3\n"
	                           "[a.*]\nstatus == 2  # DIR/main.checks:4\n"
	                           "[*]\nh: status == 31  # hsts.checks:1\nstatus == 3  # DIR/main.checks:7\n");
	/* what is wrong below is told once, with its own place */
	write_file("sub/two", STR("\nstatus 21\n"));
	expect_file_error("main.checks", ERR_INPUT,
	    "/sub/two:2:8: behind a field stands present, absent, == != < <= > >= ~ !~ contains starts ends in or has",
	    "status 21\n       ^\n");
	unlink(path_of("sub/two"));
	{
		struct checks *c = checks_new();
		struct err e = {0};

		assert_int_equal(checks_add_file(c, path_of("main.checks"), &e), -1);
		expect_err(STR("no sub/two"), &e, ERR_LOCAL);
		assert_non_null(strstr(e.text, "/sub/one.checks:4:2: cannot read "));
		assert_int_equal(checks_excerpt(c).n, 0);
		checks_free(c);
	}
	write_file("loop.checks", STR("status == 1\n@./loop.checks\n"));
	expect_file_error("loop.checks", ERR_INPUT, "/loop.checks:2:2: this file includes itself", "@./loop.checks\n ^\n");
	unlink(path_of("sub/one.checks"));
	rmdir(path_of("sub"));
}

static void
files_within_each_other_are_limited(void **state)
{
	struct checks *c = checks_new();
	struct err e = {0};
	char name[40], text[40];

	(void)state;
	for (int i = 0; i <= 17; i++) {
		snprintf(name, sizeof name, "deep%d.checks", i);
		snprintf(text, sizeof text, "@deep%d.checks\n", i + 1);
		write_file(name, i == 17 ? STR("status == 200\n") : str_of(text));
	}
	assert_int_equal(checks_add_file(c, path_of("deep1.checks"), &e), 0);
	assert_int_equal(checks_count(c), 1);
	assert_int_equal(checks_add_file(c, path_of("deep0.checks"), &e), -1);
	assert_non_null(strstr(e.text, "deep16.checks:1:2: more than 16 files within each other"));
	checks_free(c);
}

static void
presets_come_with_the_program(void **state)
{
	struct checks *c = checks_new();
	struct err e = {0};
	struct buf b = {0};

	(void)state;
	write_file("hsts.checks", STR("status == 200\n"));
	assert_int_equal(checks_add_preset(c, "hsts", &e), 0);
	assert_int_equal(checks_add(c, "@hsts", &e), 0);
	assert_int_equal(checks_count(c), 2);
	checks_list(c, &b);
	expect_str(STR("list"), buf_view(&b), STR("status == 200  # hsts.checks:1\nstatus == 200  # hsts.checks:1\n"));
	assert_int_equal(checks_add_preset(c, "Hsts", &e), -1);
	expect_err(STR("Hsts"), &e, ERR_INPUT);
	assert_string_equal(e.text, "there is no preset 'Hsts'; those that come with awget are owasp, hsts, cookies, leak and cache");
	assert_int_equal(checks_add_preset(c, "", &e), -1);
	assert_int_equal(checks_add_preset(c, "../hsts", &e), -1);
	expect_err(STR("../hsts"), &e, ERR_INPUT);
	assert_int_equal(checks_excerpt(c).n, 0);
	write_file("hsts.checks", STR("status\n"));
	assert_int_equal(checks_add_preset(c, "hsts", &e), -1);
	assert_string_equal(e.text,
	    "hsts.checks:1:7: behind a field stands present, absent, == != < <= > >= ~ !~ contains starts ends in or has");
	buf_clear(&b);
	checks_free(c);
}

static int
make_folder(void **state)
{
	static char data[sizeof folder + 1];

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(data, sizeof data, "%s/", folder);
	linked_data = data;
	return 0;
}

static int
remove_folder(void **state)
{
	static const char *const names[] = {"a", "b", "e", "s", "listed", "main", "hsts", "loop"};
	char name[40];

	(void)state;
	for (size_t i = 0; i < ROWS(names); i++) {
		snprintf(name, sizeof name, "%s.checks", names[i]);
		unlink(path_of(name));
	}
	for (int i = 0; i <= 17; i++) {
		snprintf(name, sizeof name, "deep%d.checks", i);
		unlink(path_of(name));
	}
	return rmdir(folder);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(error_has_a_place_and_says_what_is_wanted),
		cmocka_unit_test(excerpt_has_the_caret_below_the_place),
		cmocka_unit_test(depth_and_length_are_limited),
		cmocka_unit_test(file_may_have_bom_crlf_comments_and_no_end),
		cmocka_unit_test(sections_say_which_targets_checks_are_for),
		cmocka_unit_test(section_that_makes_no_sense_is_refused),
		cmocka_unit_test(files_include_files_and_presets),
		cmocka_unit_test(files_within_each_other_are_limited),
		cmocka_unit_test(presets_come_with_the_program),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
