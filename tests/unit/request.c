/* tests/unit/request.c: the text of a request, and what -H, -X and -A may change of it. */
#include "http/request.h"

#include "helper.h"

/* The request for target is want, every "$" in it standing for the CR LF of a line. */
static void
expect_request(const struct request *r, const char *target, const char *want)
{
	struct buf got = {0}, text = {0};
	struct url u;

	assert_int_equal(url_parse(&u, str_of(target), NULL, NULL), 0);
	for (; *want; want++)
		buf_str(&text, *want == '$' ? STR("\r\n") : (struct str){want, 1});
	buf_str(&got, STR("before"));
	request_write(&got, r, &u, &(struct request_hop){0});
	expect_str(str_of(target), (struct str){got.s, 6}, STR("before"));
	expect_str(str_of(target), (struct str){got.s + 6, got.n - 6}, buf_view(&text));
	url_clear(&u);
	buf_clear(&got);
	buf_clear(&text);
}

/* As expect_request for h/, after these -H lines (up to four). */
static void
expect_lines(const char *const lines[4], const char *want)
{
	struct request r = {0};

	for (size_t i = 0; i < 4 && lines[i]; i++)
		expect_int(str_of(lines[i]), request_add_line(&r, guarded_cstr(str_of(lines[i])), NULL), 0);
	expect_request(&r, "h/", want);
	request_clear(&r);
}

static void
plain_request_has_host_and_agent(void **state)
{
	static const struct request r;

	(void)state;
	expect_request(&r, "example.org", "GET / HTTP/1.0$Host: example.org$User-Agent: awget/" VERSION "$$");
	expect_request(&r, "http://h:8080/a?b#c", "GET /a?b HTTP/1.0$Host: h:8080$User-Agent: awget/" VERSION "$$");
	expect_request(&r, "h:80?x", "GET /?x HTTP/1.0$Host: h$User-Agent: awget/" VERSION "$$");
	expect_request(&r, "::1", "GET / HTTP/1.0$Host: [::1]$User-Agent: awget/" VERSION "$$");
	expect_request(&r, "[fe80::1%25lo]:1", "GET / HTTP/1.0$Host: [fe80::1]:1$User-Agent: awget/" VERSION "$$");
}

static void
method_and_agent_can_be_set(void **state)
{
	struct request r = {0};

	(void)state;
	assert_int_equal(request_set_method(&r, "HEAD", NULL), 0);
	assert_int_equal(request_set_agent(&r, "me/1 (\xc3\xbc, x)", NULL), 0);
	expect_request(&r, "h", "HEAD / HTTP/1.0$Host: h$User-Agent: me/1 (\xc3\xbc, x)$$");
	request_clear(&r);
	expect_request(&r, "h", "GET / HTTP/1.0$Host: h$User-Agent: awget/" VERSION "$$");
}

static void
empty_agent_sends_none(void **state)
{
	struct request r = {0};

	(void)state;
	assert_int_equal(request_set_agent(&r, "", NULL), 0);
	expect_request(&r, "h", "GET / HTTP/1.0$Host: h$$");
}

static void
method_that_is_no_token_is_refused(void **state)
{
	static const char *const methods[] = {"", "GET ", "G T", "GET\r\nX: y", "G/T", "G\xc9T", "(", "a:b"};

	(void)state;
	for (size_t i = 0; i < ROWS(methods); i++) {
		struct request r = {0};
		struct err e = {0};

		expect_int(str_of(methods[i]), request_set_method(&r, methods[i], &e), -1);
		expect_err(str_of(methods[i]), &e, ERR_INPUT);
		assert_null(r.method);
	}
}

static void
agent_with_control_bytes_is_refused(void **state)
{
	static const char *const agents[] = {"a\r\nX: y", "a\nb", "a\rb", "\x1b[31m", "a\x7f"};

	(void)state;
	for (size_t i = 0; i < ROWS(agents); i++) {
		struct request r = {0};
		struct err e = {0};

		expect_int(str_of(agents[i]), request_set_agent(&r, agents[i], &e), -1);
		expect_err(str_of(agents[i]), &e, ERR_INPUT);
		assert_null(r.agent);
	}
}

static void
lines_are_added_as_given_and_in_order(void **state)
{
	(void)state;
	expect_lines((const char *const[4]){"Accept: a/b", "X-A:1", "Accept:  c/d ", "X: y;z:"},
	    "GET / HTTP/1.0$Host: h$User-Agent: awget/" VERSION "$Accept: a/b$X-A:1$Accept:  c/d $X: y;z:$$");
	expect_lines((const char *const[4]){"X: a\tb", "Y: \xc3\xbc\xff"},
	    "GET / HTTP/1.0$Host: h$User-Agent: awget/" VERSION "$X: a\tb$Y: \xc3\xbc\xff$$");
}

static void
semicolon_sends_a_field_empty(void **state)
{
	(void)state;
	expect_lines((const char *const[4]){"X-Empty;", "Y; \t"},
	    "GET / HTTP/1.0$Host: h$User-Agent: awget/" VERSION "$X-Empty:$Y:$$");
	expect_lines((const char *const[4]){"user-agent;"}, "GET / HTTP/1.0$Host: h$user-agent:$$");
	expect_lines((const char *const[4]){"Host;"}, "GET / HTTP/1.0$User-Agent: awget/" VERSION "$Host:$$");
}

static void
host_and_agent_of_the_user_replace_ours(void **state)
{
	(void)state;
	expect_lines((const char *const[4]){"Host: other"},
	    "GET / HTTP/1.0$User-Agent: awget/" VERSION "$Host: other$$");
	expect_lines((const char *const[4]){"HOST: a", "host: b"},
	    "GET / HTTP/1.0$User-Agent: awget/" VERSION "$HOST: a$host: b$$");
	expect_lines((const char *const[4]){"User-Agent: me"}, "GET / HTTP/1.0$Host: h$User-Agent: me$$");
	expect_lines((const char *const[4]){"user-agent: a", "X: y"}, "GET / HTTP/1.0$Host: h$user-agent: a$X: y$$");
	expect_lines((const char *const[4]){"Hosts: x"},
	    "GET / HTTP/1.0$Host: h$User-Agent: awget/" VERSION "$Hosts: x$$");
}

static void
name_with_colon_alone_drops_our_field(void **state)
{
	(void)state;
	expect_lines((const char *const[4]){"Host:"}, "GET / HTTP/1.0$User-Agent: awget/" VERSION "$$");
	expect_lines((const char *const[4]){"user-agent: \t"}, "GET / HTTP/1.0$Host: h$$");
	expect_lines((const char *const[4]){"Host:", "User-Agent:", "Accept:"}, "GET / HTTP/1.0$$");
	expect_lines((const char *const[4]){"Host:", "Host: x"},
	    "GET / HTTP/1.0$User-Agent: awget/" VERSION "$Host: x$$");
}

static void
what_is_no_field_line_is_refused(void **state)
{
	static const char *const rows[] = {
		"", ":", ": v", ";", "no colon", "X", "X y: z", "X : y", " X: y", "\tX: y", "X;y", "X;y: z", "X(y): z",
		"X: a\r\nY: b", "X: a\nb", "X: a\rb", "X\n: y", "X: \x1b[31m", "X: \x7f", "X:\x01", "\xc3\xbc: x",
		"X: a\r\n",
		"X;\r", "@file:", "\"X\": y", "[X]: y", "X\t: y", "X,Y: z",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: x",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = {0};
		struct err e = {0};

		expect_int(str_of(rows[i]), request_add_line(&r, guarded_cstr(str_of(rows[i])), &e), -1);
		expect_err(str_of(rows[i]), &e, ERR_INPUT);
		expect_int(str_of(rows[i]), (long long)r.lines.n, 0);
		expect_int(str_of(rows[i]), r.no_host || r.no_agent, false);
	}
}

static void
every_prefix_of_a_line_is_read_within_its_bounds(void **state)
{
	static const char *const rows[] = {"User-Agent: something", "X-Empty; ", "Host:  ", "a b: c"};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		for (size_t n = 0; n <= strlen(rows[i]); n++) {
			struct request r = {0};
			struct err e = {0};

			if (request_add_line(&r, guarded_cstr((struct str){rows[i], n}), &e) != 0)
				expect_err(str_of(rows[i]), &e, ERR_INPUT);
			request_clear(&r);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_request_has_host_and_agent),
		cmocka_unit_test(method_and_agent_can_be_set),
		cmocka_unit_test(empty_agent_sends_none),
		cmocka_unit_test(method_that_is_no_token_is_refused),
		cmocka_unit_test(agent_with_control_bytes_is_refused),
		cmocka_unit_test(lines_are_added_as_given_and_in_order),
		cmocka_unit_test(semicolon_sends_a_field_empty),
		cmocka_unit_test(host_and_agent_of_the_user_replace_ours),
		cmocka_unit_test(name_with_colon_alone_drops_our_field),
		cmocka_unit_test(what_is_no_field_line_is_refused),
		cmocka_unit_test(every_prefix_of_a_line_is_read_within_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
