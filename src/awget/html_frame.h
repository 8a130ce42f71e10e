/* awget/html_frame.h: what is around a page: its policy, its looks, its script. */
#ifndef AWGET_HTML_FRAME_H
#define AWGET_HTML_FRAME_H

#include "base/buf.h"

/* report.css, report.js, and the hashes of both in report.csp, as they were installed. All zero is none of them. */
struct html_frame {
	struct buf css, js, csp;
};

/* Reads the data files; without one of them there will be none: the page is plain then, says so, and is complete. */
void html_frame_read(struct html_frame *f);

/*
 * Adds all to the beginning of the body. The page's policy (Content Security Policy 3) is that nothing comes from
 * elsewhere, and that nothing is obeyed but our style and our script, which it knows by their hashes: so there can be
 * no attribute `style` on the page. title is shown by html_add.
 */
void html_frame_begin(const struct html_frame *f, struct str title, struct buf *b);

/* Adds the rest. */
void html_frame_end(const struct html_frame *f, struct buf *b);

void html_frame_clear(struct html_frame *f);

#endif
