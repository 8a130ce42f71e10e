/* awget/stats.c: outcomes counted, times as percentiles. */
#include "awget/stats.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/real.h"

/*
 * Times are counted in buckets: of each octave of microseconds, STEPS of the same width. So a percentile is right to
 * within 1/STEPS of itself, however many targets there are.
 */
enum { OCTAVES = 40, STEPS = 32, BUCKETS = OCTAVES * STEPS };

struct histogram {
	uint64_t counts[BUCKETS];
	uint64_t n;
	double max;
};

enum { DNS, CONNECT, TLS, FIRST_BYTE, HEAD, TOTAL, TIMES };
static const char *const time_names[TIMES] = {"dns", "connect", "tls", "first byte", "head", "total"};

struct stats {
	uint64_t kinds[ERR_KINDS];
	uint64_t agree, disagree; /* targets, by the verdict on their addresses */
	struct histogram times[TIMES];
};

struct stats *
stats_new(void)
{
	return xcalloc(1, sizeof(struct stats));
}

static size_t
bucket(double seconds)
{
	double us = seconds * 1e6;
	int octave;
	size_t i;

	if (us < 1)
		return 0;
	i = (size_t)((frexp(us, &octave) - 0.5) * 2 * STEPS);
	i += (size_t)(octave - 1) * STEPS;
	return i < BUCKETS ? i : BUCKETS - 1;
}

/* The middle of a bucket, in seconds. */
static double
middle(size_t i)
{
	return ldexp(1 + ((double)(i % STEPS) + 0.5) / STEPS, (int)(i / STEPS)) / 1e6;
}

static void
count(struct histogram *h, double seconds)
{
	if (isnan(seconds) || seconds < 0)
		return;
	h->counts[bucket(seconds)]++;
	h->n++;
	h->max = real_max(h->max, seconds);
}

static double
percentile(const struct histogram *h, double share)
{
	uint64_t wanted = (uint64_t)ceil((double)h->n * share), seen = 0;
	size_t i = 0;

	while (i < BUCKETS - 1 && (seen += h->counts[i]) < wanted)
		i++;
	return real_min(middle(i), h->max);
}

void
stats_add(struct stats *s, const struct result *r)
{
	const struct timing *t = &r->timing;

	s->kinds[r->err.kind]++;
	count(&s->times[DNS], t->dns - t->begun);
	count(&s->times[CONNECT], t->connect - t->dns);
	count(&s->times[TLS], t->tls - t->connect);
	count(&s->times[FIRST_BYTE], t->first_byte - (isnan(t->tls) ? t->connect : t->tls));
	if (r->err.kind == ERR_NONE) {
		count(&s->times[HEAD], t->total - t->first_byte);
		count(&s->times[TOTAL], t->total);
	}
}

void
stats_add_verdict(struct stats *s, bool agree)
{
	if (agree)
		s->agree++;
	else
		s->disagree++;
}

static void
report_times(const struct stats *s, struct buf *b)
{
	static const double shares[] = {0.5, 0.9, 0.99};
	uint64_t any = 0;

	for (size_t i = 0; i < TIMES; i++)
		any |= s->times[i].n;
	if (!any)
		return;
	buf_printf(b, "%-12s %9s %9s %9s %9s  (milliseconds)\n", "", "p50", "p90", "p99", "max");
	for (size_t i = 0; i < TIMES; i++) {
		const struct histogram *h = &s->times[i];

		if (!h->n)
			continue;
		buf_printf(b, "%-12s", time_names[i]);
		for (size_t k = 0; k < sizeof shares / sizeof *shares; k++)
			buf_printf(b, " %9.3f", percentile(h, shares[k]) * 1e3);
		buf_printf(b, " %9.3f\n", h->max * 1e3);
	}
}

void
stats_report(const struct stats *s, double seconds, double pause, struct buf *b)
{
	uint64_t all = 0;

	for (size_t i = 0; i < ERR_KINDS; i++)
		all += s->kinds[i];
	buf_printf(b, "%llu target%s in %.3f s, %.0f a second\n", (unsigned long long)all, all == 1 ? "" : "s", seconds,
	    seconds > 0 ? (double)all / seconds : 0);
	for (size_t i = 0; i < ERR_KINDS; i++)
		if (s->kinds[i])
			buf_printf(b, "%-16s %llu\n", i == ERR_NONE ? "answered" : err_name((enum err_kind)i),
			    (unsigned long long)s->kinds[i]);
	if (s->agree || s->disagree)
		buf_printf(b, "addresses agree for %llu target%s, not for %llu\n", (unsigned long long)s->agree,
		    s->agree == 1 ? "" : "s", (unsigned long long)s->disagree);
	report_times(s, b);
	buf_printf(b, "longest pause of the loop: %.3f ms\n", pause * 1e3);
}

void
stats_free(struct stats *s)
{
	free(s);
}
