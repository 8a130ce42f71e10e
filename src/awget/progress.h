/* awget/progress.h: --progress: one line on standard error that says how far we are. */
#ifndef AWGET_PROGRESS_H
#define AWGET_PROGRESS_H

#include <stddef.h>

#include "base/buf.h"

/*
 * How far a run is. Targets were read, then begun, then ended. share: of all targets, those read; NAN if nobody knows.
 */
struct progress {
	size_t read, begun, ended, failed;
	double seconds; /* since the beginning */
	double share;
};

/* Adds the line, without a line end: "1200 done, 3 failed, 256 in flight, 812/s, 1:05 left". */
void progress_line(const struct progress *p, struct buf *b);

#endif
