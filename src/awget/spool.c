/* awget/spool.c: text that is kept for later. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "awget/sink.h"

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

static void
spill(struct spool *s)
{
	if (!s->fd && !s->failed) {
		int fd = open_unnamed();

		s->failed = fd < 0 ? errno : 0;
		s->fd = fd < 0 ? 0 : fd;
	}
	if (!s->failed)
		s->failed = sink_write(s->fd, &s->buf);
	s->buf.n = 0;
}

void
spool_piece(struct spool *s)
{
	if (s->buf.n >= SINK_PIECE)
		spill(s);
}

/* Adds the next bytes of the file to the sink. How many, 0 at its end, or -1 with errno. */
static ssize_t
pour_some(const struct spool *s, off_t at, struct sink *to)
{
	struct buf *b = sink_buf(to);
	ssize_t n;

	buf_reserve(b, SINK_PIECE);
	do
		n = pread(s->fd, b->s + b->n, SINK_PIECE, at);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		b->n += (size_t)n;
	sink_piece(to);
	return n;
}

void
spool_pour(struct spool *s, struct sink *to)
{
	off_t at = 0;
	ssize_t n = 0;

	while (s->fd && !s->failed && (n = pour_some(s, at, to)) > 0)
		at += n;
	if (n < 0)
		s->failed = errno;
	if (s->failed)
		sink_fail(to, s->failed, "a temporary file");
	buf_str(sink_buf(to), buf_view(&s->buf));
	sink_piece(to);
}

void
spool_clear(struct spool *s)
{
	if (s->fd)
		close(s->fd);
	buf_clear(&s->buf);
	*s = (struct spool){0};
}
