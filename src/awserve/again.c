/* awserve/again.c: answers that make a client ask again. */
#include "awserve/again.h"

#include <search.h>
#include <stdlib.h>
#include <time.h>

#include "awserve/routes.h"
#include "base/mem.h"
#include "http/head.h"

enum { TIMES_MAX = 1000000, SECONDS_MAX = 24 * 3600 };

static void
add_field(struct exchange *x, struct str name, struct str value)
{
	buf_str(&x->fields, name);
	buf_str(&x->fields, STR(": "));
	buf_str(&x->fields, value);
	buf_str(&x->fields, STR("\r\n"));
}

/* An answer without a page of its own. */
static void
answer(struct exchange *x, int status)
{
	x->status = status;
	buf_number(&x->body, (unsigned long long)status, 3);
	buf_byte(&x->body, ' ');
	buf_str(&x->body, str_of(server_reason(status)));
}

/* Redirections */

void
again_redirect(struct exchange *x)
{
	struct buf location = {0};
	size_t code;

	if (!routes_number(x, 0, 999, &code))
		return;
	answer(x, (int)code);
	if (!x->query.s)
		return;
	server_decode(&location, x->query);
	add_field(x, STR("Location"), buf_view(&location));
	buf_clear(&location);
}

void
again_redirects(struct exchange *x)
{
	struct buf location = {0};
	size_t n;

	if (!routes_number(x, 0, TIMES_MAX, &n))
		return;
	if (n == 0) {
		routes_index(x);
		return;
	}
	answer(x, 302);
	buf_str(&location, STR("/redirects/"));
	buf_number(&location, n - 1, 1);
	add_field(x, STR("Location"), buf_view(&location));
	buf_clear(&location);
}

void
again_there(struct exchange *x)
{
	answer(x, 302);
	add_field(x, STR("Location"), str_of(x->route->arg));
}

/* Failures that pass */

/* How often a target was asked for; its key is the host, a blank and the target. */
struct count {
	size_t n;
	struct str key;
	char text[];
};

static int
compare(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	if (x->key.n != y->key.n)
		return x->key.n < y->key.n ? -1 : 1;
	return memcmp(x->key.s, y->key.s, x->key.n);
}

static struct count *
count_of(const struct exchange *x)
{
	static void *all; /* it only grows: a test that ends, ends it */
	size_t n = x->host.n + 1 + x->target.n;
	struct count *c = xmalloc(sizeof *c + n), **found;

	*c = (struct count){.key = {c->text, n}};
	memcpy(c->text, x->host.s, x->host.n);
	c->text[x->host.n] = ' ';
	memcpy(c->text + x->host.n + 1, x->target.s, x->target.n);
	found = tsearch(c, &all, compare);
	if (!found)
		abort();
	if (*found != c)
		free(c);
	return *found;
}

/* Is this one of the first {n} times? If not, the page is the answer. */
static bool
fails(struct exchange *x)
{
	struct count *c;
	size_t n;

	if (!routes_number(x, 0, TIMES_MAX, &n))
		return false;
	c = count_of(x);
	if (c->n < n) {
		c->n++;
		return true;
	}
	routes_index(x);
	return false;
}

void
again_retry(struct exchange *x)
{
	if (fails(x))
		answer(x, 503);
}

void
again_retry_code(struct exchange *x)
{
	size_t code;

	if (routes_number(x, 1, 999, &code) && fails(x))
		answer(x, (int)code);
}

void
again_retry_after(struct exchange *x)
{
	struct buf text = {0};
	size_t code, seconds;

	if (!routes_number(x, 1, 999, &code) || !routes_number(x, 2, SECONDS_MAX, &seconds) || !fails(x))
		return;
	answer(x, (int)code);
	buf_number(&text, seconds, 1);
	add_field(x, STR("Retry-After"), buf_view(&text));
	buf_clear(&text);
}

/* RFC 9110 section 5.6.7 */
void
again_retry_date(struct exchange *x)
{
	char text[sizeof "Sun, 06 Nov 1994 08:49:37 GMT"];
	size_t code, seconds;
	struct tm tm;
	time_t then;

	if (!routes_number(x, 1, 999, &code) || !routes_number(x, 2, SECONDS_MAX, &seconds) || !fails(x))
		return;
	answer(x, (int)code);
	then = time(NULL) + (time_t)seconds;
	strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&then, &tm));
	add_field(x, STR("Retry-After"), str_of(text));
}

/* A password */

/* RFC 4648 section 4 */
static void
base64(struct buf *b, struct str s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	while (s.n) {
		size_t n = s.n < 3 ? s.n : 3;
		unsigned bits = 0;

		for (size_t i = 0; i < 3; i++)
			bits = bits << 8 | (i < n ? (unsigned char)s.s[i] : 0);
		for (size_t i = 0; i < 4; i++)
			buf_byte(b, i <= n ? digits[bits >> (18 - 6 * i) & 63] : '=');
		s = (struct str){s.s + n, s.n - n};
	}
}

/* The value of the last field with this name; empty without one. */
static struct str
request_field(const struct exchange *x, struct str wanted)
{
	struct str rest = x->head, last = {0};

	while (rest.n) {
		size_t n = (size_t)((const char *)memchr(rest.s, '\n', rest.n) + 1 - rest.s);
		struct str line = {rest.s, n - 1}, name, value;

		if (line.n && line.s[line.n - 1] == '\r')
			line.n--;
		if (line.n && head_field(line, &name, &value) == HEAD_FIELD && str_eq_fold(name, wanted))
			last = value;
		rest = (struct str){rest.s + n, rest.n - n};
	}
	return last;
}

void
again_auth(struct exchange *x)
{
	struct buf password = {0}, wanted = {0};

	server_decode(&password, x->query);
	buf_str(&wanted, STR("Basic "));
	base64(&wanted, buf_view(&password));
	if (str_eq(request_field(x, STR("Authorization")), buf_view(&wanted))) {
		routes_index(x);
	} else {
		answer(x, 401);
		add_field(x, STR("WWW-Authenticate"), STR("Basic realm=\"awserve\""));
	}
	buf_clear(&password);
	buf_clear(&wanted);
}
