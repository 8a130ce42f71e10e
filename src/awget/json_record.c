/* awget/json_record.c: the object that --json has for a result. */
#include <math.h>

#include "awget/json.h"
#include "base/base64.h"
#include "net/tls.h"

/* A field line of this head. */
static void
field(struct buf *b, const struct buf *head, const struct field *f)
{
	struct str name = {head->s + f->name, f->name_n}, value = {head->s + f->value, f->value_n};
	struct buf unfolded = {0};

	if (f->folded) {
		result_unfolded(&unfolded, value);
		value = buf_view(&unfolded);
	}
	buf_str(b, STR("{\"name\":"));
	json_string(b, name);
	buf_str(b, STR(",\"value\":"));
	if (!json_string(b, value)) {
		buf_str(b, STR(",\"b64\":\""));
		base64(b, value);
		buf_byte(b, '"');
	}
	buf_byte(b, '}');
	buf_clear(&unfolded);
}

static void
headers(struct buf *b, const struct buf *head, const struct field *fields, size_t n)
{
	buf_str(b, STR(",\"headers\":["));
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(b, ',');
		field(b, head, &fields[i]);
	}
	buf_byte(b, ']');
}

static void
address(struct buf *b, const struct addr *peer)
{
	char text[ADDR_TEXT];

	buf_str(b, STR(",\"address\":"));
	json_text_or_null(b, peer->sa.sa_family == AF_UNSPEC ? NULL : addr_text(peer, text));
}

static void
timing(struct buf *b, const struct timing *t)
{
	buf_str(b, STR(",\"timing\":{\"dns\":"));
	json_seconds(b, t->dns);
	buf_str(b, STR(",\"connect\":"));
	json_seconds(b, t->connect);
	buf_str(b, STR(",\"tls\":"));
	json_seconds(b, t->tls);
	buf_str(b, STR(",\"first_byte\":"));
	json_seconds(b, t->first_byte);
	buf_str(b, STR(",\"total\":"));
	json_seconds(b, t->total);
	buf_byte(b, '}');
}

/* Where the answer came from and what its status line says. */
static void
origin(struct buf *b, const struct result *r)
{
	buf_str(b, STR(",\"url\":"));
	if (r->url.host) {
		struct buf url = {0};

		url_format(&url, &r->url);
		json_string(b, buf_view(&url));
		buf_clear(&url);
	} else {
		buf_str(b, STR("null"));
	}
	address(b, &r->peer);
	buf_str(b, STR(",\"port\":"));
	json_number_or_null(b, r->url.port, r->url.host != NULL);
	buf_str(b, STR(",\"http_version\":"));
	if (r->status) {
		buf_str(b, STR("\"1."));
		buf_number(b, (unsigned)r->minor, 1);
		buf_byte(b, '"');
	} else {
		buf_str(b, STR("null"));
	}
	buf_str(b, STR(",\"status\":"));
	json_number_or_null(b, (unsigned)r->status, r->status != 0);
	buf_str(b, STR(",\"reason\":"));
	if (r->status)
		json_string(b, result_reason(r));
	else
		buf_str(b, STR("null"));
}

static void
hops(struct buf *b, const struct result *r)
{
	buf_str(b, STR(",\"hops\":["));
	for (size_t i = 0; i < r->nhops; i++) {
		const struct hop *h = &r->hops[i];

		buf_str(b, i ? STR(",{\"url\":") : STR("{\"url\":"));
		json_string(b, str_of(h->url));
		address(b, &h->peer);
		buf_str(b, STR(",\"status\":"));
		buf_number(b, (unsigned)h->status, 1);
		headers(b, &h->head, h->fields, h->nfields);
		buf_byte(b, '}');
	}
	buf_byte(b, ']');
}

static void
certificate(struct buf *b, const struct tls_info *tls, double now)
{
	buf_str(b, STR(",\"issuer\":"));
	json_text_or_null(b, tls->issuer);
	buf_str(b, STR(",\"subject\":"));
	json_text_or_null(b, tls->subject);
	buf_str(b, STR(",\"names\":["));
	for (size_t i = 0; i < tls->nnames; i++) {
		if (i)
			buf_byte(b, ',');
		json_string(b, str_of(tls->names[i]));
	}
	if (isnan(tls->not_after)) {
		buf_str(b, STR("],\"not_after\":null,\"days\":null"));
		return;
	}
	buf_str(b, STR("],\"not_after\":"));
	json_date(b, tls->not_after);
	buf_printf(b, ",\"days\":%.0f", floor((tls->not_after - now) / 86400));
}

static void
tls(struct buf *b, const struct result *r)
{
	if (!r->tls) {
		buf_str(b, STR(",\"tls\":null"));
		return;
	}
	buf_str(b, STR(",\"tls\":{\"version\":"));
	json_text_or_null(b, r->tls->version);
	buf_str(b, STR(",\"cipher\":"));
	json_text_or_null(b, r->tls->cipher);
	buf_str(b, STR(",\"alpn\":"));
	json_text_or_null(b, r->tls->alpn);
	buf_str(b, STR(",\"verify\":"));
	json_text_or_null(b, r->tls->verify);
	certificate(b, r->tls, r->time);
	buf_byte(b, '}');
}

static void
error(struct buf *b, const struct result *r)
{
	buf_str(b, STR(",\"error\":"));
	if (r->err.kind == ERR_NONE) {
		buf_str(b, STR("null"));
		return;
	}
	buf_str(b, STR("{\"kind\":\""));
	buf_str(b, str_of(err_name(r->err.kind)));
	buf_str(b, STR("\",\"phase\":"));
	json_text_or_null(b, result_phase_name(r->phase));
	buf_str(b, STR(",\"message\":"));
	json_string(b, str_of(r->err.text));
	buf_str(b, err_is_local(r->err.kind) ? STR(",\"local\":true}") : STR(",\"local\":false}"));
}

static void
check(struct buf *b, const struct check_outcome *o)
{
	struct str found = {0};

	if (o->verdict == CHECK_WARN || o->verdict == CHECK_FAIL)
		found = o->found;
	buf_str(b, STR("{\"id\":"));
	json_string_or_null(b, o->id);
	buf_str(b, STR(",\"result\":\""));
	buf_str(b, str_of(check_verdict_name(o->verdict)));
	buf_str(b, STR("\",\"check\":"));
	json_string(b, o->text);
	buf_str(b, STR(",\"found\":"));
	json_string_or_null(b, found);
	buf_byte(b, '}');
}

static void
checks(struct buf *b, const struct check_outcomes *c)
{
	buf_str(b, STR(",\"checks\":["));
	for (size_t i = 0; c && i < c->n; i++) {
		if (i)
			buf_byte(b, ',');
		check(b, &c->v[i]);
	}
	buf_byte(b, ']');
}

static void
change(struct buf *b, const struct change *c)
{
	buf_str(b, STR("{\"what\":"));
	json_string(b, str_of(c->what));
	buf_str(b, STR(",\"name\":"));
	/* the name of a header may be empty, and is one all the same */
	if (strcmp(c->what, "header") == 0)
		json_string(b, c->name);
	else
		buf_str(b, STR("null"));
	buf_str(b, STR(",\"old\":"));
	json_string_or_null(b, c->old);
	buf_str(b, STR(",\"new\":"));
	json_string_or_null(b, c->new);
	buf_byte(b, '}');
}

static void
changes(struct buf *b, const struct changes *c)
{
	buf_str(b, STR(",\"changes\":["));
	for (size_t i = 0; i < c->n; i++) {
		if (i)
			buf_byte(b, ',');
		change(b, &c->v[i]);
	}
	buf_byte(b, ']');
}

void
json_record(struct buf *b, const struct result *r, const struct verdict *v)
{
	buf_str(b, STR("{\"schema\":1,\"n\":"));
	buf_number(b, r->n, 1);
	buf_str(b, STR(",\"target\":"));
	json_string(b, r->target);
	buf_str(b, STR(",\"tag\":"));
	json_string_or_null(b, r->tag);
	origin(b, r);
	headers(b, &r->head, r->fields, r->nfields);
	hops(b, r);
	tls(b, r);
	buf_str(b, STR(",\"proxy\":"));
	json_text_or_null(b, r->proxy);
	buf_str(b, STR(",\"attempts\":"));
	buf_number(b, r->attempts ? r->attempts : 1, 1);
	timing(b, &r->timing);
	buf_str(b, STR(",\"time\":"));
	json_instant(b, r->time);
	checks(b, v->checks);
	if (v->changes)
		changes(b, v->changes);
	error(b, r);
	buf_byte(b, '}');
}
