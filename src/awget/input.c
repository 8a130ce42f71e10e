/* awget/input.c: the next target, from the arguments, then from the files. */
#include "awget/input.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "awget/dedupe.h"
#include "base/mem.h"
#include "base/real.h"
#include "rt/task.h"

enum { BLOCK = 64 * 1024 };

struct file {
	const char *name;
	int fd;       /* -1: done */
	bool regular; /* read does not wait */
	off_t size;
};

struct input {
	char *const *targets;
	size_t ntargets, target;
	struct file *files;
	size_t nfiles, file;
	char *block;      /* what was read and not handed out: [at, end) */
	size_t at, end;
	bool begun;       /* the present file's first bytes have been looked at */
	off_t total, handed_out;
	bool total_known;
	struct dedupe *seen; /* NULL: repeats are welcome */
};

static int
open_file(struct file *f, const char *name, struct err *e)
{
	struct stat st;
	bool standard = strcmp(name, "-") == 0;

	f->name = standard ? "standard input" : name;
	f->fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (f->fd < 0 || fstat(f->fd, &st) != 0)
		return err_set(e, ERR_LOCAL, "cannot read %s: %s", f->name, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_LOCAL, "cannot read %s: %s", f->name, strerror(EISDIR));
	f->regular = S_ISREG(st.st_mode);
	f->size = st.st_size;
	return 0;
}

struct input *
input_new(char *const *targets, size_t ntargets, const char *const *files, size_t nfiles, struct err *e)
{
	struct input *in = xcalloc(1, sizeof *in);

	in->targets = targets;
	in->ntargets = ntargets;
	in->files = xcalloc(nfiles, sizeof *in->files);
	in->total_known = true;
	for (; in->nfiles < nfiles; in->nfiles++) {
		struct file *f = &in->files[in->nfiles];

		if (open_file(f, files[in->nfiles], e) != 0) {
			input_free(in);
			return NULL;
		}
		in->total += f->size;
		in->total_known &= f->regular;
	}
	if (nfiles)
		in->block = xmalloc(BLOCK);
	return in;
}

static void
close_file(struct input *in)
{
	struct file *f = &in->files[in->file++];

	if (f->fd > STDIN_FILENO)
		close(f->fd);
	f->fd = -1;
	in->at = in->end = 0;
	in->begun = false;
}

/* Reads more behind what is there. 1, 0 at the end of the file, -1. */
static int
fill(struct input *in, struct err *e)
{
	struct file *f = &in->files[in->file];
	ssize_t n;

	memmove(in->block, in->block + in->at, in->end - in->at);
	in->end -= in->at;
	in->at = 0;
	do {
		if (!f->regular && task_wait_fd(f->fd, TASK_READ, INFINITY, e) != 0)
			return -1;
		n = read(f->fd, in->block + in->end, BLOCK - in->end);
	} while (n < 0 && (errno == EINTR || errno == EAGAIN));
	if (n < 0)
		return err_set(e, ERR_LOCAL, "cannot read %s: %s", f->name, strerror(errno));
	in->end += (size_t)n;
	return n > 0;
}

/* The next line without its LF; a part of one if it does not fit in the block. 1, 0 at the end of the file, -1. */
static int
next_line(struct input *in, struct str *line, bool *whole, struct err *e)
{
	size_t seen = 0;

	for (;;) {
		char *from = in->block + in->at, *lf = memchr(from + seen, '\n', in->end - in->at - seen);
		int rc = 1;

		*line = (struct str){from, lf ? (size_t)(lf - from) : in->end - in->at};
		*whole = lf != NULL;
		if (lf || line->n == BLOCK) {
			in->at += line->n + (lf != NULL);
			in->handed_out += (off_t)line->n + 1;
			return 1;
		}
		seen = line->n;
		rc = fill(in, e);
		if (rc < 0)
			return -1;
		if (rc == 0) {
			*line = (struct str){in->block, in->end};
			*whole = true;
			in->at = in->end;
			in->handed_out += (off_t)line->n;
			return line->n > 0;
		}
	}
}

static struct str
cut_comment(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] == '#' && (i == 0 || s.s[i - 1] == ' ' || s.s[i - 1] == '\t'))
			s.n = i;
	return str_trim(s);
}

/* What is left of a line: no comment, no white space around, no byte order mark before the first. */
static struct str
strip(struct input *in, struct str s)
{
	if (!in->begun && str_starts(s, STR("\xef\xbb\xbf")))
		s.s += 3, s.n -= 3;
	in->begun = true;
	if (s.n && s.s[s.n - 1] == '\r')
		s.n--;
	s = str_trim(s);
	return s.n && memchr(s.s, '#', s.n) ? cut_comment(s) : s;
}

/* Passes over the rest of a line that did not fit in the block. 0, or -1 when that cannot be read. */
static int
skip_line(struct input *in, struct err *e)
{
	struct str rest;
	bool whole = false;
	int rc = 1;

	while (!whole && rc > 0)
		rc = next_line(in, &rest, &whole, e);
	return rc < 0 ? -1 : 0;
}

/* A line that is too long keeps its beginning, and the rest of it is passed over. 0, or -1 when that cannot be read. */
static int
cut_line(struct input *in, struct str *text, bool whole, struct err *e)
{
	static char beginning[INPUT_LINE_MAX];

	if (text->n > sizeof beginning)
		text->n = sizeof beginning;
	memcpy(beginning, text->s, text->n);
	text->s = beginning;
	return whole ? 0 : skip_line(in, e);
}

static int
next_of_file(struct input *in, struct str *text, bool *too_long, struct err *e)
{
	bool whole;

	do {
		int rc = next_line(in, text, &whole, e);

		if (rc <= 0)
			return rc;
		*text = strip(in, *text);
		*too_long = text->n > INPUT_LINE_MAX || !whole;
		if (*too_long && cut_line(in, text, whole, e) != 0)
			return -1;
	} while (!text->n); /* nothing on it but white space and comment */
	return 1;
}

/* As input_next, with repeats. */
static int
next(struct input *in, struct str *text, bool *too_long, struct err *e)
{
	*too_long = false;
	if (in->target < in->ntargets) {
		*text = str_of(in->targets[in->target++]);
		*too_long = text->n > INPUT_LINE_MAX;
		if (*too_long)
			text->n = INPUT_LINE_MAX;
		return 1;
	}
	while (in->file < in->nfiles) {
		int rc = next_of_file(in, text, too_long, e);

		if (rc > 0)
			return 1;
		if (rc < 0 && e->kind == ERR_CANCELED)
			return -1;
		close_file(in);
		if (rc < 0)
			return -1;
	}
	return 0;
}

int
input_next(struct input *in, struct str *text, bool *too_long, struct err *e)
{
	int rc;

	do
		rc = next(in, text, too_long, e);
	while (rc > 0 && in->seen && !*too_long && !dedupe_is_new(in->seen, *text));
	return rc;
}

void
input_dedupe(struct input *in, const struct url_scheme *fallback)
{
	in->seen = dedupe_new(fallback);
}

size_t
input_repeats(const struct input *in)
{
	return in->seen ? dedupe_repeats(in->seen) : 0;
}

double
input_share(const struct input *in)
{
	if (!in->nfiles)
		return in->ntargets ? (double)in->target / (double)in->ntargets : 1;
	if (!in->total_known || in->ntargets)
		return NAN;
	return in->total ? real_min(1, (double)in->handed_out / (double)in->total) : 1;
}

size_t
input_left(const struct input *in)
{
	return in->ntargets - in->target;
}

void
input_free(struct input *in)
{
	if (!in)
		return;
	while (in->file < in->nfiles)
		close_file(in);
	dedupe_free(in->seen);
	free(in->files);
	free(in->block);
	free(in);
}
