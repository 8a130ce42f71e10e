/* fetch/retry.c: whether another attempt is worth while, and when. */
#include <math.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "fetch/trip.h"
#include "base/real.h"
#include "http/date.h"
#include "rt/task.h"

/* Seconds; the waits do not double beyond it. */
static const double longest = 60;

/* What may be better a little later. A name that does not exist, or a certificate, will not. */
static bool
is_transient(enum err_kind kind)
{
	switch (kind) {
	case ERR_DNS_SERVFAIL:
	case ERR_DNS_TIMEOUT:
	case ERR_CONNECT_REFUSED:
	case ERR_CONNECT_TIMEOUT:
	case ERR_UNREACHABLE:
	case ERR_RESET:
	case ERR_TIMEOUT:
	case ERR_LOCAL:
		return true;
	default:
		return false;
	}
}

static bool
is_worth_while(const struct result *r, int rc)
{
	if (rc != 0)
		return is_transient(r->err.kind);
	return r->status == 429 || (r->status >= 500 && r->status < 600);
}

/* From 0 to 1. */
static double
chance(void)
{
	unsigned n;

	if (getrandom(&n, sizeof n, GRND_NONBLOCK) != sizeof n)
		n = (unsigned)random();
	return (double)n / 4294967296.;
}

/*
 * Any time up to a limit that doubles with each attempt ("full jitter"), so that many clients that failed together do
 * not come back together. A server that names its time (RFC 9110 section 10.2.3) is obeyed.
 */
static double
pause_before(const struct trip *t)
{
	struct str value = result_find(t->r, STR("Retry-After"));
	double named;

	if (t->r->status && value.s && http_retry_after(value, time(NULL), &named))
		return named;
	return chance() * real_min(longest, ldexp(t->env->retry_delay, (int)t->r->attempts - 1));
}

static void
tell(const struct trip *t, int rc, double pause)
{
	struct buf b = {0};

	if (!t->watch->note)
		return;
	if (rc != 0)
		buf_printf(&b, "attempt %u failed: %s", t->r->attempts, t->r->err.text);
	else
		buf_printf(&b, "attempt %u: status %d", t->r->attempts, t->r->status);
	buf_printf(&b, "; the next one in %.1f s", pause);
	t->watch->note(t->r, buf_cstr(&b));
	buf_clear(&b);
}

bool
retry(struct trip *t, int rc)
{
	double pause;

	if (t->r->attempts > t->env->retries || !is_worth_while(t->r, rc))
		return false;
	pause = pause_before(t);
	if (task_now() + pause >= t->end) /* what there is is all there will be */
		return false;
	tell(t, rc, pause);
	if (task_sleep(pause, &t->r->err) != 0) /* what there was is not what would have been */
		return false;
	result_restart(t->r);
	url_clear(&t->target);
	t->r->timing.begun = trip_elapsed(t);
	return true;
}
