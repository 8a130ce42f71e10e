/* awget/resume.c: which targets an unfinished output already has, and which are still to be fetched. */
#include "awget/resume.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "awget/line.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/text.h"
#include "record/record.h"
#include "record/records.h"

/*
 * Numbers end at so many targets that are in flight, and one for each so many bytes of the file, of which a record has
 * more: so no file makes us reserve much memory.
 */
enum { IN_FLIGHT_MAX = 16 << 20, RECORD_MIN = 64 };

/* So many may have been in flight when a run was interrupted, and have come to their end among those that did not. */
enum { LOST_MAX = 10000 };

/* A target before the last one that is done, but not done itself. */
struct gap {
	size_t n;
	struct str text;
	bool too_long;
};

struct resume {
	const char *path;
	int fd;
	struct record_reader *reader;
	uint64_t *bits; /* of target n: bit n */
	size_t words;
	size_t done, highest, limit;
	struct digest sum, found; /* of those that are done, as the file has them; as the input has them */
	struct gap *gaps;
	size_t ngaps, cap, gap;
	size_t read; /* how many targets the input has handed out */
	bool cutting;      /* the file is to end where a record of an interrupted target begins */
	uint64_t cut;
	size_t lost;       /* records of others behind it */
	struct buf scratch;
};

static bool
is_done(const struct resume *s, size_t n)
{
	return n / 64 < s->words && (s->bits[n / 64] >> n % 64 & 1);
}

static void
set_done(struct resume *s, size_t n)
{
	size_t words = s->words;

	if (n / 64 >= words) {
		s->words = n / 64 + 1 > 2 * words ? n / 64 + 1 : 2 * words;
		s->bits = xrealloc(s->bits, s->words * sizeof *s->bits);
		memset(s->bits + words, 0, (s->words - words) * sizeof *s->bits);
	}
	s->bits[n / 64] |= (uint64_t)1 << n % 64;
	s->done++;
	s->highest = n > s->highest ? n : s->highest;
}

/* Adds that target n is this one, as JSON has it: so it is the same from the input and from a record. */
static void
add_target(struct resume *s, struct digest *sum, size_t n, struct str target)
{
	struct buf made = {0};

	s->scratch.n = 0;
	buf_add(&s->scratch, (const char *)&n, sizeof n);
	buf_str(&s->scratch, text_as_utf8(target, &made));
	digest_add(sum, digest_of(buf_view(&s->scratch)));
	buf_clear(&made);
}

static int
open_file(struct resume *s, struct err *e)
{
	struct stat st;

	if (strcmp(s->path, "-") == 0)
		return err_set(e, ERR_LOCAL, "what is on standard output cannot be read back; give a file");
	s->fd = open(s->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
	if (s->fd < 0 || fstat(s->fd, &st) != 0)
		return err_set(e, ERR_LOCAL, "cannot open %s: %s", s->path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_LOCAL, "%s cannot be read back: it is no regular file", s->path);
	if (flock(s->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
		return err_set(e, ERR_LOCAL, "%s is being written by another awget", s->path);
	s->limit = IN_FLIGHT_MAX + (size_t)(st.st_size / RECORD_MIN);
	return 0;
}

static int
refuse(const struct resume *s, const struct records *f, const char *why, struct err *e)
{
	return err_set(e, ERR_INPUT, "%s:%zu: %s", s->path, records_number(f), why);
}

/*
 * What was interrupted is not done; its record must go, and what stands behind goes with it, to be fetched again. 1 if
 * the record counts.
 */
static int
take_result(struct resume *s, const struct result *r, const struct records *f, struct err *e)
{
	if (r->n < 1 || r->n > s->limit)
		return err_set(e, ERR_INPUT, "%s:%zu: there is no target %zu", s->path, records_number(f), r->n);
	if (r->err.kind == ERR_CANCELED && !s->cutting) {
		s->cutting = true;
		s->cut = records_offset(f);
	}
	s->lost += s->cutting && r->err.kind != ERR_CANCELED;
	if (s->lost > LOST_MAX)
		return refuse(s, f, "too many records stand behind that of an interrupted target", e);
	if (is_done(s, r->n))
		return err_set(e, ERR_INPUT, "%s:%zu: target %zu is there twice", s->path, records_number(f), r->n);
	if (s->cutting)
		return 0;
	set_done(s, r->n);
	add_target(s, &s->sum, r->n, r->target);
	return 1;
}

static int
take_record(struct resume *s, const struct records *f, struct str line, resume_found *found, void *arg, struct err *e)
{
	struct result r;
	struct err why;
	int rc = record_read(s->reader, line, &r, &why);

	rc = rc != 0 ? refuse(s, f, why.text, e) : take_result(s, &r, f, e);
	if (rc > 0)
		found(arg, &r);
	result_clear(&r);
	return rc < 0 ? -1 : 0;
}

/* A line without an end is cut, if it can be the beginning of a record: nobody else's file shall be damaged. */
static int
cut_line(struct resume *s, const struct records *f, struct str line, struct err *e)
{
	const struct str start = STR("{\"schema\":1,");
	size_t n = line.n < start.n ? line.n : start.n;

	if (memcmp(line.s, start.s, n) != 0)
		return refuse(s, f, "this is no record", e);
	if (!s->cutting)
		s->cut = records_offset(f);
	s->cutting = true;
	return 0;
}

static int
read_file(struct resume *s, resume_found *found, void *arg, struct err *e)
{
	struct records *f = records_open(s->path, NULL, e);
	struct str line;
	int rc = f ? 1 : -1;

	while (rc > 0 && (rc = records_next(f, &line, e)) > 0)
		if ((records_torn(f) ? cut_line(s, f, line, e) : take_record(s, f, line, found, arg, e)) != 0)
			rc = -1;
	records_close(f);
	if (rc == 0 && s->cutting && ftruncate(s->fd, (off_t)s->cut) != 0)
		return err_set(e, ERR_LOCAL, "cannot cut %s: %s", s->path, strerror(errno));
	return rc;
}

struct resume *
resume_new(const char *path, resume_found *found, void *arg, struct err *e)
{
	struct resume *s = xcalloc(1, sizeof *s);

	s->path = path;
	s->fd = -1;
	if (open_file(s, e) != 0 || !(s->reader = record_reader_new(e)) || read_file(s, found, arg, e) != 0) {
		resume_free(s);
		return NULL;
	}
	return s;
}

static void
keep(struct resume *s, struct str text, bool too_long)
{
	if (s->ngaps == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 64;
		s->gaps = xrealloc(s->gaps, s->cap * sizeof *s->gaps);
	}
	s->gaps[s->ngaps++] = (struct gap){
	    .n = s->read,
	    .text = {xmemdup(text.s, text.n), text.n},
	    .too_long = too_long,
	};
}

/* What the record of this target says that it is: of a line that makes no sense, all of it. */
static struct str
target_of(struct str text, bool too_long)
{
	struct line l = {.target = text};

	if (!too_long)
		line_parse(&l, text, NULL);
	return l.target;
}

int
resume_skip(struct resume *s, struct input *in, struct err *e)
{
	struct str text;
	bool too_long;

	while (s->read < s->highest) {
		int rc = input_next(in, &text, &too_long, e);

		if (rc < 0)
			return -1;
		if (rc == 0)
			return err_set(e, ERR_INPUT,
			    "%s was not made from this list: it goes on to target %zu, the list to %zu", s->path,
			    s->highest, s->read);
		s->read++;
		if (is_done(s, s->read))
			add_target(s, &s->found, s->read, target_of(text, too_long));
		else
			keep(s, text, too_long);
	}
	if (!digest_eq(s->sum, s->found))
		return err_set(e, ERR_INPUT, "%s was not made from this list: it has another target", s->path);
	return 0;
}

int
resume_next(struct resume *s, struct input *in, size_t *n, struct str *text, bool *too_long, struct err *e)
{
	int rc;

	if (s->gap < s->ngaps) {
		const struct gap *g = &s->gaps[s->gap++];

		*n = g->n;
		*text = g->text;
		*too_long = g->too_long;
		return 1;
	}
	rc = input_next(in, text, too_long, e);
	if (rc > 0)
		*n = ++s->read;
	return rc;
}

size_t
resume_done(const struct resume *s)
{
	return s->done;
}

int
resume_fd(const struct resume *s)
{
	return s->fd;
}

void
resume_free(struct resume *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	record_reader_free(s->reader);
	for (size_t i = 0; i < s->ngaps; i++)
		free((char *)s->gaps[i].text.s);
	free(s->gaps);
	free(s->bits);
	buf_clear(&s->scratch);
	free(s);
}
