/* tests/unit/fetch.c: whole fetches of a server in the same loop: chains of redirects, retries, who learns what. */
#include "fetch/fetch.h"

#include <sys/socket.h>

#include "helper.h"
#include "http/server.h"
#include "net/dns.h"
#include "net/hosts.h"
#include "net/listen.h"
#include "rt/task.h"

/* What the server does with a path. In fields, "$h" and "$o" are the ports of home and of the other origin. */
static struct page {
	const char *path, *fields;
	int status;
	enum { ANSWER, RESET, CLOSE, HANG } act;
	int times; /* so often, and then 200; 0: always */
	int asked;
} pages[] = {
	{"/end", "", 200, ANSWER, 0, 0},
	/* codes */
	{"/300", "Location: /end\r\n", 300, ANSWER, 0, 0},
	{"/301", "Location: /end\r\n", 301, ANSWER, 0, 0},
	{"/302", "Location: /end\r\n", 302, ANSWER, 0, 0},
	{"/303", "Location: /end\r\n", 303, ANSWER, 0, 0},
	{"/307", "Location: /end\r\n", 307, ANSWER, 0, 0},
	{"/308", "Location: /end\r\n", 308, ANSWER, 0, 0},
	{"/201", "Location: /end\r\n", 201, ANSWER, 0, 0},
	{"/304", "Location: /end\r\n", 304, ANSWER, 0, 0},
	{"/305", "Location: /end\r\n", 305, ANSWER, 0, 0},
	{"/306", "Location: /end\r\n", 306, ANSWER, 0, 0},
	{"/309", "Location: /end\r\n", 309, ANSWER, 0, 0},
	{"/404", "Location: /end\r\n", 404, ANSWER, 0, 0},
	{"/nowhere", "", 302, ANSWER, 0, 0},
	{"/empty", "Location: \t \r\n", 302, ANSWER, 0, 0},
	/* forms of Location */
	{"/a/b/relative", "Location: ../../end?x#y\r\n", 302, ANSWER, 0, 0},
	{"/query", "location:?q\r\n", 302, ANSWER, 1, 0},
	{"/blank", "Location: /end?a b\xff\r\n", 302, ANSWER, 0, 0},
	{"/two", "LOCATION: /end?first\r\nLocation: /end?second\r\n", 302, ANSWER, 0, 0},
	{"/network", "Location: //home.test:$h/end\r\n", 302, ANSWER, 0, 0},
	{"/away", "Location: http://other.test:$o/end\r\n", 302, ANSWER, 0, 0},
	{"/port", "Location: http://home.test:$o/end\r\n", 302, ANSWER, 0, 0},
	{"/case", "Location: http://HOME.test.:$h/end\r\n", 302, ANSWER, 0, 0},
	{"/back", "Location: http://home.test:$h/end\r\n", 302, ANSWER, 0, 0},
	{"/around", "Location: http://other.test:$o/back\r\n", 302, ANSWER, 0, 0},
	{"/inside", "Location: http://127.0.0.1:$h/end\r\n", 302, ANSWER, 0, 0},
	{"/inside-by-name", "Location: http://x.LOCALHOST.:$h/end\r\n", 302, ANSWER, 0, 0},
	/* chains */
	{"/self", "Location: /self\r\n", 302, ANSWER, 0, 0},
	{"/self-once", "Location: /self-once\r\n", 302, ANSWER, 1, 0},
	{"/ping", "Location: /pong\r\n", 302, ANSWER, 0, 0},
	{"/pong", "Location: /ping\r\n", 302, ANSWER, 0, 0},
	{"/chain", "Location: /301\r\n", 307, ANSWER, 0, 0},
	{"/to-busy", "Location: /busy-once\r\n", 301, ANSWER, 0, 0},
	{"/to-reset", "Location: /reset\r\n", 302, ANSWER, 0, 0},
	{"/to-closed", "Location: http://home.test:1/\r\n", 302, ANSWER, 0, 0},
	/* trouble that passes, and other trouble */
	{"/busy-once", "", 503, ANSWER, 1, 0},
	{"/busy-twice", "", 503, ANSWER, 2, 0},
	{"/busy", "", 503, ANSWER, 0, 0},
	{"/500", "", 500, ANSWER, 1, 0},
	{"/599", "", 599, ANSWER, 1, 0},
	{"/600", "", 600, ANSWER, 1, 0},
	{"/429", "", 429, ANSWER, 1, 0},
	{"/428", "", 428, ANSWER, 1, 0},
	{"/at-once", "Retry-After: 0\r\n", 503, ANSWER, 1, 0},
	{"/long-ago", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 429, ANSWER, 1, 0},
	{"/later", "Retry-After: 3600\r\n", 503, ANSWER, 1, 0},
	{"/soon", "Retry-After: 30\r\n", 503, ANSWER, 1, 0},
	{"/whenever", "Retry-After: whenever\r\n", 503, ANSWER, 1, 0},
	{"/reset-once", "", 0, RESET, 1, 0},
	{"/reset", "", 0, RESET, 0, 0},
	{"/close", "", 0, CLOSE, 1, 0},
	{"/hang", "", 0, HANG, 0, 0},
};

/* A listener, and the port where it is. */
static struct site {
	int fd;
	uint16_t port;
	struct task *task;
} home, other;

static struct buf seen;  /* the requests that came: "METHOD target" or "METHOD other:target" and "; " */
static struct buf heads; /* their heads */

static void
add_ports(struct buf *b, const char *text)
{
	for (; *text; text++) {
		if (*text != '$')
			buf_byte(b, *text);
		else
			buf_number(b, *++text == 'h' ? home.port : other.port, 1);
	}
}

static void
note_request(const struct exchange *x)
{
	struct sockaddr_in local;
	socklen_t size = sizeof local;

	getsockname(x->stream->fd, (struct sockaddr *)&local, &size);
	buf_str(&seen, x->method);
	buf_str(&seen, ntohs(local.sin_port) == other.port ? STR(" other:") : STR(" "));
	buf_str(&seen, x->target);
	buf_str(&seen, STR("; "));
	buf_str(&heads, x->head);
}

static void
act(struct exchange *x, const struct page *p)
{
	x->status = p->status;
	x->sent = p->act != ANSWER;
	add_ports(&x->fields, p->fields);
	if (p->act == RESET)
		setsockopt(x->stream->fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
	if (p->act == HANG)
		task_park(INFINITY, NULL);
}

static void
serve(struct exchange *x)
{
	note_request(x);
	for (size_t i = 0; i < ROWS(pages); i++) {
		struct page *p = &pages[i];

		if (!str_eq(x->path, str_of(p->path)))
			continue;
		if (!p->times || p->asked < p->times)
			act(x, p);
		p->asked++;
		return;
	}
	x->status = 404;
}

/* Each leads to the next: /count?5 to /count?6, and so on to 9. */
static void
serve_count(struct exchange *x)
{
	note_request(x);
	x->status = 302;
	buf_printf(&x->fields, "Location: ?%c\r\n", x->query.s[0] + 1);
}

static void *
run_site(void *arg)
{
	static const struct server_route routes[] = {
		{"*", "/count", serve_count, NULL, NULL},
		{"*", "/{page}", serve, NULL, NULL},
		{"*", "/{a}/{b}/{page}", serve, NULL, NULL},
		{0},
	};
	static const struct server server = {.routes = routes, .timeout = 60};

	server_run(&server, *(int *)arg, NULL);
	return NULL;
}

static void
open_site(struct site *s)
{
	struct buf text = {0};
	struct addr a;

	assert_true(addr_parse(&a, "127.0.0.1", 0));
	s->fd = listen_tcp(&a, false, NULL);
	assert_true(s->fd >= 0);
	s->port = addr_port(&a);
	s->task = task_start("site", run_site, &s->fd, NULL, NULL);
	buf_printf(&text, "home.test:%u:127.0.0.1", s->port);
	assert_int_equal(hosts_override(buf_cstr(&text), NULL), 0);
	text.n = 0;
	buf_printf(&text, "other.test:%u:127.0.0.1", s->port);
	assert_int_equal(hosts_override(buf_cstr(&text), NULL), 0);
	buf_clear(&text);
}

static void
close_site(struct site *s)
{
	task_cancel(s->task);
	task_join(s->task, NULL, NULL);
	close(s->fd);
}

static void *
run(void *arg)
{
	open_site(&home);
	open_site(&other);
	assert_int_equal(hosts_override("home.test:1:127.0.0.1", NULL), 0);
	(*(void (**)(void))arg)();
	close_site(&home);
	close_site(&other);
	dns_end();
	return NULL;
}

/* Runs body as a task, with both sites open. */
static void
with_sites(void (*body)(void))
{
	assert_int_equal(task_main(run, &body, NULL, NULL), 0);
	hosts_end();
	buf_clear(&seen);
	buf_clear(&heads);
}

/* One fetch that is to be looked at. */
struct visit {
	struct fetch_env env;
	struct fetch_via via;
	struct watch watch;
	struct buf target, url;
	struct result r;
	int rc;
};

static void
visit_init(struct visit *v)
{
	*v = (struct visit){0};
	fetch_env_init(&v->env);
	v->env.timeout = v->env.connect_timeout = 100;
	v->env.location = true;
	v->env.retry_delay = 0;
}

/* Fetches target, which has "$h" and "$o" as fields have. Then url is that of the result. */
static void
visit(struct visit *v, const char *target)
{
	for (size_t i = 0; i < ROWS(pages); i++)
		pages[i].asked = 0;
	seen.n = heads.n = 0;
	add_ports(&v->target, target);
	result_init(&v->r, 1, buf_view(&v->target));
	v->rc = fetch(&v->env, &v->via, &v->watch, &v->r);
	if (v->r.url.host)
		url_format(&v->url, &v->r.url);
	assert_int_equal(v->rc, v->r.err.kind == ERR_NONE ? 0 : -1);
}

static void
visit_clear(struct visit *v)
{
	result_clear(&v->r);
	buf_clear(&v->target);
	buf_clear(&v->url);
	request_clear(&v->env.request);
	proxies_clear(&v->env.proxies);
}

/* The times of the last request are in order, and between the beginning and the end of the whole. */
static void
expect_times_in_order(struct str row, const struct result *r)
{
	const struct timing *t = &r->timing;

	expect_int(row, 0 <= t->begun && t->begun <= t->dns && t->dns <= t->connect && t->connect <= t->first_byte &&
		t->first_byte <= t->total, true);
	expect_int(row, isnan(t->tls), true);
	expect_int(row, t->begun > 0, r->nhops > 0 || r->attempts > 1);
}

/* A fetch of http://home.test:$h and path, and what came in to make it. */
static void
expect_chain(struct visit *v, const char *path, const char *want_seen, int status)
{
	struct buf target = {0};
	struct str row = str_of(path);

	buf_printf(&target, "home.test:$h%s", path);
	visit(v, buf_cstr(&target));
	expect_str(row, str_of(v->r.err.kind ? v->r.err.text : ""), STR(""));
	expect_str(row, buf_view(&seen), str_of(want_seen));
	expect_int(row, v->r.status, status);
	expect_times_in_order(row, &v->r);
	buf_clear(&target);
}

/* Redirects */

static void
follow_each_code(void)
{
	static const struct {
		const char *path, *seen;
		int status;
	} rows[] = {
		{"/300", "GET /300; GET /end; ", 200},
		{"/301", "GET /301; GET /end; ", 200},
		{"/302", "GET /302; GET /end; ", 200},
		{"/303", "GET /303; GET /end; ", 200},
		{"/307", "GET /307; GET /end; ", 200},
		{"/308", "GET /308; GET /end; ", 200},
		{"/201", "GET /201; ", 201},
		{"/304", "GET /304; ", 304},
		{"/305", "GET /305; ", 305},
		{"/306", "GET /306; ", 306},
		{"/309", "GET /309; ", 309},
		{"/404", "GET /404; ", 404},
		{"/nowhere", "GET /nowhere; ", 302},
		{"/empty", "GET /empty; ", 302},
		{"/a/b/relative", "GET /a/b/relative; GET /end?x; ", 200},
		{"/query", "GET /query; GET /query?q; ", 200},
		{"/blank", "GET /blank; GET /end?a%20b%FF; ", 200},
		{"/two", "GET /two; GET /end?first; ", 200},
		{"/network", "GET /network; GET /end; ", 200},
		{"/away", "GET /away; GET other:/end; ", 200},
		{"/around", "GET /around; GET other:/back; GET /end; ", 200},
		{"/self-once", "GET /self-once; GET /self-once; ", 200},
		{"/chain", "GET /chain; GET /301; GET /end; ", 200},
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct visit v;

		visit_init(&v);
		expect_chain(&v, rows[i].path, rows[i].seen, rows[i].status);
		expect_int(str_of(rows[i].path), v.r.attempts, 1);
		visit_clear(&v);
	}
}

static void
redirects_are_followed_where_they_lead(void **state)
{
	(void)state;
	with_sites(follow_each_code);
}

static void
stay_where_asked(void)
{
	struct visit v;

	visit_init(&v);
	v.env.location = false;
	expect_chain(&v, "/302", "GET /302; ", 302);
	assert_int_equal(v.r.nhops, 0);
	visit_clear(&v);
}

static void
without_the_option_none_is_followed(void **state)
{
	(void)state;
	with_sites(stay_where_asked);
}

static void
change_methods(void)
{
	static const struct {
		const char *method, *path, *seen;
	} rows[] = {
		{"POST", "/300", "POST /300; POST /end; "},
		{"POST", "/301", "POST /301; GET /end; "},
		{"POST", "/302", "POST /302; GET /end; "},
		{"POST", "/303", "POST /303; GET /end; "},
		{"POST", "/307", "POST /307; POST /end; "},
		{"POST", "/308", "POST /308; POST /end; "},
		{"PUT", "/301", "PUT /301; PUT /end; "},
		{"PUT", "/302", "PUT /302; PUT /end; "},
		{"PUT", "/303", "PUT /303; GET /end; "},
		{"HEAD", "/301", "HEAD /301; HEAD /end; "},
		{"HEAD", "/303", "HEAD /303; HEAD /end; "},
		{"post", "/301", "post /301; post /end; "},
		{"POST", "/chain", "POST /chain; POST /301; GET /end; "},
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct visit v;

		visit_init(&v);
		v.env.request.method = rows[i].method;
		expect_chain(&v, rows[i].path, rows[i].seen, 200);
		visit_clear(&v);
	}
}

static void
method_changes_only_as_rfc_9110_says(void **state)
{
	(void)state;
	with_sites(change_methods);
}

static void
remember_hops(void)
{
	static const struct {
		const char *url;
		int status;
		struct str location;
	} want[] = {
		{"http://home.test:$h/chain", 307, STR("/301")},
		{"http://home.test:$h/301", 301, STR("/end")},
	};
	struct visit v;

	visit_init(&v);
	expect_chain(&v, "/chain", "GET /chain; GET /301; GET /end; ", 200);
	assert_int_equal(v.r.nhops, ROWS(want));
	for (size_t i = 0; i < ROWS(want); i++) {
		const struct hop *h = &v.r.hops[i];
		const struct field *last = &h->fields[h->nfields - 1];
		struct buf url = {0};

		add_ports(&url, want[i].url);
		assert_string_equal(h->url, buf_cstr(&url));
		assert_int_equal(h->status, want[i].status);
		assert_int_equal(addr_port(&h->peer), home.port);
		assert_true(str_starts(buf_view(&h->head), STR("HTTP/1.1 30")));
		assert_int_equal(h->head_n, h->head.n);
		expect_str(str_of(h->url), (struct str){h->head.s + last->value, last->value_n}, want[i].location);
		buf_clear(&url);
	}
	assert_int_equal(result_find(&v.r, STR("Location")).n, 0);
	assert_true(str_starts(buf_view(&v.r.head), STR("HTTP/1.1 200 OK\r\n")));
	visit_clear(&v);
}

static void
each_hop_is_remembered_with_its_head(void **state)
{
	(void)state;
	with_sites(remember_hops);
}

static struct buf shown;

static void
show_status(const struct result *r, struct str lines)
{
	struct str line = {lines.s, (size_t)((const char *)memchr(lines.s, '\r', lines.n) - lines.s)};

	if (!str_starts(line, STR("HTTP/")))
		return;
	buf_printf(&shown, "%zu %s%s ", r->nhops, r->url.path, r->status ? "" : " none");
	buf_str(&shown, line);
	buf_str(&shown, STR("; "));
}

static void
watch_lines(void)
{
	struct visit v;

	visit_init(&v);
	v.watch.lines = show_status;
	expect_chain(&v, "/chain", "GET /chain; GET /301; GET /end; ", 200);
	expect_str(STR("lines"), buf_view(&shown), STR("0 /chain HTTP/1.1 307 Temporary Redirect; "
		"1 /301 HTTP/1.1 301 Moved Permanently; 2 /end HTTP/1.1 200 OK; "));
	buf_clear(&shown);
	visit_clear(&v);
}

static void
lines_of_all_hops_are_shown(void **state)
{
	(void)state;
	with_sites(watch_lines);
}

static void
go_too_far(void)
{
	static const struct {
		const char *path, *says, *seen;
		unsigned max;
		size_t hops;
	} rows[] = {
		{"/count?1", "more than 3 redirects", "GET /count?1; GET /count?2; GET /count?3; GET /count?4; ", 3, 4},
		{"/count?1", "more than 0 redirects", "GET /count?1; ", 0, 1},
		{"/self", "redirected in a circle", "GET /self; GET /self; ", 10, 2},
		{"/ping", "redirected in a circle", "GET /ping; GET /pong; GET /ping; GET /pong; ", 10, 4},
		{"/ping", "more than 2 redirects", "GET /ping; GET /pong; GET /ping; ", 2, 3},
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].path);
		struct buf target = {0};
		struct visit v;

		visit_init(&v);
		v.env.max_redirs = rows[i].max;
		v.env.retries = 3;
		buf_printf(&target, "home.test:$h%s", rows[i].path);
		visit(&v, buf_cstr(&target));
		expect_err(row, &v.r.err, ERR_REDIRECT_LOOP);
		expect_str(row, str_of(v.r.err.text), str_of(rows[i].says));
		expect_str(row, buf_view(&seen), str_of(rows[i].seen));
		expect_int(row, (long long)v.r.nhops, (long long)rows[i].hops);
		expect_int(row, v.r.attempts, 1);
		visit_clear(&v);
		buf_clear(&target);
	}
}

static void
chains_without_an_end_are_given_up(void **state)
{
	(void)state;
	with_sites(go_too_far);
}

static const char *bad_location;

static void
serve_bad(struct exchange *x)
{
	note_request(x);
	x->status = 302;
	buf_printf(&x->fields, "Location: %s\r\n", bad_location);
}

static void *
run_bad_site(void *arg)
{
	static const struct server_route routes[] = {{"*", "/", serve_bad, NULL, NULL}, {0}};
	static const struct server server = {.routes = routes, .timeout = 60};

	server_run(&server, *(int *)arg, NULL);
	return NULL;
}

static void
refuse_locations(void)
{
	static const char *const rows[] = {
		"ftp://home.test/", "http://user:secret@home.test/", "http://", "//", "http://[::1", "http://home.test:0/",
		"http://home.test:65536/", "http://a..b/", "mailto:me", "http://-a b/", "javascript:x",
		"http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/",
	};
	struct site bad;
	struct addr a;

	assert_true(addr_parse(&a, "127.0.0.1", 0));
	bad.fd = listen_tcp(&a, false, NULL);
	bad.task = task_start("bad", run_bad_site, &bad.fd, NULL, NULL);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i]);
		struct buf target = {0};
		struct visit v;

		bad_location = rows[i];
		visit_init(&v);
		v.env.retries = 1;
		buf_printf(&target, "127.0.0.1:%u", addr_port(&a));
		visit(&v, buf_cstr(&target));
		expect_err(row, &v.r.err, ERR_INPUT);
		expect_int(row, str_starts(str_of(v.r.err.text), STR("redirect to \"")), true);
		expect_str(row, buf_view(&seen), STR("GET /; "));
		expect_int(row, v.r.status, 302); /* the answer is still there */
		expect_int(row, (long long)v.r.nhops, 0);
		visit_clear(&v);
		buf_clear(&target);
	}
	close_site(&bad);
}

static void
location_that_is_no_url_is_an_error(void **state)
{
	(void)state;
	with_sites(refuse_locations);
}

static void
fail_on_the_way(void)
{
	struct visit v;

	visit_init(&v);
	visit(&v, "home.test:$h/to-closed");
	expect_err(STR("closed"), &v.r.err, ERR_CONNECT_REFUSED);
	assert_string_equal(v.r.url.path, "/");
	assert_int_equal(v.r.url.port, 1);
	assert_int_equal(v.r.nhops, 1);
	assert_int_equal(v.r.hops[0].status, 302);
	assert_int_equal(v.r.status, 0);
	assert_int_equal(v.r.nfields, 0);
	assert_int_equal(v.r.peer.sa.sa_family, AF_UNSPEC);
	assert_int_equal(v.r.phase, PHASE_CONNECT);
	assert_true(isnan(v.r.timing.first_byte) && isnan(v.r.timing.connect) && v.r.timing.dns >= v.r.timing.begun);
	visit_clear(&v);
}

static void
chain_that_fails_keeps_what_came_before(void **state)
{
	(void)state;
	with_sites(fail_on_the_way);
}

/* Who learns what */

/* How often a field line begins so in all the heads that came. */
static int
count_lines(const char *begin)
{
	const char *at = buf_cstr(&heads);
	int n = 0;

	while ((at = strstr(at, begin)))
		n++, at++;
	return n;
}

static void
take_secrets_along(void)
{
	static const struct {
		const char *path, *seen;
		int told; /* requests that have the secrets */
		int hosts; /* and the user's Host */
	} rows[] = {
		{"/302", "GET /302; GET /end; ", 2, 2},
		{"/network", "GET /network; GET /end; ", 2, 2},
		{"/case", "GET /case; GET /end; ", 2, 2},
		{"/away", "GET /away; GET other:/end; ", 1, 1},
		{"/port", "GET /port; GET other:/end; ", 1, 1},
		{"/around", "GET /around; GET other:/back; GET /end; ", 2, 2},
	};
	static const char *const lines[] = {
		"Host: fake.test", "Cookie: a=secret", "proxy-authorization: secret", "X-Kept: x"};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].path);
		struct visit v;

		visit_init(&v);
		for (size_t k = 0; k < ROWS(lines); k++)
			assert_int_equal(request_add_line(&v.env.request, lines[k], NULL), 0);
		assert_int_equal(request_set_user(&v.env.request, "me:secret", NULL), 0);
		expect_chain(&v, rows[i].path, rows[i].seen, 200);
		expect_int(row, count_lines("\r\nAuthorization: Basic bWU6c2VjcmV0\r\n"), rows[i].told);
		expect_int(row, count_lines("\r\nCookie: a=secret\r\n"), rows[i].told);
		expect_int(row, count_lines("\r\nproxy-authorization: secret\r\n"), rows[i].told);
		expect_int(row, count_lines("\r\nHost: fake.test\r\n"), rows[i].hosts);
		expect_int(row, count_lines("\r\nHost: "), count_lines(" HTTP/1.0\r\n"));
		expect_int(row, count_lines("\r\nX-Kept: x\r\n"), count_lines(" HTTP/1.0\r\n"));
		visit_clear(&v);
	}
}

static void
secrets_stay_with_the_origin_that_was_named(void **state)
{
	(void)state;
	with_sites(take_secrets_along);
}

static void
forget_between_attempts(void)
{
	struct visit v;

	visit_init(&v);
	v.env.retries = 1;
	v.env.request.method = "POST";
	assert_int_equal(request_set_user(&v.env.request, "me:secret", NULL), 0);
	expect_chain(&v, "/to-busy", "POST /to-busy; GET /busy-once; POST /to-busy; GET /busy-once; ", 200);
	assert_int_equal(count_lines("\r\nAuthorization: "), 4);
	assert_int_equal(v.r.nhops, 1);
	assert_int_equal(v.r.attempts, 2);
	visit_clear(&v);
}

static void
each_attempt_begins_anew(void **state)
{
	(void)state;
	with_sites(forget_between_attempts);
}

static void
use_own_address(void)
{
	struct visit v;

	visit_init(&v);
	assert_true(addr_parse(&v.via.address, "127.0.0.1", 0));
	/* the name has no address, so who is asked for it would say no */
	visit(&v, "nobody.invalid:$h/around");
	assert_int_equal(v.r.err.kind, ERR_NONE);
	expect_str(STR("seen"), buf_view(&seen), STR("GET /around; GET other:/back; GET /end; "));
	assert_int_equal(count_lines("\r\nHost: nobody.invalid:"), 1);
	visit_clear(&v);
}

static void
own_address_is_for_the_own_host_only(void **state)
{
	(void)state;
	with_sites(use_own_address);
}

/* Proxies, and networks that are private. home is the proxy: it answers by itself. */

static void
set_proxy(struct visit *v, const char *noproxy)
{
	struct buf proxy = {0};

	buf_printf(&proxy, "http://me:secret@127.0.0.1:%u", home.port);
	assert_int_equal(proxies_init(&v->env.proxies, buf_cstr(&proxy), noproxy, NULL), 0);
	buf_clear(&proxy);
}

static void
ask_proxy(void)
{
	struct visit v;

	visit_init(&v);
	set_proxy(&v, "");
	visit(&v, "far.test/302");
	assert_int_equal(v.r.err.kind, ERR_NONE);
	expect_str(STR("seen"), buf_view(&seen), STR("GET http://far.test/302; GET http://far.test/end; "));
	assert_int_equal(count_lines("\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n"), 2);
	assert_int_equal(count_lines("\r\nHost: far.test\r\n"), 2);
	assert_true(strstr(v.r.proxy, "http://127.0.0.1:") && !strstr(v.r.proxy, "secret"));
	assert_int_equal(addr_port(&v.r.peer), home.port);
	visit_clear(&v);
}

static void
proxy_is_asked_for_the_url(void **state)
{
	(void)state;
	with_sites(ask_proxy);
}

static void
leave_proxy(void)
{
	struct visit v;

	visit_init(&v);
	v.env.allow_private = true;
	set_proxy(&v, "other.test");
	visit(&v, "far.test/away");
	assert_int_equal(v.r.err.kind, ERR_NONE);
	expect_str(STR("seen"), buf_view(&seen), STR("GET http://far.test/away; GET other:/end; "));
	assert_int_equal(count_lines("\r\nProxy-Authorization: "), 1);
	assert_null(v.r.proxy);
	visit_clear(&v);
}

static void
hop_that_goes_over_no_proxy_does_not_tell_its_password(void **state)
{
	(void)state;
	with_sites(leave_proxy);
}

static void
lead_inside(void)
{
	static const struct {
		const char *path, *noproxy, *seen;
		bool allowed, fine;
	} rows[] = {
		{"/inside", "", "GET http://far.test/inside; ", false, false},
		{"/inside", "127.0.0.1", "GET http://far.test/inside; ", false, false},
		{"/inside-by-name", "", "GET http://far.test/inside-by-name; ", false, false},
		{"/away", "other.test", "GET http://far.test/away; ", false, false},
		{"/away", "", "GET http://far.test/away; GET http://other.test:$o/end; ", false, true},
		{"/inside", "127.0.0.1", "GET http://far.test/inside; GET /end; ", true, true},
		{"/away", "other.test", "GET http://far.test/away; GET other:/end; ", true, true},
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].path);
		struct buf target = {0}, want = {0};
		struct visit v;

		visit_init(&v);
		v.env.allow_private = rows[i].allowed;
		v.env.retries = 1;
		set_proxy(&v, rows[i].noproxy);
		buf_printf(&target, "far.test%s", rows[i].path);
		add_ports(&want, rows[i].seen);
		visit(&v, buf_cstr(&target));
		expect_int(row, v.r.err.kind, rows[i].fine ? ERR_NONE : ERR_EXCLUDED);
		if (!rows[i].fine)
			assert_true(str_starts(str_of(v.r.err.text), STR("redirect into a private network, to ")));
		expect_str(row, buf_view(&seen), buf_view(&want));
		visit_clear(&v);
		buf_clear(&target);
		buf_clear(&want);
	}
}

static void
stranger_does_not_lead_into_a_private_network(void **state)
{
	(void)state;
	with_sites(lead_inside);
}

static void
blame(void)
{
	struct visit v;

	visit_init(&v);
	v.env.retries = 1;
	assert_int_equal(proxies_init(&v.env.proxies, "http://me:secret@home.test:1", "", NULL), 0);
	visit(&v, "far.test");
	expect_err(STR("proxy"), &v.r.err, ERR_PROXY);
	assert_true(str_starts(str_of(v.r.err.text), STR("proxy http://home.test:1: ")));
	assert_null(strstr(v.r.err.text, "secret"));
	visit_clear(&v);
}

static void
trouble_of_the_proxy_is_called_so(void **state)
{
	(void)state;
	with_sites(blame);
}

/* Retries */

static void
try_again(void)
{
	static const struct {
		const char *path, *seen;
		unsigned retries, attempts;
		int status;
	} rows[] = {
		{"/busy-once", "GET /busy-once; GET /busy-once; ", 5, 2, 200},
		{"/busy-twice", "GET /busy-twice; GET /busy-twice; GET /busy-twice; ", 2, 3, 200},
		{"/busy-twice", "GET /busy-twice; GET /busy-twice; ", 1, 2, 503},
		{"/busy", "GET /busy; ", 0, 1, 503},
		{"/500", "GET /500; GET /500; ", 1, 2, 200},
		{"/599", "GET /599; GET /599; ", 1, 2, 200},
		{"/429", "GET /429; GET /429; ", 1, 2, 200},
		{"/600", "GET /600; ", 1, 1, 600},
		{"/428", "GET /428; ", 1, 1, 428},
		{"/404", "GET /404; ", 1, 1, 404},
		{"/end", "GET /end; ", 1, 1, 200},
		{"/reset-once", "GET /reset-once; GET /reset-once; ", 1, 2, 200},
		{"/whenever", "GET /whenever; GET /whenever; ", 1, 2, 200},
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct visit v;

		visit_init(&v);
		v.env.retries = rows[i].retries;
		expect_chain(&v, rows[i].path, rows[i].seen, rows[i].status);
		expect_int(str_of(rows[i].path), v.r.attempts, rows[i].attempts);
		visit_clear(&v);
	}
}

static void
what_may_pass_is_tried_again(void **state)
{
	(void)state;
	with_sites(try_again);
}

static void
fail_in_the_end(void)
{
	static const struct {
		const char *target;
		enum err_kind kind;
		unsigned attempts;
	} rows[] = {
		{"home.test:$h/reset", ERR_RESET, 3},
		{"home.test:$h/to-reset", ERR_RESET, 3},
		{"home.test:1", ERR_CONNECT_REFUSED, 3},
		{"home.test:$h/close", ERR_CLOSED, 1},
		{"home.test:$h/a b", ERR_INPUT, 1},
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].target);
		struct visit v;

		visit_init(&v);
		v.env.retries = 2;
		visit(&v, rows[i].target);
		expect_err(row, &v.r.err, rows[i].kind);
		expect_int(row, v.r.attempts, rows[i].attempts);
		expect_int(row, v.r.status, 0);
		visit_clear(&v);
	}
}

static void
last_failure_is_the_result(void **state)
{
	(void)state;
	with_sites(fail_in_the_end);
}

/* The delay is so long that it would hardly ever end in time by chance. */
static void
obey_retry_after(void)
{
	static const struct {
		const char *path, *seen;
		int status;
	} rows[] = {
		{"/at-once", "GET /at-once; GET /at-once; ", 200},
		{"/long-ago", "GET /long-ago; GET /long-ago; ", 200},
		{"/later", "GET /later; ", 503},
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct visit v;

		visit_init(&v);
		v.env.retries = 1;
		v.env.retry_delay = rows[i].status == 200 ? 1e12 : 0;
		expect_chain(&v, rows[i].path, rows[i].seen, rows[i].status);
		visit_clear(&v);
	}
}

static void
retry_after_is_obeyed_within_the_deadline(void **state)
{
	(void)state;
	with_sites(obey_retry_after);
}

static void
run_out_of_time(void)
{
	struct visit v;
	double start = task_now();

	visit_init(&v);
	v.env.retries = 5;
	v.env.timeout = 0.1;
	visit(&v, "home.test:$h/hang");
	expect_err(STR("hang"), &v.r.err, ERR_TIMEOUT);
	assert_string_equal(v.r.err.text, "no response within 0.1 s");
	assert_int_equal(v.r.attempts, 1);
	assert_true(task_now() - start >= 0.1);
	assert_true(v.r.timing.total >= 0.1);
	visit_clear(&v);
}

static void
whole_deadline_is_for_all_attempts(void **state)
{
	(void)state;
	with_sites(run_out_of_time);
}

static struct task *visitor;

/* The server has answered, and the visitor is told to go before it could come again. */
static void
cancel_visitor(const struct result *r, const char *text)
{
	(void)r;
	if (str_starts(str_of(text), STR("attempt 1")))
		task_cancel(visitor);
}

static void *
wait_in_vain(void *arg)
{
	struct visit *v = arg;

	visit(v, "home.test:$h/soon");
	return NULL;
}

static void
cancel_pause(void)
{
	struct visit v;

	visit_init(&v);
	v.env.retries = 1;
	v.watch.note = cancel_visitor;
	visitor = task_start("visitor", wait_in_vain, &v, NULL, NULL);
	task_join(visitor, NULL, NULL);
	assert_int_equal(v.r.attempts, 1);
	assert_int_equal(v.r.err.kind, ERR_CANCELED);
	assert_int_equal(v.r.status, 503);
	expect_str(STR("seen"), buf_view(&seen), STR("GET /soon; "));
	visit_clear(&v);
}

static void
pause_ends_when_canceled(void **state)
{
	(void)state;
	with_sites(cancel_pause);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(redirects_are_followed_where_they_lead),
		cmocka_unit_test(without_the_option_none_is_followed),
		cmocka_unit_test(method_changes_only_as_rfc_9110_says),
		cmocka_unit_test(each_hop_is_remembered_with_its_head),
		cmocka_unit_test(lines_of_all_hops_are_shown),
		cmocka_unit_test(chains_without_an_end_are_given_up),
		cmocka_unit_test(location_that_is_no_url_is_an_error),
		cmocka_unit_test(chain_that_fails_keeps_what_came_before),
		cmocka_unit_test(secrets_stay_with_the_origin_that_was_named),
		cmocka_unit_test(each_attempt_begins_anew),
		cmocka_unit_test(own_address_is_for_the_own_host_only),
		cmocka_unit_test(proxy_is_asked_for_the_url),
		cmocka_unit_test(hop_that_goes_over_no_proxy_does_not_tell_its_password),
		cmocka_unit_test(stranger_does_not_lead_into_a_private_network),
		cmocka_unit_test(trouble_of_the_proxy_is_called_so),
		cmocka_unit_test(what_may_pass_is_tried_again),
		cmocka_unit_test(last_failure_is_the_result),
		cmocka_unit_test(retry_after_is_obeyed_within_the_deadline),
		cmocka_unit_test(whole_deadline_is_for_all_attempts),
		cmocka_unit_test(pause_ends_when_canceled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
