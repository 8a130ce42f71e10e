/* check/checks.c: the checks of a run, held against results. */
#include "check/checks.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "check/rules.h"

struct checks *
checks_new(void)
{
	return xcalloc(1, sizeof(struct checks));
}

int
checks_add(struct checks *c, const char *text, struct err *e)
{
	struct source s = {.shown = rules_file(c, "-e"), .number = ++c->arguments, .argument = true};

	return rules_line(c, &s, str_of(text), e);
}

int
checks_add_file(struct checks *c, const char *path, struct err *e)
{
	c->excerpt.n = 0;
	return rules_read(c, NULL, path, path, e);
}

int
checks_add_preset(struct checks *c, const char *name, struct err *e)
{
	struct buf path = {0}, shown = {0};
	int rc = rules_find_preset(str_of(name), &path, &shown, e);

	c->excerpt.n = 0;
	if (rc == 0)
		rc = rules_read(c, NULL, path.s, buf_cstr(&shown), e);
	buf_clear(&path);
	buf_clear(&shown);
	return rc;
}

struct str
checks_excerpt(const struct checks *c)
{
	return buf_view(&c->excerpt);
}

size_t
checks_count(const struct checks *c)
{
	return c->n;
}

void
checks_list(const struct checks *c, struct buf *b)
{
	const struct scope *scope = NULL;

	for (size_t i = 0; i < c->n; i++) {
		const struct rule *rule = &c->v[i];

		if (rule->scope != scope) {
			scope = rule->scope;
			scope_write(scope, b);
			buf_byte(b, '\n');
		}
		buf_str(b, rule->parsed.written);
		buf_str(b, STR("  # "));
		text_show(b, str_of(rule->file));
		buf_byte(b, ':');
		buf_number(b, rule->number, 1);
		buf_byte(b, '\n');
	}
}

const char *
check_verdict_name(enum check_verdict verdict)
{
	static const char *const names[] = {
	    [CHECK_PASS] = "pass",
	    [CHECK_SKIP] = "skip",
	    [CHECK_WARN] = "warn",
	    [CHECK_FAIL] = "fail",
	};

	return names[verdict];
}

/* --- judging --- */

/* A regular expression that gives up leaves nothing known: that is a failure, whatever else there is. */
static enum check_verdict
verdict_of(const struct rule *rule, struct judge *j)
{
	bool skipped, held;

	j->gave_up = NULL;
	j->steps = REGEX_STEPS;
	skipped = rule->parsed.guard && !expr_holds(rule->parsed.guard, j);
	held = !skipped && !j->gave_up && expr_holds(rule->parsed.expr, j);
	if (!j->gave_up && (skipped || held))
		return skipped ? CHECK_SKIP : CHECK_PASS;
	return rule->parsed.warn ? CHECK_WARN : CHECK_FAIL;
}

static void
add_found(const struct rule *rule, struct judge *j, struct buf *b)
{
	if (!j->gave_up) {
		j->steps = REGEX_STEPS;
		expr_found(rule->parsed.expr, j, b);
		return;
	}
	buf_str(b, STR("gave up on /"));
	text_show(b, j->gave_up->text);
	buf_str(b, STR("/: it takes too many steps"));
}

static void
judge_rule(struct checks *c, const struct rule *rule)
{
	struct check_outcome *o = &c->outcomes.v[c->outcomes.n++];
	size_t from = c->found.n;

	*o = (struct check_outcome){verdict_of(rule, &c->judge), rule->parsed.id, rule->parsed.text, {0}};
	if (rule->shown)
		o->text = str_of(rule->shown);
	if (o->verdict < CHECK_WARN)
		return;
	c->outcomes.failed += o->verdict == CHECK_FAIL;
	c->outcomes.warned += o->verdict == CHECK_WARN;
	add_found(rule, &c->judge, &c->found);
	o->found.n = c->found.n - from;
}

/* Now that c->found moves no more. */
static void
place_found(struct check_outcomes *outcomes, const char *found)
{
	for (size_t i = 0; i < outcomes->n; i++)
		if (outcomes->v[i].verdict >= CHECK_WARN) {
			outcomes->v[i].found.s = found;
			found += outcomes->v[i].found.n;
		}
}

const struct check_outcomes *
checks_judge(struct checks *c, const struct result *r)
{
	const struct scope *scope = NULL;
	bool wanted = true;

	if (c->outcomes_cap < c->n) {
		c->outcomes_cap = c->n;
		c->outcomes.v = xrealloc(c->outcomes.v, c->n * sizeof *c->outcomes.v);
	}
	c->outcomes.n = c->outcomes.failed = c->outcomes.warned = 0;
	c->found.n = 0;
	c->judge.turn++;
	intern_find(&c->judge.names, r);
	slots_begin(&c->judge.view, r, &c->judge.names);
	for (size_t i = 0; i < c->n; i++) {
		if (c->v[i].scope != scope) {
			scope = c->v[i].scope;
			wanted = scope_holds(scope, r);
		}
		if (wanted)
			judge_rule(c, &c->v[i]);
	}
	if (c->found.n)
		place_found(&c->outcomes, c->found.s);
	return &c->outcomes;
}

void
checks_free(struct checks *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++) {
		parse_clear(&c->v[i].parsed);
		free(c->v[i].line);
		free(c->v[i].shown);
	}
	for (size_t i = 0; i < c->nfiles; i++)
		free(c->files[i]);
	free(c->v);
	free(c->share.v);
	free(c->files);
	free(c->outcomes.v);
	scope_free(c->scopes);
	intern_clear(&c->judge.names);
	slots_end(&c->judge.view);
	buf_clear(&c->judge.lower);
	buf_clear(&c->excerpt);
	buf_clear(&c->found);
	free(c);
}
