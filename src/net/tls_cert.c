/* net/tls_cert.c: what a certificate says, in words. */
#include "net/tls_cert.h"

#include <math.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/addr.h"
#include "net/tls.h"

/* Names of a certificate that an error shows. */
enum { SHOWN_NAMES = 3 };

/* Strings that are still being collected, each with a NUL at its end, and where each begins. */
struct strings {
	struct buf text;
	size_t *at, n;
};

/* The string that is being collected ends, and becomes the next one. */
static void
end_string(struct strings *s, size_t from)
{
	buf_byte(&s->text, '\0');
	if ((s->n & (s->n - 1)) == 0)
		s->at = xrealloc(s->at, (s->n ? 2 * s->n : 1) * sizeof *s->at);
	s->at[s->n++] = from;
}

static void
add_shown(struct buf *b, const void *bytes, int n)
{
	text_show(b, (struct str){bytes, n > 0 ? (size_t)n : 0});
}

static void
add_address(struct buf *b, const ASN1_OCTET_STRING *ip)
{
	int n = ASN1_STRING_length(ip);
	char text[ADDR_TEXT];
	struct addr a;

	if (n != 4 && n != 16)
		return;
	a = addr_from_bytes(n == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(ip), 0);
	buf_str(b, str_of(addr_text(&a, text)));
}

/* One subject alternative name, as text; nothing for kinds that are no host. */
static void
add_name(struct buf *b, const GENERAL_NAME *name)
{
	if (name->type == GEN_DNS)
		add_shown(b, ASN1_STRING_get0_data(name->d.dNSName), ASN1_STRING_length(name->d.dNSName));
	else if (name->type == GEN_IPADD)
		add_address(b, name->d.iPAddress);
}

/* At most `most` of the names. */
static void
collect_names(struct strings *s, const X509 *leaf, size_t most)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; names && i < sk_GENERAL_NAME_num(names) && s->n < most; i++) {
		size_t from = s->text.n;

		add_name(&s->text, sk_GENERAL_NAME_value(names, i));
		if (s->text.n > from)
			end_string(s, from);
	}
	GENERAL_NAMES_free(names);
}

static time_t
time_of(const ASN1_TIME *asn1)
{
	struct tm tm;

	return asn1 && ASN1_TIME_to_tm(asn1, &tm) ? timegm(&tm) : (time_t)-1;
}

static int
refused_by_date(const ASN1_TIME *when, const char *what, struct err *e)
{
	time_t t = time_of(when);
	char text[32] = "an unknown day";
	struct tm tm;

	if (t != (time_t)-1)
		strftime(text, sizeof text, "%Y-%m-%d", gmtime_r(&t, &tm));
	return err_set(e, ERR_TLS_VERIFY, "the certificate %s %s", what, text);
}

/* The certificate is somebody else's: whose? */
static int
refused_by_name(const X509 *leaf, struct err *e)
{
	struct strings names = {0};
	struct buf list = {0};

	collect_names(&names, leaf, SHOWN_NAMES + 1);
	for (size_t i = 0; i < names.n && i < SHOWN_NAMES; i++) {
		if (i)
			buf_str(&list, STR(", "));
		buf_str(&list, str_of(names.text.s + names.at[i]));
	}
	if (names.n > SHOWN_NAMES)
		buf_str(&list, STR(", ..."));
	if (names.n)
		err_set(e, ERR_TLS_VERIFY, "the certificate is for another name: %s", buf_cstr(&list));
	else
		err_set(e, ERR_TLS_VERIFY, "the certificate has no name of a host");
	buf_clear(&list);
	buf_clear(&names.text);
	free(names.at);
	return -1;
}

int
tls_cert_refused(long result, const struct x509_st *leaf, struct err *e)
{
	static const struct {
		long result;
		const char *sentence;
	} plain[] = {
	    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "the certificate is self-signed"},
	    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "the certificate's root is not trusted here"},
	    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "the certificate's issuer is not known here"},
	    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "the certificate's issuer is not known here"},
	    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "the certificate's issuer is not known here"},
	    {X509_V_ERR_CERT_REVOKED, "the certificate has been revoked"},
	    {X509_V_ERR_INVALID_CA, "the certificate's issuer is no certificate authority"},
	    {X509_V_ERR_INVALID_PURPOSE, "the certificate is not for a server"},
	    {X509_V_ERR_EE_KEY_TOO_SMALL, "the certificate's key is too weak"},
	    {X509_V_ERR_CA_KEY_TOO_SMALL, "the key of the certificate's issuer is too weak"},
	    {X509_V_ERR_CA_MD_TOO_WEAK, "the certificate's signature is too weak"},
	};

	if (leaf && result == X509_V_ERR_CERT_HAS_EXPIRED)
		return refused_by_date(X509_get0_notAfter(leaf), "expired on", e);
	if (leaf && result == X509_V_ERR_CERT_NOT_YET_VALID)
		return refused_by_date(X509_get0_notBefore(leaf), "is not valid before", e);
	if (leaf && (result == X509_V_ERR_HOSTNAME_MISMATCH || result == X509_V_ERR_IP_ADDRESS_MISMATCH))
		return refused_by_name(leaf, e);
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (plain[i].result == result)
			return err_set(e, ERR_TLS_VERIFY, "%s", plain[i].sentence);
	return err_set(e, ERR_TLS_VERIFY, "the certificate is refused: %s", X509_verify_cert_error_string(result));
}

/* What stands first among the strings of a struct tls_info, in this order; an empty one is NULL there. */
enum { VERSION_AT, CIPHER_AT, ALPN_AT, VERIFY_AT, ISSUER_AT, SUBJECT_AT, NAMES_AT };

static void
collect(struct strings *s, const char *text)
{
	size_t from = s->text.n;

	buf_str(&s->text, str_of(text ? text : ""));
	end_string(s, from);
}

static void
collect_alpn(struct strings *s, const SSL *ssl)
{
	const unsigned char *protocol;
	unsigned n;
	size_t from = s->text.n;

	SSL_get0_alpn_selected(ssl, &protocol, &n);
	add_shown(&s->text, protocol, (int)n);
	end_string(s, from);
}

static void
collect_verify(struct strings *s, const SSL *ssl, const X509 *leaf)
{
	long result = SSL_get_verify_result(ssl);
	struct err why = {0};

	if (leaf && result != X509_V_OK)
		tls_cert_refused(result, leaf, &why);
	collect(s, !leaf ? NULL : result == X509_V_OK ? "ok" : why.text);
}

static void
collect_dn(struct strings *s, X509_NAME *name)
{
	const unsigned long form = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB; /* UTF-8 as it is */
	BIO *bio = BIO_new(BIO_s_mem());
	size_t from = s->text.n;
	char *text;
	long n;

	if (bio && name && X509_NAME_print_ex(bio, name, 0, form) > 0) {
		n = BIO_get_mem_data(bio, &text);
		add_shown(&s->text, text, (int)n);
	}
	BIO_free(bio);
	end_string(s, from);
}

static const char *
string_at(const struct strings *s, size_t i, char *text)
{
	return text[s->at[i]] ? text + s->at[i] : NULL;
}

/* The struct, the pointers to the names, and all text, in one piece. */
static struct tls_info *
in_one_piece(const struct strings *s)
{
	size_t nnames = s->n - NAMES_AT;
	struct tls_info *info = xmalloc(sizeof *info + nnames * sizeof *info->names + s->text.n);
	char *text = (char *)(void *)((const char **)(void *)(info + 1) + nnames);

	memcpy(text, s->text.s, s->text.n);
	*info = (struct tls_info){
	    .version = string_at(s, VERSION_AT, text),
	    .cipher = string_at(s, CIPHER_AT, text),
	    .alpn = string_at(s, ALPN_AT, text),
	    .verify = string_at(s, VERIFY_AT, text),
	    .issuer = string_at(s, ISSUER_AT, text),
	    .subject = string_at(s, SUBJECT_AT, text),
	    .names = (const char **)(void *)(info + 1),
	    .nnames = nnames,
	};
	for (size_t i = 0; i < nnames; i++)
		info->names[i] = text + s->at[NAMES_AT + i];
	return info;
}

struct tls_info *
tls_cert_info(struct ssl_st *ssl, struct x509_st *leaf)
{
	const SSL_CIPHER *current = SSL_get_current_cipher(ssl); /* NULL: TLS 1.2 does not use it yet */
	const SSL_CIPHER *cipher = current ? current : SSL_get_pending_cipher(ssl); /* NULL: nothing is agreed on */
	time_t not_after = leaf ? time_of(X509_get0_notAfter(leaf)) : (time_t)-1;
	struct strings s = {0};
	struct tls_info *info;

	collect(&s, cipher ? SSL_get_version(ssl) : NULL);
	collect(&s, cipher ? SSL_CIPHER_get_name(cipher) : NULL);
	collect_alpn(&s, ssl);
	collect_verify(&s, ssl, leaf);
	collect_dn(&s, leaf ? X509_get_issuer_name(leaf) : NULL);
	collect_dn(&s, leaf ? X509_get_subject_name(leaf) : NULL);
	if (leaf)
		collect_names(&s, leaf, SIZE_MAX);
	info = in_one_piece(&s);
	info->not_after = not_after == (time_t)-1 ? NAN : (double)not_after;
	buf_clear(&s.text);
	free(s.at);
	return info;
}
