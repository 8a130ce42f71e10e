/* net/lines.c: a stream read line by line, bounded. */
#include "net/lines.h"

#include <string.h>

#include "base/text.h"

void
lines_init(struct lines *l, struct stream *s, size_t max)
{
	*l = (struct lines){.stream = s, .max = max};
}

/* Reads some more. 1, 0 at the end of the stream, -1. */
static int
more(struct lines *l, double deadline, struct err *e)
{
	ssize_t got;

	/* nothing is here yet: neither memory nor a read that would find nothing */
	if (!l->read.cap && stream_wait(l->stream, deadline, e) != 0)
		return -1;
	if (!l->read.cap)
		buf_block(&l->read);
	else if (l->read.n == l->read.cap)
		buf_reserve(&l->read, l->read.cap);
	got = stream_read(l->stream, l->read.s + l->read.n, l->read.cap - l->read.n, deadline, e);
	if (got > 0)
		l->read.n += (size_t)got;
	return got > 0 ? 1 : (int)got;
}

static int
too_large(const struct lines *l, struct err *e)
{
	return err_set(e, ERR_HEADER_TOO_LARGE, "response head larger than %zu bytes", l->max);
}

/* The offset of the next LF; -1 at the end of the stream, -2 for an error. */
static ptrdiff_t
find_lf(struct lines *l, double deadline, struct err *e)
{
	size_t seen = l->at; /* before it there is none */
	int rc;

	for (;;) {
		char *lf = l->read.n > seen ? memchr(l->read.s + seen, '\n', l->read.n - seen) : NULL;

		if (lf)
			return lf - l->read.s;
		if (l->read.n >= l->max)
			return too_large(l, e), -2;
		seen = l->read.n;
		rc = more(l, deadline, e);
		if (rc <= 0)
			return rc - 1;
	}
}

int
lines_next(struct lines *l, struct str *line, double deadline, struct err *e)
{
	ptrdiff_t lf;

	if (lines_here(l, line))
		return 1;
	lf = find_lf(l, deadline, e);
	if (lf < -1)
		return -1;
	if (lf >= 0)
		return lines_here(l, line) ? 1 : too_large(l, e);
	*line = (struct str){l->read.n ? l->read.s + l->at : "", l->read.n - l->at};
	l->at = l->read.n;
	return 0;
}

int
lines_peek(struct lines *l, size_t n, struct str *bytes, double deadline, struct err *e)
{
	int rc = 1;

	while (l->read.n - l->at < n && rc > 0)
		rc = more(l, deadline, e);
	*bytes = (struct str){l->read.n ? l->read.s + l->at : "", l->read.n - l->at};
	if (bytes->n > n)
		bytes->n = n;
	return rc < 0 ? -1 : 0;
}

bool
lines_pass_paragraph(struct lines *l)
{
	size_t n = text_paragraph((struct str){l->read.s + l->at, l->read.n - l->at});

	if (!n || l->at + n > l->max)
		return false;
	l->at += n;
	return true;
}

void
lines_clear(struct lines *l)
{
	buf_clear(&l->read);
}
