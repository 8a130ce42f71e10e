/* awget/output.c: the table of formats, and the two streams that all of them write to. */
#include "awget/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/real.h"
#include "base/text.h"
#include "rt/task.h"

const struct output out_none = {.name = "none"};

static const struct output *const formats[] = {&out_text, &out_json, &out_csv, &out_raw, &out_none};

enum { SHOWN_TARGET = 200 }; /* bytes of a target in a message */
static const double patience = 1; /* with readers that take nothing, once we are to end; seconds in all */

struct output_style output_style;
struct buf output_results, output_messages;

static int fd = STDOUT_FILENO;
static const char *fd_name = "standard output";
static int failed; /* the errno of the first write that failed */
static bool messages_lost;
static volatile sig_atomic_t hurried;
static const char *status = "";
static bool status_shown, status_stale;

const struct output *
output_find(const char *name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

static bool
want_color(enum when when)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	if (when != WHEN_AUTO)
		return when == WHEN_ALWAYS;
	/* no-color.org: set and not empty */
	return output_style.terminal && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

void
output_use(int to, const char *name)
{
	fd = fcntl(to, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	fd_name = name;
}

int
output_open(const struct options *o, struct err *e)
{
	if (o->output && strcmp(o->output, "-") != 0) { /* "-" is standard output, as curl and wget have it */
		fd = open(
		    o->output, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (o->append ? O_APPEND : O_TRUNC), 0666);
		fd_name = o->output;
	}
	if (fd < 0)
		return err_set(e, ERR_LOCAL, "cannot write %s: %s", o->output, strerror(errno));
	output_style = (struct output_style){.quiet = o->quiet, .group = o->group, .terminal = isatty(fd)};
	output_style.color = want_color(o->color);
	buf_reserve(&output_results, 2 * OUTPUT_PIECE);
	if (o->format && o->format->begin)
		o->format->begin(o);
	return 0;
}

/* Somebody else may have made the descriptor non-blocking, for it is theirs too. */
static bool
wait_writable(int to)
{
	struct pollfd p = {.fd = to, .events = POLLOUT};

	return errno == EINTR || (errno == EAGAIN && (poll(&p, 1, -1) > 0 || errno == EINTR));
}

/* The same in a hurry. */
static bool
wait_a_little(int to)
{
	static double until;
	struct pollfd p = {.fd = to, .events = POLLOUT};

	if (until == 0)
		until = task_now() + patience;
	return poll(&p, 1, (int)(real_max(0, until - task_now()) * 1e3)) > 0;
}

/* Writes n bytes, or fewer. In a hurry it does not block: of so few, a pipe that takes any takes all. */
static ssize_t
write_some(int to, const char *s, size_t n)
{
	if (!hurried)
		return write(to, s, n);
	if (wait_a_little(to))
		return write(to, s, n < PIPE_BUF ? n : PIPE_BUF);
	errno = ECANCELED;
	return -1;
}

/* Writes all of b and empties it in every case. 0 or an errno. */
static int
write_all(int to, struct buf *b)
{
	size_t at = 0;
	int error = 0;

	while (at < b->n && !error) {
		ssize_t n = write_some(to, b->s + at, b->n - at);

		if (n >= 0)
			at += (size_t)n;
		else if (hurried ? errno != EINTR && errno != EAGAIN : !wait_writable(to))
			error = errno;
	}
	b->n = 0;
	return error;
}

void
output_hurry(void)
{
	hurried = true;
}

static void
write_status(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		status = ""; /* nobody looks */
}

void
output_status(const char *line)
{
	status = line;
	status_stale = true;
}

/* Nobody is there who could be told; but where nobody reads (EPIPE), or reads any more, nobody misses anything. */
static void
note_messages(int error)
{
	messages_lost |= error && error != EPIPE && error != ECANCELED;
}

void
output_flush(void)
{
	/* what else is written to the terminal takes the place of the status line, which is then drawn below it */
	if (status_shown && (status_stale || output_messages.n || (output_results.n && output_style.terminal))) {
		write_status("\r\033[K");
		status_shown = false;
	}
	if (output_results.n && !failed)
		failed = write_all(fd, &output_results);
	output_results.n = 0;
	if (output_messages.n)
		note_messages(write_all(STDERR_FILENO, &output_messages));
	if (*status && !status_shown) {
		write_status(status);
		status_shown = true;
	}
	status_stale = false;
}

struct buf *
output_say(struct str target)
{
	struct buf *b = &output_messages;

	buf_str(b, STR("awget: "));
	if (target.s && !target.n) {
		buf_str(b, STR("'': "));
	} else if (target.n) {
		text_show(b, (struct str){target.s, target.n > SHOWN_TARGET ? SHOWN_TARGET : target.n});
		buf_str(b, target.n > SHOWN_TARGET ? STR("...: ") : STR(": "));
	}
	return b;
}

void
output_said(void)
{
	buf_byte(&output_messages, '\n');
	output_piece();
}

void
output_error(struct str target, const char *sentence)
{
	buf_str(output_say(target), str_of(sentence));
	output_said();
}

int
output_failed(void)
{
	return failed;
}

bool
output_messages_lost(void)
{
	return messages_lost;
}

const char *
output_name(void)
{
	return fd_name;
}

int
output_close(void)
{
	output_status("");
	output_flush();
	if (fd >= 0 && close(fd) != 0 && !failed)
		failed = errno;
	buf_clear(&output_results);
	return failed;
}
