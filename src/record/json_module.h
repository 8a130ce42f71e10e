/* record/json_module.h: what the module that reads JSON, readjson.so, offers to record/json.c. */
#ifndef RECORD_JSON_MODULE_H
#define RECORD_JSON_MODULE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes behind a text that are read, though they do not count; arrays and objects within one another. */
enum { JSON_PADDING = 64, JSON_DEPTH = 16 };

/* What a text says: see record/json.h. Borrowed from the reader, until its next text. */
struct json_tape {
	const uint64_t *at;
	const char *strings;
};

struct json_module {
	/* A reader of texts, one after the other; never NULL. The caller ends it with close. */
	void *(*open)(void);
	/* NULL, or why the n bytes at s are not one text of JSON: a static sentence. */
	const char *(*read)(void *reader, const char *s, size_t n, struct json_tape *tape);
	void (*close)(void *reader);
};

/* The symbol in readjson.so. */
extern __attribute__((visibility("default"))) const struct json_module json_module;

#ifdef __cplusplus
}
#endif

#endif
