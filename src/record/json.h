/* record/json.h: a text of JSON, read by a module that is loaded when first needed; and objects of known keys. */
#ifndef RECORD_JSON_H
#define RECORD_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "record/json_module.h"

/*
 * The tape is how simdjson keeps a text (its doc/tape.md): words of 64 bits, the type in the upper 8, of which a value
 * takes one, or two if it is a number, whose second word is the number. What is in an array or object follows it, a
 * key before its value; its own word holds where the tape goes on behind it. A string's word holds where it is among
 * the strings: its length in four bytes, itself, and a NUL. Word 0 is no value, so 0 can stand for none.
 *
 *     {"a":[1]}    0 r   1 { 7   2 " 0   3 [ 6+1   4 l   5 1   6 ]   7 }
 */
enum json_type {
	JSON_NULL = 'n',
	JSON_TRUE = 't',
	JSON_FALSE = 'f',
	JSON_INT = 'l',
	JSON_UINT = 'u', /* above what JSON_INT holds */
	JSON_DOUBLE = 'd',
	JSON_STRING = '"',
	JSON_ARRAY = '[',
	JSON_ARRAY_END = ']',
	JSON_OBJECT = '{',
	JSON_OBJECT_END = '}',
};

enum { JSON_ROOT = 1 };

/* The type of the value at word `at`, or what ends the array or object if there is no further value. */
static inline enum json_type
json_type(const struct json_tape *t, uint32_t at)
{
	return (enum json_type)(t->at[at] >> 56);
}

/* Where the value behind this one is. */
static inline uint32_t
json_next(const struct json_tape *t, uint32_t at)
{
	switch (json_type(t, at)) {
	case JSON_ARRAY:
	case JSON_OBJECT:
		return (uint32_t)t->at[at];
	case JSON_INT:
	case JSON_UINT:
	case JSON_DOUBLE:
		return at + 2;
	default:
		return at + 1;
	}
}

/* The string at word `at`; a NUL follows it. */
static inline struct str
json_string(const struct json_tape *t, uint32_t at)
{
	const char *s = t->strings + (t->at[at] & ((UINT64_C(1) << 56) - 1));
	uint32_t n;

	memcpy(&n, s, sizeof n);
	return (struct str){s + sizeof n, n};
}

/* Loads the module. NULL with ERR_LOCAL. The caller frees with json_free. */
struct json *json_new(struct err *e);

/*
 * *tape: what text says, valid until the next call; JSON_PADDING bytes behind text may be read. 0, or -1 with ERR_INPUT
 * if it is not JSON (RFC 8259), not UTF-8, or nested more than JSON_DEPTH deep.
 */
int json_read(struct json *j, struct str text, struct json_tape *tape, struct err *e);

void json_free(struct json *j);

/* An object of which some keys are of interest: for each of these, where its value is, 0 if it is missing. */
enum { JSON_KEYS = 20 };
struct json_object {
	const struct json_tape *tape;
	const struct str *keys;
	uint32_t at[JSON_KEYS];
};

/*
 * Finds the n keys in the object at word `at`; of several that are equal, the first counts. It costs least if they come
 * in this order. 0, or -1 with ERR_INPUT if that is no object; `what` says then what it should have been.
 */
int json_object(struct json_object *o, const struct json_tape *t, uint32_t at, const struct str *keys, size_t n,
    const char *what, struct err *e);

/* Is there a value, and is it not null? */
static inline bool
json_has(const struct json_object *o, size_t key)
{
	return o->at[key] && json_type(o->tape, o->at[key]) != JSON_NULL;
}

/* The key is there, if only with null. 0, or -1 with ERR_INPUT. */
int json_need(const struct json_object *o, size_t key, struct err *e);

/* The value of this key is not what it should be, which is `want`: "an array". Returns -1. */
int json_refuse(const struct json_object *o, size_t key, const char *want, struct err *e);

/*
 * The value of a key: 0; of a missing one, or null, it is a str of NULL, NULL, NAN, 0, 0. -1 with ERR_INPUT, naming the
 * key, if it is of another type. json_cstr refuses strings with a NUL inside. json_number takes numbers from 0 to max,
 * json_whole those without a fraction. json_list: where the first value of an array is; JSON_ARRAY_END is behind the
 * last.
 */
static inline int
json_text(const struct json_object *o, size_t key, struct str *value, struct err *e)
{
	*value = (struct str){0};
	if (!json_has(o, key))
		return 0;
	if (json_type(o->tape, o->at[key]) != JSON_STRING)
		return json_refuse(o, key, "a string", e);
	*value = json_string(o->tape, o->at[key]);
	return 0;
}

int json_cstr(const struct json_object *o, size_t key, const char **value, struct err *e);
int json_number(const struct json_object *o, size_t key, double max, double *value, struct err *e);
int json_whole(const struct json_object *o, size_t key, uint64_t max, uint64_t *value, struct err *e);
int json_list(const struct json_object *o, size_t key, uint32_t *first, struct err *e);

#endif
