/* awserve/secure.c: the server's side of TLS: the table of what a name does to the handshake, and that handshake. */
#include "awserve/secure.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "awserve/certs.h"
#include "awserve/log.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/tls_stream.h"
#include "rt/task.h"

/* What becomes of what the handshake has to send. */
enum flight { SENT, CUT, SLOW, STALLED, PLAIN };

/* All zero is what any other name gets: TLS 1.2 or 1.3, and a good end. */
struct habit {
	const char *label;
	const char *about;
	const char *ciphers; /* of TLS 1.2; NULL: the usual ones */
	const char *cert;    /* as certs_use's kind */
	int version;         /* only this one; 0: 1.2 and 1.3 */
	int alert;           /* is the answer to the ClientHello; 0: none */
	enum flight flight;
	bool asks;           /* for a client's certificate */
	bool mute;           /* chooses no protocol (ALPN) */
	bool quiet;          /* does not say close_notify */
};

static const struct habit habits[] = {
	{"tls10", "only TLS 1.0", .version = TLS1_VERSION},
	{"tls11", "only TLS 1.1", .version = TLS1_1_VERSION},
	{"tls12", "only TLS 1.2", .version = TLS1_2_VERSION},
	{"tls13", "only TLS 1.3", .version = TLS1_3_VERSION},
	{"nullcipher", "TLS 1.2 without encryption", .version = TLS1_2_VERSION, .ciphers = "eNULL"},
	{"weakdh", "TLS 1.2 with a Diffie-Hellman group of 1,024 bits", .version = TLS1_2_VERSION, .cert = "rsa",
	    .ciphers = "kDHE+aRSA+AESGCM"},
	{"clientcert", "wants a client's certificate, from the test CA", .asks = true},
	{"noalpn", "chooses no protocol", .mute = true},
	{"alert", "a fatal alert is the answer to the ClientHello", .alert = SSL_AD_HANDSHAKE_FAILURE},
	{"cut", "closed in the middle of the handshake", .flight = CUT},
	{"slowtls", "the handshake a byte each 5 milliseconds", .flight = SLOW},
	{"stalltls", "silence after the ClientHello", .flight = STALLED},
	{"plain", "HTTP without TLS", .flight = PLAIN},
	{"nonotify", "closed without a close_notify", .quiet = true},
	{"cuttls", "the same; with /, in the middle of the head", .quiet = true},
};

enum { HABITS = sizeof habits / sizeof *habits };

static const struct habit usual;

/* Seconds between bytes of a slow handshake. */
static const double slow = 0.005;

/* Longer names (RFC 1035 section 2.3.4) are taken as none. */
enum { NAME_MAX_BYTES = 253 };

static SSL_CTX *context;

/*
 * What carries the records: plain TCP, but what the handshake has to send is held back until somebody may wait, since
 * much can go wrong with it.
 */
struct secure {
	const struct habit *habit;
	struct stream tcp;
	struct buf held;
	bool over;   /* the handshake is; nothing is held back */
	bool ending; /* nobody wants to know of errors */
};

/* The transport below TLS */

static ssize_t
carry_read(struct stream *s, void *to, size_t n, struct err *e)
{
	struct secure *c = s->state;

	return c->tcp.ops->read(&c->tcp, to, n, c->ending ? NULL : e);
}

static ssize_t
carry_write(struct stream *s, const void *from, size_t n, struct err *e)
{
	struct secure *c = s->state;

	if (c->over)
		return c->tcp.ops->write(&c->tcp, from, n, c->ending ? NULL : e);
	buf_add(&c->held, from, n);
	return (ssize_t)n;
}

static void
carry_close(struct stream *s)
{
	struct secure *c = s->state;

	buf_clear(&c->held);
	free(c);
}

static const struct stream_ops carry = {.read = carry_read, .write = carry_write, .close = carry_close};

/* The ClientHello */

/* The name that is asked for (RFC 6066 section 3): a list of names, of which only one is ever there. */
static struct str
asked_name(SSL *ssl)
{
	const unsigned char *p;
	size_t n, length;

	if (!SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &p, &n) || n < 5)
		return (struct str){0};
	length = (size_t)p[3] << 8 | p[4];
	if (p[2] != TLSEXT_NAMETYPE_host_name || length > n - 5 || length > NAME_MAX_BYTES)
		return (struct str){0};
	return (struct str){(const char *)p + 5, length};
}

static const struct habit *
habit_of(struct str name)
{
	while (name.n) {
		const char *dot = memchr(name.s, '.', name.n);
		struct str label = {name.s, dot ? (size_t)(dot - name.s) : name.n};

		for (size_t i = 0; i < HABITS; i++)
			if (str_eq_fold(label, str_of(habits[i].label)))
				return &habits[i];
		name = dot ? (struct str){dot + 1, name.n - label.n - 1} : (struct str){0};
	}
	return &usual;
}

static void
log_hello(struct str name)
{
	struct buf b = {0};

	if (!log_wanted)
		return;
	buf_str(&b, STR("tls "));
	if (name.n)
		text_show(&b, name);
	else
		buf_byte(&b, '-');
	log_line(&b);
}

/* Called by OpenSSL before it has understood anything of the ClientHello. */
static int
on_hello(SSL *ssl, int *alert, void *arg)
{
	struct secure *c = SSL_get_app_data(ssl);
	struct str name = asked_name(ssl);
	const struct habit *h = habit_of(name);

	(void)arg;
	log_hello(name);
	c->habit = h;
	if (h->alert) {
		*alert = h->alert;
		return SSL_CLIENT_HELLO_ERROR;
	}
	if (h->version) {
		SSL_set_min_proto_version(ssl, h->version);
		SSL_set_max_proto_version(ssl, h->version);
	}
	if (h->ciphers)
		SSL_set_cipher_list(ssl, h->ciphers);
	if (h->asks)
		SSL_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	certs_use(ssl, name, h->cert);
	return SSL_CLIENT_HELLO_SUCCESS;
}

static int
on_alpn(SSL *ssl, const unsigned char **out, unsigned char *n, const unsigned char *in, unsigned size, void *arg)
{
	static const unsigned char ours[] = "\x08http/1.1\x08http/1.0";
	const struct secure *c = SSL_get_app_data(ssl);
	unsigned char *chosen;

	(void)arg;
	if (c->habit->mute ||
	    SSL_select_next_proto(&chosen, n, ours, sizeof ours - 1, in, size) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_NOACK;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

/* The handshake */

static int
write_slowly(struct stream *s, struct str bytes, double deadline, struct err *e)
{
	for (; bytes.n; bytes.s++, bytes.n--)
		if (stream_write(s, bytes.s, 1, deadline, e) != 0 || task_sleep(slow, e) != 0)
			return -1;
	return 0;
}

/* Reads, and drops, until the peer closes. */
static int
wait_for_close(struct stream *s, double deadline, struct err *e)
{
	char dropped[64];

	while (stream_read(s, dropped, sizeof dropped, deadline, e) > 0)
		;
	return -1;
}

/* Sends what was held back, as the name wants it. 0, or -1: the connection is to be closed. */
static int
send_held(struct secure *c, double deadline, struct err *e)
{
	static const char text[] = "HTTP/1.1 400 Bad Request\r\nServer: awserve\r\nContent-Length: 0\r\n\r\n";
	struct str bytes = buf_view(&c->held);

	c->held.n = 0;
	if (!bytes.n)
		return 0;
	switch (c->habit->flight) {
	case CUT:
		stream_write(&c->tcp, bytes.s, bytes.n / 2, deadline, e);
		return -1;
	case PLAIN:
		stream_write(&c->tcp, text, sizeof text - 1, deadline, e);
		return -1;
	case STALLED:
		return wait_for_close(&c->tcp, deadline, e);
	case SLOW:
		return write_slowly(&c->tcp, bytes, deadline, e);
	default:
		return stream_write(&c->tcp, bytes.s, bytes.n, deadline, e);
	}
}

static int
handshake(struct stream *s, struct secure *c, double deadline, struct err *e)
{
	int rc;

	for (;;) {
		if (task_heavy(&deadline, e) != 0) /* DNS and plain HTTP are not to wait for a crowd of these */
			return -1;
		rc = s->ops->handshake(s, e);
		if (send_held(c, deadline, rc == -1 ? NULL : e) != 0)
			return -1;
		if (rc >= -1)
			break;
		if (stream_wait(s, deadline, e) != 0) /* writing never has to */
			return -1;
	}
	buf_clear(&c->held);
	c->over = true;
	return rc;
}

int
secure_open(struct stream *s, double deadline, struct err *e)
{
	SSL *ssl = SSL_new(context);
	struct secure *c;

	if (!ssl)
		return err_set(e, ERR_LOCAL, "no memory for TLS");
	c = xcalloc(1, sizeof *c);
	*c = (struct secure){.habit = &usual, .tcp = *s};
	*s = (struct stream){.ops = &carry, .fd = s->fd, .state = c};
	SSL_set_app_data(ssl, c);
	SSL_set_accept_state(ssl);
	tls_stream_wrap(s, ssl);
	return handshake(s, c, deadline, e);
}

void
secure_end(struct stream *s)
{
	SSL *ssl = tls_stream_ssl(s);
	struct secure *c = SSL_get_app_data(ssl);

	c->ending = true;
	if (!c->habit->quiet)
		SSL_shutdown(ssl);
}

/*
 * No sessions: each handshake is a whole one. No security level: what is weak is for the client to refuse. The chain is
 * what is sent, nothing is added.
 */
void
secure_init(void)
{
	context = SSL_CTX_new(TLS_server_method());
	if (!context) {
		ERR_print_errors_fp(stderr);
		abort();
	}
	SSL_CTX_set_security_level(context, 0);
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_max_proto_version(context, 0);
	SSL_CTX_set_cipher_list(context, "DEFAULT:!kDHE");
	SSL_CTX_set_dh_auto(context, 2); /* 1,024 bits, whatever the key: only "weakdh" has such ciphers */
	SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
	SSL_CTX_set_num_tickets(context, 0);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
	SSL_CTX_set_client_hello_cb(context, on_hello, NULL);
	SSL_CTX_set_alpn_select_cb(context, on_alpn, NULL);
	certs_trust(context);
}

void
secure_list(FILE *out)
{
	for (size_t i = 0; i < HABITS; i++)
		fprintf(out, "%-28s%s\n", habits[i].label, habits[i].about);
}
