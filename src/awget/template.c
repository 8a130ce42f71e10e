/* awget/template.c: -w: text with %{name} in it, taken apart once and filled for each result. */
#include "awget/template.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/excerpt.h"
#include "base/mem.h"
#include "base/text.h"
#include "http/head.h"

/* FIRST and ALL are of the fields called `text`. */
enum kind { TEXT, NAME, FIRST, ALL };

struct part {
	enum kind kind;
	struct str text;
	struct str between; /* what stands between the values of ALL */
	const struct template_name *name;
};

struct template {
	struct part *v;
	size_t n, cap;
	struct buf text; /* what the slices are of; it has room for all of them from the beginning */
};

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

static struct part *
add(struct template *t, enum kind kind)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 8;
		t->v = xrealloc(t->v, t->cap * sizeof *t->v);
	}
	t->v[t->n] = (struct part){.kind = kind, .text = {t->text.s + t->text.n, 0}};
	return &t->v[t->n++];
}

/* A byte of text, in one part with those before it. */
static void
add_byte(struct template *t, char c)
{
	struct part *last = t->n && t->v[t->n - 1].kind == TEXT ? &t->v[t->n - 1] : add(t, TEXT);

	buf_byte(&t->text, c);
	last->text.n++;
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
		add(p->t, NAME)->name = found;
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
between(struct parser *p, struct part *part)
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
	struct part *part = add(p->t, FIRST);
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
		part->kind = ALL;
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

struct template *
template_new(const char *text, struct buf *excerpt, struct err *e)
{
	struct parser p = {.t = xcalloc(1, sizeof *p.t), .file = *text == '@'};
	struct buf content = {0};
	const char *path = !p.file ? "-w" : strcmp(text, "@-") == 0 ? "standard input" : text + 1;
	int rc = p.file ? read_file(text + 1, &content, e) : 0;

	if (rc == 0) {
		p.text = p.file ? buf_view(&content) : str_of(text);
		rc = parse(&p);
		if (rc != 0) {
			struct excerpt_place at = excerpt_place(p.text, p.wrong);

			err_set(e, ERR_INPUT, "%s:%zu:%zu: %s", path, at.line, at.column, p.why.text);
			if (excerpt)
				excerpt_add(excerpt, p.text, p.wrong);
		}
	}
	buf_clear(&content);
	if (rc == 0)
		return p.t;
	template_free(p.t);
	return NULL;
}

/* Makes what was added to b behind `from` fit to be shown, which it nearly always is. */
static void
make_fit(struct buf *b, size_t from)
{
	struct buf raw = {0};
	struct str added = {b->s + from, b->n - from};

	if (!added.n || text_plain(added) == added.n)
		return;
	buf_str(&raw, added);
	b->n = from;
	text_show(b, buf_view(&raw));
	buf_clear(&raw);
}

static void
put_value(const struct result *r, const struct field *f, struct buf *b)
{
	size_t from = b->n;

	if (f->folded)
		result_unfolded(b, result_value(r, f));
	else
		buf_str(b, result_value(r, f));
	make_fit(b, from);
}

static void
put_values(const struct part *p, const struct result *r, struct buf *b)
{
	bool any = false;

	for (size_t i = 0; i < r->nfields; i++) {
		if (!str_eq_fold(result_name(r, &r->fields[i]), p->text))
			continue;
		if (any)
			buf_str(b, p->between);
		put_value(r, &r->fields[i], b);
		any = true;
		if (p->kind == FIRST)
			return;
	}
}

void
template_fill(const struct template *t, const struct result *r, const struct verdict *v, struct buf *b)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct part *p = &t->v[i];
		size_t from = b->n;

		if (p->kind == TEXT)
			buf_str(b, p->text);
		else if (p->kind == NAME && p->name->put(r, v, b))
			make_fit(b, from);
		else if (p->kind != NAME)
			put_values(p, r, b);
	}
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
