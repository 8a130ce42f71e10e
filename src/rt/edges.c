/* rt/edges.c: an epoll set of our own, which libev waits for as for any other descriptor. */
#include "rt/edges.h"

#include <ev.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/mem.h"
#include "rt/task.h"

/*
 * libev asks the kernel anew for each thing that is waited for: a fetch waits first to write, then to read. Here it is
 * asked once a socket, and when that is closed it is gone from the set without a word.
 */
struct known {
	struct task *task; /* who waits for it */
	int wanted, got;   /* what for, 0: nobody waits; and what has come */
};

enum { EVENTS = 512 }; /* at a time; libev sees that there are more */

static int set = -1;
static ev_io any;
static struct known *known; /* by descriptor */
static size_t room;
static bool broken; /* libev cannot watch the set: nothing of it will ever be known */

/* Nobody is to wait for what will not come. */
static void
give_up(void)
{
	broken = true;
	for (size_t fd = 0; fd < room; fd++)
		if (known[fd].wanted)
			task_wake(known[fd].task);
}

static void
on_edges(struct ev_loop *loop, ev_io *w, int events)
{
	static struct epoll_event came[EVENTS];
	int n = epoll_wait(set, came, EVENTS, 0);

	(void)loop, (void)w;
	if (events & EV_ERROR) {
		give_up();
		return;
	}
	for (int i = 0; i < n; i++) {
		struct known *k = &known[came[i].data.fd];

		if (came[i].events & ~(unsigned)EPOLLOUT) /* also an end or a failure */
			k->got |= TASK_READ;
		if (came[i].events & (EPOLLOUT | EPOLLERR | EPOLLHUP))
			k->got |= TASK_WRITE;
		if (k->got & k->wanted)
			task_wake(k->task);
	}
}

int
edges_begin(void)
{
	broken = false;
	set = epoll_create1(EPOLL_CLOEXEC);
	if (set < 0)
		return -1;
	ev_io_init(&any, on_edges, set, EV_READ);
	ev_io_start(task_loop(), &any);
	ev_unref(task_loop()); /* it alone is nothing to wait for */
	return 0;
}

static void
grow(size_t n)
{
	size_t before = room;

	while (room < n)
		room = room ? 2 * room : 64;
	known = xrealloc(known, room * sizeof *known);
	memset(known + before, 0, (room - before) * sizeof *known);
}

int
edges_add(int fd)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.fd = fd};

	if ((size_t)fd >= room)
		grow((size_t)fd + 1);
	known[fd] = (struct known){0};
	return epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
}

/* How many have something that they asked for. */
static int
look(struct edge *v, size_t n)
{
	int count = 0;

	for (size_t i = 0; i < n; i++) {
		v[i].got = known[v[i].fd].got;
		count += (v[i].got & v[i].events) != 0;
	}
	return count;
}

/* Until somebody wakes it: one of its sockets has something, or none ever will. Others may add some: known may move. */
static int
park(double deadline, struct err *e)
{
	struct ev_loop *loop = task_loop();
	int rc;

	ev_ref(loop);
	rc = broken ? 0 : task_park(deadline, e);
	ev_unref(loop);
	return rc == 0 && broken ? err_set(e, ERR_LOCAL, "the system can watch no more descriptors") : rc;
}

int
edges_wait_one(int fd, int events, double deadline, struct err *e)
{
	struct task *self = task_self();
	int rc;

	if (known[fd].got & events && !task_canceled())
		return known[fd].got;
	do {
		known[fd].task = self;
		known[fd].wanted = events;
		rc = park(deadline, e);
		known[fd].wanted = 0;
		if (rc != 0)
			return -1;
	} while (!(known[fd].got & events));
	return known[fd].got;
}

int
edges_wait(struct edge *v, size_t n, double deadline, struct err *e)
{
	struct task *self = task_self();
	int count, rc;

	while ((count = look(v, n)) == 0 || task_canceled()) {
		for (size_t i = 0; i < n; i++) {
			known[v[i].fd].task = self;
			known[v[i].fd].wanted = v[i].events;
		}
		rc = park(deadline, e);
		for (size_t i = 0; i < n; i++)
			known[v[i].fd].wanted = 0;
		if (rc != 0)
			return -1;
	}
	return count;
}

void
edges_forget(int fd, int events)
{
	known[fd].got &= ~events;
}

void
edges_end(void)
{
	ev_ref(task_loop());
	ev_io_stop(task_loop(), &any);
	close(set);
	set = -1;
	free(known);
	known = NULL;
	room = 0;
}
