/* record/record_time.c: a time as records have it. */
#include "record/parts.h"

/* 9999-12-31T23:59:59Z: a certificate that is never to expire ends then (RFC 5280 section 4.1.2.5). */
static const double end_of_years = 253402300799;

/* Takes up to `most` digits from the front of *s, and the byte behind them, which must be `end`. -1 if it cannot. */
static int
take(struct str *s, size_t most, char end)
{
	int value = 0;
	size_t i = 0;

	for (; i < s->n && i < most && s->s[i] >= '0' && s->s[i] <= '9'; i++)
		value = value * 10 + (s->s[i] - '0');
	if (i == 0 || i == s->n || s->s[i] != end)
		return -1;
	s->s += i + 1, s->n -= i + 1;
	return value;
}

/* Takes the seconds, with or without a fraction, and "Z": all that there is. -1 if it cannot. */
static double
take_seconds(struct str s)
{
	struct str rest = s;
	int second = take(&rest, 2, 'Z');
	double seconds, unit = 1;

	if (second >= 0)
		return rest.n ? -1 : second;
	seconds = take(&s, 2, '.');
	for (; s.n > 1 && *s.s >= '0' && *s.s <= '9'; s.s++, s.n--)
		seconds += (*s.s - '0') * (unit /= 10);
	return seconds >= 0 && unit < 1 && s.n == 1 && *s.s == 'Z' ? seconds : -1;
}

static bool
is_day(int year, int month, int day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (leap && month == 2);
}

/* Days since 1970. Years are counted from March, so that a leap day is the last, and from -400, to be positive. */
static long
days_of(int year, int month, int day)
{
	long years = year + 400 - (month < 3), months = (month + 9) % 12;

	return 365 * years + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day - 1 - 865565;
}

bool
record_time(struct str s, double *t)
{
	int year = take(&s, 4, '-'), month = take(&s, 2, '-'), day = take(&s, 2, 'T');
	int hour = take(&s, 2, ':'), minute = take(&s, 2, ':');
	double second = take_seconds(s);

	if (year < 0 || !is_day(year, month, day) || hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return false;
	if (second < 0 || second >= 61) /* 60 is a leap second */
		return false;
	*t = (double)(((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60) + second;
	return *t <= end_of_years;
}
