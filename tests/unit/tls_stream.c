/* tests/unit/tls_stream.c: records without data are not read for ever; what a layer below holds is pending. */
#include "net/tls_stream.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include "helper.h"
#include "net/stream.h"
#include "rt/task.h"

/* Records of some 30 bytes each: much more than is read without any data. */
enum { FLOOD = 20000 };

static SSL_CTX *server_context, *client_context;

/* A certificate that nobody looks at. */
static int
set_up(void **state)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	X509 *certificate = X509_new();

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_set_pubkey(certificate, key);
	X509_sign(certificate, key, EVP_sha256());
	server_context = SSL_CTX_new(TLS_server_method());
	client_context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_read_ahead(client_context, 1);
	if (SSL_CTX_use_certificate(server_context, certificate) != 1 || SSL_CTX_use_PrivateKey(server_context, key) != 1)
		return -1;
	X509_free(certificate);
	EVP_PKEY_free(key);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	SSL_CTX_free(server_context);
	SSL_CTX_free(client_context);
	return 0;
}

/* What a server does with its connection once the handshake is over, in a thread of its own. */
struct server {
	pthread_t thread;
	int fd;
	void (*act)(SSL *);
};

static void *
serve(void *arg)
{
	struct server *s = arg;
	SSL *ssl = SSL_new(server_context);

	SSL_set_fd(ssl, s->fd);
	if (SSL_accept(ssl) == 1)
		s->act(ssl);
	SSL_free(ssl);
	close(s->fd);
	return NULL;
}

/* A stream that such a server is at the other end of. */
static void
start(struct server *s, void (*act)(SSL *), struct stream *stream)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	*s = (struct server){.fd = fds[1], .act = act};
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
	stream_tcp(stream, fds[0]);
}

static void
shake_hands(struct stream *s)
{
	SSL *ssl = SSL_new(client_context);
	struct err e = {0};

	SSL_set_connect_state(ssl);
	tls_stream_wrap(s, ssl);
	assert_int_equal(stream_handshake(s, INFINITY, &e), 0);
}

static void
update_keys(SSL *ssl)
{
	for (int i = 0; i < FLOOD && SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED) == 1; i++)
		SSL_do_handshake(ssl);
}

static void
issue_tickets(SSL *ssl)
{
	for (int i = 0; i < FLOOD && SSL_new_session_ticket(ssl) == 1; i++)
		SSL_do_handshake(ssl);
}

static void
talk(SSL *ssl)
{
	for (int i = 0; i < FLOOD; i++)
		SSL_write(ssl, "x", 1);
}

/* Reads until the end or an error; how many bytes. */
static size_t
read_all(void (*act)(SSL *), struct err *e)
{
	struct stream stream;
	struct server server;
	char bytes[512];
	size_t n = 0;
	ssize_t got;

	start(&server, act, &stream);
	shake_hands(&stream);
	while ((got = stream_read(&stream, bytes, sizeof bytes, INFINITY, e)) > 0)
		n += (size_t)got;
	assert_int_equal(got, e->kind == ERR_NONE ? 0 : -1);
	stream_close(&stream);
	assert_int_equal(pthread_join(server.thread, NULL), 0);
	return n;
}

static void *
read_floods(void *arg)
{
	static void (*const floods[])(SSL *) = {update_keys, issue_tickets};

	(void)arg;
	for (size_t i = 0; i < ROWS(floods); i++) {
		struct err e = {0};

		assert_int_equal(read_all(floods[i], &e), 0);
		expect_err(STR("flood"), &e, ERR_TLS_HANDSHAKE);
	}
	return NULL;
}

static void
records_without_data_come_to_an_end(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_floods, NULL, NULL, NULL), 0);
}

static void *
read_drips(void *arg)
{
	struct err e = {0};

	(void)arg;
	assert_int_equal(read_all(talk, &e), FLOOD);
	return NULL;
}

static void
many_records_with_a_little_data_are_fine(void **state)
{
	(void)state;
	assert_int_equal(task_main(read_drips, NULL, NULL, NULL), 0);
}

/* A transport that says whether it holds something. */
static bool held;

static bool
holds(const struct stream *s)
{
	(void)s;
	return held;
}

static const struct stream_ops holder_ops = {.pending = holds};

static void
what_the_transport_below_holds_is_pending(void **state)
{
	struct stream s = {.ops = &holder_ops, .fd = -1};

	(void)state;
	tls_stream_wrap(&s, SSL_new(client_context));
	held = false;
	assert_false(s.ops->pending(&s));
	held = true;
	assert_true(s.ops->pending(&s));
	s.ops->close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(records_without_data_come_to_an_end),
	    cmocka_unit_test(many_records_with_a_little_data_are_fine),
	    cmocka_unit_test(what_the_transport_below_holds_is_pending),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
