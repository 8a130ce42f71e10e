/* awserve/certs.c: a test CA, and the table of certificates. All are made when they are first asked for, but the CA. */
#include "awserve/certs.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

/* Who signs. The first ones can; CERT_SELF is the certificate itself. */
enum signer { CERT_CA, CERT_STRANGER, CERT_MIDDLE, CERT_BOTTOM, CERT_LEAF, SIGNERS, CERT_SELF };

enum key { KEY_EC, KEY_RSA, KEY_WEAK, KEYS };

/* What is sent behind the certificate: of its signers, without the CA, which clients have. */
enum sent { SENT_NONE, SENT_ALL, SENT_REVERSED };

/* How many names a certificate with many has. */
enum { MANY = 1000 };

/* What is wrong with a certificate. All zero is a good one. */
struct fault {
	const char *label;
	const char *about;
	const char *names;   /* as in OpenSSL's configuration, "" for none; NULL: those that were asked for */
	const char *purpose; /* NULL: that of a server */
	const char *digest;  /* NULL: SHA-256 */
	enum signer signer;
	enum sent sent;
	enum key key;
	int from, to;        /* days from now; both 0: the usual ones */
	int many;            /* so many names more */
};

static const struct fault faults[] = {
	{"rsa", "a good certificate with an RSA key", .key = KEY_RSA},
	{"chain", "a good one behind two intermediate ones", .signer = CERT_BOTTOM, .sent = SENT_ALL},
	{"reversed", "the same in the wrong order", .signer = CERT_BOTTOM, .sent = SENT_REVERSED},
	{"nochain", "the intermediate one is not sent", .signer = CERT_MIDDLE},
	{"expired", "ended 30 days ago", .from = -60, .to = -30},
	{"notyet", "begins in 30 days", .from = 30, .to = 60},
	{"wrongname", "for wrong.example", .names = "DNS:wrong.example"},
	{"wrongip", "for 192.0.2.1", .names = "IP:192.0.2.1"},
	{"cnonly", "the name only as common name, no alternative names", .names = ""},
	{"sans", "1,000 names before the right one", .many = MANY},
	{"wildcard", "for *.wildcard.test", .names = "DNS:*.wildcard.test"},
	{"wildcard2", "for *.*.wildcard2.test", .names = "DNS:*.*.wildcard2.test"},
	{"wildtop", "for *.test", .names = "DNS:*.test"},
	{"wildpart", "for w*.wildpart.test", .names = "DNS:w*.wildpart.test"},
	{"selfsigned", "signed by itself", .signer = CERT_SELF},
	{"untrusted", "by a CA that nobody knows", .signer = CERT_STRANGER, .sent = SENT_ALL},
	{"leafca", "signed by a certificate that is no CA's", .signer = CERT_LEAF, .sent = SENT_ALL},
	{"clienteku", "only for clients (extended key usage)", .purpose = "clientAuth"},
	{"weak", "an RSA key of 1,024 bits", .key = KEY_WEAK},
	{"sha1", "signed with SHA-1", .digest = "SHA1"},
};

enum { FAULTS = sizeof faults / sizeof *faults };

static const struct fault good;

static struct {
	const char *name;
	enum signer signer;
	const char *constraints;
	EVP_PKEY *key;
	X509 *cert; /* NULL: not made yet */
} signers[SIGNERS] = {
	[CERT_CA] = {"awserve test CA", CERT_CA, "critical,CA:TRUE", NULL, NULL},
	[CERT_STRANGER] = {"awserve unknown CA", CERT_STRANGER, "critical,CA:TRUE", NULL, NULL},
	[CERT_MIDDLE] = {"awserve intermediate 1", CERT_CA, "critical,CA:TRUE", NULL, NULL},
	[CERT_BOTTOM] = {"awserve intermediate 2", CERT_MIDDLE, "critical,CA:TRUE", NULL, NULL},
	[CERT_LEAF] = {"awserve no CA", CERT_CA, "critical,CA:FALSE", NULL, NULL},
};

/* OpenSSL fails here only for lack of memory or for a mistake of ours. */
static void
need(bool fine)
{
	if (fine)
		return;
	ERR_print_errors_fp(stderr);
	abort();
}

/* Certificates */

/* Certificates of servers share a key of each kind. */
static EVP_PKEY *
shared_key(enum key kind)
{
	static EVP_PKEY *keys[KEYS];

	if (!keys[kind])
		keys[kind] = kind == KEY_EC ? EVP_EC_gen("P-256") : EVP_RSA_gen(kind == KEY_WEAK ? 1024 : 2048);
	need(keys[kind]);
	return keys[kind];
}

static void
add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	extension = X509V3_EXT_nconf_nid(NULL, &ctx, nid, value);
	need(extension && X509_add_ext(cert, extension, -1));
	X509_EXTENSION_free(extension);
}

static void
add_to_name(X509_NAME *name, const char *type, struct str s)
{
	need(X509_NAME_add_entry_by_txt(name, type, MBSTRING_ASC, (const unsigned char *)s.s, (int)s.n, -1, 0) == 1);
}

/* A certificate that is yet to be signed, for key, valid between these days from now. */
static X509 *
begin(struct str name, EVP_PKEY *key, int from, int to)
{
	X509 *cert = X509_new();
	X509_NAME *subject = X509_NAME_new();
	uint64_t serial = 0;

	need(cert && subject && RAND_bytes((unsigned char *)&serial, sizeof serial) == 1);
	/* RFC 5280 section 4.1.2.2 wants it positive; its appendix A.1 wants common names of at most 64 characters */
	need(X509_set_version(cert, X509_VERSION_3));
	need(ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial >> 1));
	need(X509_gmtime_adj(X509_getm_notBefore(cert), from * 86400L) &&
	    X509_gmtime_adj(X509_getm_notAfter(cert), to * 86400L));
	add_to_name(subject, "O", STR("awserve"));
	if (name.n && name.n <= 64)
		add_to_name(subject, "CN", name);
	need(X509_set_subject_name(cert, subject) && X509_set_pubkey(cert, key));
	X509_NAME_free(subject);
	return cert;
}

static void
sign(X509 *cert, X509 *issuer, EVP_PKEY *key, const char *digest)
{
	need(X509_set_issuer_name(cert, X509_get_subject_name(issuer)));
	if (issuer != cert)
		add_extension(cert, issuer, NID_authority_key_identifier, "keyid");
	need(X509_sign(cert, key, EVP_get_digestbyname(digest ? digest : "SHA256")));
}

/* Makes a signer, and those above it. */
static void
make_signer(enum signer which)
{
	enum signer above = signers[which].signer;
	X509 *cert;

	if (signers[which].cert)
		return;
	if (above != which)
		make_signer(above);
	signers[which].key = EVP_EC_gen("P-256");
	need(signers[which].key);
	cert = begin(str_of(signers[which].name), signers[which].key, -365, 3650);
	add_extension(cert, cert, NID_basic_constraints, signers[which].constraints);
	add_extension(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign,digitalSignature");
	add_extension(cert, cert, NID_subject_key_identifier, "hash");
	sign(cert, above == which ? cert : signers[above].cert, signers[above].key, NULL);
	signers[which].cert = cert;
}

static void
add_name(GENERAL_NAMES *names, int type, struct str value)
{
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_STRING *string = ASN1_STRING_type_new(type == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING);

	need(name && string && ASN1_STRING_set(string, value.s, (int)value.n));
	GENERAL_NAME_set0_value(name, type, string);
	need(sk_GENERAL_NAME_push(names, name));
}

/* Not in OpenSSL's configuration language: a name that a client sent may hold any byte. */
static void
add_asked_names(X509 *cert, struct str domain, int many)
{
	static const char v4[4] = {127, 0, 0, 1}, v6[16] = {[15] = 1};
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	struct buf b = {0};

	need(names);
	for (int i = 1; i <= many; i++) {
		b.n = 0;
		buf_printf(&b, "name%d.example", i);
		add_name(names, GEN_DNS, buf_view(&b));
	}
	add_name(names, GEN_DNS, domain);
	b.n = 0;
	buf_str(&b, STR("*."));
	buf_str(&b, domain);
	add_name(names, GEN_DNS, buf_view(&b));
	add_name(names, GEN_IPADD, (struct str){v4, sizeof v4});
	add_name(names, GEN_IPADD, (struct str){v6, sizeof v6});
	need(X509_add1_ext_i2d(cert, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1);
	GENERAL_NAMES_free(names);
	buf_clear(&b);
}

static X509 *
make_certificate(const struct fault *f, struct str domain)
{
	bool asked = !f->names || !*f->names, usual = !f->from && !f->to;
	EVP_PKEY *key = shared_key(f->key);
	X509 *cert = begin(asked ? domain : (struct str){0}, key, usual ? -1 : f->from, usual ? 365 : f->to);

	add_extension(cert, cert, NID_basic_constraints, "critical,CA:FALSE");
	add_extension(cert, cert, NID_ext_key_usage, f->purpose ? f->purpose : "serverAuth");
	if (!f->names)
		add_asked_names(cert, domain, f->many);
	else if (*f->names)
		add_extension(cert, cert, NID_subject_alt_name, f->names);
	if (f->signer == CERT_SELF) {
		sign(cert, cert, key, f->digest);
		return cert;
	}
	make_signer(f->signer);
	sign(cert, signers[f->signer].cert, signers[f->signer].key, f->digest);
	return cert;
}

/* What is sent behind it; NULL for nothing. */
static STACK_OF(X509) *
make_chain(const struct fault *f)
{
	STACK_OF(X509) *chain = NULL;
	enum signer at = f->signer;

	if (f->sent == SENT_NONE)
		return NULL;
	chain = sk_X509_new_null();
	for (;;) {
		need(sk_X509_insert(chain, signers[at].cert, f->sent == SENT_REVERSED ? 0 : -1));
		if (signers[at].signer == at || signers[at].signer == CERT_CA)
			return chain;
		at = signers[at].signer;
	}
}

/* Which certificate */

/* A certificate that was made, for all names of a domain. */
struct made {
	const struct fault *fault;
	struct str domain;
	X509 *cert;
	STACK_OF(X509) *chain;
	char text[];
};

/* How many are kept; one more, and all are made anew. */
enum { KEPT = 20000 };

static int
compare(const void *a, const void *b)
{
	const struct made *x = a, *y = b;

	if (x->fault != y->fault)
		return x->fault < y->fault ? -1 : 1;
	if (x->domain.n != y->domain.n)
		return x->domain.n < y->domain.n ? -1 : 1;
	return x->domain.n ? memcmp(x->domain.s, y->domain.s, x->domain.n) : 0;
}

static void
drop(void *p)
{
	struct made *m = p;

	X509_free(m->cert);
	sk_X509_free(m->chain);
	free(m);
}

/* The certificate with this fault for this domain. */
static const struct made *
made(const struct fault *f, struct str domain)
{
	static void *all;
	static size_t n;
	struct made key = {.fault = f, .domain = domain}, *m;
	void *found = tfind(&key, &all, compare);

	if (found)
		return *(struct made **)found;
	if (n == KEPT) {
		tdestroy(all, drop);
		all = NULL, n = 0;
	}
	m = xmalloc(sizeof *m + domain.n);
	*m = (struct made){.fault = f, .domain = {m->text, domain.n}};
	memcpy(m->text, domain.s, domain.n);
	m->cert = make_certificate(f, m->domain);
	m->chain = make_chain(f);
	need(tsearch(m, &all, compare));
	n++;
	return m;
}

/* The first label of the rest of a name, taken off. */
static struct str
take_label(struct str *rest)
{
	const char *dot = rest->n ? memchr(rest->s, '.', rest->n) : NULL;
	struct str label = {rest->s, dot ? (size_t)(dot - rest->s) : rest->n};

	*rest = dot ? (struct str){dot + 1, rest->n - label.n - 1} : (struct str){0};
	return label;
}

static const struct fault *
fault_called(struct str label)
{
	for (size_t i = 0; i < FAULTS; i++)
		if (str_eq_fold(label, str_of(faults[i].label)))
			return &faults[i];
	return NULL;
}

/*
 * What certificates are made for: the name, or if it has more than two labels, all behind the first, so that any number
 * of names below a domain costs one certificate. *.test alone would do for nobody: clients refuse it.
 */
static struct str
domain_of(struct str name)
{
	struct str above = name, rest;

	take_label(&above);
	rest = above;
	take_label(&rest);
	return rest.n ? above : name;
}

void
certs_use(struct ssl_st *ssl, struct str name, const char *kind)
{
	const struct fault *f = kind ? fault_called(str_of(kind)) : NULL;
	struct str rest = name;
	const struct made *m;

	while (rest.n && !f)
		f = fault_called(take_label(&rest));
	if (!f)
		f = &good;
	m = made(f, name.n ? domain_of(name) : STR("localhost"));
	need(SSL_use_cert_and_key(ssl, m->cert, shared_key(f->key), m->chain, 1) == 1);
}

void
certs_init(void)
{
	make_signer(CERT_CA);
}

void
certs_trust(struct ssl_ctx_st *ctx)
{
	need(X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), signers[CERT_CA].cert) == 1);
	need(SSL_CTX_add_client_CA(ctx, signers[CERT_CA].cert) == 1);
}

/* Files */

static int
cannot_write(struct err *e, const char *path)
{
	return err_set(e, ERR_LOCAL, "cannot write %s: %s", path, strerror(errno));
}

/* What is in bio, to a file that is made anew. Takes bio. */
static int
write_file(const char *path, BIO *bio, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), rc = 0;
	char *text;
	long n = BIO_get_mem_data(bio, &text);

	if (fd < 0 || write(fd, text, (size_t)n) != n)
		rc = cannot_write(e, path);
	if (fd >= 0 && close(fd) != 0 && rc == 0)
		rc = cannot_write(e, path);
	BIO_free(bio);
	return rc;
}

static int
write_certificate(const char *path, X509 *cert, struct err *e)
{
	BIO *bio = BIO_new(BIO_s_mem());

	need(bio && PEM_write_bio_X509(bio, cert) == 1);
	return write_file(path, bio, e);
}

static int
write_key(const char *path, EVP_PKEY *key, struct err *e)
{
	BIO *bio = BIO_new(BIO_s_mem());

	need(bio && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1);
	return write_file(path, bio, e);
}

int
certs_write_ca(const char *path, struct err *e)
{
	return write_certificate(path, signers[CERT_CA].cert, e);
}

int
certs_write_client(const char *prefix, struct err *e)
{
	static const struct fault client = {.purpose = "clientAuth"};
	X509 *cert = make_certificate(&client, STR("client.test"));
	struct buf path = {0};
	int rc;

	buf_printf(&path, "%s.pem", prefix);
	rc = write_certificate(buf_cstr(&path), cert, e);
	path.n = 0;
	buf_printf(&path, "%s.key", prefix);
	if (rc == 0)
		rc = write_key(buf_cstr(&path), shared_key(KEY_EC), e);
	X509_free(cert);
	buf_clear(&path);
	return rc;
}

void
certs_list(FILE *out)
{
	for (size_t i = 0; i < FAULTS; i++)
		fprintf(out, "%-28s%s\n", faults[i].label, faults[i].about);
}
