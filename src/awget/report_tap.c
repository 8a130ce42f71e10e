/* awget/report_tap.c: TAP, the Test Anything Protocol (testanything.org, version 14): a line for each check. */
#include "awget/report.h"

struct tap {
	size_t n; /* points so far */
};

/* Of a description, "Escaping". */
static report_escapes in_line = {['#'] = "\\#", ['\\'] = "\\\\"};

/* Of a scalar in single quotes (YAML 1.2 section 7.3.2). */
static report_escapes in_quotes = {['\''] = "''"};

/* Of a literal block (section 8.1.2). */
static report_escapes in_block = {NULL};

/*
 * Perl's prove refuses a stream that calls itself version 14, and reads all that is in one of ours. A reader of 14 may
 * take 13 for it ("Version"), since that is what 14 wrote down.
 */
static void
begin(void *state, struct sink *to, const struct report_env *env)
{
	(void)state;
	(void)env;
	buf_str(sink_buf(to), STR("TAP version 13\n"));
}

/* "ok 1 - TARGET: NAME" and what is given behind it. */
static void
point(struct tap *t, struct buf *b, bool ok, const struct result *r, struct str name, struct str directive)
{
	buf_str(b, ok ? STR("ok ") : STR("not ok "));
	buf_number(b, ++t->n, 1);
	buf_str(b, STR(" - "));
	report_show(b, r->label, in_line);
	buf_str(b, STR(": "));
	report_show(b, name, in_line);
	buf_str(b, directive);
	buf_byte(b, '\n');
}

/* "KEY: 'VALUE REST'" */
static void
pair(struct buf *b, struct str key, struct str value, struct str rest)
{
	buf_str(b, STR("  "));
	buf_str(b, key);
	buf_str(b, STR(": '"));
	report_show(b, value, in_quotes);
	buf_str(b, rest);
	buf_str(b, STR("'\n"));
}

/* Begins a block, which ends with "..." */
static void
diagnostic(struct buf *b, struct str message, struct str rest, struct str severity)
{
	buf_str(b, STR("  ---\n"));
	pair(b, STR("message"), message, rest);
	buf_str(b, STR("  severity: "));
	buf_str(b, severity);
	buf_byte(b, '\n');
}

/* A warning is a TODO: no harness must take one that is not ok for a failure ("TODO tests"), but it is told. */
static void
outcome(struct tap *t, struct buf *b, const struct result *r, const struct check_outcome *o)
{
	static const struct {
		bool ok;
		const char *directive, *severity;
	} rows[] = {
		[CHECK_PASS] = {true, "", ""},
		[CHECK_SKIP] = {true, " # SKIP guard does not hold", ""},
		[CHECK_WARN] = {false, " # TODO warning", "warning"},
		[CHECK_FAIL] = {false, "", "fail"},
	};

	point(t, b, rows[o->verdict].ok, r, report_check_name(o), str_of(rows[o->verdict].directive));
	if (rows[o->verdict].ok)
		return;
	diagnostic(b, o->text, STR(" does not hold"), str_of(rows[o->verdict].severity));
	pair(b, STR("found"), o->found, STR(""));
	buf_str(b, STR("  ...\n"));
}

static void
answered(struct tap *t, struct buf *b, const struct result *r)
{
	point(t, b, r->err.kind == ERR_NONE, r, STR("answers"), STR(""));
	if (r->err.kind == ERR_NONE)
		return;
	diagnostic(b, str_of(r->err.text), STR(""), STR("fail"));
	pair(b, STR("error"), str_of(err_name(r->err.kind)), STR(""));
	buf_str(b, STR("  ...\n"));
}

static void
unchanged(struct tap *t, struct buf *b, const struct result *r, const struct changes *c)
{
	point(t, b, !c->n, r, STR("unchanged"), STR(""));
	if (!c->n)
		return;
	diagnostic(b, STR("changed since the baseline"), STR(""), STR("fail"));
	buf_str(b, STR("  changes: |\n"));
	report_changes(b, c, STR("    "), in_block);
	buf_str(b, STR("  ...\n"));
}

static void
add(void *state, struct sink *to, const struct result *r, const struct verdict *v)
{
	struct tap *t = state;
	struct buf *b = sink_buf(to);

	if (r->err.kind != ERR_NONE || !v->checks || !v->checks->n)
		answered(t, b, r);
	for (size_t i = 0; v->checks && i < v->checks->n; i++) {
		outcome(t, b, r, &v->checks->v[i]);
		sink_piece(to);
	}
	if (v->changes)
		unchanged(t, b, r, v->changes);
}

static void
end(void *state, struct sink *to, const struct summary *s)
{
	const struct tap *t = state;
	struct buf *b = sink_buf(to);

	if (s->gone) {
		buf_str(b, STR("# targets of the baseline that were not there: "));
		buf_number(b, s->gone, 1);
		buf_byte(b, '\n');
	}
	if (s->interrupted)
		buf_str(b, STR("Bail out! interrupted\n"));
	buf_str(b, STR("1.."));
	buf_number(b, t->n, 1);
	buf_str(b, t->n ? STR("\n") : STR(" # SKIP no targets\n"));
}

const struct report_kind report_tap = {
	.name = "tap", .size = sizeof(struct tap), .begin = begin, .add = add, .end = end};
