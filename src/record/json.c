/* record/json.c: a text of JSON, and objects of known keys. */
#include "record/json.h"

#include <math.h>
#include <stdlib.h>

#include "base/install.h"
#include "base/mem.h"

struct json {
	const struct json_module *module;
	void *reader;
};

struct json *
json_new(struct err *e)
{
	const struct json_module *module = install_symbol("readjson", "json_module", e);
	struct json *j;

	if (!module)
		return NULL;
	j = xmalloc(sizeof *j);
	*j = (struct json){module, module->open()};
	return j;
}

int
json_read(struct json *j, struct str text, struct json_tape *tape, struct err *e)
{
	const char *why = j->module->read(j->reader, text.s, text.n, tape);

	return why ? err_set(e, ERR_INPUT, "%s", why) : 0;
}

void
json_free(struct json *j)
{
	if (!j)
		return;
	j->module->close(j->reader);
	free(j);
}

/* The 4 or 8 bytes at s as a number, for comparison. */
static inline uint64_t
word(const char *s, size_t n)
{
	uint64_t eight;
	uint32_t four;

	if (n == 8)
		return memcpy(&eight, s, 8), eight;
	return memcpy(&four, s, 4), four;
}

/* As str_eq, without a call where keys are as long as they usually are: by two words that may overlap. */
static inline bool
same(struct str a, struct str b)
{
	size_t n = a.n < 8 ? 4 : 8;

	if (a.n != b.n)
		return false;
	if (a.n < 4 || a.n > 16)
		return memcmp(a.s, b.s, a.n) == 0;
	return word(a.s, n) == word(b.s, n) && word(a.s + a.n - n, n) == word(b.s + a.n - n, n);
}

/* Which of the keys this is, n if none; the one at `guess` is looked at first. */
static size_t
which(struct str key, const struct str *keys, size_t n, size_t guess)
{
	if (guess < n && same(key, keys[guess]))
		return guess;
	for (size_t i = 0; i < n; i++)
		if (same(key, keys[i]))
			return i;
	return n;
}

int
json_object(struct json_object *o, const struct json_tape *t, uint32_t at, const struct str *keys, size_t n,
    const char *what, struct err *e)
{
	size_t key, guess = 0;

	o->tape = t;
	o->keys = keys;
	for (key = 0; key < n; key++)
		o->at[key] = 0;
	if (json_type(t, at) != JSON_OBJECT)
		return err_set(e, ERR_INPUT, "%s is not an object", what);
	for (at++; json_type(t, at) != JSON_OBJECT_END; at = json_next(t, at + 1)) {
		key = which(json_string(t, at), keys, n, guess);
		if (key == n)
			continue;
		if (!o->at[key])
			o->at[key] = at + 1;
		guess = key + 1;
	}
	return 0;
}

int
json_refuse(const struct json_object *o, size_t key, const char *want, struct err *e)
{
	return err_set(e, ERR_INPUT, "\"%s\" is not %s", o->keys[key].s, want);
}

int
json_need(const struct json_object *o, size_t key, struct err *e)
{
	return o->at[key] ? 0 : err_set(e, ERR_INPUT, "\"%s\" is missing", o->keys[key].s);
}

int
json_cstr(const struct json_object *o, size_t key, const char **value, struct err *e)
{
	struct str s;

	*value = NULL;
	if (json_text(o, key, &s, e) != 0)
		return -1;
	if (s.n && memchr(s.s, '\0', s.n))
		return json_refuse(o, key, "a string without NUL", e);
	*value = s.s;
	return 0;
}

int
json_number(const struct json_object *o, size_t key, double max, double *value, struct err *e)
{
	const uint64_t *word = o->tape->at + o->at[key];

	*value = NAN;
	if (!json_has(o, key))
		return 0;
	switch (json_type(o->tape, o->at[key])) {
	case JSON_INT:
		*value = (double)(int64_t)word[1];
		break;
	case JSON_UINT:
		*value = (double)word[1];
		break;
	case JSON_DOUBLE:
		memcpy(value, word + 1, sizeof *value);
		break;
	default:
		return json_refuse(o, key, "a number", e);
	}
	if (*value >= 0 && *value <= max)
		return 0;
	return err_set(e, ERR_INPUT, "\"%s\" is not from 0 to %.0f", o->keys[key].s, max);
}

int
json_whole(const struct json_object *o, size_t key, uint64_t max, uint64_t *value, struct err *e)
{
	double number;

	*value = 0;
	if (json_number(o, key, (double)max, &number, e) != 0)
		return -1;
	if (isnan(number))
		return 0;
	*value = (uint64_t)number;
	return (double)*value == number ? 0 : json_refuse(o, key, "a whole number", e);
}

int
json_list(const struct json_object *o, size_t key, uint32_t *first, struct err *e)
{
	*first = 0;
	if (!json_has(o, key))
		return 0;
	if (json_type(o->tape, o->at[key]) != JSON_ARRAY)
		return json_refuse(o, key, "an array", e);
	*first = o->at[key] + 1;
	return 0;
}
