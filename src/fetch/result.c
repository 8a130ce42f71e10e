/* fetch/result.c: what one fetch found out. */
#include "fetch/result.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

static const struct timing no_time = {.dns = NAN, .connect = NAN, .tls = NAN, .first_byte = NAN, .total = NAN};

void
result_init(struct result *r, size_t n, struct str target)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	mem_zero(r, offsetof(struct result, err));
	r->err.kind = ERR_NONE;
	r->fields = r->few;
	r->n = n;
	r->target = r->label = target;
	r->timing = no_time;
	r->time = (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* From few onto the heap, and there twice as many each time that a power of two is full. */
static void
grow(struct result *r)
{
	size_t n = r->nfields;

	if (n < RESULT_FEW || (n & (n - 1)))
		return;
	r->fields = xrealloc(n == RESULT_FEW ? NULL : r->fields, 2 * n * sizeof *r->fields);
	if (n == RESULT_FEW)
		memcpy(r->fields, r->few, sizeof r->few);
}

struct field *
result_add_field(struct result *r)
{
	grow(r);
	return &r->fields[r->nfields++];
}

void
result_drop_fields(struct result *r)
{
	if (r->fields != r->few)
		free(r->fields);
	r->fields = r->few;
	r->nfields = 0;
}

/* The fields, on the heap, to be kept by somebody else. */
static struct field *
take_fields(struct result *r)
{
	struct field *fields = r->fields;

	if (fields == r->few) {
		fields = xmalloc(r->nfields * sizeof *fields);
		memcpy(fields, r->few, r->nfields * sizeof *fields);
	}
	r->fields = r->few;
	return fields;
}

/* No response, and no connection. */
static void
reset(struct result *r)
{
	free(r->tls);
	r->tls = NULL;
	r->proxy = NULL;
	r->peer = (struct addr){0};
	buf_clear(&r->head);
	r->head_n = 0;
	r->minor = r->status = 0;
	r->reason = r->reason_n = 0;
	result_drop_fields(r);
	r->timing = no_time;
	r->phase = PHASE_NONE;
	r->err.kind = ERR_NONE;
}

void
result_push_hop(struct result *r)
{
	struct buf url = {0};
	struct hop *h;

	r->hops = xrealloc(r->hops, (r->nhops + 1) * sizeof *r->hops);
	h = &r->hops[r->nhops++];
	url_format(&url, &r->url);
	*h = (struct hop){
	    .url = buf_cstr(&url),
	    .peer = r->peer,
	    .status = r->status,
	    .head = r->head,
	    .head_n = r->head_n,
	    .nfields = r->nfields,
	    .fields = take_fields(r),
	};
	r->head = (struct buf){0};
	r->nfields = 0;
	reset(r);
}

static void
drop_hops(struct result *r)
{
	for (size_t i = 0; i < r->nhops; i++) {
		free(r->hops[i].url);
		buf_clear(&r->hops[i].head);
		free(r->hops[i].fields);
	}
	free(r->hops);
	r->hops = NULL;
	r->nhops = 0;
}

void
result_restart(struct result *r)
{
	drop_hops(r);
	reset(r);
	url_clear(&r->url);
}

struct str
result_reason(const struct result *r)
{
	return (struct str){r->head.s + r->reason, r->reason_n};
}

struct str
result_name(const struct result *r, const struct field *f)
{
	return (struct str){r->head.s + f->name, f->name_n};
}

struct str
result_value(const struct result *r, const struct field *f)
{
	return (struct str){r->head.s + f->value, f->value_n};
}

/* RFC 9112 section 5.2: a fold stands for a space. */
void
result_unfolded(struct buf *b, struct str value)
{
	size_t from = b->n;

	for (size_t i = 0; i < value.n; i++) {
		if (value.s[i] != '\n') {
			buf_byte(b, value.s[i]);
			continue;
		}
		while (b->n > from && (b->s[b->n - 1] == ' ' || b->s[b->n - 1] == '\t' || b->s[b->n - 1] == '\r'))
			b->n--;
		while (i + 1 < value.n && (value.s[i + 1] == ' ' || value.s[i + 1] == '\t'))
			i++;
		buf_byte(b, ' ');
	}
}

struct str
result_find(const struct result *r, struct str name)
{
	for (size_t i = 0; i < r->nfields; i++)
		if (str_eq_fold(result_name(r, &r->fields[i]), name))
			return result_value(r, &r->fields[i]);
	return (struct str){0};
}

const char *
result_phase_name(enum phase phase)
{
	static const char *const names[] = {
	    [PHASE_DNS] = "dns",
	    [PHASE_CONNECT] = "connect",
	    [PHASE_TLS] = "tls",
	    [PHASE_SEND] = "send",
	    [PHASE_WAIT] = "wait",
	    [PHASE_HEADERS] = "headers",
	};

	return names[phase];
}

enum phase
result_phase_of(struct str name)
{
	enum phase phase = PHASE_HEADERS;

	while (phase > PHASE_NONE && !str_eq(name, str_of(result_phase_name(phase))))
		phase--;
	return phase;
}

void
result_clear(struct result *r)
{
	url_clear(&r->url);
	drop_hops(r);
	free(r->tls);
	buf_clear(&r->head);
	result_drop_fields(r);
}
