/* fetch/redirect.c: where a response leads (RFC 9110 section 15.4), and whether we go there. */
#include <string.h>

#include "fetch/trip.h"
#include "http/reference.h"
#include "net/hosts.h"

/* How often one chain may come to the same URL: a server may send a client once around, to see it come back. */
enum { VISITS = 2 };

/*
 * The codes of section 15.4 whose Location is where to go; 304 speaks of a cache, 305 and 306 are no longer used.
 */
static bool
leads_on(int status)
{
	switch (status) {
	case 300:
	case 301:
	case 302:
	case 303:
	case 307:
	case 308:
		return true;
	default:
		return false;
	}
}

/* Sections 15.4.2 to 15.4.4: 303 asks for a GET, and after 301 and 302 every client makes one of a POST. */
static void
change_method(struct trip *t, int status)
{
	const char *method = t->method ? t->method : t->env->request.method;

	if (!method || strcmp(method, "HEAD") == 0)
		return;
	if (status == 303 || ((status == 301 || status == 302) && strcmp(method, "POST") == 0))
		t->method = "GET";
}

/* Does the URL itself name a private place? */
static bool
says_inside(const struct url *u)
{
	return u->address.sa.sa_family == AF_UNSPEC ? hosts_is_localhost(u->host) : addr_is_private(&u->address);
}

/* The first redirect of a chain: from where it starts is decided what may follow. */
static void
leave_home(struct trip *t)
{
	const struct result *r = t->r;
	const struct url *u = &r->url;

	if (!t->proxy)
		t->from_public = !addr_is_private(&r->peer);
	else /* it knows the addresses, we only see what the URL says */
		t->from_public = !says_inside(u);
}

static int
refuse(struct trip *t, struct str location, const char *why)
{
	enum { SHOWN = 80 };

	return err_set(&t->r->err, ERR_INPUT, "redirect to \"%.*s%s\": %s",
	    location.n > SHOWN ? SHOWN : (int)location.n, location.s, location.n > SHOWN ? "..." : "", why);
}

static int
count_visits(const struct trip *t, const struct url *u)
{
	struct buf url = {0};
	int visits = 0;

	url_format(&url, u);
	for (size_t i = 0; i < t->r->nhops; i++)
		visits += strcmp(t->r->hops[i].url, buf_cstr(&url)) == 0;
	buf_clear(&url);
	return visits;
}

/* May we go on to u? */
static int
check(struct trip *t, const struct url *u)
{
	struct result *r = t->r;

	if (r->nhops > t->env->max_redirs)
		return err_set(&r->err, ERR_REDIRECT_LOOP, "more than %u redirect%s", t->env->max_redirs,
		    t->env->max_redirs == 1 ? "" : "s");
	if (count_visits(t, u) >= VISITS)
		return err_set(&r->err, ERR_REDIRECT_LOOP, "redirected in a circle");
	if (t->from_public && !t->env->allow_private && says_inside(u))
		return err_set(
		    &r->err, ERR_EXCLUDED, "redirect into a private network, to %s; see --allow-private", u->host);
	return 0;
}

/* Moves the response into the hops, and the trip to u. */
static void
go(struct trip *t, struct url *u)
{
	struct result *r = t->r;
	int status = r->status;

	if (r->nhops == 0)
		leave_home(t);
	change_method(t, status);
	result_push_hop(r);
	if (t->target.host)
		url_clear(&r->url);
	else
		url_move(&t->target, &r->url);
	url_move(&r->url, u);
	r->timing.begun = r->timing.total = trip_elapsed(t); /* if check refuses, it was all */
	t->foreign = !url_same_origin(&t->target, &r->url);
}

int
redirect(struct trip *t)
{
	struct result *r = t->r;
	struct str location;
	struct url next;
	struct err why;

	if (!t->env->location || !leads_on(r->status))
		return 0;
	location = str_trim(result_find(r, STR("Location")));
	if (!location.n) /* nothing to go to */
		return 0;
	if (url_join(&next, &r->url, location, &why) != 0)
		return refuse(t, location, why.text);
	go(t, &next);
	if (check(t, &r->url) == 0)
		return 1;
	r->timing.total = trip_elapsed(t);
	return -1;
}
