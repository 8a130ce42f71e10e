/* base/text.h: bytes from strangers made fit to be shown: no control byte passes, nothing is lost. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Adds s to b, with C0, DEL, C1 (raw or as UTF-8) and bytes that are not UTF-8 as \xHH. */
void text_show(struct buf *b, struct str s);

/* The same into fixed storage, NUL at its end; what does not fit is cut, never inside an escape or a character. */
void text_show_into(char *to, size_t size, struct str s);

/* The same, but no more than max bytes of it, cut in the same way: then with "..." behind it. */
void text_show_cut(struct buf *b, struct str s, size_t max);

/* Is all of s UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF)? */
bool text_is_utf8(struct str s);

/*
 * s if it is UTF-8; else *made, which is overwritten, with each byte as the character U+00XX: what JSON makes of it.
 */
struct str text_as_utf8(struct str s, struct buf *made);

/*
 * The length of the character at the start of s: 1 to 4 bytes of UTF-8, or 0 if it is none. s is not empty.
 */
size_t text_char(struct str s);

/* How many bytes at the start of s are printable ASCII (0x20 to 0x7e). */
size_t text_plain(struct str s);

/* Takes the first line off *rest, which is not empty, and gives it without its end; the last one may have none. */
struct str text_line(struct str *rest);

/*
 * Adds lines to b, each with `before` in front of it, without spaces at its end, and behind it LF, up to the first that
 * is not all printable ASCII or has no end: gives all from there on. Empty ones are left out.
 */
struct str text_put_lines(struct buf *b, struct str before, struct str lines);

/* How many bytes of s, where a line begins, go to the end of its first empty line; 0: there is none. */
size_t text_paragraph(struct str s);

#endif
