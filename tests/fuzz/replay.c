/*
 * tests/fuzz/replay.c: main() for a fuzz target without libFuzzer: every file of its corpus, and every file cut short.
 *
 *     tests/fuzz/NAME [FILE]...
 *
 * Without FILEs they are those of tests/fuzz/corpus/NAME below $srcdir, which make check sets.
 */
#include <dirent.h>
#include <string.h>

#include "base/mem.h"
#include "fuzz.h"

/* Beyond this, prefixes are tried at every LONG-th byte only. */
enum { LONG = 512 };

static struct buf
contents(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b = {0};
	size_t got;

	if (!f) {
		perror(path);
		exit(1);
	}
	do {
		buf_reserve(&b, 4096);
		got = fread(b.s + b.n, 1, b.cap - b.n, f);
		b.n += got;
	} while (got);
	fclose(f);
	return b;
}

/* A copy of its own for each, so that AddressSanitizer and valgrind see who reads behind the end. */
static void
replay_prefix(struct str input)
{
	char *copy = xmalloc(input.n);

	memcpy(copy, input.s, input.n);
	LLVMFuzzerTestOneInput((const uint8_t *)copy, input.n);
	free(copy);
}

static void
replay(const char *path)
{
	struct buf b = contents(path);
	size_t step = b.n > LONG ? LONG : 1;

	/* whoever breaks a promise aborts: this line then says with what */
	fprintf(stderr, "%s: %zu bytes\n", path, b.n);
	replay_prefix(buf_view(&b));
	for (size_t n = 0; n < b.n; n += step)
		replay_prefix((struct str){b.s, n});
	buf_clear(&b);
}

/* All files of a directory; how many there were. */
static size_t
replay_all(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	struct buf path = {0};
	size_t n = 0;

	if (!d) {
		perror(dir);
		exit(1);
	}
	while ((entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		path.n = 0;
		buf_printf(&path, "%s/%s", dir, entry->d_name);
		replay(buf_cstr(&path));
		n++;
	}
	closedir(d);
	buf_clear(&path);
	return n;
}

/* weak: where libFuzzer is linked, its own takes the place of this one */
__attribute__((weak)) int
main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/'), *srcdir = getenv("srcdir");
	struct buf dir = {0};
	size_t n = 0;

	for (; argc - 1 > (int)n; n++)
		replay(argv[1 + n]);
	if (argc == 1) {
		buf_printf(&dir, "%s/tests/fuzz/corpus/%s", srcdir ? srcdir : ".", slash ? slash + 1 : argv[0]);
		n = replay_all(buf_cstr(&dir));
	}
	printf("%zu inputs and their prefixes\n", n);
	buf_clear(&dir);
	return n ? 0 : 1;
}
