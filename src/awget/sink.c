/* awget/sink.c: a file that comes into being whole. */
#include "awget/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum { LINKS = 40 }; /* that lead from one to the next at most, as for the system itself */

struct sink {
	struct buf buf;
	int fd;
	bool standard;     /* it is standard output, since the user said "-" */
	char *name;        /* as the user calls it */
	char *file, *temp; /* temp is to take the place of file; NULL: what fd is of is written to directly */
	struct sink *next; /* in with_temp, if it has one */
	int failed;        /* the errno of the first failure, 0: none */
	const char *where; /* what could not be written */
};

static bool unread; /* standard output */
static struct sink *with_temp;

/* Somebody else may have made the descriptor non-blocking, for it is theirs too. */
static bool
wait_writable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	return errno == EINTR || (errno == EAGAIN && (poll(&p, 1, -1) > 0 || errno == EINTR));
}

int
sink_write(int fd, struct buf *b)
{
	size_t at = 0;
	int error = 0;

	while (at < b->n && !error) {
		ssize_t n = write(fd, b->s + at, b->n - at);

		if (n >= 0)
			at += (size_t)n;
		else if (!wait_writable(fd))
			error = errno;
	}
	b->n = 0;
	return error;
}

/* How much of a path is before its last part, "/" included. */
static size_t
folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Where the link at path leads, as a path from here; NULL: it is none. The caller frees it. */
static char *
link_target(const char *path)
{
	char *to = xmalloc(PATH_MAX);
	ssize_t n = readlink(path, to, PATH_MAX);
	struct buf b = {0};

	if (n > 0 && n < PATH_MAX) {
		if (*to != '/')
			buf_add(&b, path, folder(path));
		buf_add(&b, to, (size_t)n);
		buf_cstr(&b);
	}
	free(to);
	return b.s;
}

/* What is to be replaced, which need not be there: the file itself and not a link to it. NULL with errno. */
static char *
resolve(const char *path)
{
	char *file = xstrdup(path), *next;

	for (int i = 0; i < LINKS && (next = link_target(file)); i++) {
		free(file);
		file = next;
	}
	next = link_target(file);
	if (!next)
		return file;
	free(next);
	free(file);
	errno = ELOOP;
	return NULL;
}

/*
 * Standard output or error, if that is what a regular file already is, as /dev/stdout may be: others write there, too,
 * whose lines would be lost with the file that is replaced. -1: it is neither.
 */
static int
standard_descriptor(const struct stat *st)
{
	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		struct stat other;

		if (fstat(fd, &other) == 0 && other.st_dev == st->st_dev && other.st_ino == st->st_ino)
			return fd;
	}
	return -1;
}

static mode_t
new_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

/* Where memory has run out nobody closes a sink, and half a file would stay behind. */
static void
remove_all(void)
{
	for (const struct sink *s = with_temp; s; s = s->next)
		unlink(s->temp);
}

/* s gets a file beside the one that it is to replace. */
static void
set_temp(struct sink *s, const struct buf *name)
{
	static bool registered;

	if (!registered) /* without it, a file may be left where memory has run out */
		registered = at_quick_exit(remove_all) == 0;
	s->temp = xmemdup(name->s, name->n);
	s->next = with_temp;
	with_temp = s;
}

static void
forget_temp(struct sink *s)
{
	struct sink **at = &with_temp;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	free(s->temp);
	s->temp = NULL;
}

/* A file beside `file`, with this mode. A descriptor, or -1 with errno. */
static int
open_beside(struct sink *s, mode_t mode)
{
	struct buf b = {0};
	int fd;

	buf_add(&b, s->file, folder(s->file));
	buf_str(&b, STR(".awget-XXXXXX"));
	set_temp(s, &b); /* before there is the file, since it takes memory */
	buf_clear(&b);
	fd = mkostemp(s->temp, O_CLOEXEC);
	if (fd < 0) {
		forget_temp(s);
		return -1;
	}
	return fchmod(fd, mode) == 0 ? fd : (close(fd), -1);
}

/* A descriptor for the file, or -1 with errno. */
static int
open_file(struct sink *s)
{
	struct stat st;
	bool there = stat(s->name, &st) == 0;
	int standard;

	if (!there && (errno != ENOENT || !*s->name))
		return -1;
	if (there && !S_ISREG(st.st_mode))
		return open(s->name, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	standard = there ? standard_descriptor(&st) : -1;
	if (standard >= 0)
		return fcntl(standard, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	/* who must not write to a file must not replace it either */
	if (there && access(s->name, W_OK) != 0)
		return -1;
	s->file = resolve(s->name);
	return s->file ? open_beside(s, there ? st.st_mode & 07777 : new_mode()) : -1;
}

struct sink *
sink_open(const char *path, struct err *e)
{
	struct sink *s = xcalloc(1, sizeof *s);

	s->standard = strcmp(path, "-") == 0;
	s->name = xstrdup(s->standard ? "standard output" : path);
	s->fd = s->standard ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : open_file(s);
	if (s->fd >= 0)
		return s;
	err_set(e, ERR_LOCAL, "cannot write %s: %s", s->name, strerror(errno));
	sink_free(s);
	return NULL;
}

struct buf *
sink_buf(struct sink *s)
{
	return &s->buf;
}

bool
sink_folder(const struct sink *s, struct buf *path)
{
	size_t n = s->temp ? folder(s->temp) : 0;

	path->n = 0;
	buf_str(path, n ? (struct str){s->temp, n} : STR("."));
	return s->temp != NULL;
}

bool
sink_unread(void)
{
	return unread;
}

void
sink_fail(struct sink *s, int error, const char *what)
{
	if (s->failed)
		return;
	s->failed = error;
	s->where = what;
}

static void
flush(struct sink *s)
{
	if (!s->failed)
		sink_fail(s, sink_write(s->fd, &s->buf), s->name);
	s->buf.n = 0;
	unread = unread || (s->standard && s->failed == EPIPE);
}

void
sink_piece(struct sink *s)
{
	if (s->buf.n >= SINK_PIECE)
		flush(s);
}

/* The disk must have the new file before it has the name, or a crash could leave an empty one. */
static void
put_in_place(struct sink *s)
{
	if (!s->failed && s->temp && fsync(s->fd) != 0)
		sink_fail(s, errno, s->name);
	if (close(s->fd) != 0)
		sink_fail(s, errno, s->name);
	s->fd = -1;
	if (s->failed || !s->temp)
		return;
	if (rename(s->temp, s->file) != 0) {
		sink_fail(s, errno, s->name);
		return;
	}
	forget_temp(s);
}

int
sink_close(struct sink *s, struct err *e)
{
	flush(s);
	put_in_place(s);
	return s->failed ? err_set(e, ERR_LOCAL, "cannot write %s: %s", s->where, strerror(s->failed)) : 0;
}

void
sink_free(struct sink *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	if (s->temp) {
		unlink(s->temp);
		forget_temp(s);
	}
	free(s->file);
	free(s->name);
	buf_clear(&s->buf);
	free(s);
}
