/* net/query.c: c-ares under the loop: channels, and questions whose callback wakes a task. */
#include "net/query.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <ev.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/mem.h"
#include "rt/semaphore.h"
#include "rt/task.h"

/*
 * What c-ares 1.18 wants to be asked like:
 * - ares_query, not ares_getaddrinfo: no hosts file is read and no address sorted at each name, and each family has an
 *   answer of its own instead of the slower one's for both (c-ares issue 541).
 * - A reply that finds the socket's receive buffer full is lost, and costs a whole timeout. So only so many questions
 *   are in flight on a channel as replies of 1,300 bytes fit, as the kernel counts them; further channels are opened
 *   when more are wanted, and then askers wait in line.
 * - ares_timeout() looks at every question, so timeouts are noticed by a tick.
 * - SERVFAIL and REFUSED are either told at once (ARES_FLAG_NOCHECKRESP), or the next server is asked and all that is
 *   said of it in the end is "connection refused". So one channel more asks what a server could not answer of all
 *   others.
 * - When a server closes a TCP connection, all questions that the channel has asked that server fail, those over UDP
 *   too; and so they do if more wait to be sent over TCP than writev takes pieces (1,024). So truncated answers are
 *   told as they are (ARES_FLAG_IGNTC), and to be asked again over TCP each question has a channel of its own.
 * - A callback runs in the middle of c-ares' own work: it only stores the answer and wakes.
 */
enum {
	CHANNELS = 16, TCP_CHANNELS = 64,
	SOCKETS = 16,          /* of a channel: UDP and TCP to each server */
	REPLY_SPACE = 1664,    /* of the receive buffer, per question in flight */
	BUFFER = 4 << 20,
	ADDRESSES = 128,       /* of one answer, at most */
	MESSAGE = 512,         /* bytes of an answer over UDP, RFC 1035 section 4.2.1; c-ares cuts longer ones */
};
static const double tick_seconds = 0.1;

struct pool;
struct channel {
	struct pool *pool;
	ares_channel ares;
	ev_io io[SOCKETS]; /* io.data is NULL in one that is free */
	ptrdiff_t open, cap; /* questions; more may be open than the cap where askers gave up */
	int error;           /* the errno of the last thing that a socket could not do; 0: none */
};

/* A c-ares query cannot be recalled, so this outlives an asker that gave up; its callback frees it. */
struct query_record {
	struct channel *channel;
	struct query *query; /* NULL: nobody waits any more */
};

/* Channels that ask in one way, opened as they are needed. */
struct pool {
	int flags, timeout_ms, tries; /* for c-ares; the timeout is doubled for each further try */
	size_t most;                  /* channels */
	ptrdiff_t cap;                /* of a channel; 0: as many as the buffer of its socket holds replies */
	struct channel *channels[TCP_CHANNELS];
	size_t n;
	struct semaphore room;        /* for questions in flight */
};

static struct pool pools[] = {
    [QUERY_FIRST] = {ARES_FLAG_STAYOPEN | ARES_FLAG_IGNTC | ARES_FLAG_NOCHECKRESP, 1000, 3, .most = CHANNELS},
    [QUERY_OTHERS] = {ARES_FLAG_STAYOPEN | ARES_FLAG_IGNTC, 1000, 1, .most = 1},
    [QUERY_TCP] = {ARES_FLAG_USEVC | ARES_FLAG_NOCHECKRESP, 5000, 3, .most = TCP_CHANNELS, .cap = 1},
};
enum { POOLS = sizeof pools / sizeof *pools };

static struct ares_addr_port_node *servers; /* one array, linked; NULL: the system's */
static ev_timer tick;

void
query_servers(const struct addrs *list)
{
	free(servers);
	servers = list->n ? xcalloc(list->n, sizeof *servers) : NULL;
	for (size_t i = 0; i < list->n; i++) {
		struct ares_addr_port_node *s = &servers[i];
		const struct addr *a = &list->v[i];

		s->next = i + 1 < list->n ? s + 1 : NULL;
		s->family = a->sa.sa_family;
		s->udp_port = s->tcp_port = addr_port(a);
		if (s->family == AF_INET6)
			memcpy(&s->addr.addr6, &a->v6.sin6_addr, sizeof s->addr.addr6);
		else
			s->addr.addr4 = a->v4.sin_addr;
	}
}

static void
on_socket_event(struct ev_loop *loop, ev_io *w, int events)
{
	struct channel *c = w->data;

	(void)loop;
	ares_process_fd(
	    c->ares, events & EV_READ ? w->fd : ARES_SOCKET_BAD, events & EV_WRITE ? w->fd : ARES_SOCKET_BAD);
}

/* libev stops the watcher of a socket that the system would not watch, which may be over. */
static void
watch_again(struct ev_loop *loop, struct channel *c)
{
	for (size_t i = 0; i < SOCKETS; i++)
		if (c->io[i].data && !ev_is_active(&c->io[i]))
			ev_io_start(loop, &c->io[i]);
}

static void
on_tick(struct ev_loop *loop, ev_timer *w, int events)
{
	ptrdiff_t open = 0;

	(void)events;
	for (struct pool *p = pools; p < pools + POOLS; p++)
		for (size_t i = 0; i < p->n; i++) {
			watch_again(loop, p->channels[i]);
			ares_process_fd(p->channels[i]->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
			open += p->channels[i]->open;
		}
	if (!open)
		ev_timer_stop(loop, w);
}

/* The watcher of a channel's socket, or a free one, or NULL. */
static ev_io *
find_watcher(struct channel *c, int fd)
{
	ev_io *spare = NULL;

	for (size_t i = 0; i < SOCKETS; i++) {
		if (c->io[i].data && c->io[i].fd == fd)
			return &c->io[i];
		if (!c->io[i].data && !spare)
			spare = &c->io[i];
	}
	return spare;
}

/* c-ares says what it wants to know of a socket. */
static void
on_socket_state(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct channel *c = arg;
	ev_io *w = find_watcher(c, fd);

	if (!w)
		return; /* more servers than we watch sockets: the tick still times their questions out */
	if (w->data)
		ev_io_stop(task_loop(), w);
	w->data = NULL;
	if (!readable && !writable)
		return;
	ev_io_init(w, on_socket_event, fd, (readable ? EV_READ : 0) | (writable ? EV_WRITE : 0));
	/* before all else: the buffer is small and what does not fit in it is lost */
	ev_set_priority(w, EV_MAXPRI);
	w->data = c;
	ev_io_start(task_loop(), w);
}

/* How many replies the buffer of a channel's socket holds, for we may not get what we asked for. */
static void
note_buffer(struct channel *c, int fd)
{
	int size = 0;
	socklen_t n = sizeof size;
	ptrdiff_t cap;

	if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &n) != 0)
		return;
	cap = size / REPLY_SPACE;
	if (cap > c->cap) {
		semaphore_release(&c->pool->room, (size_t)(cap - c->cap));
		c->cap = cap;
	}
}

/* c-ares says of whatever a socket cannot do that nobody could be reached. Returns rc, with errno as it was. */
static ssize_t
note_error(struct channel *c, ssize_t rc)
{
	if (rc < 0 && errno != EAGAIN && errno != EINPROGRESS && errno != EINTR)
		c->error = errno;
	return rc;
}

static int
socket_open(int family, int type, int protocol, void *arg)
{
	static const int size = BUFFER;
	int fd = (int)note_error(arg, socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));

	if (fd < 0 || type != SOCK_DGRAM)
		return fd;
	(void)!setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	/* a full send buffer counts as a failed server */
	(void)!setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	note_buffer(arg, fd);
	return fd;
}

static int
socket_close(int fd, void *arg)
{
	(void)arg;
	return close(fd);
}

static int
socket_connect(int fd, const struct sockaddr *sa, socklen_t n, void *arg)
{
	int rc = connect(fd, sa, n);

	/* no local port is left; c-ares would wait for the connection to be made */
	if (rc != 0 && errno == EAGAIN)
		errno = EADDRNOTAVAIL;
	return (int)note_error(arg, rc);
}

/* An empty datagram is no answer; c-ares takes it for the failure of the server. */
static ssize_t
socket_receive(int fd, void *bytes, size_t size, int flags, struct sockaddr *from, socklen_t *from_n, void *arg)
{
	ssize_t n = note_error(arg, recvfrom(fd, bytes, size, flags, from, from_n));

	if (n == 0 && from) {
		errno = EAGAIN;
		return -1;
	}
	return n;
}

/*
 * A send tells of the datagram before it that nobody listens there (ICMP), and takes the error away: that question
 * would wait in vain. So it is sent again, and the error that comes of that is for the next read, which tells of all
 * of them.
 */
static ssize_t
socket_send(int fd, const struct iovec *pieces, int n, void *arg)
{
	ssize_t sent = send(fd, pieces->iov_base, pieces->iov_len, MSG_NOSIGNAL);

	(void)n; /* less than all may be sent */
	if (sent < 0 && errno == ECONNREFUSED)
		sent = send(fd, pieces->iov_base, pieces->iov_len, MSG_NOSIGNAL);
	return note_error(arg, sent);
}

static const struct ares_socket_functions sockets = {
    socket_open, socket_close, socket_connect, socket_receive, socket_send};

/*
 * c-ares takes an answer that there was no memory to read for a malformed one, and the server would be blamed: so it
 * gets memory as all of us do, or an end.
 */
static void
give_memory(void)
{
	static bool given;

	if (!given)
		ares_library_init_mem(ARES_LIB_INIT_ALL, xmalloc, free, xrealloc);
	given = true;
}

static int
channel_open(struct pool *p, struct err *e)
{
	struct channel *c = xcalloc(1, sizeof *c);
	struct ares_options o = {
	    .flags = p->flags,
	    .timeout = p->timeout_ms,
	    .tries = p->tries,
	    .sock_state_cb = on_socket_state,
	    .sock_state_cb_data = c,
	};
	int rc;

	give_memory();
	rc = ares_init_options(&c->ares, &o,
	    ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
	if (rc == ARES_SUCCESS && servers) {
		rc = ares_set_servers_ports(c->ares, servers);
		if (rc != ARES_SUCCESS)
			ares_destroy(c->ares);
	}
	if (rc != ARES_SUCCESS) {
		free(c);
		return err_set(e, ERR_LOCAL, "no resolver: %s", ares_strerror(rc));
	}
	ares_set_socket_functions(c->ares, &sockets, c);
	/* else room for one question, whose socket will tell how many more there is room for */
	c->cap = p->cap ? p->cap : 1;
	c->pool = p;
	semaphore_release(&p->room, (size_t)c->cap);
	p->channels[p->n++] = c;
	return 0;
}

static void
pool_clear(struct pool *p)
{
	while (p->n) {
		struct channel *c = p->channels[--p->n];

		ares_destroy(c->ares);
		free(c);
	}
	p->room = (struct semaphore){0};
}

static size_t
count_servers(void)
{
	struct pool *p = &pools[QUERY_FIRST];
	struct ares_addr_port_node *list = NULL;
	size_t n = 0;

	if (p->n && ares_get_servers_ports(p->channels[0]->ares, &list) == ARES_SUCCESS)
		for (const struct ares_addr_port_node *s = list; s; s = s->next)
			n++;
	ares_free_data(list);
	return n;
}

/* The channel with the most room. */
static struct channel *
choose_channel(const struct pool *p)
{
	struct channel *best = p->channels[0];

	for (size_t i = 1; i < p->n; i++)
		if (p->channels[i]->cap - p->channels[i]->open > best->cap - best->open)
			best = p->channels[i];
	return best;
}

static enum query_status
status_of(int ares_code)
{
	switch (ares_code) {
	case ARES_SUCCESS:
		return QUERY_ANSWERED;
	case ARES_ENODATA:
		return QUERY_NODATA;
	case ARES_ENOTFOUND:
		return QUERY_NXDOMAIN;
	case ARES_ESERVFAIL:
		return QUERY_SERVFAIL;
	case ARES_EREFUSED:
		return QUERY_REFUSED;
	case ARES_ECONNREFUSED:
		return QUERY_NOBODY;
	case ARES_ETIMEOUT:
		return QUERY_TIMEOUT;
	case ARES_EBADRESP:
	case ARES_EBADNAME:
	case ARES_EBADSTR:
		return QUERY_MALFORMED;
	default:
		return QUERY_FAILED;
	}
}

/* The one server that was asked could not answer; another may. */
static bool
speaks_for_one(enum query_status status)
{
	return status == QUERY_SERVFAIL || status == QUERY_REFUSED || status == QUERY_MALFORMED ||
	    status == QUERY_FAILED;
}

/* Has the answer not found room in a datagram (RFC 1035 section 4.2.1)? */
static bool
is_truncated(enum query_status status, const unsigned char *packet, int n)
{
	return packet && n > 2 && (packet[2] & 2 || (status == QUERY_MALFORMED && n == MESSAGE));
}

static void
store(struct query *q, int code, const unsigned char *packet, int n)
{
	static struct ares_addrttl v4[ADDRESSES];
	static struct ares_addr6ttl v6[ADDRESSES];
	int count = ADDRESSES;

	if (code == ARES_SUCCESS && packet[3] & 15)
		code = ARES_ENOTIMP; /* a response code that c-ares has no name for */
	if (code == ARES_SUCCESS)
		code = q->family == AF_INET6 ? ares_parse_aaaa_reply(packet, n, NULL, v6, &count)
					     : ares_parse_a_reply(packet, n, NULL, v4, &count);
	if (code == ARES_SUCCESS && count == 0)
		code = ARES_ENODATA; /* aliases that lead nowhere */
	q->status = status_of(code);
	if (q->way == QUERY_TCP ? q->status == QUERY_NOBODY : is_truncated(q->status, packet, n))
		q->status = QUERY_TRUNCATED;
	if (q->verdict && q->status >= QUERY_SERVFAIL)
		q->status = q->verdict; /* the others know no more */
	q->answered_at = task_now();
	for (int i = 0; q->status == QUERY_ANSWERED && i < count; i++) {
		const void *bytes = q->family == AF_INET6 ? (void *)&v6[i].ip6addr : &v4[i].ipaddr;

		addrs_add(&q->addrs, addr_from_bytes(q->family, bytes, q->port));
	}
}

static void
on_answer(void *arg, int code, int timeouts, unsigned char *packet, int n)
{
	struct query_record *r = arg;

	(void)timeouts;
	r->channel->open--;
	if (r->query) {
		r->query->record = NULL;
		r->query->error = r->channel->error;
		store(r->query, code, packet, n);
		task_wake(r->query->task);
		semaphore_release(&r->channel->pool->room, 1);
	}
	free(r);
}

/* Calls back at once when the question cannot be asked. */
static void
submit(struct query_record *r, const char *host, int type)
{
	if (strchr(host, '.'))
		ares_query(r->channel->ares, host, ns_c_in, type, on_answer, r);
	else
		ares_search(r->channel->ares, host, ns_c_in, type, on_answer, r);
}

bool
query_unsettled(const struct query *q)
{
	if (q->status == QUERY_TIMEOUT)
		return true;
	if (q->status == QUERY_TRUNCATED)
		return q->way != QUERY_TCP;
	return speaks_for_one(q->status) && !q->verdict && count_servers() > 1;
}

/* May one more channel be opened? Those for TCP take a descriptor each: a quarter of what we may have is theirs. */
static bool
may_open(const struct pool *p)
{
	return p->n < p->most && (!p->n || p != &pools[QUERY_TCP] || (long)p->n < sysconf(_SC_OPEN_MAX) / 4);
}

/* How to ask now, with what is known of q. */
static void
choose_way(struct query *q)
{
	if (speaks_for_one(q->status)) {
		q->verdict = q->status;
		q->way = QUERY_OTHERS;
	}
	if (q->status == QUERY_TRUNCATED)
		q->way = QUERY_TCP;
}

int
query_start(struct query *q, const char *host, double deadline, struct err *e)
{
	struct query_record *r;
	struct pool *p;

	choose_way(q);
	p = &pools[q->way];
	if (!p->room.places && may_open(p) && channel_open(p, e) != 0)
		return -1;
	if (semaphore_acquire(&p->room, deadline, e) != 0)
		return -1;
	r = xmalloc(sizeof *r);
	*r = (struct query_record){.channel = choose_channel(p), .query = q};
	r->channel->open++;
	q->record = r;
	q->status = QUERY_PENDING;
	q->task = task_self();
	if (!ev_is_active(&tick)) {
		ev_timer_init(&tick, on_tick, tick_seconds, tick_seconds);
		ev_timer_start(task_loop(), &tick);
	}
	submit(r, host, q->family == AF_INET6 ? ns_t_aaaa : ns_t_a);
	return 0;
}

/* Whoever gives up leaves the question behind, and its place: the reply will hardly come. */
void
query_clear(struct query *q)
{
	if (q->record) {
		semaphore_release(&q->record->channel->pool->room, 1);
		q->record->query = NULL;
		q->record = NULL;
	}
	addrs_clear(&q->addrs);
}

void
query_end(void)
{
	if (task_loop())
		ev_timer_stop(task_loop(), &tick);
	for (struct pool *p = pools; p < pools + POOLS; p++)
		pool_clear(p);
	free(servers);
	servers = NULL;
}
