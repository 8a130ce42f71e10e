/* tests/unit/made.h: results made by hand. */
#ifndef TESTS_UNIT_MADE_H
#define TESTS_UNIT_MADE_H

#include "fetch/result.h"
#include "helper.h"
#include "http/head.h"

/* A result of this status, with the fields of these lines, each of which ends in LF; a line after CR LF may be a fold. */
static inline void
made_result(struct result *r, int status, struct str lines)
{
	result_init(r, 1, STR("target"));
	r->status = status;
	r->minor = 1;
	buf_str(&r->head, lines);
	while (lines.n) {
		const char *lf = memchr(lines.s, '\n', lines.n), *start = r->head.s + (r->head.n - lines.n);
		struct str line = {start, (size_t)(lf - lines.s)}, name, value;

		lines.s += line.n + 1, lines.n -= line.n + 1;
		if (line.n && line.s[line.n - 1] == '\r')
			line.n--;
		if (head_field(line, &name, &value) == HEAD_FOLD) {
			struct field *f = &r->fields[r->nfields - 1];

			f->value_n = (uint32_t)(value.s + value.n - r->head.s) - f->value;
			f->folded = true;
			continue;
		}
		*result_add_field(r) = (struct field){
			.name = name.n ? (uint32_t)(name.s - r->head.s) : 0, .name_n = (uint32_t)name.n,
			.value = value.n ? (uint32_t)(value.s - r->head.s) : 0, .value_n = (uint32_t)value.n};
	}
}

#endif
