/* awget/progress.c: one line that says how far we are. */
#include "awget/progress.h"

#include <math.h>

/* Seconds; of more than a thousand hours nobody is to be told. */
static const double most_left = 3.6e6;

static void
add_time(struct buf *b, double seconds)
{
	unsigned long s = (unsigned long)(seconds + 0.5);

	if (s >= 3600) {
		buf_number(b, s / 3600, 1);
		buf_byte(b, ':');
	}
	buf_number(b, s / 60 % 60, s >= 3600 ? 2 : 1);
	buf_byte(b, ':');
	buf_number(b, s % 60, 2);
}

void
progress_line(const struct progress *p, struct buf *b)
{
	double rate = p->seconds > 0 ? (double)p->ended / p->seconds : 0;
	double left = p->share > 0 ? ((double)p->read / p->share - (double)p->ended) / rate : NAN;

	buf_printf(
	    b, "awget: %zu done, %zu failed, %zu in flight, %.0f/s", p->ended, p->failed, p->begun - p->ended, rate);
	if (left < most_left) { /* neither NAN nor infinite */
		buf_str(b, STR(", "));
		add_time(b, left);
		buf_str(b, STR(" left"));
	}
}
