/* awserve/log.h: what was asked, a line each on stderr, if that is wanted. */
#ifndef AWSERVE_LOG_H
#define AWSERVE_LOG_H

#include <stdbool.h>

#include "base/buf.h"

/* Are lines wanted? Not unless this was set. */
extern bool log_wanted;

/* Writes line and a newline in one piece. Clears line. */
void log_line(struct buf *line);

#endif
