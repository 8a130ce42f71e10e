/* awget/target.c: one target on its way from the input to its end. */
#include "awget/target.h"

#include <stdlib.h>
#include <string.h>

#include "awget/agree.h"
#include "awget/input.h"
#include "awget/line.h"
#include "awget/output.h"
#include "awget/pool.h"
#include "awget/stats.h"
#include "base/apart.h"
#include "base/mem.h"
#include "rt/group.h"

/* What waits for its turn is small; the rest is on the stack of target_run. */
struct target {
	struct run *run;
	struct target *next; /* of the spares */
	size_t n;
	bool too_long;
	struct str text; /* bytes, as it came */
	char bytes[];    /* and a NUL */
};

/* A target that has begun. */
struct story {
	struct run *run;
	size_t n;
	struct line line;
	struct fetch_via via;
	char *sni;     /* via's, on the heap */
	bool canceled; /* something of it was given up */
};

/* One of the addresses of a target. */
struct visit {
	struct story *story;
	struct agree *agree;
	struct fetch_via via;
	struct buf label;
	bool failed;
};

static void
note(const struct result *r, const char *text)
{
	output_error(r->label, text);
}

/* Short ones that have ended, for the next ones. */
enum { SHORT = 64 };
static struct target *spares;

static struct target *
allocate(size_t n)
{
	struct target *t = spares;

	if (n > SHORT)
		return xmalloc(sizeof *t + n);
	if (!t)
		return xmalloc(sizeof *t + SHORT);
	spares = t->next;
	return t;
}

struct target *
target_new(struct run *run, size_t n, struct str text, bool too_long)
{
	struct target *t = allocate(text.n + 1);

	memcpy(t->bytes, text.s, text.n);
	t->bytes[text.n] = '\0';
	t->run = run;
	t->n = n;
	run->counts.read++;
	t->too_long = too_long;
	t->text = (struct str){t->bytes, text.n};
	return t;
}

const char *
target_name(const struct target *t)
{
	return t->bytes;
}

void
target_free(struct target *t)
{
	if (t->text.n + 1 > SHORT) {
		free(t);
		return;
	}
	t->next = spares;
	spares = t;
}

void
target_end(void)
{
	while (spares) {
		struct target *t = spares;

		spares = t->next;
		free(t);
	}
}

static void
init(const struct story *s, struct result *r)
{
	result_init(r, s->n, s->line.target);
	r->tag = s->line.tag;
}

/* One result is told, and is over. True if the target answered. */
static bool
finish(struct story *s, struct result *r)
{
	bool ok = r->err.kind == ERR_NONE;

	s->canceled |= r->err.kind == ERR_CANCELED;
	run_tell(s->run, r);
	result_clear(r);
	return ok;
}

static void
fetch_one(const struct story *s, struct result *r, const struct fetch_via *via)
{
	const struct options *o = s->run->options;
	const struct watch watch = {.lines = o->format->lines, .note = o->verbose ? note : NULL};

	if (o->format->start)
		o->format->start(r->label);
	if (s->run->pool)
		pool_fetch(s->run->pool, via, &watch, r);
	else
		fetch(&o->env, via, &watch, r);
}

/* Like whatever is apart here: a task's stack has one result at a time. */
static APART void
visit(struct visit *v, const struct err *trouble)
{
	struct result r;

	init(v->story, &r);
	r.label = buf_view(&v->label);
	if (trouble)
		r.err = *trouble;
	else
		fetch_one(v->story, &r, &v->via);
	agree_add(v->agree, &v->via.address, &r);
	v->failed = !finish(v->story, &r);
}

static void *
visit_address(void *arg)
{
	visit(arg, NULL);
	return NULL;
}

static void
label_visit(struct visit *v)
{
	char text[ADDR_TEXT];

	buf_str(&v->label, v->story->line.target);
	buf_byte(&v->label, '@');
	buf_str(&v->label, str_of(addr_text(&v->via.address, text)));
	buf_cstr(&v->label);
}

/* Where memory for a coroutine is short, when another one has ended. No more at a time than targets. */
static void
start_visit(struct group *g, struct visit *v)
{
	struct err e;

	while (group_go(g, v->label.s, visit_address, v, &e) != 0)
		if (!g->running || group_wait_for(g, g->running - 1, &e) != 0) {
			visit(v, &e);
			return;
		}
}

static void
tell_verdict(const struct story *s, struct agree *agree)
{
	struct buf sentence = {0};
	bool same = agree_verdict(agree, &sentence);

	s->run->disagreed += !same;
	if (s->run->stats)
		stats_add_verdict(s->run->stats, same);
	output_error(s->line.target, buf_cstr(&sentence));
	buf_clear(&sentence);
}

/* A coroutine for each address, and a verdict after the last. True if all answered. */
static bool
visit_all(struct story *s, const struct addrs *addrs)
{
	struct visit *visits = xcalloc(addrs->n, sizeof *visits);
	struct agree *agree = agree_new(s->run->ignored);
	bool ok = true;
	struct group g;

	group_init(&g, s->run->options->concurrency);
	for (size_t i = 0; i < addrs->n; i++) {
		visits[i] = (struct visit){.story = s, .agree = agree, .via = s->via};
		visits[i].via.address = addrs->v[i];
		label_visit(&visits[i]);
		start_visit(&g, &visits[i]);
	}
	group_wait(&g, NULL);
	if (!s->canceled)
		tell_verdict(s, agree);
	for (size_t i = 0; i < addrs->n; i++) {
		ok &= !visits[i].failed;
		buf_clear(&visits[i].label);
	}
	agree_free(agree);
	free(visits);
	return ok;
}

/* True if it answered, at each of its addresses. */
static APART bool
fetch_every(struct story *s)
{
	struct addrs addrs = {0};
	struct result r;
	bool ok = false;

	init(s, &r);
	if (s->via.address.sa.sa_family != AF_UNSPEC)
		addrs_add(&addrs, s->via.address);
	else
		fetch_addresses(&s->run->options->env, &r, &addrs);
	if (r.err.kind == ERR_NONE) {
		result_clear(&r);
		ok = visit_all(s, &addrs);
	} else {
		finish(s, &r);
	}
	addrs_clear(&addrs);
	return ok;
}

/* True if it answered. */
static APART bool
tell_one(struct story *s)
{
	struct result r;

	init(s, &r);
	fetch_one(s, &r, &s->via);
	return finish(s, &r);
}

/* True if it answered, at all its addresses if that is asked for. */
static bool
tell_target(struct story *s)
{
	return s->run->options->all_addresses ? fetch_every(s) : tell_one(s);
}

/* True if it answered: it cannot. */
static APART bool
tell_trouble(struct story *s, const struct err *why)
{
	struct result r;

	init(s, &r);
	r.err = *why;
	return finish(s, &r);
}

/* A target and nothing else, as nearly every line is. */
static bool
is_word(const struct target *t)
{
	return !t->too_long && !memchr(t->bytes, ' ', t->text.n) && !memchr(t->bytes, '\t', t->text.n);
}

/* What the line says. 0 or -1. */
static int
read_line(struct story *s, const struct target *t, struct err *e)
{
	if (t->too_long)
		return err_set(e, ERR_INPUT, "longer than %d bytes", INPUT_LINE_MAX);
	if (line_parse(&s->line, t->text, e) != 0)
		return -1;
	s->via.address = s->line.address;
	if (s->line.sni.s)
		s->via.sni = s->sni = xmemdup(s->line.sni.s, s->line.sni.n);
	return 0;
}

static void
end(struct target *t, bool ok, bool canceled)
{
	struct run *run = t->run;

	run->counts.ended++;
	run->counts.failed += !ok;
	run->unfinished += canceled;
	target_free(t);
}

void
target_fail(struct target *t, const struct err *why)
{
	struct story s = {.run = t->run, .n = t->n, .line.target = t->text};

	t->run->counts.begun++;
	if (!t->too_long)
		line_parse(&s.line, t->text, NULL); /* what it is called, at least */
	tell_trouble(&s, why);
	end(t, false, false);
}

/* A line that says more than a target, or too much. True if it answered. */
static APART bool
tell_line(struct story *s, const struct target *t)
{
	const struct output *format = s->run->options->format;
	struct err e;

	if (read_line(s, t, &e) == 0)
		return tell_target(s);
	if (format->start)
		format->start(s->line.target);
	return tell_trouble(s, &e);
}

void *
target_run(void *arg)
{
	struct target *t = arg;
	struct story s = {.run = t->run, .n = t->n, .line.target = t->text};
	bool ok;

	t->run->counts.begun++;
	ok = is_word(t) ? tell_target(&s) : tell_line(&s, t);
	free(s.sni);
	end(t, ok, s.canceled);
	return NULL;
}
