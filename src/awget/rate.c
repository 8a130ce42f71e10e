/* awget/rate.c: --rate: when the next target may begin. */
#include "awget/rate.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "awget/options.h"
#include "base/real.h"

/* "15s", or only "s" for 1s. */
static bool
parse_unit(const char *text, double *seconds)
{
	char one[8];

	if (isdigit((unsigned char)*text))
		return !isdigit((unsigned char)text[strlen(text) - 1]) && options_seconds(text, seconds);
	return *text && snprintf(one, sizeof one, "1%s", text) < (int)sizeof one && options_seconds(one, seconds);
}

bool
rate_parse(struct rate *r, const char *text)
{
	const char *slash = strchr(text, '/');
	size_t digits = strspn(text, "0123456789");
	double n = strtod(text, NULL), seconds = 1;

	if (!digits || text + digits != (slash ? slash : text + strlen(text)) || !(n >= 1 && n <= 1e6))
		return false;
	if (slash && !parse_unit(slash + 1, &seconds))
		return false;
	*r = (struct rate){.interval = seconds / n, .next = -INFINITY};
	return true;
}

double
rate_take(struct rate *r, double now)
{
	double due = real_max(r->next, now - RATE_LATE);

	if (isinf(r->next)) /* the first one has missed nothing */
		due = now;
	r->next = due + r->interval;
	return due;
}
