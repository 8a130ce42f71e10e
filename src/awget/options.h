/* awget/options.h: the command line, understood. */
#ifndef AWGET_OPTIONS_H
#define AWGET_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "awget/column.h"
#include "awget/rate.h"
#include "base/err.h"
#include "fetch/fetch.h"

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };
enum only { ONLY_ALL, ONLY_FAILED, ONLY_OK, ONLY_CHANGED };

struct checks;
struct output;
struct template;
struct volatile_list;

/* Arguments of an option that may be given several times, in their order. */
struct texts {
	const char **v;
	size_t n;
};

struct options {
	char **targets;           /* the arguments */
	size_t ntargets;
	struct texts inputs;      /* -i */
	size_t concurrency;
	bool concurrency_given;
	struct rate rate;         /* of starts */
	unsigned per_address;     /* targets at an address at a time; 0: any number */
	unsigned processes;       /* that fetch; 1: this one does */
	struct fetch_env env;
	const struct output *format;
	bool format_given;
	struct template *template;   /* -w; NULL: none */
	struct buf excerpt;          /* of what was wrong of it */
	struct columns fields, top;  /* --fields and --top; n is 0: none */
	struct checks *checks;       /* NULL: none */
	bool list_checks;
	struct texts reports;        /* --report */
	bool nagios;                 /* is one of them nagios? */
	const char *resume, *replay, *baseline, *compare; /* NULL: not wanted */
	enum only only;
	const char *output;       /* -o; NULL or "-": standard output */
	bool all_addresses, dedupe;
	struct exclude *exclude;  /* env's; NULL: none */
	struct volatile_list *ignored; /* by --ignore; NULL: nothing; not yet the data file */
	const char *proxy, *noproxy; /* -x and --noproxy; NULL: what the environment says */
	bool append, quiet, silent, group, stats, verbose, exit_zero;
	enum when color, progress;
	bool help, version;
};

/*
 * Fills *o, whose strings borrow argv, and net/hosts.h by --resolve. 0, or -1 with ERR_INPUT and a sentence that
 * names the option. The caller ends it with options_clear in every case.
 */
int options_parse(struct options *o, int argc, char **argv, struct err *e);
void options_clear(struct options *o);

/* After a failure: what was wrong of a check or a template, and a caret below, two lines; else empty. */
struct str options_excerpt(const struct options *o);

/* --help, made from the table of options, on standard output. 0, or -1 when it could not be written. */
int options_help(void);

/* SEC with its suffix ms, s, m or h; SIZE with k, M or G. True if text was one within the limits. */
bool options_seconds(const char *text, double *seconds);
bool options_size(const char *text, size_t *size);

#endif
