/* awget/spool.c: text that is kept for later. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "awget/sink.h"
#include "base/mem.h"

/* A part of the file. */
struct spool_part {
	off_t at;
	size_t n;
};

/* All spools are in one file without a name, each in parts of its own; it is opened while that is allowed yet. */
static struct {
	size_t users;
	int fd;
	int failed; /* an errno: nothing can be added to it */
	off_t end;
} file;

static const char *
temporary_folder(void)
{
	const char *name = getenv("TMPDIR");

	return name && *name ? name : "/tmp";
}

/* A file without a name. A descriptor, or -1 with errno. */
static int
open_unnamed(void)
{
	struct buf b = {0};
	int fd = open(temporary_folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	/* not every file system has those */
	buf_str(&b, str_of(temporary_folder()));
	buf_str(&b, STR("/awget-XXXXXX"));
	fd = mkostemp(buf_cstr(&b), O_CLOEXEC);
	if (fd >= 0)
		unlink(b.s);
	buf_clear(&b);
	return fd;
}

void
spool_begin(void)
{
	if (file.users++)
		return;
	file.fd = open_unnamed();
	file.failed = file.fd < 0 ? errno : 0;
	file.end = 0;
}

void
spool_end(void)
{
	if (--file.users == 0 && file.fd >= 0)
		close(file.fd);
}

/* n bytes at the end of the file are those of s, too. */
static void
add_part(struct spool *s, size_t n)
{
	struct spool_part *last = s->parts ? &s->parts[s->n - 1] : NULL;

	if (last && last->at + (off_t)last->n == file.end) {
		last->n += n;
		return;
	}
	if (!last || s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 16;
		s->parts = xrealloc(s->parts, s->cap * sizeof *s->parts);
	}
	s->parts[s->n++] = (struct spool_part){file.end, n};
}

static void
spill(struct spool *s)
{
	size_t n = s->buf.n;

	if (!file.failed)
		file.failed = sink_write(file.fd, &s->buf);
	s->failed = file.failed;
	s->buf.n = 0;
	if (s->failed)
		return;
	add_part(s, n);
	file.end += (off_t)n;
}

void
spool_piece(struct spool *s)
{
	if (s->buf.n >= SINK_PIECE)
		spill(s);
}

/* Adds at most n bytes of the file to the sink. How many, 0 at its end, or -1 with errno. */
static ssize_t
pour_some(off_t at, size_t n, struct sink *to)
{
	struct buf *b = sink_buf(to);
	ssize_t got;

	n = n < SINK_PIECE ? n : SINK_PIECE;
	buf_reserve(b, n);
	do
		got = pread(file.fd, b->s + b->n, n, at);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		b->n += (size_t)got;
	sink_piece(to);
	return got;
}

/* 0 or an errno. */
static int
pour_part(struct spool_part part, struct sink *to)
{
	while (part.n) {
		ssize_t n = pour_some(part.at, part.n, to);

		if (n <= 0)
			return n < 0 ? errno : EIO; /* somebody has cut it */
		part.at += n;
		part.n -= (size_t)n;
	}
	return 0;
}

void
spool_pour(struct spool *s, struct sink *to)
{
	for (size_t i = 0; i < s->n && !s->failed; i++)
		s->failed = pour_part(s->parts[i], to);
	if (s->failed)
		sink_fail(to, s->failed, "a temporary file");
	buf_str(sink_buf(to), buf_view(&s->buf));
	sink_piece(to);
}

void
spool_clear(struct spool *s)
{
	free(s->parts);
	buf_clear(&s->buf);
	*s = (struct spool){0};
}
