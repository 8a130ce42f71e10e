/* record/record_head.c: the head of a response, put together again from what a record tells of it. */
#include "base/base64.h"
#include "record/parts.h"

enum { NAME, VALUE, B64, ENTRY_KEYS };

static const struct str entry_keys[ENTRY_KEYS] = {
    [NAME] = STR("name"),
    [VALUE] = STR("value"),
    [B64] = STR("b64"),
};

/* RFC 9112 section 4: the space behind the code is there even if no reason follows. */
static void
status_line(struct result *r, struct str reason)
{
	struct buf *b = &r->head;

	buf_str(b, STR("HTTP/1."));
	buf_number(b, (unsigned)r->minor, 1);
	buf_byte(b, ' ');
	buf_number(b, (unsigned)r->status, 3);
	buf_byte(b, ' ');
	if (reason.n)
		r->reason = (uint32_t)b->n;
	r->reason_n = (uint32_t)reason.n;
	buf_str(b, reason);
	buf_str(b, STR("\r\n"));
}

/* The bytes of a value: what b64 stands for, or the text. */
static int
add_value(struct buf *b, const struct json_object *entry, struct str value, struct str b64, struct err *e)
{
	if (!b64.s)
		buf_str(b, value);
	else if (!base64_decode(b, b64))
		return json_refuse(entry, B64, "base64", e);
	return 0;
}

/* Name, colon, blank, value; a line that had no name (HEAD_OTHER) is its value alone. */
static int
field_line(struct result *r, const struct json_object *entry, struct err *e)
{
	struct buf *b = &r->head;
	struct str name, value, b64;
	struct field *f;

	if (json_text(entry, NAME, &name, e) != 0 || json_text(entry, VALUE, &value, e) != 0 ||
	    json_text(entry, B64, &b64, e) != 0)
		return -1;
	if (!name.s)
		return json_refuse(entry, NAME, "a string", e);
	if (!value.s && !b64.s)
		return json_refuse(entry, VALUE, "a string", e);
	f = result_add_field(r);
	*f = (struct field){.name = (uint32_t)b->n, .name_n = (uint32_t)name.n};
	buf_str(b, name);
	if (name.n)
		buf_str(b, value.n || b64.n ? STR(": ") : STR(":"));
	f->value = (uint32_t)b->n;
	if (add_value(b, entry, value, b64, e) != 0)
		return -1;
	f->value_n = (uint32_t)b->n - f->value;
	buf_str(b, STR("\r\n"));
	return 0;
}

int
record_head(struct result *r, struct str reason, const struct json_tape *t, uint32_t first, struct err *e)
{
	struct json_object entry;

	status_line(r, reason);
	for (uint32_t at = first; at && json_type(t, at) != JSON_ARRAY_END; at = json_next(t, at))
		if (json_object(&entry, t, at, entry_keys, ENTRY_KEYS, "an entry of \"headers\"", e) != 0 ||
		    field_line(r, &entry, e) != 0)
			return -1;
	buf_str(&r->head, STR("\r\n"));
	r->head_n = r->head.n;
	return 0;
}
