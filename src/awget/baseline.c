/* awget/baseline.c: an earlier run, by target. */
#include "awget/baseline.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/text.h"
#include "record/record.h"
#include "record/records.h"

/* No index. */
static const uint32_t NONE = UINT32_MAX;

/* A record of the file; there may be millions of them. */
struct entry {
	uint64_t key;       /* of target and tag */
	struct digest what; /* of what counts of it */
	uint64_t offset : 63;
	uint64_t taken : 1; /* something was compared with it */
};

/*
 *     slots, by key      entries, in the order of the file      next
 *     [ .. 3 .. ] -----> 3: key, what, offset                   3: 7
 *                        7: the same key                        7: NONE
 *
 * A slot leads to the first of a key that was not taken; to the last one, when all were.
 */
struct baseline {
	char *path;
	int fd;
	off_t size;
	const struct volatile_list *list;
	struct record_reader *reader;
	struct entry *v;
	size_t n, cap;
	uint32_t *next, *slots;
	size_t mask; /* slots - 1: a power of two - 1 */
	size_t gone; /* where baseline_gone goes on */
	struct changes changes;
	struct result old;            /* while it is compared with; here, since stacks are small */
	struct buf line, key, target; /* for reuse */
};

/* Adds text as JSON has it, so that it is the same from a fetch and from a record. */
static void
add_text(struct buf *b, struct str text)
{
	struct buf made = {0};

	buf_str(b, text_as_utf8(text, &made));
	buf_clear(&made);
}

static uint64_t
key_of(struct baseline *b, const struct result *r)
{
	b->key.n = 0;
	if (r->tag.s) {
		add_text(&b->key, r->tag);
		buf_byte(&b->key, '\xff'); /* ends a tag: it is not in UTF-8 */
	}
	add_text(&b->key, r->target);
	return digest_of(buf_view(&b->key)).low;
}

static int
open_file(struct baseline *b, struct err *e)
{
	struct stat st;

	if (strcmp(b->path, "-") == 0)
		return err_set(e, ERR_LOCAL, "standard input cannot be read again where it differs; give a file");
	b->fd = open(b->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (b->fd < 0 || fstat(b->fd, &st) != 0)
		return err_set(e, ERR_LOCAL, "cannot read %s: %s", b->path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_LOCAL, "cannot read %s: %s", b->path, strerror(EISDIR));
	if (!S_ISREG(st.st_mode))
		return err_set(
		    e, ERR_LOCAL, "%s is no regular file: it cannot be read again where it differs", b->path);
	return 0;
}

/* What was interrupted tells nothing: it is as if it were not there. */
static void
add_entry(struct baseline *b, const struct result *r, uint64_t offset)
{
	if (r->err.kind == ERR_CANCELED)
		return;
	if (b->n == b->cap) {
		b->cap = b->cap ? 2 * b->cap : 64;
		b->v = xrealloc(b->v, b->cap * sizeof *b->v);
	}
	b->v[b->n++] = (struct entry){
	    .key = key_of(b, r),
	    .what = changes_digest(&b->changes, r, b->list),
	    .offset = offset,
	};
}

static int
load_record(struct baseline *b, struct records *f, struct str line, struct err *e)
{
	struct result r;
	struct err why;
	int rc = record_read(b->reader, line, &r, &why);

	if (rc != 0)
		err_set(e, why.kind, "%s:%zu: %s", b->path, records_number(f), why.text);
	else if (b->n == NONE)
		rc = err_set(e, ERR_INPUT, "%s has too many records", b->path);
	else
		add_entry(b, &r, records_offset(f));
	result_clear(&r);
	return rc;
}

static int
load(struct baseline *b, struct err *e)
{
	struct records *f = records_open(b->path, NULL, e);
	struct str line;
	struct stat st;
	int rc = f ? 1 : -1;

	while (rc > 0 && (rc = records_next(f, &line, e)) > 0)
		if (load_record(b, f, line, e) != 0)
			rc = -1;
	records_close(f);
	if (rc == 0 && fstat(b->fd, &st) != 0)
		rc = err_set(e, ERR_LOCAL, "cannot read %s: %s", b->path, strerror(errno));
	if (rc == 0)
		b->size = st.st_size;
	return rc;
}

/* The slot of this key, or the free one where it belongs. */
static uint32_t *
find_slot(const struct baseline *b, uint64_t key)
{
	size_t i = key & b->mask;

	while (b->slots[i] != NONE && b->v[b->slots[i]].key != key)
		i = (i + 1) & b->mask;
	return &b->slots[i];
}

/* From the last to the first, so that each goes before those of its key that come later in the file. */
static void
index_entries(struct baseline *b)
{
	size_t slots = 8;

	while (slots < b->n + b->n / 2)
		slots *= 2;
	b->mask = slots - 1;
	b->slots = xmalloc(slots * sizeof *b->slots);
	memset(b->slots, 0xff, slots * sizeof *b->slots);
	b->v = xrealloc(b->v, b->n * sizeof *b->v);
	b->next = xmalloc(b->n * sizeof *b->next);
	for (size_t i = b->n; i-- > 0;) {
		uint32_t *slot = find_slot(b, b->v[i].key);

		b->next[i] = *slot;
		*slot = (uint32_t)i;
	}
}

struct baseline *
baseline_new(const char *path, const struct volatile_list *list, struct err *e)
{
	struct baseline *b = xcalloc(1, sizeof *b);

	b->path = xstrdup(path);
	b->fd = -1;
	b->list = list;
	if (open_file(b, e) != 0 || !(b->reader = record_reader_new(e)) || load(b, e) != 0) {
		baseline_free(b);
		return NULL;
	}
	index_entries(b);
	return b;
}

/* Reads n bytes into the line, with the padding that a reader of records wants. */
static int
read_at(struct baseline *b, uint64_t offset, size_t n, struct err *e)
{
	b->line.n = 0;
	buf_reserve(&b->line, n + RECORD_PADDING);
	while (b->line.n < n) {
		ssize_t got = pread(b->fd, b->line.s + b->line.n, n - b->line.n, (off_t)(offset + b->line.n));

		if (got == 0)
			break;
		if (got < 0 && errno != EINTR)
			return err_set(e, ERR_LOCAL, "cannot read %s: %s", b->path, strerror(errno));
		b->line.n += got > 0 ? (size_t)got : 0;
	}
	memset(b->line.s + b->line.n, 0, RECORD_PADDING);
	return 0;
}

/* Makes `old`, which the caller clears if this is 0, what entry i is of. */
static int
read_again(struct baseline *b, size_t i, struct err *e)
{
	uint64_t from = b->v[i].offset, to = i + 1 < b->n ? b->v[i + 1].offset : (uint64_t)b->size;
	const char *end;
	struct str line;

	if (read_at(b, from, (size_t)(to - from), e) != 0)
		return -1;
	line = buf_view(&b->line);
	end = line.n ? memchr(line.s, '\n', line.n) : NULL;
	if (end)
		line.n = (size_t)(end - line.s);
	if (from == 0 && str_starts(line, STR("\xef\xbb\xbf"))) /* as records_next */
		line.s += 3, line.n -= 3;
	if (record_read(b->reader, line, &b->old, NULL) == 0 && key_of(b, &b->old) == b->v[i].key)
		return 0;
	result_clear(&b->old);
	return err_set(e, ERR_LOCAL, "%s was changed while it was compared with", b->path);
}

/* The first of this key that was not taken, which then is; NONE if there is none. */
static uint32_t
take(struct baseline *b, uint64_t key)
{
	uint32_t *slot = find_slot(b, key), i = *slot;

	if (i == NONE || b->v[i].taken)
		return NONE;
	b->v[i].taken = 1;
	if (b->next[i] != NONE)
		*slot = b->next[i];
	return i;
}

const struct changes *
baseline_compare(struct baseline *b, const struct result *r, struct err *e)
{
	uint32_t i = take(b, key_of(b, r));
	struct changes *c = &b->changes;

	if (i == NONE) {
		changes_find(c, NULL, r, b->list);
		return c;
	}
	if (digest_eq(changes_digest(c, r, b->list), b->v[i].what))
		return c;
	if (read_again(b, i, e) != 0)
		return NULL;
	changes_find(c, &b->old, r, b->list);
	result_clear(&b->old);
	return c;
}

int
baseline_gone(struct baseline *b, struct str *target, struct err *e)
{
	while (b->gone < b->n && b->v[b->gone].taken)
		b->gone++;
	if (b->gone == b->n)
		return 0;
	if (read_again(b, b->gone++, e) != 0)
		return -1;
	b->target.n = 0;
	buf_str(&b->target, b->old.target);
	*target = buf_view(&b->target);
	result_clear(&b->old);
	return 1;
}

void
baseline_free(struct baseline *b)
{
	if (!b)
		return;
	if (b->fd >= 0)
		close(b->fd);
	record_reader_free(b->reader);
	changes_clear(&b->changes);
	buf_clear(&b->line);
	buf_clear(&b->key);
	buf_clear(&b->target);
	free(b->v);
	free(b->next);
	free(b->slots);
	free(b->path);
	free(b);
}
