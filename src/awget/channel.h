/*
 * awget/channel.h: messages between the process that tells (pool.h) and those that fetch (worker.h): over a socket, in
 * batches. Both ends are the same program, so numbers are as they are in memory; but a worker has spoken with servers,
 * and is not believed: what it sends is looked at as what a stranger sends.
 */
#ifndef AWGET_CHANNEL_H
#define AWGET_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/addr.h"
#include "net/stream.h"
#include "rt/task.h"

enum message_kind {
	MESSAGE_FETCH,  /* to a worker: a struct message_fetch, then the bytes that it counts */
	MESSAGE_CANCEL, /* to a worker: give up all that you have */
	MESSAGE_ENTERED, /* to a worker: the answer to MESSAGE_ENTER; status is 1 if there is no place */
	MESSAGE_LINES,  /* from a worker, as the rest: lines of a head have come */
	MESSAGE_NOTE,   /* a step, for -v */
	MESSAGE_ENTER,  /* a struct message_turn: it wants a place at this address; job is the question's number */
	MESSAGE_LEAVE,  /* a struct message_turn: it gives it back */
	MESSAGE_PAUSE,  /* a double: the longest time between two looks at the network so far */
	MESSAGE_DONE,   /* a result, as fetch/pack.h has it */
};

struct message {
	uint32_t n;      /* bytes that follow */
	uint16_t kind;
	uint16_t status; /* of MESSAGE_LINES: the response's, as far as it is known */
	uint64_t job;    /* whose: a number that the pool has chosen */
};

/* Behind it: sni_n bytes of sni, if there is one, and target_n bytes. */
struct message_fetch {
	struct addr address; /* AF_UNSPEC: where the name leads */
	uint32_t sni_n, target_n;
};

struct message_turn {
	struct addr address;
	uint32_t wait; /* 0: only if there is a place now */
};

struct channel {
	struct stream stream;
	struct buf in, out, sending;
	size_t at;           /* where the next message begins in `in` */
	size_t begun;        /* where the message that is being made begins in `out` */
	struct task *writer; /* while it has nothing to do; else NULL */
	bool broken;         /* nobody reads */
};

/* Over a connected non-blocking socket, which it takes. */
void channel_init(struct channel *c, int fd);

/*
 * Adds a message: what the caller adds to the buffer, before channel_end, follows its head. It goes out when the
 * writer has its turn. Once the other end is gone it goes nowhere. Neither waits.
 */
struct buf *channel_begin(struct channel *c, const struct message *head);
void channel_end(struct channel *c);

/* A task, arg being the channel: writes what there is. Ends when canceled, and when the other end is gone. */
void *channel_write(void *arg);

/*
 * Waits for a message of at most max bytes: 1, and its bytes at *body, valid until the next call; 0 at the end, however
 * it came; -1 with ERR_LOCAL when it is no message, or with ERR_CANCELED.
 */
int channel_read(struct channel *c, size_t max, struct message *head, struct str *body, struct err *e);

/* From here on nothing more comes or goes, at either end, but what is on its way. */
void channel_hang_up(struct channel *c);

void channel_close(struct channel *c);

#endif
