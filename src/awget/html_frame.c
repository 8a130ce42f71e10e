/* awget/html_frame.c: what is around a page: its policy, its looks, its script. */
#include "awget/html_frame.h"

#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "awget/html.h"
#include "base/install.h"

static bool
read_all(int fd, struct buf *b)
{
	ssize_t n;

	do {
		buf_reserve(b, BUF_BLOCK);
		n = read(fd, b->s + b->n, BUF_BLOCK);
		b->n += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	return n == 0;
}

static bool
read_file(struct buf *b, const char *name)
{
	struct buf path = {0};
	bool good;
	int fd;

	install_data(&path, name);
	fd = open(path.s, O_RDONLY | O_CLOEXEC);
	good = fd >= 0 && read_all(fd, b);
	if (fd >= 0)
		close(fd);
	buf_clear(&path);
	return good;
}

void
html_frame_read(struct html_frame *f)
{
	if (!read_file(&f->css, "report.css") || !read_file(&f->js, "report.js") || !read_file(&f->csp, "report.csp"))
		html_frame_clear(f);
}

static void
policy(struct buf *b, struct str hashes)
{
	while (hashes.n && hashes.s[hashes.n - 1] == '\n')
		hashes.n--;
	buf_str(b, STR("<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "));
	buf_str(b, hashes);
	buf_str(b, hashes.n ? STR("; ") : STR(""));
	buf_str(b, STR("base-uri 'none'; form-action 'none'\">\n"));
}

/* One of our blocks, byte for byte: the policy has its hash. */
static void
block(struct buf *b, struct str element, struct str text)
{
	if (!text.n)
		return;
	buf_byte(b, '<');
	buf_str(b, element);
	buf_byte(b, '>');
	buf_str(b, text);
	buf_str(b, STR("</"));
	buf_str(b, element);
	buf_str(b, STR(">\n"));
}

void
html_frame_begin(const struct html_frame *f, struct str title, struct buf *b)
{
	buf_str(b, STR("<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"));
	policy(b, buf_view(&f->csp));
	buf_str(b,
	    STR("<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
	        "<meta name=color-scheme content=\"light dark\">\n<meta name=referrer content=no-referrer>\n"
	        "<meta name=generator content=\"awget " VERSION "\">\n<title>"));
	html_add(b, title);
	buf_str(b, STR("</title>\n"));
	block(b, STR("style"), buf_view(&f->css));
	buf_str(b, STR("</head>\n<body>\n"));
}

void
html_frame_end(const struct html_frame *f, struct buf *b)
{
	buf_str(b, STR("<footer><p>Written by awget " VERSION "."));
	if (!f->css.n)
		buf_str(
		    b, STR(" It did not find its report.css, report.js and report.csp: the page is plain without."));
	buf_str(b, STR("</p></footer>\n"));
	block(b, STR("script"), buf_view(&f->js));
	buf_str(b, STR("</body>\n</html>\n"));
}

void
html_frame_clear(struct html_frame *f)
{
	buf_clear(&f->css);
	buf_clear(&f->js);
	buf_clear(&f->csp);
}
