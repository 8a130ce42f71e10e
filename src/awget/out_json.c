/* awget/out_json.c: one JSON object a target, on one line. */
#include "awget/json.h"
#include "awget/output.h"

static void
done(const struct result *r, const struct verdict *v)
{
	json_record(&output_results, r, v);
	buf_byte(&output_results, '\n');
	output_piece();
}

const struct output out_json = {.name = "json", .fields = true, .done = done};
