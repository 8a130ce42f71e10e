/* awget/out_changes.c: text beside a baseline: of each target that changed, how. */
#include "awget/output.h"
#include "base/text.h"

static void
done(const struct result *r, const struct verdict *v)
{
	static struct buf before;

	if (!verdict_changed(v))
		return;
	before.n = 0;
	text_show(&before, r->label);
	buf_str(&before, STR(" change > "));
	changes_show(v->changes, buf_view(&before), &output_results);
	output_piece();
}

const struct output out_changes = {.fields = true, .done = done};
