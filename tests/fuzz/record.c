/* tests/fuzz/record.c: any bytes as a line of --json; and what --json says of what was read, read again. */
#include "record/record.h"

#include "awget/output.h"
#include "base/mem.h"
#include "fuzz.h"

/* What --json says of a line up to this length never comes to OUTPUT_PIECE, and so is not written. */
enum { SHORT = 4096 };

static struct record_reader *reader;

/* The fields are in the head, one behind the other. */
static void
check_fields(const struct buf *head, size_t head_n, const struct field *fields, size_t n)
{
	size_t at = 0;

	HOLDS(head_n <= head->n);
	for (size_t i = 0; i < n; i++) {
		HOLDS(fields[i].name >= at && (size_t)fields[i].name + fields[i].name_n <= fields[i].value);
		at = (size_t)fields[i].value + fields[i].value_n;
		HOLDS(at < head_n && !fields[i].folded);
	}
}

static void
check_result(const struct result *r)
{
	HOLDS(r->status == 0 || (r->status >= 100 && r->status <= 999));
	HOLDS((r->status == 0) == (r->head_n == 0));
	HOLDS(r->minor >= 0 && r->minor <= 9);
	HOLDS((size_t)r->reason + r->reason_n <= r->head_n);
	if (r->err.kind != ERR_NONE)
		check_err(&r->err, r->err.kind);
	HOLDS(str_eq(r->label, r->target) && r->target.s);
	HOLDS(r->time >= 0 && !(r->timing.total < 0));
	check_fields(&r->head, r->head_n, r->fields, r->nfields);
	for (size_t i = 0; i < r->nhops; i++) {
		HOLDS(!has_control(str_of(r->hops[i].url)));
		check_fields(&r->hops[i].head, r->hops[i].head_n, r->hops[i].fields, r->hops[i].nfields);
	}
}

/* Adds what --json says of r. */
static void
tell(struct buf *b, const struct result *r)
{
	static const struct verdict none;

	output_results.n = 0;
	out_json.done(r, &none);
	buf_str(b, buf_view(&output_results));
}

/* Adds what --json says of what it said. */
static void
tell_again(struct buf *b, const struct buf *told)
{
	struct buf line = {0};
	struct err e = {0};
	struct result r;

	buf_str(&line, buf_view(told));
	buf_reserve(&line, RECORD_PADDING);
	HOLDS(record_read(reader, buf_view(&line), &r, &e) == 0);
	tell(b, &r);
	result_clear(&r);
	buf_clear(&line);
}

/*
 * Times lose what is below a millisecond, and a lone surrogate is no character: so the first telling may differ, but not
 * the second.
 */
static void
check_telling(const struct result *r)
{
	struct buf first = {0}, second = {0}, third = {0};

	tell(&first, r);
	tell_again(&second, &first);
	tell_again(&third, &second);
	HOLDS(str_eq(buf_view(&second), buf_view(&third)));
	buf_clear(&first);
	buf_clear(&second);
	buf_clear(&third);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = xcalloc(1, size + RECORD_PADDING);
	struct err e = {0};
	struct result r;

	if (!reader)
		reader = record_reader_new(&e);
	HOLDS(reader);
	if (size)
		memcpy(line, data, size);
	if (record_read(reader, (struct str){line, size}, &r, &e) == 0) {
		check_result(&r);
		if (size <= SHORT)
			check_telling(&r);
	} else {
		check_err(&e, ERR_INPUT);
	}
	result_clear(&r);
	free(line);
	return 0;
}
