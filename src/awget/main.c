/* awget/main.c: main(), run(): the program as a story. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "awget/input.h"
#include "awget/options.h"
#include "awget/output.h"
#include "awget/pool.h"
#include "awget/replay.h"
#include "awget/resume.h"
#include "awget/run.h"
#include "awget/sandbox.h"
#include "awget/sink.h"
#include "awget/target.h"
#include "check/checks.h"
#include "net/dns.h"
#include "record/records.h"
#include "rt/group.h"

enum { EXIT_ANSWERED = 0, EXIT_DIFFERENT = 1, EXIT_UNANSWERED = 2, EXIT_USAGE = 3, EXIT_TROUBLE = 4 };

enum { BATCH = 16 }; /* targets begun in a turn of the loop, so that it also turns while many begin */

static struct options options;
static struct input *input;
static struct run targets; /* of all of them */
static struct task *run_task;
static volatile sig_atomic_t signal_seen;
static bool sigpipe_ignored; /* by whoever started us */

static void
say(const char *text)
{
	output_error((struct str){0}, text);
}

/* Waits for room, and then until --rate allows another start: so that a wait for room is followed by no burst. */
static int
wait_for_turn(struct group *g, struct err *e)
{
	double due, now;

	if (options.rate.interval == 0)
		return 0;
	if (group_wait_for(g, g->limit - 1, e) != 0)
		return -1;
	now = task_now();
	due = rate_take(&options.rate, now);
	return due > now ? task_sleep(due - now, e) : 0;
}

/* Starts a target; where memory for a coroutine is short, when another has ended. 0, or -1 when canceled. */
static int
start(struct group *g, struct target *t)
{
	struct err e;

	while (wait_for_turn(g, &e) != 0 || group_go(g, target_name(t), target_run, t, &e) != 0) {
		if (e.kind == ERR_LOCAL && g->running && group_wait_for(g, g->running - 1, &e) == 0)
			continue;
		if (e.kind == ERR_CANCELED) { /* as those that were not even read, it has not begun */
			targets.unfinished++;
			target_free(t);
			return -1;
		}
		target_fail(t, &e);
		return 0;
	}
	return 0;
}

/* What the first ones answer does not wait until the last one of thousands has begun. */
static int
let_others_run(void)
{
	return targets.counts.read % BATCH ? 0 : task_yield(NULL);
}

/* The next target and its number; as input_next. */
static int
next(size_t *n, struct str *text, bool *too_long, struct err *e)
{
	int rc;

	if (targets.resume)
		return resume_next(targets.resume, input, n, text, too_long, e);
	rc = input_next(input, text, too_long, e);
	*n += rc > 0;
	return rc;
}

static void
start_all(struct group *g)
{
	struct str text;
	struct err e;
	bool too_long;
	size_t n = 0;
	int rc;

	while ((rc = next(&n, &text, &too_long, &e)) != 0) {
		if (rc > 0 && (start(g, target_new(&targets, n, text, too_long)) != 0 || let_others_run() != 0))
			return;
		if (rc < 0 && e.kind == ERR_CANCELED)
			return;
		if (rc < 0)
			run_trouble(&targets, &e);
	}
}

/* 0, or -1: the list is not the one that the output was made from, or we were interrupted. */
static int
resume(void)
{
	struct err e;

	if (!targets.resume || resume_skip(targets.resume, input, &e) == 0)
		return 0;
	if (e.kind != ERR_CANCELED)
		run_trouble(&targets, &e);
	return -1;
}

static void *
show_progress(void *arg)
{
	static struct buf line;
	struct progress *counts = &targets.counts;
	double start = task_now();

	(void)arg;
	while (task_sleep(0.25, NULL) == 0) {
		counts->seconds = task_now() - start;
		counts->share = input_share(input);
		line.n = 0;
		progress_line(counts, &line);
		output_status(buf_cstr(&line));
	}
	output_status("");
	buf_clear(&line);
	return NULL;
}

static bool
wants_progress(void)
{
	bool apart = !output_style.terminal || options.silent || !options.format->done;

	return options.progress == WHEN_ALWAYS ||
	    (options.progress == WHEN_AUTO && apart && isatty(STDERR_FILENO));
}

static void *
run(void *arg)
{
	struct group g, aside;
	double start = task_now();

	(void)arg;
	run_task = task_self();
	group_init(&aside, 0);
	group_init(&g, options.concurrency);
	if (wants_progress())
		group_go(&aside, "progress", show_progress, NULL, NULL);
	if (resume() == 0)
		start_all(&g);
	group_wait(&g, NULL);
	group_cancel(&aside);
	group_wait(&aside, NULL);
	targets.counts.seconds = task_now() - start;
	pool_end(targets.pool);
	target_end();
	dns_end();
	return NULL;
}

static void
end_by(int signo)
{
	signal(signo, SIG_DFL);
	raise(signo);
}

/* The first one lets the tasks walk out, the second does not wait for them. */
static void
on_signal(int signo)
{
	if (signal_seen)
		end_by(signo);
	signal_seen = signo;
	output_hurry();
	records_stop();
	task_interrupt();
}

static void
stop(void)
{
	if (run_task)
		task_cancel(run_task);
}

/* Before each wait: whatever there is goes out. When it cannot, there is no point in going on. */
static void
flush(void)
{
	static bool told;
	const char *name;
	struct err e;
	int error;

	output_flush();
	error = sink_unread() ? EPIPE : output_failed();
	name = sink_unread() ? "standard output" : output_name();
	if (!error || told)
		return;
	told = true;
	/* who reads us has gone: end quietly, as every filter does, unless whoever started us wants to be told */
	if (error == EPIPE && !sigpipe_ignored) {
		run_close(&targets); /* reports that are not whole leave nothing behind */
		end_by(SIGPIPE);
		_exit(128 + SIGPIPE); /* it was blocked */
	}
	err_set(&e, ERR_LOCAL, "cannot write %s: %s", name, strerror(error));
	run_trouble(&targets, &e);
	records_stop();
	stop();
}

static void
set_signals(void)
{
	struct sigaction sa = {.sa_handler = on_signal}, old;

	sigemptyset(&sa.sa_mask);
	/* without SA_RESTART: a write that blocks must not hold us back from ending */
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, NULL, &old);
	if (old.sa_handler != SIG_IGN) /* nohup(1): who started us may go */
		sigaction(SIGHUP, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	sigaction(SIGXFSZ, &sa, NULL); /* a file that may not grow any more is told as a full disk is */
	sigaction(SIGPIPE, &sa, &old);
	sigpipe_ignored = old.sa_handler == SIG_IGN;
	task_on_interrupt(stop);
}

/*
 * A socket must never become standard output: what is closed is opened on /dev/null, so that writing to it fails, and
 * reading -i - too.
 */
static void
open_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_WRONLY) < 0)
			exit(EXIT_TROUBLE);
}

/*
 * Descriptors for -c N targets, or a process's share of them: one each, some more where addresses are raced
 * (net/dial.c), and our own. Where the system does not allow that many, fewer targets are in flight.
 */
static void
fit_concurrency(void)
{
	struct rlimit limit;
	size_t fit, reserve, wanted = options.concurrency, share = (wanted - 1) / options.processes + 1;
	char text[120];

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	if (limit.rlim_cur < share + share / 4 + 64 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	reserve = limit.rlim_cur / 2 < 64 ? limit.rlim_cur / 2 : 64;
	fit = (limit.rlim_cur - reserve) * 4 / 5 * options.processes;
	if (fit >= wanted)
		return;
	options.concurrency = fit ? fit : 1;
	if (!options.concurrency_given && !options.inputs.n && options.ntargets <= fit)
		return;
	snprintf(text, sizeof text, "warning: %lu descriptors are allowed: %zu targets at once instead of %zu",
	    (unsigned long)limit.rlim_cur, options.concurrency, wanted);
	say(text);
}

static void
tell_interrupted(void)
{
	size_t n = targets.unfinished + (input ? input_left(input) : 0);
	char text[80];

	snprintf(text, sizeof text, "interrupted: %zu target%s unfinished", n, n == 1 ? "" : "s");
	say(text);
}

static void
tell_repeats(void)
{
	size_t n = input_repeats(input);
	char text[80];

	snprintf(text, sizeof text, "%zu repeat%s dropped", n, n == 1 ? " was" : "s were");
	say(text);
}

static int
fetch_all(struct err *e)
{
	return task_main(run, NULL, NULL, e) ? -1 : 0;
}

static int
replay_all(struct err *e)
{
	double start = task_now();
	int rc = replay(&targets, options.replay, flush, e);

	targets.counts.seconds = task_now() - start;
	return rc != 0 && e->kind == ERR_CANCELED ? 0 : rc;
}

/* Everything between the options and the exit status. */
static int
do_all(struct err *e)
{
	const struct options *o = &options;
	int rc;

	if (!o->replay)
		fit_concurrency();
	if (o->per_address)
		options.env.limiter = limiter_new(o->per_address);
	/* as early as can be: a worker is what we are now */
	if (o->processes > 1 && !o->replay && !(targets.pool = pool_new(o, e)))
		return -1;
	sandbox_calls(SANDBOX_FETCHES);
	if (!o->replay && !(input = input_new(o->targets, o->ntargets, o->inputs.v, o->inputs.n, e)))
		return -1;
	if (o->dedupe)
		input_dedupe(input, o->env.default_scheme);
	set_signals(); /* before there are files that are to be removed at the end */
	if (run_open(&targets, o, e) != 0 || output_open(o, e) != 0)
		return -1;
	sandbox_files(&targets);
	task_before_wait(flush);
	rc = signal_seen ? 0 : o->replay ? replay_all(e) : fetch_all(e);
	targets.summary.interrupted = rc != 0 || signal_seen || targets.trouble.kind != ERR_NONE;
	run_end(&targets);
	if (o->dedupe && (o->stats || o->verbose))
		tell_repeats();
	if (signal_seen)
		tell_interrupted();
	flush();
	return rc;
}

/* The highest that applies. */
static int
exit_status(void)
{
	const struct summary *s = &targets.summary;

	if (targets.trouble.kind != ERR_NONE || output_messages_lost())
		return targets.trouble.kind == ERR_INPUT ? EXIT_USAGE : EXIT_TROUBLE;
	if (options.exit_zero)
		return EXIT_ANSWERED;
	if (targets.counts.failed || s->unanswered)
		return EXIT_UNANSWERED;
	return s->check_failures || s->changed || s->gone || targets.disagreed ? EXIT_DIFFERENT : EXIT_ANSWERED;
}

/* A monitoring plugin's, if that is what we are. */
static int
final_status(void)
{
	int status = exit_status();

	if (!options.nagios)
		return status;
	return status > EXIT_UNANSWERED ? REPORT_NAGIOS_UNKNOWN : report_nagios_status(&targets.summary);
}

static int
print_checks(void)
{
	struct buf b = {0};
	bool ok;

	checks_list(options.checks, &b);
	ok = fwrite(b.s, 1, b.n, stdout) == b.n && fflush(stdout) == 0;
	buf_clear(&b);
	return ok;
}

/* --help, --version and --list-checks. */
static int
print_about(void)
{
	struct err e;
	bool ok;

	if (options.help)
		ok = options_help() == 0;
	else if (options.version)
		ok = puts("awget " VERSION) >= 0 && fflush(stdout) == 0;
	else
		ok = print_checks();
	if (ok)
		return EXIT_ANSWERED;
	err_set(&e, ERR_LOCAL, "cannot write standard output: %s", strerror(errno));
	say(e.text);
	return EXIT_TROUBLE;
}

static int
refuse(const struct err *e)
{
	say(e->text);
	buf_str(&output_messages, options_excerpt(&options));
	output_flush();
	return e->kind == ERR_LOCAL ? EXIT_TROUBLE : EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	struct err e = {0};
	int status;

	open_standard_descriptors();
	if (options_parse(&options, argc, argv, &e) != 0)
		return refuse(&e);
	if (options.help || options.version || options.list_checks) {
		status = print_about();
		options_clear(&options);
		output_flush();
		return status;
	}
	if (do_all(&e) != 0)
		run_trouble(&targets, &e);
	if (output_close() != 0)
		flush();
	output_flush();
	status = final_status();
	input_free(input);
	run_close(&targets);
	pool_free(targets.pool);
	limiter_free(options.env.limiter);
	options_clear(&options);
	if (signal_seen)
		end_by(signal_seen);
	return status;
}
