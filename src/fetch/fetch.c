/* fetch/fetch.c: fetch(): the recipe, the phases' deadlines, the timings. */
#include "fetch/fetch.h"

#include <math.h>
#include <stdio.h>

#include "http/head.h"
#include "net/dial.h"
#include "net/dns.h"
#include "net/lines.h"
#include "rt/task.h"

/* One fetch under way. */
struct trip {
	const struct fetch_env *env;
	const struct watch *watch;
	struct result *r;
	double start, end; /* end: the deadline of the whole */
	double now;        /* when the last step was over */
	struct stream stream;
	struct lines lines;
	size_t head_at; /* where the present head begins in lines.read */
};

void
fetch_env_init(struct fetch_env *env)
{
	*env = (struct fetch_env){
	    .timeout = 30,
	    .connect_timeout = 10,
	    .dns_timeout = 5,
	    .family = AF_UNSPEC,
	    .max_header_size = 300 * 1024,
	    .fields = true,
	};
}

/* A step is over: how long it has been since the beginning. */
static double
elapsed(struct trip *t)
{
	t->now = task_now();
	return t->now - t->start;
}

/* The deadline of a phase that begins where the last step ended and may take so long. */
static double
phase(struct trip *t, enum phase name, double seconds)
{
	double deadline = t->now + seconds;

	t->r->phase = name;
	return deadline < t->end ? deadline : t->end;
}

static void
note_connected(const struct trip *t)
{
	char address[ADDR_TEXT], text[ADDR_TEXT + 40];

	if (!t->watch->note)
		return;
	snprintf(text, sizeof text, "connected to %s in %.1f ms", addr_text_port(&t->r->peer, address),
	    (t->r->timing.connect - t->r->timing.dns) * 1e3);
	t->watch->note(t->r, text);
}

static void
note_resolved(const struct trip *t, const struct addrs *addrs)
{
	struct buf b = {0};
	char address[ADDR_TEXT];

	if (!t->watch->note)
		return;
	buf_printf(&b, "resolved in %.1f ms:", t->r->timing.dns * 1e3);
	for (size_t i = 0; i < addrs->n; i++) {
		buf_byte(&b, ' ');
		buf_str(&b, str_of(addr_text(&addrs->v[i], address)));
	}
	t->watch->note(t->r, buf_cstr(&b));
	buf_clear(&b);
}

static int
resolve(struct trip *t, int family, struct addrs *addrs)
{
	const struct url *u = &t->r->url;
	const struct addr *literal = u->address.sa.sa_family == AF_UNSPEC ? NULL : &u->address;
	double deadline = phase(t, PHASE_DNS, t->env->dns_timeout);
	int rc = dns_lookup(u->host, literal, u->port, family, deadline, addrs, &t->r->err);

	if (rc == 0) {
		t->r->timing.dns = elapsed(t);
		note_resolved(t, addrs);
	} else if (t->r->err.kind == ERR_DNS_TIMEOUT && task_now() >= deadline) {
		double seconds = deadline < t->end ? t->env->dns_timeout : t->env->timeout;

		err_set(&t->r->err, ERR_DNS_TIMEOUT, "no answer from the DNS servers within %.10g s", seconds);
	}
	return rc;
}

static int
dial(struct trip *t, const struct addrs *addrs, double deadline)
{
	int fd = dial_tcp(addrs, NULL, deadline, &t->r->peer, &t->r->err);

	if (fd < 0)
		return -1;
	t->r->err.kind = ERR_NONE; /* other addresses may have failed */
	stream_tcp(&t->stream, fd);
	t->r->timing.connect = elapsed(t);
	note_connected(t);
	return 0;
}

/* When all addresses failed and a family's answer had been late, that family has its chance too. */
static int
dial_missing(struct trip *t, int family, double deadline)
{
	struct err first = t->r->err;
	struct addrs late = {0};
	int rc;

	t->now = task_now();
	rc = resolve(t, family, &late);
	t->r->phase = PHASE_CONNECT;
	if (rc == 0)
		rc = dial(t, &late, deadline);
	if (rc != 0 && t->r->err.kind != ERR_CANCELED)
		t->r->err = first;
	addrs_clear(&late);
	return rc;
}

static int
connect_to(struct trip *t)
{
	struct addrs addrs = {0};
	int rc = resolve(t, t->env->family, &addrs);

	if (rc == 0) {
		double deadline = phase(t, PHASE_CONNECT, t->env->connect_timeout);

		rc = dial(t, &addrs, deadline);
		if (rc != 0 && addrs.missing && task_now() < deadline && !task_canceled())
			rc = dial_missing(t, addrs.missing, deadline);
	}
	addrs_clear(&addrs);
	return rc;
}

static int
send_request(struct trip *t)
{
	struct buf b = {0};
	int rc;

	t->r->phase = PHASE_SEND;
	buf_block(&b);
	request_write(&b, &t->env->request, &t->r->url);
	rc = stream_write(&t->stream, b.s, b.n, t->end, &t->r->err);
	buf_clear(&b);
	/* a server may answer and hang up before it has read all: its answer counts */
	return t->r->err.kind == ERR_RESET ? 0 : rc;
}

/* The stream has ended too early. If it did already while we were sending, it was a reset. */
static int
ended(struct trip *t, const char *sentence)
{
	return t->r->err.kind == ERR_RESET ? -1 : err_set(&t->r->err, ERR_CLOSED, "%s", sentence);
}

/* What has been read of the present line, without its end. */
static struct str
line_so_far(const struct lines *l)
{
	const char *s = l->read.s + l->at;
	size_t n = l->read.n - l->at;
	const char *lf = memchr(s, '\n', n);

	if (lf)
		n = (size_t)(lf - s);
	return (struct str){s, n && s[n - 1] == '\r' ? n - 1 : n};
}

/* Is an HTTP response coming at all? Told from its first bytes, for other protocols may never end a line. */
static int
expect_http(struct trip *t)
{
	static const struct str name = STR("HTTP/");
	struct err *e = &t->r->err;
	struct head_status status;
	struct str bytes;

	if (lines_peek(&t->lines, name.n, &bytes, t->end, e) != 0)
		return -1;
	if (isnan(t->r->timing.first_byte) && bytes.n)
		t->r->timing.first_byte = elapsed(t);
	if (!bytes.n)
		return ended(t, t->lines.at ? "connection closed after an interim response" : "empty reply");
	if (str_starts(bytes, name))
		return 0;
	if (bytes.n < name.n && str_starts(name, bytes))
		return ended(t, "connection closed inside the status line");
	/* the rest of their line, as far as it came with them, tells more; it is never a status line */
	return head_status(line_so_far(&t->lines), &status, e);
}

static int
next_line(struct trip *t, struct str *line)
{
	int rc = lines_next(&t->lines, line, t->end, &t->r->err);

	if (rc == 0) {
		t->lines.at -= line->n; /* a line without its end is no part of the head */
		return ended(t, "connection closed inside the response head");
	}
	return rc < 0 ? -1 : 0;
}

static void
show(const struct trip *t, struct str line)
{
	if (t->watch->line)
		t->watch->line(t->r, line);
}

/* Where s, a part of what was read, stands in the present head. */
static uint32_t
offset(const struct trip *t, struct str s)
{
	return (uint32_t)(s.s - t->lines.read.s - (ptrdiff_t)t->head_at);
}

static int
read_status(struct trip *t)
{
	struct head_status status;
	struct str line;

	if (next_line(t, &line) != 0 || head_status(line, &status, &t->r->err) != 0)
		return -1;
	t->r->minor = status.minor;
	t->r->status = status.code;
	t->r->reason_n = (uint32_t)status.reason.n;
	t->r->reason = status.reason.n ? offset(t, status.reason) : 0;
	show(t, line);
	return 0;
}

/* Keeps what a line says; a fold makes the value before it longer, CR LF and all. */
static void
keep_field(struct trip *t, struct str line)
{
	struct result *r = t->r;
	struct str name, value;
	enum head_kind kind = head_field(line, &name, &value);
	struct field *last = r->nfields ? &r->fields[r->nfields - 1] : NULL;

	if (kind == HEAD_FOLD && last) {
		if (value.n)
			last->value_n = offset(t, value) + (uint32_t)value.n - last->value;
		last->folded = true;
		return;
	}
	if (kind == HEAD_FOLD)
		value = line; /* there is nothing it could go on with */
	*result_add_field(r) = (struct field){
	    .name = offset(t, name),
	    .name_n = (uint32_t)name.n,
	    .value = offset(t, value),
	    .value_n = (uint32_t)value.n,
	};
}

static int
read_fields(struct trip *t)
{
	struct str line;

	for (;;) {
		if (next_line(t, &line) != 0)
			return -1;
		if (!line.n)
			return 0;
		if (t->env->fields)
			keep_field(t, line);
		show(t, line);
	}
}

/*
 * RFC 9110 section 15.2: any number of interim heads come before the final one. 101 is final: nothing of HTTP follows.
 */
static bool
interim(int status)
{
	return status < 200 && status != 101;
}

static int
read_head(struct trip *t)
{
	t->r->phase = PHASE_WAIT;
	for (;;) {
		t->head_at = t->lines.at;
		result_drop_fields(t->r);
		if (expect_http(t) != 0)
			return -1;
		t->r->phase = PHASE_HEADERS;
		if (read_status(t) != 0 || read_fields(t) != 0)
			return -1;
		if (!interim(t->r->status))
			return 0;
		t->r->status = t->r->minor = 0; /* no final status line has come yet */
		t->r->reason = t->r->reason_n = 0;
	}
}

/* The head becomes the result's. */
static void
hand_over(struct trip *t)
{
	struct buf *read = &t->lines.read;
	struct result *r = t->r;

	if (t->head_at) {
		memmove(read->s, read->s + t->head_at, read->n - t->head_at);
		read->n -= t->head_at;
		t->lines.at -= t->head_at;
	}
	r->head = *read;
	r->head_n = t->lines.at;
	*read = (struct buf){0};
}

/* What the whole deadline's passing means depends on where it found us. */
static void
explain_timeout(const struct trip *t)
{
	double seconds = t->env->timeout;

	switch (t->r->phase) {
	case PHASE_SEND:
		err_set(&t->r->err, ERR_TIMEOUT, "the request could not be sent within %.10g s", seconds);
		break;
	case PHASE_HEADERS:
		err_set(&t->r->err, ERR_TIMEOUT, "the response head did not end within %.10g s", seconds);
		break;
	default:
		err_set(&t->r->err, ERR_TIMEOUT, "no response within %.10g s", seconds);
	}
}

int
fetch(const struct fetch_env *env, const struct watch *watch, struct result *r)
{
	struct trip t = {.env = env, .watch = watch, .r = r, .start = task_now(), .stream.fd = -1};
	int rc;

	t.now = t.start;
	t.end = t.start + env->timeout;
	lines_init(&t.lines, &t.stream, env->max_header_size);
	rc = url_parse(&r->url, r->target, NULL, &r->err);
	if (rc == 0)
		rc = connect_to(&t);
	if (rc == 0)
		rc = send_request(&t);
	if (rc == 0)
		rc = read_head(&t);
	r->timing.total = elapsed(&t);
	stream_close(&t.stream);
	hand_over(&t);
	if (rc != 0 && r->err.kind == ERR_TIMEOUT && t.now >= t.end)
		explain_timeout(&t); /* else it is the system's own, and says so */
	if (rc == 0)
		r->err.kind = ERR_NONE; /* also after a reset that came too late to matter */
	return rc;
}
