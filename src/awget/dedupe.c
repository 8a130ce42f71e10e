/* awget/dedupe.c: which lines of input ask for what an earlier one has asked for. */
#include "awget/dedupe.h"

#include <stdlib.h>
#include <string.h>

#include "awget/line.h"
#include "base/mem.h"
#include "base/set.h"

struct dedupe {
	const struct url_scheme *fallback;
	struct set *seen;
	struct buf key; /* the present one */
	size_t repeats;
};

struct dedupe *
dedupe_new(const struct url_scheme *fallback)
{
	struct dedupe *d = xcalloc(1, sizeof *d);

	d->fallback = fallback;
	d->seen = set_new(0);
	return d;
}

void
dedupe_free(struct dedupe *d)
{
	if (!d)
		return;
	set_free(d->seen);
	buf_clear(&d->key);
	free(d);
}

size_t
dedupe_repeats(const struct dedupe *d)
{
	return d->repeats;
}

/* Host in lower case, without the dot at its end; then what is not as usual: scheme, port, path. */
static void
put_url(struct buf *b, const struct url *u)
{
	size_t n = strlen(u->host);

	for (size_t i = 0; i < n; i++)
		if (i + 1 < n || u->host[i] != '.')
			buf_byte(b, u->host[i] >= 'A' && u->host[i] <= 'Z' ? (char)(u->host[i] | 0x20) : u->host[i]);
	if (u->scheme != url_schemes) {
		buf_byte(b, '\0');
		buf_str(b, str_of(u->scheme->name));
	}
	if (u->port != u->scheme->port) {
		buf_add(b, "\0:", 2); /* an address may have a colon as well */
		buf_number(b, u->port, 0);
	}
	if (strcmp(u->path, "/") != 0)
		buf_str(b, str_of(u->path));
}

/* The keys of a line in their order, and what it is if it is none. */
static void
put_line(struct buf *b, const struct dedupe *d, struct str line)
{
	struct line l = {0};
	struct url u = {0};
	struct err e;

	if (line_parse(&l, line, &e) != 0 || url_parse(&u, l.target, d->fallback, &e) != 0) {
		buf_byte(b, '\0'); /* no host begins so */
		buf_str(b, line);
	} else {
		const char *rest = l.target.s + l.target.n;

		put_url(b, &u);
		if (rest < line.s + line.n) {
			buf_byte(b, ' ');
			buf_str(b, str_trim((struct str){rest, (size_t)(line.s + line.n - rest)}));
		}
	}
	url_clear(&u);
}

bool
dedupe_is_new(struct dedupe *d, struct str line)
{
	bool added;

	d->key.n = 0;
	put_line(&d->key, d, line);
	set_add(d->seen, buf_view(&d->key), &added);
	d->repeats += !added;
	return added;
}
