/* awserve/options.c: the command line: a table of options, from which getopt's tables and --help are made. */
#include "awserve/options.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "awserve/certs.h"
#include "awserve/routes.h"
#include "awserve/rules.h"
#include "awserve/secure.h"

/* Takes an argument, or the lack of one, into o. False: it makes no sense. */
typedef bool option_fn(struct options *o, const char *arg, size_t field);

struct option_row {
	char letter;
	const char *name, *arg; /* arg NULL: takes none */
	option_fn *take;        /* NULL: prints something and ends, see print() */
	size_t field;
	const char *help;
};

/* A whole number up to max at *n. */
static bool
parse_number(const char *s, unsigned long max, int *n)
{
	char *end;
	unsigned long v = strtoul(s, &end, 10);

	if (*s < '0' || *s > '9' || *end || v > max)
		return false;
	*n = (int)v;
	return true;
}

static int *
int_at(struct options *o, size_t field)
{
	return (int *)(void *)((char *)o + field);
}

static bool
take_flag(struct options *o, const char *arg, size_t field)
{
	(void)arg;
	*(bool *)(void *)((char *)o + field) = true;
	return true;
}

static bool
take_port(struct options *o, const char *arg, size_t field)
{
	return parse_number(arg, 65535, int_at(o, field)) && *int_at(o, field) > 0;
}

static bool
take_ms(struct options *o, const char *arg, size_t field)
{
	return parse_number(arg, 3600 * 1000, int_at(o, field));
}

static bool
take_processes(struct options *o, const char *arg, size_t field)
{
	return parse_number(arg, 256, int_at(o, field)) && *int_at(o, field) > 0;
}

static bool
take_address(struct options *o, const char *arg, size_t field)
{
	struct addr a;

	(void)field;
	if (!addr_parse(&a, arg, 0))
		return false;
	addrs_add(&o->addresses, a);
	return true;
}

static bool
take_text(struct options *o, const char *arg, size_t field)
{
	*(const char **)(void *)((char *)o + field) = arg;
	return *arg;
}

static bool
take_v4(struct options *o, const char *arg, size_t field)
{
	(void)arg;
	*int_at(o, field) = AF_INET;
	return true;
}

static bool
take_v6(struct options *o, const char *arg, size_t field)
{
	(void)arg;
	*int_at(o, field) = AF_INET6;
	return true;
}

#define FIELD(name) offsetof(struct options, name)

static const struct option_row rows[] = {
	{'a', "address", "ADDR", take_address, 0, "listen there, not at 127.0.0.1 and ::1; repeatable"},
	{'p', "port", "PORT", take_port, FIELD(port), "the port for HTTP (any free one)"},
	{'s', "tls-port", "PORT", take_port, FIELD(tls_port), "the port for HTTPS (any free one)"},
	{'d', "dns-port", "PORT", take_port, FIELD(dns_port), "the port for DNS (any free one)"},
	{'P', "processes", "N", take_processes, FIELD(processes), "worker processes (1)"},
	{'w', "delay", "MS", take_ms, FIELD(delay_ms), "every HTTP answer comes so late"},
	{'W', "dns-delay", "MS", take_ms, FIELD(dns_delay_ms), "every DNS answer comes so late"},
	{0, "ca-out", "FILE", take_text, FIELD(ca_out), "write the test CA's certificate there"},
	{0, "client-out", "PREFIX", take_text, FIELD(client_out), "write a client's PREFIX.pem and PREFIX.key"},
	{'4', "ipv4", NULL, take_v4, FIELD(family), "names have IPv4 addresses only"},
	{'6', "ipv6", NULL, take_v6, FIELD(family), "names have IPv6 addresses only"},
	{'e', "until-eof", NULL, take_flag, FIELD(until_eof), "end when standard input does"},
	{'v', "verbose", NULL, take_flag, FIELD(verbose), "a line on stderr for each request and question"},
	{0, "public", NULL, take_flag, FIELD(public), "allow addresses that others can reach"},
	{'l', "list", NULL, NULL, 0, "print what paths and labels do, and exit"},
	{'h', "help", NULL, NULL, 0, "print this, and exit"},
	{'V', "version", NULL, NULL, 0, "print the version, and exit"},
};

enum { ROWS = sizeof rows / sizeof *rows, LONG_ONLY = 256 };

static void
print_help(void)
{
	printf("usage: awserve [OPTION]...\n"
	       "A test origin: answers HTTP, HTTPS and DNS on loopback, and misbehaves on request.\n\n");
	for (size_t i = 0; i < ROWS; i++) {
		const struct option_row *r = &rows[i];
		int n = printf(r->letter ? "  -%c, --%s" : "  %c   --%s", r->letter ? r->letter : ' ', r->name);

		n += r->arg ? printf(" %s", r->arg) : 0;
		printf("%*s%s\n", 26 - n, "", r->help);
	}
}

static void
print_list(void)
{
	printf("Paths, and as NAME-ARG in the first label of Host:\n");
	routes_list(stdout);
	printf("\nLabels of a name, for DNS:\n");
	rules_list(stdout);
	printf("\nLabels of a name, for TLS:\n");
	secure_list(stdout);
	printf("\nLabels of a name, for its certificate:\n");
	certs_list(stdout);
}

/* Options without a function print something. Returns the exit status. */
static int
print(const struct option_row *r)
{
	if (r->letter == 'h')
		print_help();
	else if (r->letter == 'l')
		print_list();
	else
		printf("awserve %s\n", VERSION);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	perror("awserve: standard output");
	return EXIT_OWN;
}

/* getopt's tables from ours; a long option's value is its row's number behind LONG_ONLY. */
static void
make_tables(char *letters, struct option *longs)
{
	*letters++ = ':'; /* tells a missing argument from an unknown option */
	for (size_t i = 0; i < ROWS; i++) {
		longs[i] = (struct option){rows[i].name, rows[i].arg ? required_argument : no_argument, NULL,
		    LONG_ONLY + (int)i};
		if (rows[i].letter)
			*letters++ = rows[i].letter;
		if (rows[i].letter && rows[i].arg)
			*letters++ = ':';
	}
	*letters = '\0';
	longs[ROWS] = (struct option){0};
}

static const struct option_row *
row_of(int c)
{
	if (c >= LONG_ONLY)
		return &rows[c - LONG_ONLY];
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].letter && rows[i].letter == c)
			return &rows[i];
	return NULL;
}

static int
usage(const char *what, const char *which)
{
	fprintf(stderr, "awserve: %s: %s\nTry 'awserve --help'.\n", which, what);
	return EXIT_USAGE;
}

/* The option that getopt does not like, as far as it tells. */
static int
usage_option(const char *what, const char *arg)
{
	const char letter[] = {'-', (char)optopt, '\0'};

	return usage(what, optopt && optopt < LONG_ONLY ? letter : arg);
}

/* 127.0.0.0/8 and ::1. */
static bool
is_loopback(const struct addr *a)
{
	if (a->sa.sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr);
	return ntohl(a->v4.sin_addr.s_addr) >> 24 == 127;
}

static int
check(const struct options *o)
{
	char text[ADDR_TEXT];

	for (size_t i = 0; i < o->addresses.n && !o->public; i++) {
		const struct addr *a = &o->addresses.v[i];

		if (!is_loopback(a))
			return usage("not a loopback address; --public would allow it", addr_text(a, text));
	}
	return -1;
}

int
options_parse(struct options *o, int argc, char **argv)
{
	char letters[2 * ROWS + 2];
	struct option longs[ROWS + 1];
	int c;

	*o = (struct options){.processes = 1};
	make_tables(letters, longs);
	opterr = 0;
	while ((c = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct option_row *r = c == '?' || c == ':' ? NULL : row_of(c);

		if (!r)
			return usage_option(c == ':' ? "needs an argument" : "no such option", argv[optind - 1]);
		if (!r->take)
			return print(r);
		if (!r->take(o, optarg, r->field))
			return usage("not a sensible value", optarg);
	}
	if (optind < argc)
		return usage("no arguments are taken", argv[optind]);
	return check(o);
}

void
options_clear(struct options *o)
{
	addrs_clear(&o->addresses);
}
