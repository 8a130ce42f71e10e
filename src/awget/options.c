/* awget/options.c: struct options and the table of options, of which --help and getopt's tables are made. */
#include "awget/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "awget/output.h"
#include "awget/volatile.h"
#include "base/mem.h"
#include "net/dns.h"
#include "net/hosts.h"

struct option_row;

/* Puts arg (NULL for an option without one) where it belongs. 0, or -1 with a sentence about arg. */
typedef int option_parser(struct options *o, const struct option_row *row, const char *arg, struct err *e);

struct option_row {
	int letter; /* 0: none */
	const char *name, *arg;
	option_parser *parse;
	size_t field; /* of struct options, for parsers that serve several options */
	const char *help;
};

static void *
field_of(struct options *o, const struct option_row *row)
{
	return (char *)o + row->field;
}

static int
opt_flag(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)arg, (void)e;
	*(bool *)field_of(o, row) = true;
	return 0;
}

static int
opt_text(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)e;
	*(const char **)field_of(o, row) = arg;
	return 0;
}

bool
options_seconds(const char *text, double *seconds)
{
	static const struct {
		const char *suffix;
		double factor;
	} units[] = {{"", 1}, {"s", 1}, {"ms", 1e-3}, {"m", 60}, {"h", 3600}};
	char *end;
	double n;

	/* strtod would take "inf", "0x10", "1e3" and a sign */
	if (strspn(text, "0123456789.") == 0)
		return false;
	n = strtod(text, &end);
	if (end != text + strspn(text, "0123456789."))
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(end, units[i].suffix) == 0) {
			*seconds = n * units[i].factor;
			return *seconds >= 1e-3 && *seconds <= 1e6;
		}
	return false;
}

static int
opt_seconds(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	double seconds;

	if (!options_seconds(arg, &seconds))
		return err_set(e, ERR_INPUT, "'%s' is not a time from 1ms to 1000000s", arg);
	*(double *)field_of(o, row) = seconds;
	return 0;
}

bool
options_size(const char *text, size_t *size)
{
	static const char units[] = "kMG";
	const char *unit;
	char *end;
	unsigned long long n;
	int shift = 0;

	if (*text < '0' || *text > '9' || strlen(text) > 12)
		return false;
	n = strtoull(text, &end, 10);
	if (*end && (unit = strchr(units, *end))) {
		shift = 10 * (int)(unit - units + 1);
		end++;
	}
	if (*end || n > (1ull << 30) >> shift)
		return false;
	*size = (size_t)(n << shift);
	return true;
}

static int
opt_header_size(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	if (!options_size(arg, &o->env.max_header_size) || o->env.max_header_size < 64)
		return err_set(e, ERR_INPUT, "'%s' is not a size from 64 to 1G", arg);
	return 0;
}

/* A decimal number of at most `max`, which has at most nine digits. */
static int
number(const char *arg, unsigned min, unsigned max, unsigned *n, struct err *e)
{
	*n = strlen(arg) < 10 ? (unsigned)strtoul(arg, NULL, 10) : max + 1;
	if (!*arg || strspn(arg, "0123456789") != strlen(arg) || *n < min || *n > max)
		return err_set(e, ERR_INPUT, "'%s' is not a number from %u to %u", arg, min, max);
	return 0;
}

static int
opt_concurrency(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	unsigned n;

	(void)row;
	if (number(arg, 1, 1000000, &n, e) != 0)
		return -1;
	o->concurrency = n;
	o->concurrency_given = true;
	return 0;
}

static int
opt_number(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	return number(arg, 0, 1000, field_of(o, row), e);
}

static int
opt_when(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	static const char *const names[] = {[WHEN_AUTO] = "auto", [WHEN_ALWAYS] = "always", [WHEN_NEVER] = "never"};

	for (int i = 0; i < 3; i++)
		if (strcmp(arg, names[i]) == 0) {
			*(enum when *)field_of(o, row) = (enum when)i;
			return 0;
		}
	return err_set(e, ERR_INPUT, "'%s' is none of auto, always, never", arg);
}

static int
opt_format(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	o->format = output_find(arg);
	return o->format ? 0 : err_set(e, ERR_INPUT, "'%s' is none of " OUTPUT_FORMATS, arg);
}

static int
opt_json(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)arg;
	return opt_format(o, row, "json", e);
}

static void
append(const char ***list, size_t *n, const char *arg)
{
	*list = xrealloc(*list, (*n + 1) * sizeof **list);
	(*list)[(*n)++] = arg;
}

static int
opt_input(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row, (void)e;
	append(&o->inputs, &o->ninputs, arg);
	return 0;
}

static int
opt_ignore(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	if (!o->ignored)
		o->ignored = volatile_new();
	return volatile_add(o->ignored, str_of(arg), e);
}

static int
opt_scheme(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	o->env.default_scheme = url_scheme(str_of(arg));
	return o->env.default_scheme ? 0 : err_set(e, ERR_INPUT, "'%s' is none of http, https", arg);
}

static int
opt_family(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)arg, (void)e;
	o->env.family = row->letter == '4' ? AF_INET : AF_INET6;
	return 0;
}

static int
opt_dns_servers(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)o, (void)row;
	return dns_servers(arg, e);
}

static int
opt_resolve(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)o, (void)row;
	return hosts_override(arg, e);
}

static int
opt_method(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	return request_set_method(&o->env.request, row->letter == 'I' ? "HEAD" : arg, e);
}

static int
opt_header(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	if (*arg == '@')
		return request_add_file(&o->env.request, arg + 1, e);
	return request_add_line(&o->env.request, arg, e);
}

static int
opt_agent(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	return request_set_agent(&o->env.request, arg, e);
}

static int
opt_user(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	return request_set_user(&o->env.request, arg, e);
}

static int
opt_version(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)arg, (void)e;
	o->env.request.minor = strcmp(row->name, "http1.1") == 0;
	return 0;
}

static int
opt_tls_version(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	static const char *const names[] = {"1.0", "1.1", "1.2", "1.3"};

	for (int i = 0; i < 4; i++)
		if (strcmp(arg, names[i]) == 0) {
			*(int *)field_of(o, row) = TLS_1_0 + i;
			return 0;
		}
	return err_set(e, ERR_INPUT, "'%s' is none of 1.0, 1.1, 1.2, 1.3", arg);
}

static int
opt_interface(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	return dial_source(&o->env.source, arg, e);
}

#define FIELD(member) offsetof(struct options, member)

/* In the order of --help and of the man page. A row without a parser is a heading. */
static const struct option_row rows[] = {
    {0, NULL, NULL, NULL, 0, "Targets"},
    {'i', "input", "FILE", opt_input, 0, "targets from FILE, one a line; -: stdin"},
    {0, "default-scheme", "SCHEME", opt_scheme, 0, "http or https, for targets without one (http)"},
    {0, NULL, NULL, NULL, 0, "Names"},
    {0, "dns-servers", "IP[:PORT],...", opt_dns_servers, 0, "ask these servers instead of the system's"},
    {0, "resolve", "HOST:PORT:ADDR", opt_resolve, 0, "use ADDR for HOST (*: any host) at PORT"},
    {'4', "ipv4", NULL, opt_family, 0, "use IPv4 only"},
    {'6', "ipv6", NULL, opt_family, 0, "use IPv6 only"},
    {0, "dns-timeout", "SEC", opt_seconds, FIELD(env.dns_timeout), "give up resolving after SEC (5)"},
    {0, "all-addresses", NULL, opt_flag, FIELD(all_addresses), "fetch from every address; tell if they agree"},
    {0, "ignore", "FIELD", opt_ignore, 0, "with it: this field may differ, too"},
    {0, NULL, NULL, NULL, 0, "Limits"},
    {'c', "concurrency", "N", opt_concurrency, 0, "targets in flight at most (256)"},
    {'m', "timeout", "SEC", opt_seconds, FIELD(env.timeout), "give up a target after SEC, all in all (30)"},
    {0, "connect-timeout", "SEC", opt_seconds, FIELD(env.connect_timeout), "give up connecting and TLS after SEC (10)"},
    {0, "retry", "N", opt_number, FIELD(env.retries), "after failures that may pass, N more times (0)"},
    {0, "retry-delay", "SEC", opt_seconds, FIELD(env.retry_delay), "longest first pause; it doubles each time (1)"},
    {0, "max-header-size", "SIZE", opt_header_size, 0, "refuse a response head larger than SIZE (300k)"},
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
    {'q', "quiet", NULL, opt_flag, FIELD(quiet), "text without the 'wget' and 'Done' lines"},
    {'s', "silent", NULL, opt_flag, FIELD(silent), "print no results, only errors"},
    {0, "group", NULL, opt_flag, FIELD(group), "print a target's lines together, at its end"},
    {0, "color", "WHEN", opt_when, FIELD(color), "use colors: auto, always or never (auto)"},
    {0, NULL, NULL, NULL, 0, "Run"},
    {0, "progress", "WHEN", opt_when, FIELD(progress), "a status line: auto, always or never (auto)"},
    {0, "stats", NULL, opt_flag, FIELD(stats), "count outcomes and times, on stderr at the end"},
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
	return err_set(e, ERR_INPUT, "--%s: %s", row->name, why.text);
}

/* What is wrong between options that are each right. */
static int
check(const struct options *o, struct err *e)
{
	if (o->help || o->version)
		return 0;
	if (!o->ntargets && !o->ninputs)
		return err_set(e, ERR_INPUT, "no target; see awget --help");
	if (o->append && !o->output)
		return err_set(e, ERR_INPUT, "--append goes with -o FILE");
	if (o->format == output_find("raw") && (o->ntargets != 1 || o->ninputs))
		return err_set(e, ERR_INPUT, "--format raw is for one target");
	if (o->format == output_find("raw") && o->all_addresses)
		return err_set(e, ERR_INPUT, "--format raw is for one answer, not for --all-addresses");
	if (o->ignored && !o->all_addresses)
		return err_set(e, ERR_INPUT, "--ignore goes with --all-addresses");
	if (o->all_addresses && o->proxy && *o->proxy)
		return err_set(e, ERR_INPUT, "--all-addresses does not go through a proxy");
	if (o->env.tls.max && o->env.tls.max < (o->env.tls.min ? o->env.tls.min : TLS_1_2))
		return err_set(e, ERR_INPUT, "--tls-max is below --tls-min, which is 1.2 unless it is given");
	if (o->env.tls.key && !o->env.tls.cert)
		return err_set(e, ERR_INPUT, "--key goes with --cert");
	return 0;
}

/* What follows from several options together. */
static int
complete(struct options *o, struct err *e)
{
	struct fetch_env *env = &o->env;

	if (o->help || o->version)
		return 0;
	if (o->silent)
		o->format = output_find("none");
	env->fields = o->format->fields || env->location || env->retries || o->all_addresses;
	env->tls_info = o->format->fields;
	env->tls.http10 = !env->request.minor;
	/* whoever asks for every address wants them, not what a proxy makes of the name */
	if (proxies_init(&env->proxies, o->all_addresses ? "" : o->proxy, o->noproxy, e) != 0)
		return -1;
	/* files that are no good are told before anything is fetched */
	if (env->tls.cacert || env->tls.cert)
		return tls_init(&env->tls, e);
	return 0;
}

int
options_parse(struct options *o, int argc, char **argv, struct err *e)
{
	char letters[2 * ROWS + 2];
	static struct option longs[ROWS + 1]; /* large, for a stack */
	int value;

	*o = (struct options){.concurrency = 256, .format = output_find("text")};
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
	puts("\n-i, -H, --resolve and --ignore may be repeated; -H @FILE takes lines from FILE.\n"
	     "SEC takes decimals and the suffixes ms, s, m, h; SIZE takes k, M, G.\n"
	     "Exit status: 0 all answered, 1 addresses differ, 2 some targets did not answer,\n"
	     "3 usage, 4 trouble of this machine.");
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : -1;
}

void
options_clear(struct options *o)
{
	free(o->inputs);
	volatile_free(o->ignored);
	proxies_clear(&o->env.proxies);
	request_clear(&o->env.request);
}
