/* bench.d/server.c: what the benchmark fetches from: HTTP at port 80 of every 127.x.y.z, names at port 53 of 127.0.0.1. */
/*
 * server MILLISECONDS: how long each answer takes. h<N>.test has the address 127.1.0.0 + N and no IPv6 one. It says
 * "ready" once it listens, and ends with its standard input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char answer[] = "HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Sat, 01 Jan 2022 00:00:00 GMT\r\n"
			     "Content-Type: text/html\r\nContent-Length: 20\r\nConnection: close\r\n"
			     "Last-Modified: Fri, 31 Dec 2021 10:00:00 GMT\r\nETag: \"61ced5a0-14\"\r\n"
			     "Accept-Ranges: bytes\r\n\r\n<p>hello, world</p>\n";

/* Answers that are still to be given, in a ring: each waits equally long, so the oldest is always the next. */
enum { RING = 1 << 17 };
static struct {
	double due;
	int fd;
} ring[RING];
static size_t oldest, newest;
static double delay;
static int events_fd, http, dns;

static double
now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void
watch(int fd)
{
	struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};
	epoll_ctl(events_fd, EPOLL_CTL_ADD, fd, &e);
}

static void
finish(int fd)
{
	send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL);
	close(fd);
}

static void
accept_some(void)
{
	for (int i = 0, fd; i < 64 && (fd = accept4(http, NULL, NULL, SOCK_NONBLOCK)) >= 0; i++)
		watch(fd);
}

static void
read_request(int fd)
{
	char request[4096];
	ssize_t n = recv(fd, request, sizeof request, 0);

	if (n <= 0) {
		close(fd);
	} else if (n < 4 || memcmp(request + n - 4, "\r\n\r\n", 4) != 0) {
		return;
	} else if (delay == 0) {
		finish(fd);
	} else {
		epoll_ctl(events_fd, EPOLL_CTL_DEL, fd, NULL);
		ring[newest % RING].due = now() + delay;
		ring[newest++ % RING].fd = fd;
	}
}

/* Makes a question into its answer, in place (RFC 1035 section 4.1); its length, 0 if it is none of ours. */
static size_t
resolve(unsigned char *p, size_t n)
{
	static const unsigned char record[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4};
	size_t label = n > 17 ? p[12] : 0, type = 13 + label + 6;
	char number[16] = "";
	uint32_t address;

	if (label < 2 || label > sizeof number || n < type + 4 || memcmp(p + 13 + label, "\4test", 6) != 0)
		return 0;
	memcpy(number, p + 14, label - 1);
	address = htonl(0x7f010000 + strtoul(number, NULL, 10));
	p[2] |= 0x84;
	p[3] = 0x80;
	p[7] = p[type + 1] == 1; /* one address, of IPv4 only */
	memset(p + 8, 0, 4);
	if (!p[7])
		return type + 4;
	memcpy(p + type + 4, record, sizeof record);
	memcpy(p + type + 4 + sizeof record, &address, 4);
	return type + 4 + sizeof record + 4;
}

static void
answer_questions(void)
{
	unsigned char p[1500];
	struct sockaddr_in from;
	socklen_t size = sizeof from;

	for (ssize_t n; (n = recvfrom(dns, p, 1400, MSG_DONTWAIT, (struct sockaddr *)&from, &size)) > 0;)
		if ((n = resolve(p, n)) > 0)
			sendto(dns, p, n, 0, (struct sockaddr *)&from, size);
}

static int
listen_at(int type, in_addr_t address, int port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address), .sin_port = htons(port)};
	int fd = socket(AF_INET, type | SOCK_NONBLOCK, 0), on = 1, much = 32 << 20;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &much, sizeof much);
	if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || (type == SOCK_STREAM && listen(fd, 65535) != 0))
		err(1, "port %d", port);
	watch(fd);
	return fd;
}

static void
handle(int fd)
{
	if (fd == http)
		accept_some();
	else if (fd == dns)
		answer_questions();
	else if (fd == STDIN_FILENO)
		exit(0);
	else
		read_request(fd);
}

int
main(int argc, char **argv)
{
	struct epoll_event e[256];

	delay = argc > 1 ? atof(argv[1]) / 1000 : 0;
	events_fd = epoll_create1(0);
	http = listen_at(SOCK_STREAM, INADDR_ANY, 80);
	dns = listen_at(SOCK_DGRAM, INADDR_LOOPBACK, 53);
	watch(STDIN_FILENO);
	puts("ready");
	fflush(stdout);
	for (;;) {
		int n = epoll_wait(events_fd, e, 256, newest > oldest ? 1 : -1);

		for (int i = 0; i < n; i++)
			handle(e[i].data.fd);
		for (; newest > oldest && ring[oldest % RING].due <= now(); oldest++)
			finish(ring[oldest % RING].fd);
	}
}
