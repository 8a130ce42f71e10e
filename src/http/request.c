/* http/request.c: the text of a request. */
#include "http/request.h"

#include <string.h>

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
	if (!head_is_token(name))
		return err_set(e, ERR_INPUT, "\"%.*s\" is not the name of a header",
		    name.n > 64 ? 64 : (int)name.n, name.s);
	take_over(r, name);
	if (!value.n && !empty)
		return 0;
	buf_str(&r->lines, name);
	buf_str(&r->lines, empty ? STR(":") : rest);
	buf_str(&r->lines, STR("\r\n"));
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

/* Room is made once and then only filled, so that what is always the same costs a few moves: every fetch does this. */
void
request_write(struct buf *b, const struct request *r, const struct url *u)
{
	struct str method = r->method ? str_of(r->method) : STR("GET"), path = str_of(u->path);
	struct str agent = r->agent ? str_of(r->agent) : STR("awget/" VERSION);
	char *to;

	/* 64: names, blanks, line ends, brackets and the port come to 44 bytes */
	buf_reserve(b, method.n + path.n + strlen(u->host) + agent.n + r->lines.n + 64);
	to = put(b->s + b->n, method);
	*to++ = ' ';
	to = put(put(to, path), STR(" HTTP/1.0\r\n"));
	if (!r->no_host) {
		b->n = (size_t)(put(to, STR("Host: ")) - b->s);
		url_authority(b, u);
		to = put(b->s + b->n, STR("\r\n"));
	}
	if (!r->no_agent && agent.n)
		to = put(put(put(to, STR("User-Agent: ")), agent), STR("\r\n"));
	if (r->lines.n)
		to = put(to, buf_view(&r->lines));
	b->n = (size_t)(put(to, STR("\r\n")) - b->s);
}

void
request_clear(struct request *r)
{
	buf_clear(&r->lines);
	*r = (struct request){0};
}
