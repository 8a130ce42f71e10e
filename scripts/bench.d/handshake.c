/* bench.d/handshake.c: HTTPS heads with nothing around OpenSSL's calls but a loop around epoll: the least that they cost. */
/* usage: handshake COUNT LIST CA ADDRESS: each line of LIST is a host; all are at ADDRESS, port 443; COUNT at once. */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct connection {
	SSL *ssl;
	int fd, asked;
	size_t n;
	char host[256], head[4096];
};

static struct sockaddr_in server = {.sin_family = AF_INET};
static SSL_CTX *context;
static FILE *list;
static int epoll;
static size_t running;

/* As awget's (src/net/tls_client.c). */
static void
make_context(const char *ca)
{
	context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_alpn_protos(context, (const unsigned char *)"\x08http/1.1\x08http/1.0", 18);
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_max_send_fragment(context, 1024);
	SSL_CTX_set_read_ahead(context, 1);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	if (SSL_CTX_load_verify_file(context, ca) != 1)
		errx(1, "%s: no CA", ca);
}

/* The next line of the list; at its end the connection is no more. */
static void
begin(struct connection *c)
{
	struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};

	if (!fgets(c->host, sizeof c->host, list)) {
		running--;
		return;
	}
	c->host[strcspn(c->host, "\n")] = '\0';
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || (connect(c->fd, (struct sockaddr *)&server, sizeof server) != 0 && errno != EINPROGRESS))
		err(1, "connect");
	c->ssl = SSL_new(context);
	SSL_set_hostflags(c->ssl, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	SSL_set1_host(c->ssl, c->host);
	SSL_set_tlsext_host_name(c->ssl, c->host);
	SSL_set_fd(c->ssl, c->fd);
	SSL_set_connect_state(c->ssl);
	c->asked = 0;
	c->n = 0;
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &e) != 0)
		err(1, "epoll_ctl");
}

static void
end(struct connection *c)
{
	char *line = c->head, *lf;

	while (*line != '\r' && (lf = memchr(line, '\n', (size_t)(c->head + c->n - line)))) {
		printf("%s header > %.*s\n", c->host, (int)(lf - line - 1), line);
		line = lf + 1;
	}
	SSL_free(c->ssl);
	close(c->fd);
	begin(c);
}

/* Goes on until it would have to wait. */
static void
advance(struct connection *c)
{
	char request[400];
	int n;

	if (!c->asked) {
		if ((n = SSL_do_handshake(c->ssl)) != 1) {
			if (SSL_get_error(c->ssl, n) == SSL_ERROR_SSL)
				errx(1, "%s: no handshake", c->host);
			return;
		}
		n = snprintf(request, sizeof request, "GET / HTTP/1.0\r\nHost: %s\r\n\r\n", c->host);
		SSL_write(c->ssl, request, n);
		c->asked = 1;
	}
	while ((n = SSL_read(c->ssl, c->head + c->n, (int)(sizeof c->head - c->n))) > 0) {
		c->n += (size_t)n;
		if (memmem(c->head, c->n, "\r\n\r\n", 4)) {
			end(c);
			return;
		}
	}
	if (SSL_get_error(c->ssl, n) != SSL_ERROR_WANT_READ)
		errx(1, "%s: no head", c->host);
}

int
main(int argc, char **argv)
{
	struct epoll_event events[256];
	struct connection *connections;
	size_t count;

	if (argc != 5 || inet_pton(AF_INET, argv[4], &server.sin_addr) != 1)
		errx(2, "usage: handshake COUNT LIST CA ADDRESS");
	count = running = (size_t)atol(argv[1]);
	list = fopen(argv[2], "r");
	connections = calloc(count, sizeof *connections);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!list || !connections || epoll < 0)
		err(1, "%s", argv[2]);
	server.sin_port = htons(443);
	make_context(argv[3]);
	for (size_t i = 0; i < count; i++)
		begin(&connections[i]);
	while (running) {
		int n = epoll_wait(epoll, events, 256, -1);

		for (int i = 0; i < n; i++)
			if (events[i].events & EPOLLOUT)
				advance(events[i].data.ptr);
	}
	return 0;
}
