/* awget/volatile.c: which header fields, or parts of them, do not count when answers are compared. */
#include "awget/volatile.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/mem.h"
#include "fetch/result.h"
#include "http/head.h"

/* What of a field does not count, from nothing to all. */
enum how { NOTHING, NONCE, COOKIE, VALUE, FIELD };

static const struct {
	const char *word;
	enum how how;
} words[] = {
    {"", FIELD},
    {"value", VALUE},
    {"cookie", COOKIE},
    {"nonce", NONCE},
};

struct rule {
	struct str glob; /* in lower case; not empty */
	enum how how;
	size_t next; /* of those that begin with the same byte: index + 1; 0: none */
};

/* What was found for a name, as it came; nearly all names are shorter than this, and there are few of them. */
enum { SHORT_NAME = 38, REMEMBERED = 256 };
struct memory {
	uint8_t n; /* 0: nothing */
	uint8_t how;
	char name[SHORT_NAME];
};

struct volatile_list {
	struct rule *v;
	size_t n, cap;
	size_t first[256];     /* by the first byte of the glob: index + 1 */
	struct memory *memory; /* REMEMBERED of them, by a hash of the name */
};

struct volatile_list *
volatile_new(void)
{
	struct volatile_list *v = xcalloc(1, sizeof *v);

	v->memory = xcalloc(REMEMBERED, sizeof *v->memory);
	return v;
}

static void
add(struct volatile_list *v, struct str name, enum how how)
{
	char *glob = xmemdup(name.s, name.n);
	size_t *first;

	for (size_t i = 0; i < name.n; i++)
		glob[i] = (char)tolower((unsigned char)glob[i]);
	if (v->n == v->cap) {
		v->cap = v->cap ? 2 * v->cap : 64;
		v->v = xrealloc(v->v, v->cap * sizeof *v->v);
	}
	first = &v->first[(unsigned char)glob[0]];
	v->v[v->n++] = (struct rule){.glob = {glob, name.n}, .how = how, .next = *first};
	*first = v->n;
	memset(v->memory, 0, REMEMBERED * sizeof *v->memory);
}

/* Cuts the first word off *s, which has no blanks around it. */
static struct str
take_word(struct str *s)
{
	struct str word = {s->s, 0};

	while (word.n < s->n && word.s[word.n] != ' ' && word.s[word.n] != '\t')
		word.n++;
	*s = str_trim((struct str){s->s + word.n, s->n - word.n});
	return word;
}

int
volatile_add(struct volatile_list *v, struct str line, struct err *e)
{
	struct str rest = str_trim(line), name = take_word(&rest);

	for (size_t i = 0; i < sizeof words / sizeof *words && head_is_token(name); i++)
		if (str_eq(rest, str_of(words[i].word))) {
			add(v, name, words[i].how);
			return 0;
		}
	return err_set(e, ERR_INPUT, "'%.*s' is not a field name, alone or with value, cookie or nonce behind it",
	    (int)(line.n < 80 ? line.n : 80), line.n ? line.s : "");
}

/* A line of the file without its end, its comment and blanks. */
static struct str
strip(struct str s)
{
	while (s.n && (s.s[s.n - 1] == '\n' || s.s[s.n - 1] == '\r'))
		s.n--;
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] == '#' && (i == 0 || s.s[i - 1] == ' ' || s.s[i - 1] == '\t'))
			s.n = i;
	return str_trim(s);
}

static int
read_lines(struct volatile_list *v, FILE *f, const char *path, struct err *e)
{
	char *line = NULL;
	size_t cap = 0, number = 0;
	int rc = 0;
	ssize_t n;

	while (rc == 0 && (n = getline(&line, &cap, f)) >= 0) {
		struct str s = strip((struct str){line, (size_t)n});
		struct err why;

		number++;
		if (s.n && volatile_add(v, s, &why) != 0)
			rc = err_set(e, ERR_LOCAL, "%s:%zu: %s", path, number, why.text);
	}
	if (rc == 0 && ferror(f))
		rc = err_set(e, ERR_LOCAL, "cannot read %s: %s", path, strerror(errno));
	free(line);
	return rc;
}

int
volatile_read(struct volatile_list *v, const char *path, struct err *e)
{
	FILE *f = fopen(path, "re");
	int rc;

	if (!f)
		return err_set(e, ERR_LOCAL, "cannot read %s: %s", path, strerror(errno));
	rc = read_lines(v, f, path, e);
	fclose(f);
	return rc;
}

static enum how
find_anew(const struct volatile_list *v, struct str name)
{
	enum how how = NOTHING;

	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].how > how && glob_match_fold(v->v[i].glob, name))
			how = v->v[i].how;
	return how;
}

/* Where a name is remembered (FNV-1a). */
static struct memory *
memory_of(const struct volatile_list *v, struct str name)
{
	uint32_t hash = 2166136261;

	for (size_t i = 0; i < name.n; i++)
		hash = (hash ^ (unsigned char)name.s[i]) * 16777619;
	return &v->memory[(hash ^ hash >> 16) % REMEMBERED];
}

static enum how
find(const struct volatile_list *v, struct str name)
{
	struct memory *m;

	if (!name.n || name.n > SHORT_NAME)
		return find_anew(v, name);
	m = memory_of(v, name);
	if (!str_eq((struct str){m->name, m->n}, name)) {
		m->how = (uint8_t)find_anew(v, name);
		m->n = (uint8_t)name.n;
		memcpy(m->name, name.s, name.n);
	}
	return (enum how)m->how;
}

bool
volatile_ignores(const struct volatile_list *v, struct str name)
{
	for (size_t i = name.n ? v->first[(unsigned char)name.s[0]] : 0; i; i = v->v[i - 1].next)
		if (v->v[i - 1].how == FIELD && str_eq(v->v[i - 1].glob, name))
			return true;
	return false;
}

/* One of the pieces between semicolons, which is "name=value" or a word (RFC 6265 section 4.1.1). */
static void
cookie_piece(struct buf *b, struct str piece, bool first)
{
	const char *eq = piece.n ? memchr(piece.s, '=', piece.n) : NULL;
	struct str name = str_trim((struct str){piece.s, eq ? (size_t)(eq - piece.s) : 0});

	if (!first && !(eq && str_eq_fold(name, STR("expires")))) {
		buf_str(b, piece);
		return;
	}
	buf_str(b, name);
	buf_str(b, eq ? STR("=*") : STR("*"));
}

static void
cookie(struct buf *b, struct str s)
{
	for (bool first = true;; first = false) {
		const char *end = s.n ? memchr(s.s, ';', s.n) : NULL;
		size_t n = end ? (size_t)(end - s.s) : s.n;

		cookie_piece(b, str_trim((struct str){s.s, n}), first);
		if (!end)
			return;
		buf_str(b, STR("; "));
		s.s += n + 1, s.n -= n + 1;
	}
}

/* The random part of a nonce-source (CSP 3 section 2.3.1) ends at the quote, or where a source must end. */
static void
nonce(struct buf *b, struct str s)
{
	const struct str start = STR("'nonce-");

	while (s.n) {
		size_t n = 1;

		if (s.n > start.n && str_eq_fold((struct str){s.s, start.n}, start)) {
			buf_str(b, STR("'nonce-*"));
			for (n = start.n; n < s.n && !strchr("' \t;,", s.s[n]);)
				n++;
		} else {
			buf_byte(b, *s.s);
		}
		s.s += n, s.n -= n;
	}
}

bool
volatile_value(const struct volatile_list *v, struct str name, struct str value, struct buf *b)
{
	enum how how = find(v, name);
	struct buf unfolded = {0};

	if (how == FIELD)
		return false;
	if (value.n && memchr(value.s, '\n', value.n)) {
		result_unfolded(&unfolded, value);
		value = buf_view(&unfolded);
	}
	value = str_trim(value);
	if (how == VALUE)
		buf_byte(b, '*');
	else if (how == COOKIE)
		cookie(b, value);
	else if (how == NONCE)
		nonce(b, value);
	else
		buf_str(b, value);
	buf_clear(&unfolded);
	return true;
}

void
volatile_free(struct volatile_list *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < v->n; i++)
		free((char *)v->v[i].glob.s);
	free(v->v);
	free(v->memory);
	free(v);
}
