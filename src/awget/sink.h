/* awget/sink.h: a file that comes into being whole, and text that is kept for later. */
#ifndef AWGET_SINK_H
#define AWGET_SINK_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* Where a report is written. */
struct sink;

/* How much is collected in memory before it is written. */
enum { SINK_PIECE = 64 * 1024 };

/*
 * For a regular file, or one that is not there yet, writes to another one beside it, which sink_close puts in its
 * place: who reads FILE sees the old one or the new one, whole. The mode of an old file is kept; a new one has what
 * umask leaves of 0666. What is no regular file is written to as it is; "-" is standard output. NULL with
 * ERR_LOCAL. path is borrowed.
 */
struct sink *sink_open(const char *path, struct err *e);

/* What is to be written is added here, and may leave at each sink_piece. */
struct buf *sink_buf(struct sink *s);
void sink_piece(struct sink *s);

/* Is the file put in its place by a rename? Then *path is set to the folder. */
bool sink_folder(const struct sink *s, struct buf *path);

/* Writes what is left and puts the file in its place. 0, or -1 with ERR_LOCAL: a write failed, now or before. */
int sink_close(struct sink *s, struct err *e);

/* Has a sink to standard output found that nobody reads it any more? */
bool sink_unread(void);

/* Without sink_close before it, nothing has happened to the file. */
void sink_free(struct sink *s);

/* Writes all of b to a descriptor, waiting where it must, and empties it in every case. 0 or an errno. */
int sink_write(int fd, struct buf *b);

/*
 * As if writing had failed with this errno: the file will not be put in its place, and sink_close blames `what`, which
 * is borrowed until then. The first failure counts.
 */
void sink_fail(struct sink *s, int error, const char *what);

/*
 * Text of any length that is wanted later, in memory while it is short and in a file without a name after that. All
 * zero is an empty one.
 */
struct spool {
	struct buf buf;
	struct spool_part *parts; /* of the file, in order */
	size_t n, cap;
	int failed; /* an errno */
};

/*
 * Before the first spool and after the last one, as often as you like: between them there is the file, in $TMPDIR. If
 * there can be none, that is told by a spool that needs it.
 */
void spool_begin(void);
void spool_end(void);

/* Ends a piece that was added to spool->buf. */
void spool_piece(struct spool *s);
/* Adds all of it to the sink, whose sink_close also tells if the spool failed. */
void spool_pour(struct spool *s, struct sink *to);
void spool_clear(struct spool *s);

#endif
