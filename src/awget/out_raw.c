/* awget/out_raw.c: the heads of one target, redirects first, byte for byte; a terminal is shown no control bytes. */
#include "awget/output.h"
#include "base/text.h"

static void
on_terminal(struct str head)
{
	while (head.n) {
		text_show(&output_results, text_line(&head));
		buf_byte(&output_results, '\n');
	}
}

static void
put(struct str head)
{
	if (output_style.terminal)
		on_terminal(head);
	else
		buf_str(&output_results, head);
}

static void
done(const struct result *r, const struct verdict *v)
{
	(void)v;
	for (size_t i = 0; i < r->nhops; i++)
		put((struct str){r->hops[i].head.s, r->hops[i].head_n});
	if (r->status)
		put((struct str){r->head.s, r->head_n});
	output_piece();
}

const struct output out_raw = {.name = "raw", .done = done};
