/* tests/unit/tunnel.c: what is asked of an HTTP proxy, and what its answers mean, however they come. */
#include "http/tunnel.h"

#include <sys/socket.h>

#include "helper.h"
#include "rt/task.h"

static void
request_names_host_and_port(void **state)
{
	static const struct {
		const char *target, *proxy, *want;
	} rows[] = {
		{"example.org", "proxy", "CONNECT example.org:80 HTTP/1.1\r\nHost: example.org:80\r\n"},
		{"http://Example.org.:443/path?q", "proxy",
			"CONNECT Example.org.:443 HTTP/1.1\r\nHost: Example.org.:443\r\n"},
		{"[2001:db8::1]:8443", "proxy", "CONNECT [2001:db8::1]:8443 HTTP/1.1\r\nHost: [2001:db8::1]:8443\r\n"},
		{"fe80::1%lo", "https://proxy", "CONNECT [fe80::1]:80 HTTP/1.1\r\nHost: [fe80::1]:80\r\n"},
		{"h:1", "user:password@proxy", "CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n"
			"Proxy-Authorization: Basic dXNlcjpwYXNzd29yZA==\r\n"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf got = {0}, want = {0};
		struct proxy p;
		struct url u;

		assert_int_equal(url_parse(&u, str_of(rows[i].target), NULL, NULL), 0);
		assert_int_equal(proxy_parse(&p, rows[i].proxy, NULL), 0);
		tunnel_request(&got, &p, &u);
		buf_printf(&want, "%sUser-Agent: awget/" VERSION "\r\n\r\n", rows[i].want);
		expect_str(str_of(rows[i].target), buf_view(&got), buf_view(&want));
		buf_clear(&got);
		buf_clear(&want);
		proxy_clear(&p);
		url_clear(&u);
	}
}

/* A proxy that reads the request, says `reply` in pieces of `piece` bytes, and closes unless it is to be silent. */
struct peer {
	struct str reply;
	size_t piece;
	bool silent;
	struct stream stream;
	struct buf request;
};

static void *
serve(void *arg)
{
	struct peer *p = arg;
	struct lines l;
	struct str line;

	lines_init(&l, &p->stream, 4096);
	do
		assert_int_equal(lines_next(&l, &line, INFINITY, NULL), 1);
	while (line.n);
	buf_str(&p->request, buf_view(&l.read));
	lines_clear(&l);
	for (size_t at = 0; at < p->reply.n; at += p->piece) {
		size_t n = p->reply.n - at < p->piece ? p->reply.n - at : p->piece;

		/* one that was refused has gone by now */
		if (stream_write(&p->stream, p->reply.s + at, n, INFINITY, NULL) != 0)
			break;
		task_yield(NULL);
	}
	if (!p->silent)
		stream_close(&p->stream);
	return NULL;
}

/* tunnel_open's result. The stream stays open. */
static int
open_through(struct peer *p, struct stream *s, double deadline, struct err *e)
{
	struct proxy proxy;
	struct task *t;
	struct url u;
	int fds[2], rc;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
	stream_tcp(s, fds[0]);
	stream_tcp(&p->stream, fds[1]);
	assert_int_equal(url_parse(&u, STR("example.org:443"), NULL, NULL), 0);
	assert_int_equal(proxy_parse(&proxy, "proxy:3128", NULL), 0);
	t = task_start("proxy", serve, p, NULL, NULL);
	rc = tunnel_open(s, &proxy, &u, deadline, e);
	if (rc != 0)
		stream_close(s);
	task_join(t, NULL, NULL);
	assert_true(str_starts(buf_view(&p->request), STR("CONNECT example.org:443 HTTP/1.1\r\n")));
	buf_clear(&p->request);
	proxy_clear(&proxy);
	url_clear(&u);
	return rc;
}

static const struct row {
	struct str reply;
	const char *says; /* NULL: it is open */
} rows[] = {
	{STR("HTTP/1.1 200 Connection established\r\n\r\n"), NULL},
	{STR("HTTP/1.0 200 OK\r\nVia: x\r\n\r\n"), NULL},
	{STR("HTTP/1.1 200\r\n\r\n"), NULL},
	{STR("HTTP/1.1 299 Fine\n\n"), NULL},
	{STR("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"), NULL},
	{STR("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 x\r\nLink: y\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"), NULL},
	{STR("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n"),
		"the proxy refuses: 407 Proxy Authentication Required"},
	{STR("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"), "the proxy refuses: 403 Forbidden"},
	{STR("HTTP/1.1 502 Bad\0 \x1b[31mGateway\r\n"), "the proxy refuses: 502 Bad\\x00 \\x1b[31mGateway"},
	{STR("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"), "the proxy refuses: 302 Found"},
	{STR("HTTP/1.0 500\r\n\r\n"), "the proxy refuses: 500"},
	{STR("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 \r\n\r\n"), "the proxy refuses: 503"},
	{STR("HTTP/1.1 999 x\r\n\r\n"), "the proxy refuses: 999 x"},
	{STR("SSH-2.0-x\r\n"), "the reply of the proxy: not an HTTP response: \"SSH-2.0-x\""},
	{STR("HTTP/2 200\r\n\r\n"), "the reply of the proxy: malformed status line: \"HTTP/2 200\""},
	{STR("\r\n"), "the reply of the proxy: not an HTTP response: an empty line"},
	{STR(""), "the proxy closed the connection without its reply"},
	{STR("HTTP/1.1 200 OK"), "the proxy closed the connection within its reply"},
	{STR("HTTP/1.1 200 OK\r\nVia: x\r\n"), "the proxy closed the connection within its reply"},
	{STR("HTTP/1.1 100 Continue\r\n\r\n"), "the proxy closed the connection within its reply"},
};

static void *
open_rows(void *arg)
{
	static const size_t pieces[] = {1, 7, 1000};

	for (size_t i = 0; i < ROWS(rows); i++) {
		for (size_t k = 0; k < ROWS(pieces); k++) {
			struct peer p = {.reply = rows[i].reply, .piece = pieces[k]};
			struct err e = {0};
			struct stream s;
			int rc = open_through(&p, &s, INFINITY, &e);
			char byte;

			expect_int(p.reply, rc, rows[i].says ? -1 : 0);
			if (rc == 0) {
				expect_int(p.reply, stream_read(&s, &byte, 1, INFINITY, NULL), 0);
				stream_close(&s);
				continue;
			}
			expect_err(p.reply, &e, ERR_PROXY);
			expect_str(p.reply, str_of(e.text), str_of(rows[i].says));
		}
	}
	return arg;
}

static void
only_2xx_opens(void **state)
{
	(void)state;
	assert_int_equal(task_main(open_rows, NULL, NULL, NULL), 0);
}

static void
open_in_vain(struct peer p, double seconds, enum err_kind kind, const char *says)
{
	struct err e = {0};
	struct stream s;

	assert_int_equal(open_through(&p, &s, task_now() + seconds, &e), -1);
	expect_err(str_of(says), &e, kind);
	assert_non_null(strstr(e.text, says));
	stream_close(&p.stream);
}

static void *
open_odd(void *arg)
{
	struct str big = repeated('x', 70 << 10);

	open_in_vain((struct peer){.reply = STR("HTTP/1.1 200 OK\r\n\r\nSSH-2.0-x\r\n"), .piece = 1000}, INFINITY,
	    ERR_PROXY, "the proxy sends something before the target was spoken to");
	open_in_vain((struct peer){.reply = big, .piece = 4096}, INFINITY, ERR_PROXY,
	    "the reply of the proxy is larger than 65536 bytes");
	open_in_vain((struct peer){.reply = STR("HTTP/1.1 200 OK\r\n"), .piece = 1000, .silent = true}, 0.05,
	    ERR_TIMEOUT, "timed out");
	free((char *)big.s);
	return arg;
}

static void
too_early_too_much_and_too_late_are_refused(void **state)
{
	(void)state;
	assert_int_equal(task_main(open_odd, NULL, NULL, NULL), 0);
}

static void *
write_to_nobody(void *arg)
{
	struct err e = {0};
	struct proxy proxy;
	struct stream s;
	struct url u;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
	close(fds[1]);
	stream_tcp(&s, fds[0]);
	assert_int_equal(url_parse(&u, STR("h"), NULL, NULL), 0);
	assert_int_equal(proxy_parse(&proxy, "proxy", NULL), 0);
	assert_int_equal(tunnel_open(&s, &proxy, &u, INFINITY, &e), -1);
	expect_err(STR("gone"), &e, ERR_PROXY);
	assert_string_equal(e.text, "the proxy broke off: connection reset by peer while sending the request");
	proxy_clear(&proxy);
	url_clear(&u);
	stream_close(&s);
	return arg;
}

static void
a_proxy_that_is_gone_is_at_fault(void **state)
{
	(void)state;
	assert_int_equal(task_main(write_to_nobody, NULL, NULL, NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_names_host_and_port),
		cmocka_unit_test(only_2xx_opens),
		cmocka_unit_test(too_early_too_much_and_too_late_are_refused),
		cmocka_unit_test(a_proxy_that_is_gone_is_at_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
