/* tests/unit/sink.c: files that come into being whole, and spools, in a folder of their own. */
#include "awget/sink.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "helper.h"

static char folder[] = "/tmp/awget-sink.XXXXXX";

static int
enter_folder(void **state)
{
	(void)state;
	umask(027);
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int
leave_folder(void **state)
{
	(void)state;
	return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

/* n times x, until the next call. */
static struct str
xs(size_t n)
{
	static char all[400000];

	assert_true(n <= sizeof all);
	memset(all, 'x', n);
	return (struct str){all, n};
}

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void
expect_file(const char *path, struct str want)
{
	static char got[400000];
	FILE *f = fopen(path, "r");

	if (!f)
		fail_msg("%s: %s", path, strerror(errno));
	expect_str(str_of(path), (struct str){got, fread(got, 1, sizeof got, f)}, want);
	fclose(f);
}

static unsigned
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

/* How many files are here: nothing is to be left over. */
static int
files(void)
{
	DIR *d = opendir(".");
	int n = -2;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static struct sink *
opened(const char *path)
{
	struct err e = {0};
	struct sink *s = sink_open(path, &e);

	if (!s)
		fail_msg("%s: %s", path, e.text);
	return s;
}

static void
close_well(struct sink *s)
{
	struct err e = {0};

	if (sink_close(s, &e) != 0)
		fail_msg("%s", e.text);
	sink_free(s);
}

static void
write_through(const char *path, const char *text)
{
	struct sink *s = opened(path);

	buf_str(sink_buf(s), str_of(text));
	sink_piece(s);
	close_well(s);
}

static void
file_is_the_old_one_until_the_end(void **state)
{
	struct sink *s;

	(void)state;
	write_file("f", "old");
	assert_int_equal(chmod("f", 0604), 0);
	s = opened("f");
	for (int i = 0; i < 100; i++) {
		buf_str(sink_buf(s), xs(3000));
		sink_piece(s);
		expect_file("f", STR("old"));
	}
	close_well(s);
	expect_file("f", xs(300000));
	assert_int_equal(mode_of("f"), 0604);
	assert_int_equal(files(), 1);
	unlink("f");
}

static void
new_file_has_what_umask_leaves(void **state)
{
	struct sink *s = opened("./f");

	(void)state;
	buf_str(sink_buf(s), STR("new"));
	assert_int_equal(access("f", F_OK), -1);
	close_well(s);
	expect_file("f", STR("new"));
	assert_int_equal(mode_of("f"), 0640);
	assert_int_equal(files(), 1);
	unlink("f");
}

static void
without_an_end_nothing_has_happened(void **state)
{
	struct sink *s = opened("f");

	(void)state;
	buf_str(sink_buf(s), xs(100000));
	sink_piece(s);
	sink_free(s);
	sink_free(NULL);
	assert_int_equal(files(), 0);
}

static void
link_is_followed_and_stays(void **state)
{
	static const struct {
		const char *to, *file; /* what the link has in it; where that is */
	} rows[] = {
		{"f", "f"},
		{"./f", "f"},
		{"d/f", "d/f"},
		{"other", "d/f"}, /* which leads on */
		{"d/up", "f"},
	};

	(void)state;
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(symlink("d/f", "other"), 0);
	assert_int_equal(symlink("../f", "d/up"), 0);
	for (size_t i = 0; i < ROWS(rows); i++)
		for (int there = 0; there < 2; there++) {
			struct stat st;

			assert_int_equal(symlink(rows[i].to, "link"), 0);
			if (there)
				write_file(rows[i].file, "old");
			write_through("link", "new");
			expect_file(rows[i].file, STR("new"));
			assert_int_equal(lstat("link", &st), 0);
			assert_true(S_ISLNK(st.st_mode));
			unlink("link");
			unlink(rows[i].file);
			assert_int_equal(files(), 2);
		}
	unlink("d/up");
	unlink("other");
	rmdir("d");
}

static void
what_is_no_regular_file_is_written_to(void **state)
{
	char got[8];
	int fd;

	(void)state;
	write_through("/dev/null", "text");
	assert_int_equal(mkfifo("pipe", 0600), 0);
	fd = open("pipe", O_RDONLY | O_NONBLOCK);
	assert_true(fd >= 0);
	write_through("pipe", "text");
	assert_int_equal(read(fd, got, sizeof got), 4);
	assert_memory_equal(got, "text", 4);
	close(fd);
	assert_int_equal(files(), 1);
	unlink("pipe");
}

/* What writes to standard output goes to this file while it is written to as path. */
static void
expect_on_stdout(const char *path)
{
	int old = dup(STDOUT_FILENO), fd = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	struct sink *s;

	fflush(stdout);
	assert_int_equal(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
	close(fd);
	assert_int_equal(write(STDOUT_FILENO, "before ", 7), 7);
	s = sink_open(path, NULL);
	if (s) {
		buf_str(sink_buf(s), STR("it "));
		sink_close(s, NULL);
	}
	sink_free(s);
	assert_int_equal(write(STDOUT_FILENO, "after", 5), 5);
	dup2(old, STDOUT_FILENO);
	close(old);
	expect_file("out", STR("before it after"));
	assert_int_equal(files(), 1);
	unlink("out");
}

static void
standard_output_stays_what_it_is(void **state)
{
	(void)state;
	expect_on_stdout("-");
	/* else this would be a new file, and "after" in the old one, which has no name then */
	expect_on_stdout("/dev/stdout");
	expect_on_stdout("out");
}

static void
what_cannot_be_written_is_told_when_it_is_opened(void **state)
{
	static const struct {
		const char *path, *want;
	} rows[] = {
		{"", "cannot write : No such file or directory"},
		{"missing/f", "cannot write missing/f: No such file or directory"},
		{"missing/", "cannot write missing/: No such file or directory"},
		{".", "cannot write .: Is a directory"},
		{"file/f", "cannot write file/f: Not a directory"},
		{"loop", "cannot write loop: Too many levels of symbolic links"},
		{"astray", "cannot write astray: No such file or directory"},
	};

	(void)state;
	write_file("file", "old");
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_int_equal(symlink("missing/f", "astray"), 0);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};

		assert_null(sink_open(rows[i].path, &e));
		expect_err(str_of(rows[i].path), &e, ERR_LOCAL);
		expect_str(str_of(rows[i].path), str_of(e.text), str_of(rows[i].want));
	}
	assert_int_equal(files(), 3);
	unlink("astray");
	unlink("loop");
	unlink("file");
}

static void
file_that_must_not_be_written_is_not_replaced(void **state)
{
	struct err e = {0};

	(void)state;
	if (geteuid() == 0)
		skip(); /* it may all */
	write_file("f", "old");
	assert_int_equal(chmod("f", 0400), 0);
	assert_null(sink_open("f", &e));
	assert_string_equal(e.text, "cannot write f: Permission denied");
	assert_int_equal(files(), 1);
	unlink("f");
	assert_int_equal(chmod(".", 0500), 0);
	assert_null(sink_open("f", &e));
	assert_string_equal(e.text, "cannot write f: Permission denied");
	assert_int_equal(chmod(".", 0700), 0);
}

/* Writing beyond this many bytes of a file fails, as on a full disk. */
static void
limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	signal(SIGXFSZ, SIG_IGN);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
folder_is_told_of_what_will_be_renamed(void **state)
{
	static const char *const rows[][2] = {{"f", "."}, {"./f", "./"}, {"/dev/null", NULL}, {"-", NULL}};
	struct buf path = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct sink *s = opened(rows[i][0]);

		assert_int_equal(sink_folder(s, &path), rows[i][1] != NULL);
		if (rows[i][1])
			assert_string_equal(buf_cstr(&path), rows[i][1]);
		sink_free(s);
	}
	buf_clear(&path);
}

static void
full_disk_is_told_and_leaves_the_old_file(void **state)
{
	struct err e = {0};
	struct sink *s;

	(void)state;
	write_file("f", "old");
	s = opened("f");
	limit_files(1000);
	for (int i = 0; i < 3; i++) {
		buf_str(sink_buf(s), xs(70000));
		sink_piece(s);
	}
	assert_int_equal(sink_close(s, &e), -1);
	limit_files(RLIM_INFINITY);
	expect_err(STR("full"), &e, ERR_LOCAL);
	assert_string_equal(e.text, "cannot write f: File too large");
	sink_free(s);
	expect_file("f", STR("old"));
	assert_int_equal(files(), 1);
	unlink("f");
	s = opened("/dev/full");
	buf_str(sink_buf(s), STR("x"));
	assert_int_equal(sink_close(s, &e), -1);
	assert_string_equal(e.text, "cannot write /dev/full: No space left on device");
	sink_free(s);
}

/* --- spools --- */

static void
spool_gives_back_what_it_was_given(void **state)
{
	static const size_t rows[] = {0, 1, 60, 65, 200, 300}; /* KB */

	(void)state;
	setenv("TMPDIR", ".", 1);
	spool_begin();
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct spool spool = {0};
		struct buf want = {0};
		struct sink *s = opened("f");
		struct str kilobyte = xs(1024);

		for (size_t k = 0; k < rows[i]; k++) {
			buf_str(&spool.buf, kilobyte);
			spool_piece(&spool);
		}
		assert_int_equal(spool.n, rows[i] > 64);
		buf_str(&spool.buf, STR("end"));
		buf_str(sink_buf(s), STR("["));
		spool_pour(&spool, s);
		buf_str(sink_buf(s), STR("]"));
		close_well(s);
		buf_str(&want, STR("["));
		buf_str(&want, xs(rows[i] * 1024));
		buf_str(&want, STR("end]"));
		expect_file("f", buf_view(&want));
		buf_clear(&want);
		spool_clear(&spool);
		assert_int_equal(files(), 1);
		unlink("f");
	}
	spool_end();
	unsetenv("TMPDIR");
}

/* Two that are filled in turns, in pieces of other lengths, and one that stays in memory. */
static void
spools_do_not_mix(void **state)
{
	struct spool spools[3] = {0};
	struct sink *s = opened("f");
	struct buf want[2] = {0};

	(void)state;
	setenv("TMPDIR", ".", 1);
	spool_begin();
	spool_begin();
	spool_end();
	for (size_t i = 0; i < 5; i++) {
		struct buf text = {0};

		for (size_t k = 0; k < 70000 + i; k++)
			buf_byte(&text, "abcdefg"[(i + k) % 7]);
		buf_str(&spools[i % 3 > 0].buf, buf_view(&text));
		spool_piece(&spools[i % 3 > 0]);
		buf_str(&want[i % 3 > 0], buf_view(&text));
		buf_clear(&text);
	}
	assert_int_equal(spools[0].n, 2);
	assert_int_equal(spools[1].n, 2); /* two that follow each other are one */
	buf_str(&spools[2].buf, STR("short"));
	for (int i = 0; i < 3; i++)
		spool_pour(&spools[i], s);
	close_well(s);
	buf_str(&want[0], buf_view(&want[1]));
	buf_str(&want[0], STR("short"));
	expect_file("f", buf_view(&want[0]));
	for (int i = 0; i < 3; i++)
		spool_clear(&spools[i]);
	buf_clear(&want[0]);
	buf_clear(&want[1]);
	spool_end();
	unsetenv("TMPDIR");
	unlink("f");
}

/* In a spool of this folder; what the sink says. */
static void
expect_spool_failure(const char *tmpdir, const char *want)
{
	struct spool spool = {0};
	struct sink *s = opened("f");
	struct err e = {0};

	setenv("TMPDIR", tmpdir, 1);
	spool_begin();
	for (int i = 0; i < 3; i++) {
		buf_str(&spool.buf, xs(70000));
		spool_piece(&spool);
	}
	spool_pour(&spool, s);
	limit_files(RLIM_INFINITY);
	assert_int_equal(sink_close(s, &e), -1);
	assert_string_equal(e.text, want);
	sink_free(s);
	spool_clear(&spool);
	spool_end();
	unsetenv("TMPDIR");
	assert_int_equal(files(), 0);
}

static void
spool_that_fails_fails_the_sink(void **state)
{
	(void)state;
	expect_spool_failure("/nonexistent", "cannot write a temporary file: No such file or directory");
	limit_files(1000);
	expect_spool_failure(".", "cannot write a temporary file: File too large");
}

static void
end_for_want_of_memory_leaves_nothing(void **state)
{
	struct dirent *entry;
	struct err e;
	int status;
	pid_t pid = fork();
	DIR *d;

	(void)state;
	if (pid == 0) {
		assert_non_null(sink_open("first", &e));
		sink_free(sink_open("second", &e));
		assert_non_null(sink_open("third", &e));
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		mem_end();
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, MEM_EXIT << 8);
	assert_non_null(d = opendir("."));
	while ((entry = readdir(d)))
		assert_int_equal(entry->d_name[strspn(entry->d_name, ".")], '\0');
	closedir(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file_is_the_old_one_until_the_end),
		cmocka_unit_test(new_file_has_what_umask_leaves),
		cmocka_unit_test(without_an_end_nothing_has_happened),
		cmocka_unit_test(link_is_followed_and_stays),
		cmocka_unit_test(what_is_no_regular_file_is_written_to),
		cmocka_unit_test(standard_output_stays_what_it_is),
		cmocka_unit_test(what_cannot_be_written_is_told_when_it_is_opened),
		cmocka_unit_test(file_that_must_not_be_written_is_not_replaced),
		cmocka_unit_test(folder_is_told_of_what_will_be_renamed),
		cmocka_unit_test(full_disk_is_told_and_leaves_the_old_file),
		cmocka_unit_test(spool_gives_back_what_it_was_given),
		cmocka_unit_test(spools_do_not_mix),
		cmocka_unit_test(spool_that_fails_fails_the_sink),
		cmocka_unit_test(end_for_want_of_memory_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
