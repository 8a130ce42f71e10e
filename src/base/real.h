/*
 * base/real.h: what math.h has functions for that are in the library of mathematics. For these alone it would be loaded
 * with each start of awget, which takes more instructions than three fetches.
 */
#ifndef BASE_REAL_H
#define BASE_REAL_H

#include <math.h>

/* The larger one and the smaller one, as fmax() and fmin(): if one is NAN, the other. */
static inline double
real_max(double a, double b)
{
	return a > b || isnan(b) ? a : b;
}

static inline double
real_min(double a, double b)
{
	return a < b || isnan(b) ? a : b;
}

/* The nearest integer, halves going up; 0 for what is below zero, and for NAN. x < 2^64. */
static inline unsigned long long
real_round(double x)
{
	return x > 0 ? (unsigned long long)(x + 0.5) : 0;
}

#endif
