/* net/tls_client.c: the module tls.so: OpenSSL as a client: the context, the verification, the trust anchors. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "net/addr.h"
#include "net/tls_cert.h"
#include "net/tls_module.h"
#include "net/tls_stream.h"

/* Small records, so that a connection's buffer for writing is small too: a request is some hundred bytes. */
enum { SEND_FRAGMENT = 1024 };

/* OpenSSL's default level, whatever the system's configuration says: no keys below 112 bits, no SHA-1. */
enum { SECURITY_LEVEL = 2 };

static SSL_CTX *context;
static bool insecure;
static int leaf_index;        /* where an SSL keeps the certificate that its server has shown */
static int keylog_fd = -1;
static int spare_fd = -1;

/* Does this error mean that a file holds none of what was looked for? Each of OpenSSL's readers says it differently. */
static bool
holds_none(unsigned long code)
{
	int library = ERR_GET_LIB(code), reason = ERR_GET_REASON(code);

	return !code || (library == ERR_LIB_PEM && reason == PEM_R_NO_START_LINE) ||
	    (library == ERR_LIB_X509 && reason == X509_R_NO_CERTIFICATE_OR_CRL_FOUND) ||
	    (library == ERR_LIB_OSSL_DECODER && reason == ERR_R_UNSUPPORTED);
}

/*
 * Why a file is of no use, when errno was 0 before it was read: OpenSSL takes a line that cannot be read for the end,
 * but then errno is still what it was.
 */
static int
cannot(const char *what, const char *file, struct err *e)
{
	unsigned long code = ERR_peek_error();
	const char *reason = ERR_reason_error_string(code);

	if (ERR_GET_LIB(code) == ERR_LIB_SYS)
		reason = strerror(ERR_GET_REASON(code));
	else if (holds_none(code))
		reason = errno == EIO || errno == EISDIR ? strerror(errno) : "it holds none";
	return err_set(e, ERR_INPUT, "cannot use %s %s: %s", what, file, reason ? reason : "no reason is known");
}

/* SSLKEYLOGFILE, for whoever wants to read the traffic in Wireshark. */
static void
log_key(const SSL *ssl, const char *line)
{
	struct buf b = {0};

	(void)ssl;
	buf_str(&b, str_of(line));
	buf_byte(&b, '\n');
	(void)!write(keylog_fd, b.s, b.n);
	buf_clear(&b);
}

static void
set_keylog(SSL_CTX *c)
{
	const char *file = secure_getenv("SSLKEYLOGFILE");

	if (!file || !*file)
		return;
	keylog_fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
	if (keylog_fd >= 0)
		SSL_CTX_set_keylog_callback(c, log_key);
}

static void
free_leaf(void *parent, void *leaf, CRYPTO_EX_DATA *data, int index, long number, void *pointer)
{
	(void)parent, (void)data, (void)index, (void)number, (void)pointer;
	X509_free(leaf);
}

/*
 * Looks for anchors in files, for which a descriptor is kept: where connections have taken all others, an issuer that
 * is trusted would not be found, and the server would be blamed for it. Nobody else runs meanwhile.
 */
static int
verify_chain(X509_STORE_CTX *chain)
{
	int rc;

	if (spare_fd >= 0)
		close(spare_fd);
	rc = X509_verify_cert(chain);
	spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return rc;
}

/* OpenSSL forgets a certificate that it refuses. */
static int
verify(X509_STORE_CTX *chain, void *arg)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());
	X509 *leaf = X509_STORE_CTX_get0_cert(chain);

	(void)arg;
	if (leaf && !SSL_get_ex_data(ssl, leaf_index) && SSL_set_ex_data(ssl, leaf_index, leaf))
		X509_up_ref(leaf);
	return verify_chain(chain);
}

/* Is this a folder of certificates by the hashes of their names, in which OpenSSL looks up what it needs? */
static bool
is_hashed(const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *entry;
	bool found = false;

	while (d && !found && (entry = readdir(d)))
		found = strspn(entry->d_name, "0123456789abcdef") == 8 && entry->d_name[8] == '.' &&
		    isdigit((unsigned char)entry->d_name[9]);
	if (d)
		closedir(d);
	return found;
}

/*
 * The system's trust anchors, or those of OpenSSL's variables. A folder costs nothing until a chain asks for one of its
 * files; a file of all of them costs 30 ms at once, so it is read only where there is no such folder.
 */
static void
trust_system(SSL_CTX *c)
{
	static const char *const files[] = {
	    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"};
	const char *file = secure_getenv(X509_get_default_cert_file_env());
	const char *folder = secure_getenv(X509_get_default_cert_dir_env());
	bool by_hash;

	if (!folder)
		folder = X509_get_default_cert_dir();
	by_hash = is_hashed(folder);
	SSL_CTX_load_verify_dir(c, folder);
	if (!file && !by_hash)
		file = X509_get_default_cert_file();
	if (file && SSL_CTX_load_verify_file(c, file))
		return;
	for (size_t i = 0; !by_hash && i < sizeof files / sizeof *files; i++)
		if (SSL_CTX_load_verify_file(c, files[i]))
			return;
}

/* A key behind a passphrase cannot be used: nobody is there to be asked. */
static int
no_passphrase(char *to, int size, int writing, void *asked)
{
	(void)to, (void)size, (void)writing;
	if (asked)
		*(bool *)asked = true;
	return 0;
}

static int
set_key(SSL_CTX *c, const char *file, struct err *e)
{
	bool asked = false;
	int rc;

	SSL_CTX_set_default_passwd_cb_userdata(c, &asked);
	errno = 0;
	rc = SSL_CTX_use_PrivateKey_file(c, file, SSL_FILETYPE_PEM);
	SSL_CTX_set_default_passwd_cb_userdata(c, NULL);
	if (rc != 1 && asked)
		return err_set(e, ERR_INPUT, "cannot use the key in %s: it is behind a passphrase", file);
	return rc == 1 ? 0 : cannot("the key in", file, e);
}

static int
set_certificate(SSL_CTX *c, const struct tls_options *o, struct err *e)
{
	const char *key = o->key ? o->key : o->cert;

	if (!key)
		return 0;
	SSL_CTX_set_default_passwd_cb(c, no_passphrase);
	ERR_clear_error();
	if (!o->cert)
		return err_set(e, ERR_INPUT, "--key needs a --cert");
	errno = 0;
	if (SSL_CTX_use_certificate_chain_file(c, o->cert) != 1)
		return cannot("the client certificate in", o->cert, e);
	if (set_key(c, key, e) != 0)
		return -1;
	if (SSL_CTX_check_private_key(c) != 1)
		return err_set(e, ERR_INPUT, "the key in %s is not that of the certificate in %s", key, o->cert);
	return 0;
}

/* TLS_1_0 ... as OpenSSL's numbers. */
static int
version_number(int version)
{
	return TLS1_VERSION + version - TLS_1_0;
}

static void
set_versions(SSL_CTX *c, const struct tls_options *o)
{
	int min = o->min ? o->min : TLS_1_2;

	SSL_CTX_set_min_proto_version(c, version_number(min));
	SSL_CTX_set_max_proto_version(c, o->max ? version_number(o->max) : 0);
	/* TLS below 1.2 signs with MD5 and SHA-1: whoever asks for it gets it */
	SSL_CTX_set_security_level(c, min < TLS_1_2 ? 0 : SECURITY_LEVEL);
}

static void
set_alpn(SSL_CTX *c, bool http10)
{
	static const unsigned char protocols[] = "\x08http/1.1\x08http/1.0";
	const unsigned n = sizeof protocols - 1;

	SSL_CTX_set_alpn_protos(c, protocols, http10 ? n : n / 2);
}

static int
set_up(SSL_CTX *c, const struct tls_options *o, struct err *e)
{
	set_versions(c, o);
	set_alpn(c, o->http10);
	set_keylog(c);
	/* many servers just close: where the head ends is HTTP's to say (RFC 9112 section 8) */
	SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_max_send_fragment(c, SEND_FRAGMENT);
	SSL_CTX_set_read_ahead(c, 1);
	SSL_CTX_set_verify(c, o->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(c, verify, NULL);
	ERR_clear_error();
	errno = 0;
	if (!o->cacert)
		trust_system(c);
	else if (SSL_CTX_load_verify_file(c, o->cacert) != 1)
		return cannot("the CA certificates in", o->cacert, e);
	return set_certificate(c, o, e);
}

/* As CRYPTO_malloc, _realloc and _free, which tell where they are called. */

static void *
give(size_t n, const char *file, int line)
{
	(void)file, (void)line;
	return xmalloc(n);
}

static void
take_back(void *p, const char *file, int line)
{
	(void)file, (void)line;
	free(p);
}

static void *
give_more(void *p, size_t n, const char *file, int line)
{
	(void)file, (void)line;
	if (n)
		return xrealloc(p, n);
	free(p);
	return NULL;
}

/*
 * What OpenSSL has no memory for it tells as anything: a key that is too weak, an issuer that is not known, a name that
 * is another's. So it gets memory as all of us do, or an end. Only before its first allocation, thus once.
 */
static void
give_memory(void)
{
	CRYPTO_set_mem_functions(give, give_more, take_back);
}

static int
init(const struct tls_options *o, struct err *e)
{
	SSL_CTX *c;
	int rc;

	give_memory();
	c = SSL_CTX_new(TLS_client_method());
	if (!c)
		return err_set(e, ERR_LOCAL, "OpenSSL: %s", ERR_reason_error_string(ERR_peek_error()));
	leaf_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, free_leaf);
	rc = set_up(c, o, e);
	ERR_clear_error();
	if (rc != 0) {
		SSL_CTX_free(c);
		return -1;
	}
	spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	context = c;
	insecure = o->insecure;
	return 0;
}

/* Whom the certificate must name. RFC 9525: the common name does not count, a wildcard is a whole label. */
static bool
set_name(SSL *ssl, const char *name)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
	size_t n = strcspn(name, "%"); /* a zone is this machine's affair */
	struct addr a;

	if (addr_parse(&a, name, 0)) {
		const void *bytes = a.sa.sa_family == AF_INET ? (void *)&a.v4.sin_addr : (void *)&a.v6.sin6_addr;

		return X509_VERIFY_PARAM_set1_ip(param, bytes, a.sa.sa_family == AF_INET ? 4 : 16);
	}
	if (n && name[n - 1] == '.') /* RFC 6066 section 3: sent without the dot at its end */
		n--;
	X509_VERIFY_PARAM_set_hostflags(
	    param, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return X509_VERIFY_PARAM_set1_host(param, name, n);
}

static bool
set_sni(SSL *ssl, const char *name)
{
	size_t n = strlen(name);
	char plain[256];
	struct addr a;

	if (addr_parse(&a, name, 0))
		return true; /* RFC 6066 section 3: not for addresses */
	if (n >= sizeof plain)
		return false;
	memcpy(plain, name, n + 1);
	if (n && plain[n - 1] == '.')
		plain[n - 1] = '\0';
	return SSL_set_tlsext_host_name(ssl, plain);
}

static int
wrap(struct stream *s, struct tls_peer peer, struct err *e)
{
	SSL *ssl;

	ERR_clear_error();
	ssl = SSL_new(context);
	if (!ssl || !set_name(ssl, peer.name) || !set_sni(ssl, peer.name)) {
		const char *reason = ERR_reason_error_string(ERR_peek_error());

		SSL_free(ssl);
		return err_set(e, ERR_LOCAL, "OpenSSL: %s", reason ? reason : "the name cannot be sent");
	}
	if (peer.stranger)
		SSL_certs_clear(ssl);
	SSL_set_connect_state(ssl);
	tls_stream_wrap(s, ssl);
	return 0;
}

static void
explain(const struct stream *s, struct err *e)
{
	SSL *ssl = tls_stream_ssl(s);
	long result = SSL_get_verify_result(ssl);

	if (!insecure && e->kind == ERR_TLS_HANDSHAKE && result != X509_V_OK)
		tls_cert_refused(result, SSL_get_ex_data(ssl, leaf_index), e);
}

static struct tls_info *
info(const struct stream *s)
{
	SSL *ssl = tls_stream_ssl(s);

	return tls_cert_info(ssl, SSL_get_ex_data(ssl, leaf_index));
}

extern const struct tls_module TLS_MODULE;
__attribute__((visibility("default"))) const struct tls_module TLS_MODULE = {
    .init = init,
    .wrap = wrap,
    .explain = explain,
    .info = info,
};
