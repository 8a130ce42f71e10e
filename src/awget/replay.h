/* awget/replay.h: --replay: the results of an earlier run, told anew. */
#ifndef AWGET_REPLAY_H
#define AWGET_REPLAY_H

#include "awget/run.h"
#include "base/err.h"

/*
 * Hands each record of the file ("-": standard input) to run_tell. Calls before_wait before it reads, which may block;
 * after records_stop (record/records.h) it ends early. 0, or -1 with ERR_CANCELED, or with ERR_LOCAL: the file
 * cannot be read, or a line is no record ("FILE:LINE: SENTENCE").
 */
int replay(struct run *run, const char *path, void (*before_wait)(void), struct err *e);

#endif
