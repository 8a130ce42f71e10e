/* awserve/routes.c: what the HTTP server does: the table of behaviours, and a handler for each. */
#include "awserve/routes.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "awserve/again.h"
#include "awserve/backends.h"
#include "awserve/log.h"
#include "awserve/secure.h"
#include "base/text.h"
#include "http/server.h"
#include "net/listen.h"
#include "net/stream.h"
#include "rt/task.h"

/* Seconds for a request to come and for an answer to be taken. */
static const double patience = 60;

/* Large answers are made and sent in pieces of this size. */
enum { BLOCK = 16 * 1024 };

/* Numbers in a path: milliseconds up to an hour, sizes up to 64 MiB. */
enum { MS_MAX = 3600 * 1000, SIZE_LIMIT = 64 << 20 };

static double delay;

/* Is s a decimal number up to max? At *n then. */
static bool
parse_number(struct str s, size_t max, size_t *n)
{
	*n = 0;
	for (; s.n && *n <= max; s.s++, s.n--) {
		if (*s.s < '0' || *s.s > '9')
			return false;
		*n = *n * 10 + (size_t)(*s.s - '0');
	}
	return *n <= max;
}

bool
routes_number(struct exchange *x, int i, size_t max, size_t *n)
{
	if (parse_number(x->params[i], max, n))
		return true;
	x->status = 400;
	buf_str(&x->body, STR("<h1>Not a number, or too large</h1>"));
	return false;
}

/* For what is sent in small pieces: each goes out at once (no Nagle), or they would wait for each other. */
static void
send_at_once(struct exchange *x)
{
	int on = 1;

	setsockopt(x->stream->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* Waits until the peer closes. */
static void
wait_for_close(struct exchange *x)
{
	char c;

	x->sent = true;
	while (stream_read(x->stream, &c, 1, INFINITY, NULL) > 0)
		;
}

/* Pages */

void
routes_index(struct exchange *x)
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
status(struct exchange *x)
{
	size_t code;

	if (!routes_number(x, 0, 999, &code))
		return;
	x->status = (int)code;
	if (code >= 300 && code < 400)
		buf_str(&x->fields, STR("Location: /\r\n"));
	buf_number(&x->body, code, 3);
	buf_byte(&x->body, ' ');
	buf_str(&x->body, str_of(server_reason((int)code)));
}

/* A line of the request as a field of the answer; control bytes are shown, not sent. */
static void
echo_line(struct exchange *x, struct str name, struct str line)
{
	buf_str(&x->fields, name);
	buf_str(&x->fields, STR(": "));
	text_show(&x->fields, line);
	buf_str(&x->fields, STR("\r\n"));
}

static void
echo(struct exchange *x)
{
	struct str rest = x->head;

	x->type = "application/octet-stream";
	buf_str(&x->body, x->head);
	while (rest.n) {
		const char *lf = memchr(rest.s, '\n', rest.n);
		size_t n = (size_t)(lf - rest.s), cr = n && lf[-1] == '\r';

		if (n - cr)
			echo_line(x, STR("X-Request"), (struct str){rest.s, n - cr});
		rest = (struct str){lf + 1, rest.n - n - 1};
	}
	echo_line(x, STR("X-Request-Bytes"), x->head);
}

static void
raw(struct exchange *x)
{
	struct buf b = {0};

	server_decode(&b, x->query);
	server_send(x, buf_view(&b));
	buf_clear(&b);
}

/* Sends the bytes that are the row's arg. */
static void
canned(struct exchange *x)
{
	server_send(x, *(const struct str *)x->route->arg);
}

/* Slow answers */

static void
wait_ms(struct exchange *x)
{
	size_t ms;

	if (routes_number(x, 0, MS_MAX, &ms) && task_sleep((double)ms / 1000, NULL) == 0)
		routes_index(x);
}

/* Lets the others run, and the time pass. False: the answer is not to go on. */
static bool
step(size_t ms)
{
	return (ms ? task_sleep((double)ms / 1000, NULL) : task_yield(NULL)) == 0;
}

/* The whole answer, in pieces of n bytes. */
static void
send_pieces(struct exchange *x, size_t ms, size_t n)
{
	struct buf b = {0};

	send_at_once(x);
	routes_index(x);
	server_head(&b, x);
	buf_str(&b, buf_view(&x->body));
	for (size_t at = 0; at < b.n && step(ms); at += n) {
		size_t left = b.n - at;

		if (server_send(x, (struct str){b.s + at, left < n ? left : n}) != 0)
			break;
	}
	buf_clear(&b);
}

static void
drip(struct exchange *x)
{
	size_t ms;

	if (routes_number(x, 0, MS_MAX, &ms))
		send_pieces(x, ms, 1);
}

static void
drip_pieces(struct exchange *x)
{
	size_t ms, n;

	if (routes_number(x, 0, MS_MAX, &ms) && routes_number(x, 1, SIZE_LIMIT, &n))
		send_pieces(x, ms, n ? n : 1);
}

static void
slow_lines(struct exchange *x)
{
	struct buf b = {0};
	struct str rest;
	size_t ms;

	if (!routes_number(x, 0, MS_MAX, &ms))
		return;
	send_at_once(x);
	routes_index(x);
	server_head(&b, x);
	rest = buf_view(&b);
	while (rest.n && step(ms)) {
		size_t n = (size_t)((const char *)memchr(rest.s, '\n', rest.n) + 1 - rest.s);

		if (server_send(x, (struct str){rest.s, n}) != 0)
			break;
		rest.s += n, rest.n -= n;
	}
	if (!rest.n)
		server_send(x, buf_view(&x->body));
	buf_clear(&b);
}

/* Answers that break off */

/* Sends the first bytes of an ordinary head, as many as parameter 0 says. False if it says nothing of use. */
static bool
send_part(struct exchange *x)
{
	struct buf b = {0};
	size_t n;

	if (!routes_number(x, 0, SIZE_LIMIT, &n))
		return false;
	routes_index(x);
	server_head(&b, x);
	server_send(x, (struct str){b.s, n < b.n ? n : b.n});
	buf_clear(&b);
	return true;
}

static void
cut(struct exchange *x)
{
	send_part(x);
}

static void
stall(struct exchange *x)
{
	if (send_part(x))
		wait_for_close(x);
}

/* Lets the coming close of fd be a reset: what was sent before is still to be read by the peer. */
static void
reset_at_close(int fd)
{
	const struct linger now = {.l_onoff = 1};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static void
reset(struct exchange *x)
{
	if (send_part(x))
		reset_at_close(x->stream->fd);
	x->ended = true;
}

static void
empty(struct exchange *x)
{
	x->sent = true;
}

/* Sends the head of an ordinary answer. */
static void
send_head(struct exchange *x)
{
	struct buf b = {0};

	routes_index(x);
	server_head(&b, x);
	server_send(x, buf_view(&b));
	buf_clear(&b);
}

static void
half(struct exchange *x)
{
	send_head(x);
	server_end(x);
	wait_for_close(x);
}

static void
no_body(struct exchange *x)
{
	send_head(x);
	wait_for_close(x);
}

/* Large answers */

/* Sends n bytes, all c. */
static int
send_many(struct exchange *x, char c, size_t n)
{
	struct buf block = {0};
	int rc = 0;

	buf_reserve(&block, BLOCK);
	memset(block.s, c, BLOCK);
	for (; n && rc == 0; n -= n < BLOCK ? n : BLOCK)
		rc = server_send(x, (struct str){block.s, n < BLOCK ? n : BLOCK});
	buf_clear(&block);
	return rc;
}

static void
large(struct exchange *x)
{
	struct buf b = {0};
	size_t n;

	if (!routes_number(x, 0, SIZE_LIMIT, &n))
		return;
	buf_str(&b, STR("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "));
	buf_number(&b, n, 1);
	buf_str(&b, STR("\r\nConnection: close\r\n\r\n"));
	if (server_send(x, buf_view(&b)) == 0)
		send_many(x, 'x', n);
	buf_clear(&b);
}

static void
headers(struct exchange *x)
{
	struct buf b = {0};
	size_t n;

	if (!routes_number(x, 0, SIZE_LIMIT, &n))
		return;
	buf_str(&b, STR("HTTP/1.1 200 OK\r\n"));
	for (size_t i = 1; i <= n; i++) {
		buf_str(&b, STR("X-Field-"));
		buf_number(&b, i, 1);
		buf_str(&b, STR(": "));
		buf_number(&b, i, 1);
		buf_str(&b, STR("\r\n"));
		if (b.n < BLOCK)
			continue;
		if (server_send(x, buf_view(&b)) != 0)
			break;
		b.n = 0;
	}
	buf_str(&b, STR("\r\n"));
	server_send(x, buf_view(&b));
	buf_clear(&b);
}

/* The row's arg, then as many bytes as parameter 0 says, then the end of the head. */
static void
long_line(struct exchange *x)
{
	size_t n;

	if (!routes_number(x, 0, SIZE_LIMIT, &n))
		return;
	if (server_send(x, str_of(x->route->arg)) == 0 && send_many(x, 'x', n) == 0)
		server_send(x, STR("\r\n\r\n"));
}

static void
informational(struct exchange *x)
{
	size_t n;

	if (!routes_number(x, 0, SIZE_LIMIT, &n))
		return;
	for (int rc = 0; n && rc == 0; n--)
		rc = server_send(x, STR("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"));
	x->sent = false;
	routes_index(x);
}

static void
only_informational(struct exchange *x)
{
	informational(x);
	x->sent = true;
}

/* Answers without an end */

struct endless {
	struct str first, again;
};

/* At full speed, in large blocks of whole pieces. */
static void
endless(struct exchange *x)
{
	const struct endless *e = x->route->arg;
	struct buf b = {0};
	int rc = server_send(x, e->first);

	while (b.n < BLOCK)
		buf_str(&b, e->again);
	while (rc == 0)
		rc = server_send(x, buf_view(&b)) == 0 ? task_yield(NULL) : -1;
	buf_clear(&b);
}

static void
endless_slow(struct exchange *x)
{
	const struct endless *e = x->route->arg;
	size_t ms;

	if (!routes_number(x, 0, MS_MAX, &ms))
		return;
	send_at_once(x);
	if (server_send(x, e->first) == 0)
		while (step(ms) && server_send(x, e->again) == 0)
			;
}

/* Rows of bytes; a NUL may be among them. */
#define BYTES(literal) &(const struct str){literal, sizeof(literal) - 1}
#define CANNED(path, literal, about) {"GET", path, canned, BYTES(literal), about}
#define OK "HTTP/1.1 200 OK\r\n"
#define MOVED "HTTP/1.1 302 Found\r\n"
#define PIECES(begin, piece) &(const struct endless){{begin, sizeof(begin) - 1}, {piece, sizeof(piece) - 1}}
#define ENDLESS(what, begin, piece, about) \
	{"GET", "/endless/" what, endless, PIECES(begin, piece), about}, \
	{"GET", "/endless/" what "/{ms}", endless_slow, PIECES(begin, piece), "the same, a piece each ms"}

static const struct server_route routes[] = {
	{"GET", "/", routes_index, NULL, "Index Page; or what the first label of Host says"},
	{"GET", "/status/{code}", status, NULL, "this status; with Location if it is a redirection"},
	{"*", "/echo", echo, NULL, "the request head, as body and in X-Request fields"},
	{"GET", "/raw", raw, NULL, "the query, percent-decoded, is the whole answer"},

	{"GET", "/redirect/{code}", again_redirect, NULL, "a redirection to the query, percent-decoded"},
	{"GET", "/redirects/{n}", again_redirects, NULL, "n redirections, then the page"},
	{"GET", "/loop", again_there, "/loop", "a redirection to itself"},
	{"GET", "/pingpong", again_there, "/pingpong/pong", "a redirection to the next"},
	{"GET", "/pingpong/pong", again_there, "/pingpong", "a redirection back"},
	CANNED("/location/none", MOVED "\r\n", "a redirection without Location"),
	CANNED("/location/empty", MOVED "Location:\r\n\r\n", "an empty Location"),
	CANNED("/location/two", MOVED "Location: /\r\nLocation: /echo\r\n\r\n", "two Locations"),
	{"GET", "/retry/{n}", again_retry, NULL, "503 for the first n times, then the page"},
	{"GET", "/retry/{n}/{code}", again_retry_code, NULL, "the same with this status"},
	{"GET", "/retry/{n}/{code}/{s}", again_retry_after, NULL, "the same, Retry-After being s seconds"},
	{"GET", "/retry/{n}/{code}/{s}/date", again_retry_date, NULL, "the same, Retry-After being a date"},
	{"GET", "/auth", again_auth, NULL, "401 without the query as NAME:PASSWORD (Basic)"},
	{"GET", "/lacks/{n}", backends_lacks, NULL, "X-Backend; the nth backend lacks a field"},
	{"GET", "/differs/{n}/{code}", backends_differs, NULL, "X-Backend; the nth backend has this status"},

	{"GET", "/wait/{ms}", wait_ms, NULL, "the answer after so many milliseconds"},
	{"GET", "/drip/{ms}", drip, NULL, "a byte each ms"},
	{"GET", "/drip/{ms}/{n}", drip_pieces, NULL, "n bytes each ms"},
	{"GET", "/lines/{ms}", slow_lines, NULL, "a head line each ms"},
	{"GET", "/never", wait_for_close, NULL, "no answer"},

	{"GET", "/close", empty, NULL, "the connection closed without an answer"},
	{"GET", "/cut/{n}", cut, NULL, "n bytes of the head, then closed"},
	{"GET", "/reset/{n}", reset, NULL, "n bytes of the head, then reset"},
	CANNED("/cuttls", OK "Server: aws", "a part of the head, then closed"),
	{"GET", "/stall/{n}", stall, NULL, "n bytes of the head, then nothing more"},
	{"GET", "/half", half, NULL, "the whole head, then the sending side closed"},
	{"GET", "/nobody", no_body, NULL, "the whole head, then nothing more"},

	{"GET", "/headers/{n}", headers, NULL, "n field lines"},
	{"GET", "/line/{n}", long_line, OK "X-Long: ", "a field value of n bytes"},
	{"GET", "/reason/{n}", long_line, "HTTP/1.1 200 ", "a reason phrase of n bytes"},
	{"GET", "/large/{n}", large, NULL, "a body of n bytes"},

	{"GET", "/informational/{n}", informational, NULL, "n heads with status 103, then the final one"},
	{"GET", "/informational/{n}/only", only_informational, NULL, "n heads with status 103, then closed"},
	CANNED("/switching", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "101 as the final answer"),
	CANNED("/lf", "HTTP/1.1 200 OK\nServer: awserve\nX-End: LF\n\n", "lines that end with a bare LF"),
	CANNED("/noreason", "HTTP/1.1 200\r\nServer: awserve\r\n\r\n", "neither a reason phrase nor the space before"),
	CANNED("/emptyreason", "HTTP/1.1 200 \r\nServer: awserve\r\n\r\n", "the space, but no reason phrase"),
	CANNED("/http10", "HTTP/1.0 200 OK\r\nServer: awserve\r\n\r\n", "an answer of HTTP/1.0"),
	CANNED("/duplicate", OK "Set-Cookie: a=1\r\nVia: 1.1 x\r\nSet-Cookie: b=2\r\nset-cookie: a=1\r\n\r\n",
	    "a field three times, another in between"),
	CANNED("/fold", OK "X-Fold: one\r\n two\r\n\tthree\r\nX-Next: four\r\n\r\n", "a value over three lines"),
	CANNED("/foldfirst", OK " folded\r\nX-Next: four\r\n\r\n", "a fold with no field before it"),
	CANNED("/nocolon", OK "No colon here\r\nX-Next: four\r\n\r\n", "a line without a colon"),
	CANNED("/blank", OK "X-Blank : before\r\nX-Next: four\r\n\r\n", "a blank before the colon"),
	CANNED("/noname", OK ": no name\r\nX-Next: four\r\n\r\n", "an empty field name"),
	CANNED("/novalue", OK "X-Empty:\r\nX-Blanks: \t \r\nX-Next: four\r\n\r\n", "empty values"),
	CANNED("/trim", OK "X-Trim: \t a b \t \r\nX-None:c\r\n\r\n", "blanks around values, or none"),
	CANNED("/obstext", OK "X-Latin: caf\xe9\r\nX-Utf8: caf\xc3\xa9 \xe2\x82\xac\r\n\r\n",
	    "Latin-1 and UTF-8 in values"),
	CANNED("/control", "HTTP/1.1 200 \033[31mred\b\177\r\n"
	    "X-Esc: \033[2J\033[1;1H\r\nX-Osc: \033]0;title\007\r\n"
	    "X-C1: \x9b" "31m \x85\r\nX-C1-Utf8: \xc2\x9b" "31m\r\n"
	    "X-Bs: ab\b\bc\r\nX-Del: \177\r\nX\033-Name: \001\002\r\n\r\n",
	    "control bytes in reason, names and values"),
	CANNED("/nul", OK "X-Nul: a\0b\r\nX-Next: four\r\n\r\n", "a NUL in a value"),
	CANNED("/cr", OK "X-Cr: a\rX-Injected: b\r\nX-Next: four\r\n\r\n", "a lone CR in a value"),
	CANNED("/blanklines", "\r\n\r\n" OK "Server: awserve\r\n\r\n", "empty lines before the status line"),

	CANNED("/garbage/random", "\xd3\x0e\x9a\x47\x00\xff\x1c\x82\n\x6b\xe5\x31\xac\x77\x03\x98", "random bytes"),
	CANNED("/garbage/http09", "<html><h1>Index Page</h1></html>\n", "HTTP/0.9"),
	CANNED("/garbage/icy", "ICY 200 OK\r\nicy-name: radio\r\n\r\n", "Shoutcast"),
	CANNED("/garbage/ssh", "SSH-2.0-OpenSSH_9.2p1\r\n", "SSH"),
	CANNED("/garbage/smtp", "220 mail.test ESMTP\r\n", "SMTP"),
	CANNED("/garbage/ftp", "220 (vsFTPd 3.0.3)\r\n", "FTP"),
	CANNED("/garbage/tls", "\x15\x03\x01\x00\x02\x02\x16", "a TLS alert"),
	CANNED("/garbage/h2", "\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01",
	    "frames of HTTP/2: SETTINGS, GOAWAY"),
	CANNED("/garbage/binary", "\x7f" "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0", "the head of a program"),
	CANNED("/garbage/lower", "http/1.1 200 OK\r\nServer: awserve\r\n\r\n", "http in small letters"),
	CANNED("/garbage/version", "HTTP/2 200\r\nServer: awserve\r\n\r\n", "a version that is not 1.x"),
	CANNED("/garbage/code", "HTTP/1.1 2000 OK\r\nServer: awserve\r\n\r\n", "a status code of four digits"),
	CANNED("/garbage/tab", "HTTP/1.1\t200\tOK\r\nServer: awserve\r\n\r\n", "tabs in the status line"),
	CANNED("/garbage/spaces", "HTTP/1.1  200 OK\r\nServer: awserve\r\n\r\n", "two spaces in the status line"),

	ENDLESS("lines", OK, "X-Endless: line\r\n", "field lines"),
	ENDLESS("line", OK "X-Endless: ", "endless ", "a field line without an end"),
	ENDLESS("status", "HTTP/1.1 200 ", "endless ", "a status line without an end"),
	ENDLESS("fold", OK "X-Endless: fold\r\n", " folded\r\n", "a folded field without an end"),
	ENDLESS("nul", "", "\0", "NULs"),
	ENDLESS("blanks", "", "\r\n", "empty lines"),
	ENDLESS("informational", "", "HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n", "heads with status 103"),
	ENDLESS("body", OK "Content-Type: text/plain\r\n\r\n", "body ", "a body without an end"),

	{"GET", "/{name}", hello, NULL, "Hello, name"},
	{0},
};

/*
 * With path "/", the first label of the host may name a behaviour: that of NAME-ARG.test is /NAME/ARG. So whatever is
 * reached by a path is reached by a name alone.
 */
static void
choose_by_host(struct exchange *x)
{
	static char path[1 + 64]; /* no wait lies between here and the choice of a route */
	const struct server_route *r;
	size_t n = 0;

	while (n < x->host.n && x->host.s[n] != '.')
		n++;
	if (!str_eq(x->path, STR("/")) || n == x->host.n || n >= sizeof path)
		return;
	path[0] = '/';
	for (size_t i = 0; i < n; i++) {
		char c = x->host.s[i];

		path[i + 1] = c == '-' ? '/' : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	x->path = (struct str){path, n + 1};
	r = server_find(routes, x);
	if (!r || r->handler == hello)
		x->path = STR("/");
}

static void
log_request(const struct exchange *x)
{
	struct buf b = {0};

	buf_str(&b, x->server->open ? STR("https ") : STR("http "));
	text_show(&b, x->method);
	buf_byte(&b, ' ');
	text_show(&b, x->target);
	buf_byte(&b, ' ');
	text_show(&b, x->host);
	log_line(&b);
}

static void
before(struct exchange *x)
{
	if (log_wanted)
		log_request(x);
	if (delay > 0)
		task_sleep(delay, NULL);
	choose_by_host(x);
}

void
routes_init(double seconds)
{
	delay = seconds;
}

int
routes_serve(int fd, struct err *e)
{
	const struct server s = {.routes = routes, .name = "awserve", .before = before, .timeout = patience};

	return server_run(&s, fd, e);
}

int
routes_serve_tls(int fd, struct err *e)
{
	const struct server s = {.routes = routes, .name = "awserve", .before = before, .timeout = patience,
	    .open = secure_open, .end = secure_end};

	return server_run(&s, fd, e);
}

static void
early(int fd, void *arg)
{
	static const char answer[] = OK "Server: awserve\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
	struct stream s;

	(void)arg;
	stream_tcp(&s, fd);
	stream_write(&s, answer, sizeof answer - 1, task_now() + patience, NULL);
	stream_close(&s);
}

int
routes_serve_early(int fd, struct err *e)
{
	return listen_serve(fd, 0, early, NULL, e);
}

static void
rst(int fd, void *arg)
{
	(void)arg;
	reset_at_close(fd);
	close(fd);
}

int
routes_serve_rst(int fd, struct err *e)
{
	return listen_serve(fd, 0, rst, NULL, e);
}

void
routes_list(FILE *out)
{
	for (const struct server_route *r = routes; r->method; r++)
		fprintf(out, "%-28s%s\n", r->pattern, r->about);
}
