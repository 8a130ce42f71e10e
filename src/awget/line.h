/* awget/line.h: a line of input: a target, and what is to be done differently for it alone. */
#ifndef AWGET_LINE_H
#define AWGET_LINE_H

#include "base/buf.h"
#include "base/err.h"
#include "net/addr.h"

/* TARGET [address=IP] [sni=NAME] [tag=TEXT]. The slices are of the line. */
struct line {
	struct str target, sni, tag; /* s is NULL where a key is not given */
	struct addr address;         /* AF_UNSPEC: none */
};

/* Takes a line apart. 0, or -1 with ERR_INPUT, the first fault; l->target is then all of it, and l->tag its tag. */
int line_parse(struct line *l, struct str text, struct err *e);

#endif
