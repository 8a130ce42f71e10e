/* http/server.c: a small server: requests read and understood, routes found, answers sent. */
#include "http/server.h"

#include <assert.h>
#include <sys/socket.h>

#include "http/head.h"
#include "net/lines.h"
#include "net/listen.h"
#include "rt/task.h"

/* Bytes of a request head at most. */
enum { HEAD_MAX = 64 * 1024 };

/* Seconds to go on reading, and dropping, what a peer still sends after it has been answered. */
static const double drain_time = 2;

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{100, "Continue"}, {101, "Switching Protocols"}, {102, "Processing"}, {103, "Early Hints"},
	{200, "OK"}, {201, "Created"}, {202, "Accepted"}, {203, "Non-Authoritative Information"},
	{204, "No Content"}, {205, "Reset Content"}, {206, "Partial Content"}, {207, "Multi-Status"},
	{300, "Multiple Choices"}, {301, "Moved Permanently"}, {302, "Found"}, {303, "See Other"},
	{304, "Not Modified"}, {305, "Use Proxy"}, {307, "Temporary Redirect"}, {308, "Permanent Redirect"},
	{400, "Bad Request"}, {401, "Unauthorized"}, {402, "Payment Required"}, {403, "Forbidden"},
	{404, "Not Found"}, {405, "Method Not Allowed"}, {406, "Not Acceptable"},
	{407, "Proxy Authentication Required"}, {408, "Request Timeout"}, {409, "Conflict"}, {410, "Gone"},
	{411, "Length Required"}, {412, "Precondition Failed"}, {413, "Content Too Large"}, {414, "URI Too Long"},
	{415, "Unsupported Media Type"}, {416, "Range Not Satisfiable"}, {417, "Expectation Failed"},
	{421, "Misdirected Request"}, {422, "Unprocessable Content"}, {426, "Upgrade Required"},
	{428, "Precondition Required"}, {429, "Too Many Requests"}, {431, "Request Header Fields Too Large"},
	{451, "Unavailable For Legal Reasons"},
	{500, "Internal Server Error"}, {501, "Not Implemented"}, {502, "Bad Gateway"}, {503, "Service Unavailable"},
	{504, "Gateway Timeout"}, {505, "HTTP Version Not Supported"}, {511, "Network Authentication Required"},
};

const char *
server_reason(int status)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "";
}

/* Text */

void
server_html(struct buf *b, struct str s)
{
	for (; s.n; s.s++, s.n--)
		switch (*s.s) {
		case '&':
			buf_str(b, STR("&amp;"));
			break;
		case '<':
			buf_str(b, STR("&lt;"));
			break;
		case '>':
			buf_str(b, STR("&gt;"));
			break;
		case '"':
			buf_str(b, STR("&quot;"));
			break;
		case '\'':
			buf_str(b, STR("&#39;"));
			break;
		default:
			buf_byte(b, *s.s);
		}
}

/* The value of a hexadecimal digit, or -1. */
static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

void
server_decode(struct buf *b, struct str s)
{
	while (s.n) {
		int high = -1, low = -1;

		if (s.n > 2 && *s.s == '%')
			high = digit(s.s[1]), low = digit(s.s[2]);
		if (high < 0 || low < 0) {
			buf_byte(b, *s.s);
			s.s++, s.n--;
		} else {
			buf_byte(b, (char)(high << 4 | low));
			s.s += 3, s.n -= 3;
		}
	}
}

/* Routes */

/* Takes "/segment" off the front of *s, which begins with '/', and gives the segment. */
static struct str
take_segment(struct str *s)
{
	const char *begin = s->s + 1, *end = s->s + s->n;
	const char *slash = memchr(begin, '/', (size_t)(end - begin));

	if (!slash)
		slash = end;
	*s = (struct str){slash, (size_t)(end - slash)};
	return (struct str){begin, (size_t)(slash - begin)};
}

/* Does x->path fit? Segment by segment, each decoded on its own, so that %2F is no slash. Sets x->params. */
static bool
fits(const char *pattern, struct exchange *x)
{
	struct str wanted = str_of(pattern), path = x->path;
	size_t n = 0;

	if (!path.n || *path.s != '/')
		return false;
	x->decoded.n = 0;
	buf_reserve(&x->decoded, path.n); /* decoding never lengthens: params stay where they are */
	while (wanted.n && path.n) {
		struct str segment = take_segment(&wanted), got = {x->decoded.s + x->decoded.n, 0};
		size_t before = x->decoded.n;

		server_decode(&x->decoded, take_segment(&path));
		got.n = x->decoded.n - before;
		if (!segment.n || *segment.s != '{') {
			if (!str_eq(segment, got))
				return false;
			continue;
		}
		assert(n < SERVER_PARAMS);
		if (!got.n)
			return false;
		x->params[n++] = got;
	}
	return !wanted.n && !path.n;
}

/* HEAD is a GET whose answer has no content (RFC 9110 section 9.3.2). */
static bool
serves(const struct server_route *r, struct str method)
{
	struct str m = str_of(r->method);

	return str_eq(m, method) || str_eq(m, STR("*")) || (str_eq(m, STR("GET")) && str_eq(method, STR("HEAD")));
}

const struct server_route *
server_find(const struct server_route *routes, struct exchange *x)
{
	for (const struct server_route *r = routes; r->method; r++)
		if (serves(r, x->method) && fits(r->pattern, x))
			return r;
	return NULL;
}

void
server_allow(struct buf *b, const struct server_route *routes, struct exchange *x)
{
	size_t begin = b->n;

	for (const struct server_route *r = routes; r->method; r++) {
		const struct server_route *same = routes;

		if (!fits(r->pattern, x))
			continue;
		while (same < r && !(strcmp(same->method, r->method) == 0 && fits(same->pattern, x)))
			same++;
		if (same < r)
			continue;
		if (b->n > begin)
			buf_str(b, STR(", "));
		buf_str(b, str_of(r->method));
		if (strcmp(r->method, "GET") == 0)
			buf_str(b, STR(", HEAD"));
	}
}

/* Answers */

/* RFC 9110 sections 6.4.1 and 8.6: answers that never have content, and no length either. */
static bool
has_content(int status)
{
	return status >= 200 && status != 204 && status != 304;
}

static void
add_field(struct buf *b, struct str name, struct str value)
{
	buf_str(b, name);
	buf_str(b, STR(": "));
	buf_str(b, value);
	buf_str(b, STR("\r\n"));
}

void
server_head(struct buf *b, const struct exchange *x)
{
	buf_str(b, STR("HTTP/1.1 "));
	buf_number(b, (unsigned long long)x->status, 3);
	buf_byte(b, ' ');
	buf_str(b, str_of(server_reason(x->status)));
	buf_str(b, STR("\r\n"));
	if (x->server->name)
		add_field(b, STR("Server"), str_of(x->server->name));
	if (has_content(x->status)) {
		add_field(b, STR("Content-Type"), str_of(x->type));
		buf_str(b, STR("Content-Length: "));
		buf_number(b, x->body.n, 1);
		buf_str(b, STR("\r\n"));
	}
	add_field(b, STR("Connection"), STR("close"));
	buf_str(b, buf_view(&x->fields));
	buf_str(b, STR("\r\n"));
}

int
server_send(struct exchange *x, struct str bytes)
{
	x->sent = true;
	return stream_write(x->stream, bytes.s, bytes.n, INFINITY, NULL);
}

static void
say_end(struct exchange *x)
{
	if (x->server->end && !x->ended)
		x->server->end(x->stream);
	x->ended = true;
}

int
server_end(struct exchange *x)
{
	say_end(x);
	return shutdown(x->stream->fd, SHUT_WR);
}

static void
send_answer(struct exchange *x)
{
	struct buf b = {0};

	server_head(&b, x);
	if (has_content(x->status) && !str_eq(x->method, STR("HEAD")))
		buf_str(&b, buf_view(&x->body));
	stream_write(x->stream, b.s, b.n, task_now() + x->server->timeout, NULL);
	buf_clear(&b);
}

static void
refuse(struct exchange *x, int status)
{
	x->status = status;
	buf_str(&x->body, STR("<h1>"));
	buf_number(&x->body, (unsigned long long)status, 3);
	buf_byte(&x->body, ' ');
	buf_str(&x->body, str_of(server_reason(status)));
	buf_str(&x->body, STR("</h1>"));
}

static void
dispatch(struct exchange *x)
{
	const struct server *s = x->server;

	if (s->before)
		s->before(x);
	x->route = server_find(s->routes, x);
	if (x->route) {
		x->route->handler(x);
		return;
	}
	buf_str(&x->fields, STR("Allow: "));
	server_allow(&x->fields, s->routes, x);
	if (x->fields.n > sizeof "Allow: " - 1) {
		buf_str(&x->fields, STR("\r\n"));
		refuse(x, 405);
	} else {
		x->fields.n = 0;
		refuse(x, 404);
	}
}

/* Requests */

/* The status to answer with when no whole head came; -1 when there is nobody to answer. */
static int
no_head(const struct lines *l, int rc, const struct err *why)
{
	if (rc < 0 && why->kind == ERR_HEADER_TOO_LARGE)
		return 431;
	if (l->read.n == 0)
		return -1;
	if (rc < 0)
		return why->kind == ERR_TIMEOUT ? 408 : -1;
	return 400; /* the end in the middle of a head */
}

/* Reads a whole head. 0, or as no_head. What is no HTTP/1 is refused by its first line: nothing else may ever come. */
static int
read_head(struct lines *l, double deadline, struct str *head)
{
	struct head_request request;
	struct err why;
	struct str line;
	size_t begin = 0;
	int rc;

	/* RFC 9112 section 2.2: empty lines before the request line are to be ignored */
	while ((rc = lines_next(l, &line, deadline, &why)) > 0 && !line.n)
		begin = l->at;
	if (rc > 0 && (head_request(line, &request, &why) != 0 || request.minor < 0))
		return 400;
	while (rc > 0 && line.n)
		rc = lines_next(l, &line, deadline, &why);
	if (rc <= 0)
		return no_head(l, rc, &why);
	*head = (struct str){l->read.s + begin, l->at - begin};
	return 0;
}

/* Takes a line off the front of *rest, without its end. */
static struct str
take_line(struct str *rest)
{
	const char *lf = memchr(rest->s, '\n', rest->n);
	struct str line = {rest->s, (size_t)(lf - rest->s)};

	*rest = (struct str){lf + 1, rest->n - line.n - 1};
	if (line.n && line.s[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* The forms "/path?query", "http://host/path?query" and "*" (RFC 9112 section 3.2) apart into x. */
static bool
split_target(struct exchange *x)
{
	static const struct str scheme = {"http://", 7};
	struct str t = x->target;
	const char *mark;

	if (t.n > scheme.n && str_eq_fold((struct str){t.s, scheme.n}, scheme)) {
		size_t n = scheme.n;

		while (n < t.n && t.s[n] != '/' && t.s[n] != '?')
			n++;
		/* section 3.2.2: the Host field is then to be ignored */
		x->host = (struct str){t.s + scheme.n, n - scheme.n};
		t = (struct str){t.s + n, t.n - n};
	} else if (*t.s != '/' && !str_eq(t, STR("*"))) {
		return false;
	}
	mark = memchr(t.s, '?', t.n);
	x->path = (struct str){t.s, mark ? (size_t)(mark - t.s) : t.n};
	x->query = mark ? (struct str){mark + 1, t.n - x->path.n - 1} : (struct str){0};
	if (!x->path.n)
		x->path = STR("/");
	return !memchr(x->target.s, '#', x->target.n);
}

/* RFC 9112 section 3.2: what a Host must not have; a broad net, since names may have any other byte. */
static bool
is_host(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] <= ' ' || s.s[i] >= 0x7f || strchr("/?#@\\\"<>", s.s[i]))
			return false;
	return true;
}

/*
 * Is this a field line of a request? No folds, no blank before the colon (RFC 9112 section 5), no CR or NUL (RFC 9110
 * section 5.5).
 */
static bool
take_field(struct str line, struct str *name, struct str *value)
{
	return head_field(line, name, value) == HEAD_FIELD && head_is_token(*name) && name->s[name->n] == ':' &&
	    !memchr(line.s, '\r', line.n) && !memchr(line.s, '\0', line.n);
}

/* Fills x from x->head. 0, or the status to refuse it with. *content: the request says that it has some. */
static int
understand(struct exchange *x, bool *content)
{
	struct head_request request;
	struct str rest = x->head, line = take_line(&rest);
	int hosts = 0;

	if (head_request(line, &request, NULL) != 0)
		return 400;
	x->method = request.method;
	x->target = request.target;
	while ((line = take_line(&rest)).n) {
		struct str name, value;

		if (!take_field(line, &name, &value))
			return 400;
		if (str_eq_fold(name, STR("Host"))) {
			x->host = value;
			hosts++;
		}
		*content |= str_eq_fold(name, STR("Content-Length")) || str_eq_fold(name, STR("Transfer-Encoding"));
	}
	/* section 3.2: one Host, and it may only be missing in HTTP/1.0 */
	if (hosts > 1 || (hosts == 0 && request.minor > 0))
		return 400;
	return split_target(x) && is_host(x->host) ? 0 : 400;
}

/*
 * RFC 9112 section 9.6: a close while the peer still sends makes its TCP say "reset", and the answer may be lost with
 * that. So the answer's end is said first, and what comes is dropped for a while.
 */
static void
drain(struct exchange *x)
{
	static char dropped[16 * 1024]; /* never looked at, so all connections may share it */
	double deadline = task_now() + drain_time;

	if (server_end(x) != 0)
		return;
	while (task_now() < deadline && stream_read(x->stream, dropped, sizeof dropped, deadline, NULL) > 0)
		;
}

/* One request and its answer. */
static void
converse(struct exchange *x, struct lines *lines, double deadline)
{
	bool more = false;
	int status = read_head(lines, deadline, &x->head);

	if (status == 0)
		status = understand(x, &more);
	if (status == 0)
		dispatch(x);
	else if (status > 0)
		refuse(x, status);
	if (status >= 0 && !x->sent && !task_canceled()) {
		send_answer(x);
		if (more || status > 0 || lines->read.n > lines->at)
			drain(x);
	}
	say_end(x);
}

static void
serve(int fd, void *arg)
{
	const struct server *s = arg;
	struct stream stream;
	struct lines lines;
	struct exchange x = {.server = s, .stream = &stream, .status = 200, .type = "text/html"};
	double deadline = task_now() + s->timeout;

	stream_tcp(&stream, fd);
	lines_init(&lines, &stream, HEAD_MAX);
	if (!s->open || s->open(&stream, deadline, NULL) == 0)
		converse(&x, &lines, deadline);
	stream_close(&stream);
	lines_clear(&lines);
	buf_clear(&x.decoded);
	buf_clear(&x.fields);
	buf_clear(&x.body);
}

int
server_run(const struct server *s, int fd, struct err *e)
{
	return listen_serve(fd, s->limit, serve, (void *)s, e);
}
