/* http/date.c: dates and Retry-After. Without the C library's calendar, which depends on the locale. */
#include "http/date.h"

/* What a date says, before anybody has asked whether there is such a day. */
struct date {
	int year, month, day, hour, minute, second; /* month from 0 */
	bool short_year;
};

static const char *const days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
static const char *const months[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

enum { EPOCH = 719162 }; /* days from the first of January of the year 1 to that of 1970 */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void
skip(struct str *s, size_t n)
{
	*s = (struct str){s->s + n, s->n - n};
}

/* Each take_ moves *s behind what it takes; false if something else stands there. */
static bool
take(struct str *s, char c)
{
	if (!s->n || s->s[0] != c)
		return false;
	skip(s, 1);
	return true;
}

static bool
take_word(struct str *s, struct str word)
{
	if (s->n < word.n || !str_eq_fold((struct str){s->s, word.n}, word))
		return false;
	skip(s, word.n);
	return true;
}

/* A number of min to max digits. */
static bool
take_number(struct str *s, size_t min, size_t max, int *number)
{
	size_t n = 0;

	for (*number = 0; n < max && n < s->n && is_digit(s->s[n]); n++)
		*number = *number * 10 + (s->s[n] - '0');
	skip(s, n);
	return n >= min && !(s->n && is_digit(s->s[0]));
}

static bool
take_day_name(struct str *s)
{
	for (size_t i = 0; i < sizeof days / sizeof *days; i++)
		if (take_word(s, str_of(days[i])) || take_word(s, (struct str){days[i], 3}))
			return true;
	return false;
}

static bool
take_month(struct str *s, int *month)
{
	for (*month = 0; *month < 12; ++*month)
		if (take_word(s, str_of(months[*month])))
			return true;
	return false;
}

static bool
take_time(struct str *s, struct date *d)
{
	return take_number(s, 2, 2, &d->hour) && take(s, ':') && take_number(s, 2, 2, &d->minute) && take(s, ':') &&
	    take_number(s, 2, 2, &d->second);
}

static bool
take_year(struct str *s, struct date *d)
{
	size_t before = s->n;

	if (!take_number(s, 2, 4, &d->year))
		return false;
	d->short_year = before - s->n == 2;
	return before - s->n != 3;
}

/* " 06 Nov 1994 08:49:37 GMT", " 06-Nov-94 08:49:37 GMT" */
static bool
take_fixdate(struct str *s, struct date *d)
{
	char between;

	if (!take(s, ' ') || !take_number(s, 1, 2, &d->day) || !s->n)
		return false;
	between = s->s[0] == '-' ? '-' : ' ';
	return take(s, between) && take_month(s, &d->month) && take(s, between) && take_year(s, d) && take(s, ' ') &&
	    take_time(s, d) && take_word(s, STR(" GMT"));
}

/* " Nov  6 08:49:37 1994" */
static bool
take_asctime(struct str *s, struct date *d)
{
	if (!take(s, ' ') || !take_month(s, &d->month) || !take(s, ' '))
		return false;
	take(s, ' ');
	return take_number(s, 1, 2, &d->day) && take(s, ' ') && take_time(s, d) && take(s, ' ') &&
	    take_number(s, 4, 4, &d->year);
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Is there this day and this time? A second may be the 60th, a leap second. */
static bool
exists(const struct date *d)
{
	static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int last = length[d->month] + (d->month == 1 && is_leap(d->year));

	return d->year >= 1 && d->day >= 1 && d->day <= last && d->hour < 24 && d->minute < 60 && d->second <= 60;
}

/* In seconds since 1970, by the Gregorian calendar. */
static time_t
seconds_of(const struct date *d)
{
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	time_t years = d->year - 1;
	time_t day = years * 365 + years / 4 - years / 100 + years / 400 + before[d->month] +
	    (d->month > 1 && is_leap(d->year)) + d->day - 1 - EPOCH;

	return ((day * 24 + d->hour) * 60 + d->minute) * 60 + d->second;
}

/* The latest such year that is not more than 50 years after now; all that awget lives to see has four digits. */
static void
complete_year(struct date *d, time_t now)
{
	struct date sooner = *d;

	for (d->year += 9900; d->year >= 100; d->year -= 100) {
		sooner.year = d->year - 50;
		if (seconds_of(&sooner) <= now)
			return;
	}
}

bool
http_date(struct str s, time_t now, time_t *t)
{
	struct date d = {0};

	s = str_trim(s);
	if (!take_day_name(&s) || !(take(&s, ',') ? take_fixdate(&s, &d) : take_asctime(&s, &d)) || s.n)
		return false;
	if (d.short_year)
		complete_year(&d, now);
	*t = seconds_of(&d);
	return exists(&d);
}

/* All digits, however many. */
static bool
take_seconds(struct str s, double *seconds)
{
	double n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!is_digit(s.s[i]))
			return false;
		n = n > RETRY_AFTER_MAX ? n : n * 10 + (s.s[i] - '0');
	}
	*seconds = n;
	return s.n > 0;
}

bool
http_retry_after(struct str value, time_t now, double *seconds)
{
	time_t t;

	if (!take_seconds(str_trim(value), seconds)) {
		if (!http_date(value, now, &t))
			return false;
		*seconds = (double)t - (double)now;
	}
	if (*seconds < 0)
		*seconds = 0;
	if (*seconds > RETRY_AFTER_MAX)
		*seconds = RETRY_AFTER_MAX;
	return true;
}
