/* tests/unit/socks.c: what is said to a SOCKS proxy, what its answers mean, and that nothing behind them is taken. */
#include "net/socks.h"

#include <sys/socket.h>

#include "helper.h"
#include "rt/task.h"

static void
expect_bytes(const char *row, struct buf *b, struct str want)
{
	expect_str(str_of(row), buf_view(b), want);
	b->n = 0;
}

static void
what_is_said_is_rfc_1928(void **state)
{
	struct buf b = {0};
	struct err e = {0};
	struct addr a;

	(void)state;
	socks_greeting(&b, false);
	expect_bytes("greeting", &b, STR("\5\1\0"));
	socks_greeting(&b, true);
	expect_bytes("greeting with password", &b, STR("\5\2\0\2"));
	assert_int_equal(socks_login(&b, "user", "", &e), 0);
	expect_bytes("login", &b, STR("\1\4user\0"));
	assert_int_equal(socks_request(&b, "example.org", NULL, 443, &e), 0);
	expect_bytes("name", &b, STR("\5\1\0\3\13example.org\1\xbb"));
	memset(&a, 0, sizeof a);
	assert_int_equal(socks_request(&b, "h", &a, 65535, &e), 0);
	expect_bytes("name, no address", &b, STR("\5\1\0\3\1h\xff\xff"));
	assert_true(addr_parse(&a, "192.0.2.1", 1));
	assert_int_equal(socks_request(&b, "192.0.2.1", &a, 80, &e), 0);
	expect_bytes("v4", &b, STR("\5\1\0\1\xc0\0\2\1\0\x50"));
	assert_true(addr_parse(&a, "2001:db8::1", 1));
	assert_int_equal(socks_request(&b, "2001:db8::1", &a, 80, &e), 0);
	expect_bytes("v6", &b, STR("\5\1\0\4\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\0\x50"));
	buf_clear(&b);
}

static void
what_is_longer_than_255_bytes_is_refused(void **state)
{
	struct str most = repeated('x', 255), more = repeated('x', 256);
	struct buf b = {0};
	struct err e = {0};

	(void)state;
	assert_int_equal(socks_login(&b, most.s, most.s, &e), 0);
	assert_int_equal(b.n, 3 + 2 * 255);
	assert_int_equal(socks_request(&b, most.s, NULL, 1, &e), 0);
	assert_int_equal(e.kind, ERR_NONE);
	assert_int_equal(socks_login(&b, more.s, "p", &e), -1);
	expect_err(STR("user"), &e, ERR_INPUT);
	assert_string_equal(e.text, "the user for the SOCKS proxy is longer than 255 bytes");
	assert_int_equal(socks_login(&b, "u", more.s, &e), -1);
	assert_string_equal(e.text, "the password for the SOCKS proxy is longer than 255 bytes");
	assert_int_equal(socks_request(&b, more.s, NULL, 1, &e), -1);
	assert_string_equal(e.text, "the name for the SOCKS proxy is longer than 255 bytes");
	buf_clear(&b);
	free((char *)most.s);
	free((char *)more.s);
}

/* An answer. */
struct row {
	struct str in;
	const char *says; /* NULL: it is good */
};

enum reply { METHOD, METHOD_LOGIN, LOGIN, CONNECT };

static int
ask(enum reply which, struct str in, bool *login, struct err *e)
{
	*login = false;
	switch (which) {
	case METHOD:
	case METHOD_LOGIN:
		return socks_method(in, which == METHOD_LOGIN, login, e);
	case LOGIN:
		return socks_login_reply(in, e);
	default:
		return socks_reply(in, e);
	}
}

/* Never wants more than belongs to a good reply, however much of it is there; finds a bad one at its last byte. */
static void
check_prefixes(enum reply which, const struct row *row)
{
	struct str part = row->in;

	for (part.n = 0; part.n < row->in.n; part.n++) {
		bool login;
		int more = ask(which, guarded(part), &login, NULL);

		expect_int(row->in, more > 0 && (row->says || (size_t)more <= row->in.n - part.n), true);
	}
}

static void
check(enum reply which, const struct row *rows, size_t nrows, bool want_login)
{
	for (size_t i = 0; i < nrows; i++) {
		struct str in = rows[i].in;
		struct err e = {0};
		bool login;

		check_prefixes(which, &rows[i]);
		expect_int(in, ask(which, guarded(in), &login, &e), rows[i].says ? -1 : 0);
		expect_int(in, login, want_login);
		if (!rows[i].says)
			continue;
		expect_err(in, &e, ERR_PROXY);
		expect_str(in, str_of(e.text), str_of(rows[i].says));
	}
}

static void
ways_to_log_in_are_those_offered(void **state)
{
	static const struct row good[] = {{STR("\5\0"), NULL}}, login[] = {{STR("\5\2"), NULL}};
	static const struct row bad[] = {
		{STR("\5\2"), "the SOCKS proxy wants a login of a kind that was not offered"},
		{STR("\5\1"), "the SOCKS proxy wants a login of a kind that was not offered"},
		{STR("\5\xff"), "the SOCKS proxy wants a login"},
	};
	static const struct row bad_login[] = {
		{STR("\5\1"), "the SOCKS proxy wants a login of a kind that was not offered"},
		{STR("\5\xff"), "the SOCKS proxy accepts no login by password"},
	};
	static const struct row garbage[] = {
		{STR("H"), "the proxy does not speak SOCKS version 5"},
		{STR("\4"), "the proxy does not speak SOCKS version 5"},
		{STR("\0"), "the proxy does not speak SOCKS version 5"},
	};

	(void)state;
	check(METHOD, good, ROWS(good), false);
	check(METHOD_LOGIN, good, ROWS(good), false);
	check(METHOD_LOGIN, login, ROWS(login), true);
	check(METHOD, bad, ROWS(bad), false);
	check(METHOD_LOGIN, bad_login, ROWS(bad_login), false);
	check(METHOD, garbage, ROWS(garbage), false);
	check(CONNECT, garbage, ROWS(garbage), false);
}

static void
a_login_is_taken_or_refused(void **state)
{
	static const struct row rows[] = {
		{STR("\1\0"), NULL},
		{STR("\1\1"), "the SOCKS proxy refuses the user or the password"},
		{STR("\1\xff"), "the SOCKS proxy refuses the user or the password"},
		{STR("\5"), "the SOCKS proxy answers the login with something else"},
	};

	(void)state;
	check(LOGIN, rows, ROWS(rows), false);
}

static void
replies_are_as_long_as_their_address(void **state)
{
	static const struct row rows[] = {
		{STR("\5\0\0\1\0\0\0\0\0\0"), NULL},
		{STR("\5\0\0\1\x7f\0\0\1\x04\x38"), NULL},
		{STR("\5\0\0\4................\0\1"), NULL},
		{STR("\5\0\0\3\0\0\1"), NULL},
		{STR("\5\0\0\3\13example.org\0\1"), NULL},
		{STR("\5\0\xff\1\0\0\0\0\0\0"), NULL}, /* what is reserved is not looked at */
		{STR("\5\0\0\0"), "the SOCKS proxy answers with an unknown type of address"},
		{STR("\5\0\0\2"), "the SOCKS proxy answers with an unknown type of address"},
		{STR("\5\0\0\xff"), "the SOCKS proxy answers with an unknown type of address"},
	};

	(void)state;
	check(CONNECT, rows, ROWS(rows), false);
}

static void
every_code_has_its_sentence(void **state)
{
	static const struct row rows[] = {
		{STR("\5\1"), "the SOCKS proxy could not connect: general failure"},
		{STR("\5\2"), "the SOCKS proxy could not connect: not allowed by its rules"},
		{STR("\5\3"), "the SOCKS proxy could not connect: network unreachable"},
		{STR("\5\4"), "the SOCKS proxy could not connect: host unreachable"},
		{STR("\5\5"), "the SOCKS proxy could not connect: connection refused"},
		{STR("\5\6"), "the SOCKS proxy could not connect: TTL expired"},
		{STR("\5\7"), "the SOCKS proxy could not connect: command not supported"},
		{STR("\5\10"), "the SOCKS proxy could not connect: type of address not supported"},
		{STR("\5\11"), "the SOCKS proxy could not connect: unknown code 9"},
		{STR("\5\xff"), "the SOCKS proxy could not connect: unknown code 255"},
		{STR("\5\5\0\1\0\0\0\0\0\0"), "the SOCKS proxy could not connect: connection refused"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};

		assert_int_equal(socks_reply(guarded(rows[i].in), &e), -1);
		expect_err(rows[i].in, &e, ERR_PROXY);
		assert_string_equal(e.text, rows[i].says);
	}
}

/* A proxy that hears what it expects and says what it has to, in turn; then it closes, or is silent. */
struct peer {
	struct str steps[6]; /* heard, said, heard, said ...; ends with one whose s is NULL */
	bool piecemeal;      /* says one byte at a time */
	bool silent;
	struct stream stream;
};

static void
hear(struct peer *p, struct str want)
{
	char got[64];
	size_t n = 0;

	assert_true(want.n <= sizeof got);
	while (n < want.n) {
		ssize_t more = stream_read(&p->stream, got + n, want.n - n, INFINITY, NULL);

		assert_true(more > 0);
		n += (size_t)more;
	}
	expect_str(want, (struct str){got, n}, want);
}

static void *
serve(void *arg)
{
	struct peer *p = arg;

	for (size_t i = 0; i < ROWS(p->steps) && p->steps[i].s; i++) {
		struct str step = p->steps[i];
		size_t piece = p->piecemeal ? 1 : step.n;

		if (i % 2 == 0) {
			hear(p, step);
			continue;
		}
		for (size_t at = 0; at < step.n; at += piece) {
			assert_int_equal(stream_write(&p->stream, step.s + at, piece, INFINITY, NULL), 0);
			task_yield(NULL);
		}
	}
	if (!p->silent)
		stream_close(&p->stream);
	return NULL;
}

static void
connect_to(struct peer *p, struct stream *s)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
	stream_tcp(s, fds[0]);
	stream_tcp(&p->stream, fds[1]);
}

static const struct talk {
	struct str steps[6];
	const char *user, *password, *host, *literal;
	const char *says; /* NULL: it is open, and the target says "TARGET" */
} talks[] = {
	{{STR("\5\1\0"), STR("\5\0"), STR("\5\1\0\3\1h\0\x50"), STR("\5\0\0\1abcdefTARGET")},
		NULL, NULL, "h", NULL, NULL},
	{{STR("\5\1\0"), STR("\5\0"), STR("\5\1\0\3\1h\0\x50"), STR("\5\0\0\3\3abcdeTARGET")},
		NULL, NULL, "h", NULL, NULL},
	{{STR("\5\1\0"), STR("\5\0"), STR("\5\1\0\1\x7f\0\0\1\0\x50"), STR("\5\0\0\4abcdefghijklmnopqrTARGET")},
		NULL, NULL, "127.0.0.1", "127.0.0.1", NULL},
	{{STR("\5\2\0\2"), STR("\5\0"), STR("\5\1\0\3\1h\0\x50"), STR("\5\0\0\1abcdefTARGET")},
		"u", "p", "h", NULL, NULL},
	{{STR("\5\2\0\2"), STR("\5\2"), STR("\1\1u\2pw"), STR("\1\0"), STR("\5\1\0\3\1h\0\x50"),
		STR("\5\0\0\1abcdefTARGET")}, "u", "pw", "h", NULL, NULL},
	{{STR("\5\2\0\2"), STR("\5\2"), STR("\1\1u\2pw"), STR("\1\1")}, "u", "pw", "h", NULL,
		"the SOCKS proxy refuses the user or the password"},
	{{STR("\5\1\0"), STR("\5\xff")}, NULL, NULL, "h", NULL, "the SOCKS proxy wants a login"},
	{{STR("\5\1\0"), STR("HTTP/1.1 400 Bad Request\r\n\r\n")}, NULL, NULL, "h", NULL,
		"the proxy does not speak SOCKS version 5"},
	{{STR("\5\1\0"), STR("\5\0"), STR("\5\1\0\3\1h\0\x50"), STR("\5\5\0\1abcdef")}, NULL, NULL, "h", NULL,
		"the SOCKS proxy could not connect: connection refused"},
	{{STR("\5\1\0")}, NULL, NULL, "h", NULL, "the SOCKS proxy closed the connection without its reply"},
	{{STR("\5\1\0"), STR("\5")}, NULL, NULL, "h", NULL, "the SOCKS proxy closed the connection within its reply"},
	{{STR("\5\1\0"), STR("\5\0"), STR("\5\1\0\3\1h\0\x50"), STR("\5\0\0\1abcde")}, NULL, NULL, "h", NULL,
		"the SOCKS proxy closed the connection within its reply"},
};

static void
hold(const struct talk *row, bool piecemeal)
{
	struct peer p = {.piecemeal = piecemeal};
	struct err e = {0};
	struct stream s;
	struct addr a;
	struct task *t;
	char text[16];
	size_t n = 0;
	ssize_t got;
	int rc;

	memcpy(p.steps, row->steps, sizeof p.steps);
	connect_to(&p, &s);
	t = task_start("proxy", serve, &p, NULL, NULL);
	if (row->literal)
		assert_true(addr_parse(&a, row->literal, 80));
	rc = socks_open(&s, row->user, row->password, row->host, row->literal ? &a : NULL, 80, INFINITY, &e);
	if (row->says) {
		assert_int_equal(rc, -1);
		expect_err(str_of(row->says), &e, ERR_PROXY);
		assert_string_equal(e.text, row->says);
	} else {
		if (rc != 0)
			fail_msg("%s", e.text);
		while ((got = stream_read(&s, text + n, sizeof text - n, INFINITY, NULL)) > 0)
			n += (size_t)got;
		expect_str(str_of(row->host), (struct str){text, n}, STR("TARGET"));
	}
	task_join(t, NULL, NULL);
	stream_close(&s);
}

static void *
hold_all(void *arg)
{
	for (size_t i = 0; i < ROWS(talks); i++) {
		hold(&talks[i], false);
		hold(&talks[i], true);
	}
	return arg;
}

static void
nothing_of_the_targets_is_taken(void **state)
{
	(void)state;
	assert_int_equal(task_main(hold_all, NULL, NULL, NULL), 0);
}

static void *
wait_for_silence(void *arg)
{
	struct peer p = {.steps = {STR("\5\1\0"), STR("\5\0"), STR("\5\1\0\3\1h\0\1"), STR("\5\0\0")}, .silent = true};
	struct err e = {0};
	struct stream s;
	struct task *t;

	connect_to(&p, &s);
	t = task_start("proxy", serve, &p, NULL, NULL);
	assert_int_equal(socks_open(&s, NULL, NULL, "h", NULL, 1, task_now() + 0.05, &e), -1);
	expect_err(STR("silent"), &e, ERR_TIMEOUT);
	task_join(t, NULL, NULL);
	stream_close(&s);
	/* and one that is not there any more */
	stream_tcp(&s, dup(p.stream.fd));
	stream_close(&p.stream);
	assert_int_equal(socks_open(&s, NULL, NULL, "h", NULL, 1, INFINITY, &e), -1);
	expect_err(STR("gone"), &e, ERR_PROXY);
	assert_string_equal(e.text,
	    "the SOCKS proxy broke off: connection reset by peer while sending the request");
	stream_close(&s);
	return arg;
}

static void
silence_is_a_timeout_and_an_end_is_the_proxys_fault(void **state)
{
	(void)state;
	assert_int_equal(task_main(wait_for_silence, NULL, NULL, NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_is_rfc_1928),
		cmocka_unit_test(what_is_longer_than_255_bytes_is_refused),
		cmocka_unit_test(ways_to_log_in_are_those_offered),
		cmocka_unit_test(a_login_is_taken_or_refused),
		cmocka_unit_test(replies_are_as_long_as_their_address),
		cmocka_unit_test(every_code_has_its_sentence),
		cmocka_unit_test(nothing_of_the_targets_is_taken),
		cmocka_unit_test(silence_is_a_timeout_and_an_end_is_the_proxys_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
