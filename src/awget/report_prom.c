/* awget/report_prom.c: samples for Prometheus, in the text format 0.0.4 that node exporter collects from files. */
#include <math.h>
#include <string.h>
#include <time.h>

#include "awget/repeats.h"
#include "awget/report.h"
#include "net/tls.h"

enum family { UP, STATUS, PHASE, NOT_AFTER, FAILED, WARNED, CHANGED, FAMILIES };

static const struct {
	const char *name, *help;
} families[FAMILIES] = {
	[UP] = {"awget_target_up", "Whether the target answered."},
	[STATUS] = {"awget_target_http_status", "The status code of the answer."},
	[PHASE] = {"awget_target_phase_seconds", "How long each phase of the fetch took, and in total."},
	[NOT_AFTER] = {"awget_target_tls_not_after_timestamp_seconds", "When the certificate ends."},
	[FAILED] = {"awget_target_checks_failed", "How many checks do not hold."},
	[WARNED] = {"awget_target_checks_warned", "How many checks that only warn do not hold."},
	[CHANGED] = {"awget_target_changed", "Whether the target is different from the baseline."},
};

/* All samples of a family must come together: each has its spool. */
struct prom {
	struct spool samples[FAMILIES];
	struct buf labels;      /* of the present result, from "{" on, without "}" */
	struct repeats targets; /* label sets */
};

/* Of a label value; there are no line ends, they are \x0a. */
static report_escapes in_label = {['\\'] = "\\\\", ['"'] = "\\\""};

/*
 * A set of labels must not be there twice. It is kept as it is written, for different targets may be shown alike, and
 * so that a run with the same targets has the same sets. An empty label is the same as none.
 */
static void
make_labels(struct prom *p, const struct result *r)
{
	struct buf *b = &p->labels;
	unsigned times;

	b->n = 0;
	buf_str(b, STR("{target=\""));
	report_show(b, r->label, in_label);
	if (r->tag.n) {
		buf_str(b, STR("\",tag=\""));
		report_show(b, r->tag, in_label);
	}
	buf_byte(b, '"');
	times = repeats_count(&p->targets, buf_view(b));
	if (times == 1)
		return;
	buf_str(b, STR(",repeat=\""));
	buf_number(b, times, 1);
	buf_byte(b, '"');
}

/* Begins a sample of the present result; its value and the line end follow. */
static struct buf *
sample(struct prom *p, enum family f, struct str more)
{
	struct buf *b = &p->samples[f].buf;

	buf_str(b, str_of(families[f].name));
	buf_str(b, buf_view(&p->labels));
	buf_str(b, more);
	buf_str(b, STR("} "));
	return b;
}

static void
whole(struct prom *p, enum family f, size_t value)
{
	struct buf *b = sample(p, f, STR(""));

	buf_number(b, value, 1);
	buf_byte(b, '\n');
}

static void
phase(struct prom *p, struct str more, double seconds)
{
	struct buf *b;

	if (isnan(seconds) || seconds < 0)
		return;
	b = sample(p, PHASE, more);
	report_seconds(b, seconds);
	buf_byte(b, '\n');
}

/* As --stats counts them, but for the total, which is that of a target without an answer, too. */
static void
phases(struct prom *p, const struct timing *t)
{
	phase(p, STR(",phase=\"dns\""), t->dns - t->begun);
	phase(p, STR(",phase=\"connect\""), t->connect - t->dns);
	phase(p, STR(",phase=\"tls\""), t->tls - t->connect);
	phase(p, STR(",phase=\"first_byte\""), t->first_byte - (isnan(t->tls) ? t->connect : t->tls));
	phase(p, STR(",phase=\"total\""), t->total);
}

static void
add(void *state, struct sink *to, const struct result *r, const struct verdict *v)
{
	struct prom *p = state;

	(void)to;
	make_labels(p, r);
	whole(p, UP, r->err.kind == ERR_NONE);
	if (r->status)
		whole(p, STATUS, (size_t)r->status);
	phases(p, &r->timing);
	if (r->tls && !isnan(r->tls->not_after)) {
		struct buf *b = sample(p, NOT_AFTER, STR(""));

		buf_printf(b, "%.0f\n", r->tls->not_after);
	}
	if (v->checks) {
		whole(p, FAILED, v->checks->failed);
		whole(p, WARNED, v->checks->warned);
	}
	if (v->changes)
		whole(p, CHANGED, verdict_changed(v));
	for (size_t i = 0; i < FAMILIES; i++)
		spool_piece(&p->samples[i]);
}

static void
head(struct buf *b, const char *name, const char *help)
{
	buf_printf(b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void
total(struct buf *b, const char *name, const char *help, double value, int decimals)
{
	head(b, name, help);
	buf_printf(b, "%s %.*f\n", name, decimals, value);
}

static void
totals(struct buf *b, const struct summary *s)
{
	head(b, "awget_targets", "How many targets answered, and how many did not.");
	buf_printf(b, "awget_targets{outcome=\"answered\"} %zu\nawget_targets{outcome=\"unanswered\"} %zu\n",
	    s->answered, s->unanswered);
	total(b, "awget_check_failures", "How many checks do not hold, of all targets.", (double)s->check_failures, 0);
	total(b, "awget_check_warnings", "How many checks that only warn do not hold, of all targets.",
	    (double)s->check_warnings, 0);
	total(b, "awget_run_interrupted", "Whether the run ended before all targets were tried.", s->interrupted, 0);
	total(b, "awget_run_duration_seconds", "How long the run took.", s->seconds, 6);
	total(b, "awget_run_timestamp_seconds", "When the run ended.", (double)time(NULL), 0);
}

static void
end(void *state, struct sink *to, const struct summary *s)
{
	struct prom *p = state;
	struct buf *b = sink_buf(to);

	for (size_t i = 0; i < FAMILIES; i++) {
		if (!p->samples[i].buf.n && !p->samples[i].n && !p->samples[i].failed)
			continue;
		head(b, families[i].name, families[i].help);
		spool_pour(&p->samples[i], to);
	}
	totals(b, s);
}

static void
clear(void *state)
{
	struct prom *p = state;

	for (size_t i = 0; i < FAMILIES; i++)
		spool_clear(&p->samples[i]);
	buf_clear(&p->labels);
	repeats_clear(&p->targets);
}

const struct report_kind report_prom = {
    .name = "prom", .size = sizeof(struct prom), .spools = true, .add = add, .end = end, .clear = clear};
