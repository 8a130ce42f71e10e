/* awget/out_raw.c: the heads of one target, redirects first, byte for byte; a terminal is shown no control bytes. */
#include "awget/output.h"
#include "base/text.h"

static void
on_terminal(struct str head)
{
	while (head.n) {
		const char *lf = memchr(head.s, '\n', head.n);
		size_t n = lf ? (size_t)(lf - head.s) : head.n;

		text_show(&output_results, (struct str){head.s, n && head.s[n - 1] == '\r' ? n - 1 : n});
		buf_byte(&output_results, '\n');
		n += lf != NULL;
		head.s += n, head.n -= n;
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
