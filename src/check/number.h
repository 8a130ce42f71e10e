/* check/number.h: numbers as checks and fields have them. */
#ifndef CHECK_NUMBER_H
#define CHECK_NUMBER_H

#include <stdbool.h>

#include "base/buf.h"

/* All of s, but for blanks around it, is a decimal number: "12", "-0.5", "+3", "50%" (which is 0.5). */
bool number_decimal(struct str s, double *x);

/* The same with a unit behind it: ms, s, m, h, d (to seconds), k, M, G (powers of 1024), % (hundredths). */
bool number_with_unit(struct str s, double *x);

/* "2xx", which is from 200 to 299; "a..b". *high may be less than *low. */
bool number_range(struct str s, double *low, double *high);

/* x with as many decimals as it takes, at most six. In text, which the result is a slice of. */
enum { NUMBER_TEXT = 32 };
struct str number_text(double x, char text[NUMBER_TEXT]);

#endif
