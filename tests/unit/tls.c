/* tests/unit/tls.c: TLS as a client, against a server of OpenSSL's over a socket pair, and what is no server. */
#include "net/tls.h"

#include <fnmatch.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "awserve/certs.h"
#include "helper.h"
#include "net/tls_stream.h"
#include "rt/task.h"

static char folder[] = "/tmp/awget-tls-XXXXXX";
static char ca[64], client_files[64], client_cert[80], client_key[80], no_pem[64], stranger_key[64];

/* How the other side is. */
enum server { GOOD, CLOSES, RESETS, SAYS_HTTP, SAYS_NONSENSE, SILENT };

/* One connection. All zero: a good one to www.good.test. */
struct scene {
	const char *about;
	const char *want;        /* what becomes of it, see outcome(); a pattern of fnmatch() */
	struct tls_options o;    /* cacert: NULL is the test CA's */
	const char *name;        /* that the client wants to see; NULL: www.good.test */
	const char *kind;        /* of the server's certificate */
	enum server server;
	int version;             /* of the server; 0: any */
	bool asks;               /* the server wants a client's certificate */
	bool stranger;           /* the peer is not the user's own choice */
	bool thin;               /* a byte at a time comes through the transport below */
	bool twice;              /* inside TLS with proxy.good.test */
	bool system;             /* the trust anchors are those of the system */
	double seconds;          /* until the deadline; 0: no deadline */
	bool stays;              /* the server does not close when it has said all */
	bool canceled;           /* while the handshake waits */
	int (*special)(const struct scene *sc, struct buf *out);
};

/* A transport that gives a byte at a time, and takes a few */

static const struct stream_ops *tcp;

static ssize_t
thin_read(struct stream *s, void *to, size_t n, struct err *e)
{
	return tcp->read(s, to, n > 1 ? 1 : n, e);
}

static ssize_t
thin_write(struct stream *s, const void *from, size_t n, struct err *e)
{
	return tcp->write(s, from, n > 16 ? 16 : n, e); /* each write has its price in the socket's buffer */
}

static const struct stream_ops thin = {.read = thin_read, .write = thin_write};

static void
make_pair(const struct scene *sc, struct stream *client, struct stream *server)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) != 0)
		abort();
	stream_tcp(client, fds[0]);
	stream_tcp(server, fds[1]);
	tcp = client->ops;
	if (sc->thin)
		client->ops = server->ops = &thin;
}

/* The server */

static int
choose_protocol(
    SSL *ssl, const unsigned char **out, unsigned char *n, const unsigned char *in, unsigned size, void *arg)
{
	static const unsigned char ours[] = "\x08http/1.0\x08http/1.1";
	unsigned char *chosen;

	(void)ssl, (void)arg;
	if (SSL_select_next_proto(&chosen, n, ours, sizeof ours - 1, in, size) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_NOACK;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

/* Takes s over as a server of TLS. */
static int
accept_tls(const struct scene *sc, struct stream *s, const char *kind)
{
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());
	SSL *ssl;

	SSL_CTX_set_security_level(c, 0);
	SSL_CTX_set_min_proto_version(c, sc->version);
	SSL_CTX_set_max_proto_version(c, sc->version);
	SSL_CTX_set_alpn_select_cb(c, choose_protocol, NULL);
	certs_trust(c);
	if (sc->asks)
		SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	ssl = SSL_new(c);
	SSL_CTX_free(c);
	certs_use(ssl, STR("www.good.test"), kind);
	SSL_set_accept_state(ssl);
	tls_stream_wrap(s, ssl);
	return stream_handshake(s, INFINITY, NULL);
}

/* Says what it is told, until a line ends. Closes without a close_notify. */
static void
echo(struct stream *s)
{
	char c = 0;

	while (c != '\n' && stream_read(s, &c, 1, INFINITY, NULL) == 1)
		if (stream_write(s, &c, 1, INFINITY, NULL) != 0)
			return;
}

static void
read_to_the_end(struct stream *s)
{
	char dropped[256];

	while (stream_read(s, dropped, sizeof dropped, INFINITY, NULL) > 0)
		;
}

static void
be_no_server(enum server how, struct stream *s)
{
	static const char http[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
	static char dropped[4096];

	switch (how) {
	case CLOSES:
		stream_read(s, dropped, sizeof dropped, INFINITY, NULL);
		break;
	case RESETS:
		stream_wait(s, INFINITY, NULL); /* closed with something that was not read */
		break;
	case SAYS_HTTP:
		stream_write(s, http, sizeof http - 1, INFINITY, NULL);
		read_to_the_end(s);
		break;
	case SAYS_NONSENSE:
		memset(dropped, 0xff, sizeof dropped);
		stream_write(s, dropped, sizeof dropped, INFINITY, NULL);
		read_to_the_end(s);
		break;
	default:
		read_to_the_end(s);
	}
}

static bool echoed; /* the server has said all */

struct serving {
	const struct scene *scene;
	struct stream stream;
};

static void *
serve(void *arg)
{
	struct serving *v = arg;
	const struct scene *sc = v->scene;
	struct stream *s = &v->stream;

	if (sc->server != GOOD)
		be_no_server(sc->server, s);
	else if (!(sc->twice && accept_tls(sc, s, NULL) != 0) && accept_tls(sc, s, sc->kind) == 0)
		echo(s);
	echoed = true;
	if (sc->stays)
		read_to_the_end(s);
	stream_close(s);
	return NULL;
}

/* The client, and what it tells: "ok, read hello; TLSv1.3 http/1.1 ok" or "KIND: why; ..." */

static void
tell_info(const struct tls_info *info, struct buf *out)
{
	const char *parts[] = {info->version, info->alpn, info->verify};
	bool known = info->subject, dated = !isnan(info->not_after);

	if (!info->version != !info->cipher || !info->subject != !info->issuer || known != dated)
		buf_str(out, STR(" (incomplete)"));
	for (size_t i = 0; i < ROWS(parts); i++) {
		buf_byte(out, i ? ' ' : ';');
		buf_str(out, i ? STR("") : STR(" "));
		buf_str(out, str_of(parts[i] ? parts[i] : "-"));
	}
}

static void
tell_err(const struct err *e, struct buf *out)
{
	buf_str(out, str_of(err_name(e->kind)));
	buf_str(out, STR(": "));
	buf_str(out, str_of(e->text));
}

static void
talk(struct stream *s, struct buf *out)
{
	char c;
	ssize_t n;
	struct err e;

	if (stream_write(s, "hello\n", 6, INFINITY, &e) != 0) {
		tell_err(&e, out);
		return;
	}
	buf_str(out, STR("ok, read "));
	while ((n = stream_read(s, &c, 1, INFINITY, &e)) == 1)
		if (c != '\n')
			buf_byte(out, c);
	if (n < 0)
		tell_err(&e, out);
}

struct asking {
	const struct scene *scene;
	struct stream stream;
	struct buf *out;
};

static void *
ask(void *arg)
{
	struct asking *a = arg;
	const struct scene *sc = a->scene;
	const struct tls_peer proxy = {"proxy.good.test", true};
	const struct tls_peer peer = {sc->name ? sc->name : "www.good.test", sc->stranger};
	double deadline = sc->seconds ? task_now() + sc->seconds : INFINITY; /* NOLINT: 0 is not computed */
	struct tls_info *info = NULL;
	struct err e;
	int rc = 0;

	if (sc->twice)
		rc = tls_start(&a->stream, &sc->o, proxy, deadline, NULL, &e);
	if (rc == 0)
		rc = tls_start(&a->stream, &sc->o, peer, deadline, &info, &e);
	if (rc == 0)
		talk(&a->stream, a->out);
	else
		tell_err(&e, a->out);
	if (info)
		tell_info(info, a->out);
	free(info);
	stream_close(&a->stream);
	return NULL;
}

struct play {
	const struct scene *scene;
	struct buf *out;
};

static void *
play(void *arg)
{
	const struct play *p = arg;
	struct asking client = {.scene = p->scene, .out = p->out};
	struct serving server = {.scene = p->scene};
	struct task *serving, *asking;

	make_pair(p->scene, &client.stream, &server.stream);
	serving = task_start("server", serve, &server, NULL, NULL);
	asking = task_start("client", ask, &client, NULL, NULL);
	if (p->scene->canceled) {
		task_yield(NULL); /* until it waits for an answer */
		task_yield(NULL);
		task_cancel(asking);
	}
	task_join(asking, NULL, NULL);
	task_join(serving, NULL, NULL);
	return NULL;
}

/* The context is made once in a process: each scene has a process of its own, which writes what became of it to fd. */
static void
play_alone(struct scene sc, int fd)
{
	struct buf out = {0};

	if (!sc.o.cacert && !sc.system)
		sc.o.cacert = ca;
	if (sc.special)
		sc.special(&sc, &out);
	else
		task_main(play, &(struct play){&sc, &out}, NULL, NULL);
	if (write(fd, out.s, out.n) != (ssize_t)out.n)
		_exit(98);
	buf_clear(&out);
	close(fd);
	exit(0); /* not _exit: leaks are looked for */
}

static void
expect_scene(const struct scene *sc)
{
	char got[1024];
	ssize_t n, all = 0;
	int fds[2], status;
	pid_t pid;

	fflush(NULL);
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(fds[0]);
		play_alone(*sc, fds[1]);
	}
	close(fds[1]);
	while ((n = read(fds[0], got + all, sizeof got - 1 - (size_t)all)) > 0)
		all += n;
	got[all] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (fnmatch(sc->want, got, 0) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", sc->about, got, sc->want);
	if (status != 0)
		fail_msg("%s: ended with %d", sc->about, status);
}

static void
expect_scenes(const struct scene *scenes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		expect_scene(&scenes[i]);
}

#define FINE "ok, read hello; TLSv1.3 http/1.1 ok"
#define OTHER_NAME "the certificate is for another name: good.test, \\*.good.test, 127.0.0.1, ..."

static void
good_certificate_is_good(void **state)
{
	static const struct scene scenes[] = {
		{"usual", FINE, .server = GOOD},
		{"case", FINE, .name = "WWW.Good.TEST"},
		{"dot", FINE, .name = "www.good.test."},
		{"domain", FINE, .name = "good.test"},
		{"address", FINE, .name = "127.0.0.1"},
		{"v6", FINE, .name = "::1"},
		{"zone", FINE, .name = "::1%lo"},
		{"rsa", FINE, .kind = "rsa"},
		{"chain", FINE, .kind = "chain"},
		{"1.0 is offered", "ok, read hello; TLSv1.3 http/1.0 ok", .o.http10 = true},
	};

	(void)state;
	expect_scenes(scenes, ROWS(scenes));
}

static void
certificate_that_is_refused_is_told_of(void **state)
{
	static const struct scene scenes[] = {
		{"name", "tls-verify: " OTHER_NAME "; TLSv1.3 http/1.1 " OTHER_NAME, .name = "other.test"},
		{"deep", "tls-verify: " OTHER_NAME "*", .name = "a.b.good.test"},
		{"address", "tls-verify: " OTHER_NAME "*", .name = "192.0.2.1"},
		{"expired", "tls-verify: the certificate expired on 20*-*-*; * the certificate expired on 20*-*-*",
			.kind = "expired"},
		{"not yet", "tls-verify: the certificate is not valid before 20*-*-*; *", .kind = "notyet"},
		{"common name", "tls-verify: the certificate has no name of a host; *", .kind = "cnonly"},
		{"itself", "tls-verify: the certificate is self-signed; *", .kind = "selfsigned"},
		{"stranger", "tls-verify: the certificate's root is not trusted here; *", .kind = "untrusted"},
		{"no chain", "tls-verify: the certificate's issuer is not known here; *", .kind = "nochain"},
		{"no CA", "tls-verify: the certificate's issuer is no certificate authority; *", .kind = "leafca"},
		{"client's", "tls-verify: the certificate is not for a server; *", .kind = "clienteku"},
		{"weak", "tls-verify: the certificate's key is too weak; *", .kind = "weak"},
		{"version 1.2", "tls-verify: the certificate expired on 20*-*-*; TLSv1.2 *", .kind = "expired",
			.version = TLS1_2_VERSION},
	};

	(void)state;
	expect_scenes(scenes, ROWS(scenes));
}

static void
insecure_goes_on_and_records_the_reason(void **state)
{
	static const struct scene scenes[] = {
		{"good", FINE, .o.insecure = true},
		{"name", "ok, read hello; TLSv1.3 http/1.1 " OTHER_NAME, .name = "other.test", .o.insecure = true},
		{"expired", "ok, read hello; TLSv1.3 http/1.1 the certificate expired on 20*-*-*", .kind = "expired",
			.o.insecure = true},
		{"itself", "ok, read hello; TLSv1.3 http/1.1 the certificate is self-signed", .kind = "selfsigned",
			.o.insecure = true},
		{"still no TLS", "tls-handshake: what came is not TLS; - - -", .server = SAYS_HTTP, .o.insecure = true},
	};

	(void)state;
	expect_scenes(scenes, ROWS(scenes));
}

static void
versions_are_what_the_options_allow(void **state)
{
	static const struct scene scenes[] = {
		{"1.2", "ok, read hello; TLSv1.2 http/1.1 ok", .version = TLS1_2_VERSION},
		{"at most 1.2", "ok, read hello; TLSv1.2 http/1.1 ok", .o.max = TLS_1_2},
		{"1.0", "ok, read hello; TLSv1 http/1.1 ok", .o.min = TLS_1_0, .version = TLS1_VERSION},
		{"1.1", "ok, read hello; TLSv1.1 http/1.1 ok", .o.min = TLS_1_0, .o.max = TLS_1_1},
		{"1.1 by default", "tls-handshake: refused by the peer in TLS: protocol version; - - -",
			.version = TLS1_1_VERSION},
		{"at least 1.3", "tls-handshake: refused by the peer in TLS: protocol version; - - -",
			.version = TLS1_2_VERSION, .o.min = TLS_1_3},
	};

	(void)state;
	expect_scenes(scenes, ROWS(scenes));
}

static void
certificate_of_the_client_is_shown(void **state)
{
	const struct scene scenes[] = {
		{"1.3", FINE, .asks = true, .o = {.cert = client_cert, .key = client_key}},
		{"1.2", "ok, read hello; TLSv1.2 http/1.1 ok", .asks = true, .version = TLS1_2_VERSION,
			.o = {.cert = client_cert, .key = client_key}},
		{"stranger", "ok, read tls-handshake: refused by the peer in TLS: certificate required; TLSv1.3*",
			.asks = true, .stranger = true, .o = {.cert = client_cert, .key = client_key}},
		/* in 1.3 the client is through before the server has looked */
		{"none, 1.3", "ok, read tls-handshake: refused by the peer in TLS: certificate required; TLSv1.3*",
			.asks = true},
		{"none, 1.2", "tls-handshake: refused by the peer in TLS: handshake failure; TLSv1.2*", .asks = true,
			.version = TLS1_2_VERSION},
	};

	(void)state;
	expect_scenes(scenes, ROWS(scenes));
}

static void
what_is_no_server_of_tls_is_told_of(void **state)
{
	static const struct scene scenes[] = {
		{"closes", "tls-handshake: connection closed in the TLS handshake; - - -", .server = CLOSES},
		{"resets", "reset: *; - - -", .server = RESETS},
		{"HTTP", "tls-handshake: what came is not TLS; - - -", .server = SAYS_HTTP},
		{"nonsense", "tls-handshake: what came is not TLS; - - -", .server = SAYS_NONSENSE},
		{"silence", "timeout: *; - - -", .server = SILENT, .seconds = 0.05},
		{"canceled", "interrupted: *; - - -", .server = SILENT, .canceled = true},
		{"canceled at once", "interrupted: *; - - -", .server = GOOD, .canceled = true, .seconds = 100},
	};

	(void)state;
	expect_scenes(scenes, ROWS(scenes));
}

static void
bytes_may_come_one_by_one(void **state)
{
	static const struct scene scenes[] = {
		{"1.3", FINE, .thin = true},
		{"1.2", "ok, read hello; TLSv1.2 http/1.1 ok", .thin = true, .version = TLS1_2_VERSION},
		{"refused", "tls-verify: the certificate expired on*", .thin = true, .kind = "expired"},
		{"HTTP", "tls-handshake: what came is not TLS; - - -", .thin = true, .server = SAYS_HTTP},
	};

	(void)state;
	expect_scenes(scenes, ROWS(scenes));
}

/*
 * Two records that come together: the first is read, the second lies in the TLS below, where poll does not see it. What
 * waits must.
 */
static void *
leave_some(void *arg)
{
	const struct tls_peer proxy = {"proxy.good.test", true}, peer = {"www.good.test", false};
	struct play *p = arg;
	struct serving server = {.scene = p->scene};
	struct stream client;
	struct task *serving;
	char text[4];
	struct err e;

	make_pair(p->scene, &client, &server.stream);
	serving = task_start("server", serve, &server, NULL, NULL);
	if (tls_start(&client, &p->scene->o, proxy, INFINITY, NULL, &e) != 0 ||
	    tls_start(&client, &p->scene->o, peer, INFINITY, NULL, &e) != 0)
		tell_err(&e, p->out);
	stream_write(&client, "one\n", 4, INFINITY, NULL);
	while (!echoed) /* each byte is a record, and all are to be there */
		task_yield(NULL);
	for (size_t i = 0; i < sizeof text; i++) {
		/* nothing more comes: who does not know of what is there would wait for ever */
		if (stream_wait(&client, task_now() + 5, &e) != 0 ||
		    stream_read(&client, text + i, 1, INFINITY, &e) != 1)
			tell_err(&e, p->out);
		buf_byte(p->out, text[i]);
	}
	stream_close(&client);
	task_join(serving, NULL, NULL);
	return NULL;
}

static int
wait_over_two(const struct scene *sc, struct buf *out)
{
	return task_main(leave_some, &(struct play){sc, out}, NULL, NULL);
}

static void
tls_goes_over_tls(void **state)
{
	static const struct scene scenes[] = {
		{"1.3", FINE, .twice = true},
		{"1.2", "ok, read hello; TLSv1.2 http/1.1 ok", .twice = true, .version = TLS1_2_VERSION},
		{"thin", FINE, .twice = true, .thin = true},
		{"refused inside", "tls-verify: the certificate expired on*", .twice = true, .kind = "expired"},
		{"HTTP", "tls-handshake: what came is not TLS", .twice = true, .server = SAYS_HTTP},
		{"what lies below", "one\n", .twice = true, .stays = true,
			.special = wait_over_two},
	};

	(void)state;
	expect_scenes(scenes, ROWS(scenes));
}

/* tls_init, twice: the trouble stays. */
static int
init_twice(const struct scene *sc, struct buf *out)
{
	for (int i = 0; i < 2; i++) {
		struct err e = {0};

		if (tls_init(&sc->o, &e) == 0)
			buf_str(out, STR("ok"));
		else
			tell_err(&e, out);
		buf_str(out, i ? STR("") : STR(", "));
	}
	return 0;
}

static void
files_that_cannot_be_used_are_refused_with_their_names(void **state)
{
#define TWICE(text) text ", " text
	const struct scene scenes[] = {
		{"good", "ok, ok", .special = init_twice},
		{"no CA", TWICE("input: cannot use the CA certificates in /nonexistent: No such file or directory"),
			.o.cacert = "/nonexistent", .special = init_twice},
		{"CA is none", TWICE("input: cannot use the CA certificates in */not.pem: *"), .o.cacert = no_pem,
			.special = init_twice},
		{"no certificate",
			TWICE("input: cannot use the client certificate in /nonexistent: No such file or directory"),
			.o.cert = "/nonexistent", .special = init_twice},
		{"certificate is none", TWICE("input: cannot use the client certificate in */not.pem: *"),
			.o.cert = no_pem, .special = init_twice},
		{"no key", TWICE("input: cannot use the key in /nonexistent: No such file or directory"),
			.o = {.cert = client_cert, .key = "/nonexistent"}, .special = init_twice},
		{"no key in the certificate", TWICE("input: cannot use the key in */client.pem: *"),
			.o.cert = client_cert, .special = init_twice},
		{"another's key", TWICE("input: cannot use the key in */stranger.key: key values mismatch"),
			.o = {.cert = client_cert, .key = stranger_key}, .special = init_twice},
		{"key alone", TWICE("input: --key needs a --cert"), .o.key = client_key, .special = init_twice},
	};

	(void)state;
	expect_scenes(scenes, ROWS(scenes));
}

static void
trust_anchors_are_those_of_the_variable(void **state)
{
	static const struct scene trusted = {"variable", FINE, .system = true};
	static const struct scene stranger = {"variable", "tls-verify: *; *", .system = true, .kind = "untrusted"};

	(void)state;
	setenv("SSL_CERT_FILE", ca, 1);
	expect_scene(&trusted);
	expect_scene(&stranger);
	unsetenv("SSL_CERT_FILE");
}

static void
keys_are_logged_for_the_user_alone(void **state)
{
	static const struct scene scene = {"keys", FINE, .server = GOOD};
	char path[80], line[32] = "";
	struct stat st;
	FILE *f;

	(void)state;
	snprintf(path, sizeof path, "%s/keys", folder);
	setenv("SSLKEYLOGFILE", path, 1);
	expect_scene(&scene);
	unsetenv("SSLKEYLOGFILE");
	f = fopen(path, "re");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof line, f));
	fclose(f);
	assert_non_null(strstr(line, "HANDSHAKE_TRAFFIC"));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	unlink(path);
}

static int
set_up(void **state)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	FILE *f;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(ca, sizeof ca, "%s/ca.pem", folder);
	snprintf(client_files, sizeof client_files, "%s/client", folder);
	snprintf(client_cert, sizeof client_cert, "%s.pem", client_files);
	snprintf(client_key, sizeof client_key, "%s.key", client_files);
	snprintf(stranger_key, sizeof stranger_key, "%s/stranger.key", folder);
	snprintf(no_pem, sizeof no_pem, "%s/not.pem", folder);
	certs_init();
	if (certs_write_ca(ca, NULL) != 0 || certs_write_client(client_files, NULL) != 0 || !(f = fopen(no_pem, "we")))
		return -1;
	fputs("nothing of that kind\n", f);
	fclose(f);
	if (!(f = fopen(stranger_key, "we")))
		return -1;
	PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
	EVP_PKEY_free(key);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return unlink(stranger_key) || unlink(ca) || unlink(client_cert) || unlink(client_key) || unlink(no_pem) ||
	    rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_certificate_is_good),
		cmocka_unit_test(certificate_that_is_refused_is_told_of),
		cmocka_unit_test(insecure_goes_on_and_records_the_reason),
		cmocka_unit_test(versions_are_what_the_options_allow),
		cmocka_unit_test(certificate_of_the_client_is_shown),
		cmocka_unit_test(what_is_no_server_of_tls_is_told_of),
		cmocka_unit_test(bytes_may_come_one_by_one),
		cmocka_unit_test(tls_goes_over_tls),
		cmocka_unit_test(files_that_cannot_be_used_are_refused_with_their_names),
		cmocka_unit_test(trust_anchors_are_those_of_the_variable),
		cmocka_unit_test(keys_are_logged_for_the_user_alone),
	};

	unsetenv("SSLKEYLOGFILE");
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
