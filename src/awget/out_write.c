/* awget/out_write.c: -w: what the user's template makes of a result. */
#include "awget/output.h"
#include "awget/template.h"

static const struct template *template;

static void
begin(const struct options *o)
{
	template = o->template;
}

static void
done(const struct result *r, const struct verdict *v)
{
	template_fill(template, r, v, &output_results);
	output_piece();
}

const struct output out_write = {.name = "write-out", .fields = true, .begin = begin, .done = done};
