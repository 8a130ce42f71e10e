/* awget/options.c: struct options and the table of options, of which --help and getopt's tables are made. */
#include "awget/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "awget/opt.h"
#include "awget/output.h"
#include "awget/report.h"
#include "awget/template.h"
#include "awget/volatile.h"
#include "check/checks.h"

#define FIELD(member) offsetof(struct options, member)

/* In the order of --help and of the man page. A row without a parser is a heading. */
static const struct option_row rows[] = {
    {0, NULL, NULL, NULL, 0, "Targets"},
    {'i', "input", "FILE", opt_texts, FIELD(inputs), "targets from FILE, one a line; -: stdin"},
    {0, "default-scheme", "SCHEME", opt_scheme, 0, "http or https, for targets without one (http)"},
    {0, "dedupe", NULL, opt_flag, FIELD(dedupe), "fetch the first of those that ask for the same"},
    {0, "exclude", "FILE", opt_exclude, 0, "send nothing to the names and networks in FILE"},
    {0, NULL, NULL, NULL, 0, "Names"},
    {0, "dns-servers", "IP[:PORT],...", opt_dns_servers, 0, "ask these servers instead of the system's"},
    {0, "resolve", "HOST:PORT:ADDR", opt_resolve, 0, "use ADDR for HOST (*: any host) at PORT"},
    {'4', "ipv4", NULL, opt_family, 0, "use IPv4 only"},
    {'6', "ipv6", NULL, opt_family, 0, "use IPv6 only"},
    {0, "dns-timeout", "SEC", opt_seconds, FIELD(env.dns_timeout), "give up resolving after SEC (5)"},
    {0, "all-addresses", NULL, opt_flag, FIELD(all_addresses), "fetch from every address; tell if they agree"},
    {0, NULL, NULL, NULL, 0, "Limits"},
    {'c', "concurrency", "N", opt_concurrency, 0, "targets in flight at most (256)"},
    {0, "rate", "RATE", opt_rate, 0, "begin so many targets in a time: 100/s, 5/15s"},
    {0, "per-address", "N", opt_per_address, FIELD(per_address), "at most N of them at one IP address"},
    {'m', "timeout", "SEC", opt_seconds, FIELD(env.timeout), "give up a target after SEC, all in all (30)"},
    {0, "connect-timeout", "SEC", opt_seconds, FIELD(env.connect_timeout), "give up connecting and TLS after SEC (10)"},
    {0, "retry", "N", opt_number, FIELD(env.retries), "after failures that may pass, N more times (0)"},
    {0, "retry-delay", "SEC", opt_seconds, FIELD(env.retry_delay), "longest first pause; it doubles each time (1)"},
    {0, "max-header-size", "SIZE", opt_header_size, 0, "refuse a response head larger than SIZE (300k)"},
    {'P', "processes", "N", opt_processes, FIELD(processes), "fetch in N worker processes (1)"},
    {0, NULL, NULL, NULL, 0, "Request"},
    {'X', "request", "METHOD", opt_method, 0, "send METHOD instead of GET"},
    {'I', "head", NULL, opt_method, 0, "send HEAD"},
    {'H', "header", "LINE", opt_header, 0, "add this field; 'Name:' drops one of ours"},
    {'A', "user-agent", "AGENT", opt_agent, 0, "send this User-Agent; '': none"},
    {'u', "user", "USER:PASSWORD", opt_user, 0, "send these credentials (Basic)"},
    {0, "http1.0", NULL, opt_version, 0, "speak HTTP/1.0; the default"},
    {0, "http1.1", NULL, opt_version, 0, "speak HTTP/1.1, with Connection: close"},
    {'L', "location", NULL, opt_flag, FIELD(env.location), "follow redirects"},
    {0, "max-redirs", "N", opt_number, FIELD(env.max_redirs), "follow at most N of them (10)"},
    {0, "allow-private", NULL, opt_flag, FIELD(env.allow_private), "let them lead into private networks, too"},
    {0, NULL, NULL, NULL, 0, "TLS"},
    {'k', "insecure", NULL, opt_flag, FIELD(env.tls.insecure), "go on although a certificate is not trusted"},
    {0, "cacert", "FILE", opt_text, FIELD(env.tls.cacert), "trust the CAs in FILE, not the system's"},
    {0, "cert", "FILE", opt_text, FIELD(env.tls.cert), "show this certificate to servers that ask"},
    {0, "key", "FILE", opt_text, FIELD(env.tls.key), "its private key, if not in the same file"},
    {0, "tls-min", "VERSION", opt_tls_version, FIELD(env.tls.min), "oldest version: 1.0, 1.1, 1.2 or 1.3 (1.2)"},
    {0, "tls-max", "VERSION", opt_tls_version, FIELD(env.tls.max), "newest version"},
    {0, NULL, NULL, NULL, 0, "Network"},
    {0, "interface", "ADDR", opt_interface, 0, "connect from this address or device"},
    {'x', "proxy", "URL", opt_text, FIELD(proxy), "go through an http, https or socks5h proxy"},
    {0, "noproxy", "LIST", opt_text, FIELD(noproxy), "hosts to reach without it: NAME,IP/BITS,..."},
    {0, NULL, NULL, NULL, 0, "Output"},
    {'o', "output", "FILE", opt_text, FIELD(output), "write results to FILE; -: stdout"},
    {0, "append", NULL, opt_flag, FIELD(append), "add to the -o FILE, do not replace it"},
    {0, "format", "FORMAT", opt_format, 0, OUTPUT_FORMATS " (text)"},
    {0, "json", NULL, opt_json, 0, "short for --format json"},
    {'w', "write-out", "TEMPLATE", opt_write_out, 0, "for each target: %{status}, %header{Server}"},
    {'q', "quiet", NULL, opt_flag, FIELD(quiet), "text without the 'wget' and 'Done' lines"},
    {'s', "silent", NULL, opt_flag, FIELD(silent), "print no results, only errors"},
    {0, "group", NULL, opt_flag, FIELD(group), "print a target's lines together, at its end"},
    {0, "fields", "LIST", opt_columns, FIELD(fields), "columns of csv: target,status,h[Server],..."},
    {0, "only", "WHICH", opt_only, 0, "print only what is failed, ok or changed"},
    {0, "color", "WHEN", opt_when, FIELD(color), "use colors: auto, always or never (auto)"},
    {0, NULL, NULL, NULL, 0, "Checks"},
    {'e', "expect", "EXPR", opt_expect, 0, "check that this holds: 'status == 200'"},
    {0, "checks", "FILE", opt_checks, 0, "check what this file says, one check a line"},
    {0, "preset", "NAME", opt_preset, 0, "owasp, hsts, cookies, leak, cache"},
    {'f', "fail", NULL, opt_fail, 0, "check that the status is below 400"},
    {0, "list-checks", NULL, opt_flag, FIELD(list_checks), "print the checks, fetch nothing"},
    {0, "report", "KIND=FILE", opt_report, FIELD(reports), REPORT_KINDS},
    {0, NULL, NULL, NULL, 0, "State"},
    {0, "resume", "FILE", opt_text, FIELD(resume), "go on with this output of --json, or begin it"},
    {0, "baseline", "FILE", opt_text, FIELD(baseline), "tell what differs from this output of --json"},
    {0, "compare", "A B", opt_text, FIELD(compare), "the same of two files; nothing is fetched"},
    {0, "replay", "FILE", opt_text, FIELD(replay), "judge and print --json output, fetch nothing"},
    {0, "ignore", "FIELD", opt_ignore, 0, "this field may differ, too"},
    {0, "top", "LIST", opt_columns, FIELD(top), "count the most frequent values: h[Server]"},
    {0, NULL, NULL, NULL, 0, "Run"},
    {0, "progress", "WHEN", opt_when, FIELD(progress), "a status line: auto, always or never (auto)"},
    {0, "stats", NULL, opt_flag, FIELD(stats), "count outcomes and times, on stderr at the end"},
    {0, "exit-zero", NULL, opt_flag, FIELD(exit_zero), "exit 0 where it would be 1 or 2"},
    {'v', "verbose", NULL, opt_flag, FIELD(verbose), "tell each target's steps on stderr"},
    {'V', "version", NULL, opt_flag, FIELD(version), "print the version"},
    {'h', "help", NULL, opt_flag, FIELD(help), "print this"},
};
enum { ROWS = sizeof rows / sizeof *rows, LETTERS = 256 };

/* getopt's tables; a long option's value is LETTERS and its row's index. */
static void
make_tables(char *letters, struct option *longs)
{
	*letters++ = ':'; /* a missing argument is told apart */
	for (size_t i = 0; i < ROWS; i++) {
		if (!rows[i].parse)
			continue;
		*longs++ = (struct option){
		    rows[i].name, rows[i].arg ? required_argument : no_argument, NULL, LETTERS + (int)i};
		if (!rows[i].letter)
			continue;
		*letters++ = (char)rows[i].letter;
		if (rows[i].arg)
			*letters++ = ':';
	}
	*letters = '\0';
	*longs = (struct option){0};
}

static const struct option_row *
find_row(int value)
{
	if (value >= LETTERS)
		return &rows[value - LETTERS];
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].letter == value)
			return &rows[i];
	return NULL;
}

static int
take(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	struct err why = {0};

	if (row->parse(o, row, arg, &why) == 0)
		return 0;
	if (options_excerpt(o).n) { /* it says where */
		*e = why;
		return -1;
	}
	return err_set(e, ERR_INPUT, "--%s: %s", row->name, why.text);
}

/* Are both the same file, or will be? Two may be one that is no regular file, such as /dev/null, or standard output. */
static bool
same_file(const char *a, const char *b)
{
	struct stat x, y;

	if (!a || !b || strcmp(a, "-") == 0)
		return false;
	if (stat(a, &x) != 0)
		return strcmp(a, b) == 0;
	return stat(b, &y) == 0 && S_ISREG(x.st_mode) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Is this what the run reads, its standard input left out? */
static bool
is_read(const struct options *o, const char *file)
{
	for (size_t i = 0; i < o->inputs.n; i++)
		if (same_file(file, o->inputs.v[i]))
			return true;
	return same_file(file, o->baseline) || same_file(file, o->replay) || same_file(file, o->compare) ||
	    (o->compare && o->ntargets && same_file(file, o->targets[0]));
}

/* Would a report take the place of what is read, of the results or of another report? */
static bool
reports_clash(const struct options *o)
{
	for (size_t i = 0; i < o->reports.n; i++) {
		const char *file = report_file(o->reports.v[i]);

		if (is_read(o, file) || same_file(file, o->output) || same_file(file, o->resume))
			return true;
		for (size_t k = 0; k < i; k++)
			if (same_file(file, report_file(o->reports.v[k])))
				return true;
	}
	return false;
}

static size_t
reports_to_stdout(const struct options *o)
{
	size_t n = 0;

	for (size_t i = 0; i < o->reports.n; i++)
		n += report_to_stdout(o->reports.v[i]);
	return n;
}

static bool
has_report(const struct options *o, const char *kind)
{
	for (size_t i = 0; i < o->reports.n; i++)
		if (report_is(o->reports.v[i], kind))
			return true;
	return false;
}

/* Do results go to standard output, too, because somebody asked for them? */
static bool
results_to_stdout(const struct options *o)
{
	return o->format_given && !o->silent && o->format != &out_none && !o->resume &&
	    (!o->output || strcmp(o->output, "-") == 0);
}

/* What is wrong between options that are each right: the first that is. */
static int
check(const struct options *o, struct err *e)
{
	const struct fetch_env *env = &o->env;
	bool any = o->ntargets || o->inputs.n, raw = o->format == &out_raw, again = o->compare || o->baseline;
	const struct {
		bool broken;
		const char *why;
	} rules[] = {
	    {o->compare && (o->ntargets != 1 || o->inputs.n), "--compare takes two files, and no target"},
	    {o->compare && (o->baseline || o->replay), "--compare is --baseline and --replay in one"},
	    {o->replay && any, "--replay fetches nothing: it takes no target"},
	    {!any && !o->replay && !o->list_checks, "no target; see awget --help"},
	    {o->list_checks && !o->checks, "--list-checks goes with -e, --checks, --preset or -f"},
	    {o->replay && o->dedupe, "--replay fetches nothing: there is nothing to --dedupe"},
	    {o->append && !o->output, "--append goes with -o FILE"},
	    {raw && (o->ntargets != 1 || o->inputs.n || o->compare), "--format raw is for one target"},
	    {raw && o->all_addresses, "--format raw is for one answer, not for --all-addresses"},
	    {o->ignored && !o->all_addresses && !again,
		"--ignore goes with --all-addresses, --baseline or --compare"},
	    {o->only == ONLY_CHANGED && !again, "--only changed goes with --baseline or --compare"},
	    {o->fields.n && o->format != &out_csv && !has_report(o, "html"),
		"--fields goes with --format csv or --report html"},
	    {o->all_addresses && (again || o->resume || o->replay),
		"--all-addresses goes with none of --baseline, --compare, --replay, --resume"},
	    {o->resume && (o->replay || o->compare), "--resume goes on fetching; --replay fetches nothing"},
	    {o->resume && o->output, "--resume FILE is where the results go: there is no -o beside it"},
	    {o->resume && o->format_given && o->format != &out_json, "--resume writes --json, and nothing else"},
	    {o->resume && o->only, "--resume needs every record: there is no --only beside it"},
	    {o->resume && o->silent, "--resume writes results: there is no --silent beside it"},
	    {reports_to_stdout(o) > 1, "only one --report can go to standard output"},
	    {reports_to_stdout(o) && results_to_stdout(o),
		"results and a --report cannot both go to standard output; give -o FILE"},
	    {is_read(o, o->output) || is_read(o, o->resume),
		"results would overwrite the file that they are made from"},
	    {reports_clash(o), "a --report would overwrite another file of this run"},
	    {o->all_addresses && o->proxy && *o->proxy, "--all-addresses does not go through a proxy"},
	    {env->tls.max && env->tls.max < (env->tls.min ? env->tls.min : TLS_1_2),
		"--tls-max is below --tls-min, which is 1.2 unless it is given"},
	    {env->tls.key && !env->tls.cert, "--key goes with --cert"},
	};

	for (size_t i = 0; i < sizeof rules / sizeof *rules && !o->help && !o->version; i++)
		if (rules[i].broken)
			return err_set(e, ERR_INPUT, "%s", rules[i].why);
	return 0;
}

/* How results are told follows from what else is asked for. */
static void
choose_format(struct options *o)
{
	if (o->compare) {
		o->baseline = o->compare;
		o->replay = o->targets[0];
		o->ntargets = 0;
	}
	if (o->resume) /* beside which there is no --silent */
		o->format = &out_json;
	else if (o->silent || (!o->format_given && (o->top.n || reports_to_stdout(o))))
		o->format = &out_none;
	else if (o->baseline && o->format == &out_text)
		o->format = &out_changes;
	/* which targets are told is known only at their end; a replay has nothing but ends */
	o->group |= o->only != ONLY_ALL || o->replay;
}

/* What follows from several options together. */
static int
complete(struct options *o, struct err *e)
{
	struct fetch_env *env = &o->env;
	bool judged;

	if (o->help || o->version)
		return 0;
	choose_format(o);
	o->nagios = has_report(o, "nagios");
	if (!o->ignored && (o->all_addresses || o->baseline))
		o->ignored = volatile_new();
	judged = o->checks || o->baseline || o->reports.n || o->top.n;
	env->fields = o->format->fields || judged || env->location || env->retries || o->all_addresses;
	env->tls_info = o->format->fields || judged;
	env->tls.http10 = !env->request.minor;
	/* whoever asks for every address wants them, not what a proxy makes of the name */
	if (proxies_init(&env->proxies, o->all_addresses ? "" : o->proxy, o->noproxy, e) != 0)
		return -1;
	/* files that are no good are told before anything is fetched */
	if ((env->tls.cacert || env->tls.cert) && !o->replay)
		return tls_init(&env->tls, e);
	return 0;
}

int
options_parse(struct options *o, int argc, char **argv, struct err *e)
{
	char letters[2 * ROWS + 2];
	static struct option longs[ROWS + 1]; /* large, for a stack */
	int value;

	*o = (struct options){.concurrency = 256, .processes = 1, .format = output_find("text")};
	fetch_env_init(&o->env);
	make_tables(letters, longs);
	opterr = 0;
	optind = 0; /* glibc: begin anew, for a second call in a test */
	while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const char *word = argv[optind > 1 ? optind - 1 : 1];

		if (value == ':')
			return err_set(e, ERR_INPUT, "%s needs an argument; see awget --help", word);
		if (value == '?' && optopt && optopt < LETTERS) /* below 0: a byte of 0x80 or above */
			return err_set(e, ERR_INPUT, "unknown option -%c; see awget --help", optopt);
		if (value == '?') /* what stands behind '=' may be a secret */
			return err_set(e, ERR_INPUT, "option %.*s is not understood; see awget --help",
			    (int)strcspn(word, "="), word);
		if (take(o, find_row(value), optarg, e) != 0)
			return -1;
	}
	o->targets = argv + optind;
	o->ntargets = (size_t)(argc - optind);
	return check(o, e) == 0 ? complete(o, e) : -1;
}

int
options_help(void)
{
	puts("Usage: awget [OPTION]... [TARGET]...\n"
	     "Fetch the HTTP headers of many hosts at once; print each line as it arrives.\n"
	     "TARGET is host, host:port, [v6]:port, http://host/path or https://host/path.");
	for (size_t i = 0; i < ROWS; i++) {
		const struct option_row *r = &rows[i];
		char name[64];

		if (!r->parse) {
			printf("\n%s:\n", r->help);
			continue;
		}
		snprintf(name, sizeof name, "--%s%s%s", r->name, r->arg ? " " : "", r->arg ? r->arg : "");
		printf("  %c%c%c %-27s %s\n", r->letter ? '-' : ' ', r->letter ? r->letter : ' ', r->letter ? ',' : ' ',
		    name, r->help);
	}
	puts("\n-i, -H, -e, --exclude, --resolve, --ignore, --checks, --preset, --report may be\n"
	     "repeated.\n"
	     "-H @FILE takes lines from FILE, -w @FILE a template.\n"
	     "SEC takes decimals and the suffixes ms, s, m, h; SIZE takes k, M, G.\n"
	     "Exit status: 0 all is well, 1 a check failed or something differs,\n"
	     "2 some targets did not answer, 3 usage, 4 trouble of this machine.");
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : -1;
}

struct str
options_excerpt(const struct options *o)
{
	return o->excerpt.n || !o->checks ? buf_view(&o->excerpt) : checks_excerpt(o->checks);
}

void
options_clear(struct options *o)
{
	free(o->inputs.v);
	free(o->reports.v);
	template_free(o->template);
	buf_clear(&o->excerpt);
	columns_clear(&o->fields);
	columns_clear(&o->top);
	checks_free(o->checks);
	volatile_free(o->ignored);
	exclude_free(o->exclude);
	proxies_clear(&o->env.proxies);
	request_clear(&o->env.request);
}
