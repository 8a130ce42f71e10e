/* record/record_tls.c: what a record tells of TLS. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "net/tls.h"
#include "record/parts.h"

enum {
	VERSION_AT,
	CIPHER_AT,
	ALPN_AT,
	VERIFY_AT,
	ISSUER_AT,
	SUBJECT_AT,
	TEXTS,
	NAMES_AT = TEXTS,
	NOT_AFTER_AT,
	TLS_KEYS
};

static const struct str tls_keys[TLS_KEYS] = {
    [VERSION_AT] = STR("version"),
    [CIPHER_AT] = STR("cipher"),
    [ALPN_AT] = STR("alpn"),
    [VERIFY_AT] = STR("verify"),
    [ISSUER_AT] = STR("issuer"),
    [SUBJECT_AT] = STR("subject"),
    [NAMES_AT] = STR("names"),
    [NOT_AFTER_AT] = STR("not_after"),
};

/* How many names there are, and how long they are together with their NULs. */
static int
measure_names(const struct json_object *o, uint32_t first, size_t *n, size_t *bytes, struct err *e)
{
	for (uint32_t at = first; at && json_type(o->tape, at) != JSON_ARRAY_END; at = json_next(o->tape, at)) {
		struct str name;

		if (json_type(o->tape, at) != JSON_STRING)
			return json_refuse(o, NAMES_AT, "an array of strings", e);
		name = json_string(o->tape, at);
		if (memchr(name.s, '\0', name.n))
			return json_refuse(o, NAMES_AT, "an array of strings without NUL", e);
		*n += 1;
		*bytes += name.n + 1;
	}
	return 0;
}

static int
read_not_after(const struct json_object *o, double *t, struct err *e)
{
	struct str text;

	*t = NAN;
	if (json_text(o, NOT_AFTER_AT, &text, e) != 0)
		return -1;
	return !text.s || record_time(text, t) ? 0 : json_refuse(o, NOT_AFTER_AT, "a time", e);
}

/* Puts a string with its NUL at *to, and *to behind it; NULL stays NULL. */
static const char *
put(char **to, const char *s)
{
	size_t n = s ? strlen(s) + 1 : 0;
	const char *copy = *to;

	if (!s)
		return NULL;
	memcpy(*to, s, n);
	*to += n;
	return copy;
}

/* The struct, the pointers to the names, and all text. */
static struct tls_info *
in_one_piece(const char *const texts[TEXTS], const struct json_tape *t, uint32_t names, size_t nnames, size_t bytes)
{
	struct tls_info *info = xmalloc(sizeof *info + nnames * sizeof *info->names + bytes);
	char *to = (char *)(void *)((const char **)(void *)(info + 1) + nnames);

	*info = (struct tls_info){
	    .version = put(&to, texts[VERSION_AT]),
	    .cipher = put(&to, texts[CIPHER_AT]),
	    .alpn = put(&to, texts[ALPN_AT]),
	    .verify = put(&to, texts[VERIFY_AT]),
	    .issuer = put(&to, texts[ISSUER_AT]),
	    .subject = put(&to, texts[SUBJECT_AT]),
	    .names = (const char **)(void *)(info + 1),
	    .nnames = nnames,
	};
	for (size_t i = 0; i < nnames; i++, names = json_next(t, names))
		info->names[i] = put(&to, json_string(t, names).s);
	return info;
}

struct tls_info *
record_tls(const struct json_tape *t, uint32_t at, struct err *e)
{
	const char *texts[TEXTS];
	size_t nnames = 0, bytes = 0;
	struct json_object o;
	struct tls_info *info;
	double not_after;
	uint32_t names;

	if (json_object(&o, t, at, tls_keys, TLS_KEYS, "\"tls\"", e) != 0)
		return NULL;
	for (size_t i = 0; i < TEXTS; i++) {
		if (json_cstr(&o, i, &texts[i], e) != 0)
			return NULL;
		bytes += texts[i] ? strlen(texts[i]) + 1 : 0;
	}
	if (json_list(&o, NAMES_AT, &names, e) != 0 || measure_names(&o, names, &nnames, &bytes, e) != 0 ||
	    read_not_after(&o, &not_after, e) != 0)
		return NULL;
	info = in_one_piece(texts, t, names, nnames, bytes);
	info->not_after = not_after;
	return info;
}
