/* tests/unit/written.h: records as --json writes them, and files of them. */
#ifndef TESTS_UNIT_WRITTEN_H
#define TESTS_UNIT_WRITTEN_H

#include <stdio.h>
#include <sys/stat.h>

#include "helper.h"

/* Of the JSON string `target`; tag and error are JSON, "null" for none; its Server is `server`. With its LF. */
static inline void
add_record(struct buf *b, size_t n, const char *target, const char *tag, const char *server, const char *error)
{
	buf_printf(b, "{\"schema\":1,\"n\":%zu,\"target\":\"%s\",\"tag\":%s,\"url\":\"http://a.test/\",", n, target, tag);
	buf_printf(b, "\"address\":\"192.0.2.1\",\"port\":80,\"http_version\":\"1.1\",\"status\":200,\"reason\":\"OK\",");
	buf_printf(b, "\"headers\":[{\"name\":\"Server\",\"value\":\"%s\"},{\"name\":\"Date\",\"value\":\"%zu\"}],", server, n);
	buf_printf(b, "\"hops\":[],\"tls\":null,\"proxy\":null,\"attempts\":1,\"timing\":{\"dns\":null,\"connect\":0.002,");
	buf_printf(b, "\"tls\":null,\"first_byte\":0.003,\"total\":0.004},\"time\":\"2026-11-22T16:00:00.000Z\",");
	buf_printf(b, "\"checks\":[],\"error\":%s}\n", error);
}

#define FAILED "{\"kind\":\"timeout\",\"phase\":\"dns\",\"message\":\"it took long\",\"local\":false}"
#define INTERRUPTED "{\"kind\":\"interrupted\",\"phase\":\"dns\",\"message\":\"interrupted\",\"local\":true}"

/* A new path of a file that is not there. */
static inline void
new_path(char path[200])
{
	static int n;
	const char *dir = getenv("TMPDIR");

	snprintf(path, 200, "%.150s/awget-%d-%d", dir ? dir : "/tmp", (int)getpid(), n++);
}

/* Adds text to a file, which need not be there. */
static inline void
append_file(const char *path, struct str text)
{
	FILE *f = fopen(path, "ae");

	assert_non_null(f);
	assert_true(fwrite(text.s ? text.s : "", 1, text.n, f) == text.n);
	assert_int_equal(fclose(f), 0);
}

/* Makes text all of it. */
static inline void
write_file(const char *path, struct str text)
{
	assert_true(access(path, F_OK) != 0 || truncate(path, 0) == 0);
	append_file(path, text);
}

static inline size_t
size_of_file(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (size_t)st.st_size;
}

#endif
