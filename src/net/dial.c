/* net/dial.c: a connected socket out of several addresses, within a deadline (RFC 8305). */
#include "net/dial.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/apart.h"
#include "base/mem.h"
#include "base/real.h"
#include "rt/edges.h"
#include "rt/task.h"

/* How often to look for a free descriptor. */
static const double descriptor_wait = 0.01;

/*
 * How soon an address is tried again for which there was no port, the first time and at last: the kernel looks at every
 * port of its range before it says that none is free.
 */
static const double first_pause = 0.01, last_pause = 1;

/* What this machine is out of, for now; and what it is called if that lasts. */
enum lack { LACK_NOTHING, LACK_DESCRIPTOR, LACK_PORT, LACK_MEMORY, LACK_TURN };
static const char *const lacks[] = {
    [LACK_DESCRIPTOR] = "no descriptor became free in time",
    [LACK_PORT] = "no local port became free in time",
    [LACK_MEMORY] = "no memory for a connection became free in time",
    [LACK_TURN] = "there were others at the address all the time",
};

enum { ATTEMPTS = 8 }; /* at a time */

/* The attempts under way, the oldest first. */
struct race {
	const struct addrs *addrs;
	const struct dial_source *source;
	struct limiter *limiter; /* NULL: none */
	bool entered; /* there is a place for the first address, which has not begun yet */
	size_t next; /* the address to try next */
	struct edge *fds; /* ATTEMPTS of them */
	size_t *which; /* each one's address */
	size_t n;
	double due; /* when to try the next address, though none has failed */
	size_t *later, nlater; /* addresses that could not be tried; NULL: there never was one */
	double retry, pause;   /* when to try these again; how long they have waited for that */
	enum lack lack;        /* why the last one could not be tried */
	size_t failures;
	struct err *e; /* the most telling failure so far */
};

/*
 * RFC 8305 section 5, "Connection Attempt Delay": how long the last attempt is alone with its chance. 250 ms are
 * recommended; but the first two of many addresses are one of each family, and where one is dead the other often is
 * too, being of the same machine. So these two share 250 ms. 100 ms are the least by section 8.
 */
static double
head_start(const struct race *r)
{
	if (r->addrs->n == 2 || r->n > 2)
		return 0.25;
	return r->n == 1 ? 0.15 : 0.1;
}

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
	case ENOBUFS: /* of a connection that was already on its way */
	case ENOMEM:
		return ERR_LOCAL;
	default: /* ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EACCES from a prohibiting route, ... */
		return ERR_UNREACHABLE;
	}
}

/* The first failure is told, but one that is only about our own routes gives way to a later one. */
static APART void
failed(struct race *r, size_t which, int error)
{
	const char *why = error == EADDRNOTAVAIL ? "this machine has no address to go there from" : strerror(error);
	char text[ADDR_TEXT];
	bool first = r->failures++ == 0;

	r->due = 0;
	if (!first && r->e->kind != ERR_UNREACHABLE && r->e->kind != ERR_LOCAL)
		return;
	if (!first && (kind_of(error) == ERR_UNREACHABLE || kind_of(error) == ERR_LOCAL))
		return;
	err_set(r->e, kind_of(error), "cannot connect to %s: %s", addr_text_port(&r->addrs->v[which], text), why);
}

/* A place at an address. 0, or -1 if there is none now. */
static int
enter(struct race *r, size_t which)
{
	if (!r->limiter)
		return 0;
	if (r->entered && which == 0) {
		r->entered = false;
		return 0;
	}
	return r->limiter->enter(r->limiter, &r->addrs->v[which], false, NULL) == 0 ? 0 : -1;
}

static void
leave(const struct race *r, size_t which)
{
	if (r->limiter)
		r->limiter->leave(r->limiter, &r->addrs->v[which]);
}

/* Ends attempt i and takes it out of the race. */
static void
drop(struct race *r, size_t i)
{
	close(r->fds[i].fd);
	leave(r, r->which[i]);
	r->n--;
	for (; i < r->n; i++) {
		r->fds[i] = r->fds[i + 1];
		r->which[i] = r->which[i + 1];
	}
}

/*
 * 0 or -1 with errno. The port is chosen by connect(), which knows what it is for: two connections from one address may
 * share one if they lead to different places, and a bound one would be nobody else's.
 */
static int
bind_to(int fd, const struct dial_source *s)
{
	const int later = 1;

	if (*s->device)
		return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, s->device, (socklen_t)strlen(s->device));
	if (s->address.sa.sa_family == AF_UNSPEC)
		return 0;
	/* where the kernel does not know it, the port is chosen now */
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &later, sizeof later);
	return bind(fd, &s->address.sa, addr_size(&s->address));
}

/* Closes it; -1 with the errno that was. */
static int
give_up(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

/* A socket that has begun to connect to a, or -1 with errno. Inline, as start() is: every fetch comes here. */
static inline int
begin(int type, const struct addr *a, const struct dial_source *source)
{
	int fd = socket(a->sa.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (!source || bind_to(fd, source) == 0)
		if (connect(fd, &a->sa, addr_size(a)) == 0 || errno == EINPROGRESS)
			return fd;
	return give_up(fd);
}

/* Has this machine no address from which to go to a? UDP then fails as well, though it uses none of TCP's ports. */
static bool
has_no_source(const struct addr *a, const struct dial_source *source)
{
	int fd = begin(SOCK_DGRAM, a, source);

	if (fd < 0)
		return errno == EADDRNOTAVAIL;
	close(fd);
	return false;
}

/* What an error says of this machine, if it is about nothing else. */
static enum lack
lack_of(int error, const struct addr *a, const struct dial_source *source)
{
	switch (error) {
	case EMFILE:
	case ENFILE:
		return LACK_DESCRIPTOR;
	case ENOBUFS:
	case ENOMEM:
	case ENOSPC: /* from epoll */
		return LACK_MEMORY;
	case EADDRINUSE: /* from bind */
		return LACK_PORT;
	case EADDRNOTAVAIL:
		return has_no_source(a, source) ? LACK_NOTHING : LACK_PORT;
	default:
		return LACK_NOTHING;
	}
}

/* 0 if that is the address's failure, -1 if r->lack is the reason. */
static APART int
not_started(struct race *r, size_t which, int error)
{
	enum lack lack = lack_of(error, &r->addrs->v[which], r->source);

	leave(r, which);
	if (lack == LACK_NOTHING)
		failed(r, which, error);
	else
		r->lack = lack;
	return lack == LACK_NOTHING ? 0 : -1;
}

/* Starts an attempt at an address. 1; or 0 if it has failed already; or -1 if it could not be made, for r->lack. */
static inline int
start(struct race *r, size_t which)
{
	const struct addr *a = &r->addrs->v[which];
	int fd;

	if (enter(r, which) != 0) {
		r->lack = LACK_TURN;
		return -1;
	}
	fd = begin(SOCK_STREAM, a, r->source);
	if (fd >= 0 && edges_add(fd) != 0)
		fd = give_up(fd);
	if (fd < 0)
		return not_started(r, which, errno);
	if (r->n == ATTEMPTS) { /* the oldest has had its time */
		failed(r, r->which[0], ETIMEDOUT);
		drop(r, 0);
	}
	r->fds[r->n] = (struct edge){.fd = fd, .events = TASK_WRITE};
	r->which[r->n++] = which;
	return 1;
}

/* An address that could not be tried is tried again later, and the next one is not made to wait for it. */
static void
postpone(struct race *r, size_t which)
{
	if (!r->later)
		r->later = xmalloc(r->addrs->n * sizeof *r->later);
	if (!r->nlater) {
		r->pause = first_pause;
		r->retry = task_now() + r->pause;
	}
	r->later[r->nlater++] = which;
	r->due = 0;
}

static void
start_postponed(struct race *r)
{
	size_t i = 0;
	int rc = 0;

	if (!r->nlater || task_now() < r->retry)
		return;
	while (i < r->nlater && rc <= 0)
		if ((rc = start(r, r->later[i])) < 0)
			i++;
		else
			memmove(&r->later[i], &r->later[i + 1], (--r->nlater - i) * sizeof *r->later);
	r->pause = rc > 0 ? first_pause : real_min(2 * r->pause, last_pause);
	r->retry = task_now() + (rc > 0 ? head_start(r) : r->pause);
}

/* Is a of another family than the address where we come from? */
static bool
is_foreign(const struct race *r, const struct addr *a)
{
	return r->source && r->source->address.sa.sa_family != AF_UNSPEC &&
	    r->source->address.sa.sa_family != a->sa.sa_family;
}

static void
start_due(struct race *r)
{
	int rc;

	while (r->next < r->addrs->n && (!r->n || task_now() >= r->due)) {
		rc = is_foreign(r, &r->addrs->v[r->next]) ? 0 : start(r, r->next);
		if (rc < 0 && r->lack == LACK_DESCRIPTOR) { /* nor is there one for the other addresses */
			r->due = task_now() + descriptor_wait;
			return;
		}
		if (rc < 0)
			postpone(r, r->next);
		if (++r->next < r->addrs->n && rc > 0)
			r->due = task_now() + head_start(r);
	}
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
		/* a system call that the usual case does without: a failed socket has both events */
		if (r->fds[i].got != TASK_WRITE && getsockopt(r->fds[i].fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
			error = errno;
		if (!error)
			return (int)i;
		failed(r, r->which[i], error);
		drop(r, i--);
	}
	return -1;
}

/* It is over without a winner; without a failure, all were of the other family. */
static APART int
over(struct race *r)
{
	bool v6 = r->source && r->source->address.sa.sa_family == AF_INET6;

	if (r->failures)
		return -2;
	err_set(r->e, ERR_UNREACHABLE, "the address of --interface is IPv%d, the target has only IPv%d addresses",
	    v6 ? 6 : 4, v6 ? 4 : 6);
	return -2;
}

/* Until one of them is connected or has failed, or for a while. */
static inline int
wait_for(struct race *r, double until, struct err *why)
{
	if (r->n > 1)
		return edges_wait(r->fds, r->n, until, why);
	if (!r->n)
		return task_park(until, why);
	r->fds[0].got = edges_wait_one(r->fds[0].fd, TASK_WRITE, until, why);
	return r->fds[0].got;
}

/* One round: start what is due, wait for what happens next. The winner's index, -1 for none yet, -2 when it is over. */
static int
round_of(struct race *r, double deadline)
{
	static struct err why; /* one for all: filled when the wait is over, looked at before anybody else runs */
	double until = deadline;

	start_due(r);
	start_postponed(r);
	if (!r->n && r->next == r->addrs->n && !r->nlater)
		return over(r);
	if (r->next < r->addrs->n)
		until = real_min(until, r->due);
	if (r->nlater)
		until = real_min(until, r->retry);
	if (wait_for(r, until, &why) >= 0)
		return winner(r);
	if (why.kind == ERR_TIMEOUT && until < deadline)
		return -1;
	if (why.kind == ERR_TIMEOUT && (!r->n || r->nlater))
		err_set(r->e, ERR_LOCAL, "%s", lacks[r->lack]);
	else if (why.kind == ERR_TIMEOUT)
		failed(r, r->which[0], ETIMEDOUT);
	else
		*r->e = why;
	return -2;
}

/* The turn at the first address: its wait is for others, and the deadline moves out by it. 0, or -1 when canceled. */
static int
wait_for_turn(struct race *r, double *deadline)
{
	double from = task_now();
	int rc = r->limiter->enter(r->limiter, &r->addrs->v[0], true, r->e);

	*deadline += task_now() - from;
	r->entered = rc == 0;
	return rc;
}

int
dial_tcp(const struct addrs *addrs, const struct dial_source *source, struct limiter *limiter, double *deadline,
    struct addr *peer, struct err *e)
{
	struct edge fds[ATTEMPTS];
	size_t which[ATTEMPTS];
	struct race r = {
	    .addrs = addrs, .source = source, .limiter = limiter, .fds = fds, .which = which, .e = e};
	int won = -1, fd = -1;

	if (limiter && addrs->n && wait_for_turn(&r, deadline) != 0)
		return -1;
	do
		won = round_of(&r, *deadline);
	while (won == -1);
	if (won >= 0) {
		fd = r.fds[won].fd;
		*peer = addrs->v[r.which[won]];
	}
	for (size_t i = 0; i < r.n; i++)
		if (r.fds[i].fd != fd) {
			close(r.fds[i].fd);
			leave(&r, r.which[i]);
		}
	if (r.entered) /* its turn came, and it was not made use of */
		leave(&r, 0);
	if (r.later) /* hardly ever */
		free(r.later);
	return fd;
}

/* Binds a socket once. 0 or -1 with errno. */
static int
try_source(const struct dial_source *s)
{
	int fd = socket(*s->device ? AF_INET : s->address.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (bind_to(fd, s) != 0)
		return give_up(fd);
	close(fd);
	return 0;
}

int
dial_source(struct dial_source *s, const char *text, struct err *e)
{
	size_t n = strlen(text);

	memset(s, 0, sizeof *s);
	if (!addr_parse(&s->address, text, 0)) {
		memset(&s->address, 0, sizeof s->address);
		if (n == 0 || n >= sizeof s->device)
			return err_set(e, ERR_INPUT, "neither an address nor a network device: '%s'", text);
		memcpy(s->device, text, n);
	}
	if (try_source(s) == 0)
		return 0;
	if (errno == EADDRNOTAVAIL)
		return err_set(e, ERR_INPUT, "this machine does not have the address %s", text);
	if (errno == ENODEV)
		return err_set(e, ERR_INPUT, "this machine has no network device '%s'", text);
	return err_set(e, ERR_LOCAL, "cannot use %s %s: %s", *s->device ? "the network device" : "the address", text,
	    strerror(errno));
}
