/* fetch/answer.c: the head of a response: read line by line, understood, kept in the result and shown at once. */
#include <math.h>

#include "fetch/trip.h"
#include "base/text.h"
#include "http/head.h"

/* The stream has ended too early. If it did already while we were sending, it was a reset. */
static int
ended(struct trip *t, const char *sentence)
{
	return t->r->err.kind == ERR_RESET ? -1 : err_set(&t->r->err, ERR_CLOSED, "%s", sentence);
}

/* What has been read of the present line, without its end. */
static struct str
line_so_far(const struct lines *l)
{
	struct str rest = {l->read.s + l->at, l->read.n - l->at};

	return text_line(&rest);
}

/* Is an HTTP response coming at all? Told from its first bytes, for other protocols may never end a line. */
static int
expect_http(struct trip *t)
{
	static const struct str name = STR("HTTP/");
	struct err *e = &t->r->err;
	struct head_status status;
	struct str bytes;

	if (lines_peek(&t->lines, name.n, &bytes, t->end, e) != 0)
		return -1;
	if (isnan(t->r->timing.first_byte) && bytes.n)
		t->r->timing.first_byte = trip_elapsed(t);
	if (!bytes.n)
		return ended(t, t->lines.at ? "connection closed after an interim response" : "empty reply");
	if (str_starts(bytes, name))
		return 0;
	if (bytes.n < name.n && str_starts(name, bytes))
		return ended(t, "connection closed inside the status line");
	/* the rest of their line, as far as it came with them, tells more; it is never a status line */
	return head_status(line_so_far(&t->lines), &status, e);
}

/* What has come since the last time, in one piece: at the end of a head, and before its next line is waited for. */
static void
show(struct trip *t)
{
	struct str lines = {t->lines.read.s + t->shown, t->lines.at - t->shown};

	if (t->watch->lines && lines.n)
		t->watch->lines(t->r, lines);
	t->shown = t->lines.at;
}

static int
wait_for_line(struct trip *t, struct str *line)
{
	int rc;

	show(t);
	rc = lines_next(&t->lines, line, t->end, &t->r->err);
	if (rc == 0) {
		t->lines.at -= line->n; /* a line without its end is no part of the head */
		return ended(t, "connection closed inside the response head");
	}
	return rc < 0 ? -1 : 0;
}

static inline int
next_line(struct trip *t, struct str *line)
{
	return lines_here(&t->lines, line) ? 0 : wait_for_line(t, line);
}

/* Where s, a part of what was read, stands in the present head. */
static uint32_t
offset(const struct trip *t, struct str s)
{
	return (uint32_t)(s.s - t->lines.read.s - (ptrdiff_t)t->head_at);
}

static int
read_status(struct trip *t)
{
	struct head_status status;
	struct str line;

	if (next_line(t, &line) != 0 || head_status(line, &status, &t->r->err) != 0)
		return -1;
	t->r->minor = status.minor;
	t->r->status = status.code;
	t->r->reason_n = (uint32_t)status.reason.n;
	t->r->reason = status.reason.n ? offset(t, status.reason) : 0;
	return 0;
}

/* Keeps what a line says; a fold makes the value before it longer, CR LF and all. */
static void
keep_field(struct trip *t, struct str line)
{
	struct result *r = t->r;
	struct str name, value;
	enum head_kind kind = head_field(line, &name, &value);
	struct field *last = r->nfields ? &r->fields[r->nfields - 1] : NULL;

	if (kind == HEAD_FOLD && last) {
		if (value.n)
			last->value_n = offset(t, value) + (uint32_t)value.n - last->value;
		last->folded = true;
		return;
	}
	if (kind == HEAD_FOLD)
		value = line; /* there is nothing it could go on with */
	*result_add_field(r) = (struct field){
	    .name = offset(t, name),
	    .name_n = (uint32_t)name.n,
	    .value = offset(t, value),
	    .value_n = (uint32_t)value.n,
	};
}

static int
read_fields(struct trip *t)
{
	struct str line;

	if (!t->env->fields && lines_pass_paragraph(&t->lines)) /* nearly always all are here */
		return 0;
	for (;;) {
		if (next_line(t, &line) != 0)
			return -1;
		if (!line.n)
			return 0;
		if (t->env->fields)
			keep_field(t, line);
	}
}

/*
 * RFC 9110 section 15.2: any number of interim heads come before the final one. 101 is final: nothing of HTTP follows.
 */
static bool
interim(int status)
{
	return status < 200 && status != 101;
}

int
answer_read(struct trip *t)
{
	t->r->phase = PHASE_WAIT;
	for (;;) {
		t->head_at = t->shown = t->lines.at;
		result_drop_fields(t->r);
		if (expect_http(t) != 0)
			return -1;
		t->r->phase = PHASE_HEADERS;
		if (read_status(t) != 0 || read_fields(t) != 0)
			return -1;
		show(t);
		if (!interim(t->r->status))
			return 0;
		t->r->status = t->r->minor = 0; /* no final status line has come yet */
		t->r->reason = t->r->reason_n = 0;
	}
}
