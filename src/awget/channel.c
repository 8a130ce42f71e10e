/* awget/channel.c: messages between processes, in batches. */
#include "awget/channel.h"

#include <math.h>
#include <sys/socket.h>

enum { CHUNK = 64 * 1024 };

void
channel_init(struct channel *c, int fd)
{
	*c = (struct channel){0};
	stream_tcp(&c->stream, fd);
}

struct buf *
channel_begin(struct channel *c, const struct message *head)
{
	c->begun = c->out.n;
	buf_add(&c->out, (const char *)head, sizeof *head);
	return &c->out;
}

void
channel_end(struct channel *c)
{
	uint32_t n = (uint32_t)(c->out.n - c->begun - sizeof(struct message));

	memcpy(c->out.s + c->begun + offsetof(struct message, n), &n, sizeof n);
	if (c->broken)
		c->out.n = 0;
	if (c->writer)
		task_wake(c->writer);
	c->writer = NULL;
}

/* While one batch goes out, the next one is made. */
static int
send_batch(struct channel *c)
{
	struct buf batch = c->out;
	struct err e;

	c->out = c->sending;
	c->out.n = 0;
	c->sending = batch;
	return stream_write(&c->stream, batch.s, batch.n, INFINITY, &e);
}

void *
channel_write(void *arg)
{
	struct channel *c = arg;
	int rc = 0;

	while (rc == 0) {
		if (c->out.n) {
			rc = send_batch(c);
		} else {
			c->writer = task_self();
			rc = task_park(INFINITY, NULL);
		}
	}
	c->writer = NULL;
	c->broken = true;
	if (!task_canceled()) /* whoever reads must know that nothing more comes, at either end */
		channel_hang_up(c);
	return NULL;
}

void
channel_hang_up(struct channel *c)
{
	if (c->stream.fd >= 0)
		shutdown(c->stream.fd, SHUT_RDWR);
}

/* Reads some more. As stream_read; that the other end is gone is the end, in whatever way it went. */
static ssize_t
read_more(struct channel *c, struct err *e)
{
	ssize_t n;

	if (c->at)
		memmove(c->in.s, c->in.s + c->at, c->in.n - c->at);
	c->in.n -= c->at;
	c->at = 0;
	buf_reserve(&c->in, CHUNK);
	n = stream_read(&c->stream, c->in.s + c->in.n, c->in.cap - c->in.n, INFINITY, e);
	c->in.n += n > 0 ? (size_t)n : 0;
	return n < 0 && e->kind != ERR_CANCELED ? 0 : n;
}

/* Is there a whole message? Its head is at *head as soon as that is there. */
static bool
is_whole(const struct channel *c, struct message *head)
{
	size_t n = c->in.n - c->at;

	if (n < sizeof *head)
		return false;
	memcpy(head, c->in.s + c->at, sizeof *head);
	return n - sizeof *head >= head->n;
}

int
channel_read(struct channel *c, size_t max, struct message *head, struct str *body, struct err *e)
{
	ssize_t n;

	head->n = 0;
	while (!is_whole(c, head)) {
		if (head->n > max)
			return err_set(e, ERR_LOCAL, "a message of %u bytes", (unsigned)head->n);
		if ((n = read_more(c, e)) <= 0)
			return (int)n;
	}
	if (head->n > max)
		return err_set(e, ERR_LOCAL, "a message of %u bytes", (unsigned)head->n);
	*body = (struct str){c->in.s + c->at + sizeof *head, head->n};
	c->at += sizeof *head + head->n;
	return 1;
}

void
channel_close(struct channel *c)
{
	stream_close(&c->stream);
	buf_clear(&c->in);
	buf_clear(&c->out);
	buf_clear(&c->sending);
}
