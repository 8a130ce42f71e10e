/* tests/fuzz/date.c: any bytes as a date, and as the value of Retry-After. */
#include "http/date.h"

#include <string.h>

#include "fuzz.h"

/* Times to be now: long ago, the birthday of the format, the end of a century, far away. */
static const time_t nows[] = {0, 784111777, 4102444799, 253402300799};

/* t as RFC 9110 wants it written is t again, whatever now is. */
static void
check_date(time_t t)
{
	char text[64];
	struct tm tm;
	time_t again;

	HOLDS(gmtime_r(&t, &tm) != NULL);
	HOLDS(tm.tm_year > -1900 && tm.tm_year <= 9999 + 1 - 1900);
	if (tm.tm_year > 9999 - 1900) /* the leap second of the last day */
		return;
	snprintf(text, sizeof text, "Mon, %02d %.3s %04d %02d:%02d:%02d GMT", tm.tm_mday,
	    &"JanFebMarAprMayJunJulAugSepOctNovDec"[3 * tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
	    tm.tm_sec);
	HOLDS(http_date(str_of(text), 0, &again) && again == t);
}

static void
check_retry_after(struct str text, time_t now)
{
	double seconds = -1;
	time_t t;

	if (!http_retry_after(text, now, &seconds)) {
		HOLDS(!http_date(text, now, &t));
		return;
	}
	HOLDS(seconds >= 0 && seconds <= RETRY_AFTER_MAX);
	if (http_date(text, now, &t))
		HOLDS(seconds == 0 ? t <= now : t > now);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};

	for (size_t i = 0; i < sizeof nows / sizeof *nows; i++) {
		time_t t;

		if (http_date(text, nows[i], &t))
			check_date(t);
		check_retry_after(text, nows[i]);
	}
	return 0;
}
