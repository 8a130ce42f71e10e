/* net/dial.c: a connected socket out of several addresses, within a deadline (RFC 8305). */
#include "net/dial.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rt/task.h"

/* RFC 8305 section 5, "Connection Attempt Delay"; and how often to look for a free descriptor. */
static const double head_start = 0.25, descriptor_wait = 0.01;

/* The attempts under way, the oldest first. */
struct race {
	const struct addrs *addrs;
	size_t next; /* the address to try next */
	struct task_fd fds[TASK_FDS];
	size_t which[TASK_FDS]; /* each one's address */
	size_t n;
	double due; /* when to try the next address, though none has failed */
	size_t failures;
	struct err *e; /* the most telling failure so far */
};

static enum err_kind
kind_of(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return ERR_CONNECT_REFUSED;
	case ETIMEDOUT:
		return ERR_CONNECT_TIMEOUT;
	case ECONNRESET:
	case EPIPE:
		return ERR_RESET;
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case EADDRNOTAVAIL:
		return ERR_LOCAL;
	default: /* ENETUNREACH, EHOSTUNREACH, EACCES from a prohibiting route, ... */
		return ERR_UNREACHABLE;
	}
}

/* The first failure is told, but one that is only about our own routes gives way to a later one. */
static void
failed(struct race *r, size_t which, int error)
{
	char text[ADDR_TEXT];
	bool first = r->failures++ == 0;

	r->due = 0;
	if (!first && r->e->kind != ERR_UNREACHABLE && r->e->kind != ERR_LOCAL)
		return;
	if (!first && (kind_of(error) == ERR_UNREACHABLE || kind_of(error) == ERR_LOCAL))
		return;
	err_set(r->e, kind_of(error), "cannot connect to %s: %s", addr_text_port(&r->addrs->v[which], text),
	    strerror(error));
}

/* Takes attempt i out of the race. */
static void
drop(struct race *r, size_t i)
{
	r->n--;
	for (; i < r->n; i++) {
		r->fds[i] = r->fds[i + 1];
		r->which[i] = r->which[i + 1];
	}
}

static bool
out_of_descriptors(int error)
{
	return error == EMFILE || error == ENFILE;
}

/*
 * Starts an attempt at the next address. 0; or -1 when no descriptor was free, and the address stays the next.
 */
static int
start_next(struct race *r)
{
	const struct addr *a = &r->addrs->v[r->next];
	int fd = socket(a->sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int error = fd < 0 ? errno : 0;

	if (out_of_descriptors(error))
		return -1;
	if (r->n == TASK_FDS) { /* the oldest has had its time */
		close(r->fds[0].fd);
		failed(r, r->which[0], ETIMEDOUT);
		drop(r, 0);
	}
	if (!error && connect(fd, &a->sa, addr_size(a)) != 0 && errno != EINPROGRESS)
		error = errno;
	if (error) {
		failed(r, r->next++, error);
		if (fd >= 0)
			close(fd);
		return 0;
	}
	/* TASK_READ too: a failed socket then has both events, one that is just connected only TASK_WRITE */
	r->fds[r->n] = (struct task_fd){.fd = fd, .events = TASK_READ | TASK_WRITE};
	r->which[r->n++] = r->next++;
	if (r->next < r->addrs->n)
		r->due = task_now() + head_start;
	return 0;
}

/* The first attempt that is connected, or -1; failed ones leave the race. */
static int
winner(struct race *r)
{
	for (size_t i = 0; i < r->n; i++) {
		int error = 0;
		socklen_t size = sizeof error;

		if (!r->fds[i].got)
			continue;
		/* a system call that the usual case does without */
		if (r->fds[i].got != TASK_WRITE && getsockopt(r->fds[i].fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
			error = errno;
		if (!error)
			return (int)i;
		failed(r, r->which[i], error);
		close(r->fds[i].fd);
		drop(r, i--);
	}
	return -1;
}

/* One round: start what is due, wait for what happens next. The winner's index, -1 for none yet, -2 when it is over. */
static int
round_of(struct race *r, double deadline)
{
	struct err why = {0};
	double until;

	while (r->next < r->addrs->n && (!r->n || task_now() >= r->due))
		if (start_next(r) != 0) {
			r->due = task_now() + descriptor_wait;
			break;
		}
	if (!r->n && r->next == r->addrs->n)
		return -2;
	until = r->next < r->addrs->n ? fmin(deadline, r->due) : deadline;
	if ((r->n ? task_wait_fds(r->fds, r->n, until, &why) : task_park(until, &why)) >= 0)
		return winner(r);
	if (why.kind == ERR_TIMEOUT && until < deadline)
		return -1;
	if (why.kind == ERR_TIMEOUT && !r->n)
		err_set(r->e, ERR_LOCAL, "no descriptor became free in time");
	else if (why.kind == ERR_TIMEOUT)
		failed(r, r->which[0], ETIMEDOUT);
	else
		*r->e = why;
	return -2;
}

int
dial_tcp(const struct addrs *addrs, double deadline, struct addr *peer, struct err *e)
{
	struct race r = {.addrs = addrs, .e = e};
	int won = -1, fd = -1;

	do
		won = round_of(&r, deadline);
	while (won == -1);
	if (won >= 0) {
		fd = r.fds[won].fd;
		*peer = addrs->v[r.which[won]];
	}
	for (size_t i = 0; i < r.n; i++)
		if (r.fds[i].fd != fd)
			close(r.fds[i].fd);
	return fd;
}
