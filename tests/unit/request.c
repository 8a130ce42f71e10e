/* tests/unit/request.c: the text of a request, and what -H, -X and -A may change of it. */
#include "http/request.h"

#include "helper.h"

/* The request for target is want, every "$" in it standing for the CR LF of a line. */
static void
expect_hop(const struct request *r, const char *target, const struct request_hop *hop, const char *want)
{
	struct buf got = {0}, text = {0};
	struct url u;

	assert_int_equal(url_parse(&u, str_of(target), NULL, NULL), 0);
	for (; *want; want++)
		buf_str(&text, *want == '$' ? STR("\r\n") : (struct str){want, 1});
	buf_str(&got, STR("before"));
	request_write(&got, r, &u, hop);
	expect_str(str_of(target), (struct str){got.s, 6}, STR("before"));
	expect_str(str_of(target), (struct str){got.s + 6, got.n - 6}, buf_view(&text));
	url_clear(&u);
	buf_clear(&got);
	buf_clear(&text);
}

static void
expect_request(const struct request *r, const char *target, const char *want)
{
	expect_hop(r, target, &(struct request_hop){0}, want);
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

static void
http_1_1_asks_for_the_connection_to_be_closed(void **state)
{
	struct request r = {.minor = 1, .agent = ""};

	(void)state;
	expect_request(&r, "h", "GET / HTTP/1.1$Host: h$Connection: close$$");
	assert_int_equal(request_add_line(&r, "connection: upgrade", NULL), 0);
	expect_request(&r, "h", "GET / HTTP/1.1$Host: h$connection: upgrade$$");
	request_clear(&r);
	r = (struct request){.minor = 1, .agent = ""};
	assert_int_equal(request_add_line(&r, "Connection:", NULL), 0);
	expect_request(&r, "h", "GET / HTTP/1.1$Host: h$$");
	request_clear(&r);
}

static void
user_and_password_are_sent_by_the_basic_scheme(void **state)
{
	static const struct {
		const char *user, *sent;
	} rows[] = {
		{"me:secret", "bWU6c2VjcmV0"}, {"me", "bWU6"}, {"me:", "bWU6"}, {":", "Og=="}, {"a:b:c", "YTpiOmM="},
		{"\xc3\xbc:\xff", "w7w6/w=="},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = {.agent = ""};
		struct buf want = {0};

		assert_int_equal(request_set_user(&r, "first:one", NULL), 0);
		assert_int_equal(request_set_user(&r, guarded_cstr(str_of(rows[i].user)), NULL), 0);
		buf_printf(&want, "GET / HTTP/1.0$Host: h$Authorization: Basic %s$$", rows[i].sent);
		expect_request(&r, "h", buf_cstr(&want));
		/* a line of the user's own goes first, and one can drop it */
		assert_int_equal(request_add_line(&r, "AUTHORIZATION: other", NULL), 0);
		expect_request(&r, "h", "GET / HTTP/1.0$Host: h$AUTHORIZATION: other$$");
		request_clear(&r);
		buf_clear(&want);
	}
}

static void
user_with_control_bytes_is_refused_without_showing_it(void **state)
{
	static const char *const rows[] = {"me:sec\nret", "me\r:secret", "\x1bme:secret", "me:secret\x7f"};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = {0};
		struct err e = {0};

		expect_int(str_of(rows[i]), request_set_user(&r, rows[i], &e), -1);
		expect_err(str_of(rows[i]), &e, ERR_INPUT);
		assert_null(strstr(e.text, "sec"));
		assert_int_equal(r.auth.n, 0);
	}
}

static void
proxy_is_asked_for_the_whole_url(void **state)
{
	static const struct request r = {.agent = ""};
	static const struct request_hop plain = {.proxied = true}, known = {.proxied = true, .proxy_auth = "Basic eA=="};

	(void)state;
	expect_hop(&r, "h", &plain, "GET http://h/ HTTP/1.0$Host: h$$");
	expect_hop(&r, "h:8080/a?b#c", &plain, "GET http://h:8080/a?b HTTP/1.0$Host: h:8080$$");
	expect_hop(&r, "[2001:db8::1]:81", &known,
		"GET http://[2001:db8::1]:81/ HTTP/1.0$Host: [2001:db8::1]:81$Proxy-Authorization: Basic eA==$$");
}

static void
foreign_origin_learns_no_secret(void **state)
{
	static const char *const lines[] = {"A: 1", "authorization: secret", "Cookie: secret", "HOST: mine", "B: Cookie: 2",
		"Proxy-Authorization: secret", "Cookie2: secret", "Cookies: 3", "Cookie;", "C;"};
	static const struct request_hop foreign = {.foreign = true};
	static const struct request_hop proxied = {.foreign = true, .proxied = true, .proxy_auth = "Basic eA=="};
	struct request r = {.agent = ""};

	(void)state;
	assert_int_equal(request_set_user(&r, "me:secret", NULL), 0);
	expect_hop(&r, "h", &foreign, "GET / HTTP/1.0$Host: h$$");
	for (size_t i = 0; i < ROWS(lines); i++)
		assert_int_equal(request_add_line(&r, lines[i], NULL), 0);
	expect_hop(&r, "h", &foreign, "GET / HTTP/1.0$Host: h$A: 1$B: Cookie: 2$Cookies: 3$C:$$");
	expect_hop(&r, "h", &proxied,
		"GET http://h/ HTTP/1.0$Host: h$Proxy-Authorization: Basic eA==$A: 1$B: Cookie: 2$Cookies: 3$C:$$");
	expect_request(&r, "h", "GET / HTTP/1.0$A: 1$authorization: secret$Cookie: secret$HOST: mine$B: Cookie: 2$"
		"Proxy-Authorization: secret$Cookie2: secret$Cookies: 3$Cookie:$C:$$");
	request_clear(&r);
}

static void
method_of_the_hop_goes_before_the_user_s(void **state)
{
	struct request r = {.agent = "", .method = "POST"};

	(void)state;
	expect_hop(&r, "h", &(struct request_hop){.method = "GET"}, "GET / HTTP/1.0$Host: h$$");
	expect_hop(&r, "h", &(struct request_hop){0}, "POST / HTTP/1.0$Host: h$$");
}

/* Room is made beforehand, and written without looking: the sanitizer looks. */
static void
there_is_room_for_the_longest_of_everything(void **state)
{
	static const size_t lengths[] = {1, 50, 500, 5000};

	(void)state;
	for (size_t i = 0; i < ROWS(lengths); i++) {
		struct str x = repeated('x', lengths[i]);
		struct str label = repeated('h', 63);
		struct request r = {.minor = 1, .method = x.s, .agent = x.s};
		struct request_hop hop = {.proxied = true, .proxy_auth = x.s};
		struct buf target = {0}, line = {0}, got = {0};
		struct url u;

		buf_printf(&target, "http://%s.%s.%s.%.61s:65535/%s", label.s, label.s, label.s, label.s, x.s);
		buf_printf(&line, "X: %s", x.s);
		assert_int_equal(url_parse(&u, buf_view(&target), NULL, NULL), 0);
		assert_int_equal(request_set_user(&r, x.s, NULL), 0);
		assert_int_equal(request_add_line(&r, buf_cstr(&line), NULL), 0);
		request_write(&got, &r, &u, &hop);
		assert_true(got.n <= got.cap && got.n > 5 * lengths[i] + 2 * 253);
		got.n = 0;
		hop.foreign = true;
		request_write(&got, &r, &u, &hop);
		assert_true(str_eq((struct str){got.s + got.n - 4, 4}, STR("\r\n\r\n")));
		url_clear(&u);
		request_clear(&r);
		buf_clear(&target);
		buf_clear(&line);
		buf_clear(&got);
		free((char *)x.s);
		free((char *)label.s);
	}
}

/* request_add_file's result for a file of this text. */
static int
add_text(struct request *r, struct str text, struct err *e)
{
	char path[] = "/tmp/awget-request-XXXXXX";
	int fd = mkstemp(path), rc;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.s, text.n), (ssize_t)text.n);
	close(fd);
	rc = request_add_file(r, path, e);
	unlink(path);
	return rc;
}

static void
lines_come_from_a_file(void **state)
{
	static const struct {
		struct str text;
		const char *want;
	} rows[] = {
		{STR(""), "Host: h$"},
		{STR("\n\r\n\n"), "Host: h$"},
		{STR("A: 1\nB: 2\n"), "Host: h$A: 1$B: 2$"},
		{STR("A: 1\r\n\r\nB: 2\r\n"), "Host: h$A: 1$B: 2$"},
		{STR("A: 1\n\nB: 2"), "Host: h$A: 1$B: 2$"},
		{STR("A: 1\r"), "Host: h$A: 1$"},
		{STR("Host:\nA;\n"), "A:$"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = {.agent = ""};
		struct buf want = {0};

		expect_int(rows[i].text, add_text(&r, rows[i].text, NULL), 0);
		buf_printf(&want, "GET / HTTP/1.0$%s$", rows[i].want);
		expect_request(&r, "h", buf_cstr(&want));
		buf_clear(&want);
		request_clear(&r);
	}
}

static void
line_of_a_file_that_is_refused_is_named(void **state)
{
	static const struct {
		struct str text;
		const char *says;
	} rows[] = {
		{STR("A: 1\n\nnonsense\n"), "line 3: a header is "},
		{STR("A b: 1"), "line 1: what stands before"},
		{STR("A: 1\r\nB: 2\rC: 3\r\n"), "line 2: a header must not contain"},
		{STR("\rA: 1\n"), "line 1: a header must not contain"},
		{STR("A: 1\r\r\n"), "line 1: a header must not contain"},
		{STR("A: 1\nB: \0\n"), "line 2: a NUL"},
		{STR("A: 1\n\0\n"), "line 2: a NUL"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = {0};
		struct err e = {0};

		expect_int(rows[i].text, add_text(&r, rows[i].text, &e), -1);
		expect_err(rows[i].text, &e, ERR_INPUT);
		expect_int(rows[i].text, str_starts(str_of(e.text), str_of(rows[i].says)), true);
		request_clear(&r);
	}
}

static void
file_that_cannot_be_read_is_named(void **state)
{
	static const struct {
		const char *file, *says;
	} rows[] = {
		{"/nonexistent", "cannot read /nonexistent: No such file or directory"},
		{"/tmp", "cannot read /tmp: Is a directory"},
		{"", "cannot read : No such file or directory"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = {0};
		struct err e = {0};

		expect_int(str_of(rows[i].file), request_add_file(&r, rows[i].file, &e), -1);
		expect_err(str_of(rows[i].file), &e, ERR_INPUT);
		expect_str(str_of(rows[i].file), str_of(e.text), str_of(rows[i].says));
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
		cmocka_unit_test(http_1_1_asks_for_the_connection_to_be_closed),
		cmocka_unit_test(user_and_password_are_sent_by_the_basic_scheme),
		cmocka_unit_test(user_with_control_bytes_is_refused_without_showing_it),
		cmocka_unit_test(proxy_is_asked_for_the_whole_url),
		cmocka_unit_test(foreign_origin_learns_no_secret),
		cmocka_unit_test(method_of_the_hop_goes_before_the_user_s),
		cmocka_unit_test(there_is_room_for_the_longest_of_everything),
		cmocka_unit_test(lines_come_from_a_file),
		cmocka_unit_test(line_of_a_file_that_is_refused_is_named),
		cmocka_unit_test(file_that_cannot_be_read_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
