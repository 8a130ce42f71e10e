/* net/socks.c: a way to the target through a SOCKS proxy, version 5. */
#include "net/socks.h"

#include <string.h>

/* RFC 1928 sections 3 to 6, RFC 1929 section 2. */
enum { VERSION_5 = 5, LOGIN_VERSION = 1, CONNECT = 1, METHOD_NONE = 0, METHOD_PASSWORD = 2, NO_METHOD = 0xff };
enum { TYPE_V4 = 1, TYPE_NAME = 3, TYPE_V6 = 4, LENGTH_MAX = 255 };

/* The longest reply: head, length, name, port. */
enum { HEAD = 4, PORT = 2, REPLY_MAX = HEAD + 1 + LENGTH_MAX + PORT };

void
socks_greeting(struct buf *b, bool with_password)
{
	buf_byte(b, VERSION_5);
	buf_byte(b, with_password ? 2 : 1);
	buf_byte(b, METHOD_NONE);
	if (with_password)
		buf_byte(b, METHOD_PASSWORD);
}

/* A length of one byte, and so many bytes. */
static int
add_word(struct buf *b, const char *word, const char *what, struct err *e)
{
	size_t n = strlen(word);

	if (n > LENGTH_MAX)
		return err_set(e, ERR_INPUT, "the %s for the SOCKS proxy is longer than %d bytes", what, LENGTH_MAX);
	buf_byte(b, (char)n);
	buf_add(b, word, n);
	return 0;
}

int
socks_login(struct buf *b, const char *user, const char *password, struct err *e)
{
	buf_byte(b, LOGIN_VERSION);
	return add_word(b, user, "user", e) == 0 ? add_word(b, password, "password", e) : -1;
}

static int
add_host(struct buf *b, const char *host, const struct addr *literal, struct err *e)
{
	switch (literal ? literal->sa.sa_family : AF_UNSPEC) {
	case AF_INET:
		buf_byte(b, TYPE_V4);
		buf_add(b, (const char *)&literal->v4.sin_addr, sizeof literal->v4.sin_addr);
		return 0;
	case AF_INET6:
		buf_byte(b, TYPE_V6);
		buf_add(b, (const char *)&literal->v6.sin6_addr, sizeof literal->v6.sin6_addr);
		return 0;
	default:
		buf_byte(b, TYPE_NAME);
		return add_word(b, host, "name", e);
	}
}

int
socks_request(struct buf *b, const char *host, const struct addr *literal, uint16_t port, struct err *e)
{
	buf_byte(b, VERSION_5);
	buf_byte(b, CONNECT);
	buf_byte(b, 0);
	if (add_host(b, host, literal, e) != 0)
		return -1;
	buf_byte(b, (char)(port >> 8));
	buf_byte(b, (char)(port & 0xff));
	return 0;
}

static unsigned char
byte(struct str s, size_t i)
{
	return (unsigned char)s.s[i];
}

static int
check_version(struct str reply, struct err *e)
{
	if (reply.n && byte(reply, 0) != VERSION_5)
		return err_set(e, ERR_PROXY, "the proxy does not speak SOCKS version 5");
	return 0;
}

int
socks_method(struct str reply, bool with_password, bool *wants_login, struct err *e)
{
	*wants_login = false;
	if (check_version(reply, e) != 0)
		return -1;
	if (reply.n < 2)
		return 2 - (int)reply.n;
	*wants_login = byte(reply, 1) == METHOD_PASSWORD && with_password;
	if (*wants_login || byte(reply, 1) == METHOD_NONE)
		return 0;
	if (byte(reply, 1) != NO_METHOD)
		return err_set(e, ERR_PROXY, "the SOCKS proxy wants a login of a kind that was not offered");
	return err_set(e, ERR_PROXY,
	    with_password ? "the SOCKS proxy accepts no login by password" : "the SOCKS proxy wants a login");
}

int
socks_login_reply(struct str reply, struct err *e)
{
	if (reply.n && byte(reply, 0) != LOGIN_VERSION)
		return err_set(e, ERR_PROXY, "the SOCKS proxy answers the login with something else");
	if (reply.n < 2)
		return 2 - (int)reply.n;
	return byte(reply, 1) ? err_set(e, ERR_PROXY, "the SOCKS proxy refuses the user or the password") : 0;
}

/* RFC 1928 section 6 */
static int
refused(unsigned char code, struct err *e)
{
	static const char *const reasons[] = {
		[1] = "general failure", [2] = "not allowed by its rules", [3] = "network unreachable",
		[4] = "host unreachable", [5] = "connection refused", [6] = "TTL expired",
		[7] = "command not supported", [8] = "type of address not supported",
	};

	if (code < sizeof reasons / sizeof *reasons)
		return err_set(e, ERR_PROXY, "the SOCKS proxy could not connect: %s", reasons[code]);
	return err_set(e, ERR_PROXY, "the SOCKS proxy could not connect: unknown code %u", code);
}

/* The size of a reply as far as its head tells; -1 for a type that there is not. A name has its length before it. */
static int
reply_size(struct str reply)
{
	switch (byte(reply, HEAD - 1)) {
	case TYPE_V4:
		return HEAD + 4 + PORT;
	case TYPE_V6:
		return HEAD + 16 + PORT;
	case TYPE_NAME:
		return reply.n > HEAD ? HEAD + 1 + byte(reply, HEAD) + PORT : HEAD + 1;
	default:
		return -1;
	}
}

/* The address in it is the proxy's own end, which is of no use to us. */
int
socks_reply(struct str reply, struct err *e)
{
	int size;

	if (check_version(reply, e) != 0)
		return -1;
	if (reply.n > 1 && byte(reply, 1))
		return refused(byte(reply, 1), e);
	if (reply.n < HEAD)
		return HEAD - (int)reply.n;
	size = reply_size(reply);
	if (size < 0)
		return err_set(e, ERR_PROXY, "the SOCKS proxy answers with an unknown type of address");
	return size - (int)reply.n;
}

/* A conversation: where, until when, and what of a login is offered and wanted. */
struct talk {
	struct stream *stream;
	double deadline;
	bool with_password, wants_login;
};

static int
method(struct talk *t, struct str reply, struct err *e)
{
	return socks_method(reply, t->with_password, &t->wants_login, e);
}

static int
login_reply(struct talk *t, struct str reply, struct err *e)
{
	(void)t;
	return socks_login_reply(reply, e);
}

static int
connect_reply(struct talk *t, struct str reply, struct err *e)
{
	(void)t;
	return socks_reply(reply, e);
}

/* Reads one reply, never more than it is known to need. */
static int
hear(struct talk *t, int (*needs)(struct talk *, struct str, struct err *), struct err *e)
{
	char bytes[REPLY_MAX];
	struct str reply = {bytes, 0};
	struct err why = {0};
	int more;

	while ((more = needs(t, reply, e)) > 0) {
		ssize_t got = stream_read(t->stream, bytes + reply.n, (size_t)more, t->deadline, &why);

		if (got < 0)
			return err_blame(e, ERR_PROXY, "the SOCKS proxy broke off", &why);
		if (got == 0)
			return err_set(e, ERR_PROXY, "the SOCKS proxy closed the connection %s its reply",
			    reply.n ? "within" : "without");
		reply.n += (size_t)got;
	}
	return more;
}

/* Sends what is in b, and hears the reply. */
static int
say(struct talk *t, struct buf *b, int (*needs)(struct talk *, struct str, struct err *), struct err *e)
{
	struct err why = {0};

	if (stream_write(t->stream, b->s, b->n, t->deadline, &why) != 0)
		return err_blame(e, ERR_PROXY, "the SOCKS proxy broke off", &why);
	b->n = 0;
	return hear(t, needs, e);
}

static int
log_in(struct talk *t, struct buf *b, const char *user, const char *password, struct err *e)
{
	socks_greeting(b, t->with_password);
	if (say(t, b, method, e) != 0)
		return -1;
	if (!t->wants_login)
		return 0;
	return socks_login(b, user, password, e) == 0 ? say(t, b, login_reply, e) : -1;
}

int
socks_open(struct stream *s, const char *user, const char *password, const char *host, const struct addr *literal,
    uint16_t port, double deadline, struct err *e)
{
	struct talk t = {.stream = s, .deadline = deadline, .with_password = user != NULL};
	struct buf b = {0};
	int rc = log_in(&t, &b, user, password, e);

	if (rc == 0)
		rc = socks_request(&b, host, literal, port, e);
	if (rc == 0)
		rc = say(&t, &b, connect_reply, e);
	buf_clear(&b);
	return rc;
}
