/* http/date.h: dates in fields (RFC 9110 section 5.6.7), and what Retry-After asks for. */
#ifndef HTTP_DATE_H
#define HTTP_DATE_H

#include <stdbool.h>
#include <time.h>

#include "base/buf.h"

/*
 * A date in one of the three formats: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" and "Sun Nov  6
 * 08:49:37 1994". As other clients do, it forgives: blanks around; names in any case; a name of the day that is wrong,
 * or long or short in the wrong place; a day of one digit; blanks and hyphens, years of two and four digits in either
 * of the first two. A year of two digits is never more than 50 years after now. False if s is none of these or no day
 * or time that there is.
 */
bool http_date(struct str s, time_t now, time_t *t);

/*
 * Retry-After (RFC 9110 section 10.2.3): seconds or a date. *seconds is from 0 to RETRY_AFTER_MAX, whatever was sent.
 * False if value is neither.
 */
enum { RETRY_AFTER_MAX = 366 * 86400 };
bool http_retry_after(struct str value, time_t now, double *seconds);

#endif
