/* fetch/result.c: what one fetch found out. */
#include "fetch/result.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

void
result_init(struct result *r, size_t n, struct str target)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	memset(r, 0, offsetof(struct result, err));
	r->err.kind = ERR_NONE;
	r->fields = r->few;
	r->n = n;
	r->target = target;
	r->timing = (struct timing){.dns = NAN, .connect = NAN, .tls = NAN, .first_byte = NAN, .total = NAN};
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

void
result_clear(struct result *r)
{
	url_clear(&r->url);
	buf_clear(&r->head);
	result_drop_fields(r);
}
