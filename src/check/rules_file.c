/* check/rules_file.c: check files, read line by line, and those that they include. */
#include "check/rules.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/install.h"

enum { DEPTH = 16 };

static const char presets[] = "owasp, hsts, cookies, leak and cache";

/* Up to the last '/', which belongs to it. */
static struct str
folder_of(const char *path)
{
	const char *end = strrchr(path, '/');

	return (struct str){path, end ? (size_t)(end - path) + 1 : 0};
}

int
rules_find_preset(struct str name, struct buf *path, struct buf *shown, struct err *e)
{
	struct stat st;

	buf_str(shown, name);
	buf_str(shown, STR(".checks"));
	if (name.n && !memchr(name.s, '/', name.n) && !memchr(name.s, '.', name.n)) {
		install_data(path, buf_cstr(shown));
		if (stat(path->s, &st) == 0 || errno != ENOENT) /* reading it tells what else there is */
			return 0;
	}
	return err_set(e, ERR_INPUT, "there is no preset '%.*s'; those that come with awget are %s", LEX_SHOWN(name),
	    presets);
}

int
rules_find(const struct source *outer, struct str name, struct buf *path, struct buf *shown, struct err *e)
{
	if (!memchr(name.s, '/', name.n) && !memchr(name.s, '.', name.n))
		return rules_find_preset(name, path, shown, e);
	if (*name.s != '/')
		buf_str(path, outer->folder);
	if (str_starts(name, STR("./")))
		name.s += 2, name.n -= 2;
	buf_str(path, name);
	buf_cstr(path);
	buf_str(shown, buf_view(path));
	return 0;
}

/* Reads up to LF, which is not kept, and not much more than a line may have. False: nothing is left. */
static bool
next_line(FILE *f, struct buf *line)
{
	int c;

	line->n = 0;
	while ((c = getc_unlocked(f)) != EOF && c != '\n' && line->n <= RULES_LINE_MAX + 1)
		buf_byte(line, (char)c);
	return c != EOF || line->n;
}

static int
read_lines(struct checks *c, struct source *s, FILE *f, struct err *e)
{
	struct buf line = {0};
	int rc = 0;

	while (rc == 0 && next_line(f, &line)) {
		struct str text = line.n ? buf_view(&line) : STR("");

		if (s->number++ == 0 && text.n >= 3 && str_starts(text, STR("\xef\xbb\xbf")))
			text.s += 3, text.n -= 3;
		if (text.n && text.s[text.n - 1] == '\r')
			text.n--;
		rc = rules_line(c, s, text, e);
	}
	buf_clear(&line);
	return rc;
}

static int
open_error(const char *path, struct err *e)
{
	return err_set(e, ERR_LOCAL, "cannot read %s: %s", path, strerror(errno));
}

/* Is the file one that is being read, or is this too deep? */
static int
refuse(const struct source *s, struct err *e)
{
	for (const struct source *o = s->outer; o; o = o->outer)
		if (!o->argument && o->dev == s->dev && o->ino == s->ino)
			return err_set(e, ERR_INPUT, "this file includes itself");
	return s->depth > DEPTH ? err_set(e, ERR_INPUT, "more than %d files within each other", DEPTH) : 0;
}

int
rules_read(struct checks *c, const struct source *outer, const char *path, const char *shown, struct err *e)
{
	struct source s = {.outer = outer, .folder = folder_of(path)};
	FILE *f = fopen(path, "re");
	struct stat st;
	int rc;

	if (!f)
		return open_error(path, e);
	if (outer) {
		s.depth = outer->depth + 1;
		s.base = s.scope = outer->scope;
	}
	rc = fstat(fileno(f), &st) == 0 ? 0 : open_error(path, e);
	if (rc == 0) {
		s.dev = st.st_dev;
		s.ino = st.st_ino;
		rc = refuse(&s, e);
	}
	if (rc == 0) {
		s.shown = rules_file(c, shown);
		rc = read_lines(c, &s, f, e);
	}
	if (rc == 0 && ferror(f))
		rc = open_error(path, e);
	fclose(f);
	return rc;
}
