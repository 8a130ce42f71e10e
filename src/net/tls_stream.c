/* net/tls_stream.c: an SSL object of OpenSSL as the transport of a stream: what client and server share. */
#include "net/tls_stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/*
 * Bytes of records that may come without any data in them: more than any handshake has, and after it more than any
 * server's tickets. OpenSSL reads on while there is something, so who sends key updates or HelloRequests without end
 * would keep everybody else waiting.
 */
enum { HANDSHAKE_MAX = 256 << 10, HOLLOW_MAX = 64 << 10 };

struct tls {
	SSL *ssl;
	struct stream below; /* the transport that carries the records */
	ssize_t want;        /* what it said last when it could not go on */
	size_t hollow;       /* bytes that came since the last data */
	bool ended, failed;  /* it has come to its end; it has failed and said why */
	struct err *e;       /* of the present call */
};

/*
 * The BIO that hands OpenSSL's records down. Not OpenSSL's own for sockets: with this one, TLS goes over any transport,
 * TLS included (an https proxy), and the errors of a socket are told as everywhere else.
 */
static int
bio_result(BIO *bio, struct tls *t, ssize_t n)
{
	BIO_clear_retry_flags(bio);
	if (n >= 0)
		return (int)n;
	if (n < -1) {
		t->want = n;
		BIO_set_retry_read(bio); /* or to write: `want` knows */
	} else {
		t->failed = true;
	}
	return -1;
}

static int
bio_read(BIO *bio, char *to, int n)
{
	struct tls *t = BIO_get_data(bio);
	ssize_t got = t->below.ops->read(&t->below, to, (size_t)n, t->e);

	t->ended = got == 0;
	t->hollow += got > 0 ? (size_t)got : 0;
	if (t->hollow > (SSL_is_init_finished(t->ssl) ? HOLLOW_MAX : HANDSHAKE_MAX))
		got = err_set(t->e, ERR_TLS_HANDSHAKE, "TLS failed: the peer sends on and on, but no data");
	return bio_result(bio, t, got);
}

static int
bio_write(BIO *bio, const char *from, int n)
{
	struct tls *t = BIO_get_data(bio);

	return bio_result(bio, t, t->below.ops->write(&t->below, from, (size_t)n, t->e));
}

static long
bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
	const struct tls *t = BIO_get_data(bio);

	(void)number, (void)pointer;
	switch (command) {
	case BIO_CTRL_FLUSH:
		return 1;
	case BIO_CTRL_EOF:
		return t->ended;
	default:
		return 0;
	}
}

static int
bio_create(BIO *bio)
{
	BIO_set_init(bio, 1);
	return 1;
}

static BIO *
bio_new(struct tls *t)
{
	static BIO_METHOD *method;
	BIO *bio;

	if (!method) {
		method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "stream");
		BIO_meth_set_read(method, bio_read);
		BIO_meth_set_write(method, bio_write);
		BIO_meth_set_ctrl(method, bio_ctrl);
		BIO_meth_set_create(method, bio_create);
	}
	bio = BIO_new(method);
	if (!bio)
		abort();
	BIO_set_data(bio, t);
	return bio;
}

/* What stands behind "alert" in OpenSSL's words, which begin with a version that means nothing: "sslv3 alert ...". */
static const char *
alert_name(const char *text)
{
	const char *alert = text ? strstr(text, "alert ") : NULL;

	return alert ? alert + sizeof "alert " - 1 : text ? text : "an unknown alert";
}

/* The sentence of OpenSSL's last error. */
static int
refused(struct err *e)
{
	unsigned long code = ERR_peek_last_error();
	int reason = ERR_GET_REASON(code);
	const char *text = ERR_reason_error_string(code);

	if (reason >= SSL_AD_REASON_OFFSET)
		return err_set(e, ERR_TLS_HANDSHAKE, "refused by the peer in TLS: %s", alert_name(text));
	switch (reason) {
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_HTTP_REQUEST:
	case SSL_R_RECORD_TOO_SMALL:
	case SSL_R_PACKET_LENGTH_TOO_LONG:
		return err_set(e, ERR_TLS_HANDSHAKE, "what came is not TLS");
	case SSL_R_UNSUPPORTED_PROTOCOL:
		return err_set(e, ERR_TLS_HANDSHAKE, "no version of TLS is accepted on both sides");
	default:
		return err_set(e, ERR_TLS_HANDSHAKE, "TLS failed: %s", text ? text : "without a reason");
	}
}

/* What a call of OpenSSL that did not succeed means. 0 is the end of the stream. */
static ssize_t
outcome(struct tls *t, int rc, struct err *e)
{
	int error = SSL_get_error(t->ssl, rc);

	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		return t->want;
	if (t->failed)
		return -1;
	if (error == SSL_ERROR_ZERO_RETURN || t->ended)
		return 0;
	return refused(e);
}

static struct tls *
begin(struct stream *s, struct err *e)
{
	struct tls *t = s->state;

	t->e = e;
	t->failed = false;
	ERR_clear_error(); /* the queue is the thread's: others leave things in it */
	return t;
}

static int
tls_handshake(struct stream *s, struct err *e)
{
	struct tls *t = begin(s, e);
	int rc = SSL_do_handshake(t->ssl);

	if (rc == 1) {
		t->hollow = 0;
		return 0;
	}
	rc = (int)outcome(t, rc, e);
	return rc ? rc : err_set(e, ERR_TLS_HANDSHAKE, "connection closed in the TLS handshake");
}

static ssize_t
tls_read(struct stream *s, void *to, size_t n, struct err *e)
{
	struct tls *t = begin(s, e);
	int rc = SSL_read(t->ssl, to, n < INT_MAX ? (int)n : INT_MAX);

	if (rc <= 0)
		return outcome(t, rc, e);
	t->hollow = 0;
	return rc;
}

static ssize_t
tls_write(struct stream *s, const void *from, size_t n, struct err *e)
{
	struct tls *t = begin(s, e);
	int rc = SSL_write(t->ssl, from, n < INT_MAX ? (int)n : INT_MAX);
	ssize_t put = rc > 0 ? rc : outcome(t, rc, e);

	return put ? put : err_set(e, ERR_RESET, "connection closed while sending");
}

static bool
tls_pending(const struct stream *s)
{
	const struct tls *t = s->state;

	return SSL_has_pending(t->ssl) || (t->below.ops->pending && t->below.ops->pending(&t->below));
}

static void
tls_close(struct stream *s)
{
	struct tls *t = s->state;

	SSL_free(t->ssl);
	ERR_clear_error();
	if (t->below.ops->close)
		t->below.ops->close(&t->below);
	free(t);
	s->state = NULL;
}

static const struct stream_ops tls_ops = {
    .handshake = tls_handshake,
    .read = tls_read,
    .write = tls_write,
    .pending = tls_pending,
    .close = tls_close,
};

void
tls_stream_wrap(struct stream *s, struct ssl_st *ssl)
{
	struct tls *t = xcalloc(1, sizeof *t);
	BIO *bio = bio_new(t);

	t->ssl = ssl;
	t->below = *s;
	SSL_set_bio(ssl, bio, bio);
	SSL_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
	/* what SSL_write did not take is offered again, from wherever it is then */
	SSL_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	*s = (struct stream){.ops = &tls_ops, .fd = t->below.fd, .edges = t->below.edges, .state = t};
}

struct ssl_st *
tls_stream_ssl(const struct stream *s)
{
	const struct tls *t = s->state;

	return t->ssl;
}
