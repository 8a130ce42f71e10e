/* net/stream.h: bytes to and from a peer over any transport, as straight-line code. */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct stream;

/* What a transport answers when it cannot go on now, instead of waiting; -1 is a failure, with *e filled. */
enum { STREAM_WANT_READ = -2, STREAM_WANT_WRITE = -3 };

/* A transport: plain TCP, and whatever else fills such a table. None of these waits. */
struct stream_ops {
	int (*handshake)(struct stream *, struct err *); /* 0 when it is over; NULL: there is none */
	ssize_t (*read)(struct stream *, void *to, size_t n, struct err *);  /* bytes read, 0 at the end */
	ssize_t (*write)(struct stream *, const void *from, size_t n, struct err *);
	bool (*pending)(const struct stream *); /* holds it bytes that poll knows nothing of? NULL: never */
	/* frees what is in `state`; NULL: nothing to do. The descriptor is stream_close's */
	void (*close)(struct stream *);
};

struct stream {
	const struct stream_ops *ops;
	int fd; /* -1: closed */
	bool edges; /* fd is one of rt/edges.h */
	void *state; /* the transport's own */
};

/* A stream over a connected non-blocking socket, which it takes. */
void stream_tcp(struct stream *s, int fd);

/* The same over one that was added to rt/edges.h, as those of dial_tcp are. */
void stream_dialled(struct stream *s, int fd);

/* Waits until the transport's handshake is over; each step has a heavy turn (rt/task.h). 0 or -1. */
int stream_handshake(struct stream *s, double deadline, struct err *e);

/* Waits for bytes and reads up to n of them: how many, 0 at the end of the stream, -1. */
ssize_t stream_read(struct stream *s, void *to, size_t n, double deadline, struct err *e);

/* Waits until something can be read, or the end or an error has come. 0 or -1. */
int stream_wait(struct stream *s, double deadline, struct err *e);

/* Writes all n bytes. 0 or -1; some may have gone out then. Never raises SIGPIPE. */
int stream_write(struct stream *s, const void *from, size_t n, double deadline, struct err *e);

/* Closes at once, without a farewell. Fine on one that is closed, or all zero but fd == -1. */
void stream_close(struct stream *s);

#endif
