/* tests/unit/options.c: every option and what it sets; what is refused, and in which words; --help. */
#include "awget/options.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>

#include "awget/output.h"
#include "awget/volatile.h"
#include "base/install.h"
#include "check/checks.h"
#include "helper.h"
#include "net/dns.h"
#include "net/hosts.h"
#include "net/tls_module.h"

/* A module of TLS in place of tls.so, which is content with any file. */
static int
accept_files(const struct tls_options *o, struct err *e)
{
	(void)o, (void)e;
	return 0;
}

void *
install_symbol(const char *name, const char *symbol, struct err *e)
{
	static const struct tls_module content = {.init = accept_files};

	(void)name, (void)symbol, (void)e;
	return (void *)&content;
}

/* Our data are in the present folder, which is one of our own. */
void
install_data(struct buf *path, const char *name)
{
	path->n = 0;
	buf_str(path, str_of(name));
	buf_cstr(path);
}

static const struct {
	const char *name, *text;
} files[] = {
	{"owasp.checks", "status == 200\nwarn: status == 2xx\n"},
	{"good.checks", "# two\nok: status == 200\n\n@owasp\n"},
	{"bad.checks", "status == 200\n\tstatus = 200\n"},
	{"template", "%{n}\n"},
	{"bad.template", "%{n}\r\n %{nonsense}\r\n"},
	{"old.json", ""},
	{"new.json", ""},
	{"ours", "# no\n.a.test\n10.0.0.0/8\n"},
	{"bad.rules", "a.test\n10.0.0.0/33\n"},
};

static char folder[] = "/tmp/awget-options.XXXXXX";

static int
make_files(void **state)
{
	(void)state;
	if (!mkdtemp(folder) || chdir(folder) != 0)
		return -1;
	for (size_t i = 0; i < ROWS(files); i++) {
		FILE *f = fopen(files[i].name, "we");

		if (!f)
			return -1;
		fputs(files[i].text, f);
		fclose(f);
	}
	return 0;
}

static int
remove_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(files); i++)
		unlink(files[i].name);
	return rmdir(folder);
}

enum { WORDS = 16 };

/* The words of text, which are set apart by '|', behind the program's name. */
struct command {
	char *copy, *argv[WORDS + 2];
	int argc;
};

static void
command_split(struct command *c, const char *text)
{
	c->copy = strdup(text);
	c->argc = 0;
	c->argv[c->argc++] = (char *)"awget";
	for (char *word = c->copy, *bar; word; word = bar) {
		bar = strchr(word, '|');
		if (bar)
			*bar++ = '\0';
		assert_true(c->argc <= WORDS);
		c->argv[c->argc++] = word;
	}
	c->argv[c->argc] = NULL;
}

static void
show_flag(struct buf *b, const char *name, bool set)
{
	if (set)
		buf_printf(b, " %s", name);
}

static void
show_seconds(struct buf *b, const char *name, double seconds, double usual)
{
	if (seconds != usual)
		buf_printf(b, " %s=%g", name, seconds);
}

static void
show_text(struct buf *b, const char *name, const char *text)
{
	if (text)
		buf_printf(b, " %s=%s", name, text);
}

static void
show_number(struct buf *b, const char *name, unsigned n, unsigned usual)
{
	if (n != usual)
		buf_printf(b, " %s=%u", name, n);
}

static void
show_columns(struct buf *b, const char *name, const struct columns *c)
{
	for (size_t i = 0; i < c->n; i++) {
		buf_printf(b, i ? "," : " %s=", name);
		buf_str(b, column_name(c->v[i]));
	}
}

/* Is anything compared, and which of the names that rows give to --ignore does not count? */
static void
show_ignored(struct buf *b, const struct options *o)
{
	static const char *const names[] = {"date", "x-mine"};

	show_flag(b, "compares", o->ignored);
	for (size_t i = 0; o->ignored && i < ROWS(names); i++)
		if (volatile_ignores(o->ignored, str_of(names[i])))
			buf_printf(b, " ignore=%s", names[i]);
}

static void
show_checks(struct buf *b, const struct options *o)
{
	if (o->checks)
		buf_printf(b, " checks=%zu", checks_count(o->checks));
	show_flag(b, "list-checks", o->list_checks);
	for (size_t i = 0; i < o->reports.n; i++)
		buf_printf(b, " report=%s", o->reports.v[i]);
	show_flag(b, "nagios", o->nagios);
	show_text(b, "resume", o->resume);
	show_text(b, "baseline", o->baseline);
	show_text(b, "compare", o->compare);
	show_text(b, "replay", o->replay);
	show_columns(b, "top", &o->top);
}

static void
show_network(struct buf *b, const struct options *o)
{
	const struct fetch_env *env = &o->env;

	show_text(b, "default-scheme", env->default_scheme ? env->default_scheme->name : NULL);
	show_flag(b, "all-addresses", o->all_addresses);
	show_ignored(b, o);
	show_number(b, "retry", env->retries, 0);
	show_seconds(b, "retry-delay", env->retry_delay, 1);
	show_flag(b, "user", env->request.auth.n > 0);
	show_flag(b, "http1.1", env->request.minor == 1 && !env->tls.http10);
	show_flag(b, "location", env->location);
	show_number(b, "max-redirs", env->max_redirs, 10);
	show_flag(b, "allow-private", env->allow_private);
	show_flag(b, "insecure", env->tls.insecure);
	show_text(b, "cacert", env->tls.cacert);
	show_text(b, "cert", env->tls.cert);
	show_text(b, "key", env->tls.key);
	show_number(b, "tls-min", (unsigned)env->tls.min, 0);
	show_number(b, "tls-max", (unsigned)env->tls.max, 0);
	show_text(b, "device", *env->source.device ? env->source.device : NULL);
	show_flag(b, "source", env->source.address.sa.sa_family != AF_UNSPEC);
	show_text(b, "proxy", o->proxy);
	show_text(b, "over", env->proxies.any ? env->proxies.http.shown : NULL);
	show_text(b, "noproxy", o->noproxy);
}

/* All of *o that is not as it is without any option. */
static void
show(struct buf *b, const struct options *o)
{
	static const char *const whens[] = {"auto", "always", "never"}, *const only[] = {NULL, "failed", "ok", "changed"};

	for (size_t i = 0; i < o->inputs.n; i++)
		buf_printf(b, " input=%s", o->inputs.v[i]);
	if (o->concurrency != 256 || o->concurrency_given)
		buf_printf(b, " concurrency=%zu%s", o->concurrency, o->concurrency_given ? "" : " by itself");
	if (o->processes != 1)
		buf_printf(b, " processes=%u", o->processes);
	if (o->per_address)
		buf_printf(b, " per_address=%u", o->per_address);
	if (o->rate.interval != 0)
		buf_printf(b, " interval=%g", o->rate.interval);
	if (o->dedupe)
		buf_str(b, STR(" dedupe"));
	if (o->exclude)
		buf_str(b, o->env.exclude == o->exclude && exclude_name(o->exclude, "b.a.test", &(struct err){0}) != 0 ?
			STR(" exclude") : STR(" exclude?"));
	show_seconds(b, "timeout", o->env.timeout, 30);
	show_seconds(b, "connect-timeout", o->env.connect_timeout, 10);
	show_seconds(b, "dns-timeout", o->env.dns_timeout, 5);
	if (o->env.family != AF_UNSPEC)
		buf_printf(b, " %s", o->env.family == AF_INET ? "v4" : o->env.family == AF_INET6 ? "v6" : "?");
	if (o->env.max_header_size != 300 * 1024)
		buf_printf(b, " max-header-size=%zu", o->env.max_header_size);
	if (o->format != &out_text)
		buf_printf(b, " format=%s", o->format == &out_changes ? "changes" : o->format->name);
	if (o->output)
		buf_printf(b, " output=%s", o->output);
	show_flag(b, "append", o->append);
	show_flag(b, "quiet", o->quiet);
	show_flag(b, "silent", o->silent);
	show_flag(b, "group", o->group);
	show_columns(b, "fields", &o->fields);
	show_text(b, "only", only[o->only]);
	show_network(b, o);
	show_checks(b, o);
	show_flag(b, "stats", o->stats);
	show_flag(b, "exit-zero", o->exit_zero);
	show_flag(b, "verbose", o->verbose);
	show_flag(b, "help", o->help);
	show_flag(b, "version", o->version);
	if (o->color != WHEN_AUTO)
		buf_printf(b, " color=%s", whens[o->color]);
	if (o->progress != WHEN_AUTO)
		buf_printf(b, " progress=%s", whens[o->progress]);
	for (size_t i = 0; i < o->ntargets; i++)
		buf_printf(b, " [%s]", o->targets[i]);
}

static const struct {
	const char *words, *want;
} good[] = {
	{"a", " [a]"},
	{"a|b|c", " [a] [b] [c]"},
	{"-i|f", " input=f"},
	{"--input|f|-i|-|-ig|--input=h", " input=f input=- input=g input=h"},
	{"--dns-servers|192.0.2.1,[::1]:5353|a", " [a]"},
	{"--resolve|h:80:192.0.2.1|a", " [a]"},
	{"-4|a", " v4 [a]"},
	{"--ipv4|a", " v4 [a]"},
	{"-6|a", " v6 [a]"},
	{"--ipv6|a", " v6 [a]"},
	{"-4|-6|a", " v6 [a]"},
	{"--dns-timeout|250ms|a", " dns-timeout=0.25 [a]"},
	{"-c|1|a", " concurrency=1 [a]"},
	{"-c256|a", " concurrency=256 [a]"},
	{"--concurrency=1000000|a", " concurrency=1000000 [a]"},
	{"-P|4|a", " processes=4 [a]"},
	{"--processes=1000|a", " processes=1000 [a]"},
	{"--per-address|2|a", " per_address=2 [a]"},
	{"--rate|5/15s|a", " interval=3 [a]"},
	{"--rate=100|a", " interval=0.01 [a]"},
	{"--dedupe|a", " dedupe [a]"},
	{"--exclude|ours|--exclude=ours|a", " exclude [a]"},
	{"-m|2.5|a", " timeout=2.5 [a]"},
	{"--timeout|1h|a", " timeout=3600 [a]"},
	{"--connect-timeout|3m|a", " connect-timeout=180 [a]"},
	{"--max-header-size|64|a", " max-header-size=64 [a]"},
	{"--max-header-size|1M|a", " max-header-size=1048576 [a]"},
	{"-X|OPTIONS|a", " [a]"},
	{"--request|M-SEARCH|a", " [a]"},
	{"-I|a", " [a]"},
	{"--head|a", " [a]"},
	{"-H|A: b|--header|C: d|a", " [a]"},
	{"-A|x/1|a", " [a]"},
	{"--user-agent||a", " [a]"},
	{"--default-scheme|https|a", " default-scheme=https [a]"},
	{"--default-scheme|HTTP|a", " default-scheme=http [a]"},
	{"--all-addresses|a", " all-addresses compares [a]"},
	{"--all-addresses|--ignore|Date|--ignore|X-*|a", " all-addresses compares ignore=date [a]"},
	{"--all-addresses|--ignore|X-Mine|--ignore|date|a", " all-addresses compares ignore=date ignore=x-mine [a]"},
	{"--all-addresses|-x||a", " all-addresses compares proxy= [a]"},
	{"--retry|3|a", " retry=3 [a]"},
	{"--retry|1000|a", " retry=1000 [a]"},
	{"--retry-delay|50ms|a", " retry-delay=0.05 [a]"},
	{"-u|me:secret|a", " user [a]"},
	{"--user|me|a", " user [a]"},
	{"--http1.0|a", " [a]"},
	{"--http1.1|a", " http1.1 [a]"},
	{"--http1.1|--http1.0|a", " [a]"},
	{"-L|a", " location [a]"},
	{"--location|--max-redirs|0|a", " location max-redirs=0 [a]"},
	{"--allow-private|a", " allow-private [a]"},
	{"-k|a", " insecure [a]"},
	{"--insecure|a", " insecure [a]"},
	{"--cacert|CACERT|a", " cacert=CACERT [a]"},
	{"--cert|CERT|--key|KEY|a", " cert=CERT key=KEY [a]"},
	{"--tls-min|1.0|a", " tls-min=10 [a]"},
	{"--tls-max|1.3|a", " tls-max=13 [a]"},
	{"--tls-max|1.2|a", " tls-max=12 [a]"},
	{"--tls-min|1.1|--tls-max|1.1|a", " tls-min=11 tls-max=11 [a]"},
	{"--interface|127.0.0.1|a", " source [a]"},
	{"--interface|lo|a", " device=lo [a]"},
	{"-x|http://me:secret@p.test:3128|a", " proxy=http://me:secret@p.test:3128 over=http://p.test:3128 [a]"},
	{"--proxy|socks5h://p.test|--noproxy|b,c|a", " proxy=socks5h://p.test over=socks5h://p.test:1080 noproxy=b,c [a]"},
	{"-o|f|a", " output=f [a]"},
	{"--output|f|--append|a", " output=f append [a]"},
	{"--append|--output|-|a", " output=- append [a]"},
	{"--format|text|a", " [a]"},
	{"--format|json|a", " format=json [a]"},
	{"--format|raw|a", " format=raw [a]"},
	{"--format|none|a", " format=none [a]"},
	{"--format|csv|a", " format=csv [a]"},
	{"--format|csv|--fields|n, h[Server],cookie[a,b]|a", " format=csv fields=n,h[Server],cookie[a,b] [a]"},
	{"--fields|n|--fields|tag|--format|csv|a", " format=csv fields=tag [a]"},
	{"--fields|n|--report|html=f|a", " fields=n report=html=f [a]"},
	{"-w|%{n}\\n|a", " format=write-out [a]"},
	{"--write-out|@template|a", " format=write-out [a]"},
	{"-w||a", " format=write-out [a]"},
	{"-w|%{n}|-w|%{tag}|a", " format=write-out [a]"},
	{"-w|%{n}|--json|a", " format=json [a]"},
	{"--json|-w|%{n}|a", " format=write-out [a]"},
	{"--only|failed|a", " group only=failed [a]"},
	{"--only|failed|--only|ok|a", " group only=ok [a]"},
	{"--only|changed|--baseline|old.json|a",
	    " format=changes group only=changed compares baseline=old.json [a]"},
	{"--json|a", " format=json [a]"},
	{"--json|--format|text|a", " [a]"},
	{"-q|a", " quiet [a]"},
	{"--quiet|a", " quiet [a]"},
	{"-s|a", " format=none silent [a]"},
	{"--silent|a", " format=none silent [a]"},
	{"-s|--json|a", " format=none silent [a]"},
	{"--group|a", " group [a]"},
	{"--color|always|a", " color=always [a]"},
	{"--color|never|a", " color=never [a]"},
	{"--color|never|--color|auto|a", " [a]"},
	{"--progress|always|a", " progress=always [a]"},
	{"--progress=never|a", " progress=never [a]"},
	{"--stats|a", " stats [a]"},
	{"--exit-zero|a", " exit-zero [a]"},
	{"-v|a", " verbose [a]"},
	{"--verbose|a", " verbose [a]"},
	{"-V", " version"},
	{"--version", " version"},
	{"-h", " help"},
	{"--help", " help"},
	/* checks */
	{"-e|status == 200|a", " checks=1 [a]"},
	{"--expect|status == 200|-e|warn: x: h[A] present|a", " checks=2 [a]"},
	{"--checks|good.checks|a", " checks=3 [a]"},
	{"--checks|./good.checks|--checks|owasp.checks|a", " checks=5 [a]"},
	{"--preset|owasp|a", " checks=2 [a]"},
	{"-f|a", " checks=1 [a]"},
	{"--fail|-f|--preset|owasp|-e|status < 400|a", " checks=5 [a]"},
	{"--list-checks|-f", " checks=1 list-checks"},
	{"--list-checks|-f|a", " checks=1 list-checks [a]"},
	{"--report|tap=f|a", " report=tap=f [a]"},
	{"--report|junit=f|--report|prom=-=|a", " report=junit=f report=prom=-= [a]"},
	{"--report|nagios=f|a", " report=nagios=f nagios [a]"},
	/* earlier runs */
	{"--resume|f|a", " format=json resume=f [a]"},
	{"--resume|f|--json|a", " format=json resume=f [a]"},
	{"--resume|f|--baseline|old.json|a", " format=json compares resume=f baseline=old.json [a]"},
	{"--baseline|old.json|a", " format=changes compares baseline=old.json [a]"},
	{"--baseline|old.json|--ignore|X-Mine|a", " format=changes compares ignore=x-mine baseline=old.json [a]"},
	{"--baseline|old.json|--format|text|a", " format=changes compares baseline=old.json [a]"},
	{"--compare|old.json|new.json",
	    " format=changes group compares baseline=old.json compare=old.json replay=new.json"},
	{"--compare|old.json|new.json|--ignore|date",
	    " format=changes group compares ignore=date baseline=old.json compare=old.json replay=new.json"},
	{"--replay|old.json", " group replay=old.json"},
	{"--replay|old.json|--baseline|new.json", " format=changes group compares baseline=new.json replay=old.json"},
	{"--top|status|a", " format=none top=status [a]"},
	{"--top|status|--top|h[A],n|a", " format=none top=h[A],n [a]"},
	/* what is told follows from what else is asked for: nothing beside what goes to standard output itself, */
	{"--report|tap=-|a", " format=none report=tap=- [a]"},
	{"--report|tap=f|--report|nagios=-|a", " format=none report=tap=f report=nagios=- nagios [a]"},
	{"--top|n|--report|tap=f|a", " format=none report=tap=f top=n [a]"},
	{"--top|n|--replay|old.json", " format=none group replay=old.json top=n"},
	{"--top|n|--compare|old.json|new.json",
	    " format=none group compares baseline=old.json compare=old.json replay=new.json top=n"},
	{"--report|tap=-|--baseline|old.json|a", " format=none compares report=tap=- baseline=old.json [a]"},
	/* unless it is asked for, too */
	{"--top|n|--json|a", " format=json top=n [a]"},
	{"--top|n|-w|%{n}|a", " format=write-out top=n [a]"},
	{"--top|n|--format|text|--baseline|old.json|a", " format=changes compares baseline=old.json top=n [a]"},
	{"--report|tap=-|--json|-o|f|a", " format=json output=f report=tap=- [a]"},
	{"--report|tap=-|--format|none|a", " format=none report=tap=- [a]"},
	{"--report|tap=-|--json|-s|a", " format=none silent report=tap=- [a]"},
	{"-s|--top|n|--json|a", " format=none silent top=n [a]"},
	/* and records, where a run can be gone on with */
	{"--resume|f|--top|n|a", " format=json resume=f top=n [a]"},
	{"--resume|f|--report|tap=-|a", " format=json report=tap=- resume=f [a]"},
	{"--resume|f|--report|tap=-|--json|a", " format=json report=tap=- resume=f [a]"},
	{"--baseline|old.json|--format|csv|a", " format=csv compares baseline=old.json [a]"},
	{"--baseline|old.json|-w|%{n}|a", " format=write-out compares baseline=old.json [a]"},
	{"--baseline|old.json|-s|a", " format=none silent compares baseline=old.json [a]"},
	{"--replay|old.json|-s|-f", " format=none silent group checks=1 replay=old.json"},
	/* the same file, where nothing would be overwritten */
	{"--baseline|old.json|--replay|old.json", " format=changes group compares baseline=old.json replay=old.json"},
	{"--compare|old.json|new.json|-o|f",
	    " format=changes output=f group compares baseline=old.json compare=old.json replay=new.json"},
	{"--baseline|old.json|--report|html=new.html|a", " format=changes compares report=html=new.html baseline=old.json [a]"},
	/* how they may be written */
	{"a|-q|b", " quiet [a] [b]"},
	{"-qsvc5|a", " concurrency=5 format=none quiet silent verbose [a]"},
	{"-q|--|-s|a", " quiet [-s] [a]"},
	{"--|--help", " [--help]"},
	{"--time|3|a", " timeout=3 [a]"},
	{"-q|-", " quiet [-]"},
	{"", " []"},
	/* what would be refused otherwise, and asks for help */
	{"-h|--format|raw", " format=raw help"},
	{"-V|--append", " append version"},
};

static void
each_option_sets_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(good); i++) {
		struct str row = str_of(good[i].words);
		struct buf shown = {0};
		struct command c;
		struct options o;
		struct err e = {0};

		command_split(&c, good[i].words);
		if (options_parse(&o, c.argc, c.argv, &e) != 0)
			fail_msg("%s: %s", good[i].words, e.text);
		show(&shown, &o);
		expect_str(row, buf_view(&shown), str_of(good[i].want));
		buf_clear(&shown);
		options_clear(&o);
		free(c.copy);
		assert_int_equal(dns_servers("192.0.2.1", NULL), 0);
		dns_end();
	}
}

static void
request_is_made_of_the_options(void **state)
{
	static const struct {
		const char *words, *want;
	} rows[] = {
		{"a", "GET / HTTP/1.0\r\nHost: a.test\r\nUser-Agent: awget/" VERSION "\r\n\r\n"},
		{"-A||a", "GET / HTTP/1.0\r\nHost: a.test\r\n\r\n"},
		{"-A|x y|a", "GET / HTTP/1.0\r\nHost: a.test\r\nUser-Agent: x y\r\n\r\n"},
		{"-I|a", "HEAD / HTTP/1.0\r\nHost: a.test\r\nUser-Agent: awget/" VERSION "\r\n\r\n"},
		{"-X|PUT|-A||a", "PUT / HTTP/1.0\r\nHost: a.test\r\n\r\n"},
		{"-X|PUT|-I|-A||a", "HEAD / HTTP/1.0\r\nHost: a.test\r\n\r\n"},
		{"-I|-X|PUT|-A||a", "PUT / HTTP/1.0\r\nHost: a.test\r\n\r\n"},
		{"-H|B: 1|-H|A: 2|-H|B: 1|-A||a", "GET / HTTP/1.0\r\nHost: a.test\r\nB: 1\r\nA: 2\r\nB: 1\r\n\r\n"},
		{"-H|host: b|-H|User-Agent:|a", "GET / HTTP/1.0\r\nhost: b\r\n\r\n"},
		{"-u|me:secret|-A||a", "GET / HTTP/1.0\r\nHost: a.test\r\nAuthorization: Basic bWU6c2VjcmV0\r\n\r\n"},
		{"-u|x|-u|me:secret|-A||a",
			"GET / HTTP/1.0\r\nHost: a.test\r\nAuthorization: Basic bWU6c2VjcmV0\r\n\r\n"},
		{"--http1.1|-A||a", "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"},
		{"-H|Accept;|-A||a", "GET / HTTP/1.0\r\nHost: a.test\r\nAccept:\r\n\r\n"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].words);
		struct buf b = {0};
		struct command c;
		struct options o;
		struct url u;

		command_split(&c, rows[i].words);
		assert_int_equal(options_parse(&o, c.argc, c.argv, NULL), 0);
		assert_int_equal(url_parse(&u, STR("a.test"), NULL, NULL), 0);
		request_write(&b, &o.env.request, &u, &(struct request_hop){0});
		expect_str(row, buf_view(&b), str_of(rows[i].want));
		buf_clear(&b);
		url_clear(&u);
		options_clear(&o);
		free(c.copy);
	}
}

static void
resolve_and_dns_servers_reach_the_resolver(void **state)
{
	struct addrs list = {0};
	struct command c;
	struct options o;

	(void)state;
	command_split(&c, "--resolve|h.test:80:192.0.2.1|--resolve|*:81:::1|a");
	assert_int_equal(options_parse(&o, c.argc, c.argv, NULL), 0);
	assert_true(hosts_find(&list, "h.test", 80, AF_UNSPEC, NULL) == 1);
	assert_true(hosts_find(&list, "other.test", 81, AF_UNSPEC, NULL) == 1);
	assert_int_equal(list.n, 2);
	addrs_clear(&list);
	options_clear(&o);
	free(c.copy);
	hosts_end();
}

static void
what_is_wrong_is_said_with_the_option_s_name(void **state)
{
	static const struct {
		const char *words, *why;
	} rows[] = {
		{"-q", "no target; see awget --help"},
		{"-q|--", "no target; see awget --help"},
		{"--append|a", "--append goes with -o FILE"},
		{"--format|raw|a|b", "--format raw is for one target"},
		{"--format|raw|-i|f", "--format raw is for one target"},
		{"--format|raw|a|-i|f", "--format raw is for one target"},
		{"--format|raw|--replay|f", "--format raw is for one target"},
		{"--format|raw|--compare|f|g", "--format raw is for one target"},
		{"--format|raw|--all-addresses|a", "--format raw is for one answer, not for --all-addresses"},
		{"--ignore|Date|a", "--ignore goes with --all-addresses, --baseline or --compare"},
		{"--ignore|Date|--replay|f", "--ignore goes with --all-addresses, --baseline or --compare"},
		{"--compare|f", "--compare takes two files, and no target"},
		{"--compare|f|g|a", "--compare takes two files, and no target"},
		{"--compare|f|g|-i|h", "--compare takes two files, and no target"},
		{"--compare|f|g|--baseline|h", "--compare is --baseline and --replay in one"},
		{"--compare|f|g|--replay|h", "--compare is --baseline and --replay in one"},
		{"--replay|f|a", "--replay fetches nothing: it takes no target"},
		{"--replay|f|-i|g", "--replay fetches nothing: it takes no target"},
		{"--baseline|f", "no target; see awget --help"},
		{"--resume|f", "no target; see awget --help"},
		{"-f", "no target; see awget --help"},
		{"--list-checks", "--list-checks goes with -e, --checks, --preset or -f"},
		{"--list-checks|a", "--list-checks goes with -e, --checks, --preset or -f"},
		{"--only|changed|a", "--only changed goes with --baseline or --compare"},
		{"--only|changed|--replay|f", "--only changed goes with --baseline or --compare"},
		{"--fields|n|a", "--fields goes with --format csv or --report html"},
		{"--fields|n|--json|--report|tap=f|a", "--fields goes with --format csv or --report html"},
		{"--all-addresses|--baseline|f|a",
		    "--all-addresses goes with none of --baseline, --compare, --replay, --resume"},
		{"--all-addresses|--compare|f|g",
		    "--all-addresses goes with none of --baseline, --compare, --replay, --resume"},
		{"--all-addresses|--replay|f",
		    "--all-addresses goes with none of --baseline, --compare, --replay, --resume"},
		{"--all-addresses|--resume|f|a",
		    "--all-addresses goes with none of --baseline, --compare, --replay, --resume"},
		{"--resume|f|--replay|g", "--resume goes on fetching; --replay fetches nothing"},
		{"--resume|f|--compare|g|h", "--resume goes on fetching; --replay fetches nothing"},
		{"--resume|f|-o|g|a", "--resume FILE is where the results go: there is no -o beside it"},
		{"--resume|f|-o|-|a", "--resume FILE is where the results go: there is no -o beside it"},
		{"--resume|f|--format|csv|a", "--resume writes --json, and nothing else"},
		{"--resume|f|--format|text|a", "--resume writes --json, and nothing else"},
		{"--resume|f|--format|none|a", "--resume writes --json, and nothing else"},
		{"--resume|f|-w|%{n}|a", "--resume writes --json, and nothing else"},
		{"--resume|f|--only|ok|a", "--resume needs every record: there is no --only beside it"},
		{"--resume|f|-s|a", "--resume writes results: there is no --silent beside it"},
		{"--report|tap=-|--report|junit=-|a", "only one --report can go to standard output"},
		{"--report|tap=-|--json|a",
		    "results and a --report cannot both go to standard output; give -o FILE"},
		{"--report|tap=-|-w|%{n}|-o|-|a",
		    "results and a --report cannot both go to standard output; give -o FILE"},
		{"--baseline|old.json|-o|old.json|a", "results would overwrite the file that they are made from"},
		{"--baseline|old.json|-o|./old.json|--append|a", "results would overwrite the file that they are made from"},
		{"--replay|old.json|-o|old.json", "results would overwrite the file that they are made from"},
		{"--compare|old.json|new.json|-o|old.json", "results would overwrite the file that they are made from"},
		{"--compare|old.json|new.json|-o|new.json", "results would overwrite the file that they are made from"},
		{"--resume|old.json|--baseline|old.json|a", "results would overwrite the file that they are made from"},
		{"-i|old.json|-o|old.json", "results would overwrite the file that they are made from"},
		{"--baseline|old.json|--report|tap=./old.json|a", "a --report would overwrite another file of this run"},
		{"-o|f|--report|tap=f|a", "a --report would overwrite another file of this run"},
		{"--report|tap=f|--report|prom=f|a", "a --report would overwrite another file of this run"},
		{"--all-addresses|-x|p.test|a", "--all-addresses does not go through a proxy"},
		{"--tls-max|1.1|a", "--tls-max is below --tls-min, which is 1.2 unless it is given"},
		{"--tls-min|1.3|--tls-max|1.2|a", "--tls-max is below --tls-min, which is 1.2 unless it is given"},
		{"--key|f|a", "--key goes with --cert"},
		/* options that there are not */
		{"-z|a", "unknown option -z; see awget --help"},
		{"-qz|a", "unknown option -z; see awget --help"},
		{"a|-z", "unknown option -z; see awget --help"},
		{"-:|a", "unknown option -:; see awget --help"},
		{"-?|a", "unknown option -?; see awget --help"},
		{"-\x1b|a", "unknown option -\\x1b; see awget --help"},
		{"-q|-\xc3\xa9|a", "unknown option -\\xc3; see awget --help"},
		{"--nonsense|a", "option --nonsense is not understood; see awget --help"},
		{"-q|--nonsense=5|a", "option --nonsense is not understood; see awget --help"},
		{"--co|5|a", "option --co is not understood; see awget --help"}, /* -timeout, -lor, -ncurrency */
		{"--json=5|a", "option --json is not understood; see awget --help"},
		{"--\x1b[31m|a", "option --\\x1b[31m is not understood; see awget --help"},
		/* arguments that are missing */
		{"a|-c", "-c needs an argument; see awget --help"},
		{"a|-qc", "-qc needs an argument; see awget --help"},
		{"a|--timeout", "--timeout needs an argument; see awget --help"},
		/* and ones that make no sense */
		{"--dns-servers|nonsense|a", "--dns-servers: 'nonsense' is not IP or IP:PORT"},
		{"--dns-servers|192.0.2.1,a.test|a", "--dns-servers: 'a.test' is not IP or IP:PORT"},
		{"--dns-servers|192.0.2.1:0|a", "--dns-servers: '192.0.2.1:0' is not IP or IP:PORT"},
		{"--dns-servers||a", "--dns-servers: no server is named"},
		{"--dns-servers|,|a", "--dns-servers: no server is named"},
		{"--resolve|h|a", "--resolve: 'h' is not HOST:PORT:ADDR"},
		{"--resolve|h:80:x|a", "--resolve: 'x' is not an IP address"},
		{"--resolve|h:http:192.0.2.1|a", "--resolve: 'h:http:192.0.2.1' has no port from 1 to 65535"},
		{"--dns-timeout|0|a", "--dns-timeout: '0' is not a time from 1ms to 1000000s"},
		{"--all-addresses|--ignore|A b|a",
		    "--ignore: 'A b' is not a field name, alone or with value, cookie or nonce behind it"},
		{"-m|-1|a", "--timeout: '-1' is not a time from 1ms to 1000000s"},
		{"-m||a", "--timeout: '' is not a time from 1ms to 1000000s"},
		{"--connect-timeout|1d|a", "--connect-timeout: '1d' is not a time from 1ms to 1000000s"},
		{"-P|0|a", "--processes: '0' is not a number from 1 to 1000"},
		{"-P|1001|a", "--processes: '1001' is not a number from 1 to 1000"},
		{"--per-address|0|a", "--per-address: '0' is not a number from 1 to 1000000"},
		{"--rate|0/s|a", "--rate: '0/s' is not a rate such as 100/s or 5/15s"},
		{"--exclude|bad.rules|a", "--exclude: bad.rules:2: '33' is no length of a prefix from 0 to 32"},
		{"--exclude|none|a", "--exclude: cannot read none: No such file or directory"},
		{"--replay|old.json|--dedupe", "--replay fetches nothing: there is nothing to --dedupe"},
		{"-c|0|a", "--concurrency: '0' is not a number from 1 to 1000000"},
		{"-c|-1|a", "--concurrency: '-1' is not a number from 1 to 1000000"},
		{"-c|+1|a", "--concurrency: '+1' is not a number from 1 to 1000000"},
		{"-c|1000001|a", "--concurrency: '1000001' is not a number from 1 to 1000000"},
		{"-c|99999999999999999999|a", "--concurrency: '99999999999999999999' is not a number from 1 to 1000000"},
		{"-c|5k|a", "--concurrency: '5k' is not a number from 1 to 1000000"},
		{"-c|0x10|a", "--concurrency: '0x10' is not a number from 1 to 1000000"},
		{"-c|1.5|a", "--concurrency: '1.5' is not a number from 1 to 1000000"},
		{"-c| 5|a", "--concurrency: ' 5' is not a number from 1 to 1000000"},
		{"-c||a", "--concurrency: '' is not a number from 1 to 1000000"},
		{"--max-header-size|63|a", "--max-header-size: '63' is not a size from 64 to 1G"},
		{"--max-header-size|1025M|a", "--max-header-size: '1025M' is not a size from 64 to 1G"},
		{"-X||a", "--request: \"\" is not a method"},
		{"-X|GET /|a", "--request: \"GET /\" is not a method"},
		{"-X|G\r\nT|a", "--request: \"G\\x0d\\x0aT\" is not a method"},
		{"-H||a", "--header: a header is \"Name: value\", \"Name;\" or \"Name:\""},
		{"-H|A b: c|a", "--header: what stands before ':' or ';' is not the name of a header"},
		{"-H|A: b\r\nC: d|a", "--header: a header must not contain line ends or other control bytes"},
		{"-A|x\ny|a", "--user-agent: a user agent must not contain line ends or other control bytes"},
		{"--format|xml|a", "--format: 'xml' is none of text, json, csv, raw, none"},
		{"--format||a", "--format: '' is none of text, json, csv, raw, none"},
		{"--color|yes|a", "--color: 'yes' is none of auto, always, never"},
		{"--progress|Always|a", "--progress: 'Always' is none of auto, always, never"},
		{"--progress|a", "--progress: 'a' is none of auto, always, never"},
		{"--default-scheme|ftp|a", "--default-scheme: 'ftp' is none of http, https"},
		{"--retry|-1|a", "--retry: '-1' is not a number from 0 to 1000"},
		{"--retry|1001|a", "--retry: '1001' is not a number from 0 to 1000"},
		{"--retry||a", "--retry: '' is not a number from 0 to 1000"},
		{"--max-redirs|1e3|a", "--max-redirs: '1e3' is not a number from 0 to 1000"},
		{"--retry-delay|0|a", "--retry-delay: '0' is not a time from 1ms to 1000000s"},
		{"-u|me:sec\nret|a", "--user: user and password must not contain control bytes"},
		{"-H|@/nonexistent|a", "--header: cannot read /nonexistent: No such file or directory"},
		{"--tls-min|1.4|a", "--tls-min: '1.4' is none of 1.0, 1.1, 1.2, 1.3"},
		{"--tls-max|TLSv1.2|a", "--tls-max: 'TLSv1.2' is none of 1.0, 1.1, 1.2, 1.3"},
		{"-w|@nowhere|a", "--write-out: cannot read nowhere: No such file or directory"},
		{"-w|a%{nonsense}|a", "-w:1:2: there is no %{nonsense}"},
		{"-w|@bad.template|a", "bad.template:2:2: there is no %{nonsense}"},
		{"--fields||a", "--fields: a name is missing"},
		{"--fields|n,serv|a",
		    "--fields: 'serv' is neither a name of -w nor a field of checks; of a header it is h[serv]"},
		{"--top|h[|a", "--top: 'h[': this '[' has no ']'"},
		{"--top|status,|a", "--top: a name is missing"},
		{"--only|all|a", "--only: 'all' is none of failed, ok, changed"},
		{"-e|stat == 200|a", "-e:1:1: there is no field 'stat'; did you mean status?"},
		{"-e|status == 200|-e||a", "-e:2:1: a check is missing"},
		{"--checks|nowhere|a", "--checks: cannot read nowhere: No such file or directory"},
		{"--checks|bad.checks|a", "bad.checks:2:9: '=' is not known here; did you mean ==?"},
		{"--preset|nonsense|a",
		    "--preset: there is no preset 'nonsense'; those that come with awget are owasp, hsts, cookies, leak and "
		    "cache"},
		{"--preset|../owasp|a",
		    "--preset: there is no preset '../owasp'; those that come with awget are owasp, hsts, cookies, leak and "
		    "cache"},
		{"--report|f|a", "--report: 'f' is not KIND=FILE, with a kind of: tap, junit, html, nagios, prom"},
		{"--report|tap=|a", "--report: 'tap=' is not KIND=FILE, with a kind of: tap, junit, html, nagios, prom"},
		{"--report|TAP=f|a", "--report: 'TAP=f' is not KIND=FILE, with a kind of: tap, junit, html, nagios, prom"},
		{"--baseline|f|--ignore|A b|a",
		    "--ignore: 'A b' is not a field name, alone or with value, cookie or nonce behind it"},
		/* the first is told */
		{"-c|x|-m|y|a", "--concurrency: 'x' is not a number from 1 to 1000000"},
		{"-c|x|--help", "--concurrency: 'x' is not a number from 1 to 1000000"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].words);
		struct command c;
		struct options o;
		struct err e = {0};

		command_split(&c, rows[i].words);
		expect_int(row, options_parse(&o, c.argc, c.argv, &e), -1);
		expect_err(row, &e, ERR_INPUT);
		expect_str(row, str_of(e.text), str_of(rows[i].why));
		options_clear(&o);
		free(c.copy);
		assert_int_equal(dns_servers("192.0.2.1", NULL), 0);
		dns_end();
	}
}

static void
what_is_wrong_of_a_check_or_a_template_is_shown(void **state)
{
	static const struct {
		const char *words;
		struct str want;
	} rows[] = {
		{"-e|status == 200|-e|x: stat == 200|a", STR("x: stat == 200\n   ^\n")},
		{"--checks|bad.checks|a", STR(" status = 200\n        ^\n")},
		{"-w|a%{nonsense}\x1b|a", STR("a%{nonsense}\\x1b\n ^\n")},
		{"-w|@bad.template|a", STR(" %{nonsense}\n ^\n")},
		{"-w|%{nonsense}|-e|stat|a", STR("%{nonsense}\n^\n")},
		{"-w|%{n}|-e|stat|a", STR("stat\n^\n")},
		{"-e|status < 400|-w|%{nonsense}|a", STR("%{nonsense}\n^\n")},
		/* there is nothing to be seen of what has no place */
		{"--checks|nowhere|a", STR("")},
		{"-w|@nowhere|a", STR("")},
		{"--preset|nonsense|a", STR("")},
		{"-w|%{n}|-c|x|a", STR("")},
		{"-f|-c|x|a", STR("")},
		{"-f", STR("")},
		{"--only|x|a", STR("")},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].words);
		struct command c;
		struct options o;
		struct err e;

		command_split(&c, rows[i].words);
		expect_int(row, options_parse(&o, c.argc, c.argv, &e), -1);
		expect_str(row, options_excerpt(&o), rows[i].want);
		options_clear(&o);
		free(c.copy);
	}
}

/* What is looked at of each answer costs time, and so is only what somebody wants. */
static void
what_is_fetched_follows_from_what_is_told(void **state)
{
	static const struct {
		const char *words;
		bool fields, tls_info;
	} rows[] = {
		{"a", false, false},
		{"--format|raw|a", false, false},
		{"-s|a", false, false},
		{"--json|a", true, true},
		{"--format|csv|a", true, true},
		{"-w|%{n}|a", true, true},
		{"-f|a", true, true},
		{"-s|-f|a", true, true},
		{"--report|tap=f|a", true, true},
		{"--baseline|f|a", true, true},
		{"-s|--baseline|f|a", true, true},
		{"--top|n|a", true, true},
		{"-L|a", true, false},
		{"--retry|1|a", true, false},
		{"--all-addresses|a", true, false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].words);
		struct command c;
		struct options o;

		command_split(&c, rows[i].words);
		expect_int(row, options_parse(&o, c.argc, c.argv, NULL), 0);
		expect_int(row, o.env.fields, rows[i].fields);
		expect_int(row, o.env.tls_info, rows[i].tls_info);
		options_clear(&o);
		free(c.copy);
	}
}

static void
proxy_of_the_environment_that_is_none_is_told(void **state)
{
	static const struct {
		const char *words, *why;
	} rows[] = {
		{"a", "http_proxy in the environment: "},
		{"--noproxy|b|a", "http_proxy in the environment: "},
		{"-x|p.test|a", NULL},
		{"-x||a", NULL},
		{"--all-addresses|a", NULL},
		{"--help", NULL},
	};

	(void)state;
	setenv("http_proxy", "ftp://me:secret@p.test", 1);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].words);
		struct command c;
		struct options o;
		struct err e = {0};

		command_split(&c, rows[i].words);
		expect_int(row, options_parse(&o, c.argc, c.argv, &e), rows[i].why ? -1 : 0);
		if (rows[i].why) {
			expect_err(row, &e, ERR_INPUT);
			expect_int(row, str_starts(str_of(e.text), str_of(rows[i].why)), true);
			assert_null(strstr(e.text, "secret"));
		}
		options_clear(&o);
		free(c.copy);
	}
	unsetenv("http_proxy");
}

static void
times_are_decimals_with_a_suffix(void **state)
{
	static const struct {
		const char *text;
		double want; /* 0: refused */
	} rows[] = {
		{"1", 1}, {"30", 30}, {"2.5", 2.5}, {".5", 0.5}, {"5.", 5}, {"007", 7}, {"0.001", 0.001}, {"1ms", 0.001},
		{"1.5ms", 0.0015}, {"250ms", 0.25}, {"1s", 1}, {"1.5s", 1.5}, {"2m", 120}, {"0.5m", 30}, {"1h", 3600},
		{"277h", 997200}, {"1000000", 1e6}, {"1000000s", 1e6}, {"1000000000ms", 1e6},
		{"", 0}, {"0", 0}, {"0s", 0}, {"0.0009", 0}, {".9ms", 0}, {"1000001", 0}, {"278h", 0}, {"1e400", 0},
		{"1e3", 0}, {"0x10", 0}, {"inf", 0}, {"nan", 0}, {"infinity", 0}, {"-1", 0}, {"+1", 0}, {" 1", 0}, {"1 ", 0},
		{"1 s", 0}, {"s", 0}, {"ms", 0}, {".", 0}, {"..", 0}, {"1.2.3", 0}, {"1,5", 0}, {"1S", 0}, {"1M", 0},
		{"1d", 0}, {"1sec", 0}, {"1us", 0}, {"1msx", 0}, {"99999999999999999999999999999", 0},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].text);
		double got = 0;

		expect_int(row, options_seconds(guarded_cstr(row), &got), rows[i].want != 0);
		if (rows[i].want != 0 && !(got > rows[i].want * 0.999999 && got < rows[i].want * 1.000001))
			fail_msg("%s: got %g, want %g", rows[i].text, got, rows[i].want);
	}
}

static void
sizes_are_whole_numbers_with_a_suffix(void **state)
{
	static const struct {
		const char *text;
		long long want; /* -1: refused */
	} rows[] = {
		{"0", 0}, {"1", 1}, {"64", 64}, {"300k", 300 << 10}, {"1M", 1 << 20}, {"1G", 1 << 30}, {"1024M", 1 << 30},
		{"1048576k", 1 << 30}, {"1073741824", 1 << 30}, {"000000000064", 64},
		{"", -1}, {"k", -1}, {"-1", -1}, {"+1", -1}, {" 1", -1}, {"1 ", -1}, {"1.5k", -1}, {"1e3", -1}, {"0x10", -1},
		{"1K", -1}, {"1m", -1}, {"1g", -1}, {"1T", -1}, {"1kk", -1}, {"1kB", -1}, {"1k ", -1},
		{"1073741825", -1}, {"1025M", -1}, {"2G", -1}, {"1048577k", -1}, {"99999999999G", -1},
		{"18446744073709551616", -1}, {"0000000000064", -1},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].text);
		size_t got = 77;

		expect_int(row, options_size(guarded_cstr(row), &got), rows[i].want >= 0);
		if (rows[i].want >= 0)
			expect_int(row, (long long)got, rows[i].want);
	}
}

/* --- --help --- */

/* What options_help() prints. */
static void
read_help(struct buf *b)
{
	FILE *file = tmpfile();
	int out = dup(STDOUT_FILENO);

	assert_non_null(file);
	fflush(stdout);
	assert_true(dup2(fileno(file), STDOUT_FILENO) >= 0);
	assert_int_equal(options_help(), 0);
	assert_true(dup2(out, STDOUT_FILENO) >= 0);
	close(out);
	rewind(file);
	buf_reserve(b, 65536);
	b->n = fread(b->s, 1, 65536, file);
	fclose(file);
}

/* Is the word among those of the rows? */
static bool
is_tested(struct str word)
{
	for (size_t i = 0; i < ROWS(good); i++) {
		struct command c;
		bool found = false;

		command_split(&c, good[i].words);
		for (int k = 1; k < c.argc; k++)
			found |= str_eq((struct str){c.argv[k], strcspn(c.argv[k], "=")}, word) ||
				(word.n == 2 && strncmp(c.argv[k], word.s, 2) == 0);
		free(c.copy);
		if (found)
			return true;
	}
	return false;
}

static void
each_option_of_help_is_tested_here(void **state)
{
	struct buf help = {0};
	size_t count = 0;

	(void)state;
	read_help(&help);
	for (char *save, *line = strtok_r(buf_cstr(&help), "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		struct str name = {line + 6, 0};

		if (strlen(line) > 80)
			fail_msg("wider than 80 columns: %s", line);
		if (strncmp(line, "  ", 2) != 0 || strlen(line) < 8 || strncmp(line + 6, "--", 2) != 0)
			continue;
		name.n = strcspn(line + 6, " ");
		count++;
		if (!is_tested(name) || (line[2] == '-' && !is_tested((struct str){line + 2, 2})))
			fail_msg("no row tests:%s", line);
	}
	assert_true(count > 20);
	buf_clear(&help);
}

static void
help_that_cannot_be_written_is_an_error(void **state)
{
	int full = open("/dev/full", O_WRONLY), out = dup(STDOUT_FILENO), rc;

	(void)state;
	fflush(stdout);
	dup2(full, STDOUT_FILENO);
	rc = options_help();
	clearerr(stdout);
	dup2(out, STDOUT_FILENO);
	close(full);
	close(out);
	assert_int_equal(rc, -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_option_sets_what_it_says),
		cmocka_unit_test(request_is_made_of_the_options),
		cmocka_unit_test(resolve_and_dns_servers_reach_the_resolver),
		cmocka_unit_test(what_is_wrong_is_said_with_the_option_s_name),
		cmocka_unit_test(what_is_wrong_of_a_check_or_a_template_is_shown),
		cmocka_unit_test(what_is_fetched_follows_from_what_is_told),
		cmocka_unit_test(proxy_of_the_environment_that_is_none_is_told),
		cmocka_unit_test(times_are_decimals_with_a_suffix),
		cmocka_unit_test(sizes_are_whole_numbers_with_a_suffix),
		cmocka_unit_test(each_option_of_help_is_tested_here),
		cmocka_unit_test(help_that_cannot_be_written_is_an_error),
	};

	static const char *const variables[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

	for (size_t i = 0; i < ROWS(variables); i++)
		unsetenv(variables[i]);
	return cmocka_run_group_tests(tests, make_files, remove_files);
}
