/* awget/target.c: one target on its way from the input to its end. */
#include "awget/target.h"

#include <stdlib.h>
#include <string.h>

#include "awget/agree.h"
#include "awget/input.h"
#include "awget/line.h"
#include "awget/output.h"
#include "base/mem.h"
#include "rt/group.h"

struct target {
	struct run *run;
	size_t n;
	struct line line;
	struct fetch_via via;
	struct err err;   /* why there is nothing to fetch */
	struct str text;  /* bytes, as it came */
	char bytes[];     /* and a NUL; then, if there is one, the name for TLS and a NUL */
};

/* One of the addresses of a target. */
struct visit {
	struct target *target;
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

/* The name for TLS gets a NUL of its own. */
static void
set_sni(struct target *t)
{
	char *to = t->bytes + t->text.n + 1;

	if (!t->line.sni.s)
		return;
	memcpy(to, t->line.sni.s, t->line.sni.n);
	to[t->line.sni.n] = '\0';
	t->via.sni = to;
}

struct target *
target_new(struct run *run, struct str text, bool too_long)
{
	bool plain = !memchr(text.s, ' ', text.n) && !memchr(text.s, '\t', text.n);
	struct target *t = xmalloc(sizeof *t + (plain ? 1 : 2) * (text.n + 1));

	memcpy(t->bytes, text.s, text.n);
	t->bytes[text.n] = '\0';
	t->run = run;
	t->n = ++run->counts.read;
	t->text = (struct str){t->bytes, text.n};
	t->line = (struct line){.target = t->text};
	t->via = (struct fetch_via){0};
	t->err.kind = ERR_NONE;
	if (too_long)
		err_set(&t->err, ERR_INPUT, "longer than %d bytes", INPUT_LINE_MAX);
	else if (!plain && line_parse(&t->line, t->text, &t->err) == 0)
		set_sni(t);
	t->via.address = t->line.address;
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
	free(t);
}

static void
init(const struct target *t, struct result *r)
{
	result_init(r, t->n, t->line.target);
	r->tag = t->line.tag;
}

/* One result is told, and is over. True if the target answered. */
static bool
finish(struct run *run, struct result *r)
{
	const struct output *format = run->options->format;
	bool ok = r->err.kind == ERR_NONE, canceled = r->err.kind == ERR_CANCELED;

	if (format->done)
		format->done(r);
	/* a JSON record tells of the failure itself; who interrupts gets a count */
	if (!ok && !canceled && format != &out_json)
		output_error(r->label, r->err.text);
	if (run->stats)
		stats_add(run->stats, r);
	result_clear(r);
	return ok;
}

static bool
fetch_one(struct target *t, struct result *r, const struct fetch_via *via)
{
	const struct options *o = t->run->options;
	const struct watch watch = {.line = o->format->line, .note = o->verbose ? note : NULL};

	if (o->format->start)
		o->format->start(r->label);
	return fetch(&o->env, via, &watch, r) == 0;
}

static void *
visit_address(void *arg)
{
	struct visit *v = arg;
	struct target *t = v->target;
	struct result r;

	init(t, &r);
	r.label = buf_view(&v->label);
	fetch_one(t, &r, &v->via);
	agree_add(v->agree, &v->via.address, &r);
	v->failed = !finish(t->run, &r);
	return NULL;
}

static void
label_visit(struct visit *v)
{
	char text[ADDR_TEXT];

	buf_str(&v->label, v->target->line.target);
	buf_byte(&v->label, '@');
	buf_str(&v->label, str_of(addr_text(&v->via.address, text)));
	buf_cstr(&v->label);
}

static void
tell_verdict(struct target *t, struct agree *agree)
{
	struct buf sentence = {0};
	bool same = agree_verdict(agree, &sentence);

	t->run->disagreed += !same;
	if (t->run->stats)
		stats_add_verdict(t->run->stats, same);
	output_error(t->line.target, buf_cstr(&sentence));
	buf_clear(&sentence);
}

/* A coroutine for each address, and a verdict after the last. True if all answered. */
static bool
visit_all(struct target *t, const struct addrs *addrs)
{
	struct visit *visits = xcalloc(addrs->n, sizeof *visits);
	struct agree *agree = agree_new(t->run->ignored);
	bool ok = true;
	struct group g;

	group_init(&g, 0);
	for (size_t i = 0; i < addrs->n; i++) {
		struct visit *v = &visits[i];

		*v = (struct visit){.target = t, .agree = agree, .via = t->via};
		v->via.address = addrs->v[i];
		label_visit(v);
		while (group_go(&g, v->label.s, visit_address, v, NULL) != 0 && g.running)
			group_wait_for(&g, g.running - 1, NULL);
	}
	group_wait(&g, NULL);
	for (size_t i = 0; i < addrs->n; i++) {
		ok &= !visits[i].failed;
		buf_clear(&visits[i].label);
	}
	tell_verdict(t, agree);
	agree_free(agree);
	free(visits);
	return ok;
}

/* True if it answered, at each of its addresses. */
static bool
fetch_every(struct target *t, struct result *r)
{
	struct addrs addrs = {0};
	bool ok = false;

	if (t->via.address.sa.sa_family != AF_UNSPEC)
		addrs_add(&addrs, t->via.address);
	else
		fetch_addresses(&t->run->options->env, r, &addrs);
	if (addrs.n) {
		result_clear(r);
		ok = visit_all(t, &addrs);
	} else {
		finish(t->run, r);
	}
	addrs_clear(&addrs);
	return ok;
}

static void
begin(struct target *t)
{
	t->run->counts.begun++;
}

/* The end of a target's story, told once. */
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
	struct result r;

	begin(t);
	init(t, &r);
	r.err = *why;
	finish(t->run, &r);
	end(t, false, false);
}

void *
target_run(void *arg)
{
	struct target *t = arg;
	struct result r;
	bool ok;

	if (t->err.kind != ERR_NONE) {
		if (t->run->options->format->start)
			t->run->options->format->start(t->line.target);
		target_fail(t, &t->err);
		return NULL;
	}
	begin(t);
	init(t, &r);
	if (t->run->ignored) {
		ok = fetch_every(t, &r);
	} else {
		fetch_one(t, &r, &t->via);
		ok = finish(t->run, &r);
	}
	end(t, ok, task_canceled());
	return NULL;
}
