/* tests/fuzz/pack.c: any bytes as a packed result; what was read, packed again, is read as the same. */
#include "fetch/pack.h"

#include "fuzz.h"
#include "net/tls.h"

static bool
is_inside(size_t at, size_t n, size_t of)
{
	return at <= of && n <= of - at;
}

static void
check_fields(const struct buf *head, size_t head_n, const struct field *fields, size_t n)
{
	HOLDS(head_n <= head->n);
	for (size_t i = 0; i < n; i++) {
		HOLDS(is_inside(fields[i].name, fields[i].name_n, head_n));
		HOLDS(is_inside(fields[i].value, fields[i].value_n, head_n));
	}
}

static void
check_result(const struct result *r)
{
	HOLDS(r->status >= 0 && r->status <= 999);
	HOLDS(is_inside(r->reason, r->reason_n, r->head_n));
	if (r->err.kind != ERR_NONE)
		check_err(&r->err, r->err.kind);
	check_fields(&r->head, r->head_n, r->fields, r->nfields);
	for (size_t i = 0; i < r->nhops; i++) {
		HOLDS(r->hops[i].url);
		check_fields(&r->hops[i].head, r->hops[i].head_n, r->hops[i].fields, r->hops[i].nfields);
	}
	for (size_t i = 0; r->tls && i < r->tls->nnames; i++)
		HOLDS(r->tls->names[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf once = {0}, twice = {0};
	static struct result r, again;
	struct err e;

	result_init(&r, 1, STR("target"));
	if (pack_get(&r, (struct str){(const char *)data, n}, &e) == 0) {
		check_result(&r);
		pack_put(&once, &r);
		result_init(&again, 1, STR("target"));
		HOLDS(pack_get(&again, buf_view(&once), &e) == 0);
		pack_put(&twice, &again);
		HOLDS(str_eq(buf_view(&once), buf_view(&twice)));
		result_clear(&again);
	} else {
		check_err(&e, ERR_LOCAL);
	}
	result_clear(&r);
	buf_clear(&once);
	buf_clear(&twice);
	return 0;
}
