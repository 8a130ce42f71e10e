/* awget/template_parts.h: what a template is made of; for template.c and template_fill.c. */
#ifndef AWGET_TEMPLATE_PARTS_H
#define AWGET_TEMPLATE_PARTS_H

#include <stddef.h>

#include "awget/template.h"

/* TEMPLATE_FIRST and TEMPLATE_ALL are of the fields called `text`. */
enum template_kind { TEMPLATE_TEXT, TEMPLATE_NAME, TEMPLATE_FIRST, TEMPLATE_ALL };

struct template_part {
	enum template_kind kind;
	struct str text;
	struct str between; /* what stands between the values of TEMPLATE_ALL */
	const struct template_name *name;
};

struct template {
	struct template_part *v;
	size_t n, cap;
	struct buf text; /* what the slices are of; it has room for all of them from the beginning */
};

#endif
