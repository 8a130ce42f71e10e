/* tests/unit/server.c: routes, text, and whole requests with their whole answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/server.h"
#include "net/listen.h"
#include "rt/task.h"

#define N(array) (sizeof(array) / sizeof *(array))

static void
check(struct buf *got, struct str want)
{
	if (!str_eq(buf_view(got), want))
		fail_msg("got \"%.*s\", not \"%.*s\"", (int)got->n, got->s, (int)want.n, want.s);
	buf_clear(got);
}

/* Text */

static void
markup_is_escaped(void **state)
{
	static const struct {
		struct str in, out;
	} rows[] = {
		{STR(""), STR("")},
		{STR("Bob"), STR("Bob")},
		{STR("<b>&\"'</b>"), STR("&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;")},
		{STR("&amp;"), STR("&amp;amp;")},
		{STR("J\xc3\xbcrgen\0!"), STR("J\xc3\xbcrgen\0!")},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct buf b = {0};

		server_html(&b, rows[i].in);
		check(&b, rows[i].out);
	}
}

static void
percent_is_decoded(void **state)
{
	static const struct {
		struct str in, out;
	} rows[] = {
		{STR(""), STR("")},
		{STR("a%20b"), STR("a b")},
		{STR("%41%7a%7A"), STR("Azz")},
		{STR("%00"), STR("\0")},
		{STR("%2541"), STR("%41")},
		{STR("+"), STR("+")},
		/* not two digits: stays */
		{STR("%"), STR("%")},
		{STR("%4"), STR("%4")},
		{STR("100%"), STR("100%")},
		{STR("%g0%0g"), STR("%g0%0g")},
		{STR("%%41"), STR("%A")},
		{STR("% 1%-1%0x"), STR("% 1%-1%0x")},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct buf b = {0};

		server_decode(&b, rows[i].in);
		check(&b, rows[i].out);
	}
}

static void
decoding_stays_inside_the_slice(void **state)
{
	char *only = malloc(2); /* its end is where ASan or valgrind look */
	struct buf b = {0};

	(void)state;
	only[0] = '%';
	only[1] = '4';
	server_decode(&b, (struct str){only, 2});
	check(&b, STR("%4"));
	free(only);
}

/* Routes */

static void
nothing(struct exchange *x)
{
	(void)x;
}

static const struct server_route table[] = {
	{"GET", "/", nothing, "root", NULL},
	{"GET", "/wait/{ms}", nothing, "wait", NULL},
	{"POST", "/wait/{ms}", nothing, "post", NULL},
	{"GET", "/wait/never", nothing, "hidden", NULL},
	{"GET", "/drip/{ms}/{n}", nothing, "drip", NULL},
	{"*", "/any", nothing, "any", NULL},
	{"GET", "/{name}", nothing, "name", NULL},
	{0},
};

static void
first_row_that_fits_is_taken(void **state)
{
	static const struct {
		const char *method, *path, *row; /* row NULL: none */
		const char *params[2];
	} rows[] = {
		{"GET", "/", "root", {0}},
		{"HEAD", "/", "root", {0}},
		{"POST", "/", NULL, {0}},
		{"get", "/", NULL, {0}},
		{"GET", "/wait/7", "wait", {"7"}},
		{"GET", "/wait/never", "wait", {"never"}},
		{"POST", "/wait/7", "post", {"7"}},
		{"GET", "/wait", "name", {"wait"}},
		{"GET", "/wait/", NULL, {0}},
		{"GET", "/wait/7/", NULL, {0}},
		{"GET", "/waiting/7", NULL, {0}},
		{"GET", "/drip/1/22", "drip", {"1", "22"}},
		{"GET", "/drip//22", NULL, {0}},
		{"GET", "/drip/1/2/3", NULL, {0}},
		{"BREW", "/any", "any", {0}},
		{"GET", "/Bob", "name", {"Bob"}},
		{"GET", "//", NULL, {0}},
		{"GET", "/Bob/", NULL, {0}},
		{"GET", "/a%2fb", "name", {"a/b"}},
		{"GET", "/%77ait/7", "wait", {"7"}},
		{"GET", "/wait%2f7", "name", {"wait/7"}},
		{"GET", "/{name}", "name", {"{name}"}},
		{"GET", "*", NULL, {0}},
		{"GET", "", NULL, {0}},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct exchange x = {.method = str_of(rows[i].method), .path = str_of(rows[i].path)};
		const struct server_route *r = server_find(table, &x);

		if (!r != !rows[i].row || (r && strcmp(r->arg, rows[i].row) != 0))
			fail_msg("%s %s: %s", rows[i].method, rows[i].path, r ? (const char *)r->arg : "none");
		for (size_t p = 0; r && p < N(rows[i].params) && rows[i].params[p]; p++)
			assert_true(str_eq(x.params[p], str_of(rows[i].params[p])));
		buf_clear(&x.decoded);
	}
}

static void
allow_names_each_method_once(void **state)
{
	static const struct server_route routes[] = {
		{"GET", "/a", nothing, NULL, NULL}, {"POST", "/a", nothing, NULL, NULL}, {"GET", "/{x}", nothing, NULL, NULL},
		{"PUT", "/b", nothing, NULL, NULL}, {0},
	};
	static const struct {
		const char *path, *allow;
	} rows[] = {{"/a", "GET, HEAD, POST"}, {"/b", "GET, HEAD, PUT"}, {"/c", "GET, HEAD"}, {"/", ""}};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct exchange x = {.path = str_of(rows[i].path)};
		struct buf b = {0};

		server_allow(&b, routes, &x);
		check(&b, str_of(rows[i].allow));
		buf_clear(&x.decoded);
	}
}

/* Requests and answers */

static void
index_page(struct exchange *x)
{
	buf_str(&x->body, STR("<h1>Index Page</h1>"));
}

static void
hello(struct exchange *x)
{
	buf_str(&x->body, STR("<h1>Hello, "));
	server_html(&x->body, x->params[0]);
	buf_str(&x->body, STR("</h1>"));
}

static void
show(struct exchange *x)
{
	const struct str all[] = {x->method, x->target, x->path, x->query, x->host};

	x->type = "text/plain";
	for (size_t i = 0; i < N(all); i++) {
		buf_str(&x->body, all[i]);
		buf_byte(&x->body, '|');
	}
}

static void
no_content(struct exchange *x)
{
	x->status = 204;
	buf_str(&x->body, STR("never sent"));
}

static void
by_hand(struct exchange *x)
{
	assert_int_equal(server_send(x, STR("anything")), 0);
}

/* Ends as said: after its end nothing comes, not even a second one. */
static void
ends(struct exchange *x)
{
	assert_int_equal(server_send(x, STR("anything")), 0);
	assert_int_equal(server_end(x), 0);
}

static void
breaks_off(struct exchange *x)
{
	assert_int_equal(server_send(x, STR("anything")), 0);
	x->ended = true;
}

static const struct server_route site[] = {
	{"GET", "/", index_page, NULL, NULL},
	{"*", "/show/{x}", show, NULL, NULL},
	{"GET", "/none/204", no_content, NULL, NULL},
	{"GET", "/by/hand", by_hand, NULL, NULL},
	{"GET", "/by/hand/ends", ends, NULL, NULL},
	{"GET", "/by/hand/breaks/off", breaks_off, NULL, NULL},
	{"GET", "/{name}", hello, NULL, NULL},
	{0},
};

#define ANSWER(status, type, length, more) \
	"HTTP/1.1 " status "\r\nServer: test\r\nContent-Type: " type "\r\nContent-Length: " length \
	"\r\nConnection: close\r\n" more
#define PAGE ANSWER("200 OK", "text/html", "19", "\r\n<h1>Index Page</h1>")
#define BAD ANSWER("400 Bad Request", "text/html", "24", "\r\n<h1>400 Bad Request</h1>")
#define MISSING ANSWER("404 Not Found", "text/html", "22", "\r\n<h1>404 Not Found</h1>")
#define SHOW(length, body) ANSWER("200 OK", "text/plain", length, "\r\n" body)

struct talk {
	struct str request, reply;
};

static const struct talk good[] = {
	{STR("GET / HTTP/1.0\r\n\r\n"), STR(PAGE)},
	{STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), STR(PAGE)},
	{STR("GET / HTTP/1.1\r\nHost:\r\n\r\n"), STR(PAGE)},
	{STR("GET / HTTP/1.0\n\n"), STR(PAGE)},
	{STR("\r\n\nGET / HTTP/1.0\r\n\r\n"), STR(PAGE)},
	{STR("HEAD / HTTP/1.0\r\n\r\n"), STR(ANSWER("200 OK", "text/html", "19", "\r\n"))},
	{STR("GET /%3Cb%3E&%22 HTTP/1.0\r\n\r\n"), STR(ANSWER("200 OK", "text/html", "36",
	    "\r\n<h1>Hello, &lt;b&gt;&amp;&quot;</h1>"))},
	{STR("GET /?a=/b HTTP/1.0\r\n\r\n"), STR(PAGE)},
	{STR("GET /show/1?q?r HTTP/1.0\r\nhOsT: h:80\r\nX: y\r\n\r\n"), STR(SHOW("33", "GET|/show/1?q?r|/show/1|q?r|h:80|"))},
	{STR("POST /show/1 HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello"), STR(SHOW("23", "POST|/show/1|/show/1|||"))},
	{STR("GET http://h/show/1 HTTP/1.1\r\nHost: other\r\n\r\n"),
	    STR(SHOW("31", "GET|http://h/show/1|/show/1||h|"))},
	{STR("GET HTTP://h HTTP/1.0\r\n\r\n"), STR(PAGE)},
	{STR("GET http://h?q HTTP/1.0\r\n\r\n"), STR(PAGE)},
	{STR("GET /by/hand HTTP/1.0\r\n\r\n"), STR("anything")},
	{STR("GET /none/204 HTTP/1.0\r\n\r\n"), STR("HTTP/1.1 204 No Content\r\nServer: test\r\nConnection: close\r\n\r\n")},
	{STR("GET /a/b HTTP/1.0\r\n\r\n"), STR(MISSING)},
	{STR("OPTIONS * HTTP/1.0\r\n\r\n"), STR(MISSING)},
	{STR("POST / HTTP/1.0\r\n\r\n"), STR(ANSWER("405 Method Not Allowed", "text/html", "31",
	    "Allow: GET, HEAD\r\n\r\n<h1>405 Method Not Allowed</h1>"))},
	{STR(""), STR("")},
};

static const struct talk bad[] = {
	{STR("\r\n"), STR(BAD)},
	{STR("GET /\r\n\r\n"), STR(BAD)}, /* HTTP/0.9 */
	{STR("GET / HTTP/2.0\r\n\r\n"), STR(BAD)},
	{STR("GET  / HTTP/1.0\r\n\r\n"), STR(BAD)},
	{STR("GET / HTTP/1.0 \r\n\r\n"), STR(BAD)},
	{STR("GET / http/1.0\r\n\r\n"), STR(BAD)},
	{STR("G@T / HTTP/1.0\r\n\r\n"), STR(BAD)},
	{STR("GET x HTTP/1.0\r\n\r\n"), STR(BAD)},
	{STR("GET https://h/ HTTP/1.0\r\n\r\n"), STR(BAD)},
	{STR("GET /#f HTTP/1.0\r\n\r\n"), STR(BAD)},
	{STR("GET / HTTP/1.1\r\n\r\n"), STR(BAD)}, /* no Host */
	{STR("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"), STR(BAD)},
	{STR("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), STR(BAD)},
	{STR("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"), STR(BAD)},
	{STR("GET / HTTP/1.0\r\nNo colon\r\n\r\n"), STR(BAD)},
	{STR("GET / HTTP/1.0\r\n: no name\r\n\r\n"), STR(BAD)},
	{STR("GET / HTTP/1.0\r\nX : blank\r\n\r\n"), STR(BAD)},
	{STR("GET / HTTP/1.0\r\nX: a\r\n folded\r\n\r\n"), STR(BAD)},
	{STR("GET / HTTP/1.0\r\nX: a\rb\r\n\r\n"), STR(BAD)},
	{STR("GET / HTTP/1.0\r\nX: a\0b\r\n\r\n"), STR(BAD)},
	{STR("GET / HTTP/1.0\r\nX: cut off"), STR(BAD)},
	{STR("GET / HTTP/1.0\r\n"), STR(BAD)},
	{STR("\x16\x03\x01\x02\0\n"), STR(BAD)},
};

/* A server as a task, and this as its client. */
struct place {
	struct server server;
	struct addr addr;
	int fd;
	struct task *task;
};

static void *
serve(void *arg)
{
	struct place *p = arg;

	server_run(&p->server, p->fd, NULL);
	return NULL;
}

static void
begin(struct place *p)
{
	p->server = (struct server){.routes = site, .name = "test", .timeout = 10};
	assert_true(addr_parse(&p->addr, "127.0.0.1", 0));
	p->fd = listen_tcp(&p->addr, false, NULL);
	assert_true(p->fd >= 0);
	p->task = task_start("server", serve, p, NULL, NULL);
	assert_non_null(p->task);
}

static void
end(struct place *p)
{
	task_cancel(p->task);
	assert_int_equal(task_join(p->task, NULL, NULL), 0);
	close(p->fd);
}

static void
dial(const struct place *p, struct stream *s)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	(void)!connect(fd, &p->addr.sa, addr_size(&p->addr));
	assert_int_equal(task_wait_fd(fd, TASK_WRITE, task_now() + 10, NULL), 0);
	stream_tcp(s, fd);
}

/* All that comes until the end. */
static void
read_all(struct stream *s, struct buf *b)
{
	ssize_t got;

	do {
		buf_reserve(b, 512);
		got = stream_read(s, b->s + b->n, 512, task_now() + 10, NULL);
		assert_true(got >= 0);
		b->n += (size_t)got;
	} while (got);
}

static void
talk(const struct place *p, struct talk t, bool end_of_request)
{
	struct buf got = {0};
	struct stream s;

	dial(p, &s);
	assert_int_equal(stream_write(&s, t.request.s, t.request.n, task_now() + 10, NULL), 0);
	if (end_of_request)
		shutdown(s.fd, SHUT_WR);
	read_all(&s, &got);
	stream_close(&s);
	if (!str_eq(buf_view(&got), t.reply))
		fail_msg("%.*sgot \"%.*s\", not \"%.*s\"", (int)t.request.n, t.request.s, (int)got.n, got.s,
		    (int)t.reply.n, t.reply.s);
	buf_clear(&got);
}

static void *
talk_all(void *arg)
{
	struct place p;

	(void)arg;
	begin(&p);
	for (size_t i = 0; i < N(good); i++)
		talk(&p, good[i], true);
	for (size_t i = 0; i < N(bad); i++)
		talk(&p, bad[i], true);
	end(&p);
	return NULL;
}

static void
whole_requests_get_whole_answers(void **state)
{
	(void)state;
	assert_int_equal(task_main(talk_all, NULL, NULL, NULL), 0);
}

/* A transport that marks its beginning and its end. */
static int
open_marked(struct stream *s, double deadline, struct err *e)
{
	return stream_write(s, "[", 1, deadline, e);
}

static void
end_marked(struct stream *s)
{
	assert_int_equal(stream_write(s, "]", 1, INFINITY, NULL), 0);
}

static int
refuse_to_open(struct stream *s, double deadline, struct err *e)
{
	(void)s, (void)deadline;
	return err_set(e, ERR_TLS_HANDSHAKE, "no");
}

static void *
talk_marked(void *arg)
{
	static const struct talk rows[] = {
		{STR("GET / HTTP/1.0\r\n\r\n"), STR("[" PAGE "]")},
		{STR("GET / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc"), STR("[" PAGE "]")}, /* drained */
		{STR("nonsense\r\n"), STR("[" BAD "]")},
		{STR("GET /by/hand HTTP/1.0\r\n\r\n"), STR("[anything]")},
		{STR("GET /by/hand/ends HTTP/1.0\r\n\r\n"), STR("[anything]")},
		{STR("GET /by/hand/breaks/off HTTP/1.0\r\n\r\n"), STR("[anything")},
		{STR(""), STR("[]")},
	};
	static const struct talk refused = {STR(""), STR("")};
	struct place p;

	(void)arg;
	begin(&p);
	p.server.open = open_marked;
	p.server.end = end_marked;
	for (size_t i = 0; i < N(rows); i++)
		talk(&p, rows[i], true);
	p.server.open = refuse_to_open;
	talk(&p, refused, false);
	end(&p);
	return NULL;
}

static void
transport_is_opened_first_and_ended_once(void **state)
{
	(void)state;
	assert_int_equal(task_main(talk_marked, NULL, NULL, NULL), 0);
}

static void *
talk_halves(void *arg)
{
	static const struct talk t = {STR("GET / HTTP/1.0\r\nX: y\r\n\r\n"), STR(PAGE)};
	struct place p;

	(void)arg;
	begin(&p);
	for (size_t cut = 1; cut < t.request.n; cut++) {
		struct buf got = {0};
		struct stream s;

		dial(&p, &s);
		assert_int_equal(stream_write(&s, t.request.s, cut, INFINITY, NULL), 0);
		assert_int_equal(task_sleep(0.002, NULL), 0);
		assert_int_equal(stream_write(&s, t.request.s + cut, t.request.n - cut, INFINITY, NULL), 0);
		read_all(&s, &got);
		stream_close(&s);
		check(&got, t.reply);
	}
	end(&p);
	return NULL;
}

static void
request_may_come_in_pieces(void **state)
{
	(void)state;
	assert_int_equal(task_main(talk_halves, NULL, NULL, NULL), 0);
}

static void *
talk_until_timeout(void *arg)
{
	static const struct talk silent = {STR(""), STR("")};
	static const struct talk half = {STR("GET / HTTP/1.0\r\n"),
	    STR(ANSWER("408 Request Timeout", "text/html", "28", "\r\n<h1>408 Request Timeout</h1>"))};
	struct place p;

	(void)arg;
	begin(&p);
	p.server.timeout = 0.05;
	talk(&p, silent, false);
	talk(&p, half, false);
	end(&p);
	return NULL;
}

static void
slow_request_is_given_up(void **state)
{
	(void)state;
	assert_int_equal(task_main(talk_until_timeout, NULL, NULL, NULL), 0);
}

static void *
talk_too_much(void *arg)
{
	static const char refusal[] = "HTTP/1.1 431 Request Header Fields Too Large\r\n";
	struct buf b = {0}, got = {0};
	struct stream s;
	struct place p;

	(void)arg;
	begin(&p);
	buf_str(&b, STR("GET / HTTP/1.0\r\nX: "));
	while (b.n < 100 * 1024)
		buf_byte(&b, 'x');
	dial(&p, &s);
	assert_int_equal(stream_write(&s, b.s, b.n, task_now() + 10, NULL), 0);
	shutdown(s.fd, SHUT_WR);
	read_all(&s, &got); /* not lost, though the server never read all of the request */
	assert_true(str_starts(buf_view(&got), STR(refusal)));
	stream_close(&s);
	buf_clear(&b);
	buf_clear(&got);
	end(&p);
	return NULL;
}

static void
large_head_is_refused(void **state)
{
	(void)state;
	assert_int_equal(task_main(talk_too_much, NULL, NULL, NULL), 0);
}

static void *
leave_one_waiting(void *arg)
{
	struct stream s;
	struct place p;
	char c;

	(void)arg;
	begin(&p);
	dial(&p, &s);
	assert_int_equal(stream_write(&s, "GET", 3, INFINITY, NULL), 0);
	assert_int_equal(task_sleep(0.02, NULL), 0);
	end(&p); /* comes back at once, its connection closed */
	assert_int_equal(stream_read(&s, &c, 1, task_now() + 10, NULL), 0);
	stream_close(&s);
	return NULL;
}

static void
canceling_ends_the_connections(void **state)
{
	double began = task_now();

	(void)state;
	assert_int_equal(task_main(leave_one_waiting, NULL, NULL, NULL), 0);
	assert_true(task_now() - began < 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_is_escaped),
		cmocka_unit_test(percent_is_decoded),
		cmocka_unit_test(decoding_stays_inside_the_slice),
		cmocka_unit_test(first_row_that_fits_is_taken),
		cmocka_unit_test(allow_names_each_method_once),
		cmocka_unit_test(whole_requests_get_whole_answers),
		cmocka_unit_test(transport_is_opened_first_and_ended_once),
		cmocka_unit_test(request_may_come_in_pieces),
		cmocka_unit_test(slow_request_is_given_up),
		cmocka_unit_test(large_head_is_refused),
		cmocka_unit_test(canceling_ends_the_connections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
