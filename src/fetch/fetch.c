/* fetch/fetch.c: fetch(): the recipe. */
#include "fetch/fetch.h"

#include "fetch/trip.h"
#include "rt/task.h"

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
	    .max_redirs = 10,
	    .retry_delay = 1,
	};
}

double
trip_elapsed(struct trip *t)
{
	t->now = task_now();
	return t->now - t->start;
}

double
trip_phase(struct trip *t, enum phase name, double seconds)
{
	double deadline = t->now + seconds;

	t->r->phase = name;
	return deadline < t->end ? deadline : t->end;
}

static int
send_request(struct trip *t)
{
	const struct proxy *proxy = t->proxy && !t->r->url.scheme->tls ? t->proxy : NULL;
	const struct request_hop hop = {
	    .method = t->method,
	    .proxied = proxy && proxy->kind != PROXY_SOCKS5H,
	    .proxy_auth = proxy ? proxy->auth : NULL,
	    .foreign = t->foreign,
	};
	struct buf b = {0};
	int rc;

	t->r->phase = PHASE_SEND;
	buf_block(&b);
	request_write(&b, &t->env->request, &t->r->url, &hop);
	rc = stream_write(&t->stream, b.s, b.n, t->end, &t->r->err);
	buf_clear(&b);
	/* a server may answer and hang up before it has read all: its answer counts */
	return t->r->err.kind == ERR_RESET ? 0 : rc;
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
	case PHASE_WAIT:
		err_set(&t->r->err, ERR_TIMEOUT, "no response within %.10g s", seconds);
		break;
	default: /* reach.c has said what it waited for */
		break;
	}
}

static void
hang_up(struct trip *t)
{
	struct limiter *l = t->env->limiter;

	stream_close(&t->stream);
	if (t->place.sa.sa_family != AF_UNSPEC)
		l->leave(l, &t->place);
	t->place = (struct addr){0};
}

/* One request and the head of its response. */
static int
ask(struct trip *t)
{
	struct result *r = t->r;
	int rc;

	lines_init(&t->lines, &t->stream, t->env->max_header_size);
	t->head_at = 0;
	rc = reach(t);
	if (rc == 0)
		rc = send_request(t);
	if (rc == 0)
		rc = answer_read(t);
	r->timing.total = trip_elapsed(t);
	hang_up(t);
	hand_over(t);
	if (rc != 0 && r->err.kind == ERR_TLS_HANDSHAKE)
		r->phase = PHASE_TLS; /* also where TLS 1.3 says so only when the answer is waited for */
	if (rc != 0 && r->err.kind == ERR_TIMEOUT && t->now >= t->end)
		explain_timeout(t); /* else it is the system's own, and says so */
	if (rc == 0)
		r->err.kind = ERR_NONE; /* also after a reset that came too late to matter */
	return rc;
}

/* The target, and wherever it leads. */
static int
attempt(struct trip *t)
{
	struct result *r = t->r;
	int rc = url_parse(&r->url, r->target, t->env->default_scheme, &r->err);

	r->attempts++;
	t->method = NULL;
	t->foreign = t->from_public = false;
	if (rc != 0)
		return -1;
	do
		rc = ask(t);
	while (rc == 0 && (rc = redirect(t)) > 0);
	return rc;
}

int
fetch(const struct fetch_env *env, const struct fetch_via *via, const struct watch *watch, struct result *r)
{
	static const struct fetch_via none;
	struct trip t = {
	    .env = env, .via = via ? via : &none, .watch = watch, .r = r, .start = task_now(), .stream.fd = -1};
	int rc;

	t.now = t.start;
	t.end = t.start + env->timeout;
	do
		rc = attempt(&t);
	while (retry(&t, rc));
	url_clear(&t.target);
	return r->err.kind == ERR_NONE ? 0 : -1;
}
