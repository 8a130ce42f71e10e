/* awget/out_raw.c: the head of one target, byte for byte; on a terminal with its control bytes shown. */
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
done(const struct result *r)
{
	struct str head = {r->head.s, r->head_n};

	if (!r->status)
		return;
	if (output_style.terminal)
		on_terminal(head);
	else
		buf_str(&output_results, head);
	output_piece();
}

const struct output out_raw = {.name = "raw", .done = done};
