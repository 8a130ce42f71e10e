/* record/records.c: a file of records, line by line, read in large blocks. */
#include "record/records.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "record/record.h"

/* What is read at once; more for lines that are longer. */
enum { BLOCK = 256 * 1024 };

struct records {
	char *name;
	int fd;
	void (*before_wait)(void);
	char *block; /* of cap bytes and RECORD_PADDING; what was read and not handed out: [at, end) */
	size_t at, end, cap;
	bool ended;    /* there is no more to read */
	uint64_t read; /* how much of the file was: block[end] would be there */
	size_t number; /* of the line that was handed out last */
	uint64_t offset;
	bool torn;
};

static volatile sig_atomic_t stopped;

void
records_stop(void)
{
	stopped = 1;
}

struct records *
records_open(const char *path, void (*before_wait)(void), struct err *e)
{
	bool standard = strcmp(path, "-") == 0;
	const char *name = standard ? "standard input" : path;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct records *f;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0) {
		err_set(e, stopped ? ERR_CANCELED : ERR_LOCAL, "cannot read %s: %s", name, strerror(errno));
		if (fd > STDIN_FILENO)
			close(fd);
		return NULL;
	}
	f = xcalloc(1, sizeof *f);
	f->name = xstrdup(name);
	f->fd = fd;
	f->before_wait = before_wait;
	f->cap = BLOCK;
	f->block = xmalloc(f->cap + RECORD_PADDING);
	memset(f->block, 0, RECORD_PADDING);
	return f;
}

/* Moves what was not handed out to the front of the block, which is made larger if that fills it. */
static int
make_room(struct records *f, struct err *e)
{
	memmove(f->block, f->block + f->at, f->end - f->at);
	f->end -= f->at;
	f->at = 0;
	if (f->end < f->cap)
		return 0;
	if (f->end > RECORDS_LINE_MAX)
		return err_set(e, ERR_LOCAL, "cannot read %s: line %zu is longer than %d bytes", f->name, f->number + 1,
		    RECORDS_LINE_MAX);
	f->cap *= 2;
	f->block = xrealloc(f->block, f->cap + RECORD_PADDING);
	return 0;
}

/* As read, but waits also where the file is not to be waited for, and not at all once we are to stop. */
static ssize_t
read_more(struct records *f)
{
	ssize_t n = -1;

	if (f->before_wait)
		f->before_wait();
	errno = EINTR;
	while (n < 0 && (errno == EINTR || errno == EAGAIN)) {
		if (errno == EAGAIN)
			poll(&(struct pollfd){.fd = f->fd, .events = POLLIN}, 1, -1);
		if (stopped) {
			errno = ECANCELED;
			return -1;
		}
		n = read(f->fd, f->block + f->end, f->cap - f->end);
	}
	return n;
}

/* Reads more behind what is there. */
static int
fill(struct records *f, struct err *e)
{
	ssize_t n;

	if (make_room(f, e) != 0)
		return -1;
	n = read_more(f);
	if (n < 0 && errno == ECANCELED)
		return err_set(e, ERR_CANCELED, "interrupted");
	if (n < 0)
		return err_set(e, ERR_LOCAL, "cannot read %s: %s", f->name, strerror(errno));
	f->ended = n == 0;
	f->end += (size_t)n;
	f->read += (size_t)n;
	memset(f->block + f->end, 0, RECORD_PADDING);
	return 0;
}

/* The next line, without its LF: 1, 0 at the end, -1. */
static int
next_line(struct records *f, struct str *line, struct err *e)
{
	size_t seen = 0;

	for (;;) {
		char *from = f->block + f->at, *lf = memchr(from + seen, '\n', f->end - f->at - seen);

		*line = (struct str){from, lf ? (size_t)(lf - from) : f->end - f->at};
		if (lf || (f->ended && line->n)) {
			f->number++;
			f->offset = f->read - (f->end - f->at);
			f->torn = !lf;
			f->at += line->n + (lf != NULL);
			return 1;
		}
		if (f->ended)
			return 0;
		seen = line->n;
		if (fill(f, e) != 0)
			return -1;
	}
}

static bool
is_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] != ' ' && s.s[i] != '\t')
			return false;
	return true;
}

int
records_next(struct records *f, struct str *line, struct err *e)
{
	do {
		int rc = next_line(f, line, e);

		if (rc <= 0)
			return rc;
		if (f->offset == 0 && str_starts(*line, STR("\xef\xbb\xbf")))
			line->s += 3, line->n -= 3;
		if (line->n && line->s[line->n - 1] == '\r')
			line->n--;
	} while (is_blank(*line));
	if (line->n > RECORDS_LINE_MAX)
		return err_set(e, ERR_LOCAL, "cannot read %s: line %zu is longer than %d bytes", f->name, f->number,
		    RECORDS_LINE_MAX);
	return 1;
}

size_t
records_number(const struct records *f)
{
	return f->number;
}

uint64_t
records_offset(const struct records *f)
{
	return f->offset;
}

bool
records_torn(const struct records *f)
{
	return f->torn;
}

void
records_close(struct records *f)
{
	if (!f)
		return;
	if (f->fd > STDIN_FILENO)
		close(f->fd);
	free(f->name);
	free(f->block);
	free(f);
}
