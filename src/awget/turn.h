/* awget/turn.h: --per-address in a worker: turns are asked for, and are the pool's to give. */
#ifndef AWGET_TURN_H
#define AWGET_TURN_H

#include "awget/channel.h"
#include "net/limiter.h"

/* The limiter of this process, there being one; it asks over the channel. */
struct limiter *turn_limiter(struct channel *c);

/* The answer to one of its questions has come. 0, or -1 if there was none such. */
int turn_answered(const struct message *head);

#endif
