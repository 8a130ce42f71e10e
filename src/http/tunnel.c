/* http/tunnel.c: a way to the target through an HTTP proxy. */
#include "http/tunnel.h"

#include "base/text.h"
#include "http/head.h"

/* Of the proxy's reply, with the 1xx before it; of a reason that is shown. */
enum { REPLY_MAX = 64 << 10, REASON_MAX = 120 };

/* The authority-form: always with the port (RFC 9112 section 3.2.3). */
static void
add_target(struct buf *b, const struct url *u)
{
	url_authority(b, u);
	if (u->port == u->scheme->port) {
		buf_byte(b, ':');
		buf_number(b, u->port, 1);
	}
}

/*
 * HTTP/1.1 whatever the target is asked in: there are proxies that refuse 1.0 by their defaults, none that knows
 * CONNECT but not 1.1, and the reply is read the same.
 */
void
tunnel_request(struct buf *b, const struct proxy *p, const struct url *u)
{
	buf_str(b, STR("CONNECT "));
	add_target(b, u);
	buf_str(b, STR(" HTTP/1.1\r\nHost: "));
	add_target(b, u);
	if (p->auth) {
		buf_str(b, STR("\r\nProxy-Authorization: "));
		buf_str(b, str_of(p->auth));
	}
	buf_str(b, STR("\r\nUser-Agent: awget/" VERSION "\r\n\r\n"));
}

static int
next_line(struct lines *l, struct str *line, double deadline, struct err *e)
{
	struct err why = {0};
	int rc = lines_next(l, line, deadline, &why);

	if (rc > 0)
		return 0;
	if (rc == 0)
		return err_set(e, ERR_PROXY, "the proxy closed the connection %s its reply",
		    l->read.n ? "within" : "without");
	if (why.kind == ERR_HEADER_TOO_LARGE)
		return err_set(e, ERR_PROXY, "the reply of the proxy is larger than %zu bytes", l->max);
	return err_blame(e, ERR_PROXY, "the proxy broke off", &why);
}

static int
refused(const struct head_status *status, struct err *e)
{
	char reason[REASON_MAX];

	text_show_into(reason, sizeof reason, status->reason);
	return err_set(e, ERR_PROXY, "the proxy refuses: %d%s%s", status->code, *reason ? " " : "", reason);
}

/* A head up to its empty line; its status. One that refuses is not read further. */
static int
read_head(struct lines *l, int *code, double deadline, struct err *e)
{
	struct head_status status;
	struct err why = {0};
	struct str line;

	if (next_line(l, &line, deadline, e) != 0)
		return -1;
	if (head_status(line, &status, &why) != 0)
		return err_blame(e, ERR_PROXY, "the reply of the proxy", &why);
	if (status.code >= 300)
		return refused(&status, e);
	*code = status.code;
	do
		if (next_line(l, &line, deadline, e) != 0)
			return -1;
	while (line.n);
	return 0;
}

/*
 * A reply to CONNECT has no body, whatever its fields say (RFC 9110 section 9.3.6), so that reading in blocks takes
 * nothing from a target that has not been spoken to yet. What came too early is nobody's word under TLS.
 */
int
tunnel_reply(struct lines *l, double deadline, struct err *e)
{
	int code = 0;

	do
		if (read_head(l, &code, deadline, e) != 0)
			return -1;
	while (code < 200);
	if (l->at < l->read.n)
		return err_set(e, ERR_PROXY, "the proxy sends something before the target was spoken to");
	return 0;
}

int
tunnel_open(struct stream *s, const struct proxy *p, const struct url *u, double deadline, struct err *e)
{
	struct buf request = {0};
	struct err why = {0};
	struct lines l;
	int rc;

	tunnel_request(&request, p, u);
	rc = stream_write(s, request.s, request.n, deadline, &why);
	buf_clear(&request);
	if (rc != 0)
		return err_blame(e, ERR_PROXY, "the proxy broke off", &why);
	lines_init(&l, s, REPLY_MAX);
	rc = tunnel_reply(&l, deadline, e);
	lines_clear(&l);
	return rc;
}
