/* net/stream.c: bytes over any transport; the only place that turns "again" into waiting. And plain TCP. */
#include "net/stream.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rt/edges.h"
#include "rt/task.h"

/* What errno says of a connection that was there. */
static int
failed(struct err *e, const char *doing)
{
	switch (errno) {
	case ECONNRESET:
	case EPIPE:
		return err_set(e, ERR_RESET, "connection reset by peer while %s", doing);
	case ETIMEDOUT:
		return err_set(e, ERR_TIMEOUT, "connection timed out while %s", doing);
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EHOSTDOWN:
	case ENETDOWN:
		return err_set(e, ERR_UNREACHABLE, "%s while %s", strerror(errno), doing);
	case ECONNREFUSED: /* a TCP that first accepted says so by ICMP */
		return err_set(e, ERR_RESET, "connection refused while %s", doing);
	default:
		return err_set(e, ERR_LOCAL, "%s while %s", strerror(errno), doing);
	}
}

/* It cannot be done now. */
static ssize_t
again(const struct stream *s, int event, ssize_t want)
{
	if (s->edges)
		edges_forget(s->fd, event);
	return want;
}

static ssize_t
tcp_read(struct stream *s, void *to, size_t n, struct err *e)
{
	ssize_t got;

	do
		got = recv(s->fd, to, n, 0);
	while (got < 0 && errno == EINTR);
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return again(s, TASK_READ, STREAM_WANT_READ);
	return got >= 0 ? got : failed(e, "reading");
}

static ssize_t
tcp_write(struct stream *s, const void *from, size_t n, struct err *e)
{
	ssize_t put;

	do
		put = send(s->fd, from, n, MSG_NOSIGNAL);
	while (put < 0 && errno == EINTR);
	if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return again(s, TASK_WRITE, STREAM_WANT_WRITE);
	return put >= 0 ? put : failed(e, "sending the request");
}

static const struct stream_ops tcp = {.read = tcp_read, .write = tcp_write};

void
stream_tcp(struct stream *s, int fd)
{
	*s = (struct stream){.ops = &tcp, .fd = fd};
}

void
stream_dialled(struct stream *s, int fd)
{
	stream_tcp(s, fd);
	s->edges = true;
}

static int
wait_for(struct stream *s, ssize_t want, double deadline, struct err *e)
{
	int event = want == STREAM_WANT_WRITE ? TASK_WRITE : TASK_READ;

	if (!s->edges)
		return task_wait_fd(s->fd, event, deadline, e);
	return edges_wait_one(s->fd, event, deadline, e) > 0 ? 0 : -1;
}

int
stream_handshake(struct stream *s, double deadline, struct err *e)
{
	int rc = 0;

	do {
		if (rc < -1 && wait_for(s, rc, deadline, e) != 0)
			return -1;
		if (task_heavy(&deadline, e) != 0) /* a thousand handshakes take turns */
			return -1;
		rc = s->ops->handshake(s, e);
	} while (rc < -1);
	return rc;
}

ssize_t
stream_read(struct stream *s, void *to, size_t n, double deadline, struct err *e)
{
	ssize_t got;

	while ((got = s->ops->read(s, to, n, e)) < -1)
		if (wait_for(s, got, deadline, e) != 0)
			return -1;
	return got;
}

int
stream_wait(struct stream *s, double deadline, struct err *e)
{
	if (s->ops->pending && s->ops->pending(s))
		return 0;
	return wait_for(s, STREAM_WANT_READ, deadline, e);
}

int
stream_write(struct stream *s, const void *from, size_t n, double deadline, struct err *e)
{
	const char *p = from;

	while (n) {
		ssize_t put = s->ops->write(s, p, n, e);

		if (put == -1)
			return -1;
		if (put >= 0)
			p += put, n -= (size_t)put;
		else if (wait_for(s, put, deadline, e) != 0)
			return -1;
	}
	return 0;
}

void
stream_close(struct stream *s)
{
	if (s->fd < 0)
		return;
	if (s->ops->close)
		s->ops->close(s);
	close(s->fd);
	s->fd = -1;
}
