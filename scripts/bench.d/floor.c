/* bench.d/floor.c: the least that printing the heads of many hosts can cost on one thread: no libraries, no limits. */
/*
 * floor COUNT FILE [SERVER]: COUNT fetches at once of the hosts in FILE, names if there is a DNS SERVER to ask. A fetch
 * is socket, connect, one edge-triggered epoll_ctl, send, recv, close; a name one datagram each way. The server of the
 * benchmark sends a head in one piece, so one read sees it all; anything else is a failure.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct fetch {
	char host[64];
	size_t n; /* bytes of host */
	int fd;
	bool asked;
};

static struct fetch *fetches;
static size_t running, failed;
static FILE *list;
static int events_fd, dns = -1;

static void ask_name(struct fetch *f);
static void dial(struct fetch *f, uint32_t address);

/* Takes up the next host in place of the last one. */
static void
next(struct fetch *f)
{
	uint32_t address;

	if (fgets(f->host, sizeof f->host, list) == NULL) {
		running--;
		return;
	}
	f->n = strcspn(f->host, "\n");
	f->host[f->n] = 0;
	f->asked = false;
	if (dns >= 0)
		ask_name(f);
	else if (inet_pton(AF_INET, f->host, &address) == 1)
		dial(f, address);
	else
		errx(1, "%s is no address", f->host);
}

static void
finish(struct fetch *f, bool good)
{
	failed += !good;
	close(f->fd);
	next(f);
}

static void
ask_name(struct fetch *f)
{
	unsigned char p[128] = {(f - fetches) >> 8, (f - fetches) & 255, 1, 0, 0, 1};
	size_t at = 12;

	for (char *s = f->host; *s != 0; s += p[at], s += *s == '.', at += 1 + p[at]) {
		p[at] = strcspn(s, ".");
		memcpy(p + at + 1, s, p[at]);
	}
	p[at + 2] = p[at + 4] = 1; /* A, IN */
	if (send(dns, p, at + 5, 0) < 0)
		err(1, "send");
}

static void
take_answers(void)
{
	unsigned char p[512];
	uint32_t address;

	for (ssize_t n; (n = recv(dns, p, sizeof p, MSG_DONTWAIT)) > 0;) {
		memcpy(&address, p + n - 4, 4);
		dial(&fetches[p[0] << 8 | p[1]], address);
	}
}

static void
dial(struct fetch *f, uint32_t address)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(80), .sin_addr.s_addr = address};
	struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = f};

	f->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (f->fd < 0 || (connect(f->fd, (struct sockaddr *)&a, sizeof a) != 0 && errno != EINPROGRESS))
		err(1, "%s", f->host);
	epoll_ctl(events_fd, EPOLL_CTL_ADD, f->fd, &e);
}

static void
ask(struct fetch *f)
{
	char request[160];
	int n = sprintf(request, "GET / HTTP/1.0\r\nHost: %s\r\nUser-Agent: floor\r\n\r\n", f->host);

	f->asked = true;
	send(f->fd, request, n, MSG_NOSIGNAL);
}

static void
show(struct fetch *f)
{
	char head[4096], *end;
	ssize_t n = recv(f->fd, head, sizeof head, 0);

	if (n < 0 && errno == EAGAIN)
		return;
	for (char *s = head; n > 0 && (end = memchr(s, '\r', head + n - s)) != NULL; s = end + 2) {
		if (end == s) {
			finish(f, true);
			return;
		}
		fwrite_unlocked(f->host, 1, f->n, stdout);
		fwrite_unlocked(" header > ", 1, 10, stdout);
		fwrite_unlocked(s, 1, end - s, stdout);
		putc_unlocked('\n', stdout);
	}
	finish(f, false);
}

static void
start_dns(const char *server)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(53)};
	struct epoll_event e = {.events = EPOLLIN};
	int much = 8 << 20;

	dns = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	setsockopt(dns, SOL_SOCKET, SO_RCVBUFFORCE, &much, sizeof much);
	if (inet_pton(AF_INET, server, &a.sin_addr) != 1 || connect(dns, (struct sockaddr *)&a, sizeof a) != 0)
		err(1, "%s", server);
	epoll_ctl(events_fd, EPOLL_CTL_ADD, dns, &e);
}

int
main(int argc, char **argv)
{
	struct epoll_event e[512];
	size_t count = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;

	if (count == 0 || count > 65536 || (list = fopen(argv[2], "r")) == NULL)
		errx(2, "usage: floor COUNT FILE [SERVER]");
	events_fd = epoll_create1(EPOLL_CLOEXEC);
	if (argc > 3)
		start_dns(argv[3]);
	fetches = calloc(running = count, sizeof *fetches);
	for (size_t i = 0; i < count; i++)
		next(&fetches[i]);
	while (running > 0) {
		int n = epoll_wait(events_fd, e, 512, -1);

		for (int i = 0; i < n; i++) {
			struct fetch *f = e[i].data.ptr;
			if (f == NULL) {
				take_answers();
				continue;
			}
			if (!f->asked && e[i].events & EPOLLOUT)
				ask(f);
			if (e[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
				show(f);
		}
	}
	return failed > 0;
}
