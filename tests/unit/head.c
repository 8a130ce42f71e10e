/* tests/unit/head.c: status lines, field lines and request lines, as they should be and as they come. */
#include "http/head.h"

#include "helper.h"

static void
status_line_gives_version_code_and_reason(void **state)
{
	static const struct {
		struct str in;
		int minor, code;
		struct str reason;
	} rows[] = {
		{STR("HTTP/1.1 200 OK"), 1, 200, STR("OK")},
		{STR("HTTP/1.0 404 Not Found"), 0, 404, STR("Not Found")},
		{STR("HTTP/1.9 999 x"), 9, 999, STR("x")},
		{STR("HTTP/1.1 100 Continue"), 1, 100, STR("Continue")},
		{STR("HTTP/1.1 200"), 1, 200, STR("")},
		{STR("HTTP/1.1 200 "), 1, 200, STR("")},
		{STR("HTTP/1.1 200  "), 1, 200, STR(" ")},
		{STR("HTTP/1.1 200  OK "), 1, 200, STR(" OK ")},
		{STR("HTTP/1.1 200 \t"), 1, 200, STR("\t")},
		{STR("HTTP/1.1 200 a\0b\rc"), 1, 200, STR("a\0b\rc")},
		{STR("HTTP/1.1 200 d\xe9j\xc3\xa0"), 1, 200, STR("d\xe9j\xc3\xa0")},
		{STR("HTTP/1.1 200 HTTP/1.1 500"), 1, 200, STR("HTTP/1.1 500")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str in = guarded(rows[i].in);
		struct head_status s;

		expect_int(in, head_status(in, &s, NULL), 0);
		expect_int(in, s.minor, rows[i].minor);
		expect_int(in, s.code, rows[i].code);
		expect_str(in, s.reason, rows[i].reason);
		assert_true(s.reason.s >= in.s && s.reason.s + s.reason.n == in.s + in.n);
	}
}

static void
malformed_status_line_is_refused(void **state)
{
	static const struct str rows[] = {
		STR("HTTP/1.1"), STR("HTTP/1.1 "), STR("HTTP/1.1 2"), STR("HTTP/1.1 20"), STR("HTTP/1.1 20 OK"),
		STR("HTTP/1.1 2000 OK"), STR("HTTP/1.1 2000"), STR("HTTP/1.1 099 x"), STR("HTTP/1.1 000 x"),
		STR("HTTP/1.1 -20 x"), STR("HTTP/1.1 +20 x"), STR("HTTP/1.1 2O0 OK"), STR("HTTP/1.1 200OK"),
		STR("HTTP/1.1 200\tOK"), STR("HTTP/1.1\t200 OK"), STR("HTTP/1.1  200 OK"), STR("HTTP/1.1 200\r"),
		STR("HTTP/1.1200 OK"), STR("HTTP/2 200"), STR("HTTP/2.0 200 OK"), STR("HTTP/3.1 200 OK"),
		STR("HTTP/0.9 200 OK"),
		STR("HTTP/1 200 OK"), STR("HTTP/1. 200 OK"), STR("HTTP/1.10 200 OK"), STR("HTTP/01.1 200 OK"),
		STR("HTTP/1.x 200 OK"), STR("HTTP/1,1 200 OK"), STR("HTTP/ 1.1 200 OK"), STR("HTTP/1.1 0x1 OK"),
		STR("HTTP/1.1 \xd9\xa2\xd9\xa0"),
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct head_status s;
		struct err e = {0};

		expect_int(rows[i], head_status(guarded(rows[i]), &s, &e), -1);
		expect_err(rows[i], &e, ERR_NOT_HTTP);
		expect_int(rows[i], strstr(e.text, "malformed status line: \"HTTP/") != NULL, true);
	}
}

static void
other_protocols_are_shown_and_refused(void **state)
{
	static const struct {
		struct str in;
		const char *text;
	} rows[] = {
		{STR(""), "not an HTTP response: an empty line"},
		{STR("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"),
			"not an HTTP response: \"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\""},
		{STR("ICY 200 OK"), "not an HTTP response: \"ICY 200 OK\""},
		{STR("http/1.1 200 OK"), "not an HTTP response: \"http/1.1 200 OK\""},
		{STR(" HTTP/1.1 200 OK"), "not an HTTP response: \" HTTP/1.1 200 OK\""},
		{STR("\xef\xbb\xbfHTTP/1.1 200 OK"), "not an HTTP response: \"\xef\xbb\xbfHTTP/1.1 200 OK\""},
		{STR("HTTP"), "not an HTTP response: \"HTTP\""},
		{STR("RTSP/1.0 200 OK"), "not an HTTP response: \"RTSP/1.0 200 OK\""},
		{STR("220 mail.example ESMTP"), "not an HTTP response: \"220 mail.example ESMTP\""},
		{STR("<html><head><title>It works, in the old way of HTTP/0.9</title>"),
			"not an HTTP response: \"<html><head><title>It works, in the old ...\""},
		{STR("\x15\x03\x01\0\x02\x02\x28"), "not an HTTP response: \"\\x15\\x03\\x01\\x00\\x02\\x02(\""},
		{STR("\0\0\x06\x04\0\0\0\0\0\0\x03" "d"),
			"not an HTTP response: \"\\x00\\x00\\x06\\x04\\x00\\x00\\x00\\x00\\x00\\x00\\x03d\""},
		{STR("\x1b]0;owned\x07\xc2\x9b\x9b"), "not an HTTP response: \"\\x1b]0;owned\\x07\\xc2\\x9b\\x9b\""},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct head_status s;
		struct err e = {0};

		expect_int(rows[i].in, head_status(guarded(rows[i].in), &s, &e), -1);
		expect_err(rows[i].in, &e, ERR_NOT_HTTP);
		expect_str(rows[i].in, str_of(e.text), str_of(rows[i].text));
	}
}

static void
message_is_bounded_and_cuts_no_character(void **state)
{
	static const char *const units[] = {
		"a", "\x01", "\xff", "\x80", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x99\x82",
	};
	struct buf line = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(units); i++) {
		for (size_t lead = 0; lead < 4; lead++) {
			struct head_status s;
			struct err e = {0};
			struct str text;

			line.n = 0;
			for (size_t k = 0; k < lead; k++)
				buf_byte(&line, 'x');
			while (line.n < 1000)
				buf_str(&line, str_of(units[i]));
			assert_int_equal(head_status(guarded(buf_view(&line)), &s, &e), -1);
			text = str_of(e.text);
			expect_err(buf_view(&line), &e, ERR_NOT_HTTP);
			assert_true(text.n < sizeof e.text - 1);
			expect_str(text, (struct str){text.s + text.n - 4, 4}, STR("...\""));
			/* valid characters are shown as they are */
			if (text_is_utf8(str_of(units[i])) && units[i][0] != 1)
				assert_null(strchr(e.text, '\\'));
		}
	}
	buf_clear(&line);
}

static void
field_line_is_name_and_value(void **state)
{
	static const struct {
		struct str in;
		enum head_kind kind;
		struct str name, value;
	} rows[] = {
		{STR("Server: nginx"), HEAD_FIELD, STR("Server"), STR("nginx")},
		{STR("server:nginx"), HEAD_FIELD, STR("server"), STR("nginx")},
		{STR("Date:  \t Tue, 1 \t "), HEAD_FIELD, STR("Date"), STR("Tue, 1")},
		{STR("Location: http://h:80/"), HEAD_FIELD, STR("Location"), STR("http://h:80/")},
		{STR("X-Empty:"), HEAD_FIELD, STR("X-Empty"), STR("")},
		{STR("X-Empty: \t"), HEAD_FIELD, STR("X-Empty"), STR("")},
		{STR("Name : v"), HEAD_FIELD, STR("Name"), STR("v")},
		{STR("Two words\t: v"), HEAD_FIELD, STR("Two words"), STR("v")},
		{STR("A::b"), HEAD_FIELD, STR("A"), STR(":b")},
		{STR("X: a\0b"), HEAD_FIELD, STR("X"), STR("a\0b")},
		{STR("X: a\rY: b"), HEAD_FIELD, STR("X"), STR("a\rY: b")},
		{STR("X\0: v"), HEAD_FIELD, STR("X\0"), STR("v")},
		{STR("X: \xe9\x80"), HEAD_FIELD, STR("X"), STR("\xe9\x80")},
		{STR(" more"), HEAD_FOLD, STR(""), STR("more")},
		{STR("\tmore: of it "), HEAD_FOLD, STR(""), STR("more: of it")},
		{STR(" "), HEAD_FOLD, STR(""), STR("")},
		{STR(" \t "), HEAD_FOLD, STR(""), STR("")},
		{STR("no colon "), HEAD_OTHER, STR(""), STR("no colon ")},
		{STR(": no name"), HEAD_OTHER, STR(""), STR(": no name")},
		{STR(":"), HEAD_OTHER, STR(""), STR(":")},
		{STR("\r"), HEAD_OTHER, STR(""), STR("\r")},
		{STR("\0"), HEAD_OTHER, STR(""), STR("\0")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str in = guarded(rows[i].in), name, value;

		expect_int(in, head_field(in, &name, &value), rows[i].kind);
		expect_str(in, name, rows[i].name);
		expect_str(in, value, rows[i].value);
		assert_true(value.s >= in.s && value.s + value.n <= in.s + in.n);
	}
}

static void
request_line_is_method_target_and_version(void **state)
{
	static const struct {
		struct str in, method, target;
		int minor;
	} rows[] = {
		{STR("GET / HTTP/1.0"), STR("GET"), STR("/"), 0},
		{STR("HEAD /a?b HTTP/1.1"), STR("HEAD"), STR("/a?b"), 1},
		{STR("M-SEARCH * HTTP/1.1"), STR("M-SEARCH"), STR("*"), 1},
		{STR("get http://h/ HTTP/1.9"), STR("get"), STR("http://h/"), 9},
		{STR("GET /\xc3\xbc HTTP/1.0"), STR("GET"), STR("/\xc3\xbc"), 0},
		{STR("GET /"), STR("GET"), STR("/"), -1},
		{STR("GET HTTP/1.0"), STR("GET"), STR("HTTP/1.0"), -1},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str in = guarded(rows[i].in);
		struct head_request r;

		expect_int(in, head_request(in, &r, NULL), 0);
		expect_str(in, r.method, rows[i].method);
		expect_str(in, r.target, rows[i].target);
		expect_int(in, r.minor, rows[i].minor);
	}
}

static void
malformed_request_line_is_refused(void **state)
{
	static const struct str rows[] = {
		STR(""), STR("GET"), STR("GET "), STR("GET  "), STR(" / HTTP/1.0"), STR("GET  / HTTP/1.0"),
		STR("GET /  HTTP/1.0"), STR("GET / HTTP/1.0 "), STR("GET / HTTP/2.0"), STR("GET / HTTP/1"),
		STR("GET / http/1.0"),
		STR("GET / HTTP/1.0\r"), STR("GET / HTTP/1.x"), STR("GET / HTTP/1.00"), STR("G(T / HTTP/1.0"),
		STR("GET\t/ HTTP/1.0"), STR("GET /\t HTTP/1.0"), STR("GET /\0 HTTP/1.0"), STR("GET /\x7f HTTP/1.0"),
		STR("GET /a b HTTP/1.0"), STR("GET / "), STR("G\xc9T / HTTP/1.0"), STR("\x16\x03\x01\x02"),
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct head_request r;
		struct err e = {0};

		expect_int(rows[i], head_request(guarded(rows[i]), &r, &e), -1);
		expect_err(rows[i], &e, ERR_NOT_HTTP);
		expect_int(rows[i], strstr(e.text, "malformed request line") != NULL, true);
	}
}

static void
token_is_of_the_bytes_of_rfc_9110(void **state)
{
	static const char all[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	(void)state;
	assert_false(head_is_token(STR("")));
	assert_true(head_is_token(guarded(STR(all))));
	for (int c = 0; c < 256; c++) {
		char bytes[2] = {'a', (char)c};
		struct str two = {bytes, 2};

		expect_int(two, head_is_token(guarded(two)), c && strchr(all, c) != NULL);
	}
}

static void
every_prefix_of_a_line_is_read_within_its_bounds(void **state)
{
	static const char *const rows[] = {
		"HTTP/1.1 200 OK", "Content-Type : text/html; charset=utf-8 ", " \tfold", "POST /a/b?c HTTP/1.1",
		"\xf0\x9f\x99\x82 \xe2\x82\xac \xc3\xa9 and so on until no more is shown: \xf0\x9f\x99\x82",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		for (size_t n = 0; n <= strlen(rows[i]); n++) {
			struct str in = guarded((struct str){rows[i], n}), name, value;
			struct head_request r;
			struct head_status s;
			struct err e = {0};

			if (head_status(in, &s, &e) != 0)
				expect_err(in, &e, ERR_NOT_HTTP);
			if (head_request(in, &r, &e) != 0)
				expect_err(in, &e, ERR_NOT_HTTP);
			if (n)
				head_field(in, &name, &value);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_line_gives_version_code_and_reason),
		cmocka_unit_test(malformed_status_line_is_refused),
		cmocka_unit_test(other_protocols_are_shown_and_refused),
		cmocka_unit_test(message_is_bounded_and_cuts_no_character),
		cmocka_unit_test(field_line_is_name_and_value),
		cmocka_unit_test(request_line_is_method_target_and_version),
		cmocka_unit_test(malformed_request_line_is_refused),
		cmocka_unit_test(token_is_of_the_bytes_of_rfc_9110),
		cmocka_unit_test(every_prefix_of_a_line_is_read_within_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
