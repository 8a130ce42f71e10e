/* net/lines.h: a stream read line by line, bounded. All that was read stays in one piece, to be kept by the caller. */
#ifndef NET_LINES_H
#define NET_LINES_H

#include "base/buf.h"
#include "base/err.h"
#include "net/stream.h"

struct lines {
	struct stream *stream;
	struct buf read;  /* all bytes so far; may hold bytes behind the last line. The caller may take it */
	size_t at;        /* where the next line begins in it */
	size_t max;       /* bytes of lines at most */
};

/*
 * Lines of s, which is borrowed; max: how many bytes all lines together may have. Nothing is allocated before bytes
 * come.
 */
void lines_init(struct lines *l, struct stream *s, size_t max);

/*
 * The next line without its end, which is LF or CR LF (RFC 9112 section 2.2). 1; 0 at the end of the stream, *line then
 * being what stands behind the last line end (mostly empty); -1: ERR_HEADER_TOO_LARGE, or what the stream said. Valid
 * until the next lines_next or lines_clear.
 */
int lines_next(struct lines *l, struct str *line, double deadline, struct err *e);

/*
 * The next n bytes, which stay to be read: fewer only at the end of the stream. 0 or -1; *bytes is valid as a line is.
 */
int lines_peek(struct lines *l, size_t n, struct str *bytes, double deadline, struct err *e);

/* The next line, if it is here and allowed: what lines_next does when it has not to wait. */
static inline bool
lines_here(struct lines *l, struct str *line)
{
	const char *s = l->read.s + l->at;
	const char *lf = l->at < l->read.n ? memchr(s, '\n', l->read.n - l->at) : NULL;

	if (!lf || (size_t)(lf - l->read.s) >= l->max)
		return false;
	*line = (struct str){s, (size_t)(lf - s) - (lf > s && lf[-1] == '\r')};
	l->at = (size_t)(lf - l->read.s) + 1;
	return true;
}

/* Passes over all lines up to an empty one, and over that, if they are here and allowed; else over none. */
bool lines_pass_paragraph(struct lines *l);

void lines_clear(struct lines *l);

#endif
