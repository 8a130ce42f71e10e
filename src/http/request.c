/* http/request.c: the text of a request. */
#include "http/request.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/basic.h"
#include "http/head.h"

/* A byte that would break or hide a field line: every control byte but the tab (RFC 9110 section 5.5). */
static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return true;
	}
	return false;
}

/* The field's name, which the user has taken over if it is one of ours. */
static void
take_over(struct request *r, struct str name)
{
	if (str_eq_fold(name, STR("Host")))
		r->no_host = true;
	if (str_eq_fold(name, STR("User-Agent")))
		r->no_agent = true;
	if (str_eq_fold(name, STR("Authorization")))
		r->no_auth = true;
	if (str_eq_fold(name, STR("Connection")))
		r->no_connection = true;
}

int
request_add_line(struct request *r, const char *line, struct err *e)
{
	struct str name = {line, strcspn(line, ":;")};
	struct str rest = str_of(line + name.n);
	struct str value = rest.n ? str_trim(str_of(rest.s + 1)) : rest;
	bool empty = rest.n && rest.s[0] == ';';

	if (has_control(str_of(line)))
		return err_set(e, ERR_INPUT, "a header must not contain line ends or other control bytes");
	if (!rest.n || (empty && value.n))
		return err_set(e, ERR_INPUT, "a header is \"Name: value\", \"Name;\" or \"Name:\"");
	if (!head_is_token(name)) /* which is not shown: it may be a secret, and only a colon missing */
		return err_set(e, ERR_INPUT, "what stands before ':' or ';' is not the name of a header");
	take_over(r, name);
	if (!value.n && !empty)
		return 0;
	buf_str(&r->lines, name);
	buf_str(&r->lines, empty ? STR(":") : rest);
	buf_str(&r->lines, STR("\r\n"));
	return 0;
}

/* As request_add_line; the sentence also says which line it was. */
static int
add_numbered(struct request *r, const char *line, unsigned n, struct err *e)
{
	struct err why;

	if (request_add_line(r, line, &why) == 0)
		return 0;
	return err_set(e, ERR_INPUT, "line %u: %s", n, why.text);
}

/* Takes the LF or CR LF off a line; a CR elsewhere is for request_add_line to refuse. */
static void
cut_end(char *line, size_t n)
{
	if (n && line[n - 1] == '\n')
		line[--n] = '\0';
	if (n && line[n - 1] == '\r')
		line[n - 1] = '\0';
}

int
request_add_file(struct request *r, const char *file, struct err *e)
{
	FILE *f = strcmp(file, "-") == 0 ? stdin : fopen(file, "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int rc = 0;

	if (!f)
		return err_set(e, ERR_INPUT, "cannot read %s: %s", file, strerror(errno));
	for (unsigned number = 1; rc == 0 && (n = getline(&line, &size, f)) >= 0; number++) {
		if (strlen(line) != (size_t)n)
			rc = err_set(e, ERR_INPUT, "line %u: a NUL", number);
		cut_end(line, (size_t)n);
		if (rc == 0 && *line)
			rc = add_numbered(r, line, number, e);
	}
	if (rc == 0 && ferror(f))
		rc = err_set(e, ERR_INPUT, "cannot read %s: %s", file, strerror(errno));
	free(line);
	if (f != stdin)
		fclose(f);
	return rc;
}

int
request_set_user(struct request *r, const char *user, struct err *e)
{
	struct buf pair = {0};

	if (has_control(str_of(user)))
		return err_set(e, ERR_INPUT, "user and password must not contain control bytes");
	buf_str(&pair, str_of(user));
	if (!strchr(user, ':'))
		buf_byte(&pair, ':');
	r->auth.n = 0;
	http_basic(&r->auth, buf_view(&pair));
	buf_clear(&pair);
	return 0;
}

int
request_set_method(struct request *r, const char *method, struct err *e)
{
	if (!head_is_token(str_of(method)))
		return err_set(e, ERR_INPUT, "\"%.64s\" is not a method", method);
	r->method = method;
	return 0;
}

int
request_set_agent(struct request *r, const char *agent, struct err *e)
{
	if (has_control(str_of(agent)))
		return err_set(e, ERR_INPUT, "a user agent must not contain line ends or other control bytes");
	r->agent = agent;
	return 0;
}

static char *
put(char *to, struct str s)
{
	memcpy(to, s.s, s.n);
	return to + s.n;
}

/* Does this line, with its CR LF, tell a secret, or whom the user named? */
static bool
is_of_home(struct str line)
{
	static const struct str names[] = {
	    STR("Authorization"), STR("Cookie"), STR("Cookie2"), STR("Proxy-Authorization"), STR("Host")};
	struct str name = {line.s, (size_t)((const char *)memchr(line.s, ':', line.n) - line.s)};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_eq_fold(name, names[i]))
			return true;
	return false;
}

static char *
put_foreign_lines(char *to, struct str lines)
{
	while (lines.n) {
		size_t n = (size_t)((const char *)memchr(lines.s, '\n', lines.n) - lines.s) + 1;
		struct str line = {lines.s, n};

		if (!is_of_home(line))
			to = put(to, line);
		lines.s += n, lines.n -= n;
	}
	return to;
}

static char *
put_field(char *to, struct str name, struct str value)
{
	return put(put(put(to, name), value), STR("\r\n"));
}

/* "METHOD /path HTTP/1.x"; a proxy is asked for the URL. */
static void
add_request_line(struct buf *b, const struct request *r, const struct url *u, struct str path,
    const struct request_hop *hop)
{
	const char *method = hop->method ? hop->method : r->method;
	char *to = put(b->s + b->n, method ? str_of(method) : STR("GET"));

	*to++ = ' ';
	b->n = (size_t)(to - b->s);
	if (hop->proxied)
		url_format(b, u);
	else
		b->n = (size_t)(put(to, path) - b->s);
	b->n = (size_t)(put(b->s + b->n, r->minor ? STR(" HTTP/1.1\r\n") : STR(" HTTP/1.0\r\n")) - b->s);
}

static void
add_credentials(struct buf *b, const struct request *r, const struct request_hop *hop)
{
	char *to = b->s + b->n;

	if (r->auth.n && !r->no_auth && !hop->foreign)
		to = put_field(to, STR("Authorization: "), buf_view(&r->auth));
	if (hop->proxy_auth)
		to = put_field(to, STR("Proxy-Authorization: "), str_of(hop->proxy_auth));
	b->n = (size_t)(to - b->s);
}

/* Room is made once and then only filled, so that what is always the same costs a few moves: every fetch does this. */
void
request_write(struct buf *b, const struct request *r, const struct url *u, const struct request_hop *hop)
{
	struct str agent = r->agent ? str_of(r->agent) : STR("awget/" VERSION), path = str_of(u->path);
	size_t method = r->method ? strlen(r->method) : 0, proxy_auth = hop->proxy_auth ? strlen(hop->proxy_auth) : 0;
	char *to;

	/* 200: fields' names, blanks, line ends, brackets, a port twice and methods of our own */
	buf_reserve(b,
	    method + path.n + 2 * strlen(u->host) + agent.n + r->auth.n + proxy_auth + r->lines.n + 200);
	add_request_line(b, r, u, path, hop);
	if (!r->no_host || hop->foreign) {
		b->n = (size_t)(put(b->s + b->n, STR("Host: ")) - b->s);
		url_authority(b, u);
		b->n = (size_t)(put(b->s + b->n, STR("\r\n")) - b->s);
	}
	to = b->s + b->n;
	if (!r->no_agent && agent.n)
		to = put_field(to, STR("User-Agent: "), agent);
	if (r->minor && !r->no_connection)
		to = put_field(to, STR("Connection: "), STR("close"));
	b->n = (size_t)(to - b->s);
	add_credentials(b, r, hop);
	to = b->s + b->n;
	if (hop->foreign)
		to = put_foreign_lines(to, buf_view(&r->lines));
	else if (r->lines.n)
		to = put(to, buf_view(&r->lines));
	b->n = (size_t)(put(to, STR("\r\n")) - b->s);
}

void
request_clear(struct request *r)
{
	buf_clear(&r->auth);
	buf_clear(&r->lines);
	*r = (struct request){0};
}
