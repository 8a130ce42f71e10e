/* awget/histogram.c: times counted in fixed memory, and what they look like. */
#include "awget/histogram.h"

#include <math.h>
#include <stdbool.h>

#include "awget/html.h"
#include "base/real.h"

enum {
	BUCKETS = HISTOGRAM_DECADES * HISTOGRAM_STEPS,
	HALVES = 2 * HISTOGRAM_STEPS,
	PER_BAR = HISTOGRAM_STEPS / HISTOGRAM_BARS,
};
static const double least = 1e-5; /* seconds */

/* The picture: its size, and where the bars stand in it, in the units of its viewBox. */
enum { WIDTH = 240, HEIGHT = 106, LEFT = 2, RIGHT = 238, TOP = 4, BASE = 84, LABELS = 100 };

/*
 * The time at which a half of a bucket begins: least * pow(10, half / (2.0 * HISTOGRAM_STEPS)), but base/real.h says
 * why not by that.
 */
static double
at_half(size_t half)
{
	static const double ratio = 1.0292005271944282; /* of a half to that before it */
	static double times[2 * BUCKETS + 1];

	for (size_t i = 0; !times[2 * BUCKETS]; i++)
		times[i] = i >= HALVES ? 10 * times[i - HALVES] : i ? ratio * times[i - 1] : least;
	return times[half];
}

/* The bucket of a time that is not less than zero. */
static size_t
bucket(double seconds)
{
	size_t from = 0, to = BUCKETS;

	while (to - from > 1) {
		size_t i = (from + to) / 2;

		if (seconds < at_half(2 * i))
			to = i;
		else
			from = i;
	}
	return from;
}

void
histogram_add(struct histogram *h, double seconds)
{
	if (isnan(seconds) || seconds < 0)
		return;
	h->counts[bucket(seconds)]++;
	h->n++;
	h->max = real_max(h->max, seconds);
}

double
histogram_percentile(const struct histogram *h, double share)
{
	uint64_t wanted = (uint64_t)ceil((double)h->n * share), seen = 0;
	size_t i = 0;

	if (!h->n)
		return NAN;
	while (i < BUCKETS - 1 && (seen += h->counts[i]) < wanted)
		i++;
	return real_min(at_half(2 * i + 1), h->max);
}

uint64_t
histogram_bar(const struct histogram *h, size_t bar)
{
	uint64_t n = 0;

	for (size_t i = bar * PER_BAR; i < (bar + 1) * PER_BAR; i++)
		n += h->counts[i];
	return n;
}

double
histogram_edge(size_t bar)
{
	return at_half(2 * PER_BAR * bar);
}

void
histogram_span(const struct histogram *h, size_t n, size_t *from, size_t *to)
{
	*from = *to = 0;
	for (size_t i = 0; i < n * BUCKETS; i++) {
		size_t decade = i % BUCKETS / HISTOGRAM_STEPS;

		if (!h[i / BUCKETS].counts[i % BUCKETS])
			continue;
		if (!*to || decade < *from)
			*from = decade;
		if (decade + 1 > *to)
			*to = decade + 1;
	}
}

/* A number of the picture, to a tenth. */
static void
coordinate(struct buf *b, const char *name, double x)
{
	unsigned long long tenths = real_round(x * 10);

	buf_byte(b, ' ');
	buf_str(b, str_of(name));
	buf_str(b, STR("=\""));
	buf_number(b, tenths / 10, 1);
	buf_byte(b, '.');
	buf_number(b, tenths % 10, 1);
	buf_byte(b, '"');
}

static void
range(struct buf *b, size_t bar)
{
	html_duration(b, histogram_edge(bar));
	buf_str(b, STR(" to "));
	html_duration(b, histogram_edge(bar + 1));
}

/* A bar that is not empty can be seen, however low it is. */
static void
draw_bar(struct buf *b, size_t bar, double x, double width, uint64_t n, uint64_t most)
{
	double height = real_max((double)n / (double)most * (BASE - TOP), 1.5);

	buf_str(b, STR("<rect"));
	coordinate(b, "x", x + width * 0.06);
	coordinate(b, "y", BASE - height);
	coordinate(b, "width", width * 0.88);
	coordinate(b, "height", height);
	buf_str(b, STR("><title>"));
	range(b, bar);
	buf_str(b, STR(": "));
	html_count(b, n);
	buf_str(b, STR("</title></rect>"));
}

static void
draw_bars(const struct histogram *h, size_t from, size_t to, struct buf *b)
{
	double width = (double)(RIGHT - LEFT) / (double)((to - from) * HISTOGRAM_BARS);
	uint64_t most = 0;

	for (size_t i = from * HISTOGRAM_BARS; i < to * HISTOGRAM_BARS; i++)
		if (histogram_bar(h, i) > most)
			most = histogram_bar(h, i);
	for (size_t i = from * HISTOGRAM_BARS; i < to * HISTOGRAM_BARS; i++) {
		uint64_t n = histogram_bar(h, i);

		if (n)
			draw_bar(b, i, LEFT + width * (double)(i - from * HISTOGRAM_BARS), width, n, most);
	}
}

/* "10 ms": a whole power of ten. */
static void
power(struct buf *b, size_t decade)
{
	static const char *const names[] = {
	    "10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s", "1000 s"};

	buf_str(b, str_of(names[decade]));
}

static void
draw_label(struct buf *b, size_t decade, double x, const char *anchor)
{
	buf_str(b, STR("<text"));
	coordinate(b, "x", x);
	coordinate(b, "y", LABELS);
	buf_str(b, STR(" text-anchor="));
	buf_str(b, str_of(anchor));
	buf_byte(b, '>');
	power(b, decade);
	buf_str(b, STR("</text>"));
}

/* A line for each decade; for more than five there is no room for all labels. */
static void
draw_axis(size_t from, size_t to, struct buf *b)
{
	double width = (double)(RIGHT - LEFT) / (double)(to - from);
	size_t each = to - from > 5 ? 2 : 1;

	for (size_t i = from; i <= to; i++) {
		double x = LEFT + width * (double)(i - from);

		buf_str(b, STR("<line"));
		coordinate(b, "x1", x);
		coordinate(b, "x2", x);
		coordinate(b, "y1", TOP);
		coordinate(b, "y2", BASE + 4);
		buf_str(b, STR(" />"));
		if ((i - from) % each == 0)
			draw_label(b, i, x, i == from ? "start" : i == to ? "end" : "middle");
	}
	buf_printf(b, "<line class=base x1=%d x2=%d y1=%d y2=%d />", LEFT, RIGHT, BASE, BASE);
}

/* Some percentiles in a list, for which the bars are too wide. */
static void
describe(const struct histogram *h, struct buf *b)
{
	static const struct {
		const char *name;
		double share;
	} shares[] = {{"median", 0.5}, {"90%", 0.9}, {"99%", 0.99}};

	buf_str(b, STR("<dl>"));
	for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
		buf_str(b, STR("<div><dt>"));
		buf_str(b, str_of(shares[i].name));
		buf_str(b, STR("<dd>"));
		html_duration(b, histogram_percentile(h, shares[i].share));
		buf_str(b, STR("</div>"));
	}
	buf_str(b, STR("<div><dt>longest<dd>"));
	html_duration(b, h->max);
	buf_str(b, STR("</div></dl>"));
}

void
histogram_figure(const struct histogram *h, const char *name, const char *id, size_t from, size_t to, struct buf *b)
{
	if (!h->n || from >= to)
		return;
	buf_printf(b, "<figure><figcaption><b>%s</b> <span>", name);
	html_count(b, h->n);
	buf_printf(b, "</span></figcaption>\n<svg viewBox=\"0 0 %d %d\" role=img aria-labelledby=\"%s-t %s-d\">", WIDTH,
	    HEIGHT, id, id);
	buf_printf(b, "<title id=%s-t>Times: %s</title><desc id=%s-d>", id, name, id);
	buf_str(b, STR("How many took how long, on a logarithmic axis from "));
	power(b, from);
	buf_str(b, STR(" to "));
	power(b, to);
	buf_str(b, STR("</desc>"));
	draw_axis(from, to, b);
	draw_bars(h, from, to, b);
	buf_str(b, STR("</svg>\n"));
	describe(h, b);
	buf_str(b, STR("</figure>\n"));
}

void
histogram_table(const struct histogram *h, const char *const *names, size_t n, size_t from, size_t to, struct buf *b)
{
	buf_str(b, STR("<table class=numbers><thead><tr><th scope=col>Time"));
	for (size_t k = 0; k < n; k++) {
		buf_str(b, STR("<th scope=col>"));
		buf_str(b, str_of(names[k]));
	}
	buf_str(b, STR("<tbody>\n"));
	for (size_t i = from * HISTOGRAM_BARS; i < to * HISTOGRAM_BARS; i++) {
		buf_str(b, STR("<tr><th scope=row>"));
		range(b, i);
		for (size_t k = 0; k < n; k++) {
			buf_str(b, STR("<td>"));
			html_count(b, histogram_bar(&h[k], i));
		}
		buf_byte(b, '\n');
	}
	buf_str(b, STR("</table>\n"));
}
