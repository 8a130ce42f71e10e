/* awget/template.c: -w: text with %{name} in it, taken apart. */
#include "awget/template.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "awget/template_parts.h"
#include "base/mem.h"
#include "check/place.h"
#include "http/head.h"

struct parser {
	struct template *t;
	struct str text;
	size_t at;
	bool file;
	size_t wrong; /* where the mistake is */
	struct err why;
};

static int
fail_at(struct parser *p, size_t at)
{
	p->wrong = at;
	return -1;
}

static struct template_part *
add(struct template *t, enum template_kind kind)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 8;
		t->v = xrealloc(t->v, t->cap * sizeof *t->v);
	}
	t->v[t->n] = (struct template_part){.kind = kind, .text = {t->text.s + t->text.n, 0}};
	return &t->v[t->n++];
}

/* A byte of text, in one part with those before it. */
static void
add_byte(struct template *t, char c)
{
	if (!t->n || t->v[t->n - 1].kind != TEMPLATE_TEXT)
		add(t, TEMPLATE_TEXT);
	buf_byte(&t->text, c);
	t->v[t->n - 1].text.n++;
}

static bool
starts_here(const struct parser *p, struct str what)
{
	return str_starts((struct str){p->text.s + p->at, p->text.n - p->at}, what);
}

/* Long files have lines for the reader; where a line of the result ends, \n says, as in curl's. */
static bool
is_line_end(const struct parser *p)
{
	return p->file && (p->text.s[p->at] == '\n' || p->text.s[p->at] == '\r');
}

/* What a backslash and the byte behind it stand for; a brace only where it would end something. */
static int
escape(struct parser *p, bool brace, char *c)
{
	static const char from[] = "nrt\\}", to[] = "\n\r\t\\}";
	char letter = p->at + 1 < p->text.n ? p->text.s[p->at + 1] : '\0';
	const char *found = letter ? strchr(from, letter) : NULL;

	if (!found || (letter == '}' && !brace)) {
		err_set(&p->why, ERR_INPUT, "a backslash begins only %s\\n, \\r, \\t and \\\\", brace ? "\\}, " : "");
		return fail_at(p, p->at);
	}
	*c = to[found - from];
	p->at += 2;
	return 0;
}

/* The next byte of text: 1, or 0 if there is none where a line of the file ends. */
static int
take(struct parser *p, bool brace, char *c)
{
	if (is_line_end(p)) {
		p->at++;
		return 0;
	}
	if (p->text.s[p->at] == '\\')
		return escape(p, brace, c) == 0 ? 1 : -1;
	*c = p->text.s[p->at++];
	return 1;
}

static int
unclosed(struct parser *p, size_t start)
{
	err_set(&p->why, ERR_INPUT, "there is no '}' behind this");
	return fail_at(p, start);
}

/* Behind "%{". */
static int
name(struct parser *p, size_t start)
{
	const char *s = p->text.s + p->at, *end = memchr(s, '}', p->text.n - p->at), *meant;
	struct str word = {s, end ? (size_t)(end - s) : 0};
	const struct template_name *found;

	if (!end)
		return unclosed(p, start);
	found = template_find(word);
	if (found) {
		add(p->t, TEMPLATE_NAME)->name = found;
		p->at += word.n + 1;
		return 0;
	}
	meant = template_meant(word);
	err_set(&p->why, ERR_INPUT, "there is no %%{%.*s}%s%s%s", (int)(word.n < 60 ? word.n : 60), word.s,
	    meant ? "; did you mean %{" : "", meant ? meant : "", meant ? "}?" : "");
	return fail_at(p, start);
}

/* What stands between the values, up to the brace. */
static int
between(struct parser *p, struct template_part *part)
{
	struct buf *b = &p->t->text;

	part->between.s = b->s + b->n;
	while (p->at < p->text.n && p->text.s[p->at] != '}') {
		char c;
		int n = take(p, true, &c);

		if (n < 0)
			return -1;
		if (n)
			buf_byte(b, c);
		part->between.n += (size_t)n;
	}
	return 0;
}

/* Behind "%header{": NAME, or NAME:all:BETWEEN. */
static int
header(struct parser *p, size_t start)
{
	const struct str all = STR(":all:");
	struct template_part *part = add(p->t, TEMPLATE_FIRST);
	struct str word = {p->text.s + p->at, 0};

	while (p->at < p->text.n && p->text.s[p->at] != '}' && p->text.s[p->at] != ':')
		p->at++, word.n++;
	if (p->at < p->text.n && !head_is_token(word)) {
		err_set(&p->why, ERR_INPUT, "'%.*s' is not the name of a header field",
		    (int)(word.n < 60 ? word.n : 60), word.s);
		return fail_at(p, p->at - word.n);
	}
	buf_str(&p->t->text, word);
	part->text.n = word.n;
	if (starts_here(p, all)) {
		part->kind = TEMPLATE_ALL;
		p->at += all.n;
		if (between(p, part) != 0)
			return -1;
	} else if (starts_here(p, STR(":"))) {
		err_set(&p->why, ERR_INPUT, "behind the name of a field stands only ':all:SEPARATOR'");
		return fail_at(p, p->at);
	}
	if (p->at == p->text.n)
		return unclosed(p, start);
	p->at++;
	return 0;
}

static int
percent(struct parser *p)
{
	static const struct {
		struct str start;
		int (*parse)(struct parser *p, size_t start);
	} rows[] = {{STR("%{"), name}, {STR("%header{"), header}};
	size_t start = p->at;

	if (starts_here(p, STR("%%"))) {
		add_byte(p->t, '%');
		p->at += 2;
		return 0;
	}
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (starts_here(p, rows[i].start)) {
			p->at += rows[i].start.n;
			return rows[i].parse(p, start);
		}
	err_set(&p->why, ERR_INPUT, "'%%' begins %%{NAME}, %%header{NAME} or %%%%, which stands for itself");
	return fail_at(p, start);
}

static int
parse(struct parser *p)
{
	buf_reserve(&p->t->text, p->text.n + 1);
	while (p->at < p->text.n) {
		char c;
		int n = 0;

		if (p->text.s[p->at] == '%') {
			if (percent(p) != 0)
				return -1;
			continue;
		}
		n = take(p, false, &c);
		if (n < 0)
			return -1;
		if (n)
			add_byte(p->t, c);
	}
	return 0;
}

/* The whole file. 0, or -1 with ERR_LOCAL. */
static int
read_all(int fd, const char *name, struct buf *b, struct err *e)
{
	ssize_t n;

	do {
		buf_reserve(b, BUF_BLOCK);
		n = read(fd, b->s + b->n, BUF_BLOCK);
		if (n > 0)
			b->n += (size_t)n;
	} while ((n > 0 && b->n <= TEMPLATE_FILE_MAX) || (n < 0 && errno == EINTR));
	if (n < 0)
		return err_set(e, ERR_LOCAL, "cannot read %s: %s", name, strerror(errno));
	if (b->n > TEMPLATE_FILE_MAX)
		return err_set(e, ERR_LOCAL, "cannot read %s: it is larger than %d bytes", name, TEMPLATE_FILE_MAX);
	return 0;
}

static int
read_file(const char *path, struct buf *b, struct err *e)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return err_set(e, ERR_LOCAL, "cannot read %s: %s", path, strerror(errno));
	rc = read_all(fd, standard ? "standard input" : path, b, e);
	if (!standard)
		close(fd);
	return rc;
}

/* Where in which file the mistake is, and what it is. */
static void
tell(const struct parser *p, const char *file, struct buf *excerpt, struct err *e)
{
	size_t number = 1, start = 0;
	struct str line = p->text;
	const char *end;

	for (size_t i = 0; i < p->wrong; i++)
		if (line.s[i] == '\n')
			number++, start = i + 1;
	line.s += start, line.n -= start;
	end = line.n ? memchr(line.s, '\n', line.n) : NULL;
	if (end)
		line.n = (size_t)(end - line.s);
	if (p->wrong - start < line.n && line.s[line.n - 1] == '\r')
		line.n--;
	err_set(e, ERR_INPUT, "%s:%zu:%zu: %s", file, number, place_column(line, p->wrong - start), p->why.text);
	if (excerpt)
		place_excerpt(excerpt, line, p->wrong - start);
}

struct template *
template_new(const char *text, struct buf *excerpt, struct err *e)
{
	struct parser p = {.t = xcalloc(1, sizeof *p.t), .file = *text == '@'};
	struct buf content = {0};
	const char *file = !p.file ? "-w" : strcmp(text, "@-") == 0 ? "standard input" : text + 1;
	int rc = p.file ? read_file(text + 1, &content, e) : 0;

	if (rc == 0) {
		p.text = p.file ? buf_view(&content) : str_of(text);
		rc = parse(&p);
		if (rc != 0)
			tell(&p, file, excerpt, e);
	}
	buf_clear(&content);
	if (rc == 0)
		return p.t;
	template_free(p.t);
	return NULL;
}

void
template_free(struct template *t)
{
	if (!t)
		return;
	free(t->v);
	buf_clear(&t->text);
	free(t);
}
