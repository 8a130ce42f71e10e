/* net/listen.c: listening sockets, and serving whoever connects. */
#include "net/listen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "rt/group.h"
#include "rt/task.h"

/* The kernel cuts this down to what net.core.somaxconn allows. */
enum { BACKLOG = 65535 };

/* How many connections are accepted before those that are there have their turn. */
enum { BATCH = 64 };

/* Seconds to wait when there is no descriptor or memory left: some connection has to end first. */
static const double out_of_room = 0.02;

static int
set(int fd, int level, int option)
{
	int on = 1;

	return setsockopt(fd, level, option, &on, sizeof on);
}

/* Options, address and port of a new socket. 0, or -1 with errno. */
static int
settle(int fd, int type, struct addr *a, bool shared)
{
	socklen_t n = sizeof *a;

	if (a->sa.sa_family == AF_INET6 && set(fd, IPPROTO_IPV6, IPV6_V6ONLY) != 0)
		return -1;
	/*
	 * Connections of an earlier server may still linger. Not with a port that the kernel chooses, since with it two
	 * programs may be given the same one; and not for UDP, where it lets anybody take the datagrams over.
	 */
	if (type == SOCK_STREAM && addr_port(a) && set(fd, SOL_SOCKET, SO_REUSEADDR) != 0)
		return -1;
	if (shared && set(fd, SOL_SOCKET, SO_REUSEPORT) != 0)
		return -1;
	if (bind(fd, &a->sa, addr_size(a)) != 0)
		return -1;
	if (type == SOCK_STREAM && listen(fd, BACKLOG) != 0)
		return -1;
	return getsockname(fd, &a->sa, &n);
}

static int
cannot(struct err *e, const struct addr *a)
{
	enum err_kind kind = ERR_LOCAL;
	char text[ADDR_TEXT];

	if (errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT)
		kind = ERR_UNREACHABLE;
	return err_set(e, kind, "cannot listen at %s: %s", addr_text_port(a, text), strerror(errno));
}

static int
open_at(int type, struct addr *a, bool shared, struct err *e)
{
	int fd = socket(a->sa.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0 && settle(fd, type, a, shared) == 0)
		return fd;
	cannot(e, a);
	if (fd >= 0)
		close(fd);
	return -1;
}

int
listen_tcp(struct addr *a, bool shared, struct err *e)
{
	return open_at(SOCK_STREAM, a, shared, e);
}

int
listen_udp(struct addr *a, bool shared, struct err *e)
{
	return open_at(SOCK_DGRAM, a, shared, e);
}

/* Does this errno of accept() speak of the connection alone? accept(2) lists the errors of a pending one on Linux. */
static bool
is_of_connection(int error)
{
	switch (error) {
	case EINTR:
	case ECONNABORTED:
	case EPERM:
	case EPROTO:
	case ENOPROTOOPT:
	case EOPNOTSUPP:
	case ENETDOWN:
	case ENETUNREACH:
	case EHOSTDOWN:
	case EHOSTUNREACH:
	case ETIMEDOUT:
		return true;
	default:
		return false;
	}
}

static int
wait_for_room(double deadline, struct err *e)
{
	if (task_now() >= deadline)
		return err_set(e, ERR_TIMEOUT, "timed out");
	return task_sleep(out_of_room, e);
}

/* What to do about the errno of accept(): 0 to try again, -1 to give up. */
static int
recover(int fd, double deadline, struct err *e)
{
	switch (errno) {
	case EAGAIN:
		return task_wait_fd(fd, TASK_READ, deadline, e);
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		return wait_for_room(deadline, e);
	default:
		if (is_of_connection(errno))
			return 0;
		return err_set(e, ERR_LOCAL, "cannot accept connections: %s", strerror(errno));
	}
}

int
listen_accept(int fd, double deadline, struct err *e)
{
	for (;;) {
		int connection = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (connection >= 0)
			return connection;
		if (recover(fd, deadline, e) != 0)
			return -1;
	}
}

/* One connection's way into its task. */
struct visit {
	listen_handler *serve;
	void *arg;
	int fd;
};

static void *
visit(void *arg)
{
	struct visit v = *(struct visit *)arg;

	free(arg);
	v.serve(v.fd, v.arg);
	return NULL;
}

/* Starts a task for v.fd. If there is no memory for one, only this connection is lost. 0, or -1 when canceled. */
static int
receive(struct group *g, struct visit v, struct err *e)
{
	struct visit *copy = xmalloc(sizeof *copy);
	struct err why;

	*copy = v;
	if (group_go(g, "connection", visit, copy, &why) == 0)
		return 0;
	free(copy);
	close(v.fd);
	if (why.kind == ERR_CANCELED)
		return err_set(e, why.kind, "%s", why.text);
	return task_sleep(out_of_room, e);
}

int
listen_serve(int fd, size_t limit, listen_handler *serve, void *arg, struct err *e)
{
	struct visit v = {.serve = serve, .arg = arg};
	struct group g;
	int rc = 0;

	group_init(&g, limit);
	for (unsigned n = 1; rc == 0; n++) {
		v.fd = listen_accept(fd, INFINITY, e);
		rc = v.fd < 0 ? -1 : receive(&g, v, e);
		if (rc == 0 && n % BATCH == 0)
			rc = task_yield(e);
	}
	group_cancel(&g);
	group_wait(&g, NULL);
	return -1;
}
