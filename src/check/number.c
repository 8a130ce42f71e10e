/* check/number.c: numbers as checks and fields have them. */
#include "check/number.h"

#include <math.h>
#include <stdio.h>

static const struct {
	struct str name;
	double times, by; /* one of them is 1: a division by 1000 is exact where a product with 0.001 is not */
} units[] = {
	{STR(""), 1, 1},
	{STR("s"), 1, 1},
	{STR("ms"), 1, 1000},
	{STR("m"), 60, 1},
	{STR("h"), 3600, 1},
	{STR("d"), 86400, 1},
	{STR("%"), 1, 100},
	{STR("k"), 1024, 1},
	{STR("M"), 1024 * 1024, 1},
	{STR("G"), 1024 * 1024 * 1024, 1},
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes digits; adds them to *x as its next places. */
static size_t
take_digits(struct str *s, double *x)
{
	size_t n = 0;

	for (; n < s->n && is_digit(s->s[n]); n++)
		*x = *x * 10 + (s->s[n] - '0');
	s->s += n, s->n -= n;
	return n;
}

/* Takes a number without its unit. */
static bool
take_number(struct str *s, double *x)
{
	bool minus = s->n && *s->s == '-';
	struct str fraction;
	double by = 1; /* not by pow(): base/real.h says why */

	*x = 0;
	if (s->n && (*s->s == '-' || *s->s == '+'))
		s->s++, s->n--;
	if (!take_digits(s, x))
		return false;
	if (s->n > 1 && *s->s == '.' && is_digit(s->s[1])) {
		fraction = (struct str){s->s + 1, s->n - 1};
		for (size_t places = take_digits(&fraction, x); places; places--)
			by *= 10;
		*x /= by;
		*s = fraction;
	}
	if (minus)
		*x = -*x;
	return isfinite(*x);
}

bool
number_decimal(struct str s, double *x)
{
	s = str_trim(s);
	if (!take_number(&s, x))
		return false;
	if (s.n == 1 && *s.s == '%') {
		*x /= 100;
		return true;
	}
	return !s.n;
}

bool
number_with_unit(struct str s, double *x)
{
	if (!take_number(&s, x))
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (str_eq(s, units[i].name)) {
			*x = *x * units[i].times / units[i].by;
			return true;
		}
	return false;
}

bool
number_range(struct str s, double *low, double *high)
{
	if (s.n == 3 && s.s[0] >= '1' && s.s[0] <= '9' && str_eq_fold((struct str){s.s + 1, 2}, STR("xx"))) {
		*low = (s.s[0] - '0') * 100;
		*high = *low + 99;
		return true;
	}
	for (size_t i = 0; i + 1 < s.n; i++)
		if (s.s[i] == '.' && s.s[i + 1] == '.')
			return number_with_unit((struct str){s.s, i}, low) &&
			    number_with_unit((struct str){s.s + i + 2, s.n - i - 2}, high);
	return false;
}

/* Up to here a double tells every integer from its neighbours. */
static const double exact = 9007199254740992.0;

static struct str
integer_text(double x, char text[NUMBER_TEXT])
{
	unsigned long long n = (unsigned long long)fabs(x);
	size_t at = NUMBER_TEXT;

	do {
		text[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	if (x < 0)
		text[--at] = '-';
	return (struct str){text + at, NUMBER_TEXT - at};
}

struct str
number_text(double x, char text[NUMBER_TEXT])
{
	int n;

	if (x == trunc(x) && fabs(x) < exact)
		return integer_text(x, text);
	n = snprintf(text, NUMBER_TEXT, fabs(x) < exact ? "%.6f" : "%.6g", x);
	while (fabs(x) < exact && text[n - 1] == '0')
		n--;
	if (text[n - 1] == '.')
		n--;
	return (struct str){text, (size_t)n};
}
