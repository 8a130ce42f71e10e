/* awget/html.h: text from strangers, and numbers, as parts of an HTML page. */
#ifndef AWGET_HTML_H
#define AWGET_HTML_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Adds s as text that a browser only shows: for the inside of an element and of an attribute in double quotes (HTML,
 * section 13.1.2). Control bytes and what is not UTF-8 are as text_show has them; characters that turn the direction of
 * the text around them (Unicode UAX 9, section 2) are shown as \uHHHH.
 */
void html_add(struct buf *b, struct str s);

/* The same of about max bytes at most, max > 3, with a note of how many were left out. */
void html_cut(struct buf *b, struct str s, size_t max);

/* "12,345"; with what is counted: "1 target", "12,345 targets". */
void html_count(struct buf *b, unsigned long long n);
void html_counted(struct buf *b, unsigned long long n, const char *what);

/* A time in seconds for people, to three digits: "0.42 ms", "41.2 ms", "12.3 s". Nothing for NAN. */
void html_duration(struct buf *b, double seconds);

/* A date, from seconds since 1970: "2026-11-22 16:00:00 UTC" in an element `time` that says it for programs, too. */
void html_date(struct buf *b, double t);

#endif
