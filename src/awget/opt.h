/* awget/opt.h: what the arguments of options may be: a parser for each kind. */
#ifndef AWGET_OPT_H
#define AWGET_OPT_H

#include "awget/options.h"

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

/* What any option of a kind takes. */
option_parser opt_flag, opt_text, opt_texts, opt_seconds, opt_number, opt_when, opt_columns;

/* What only one option takes, by its name. */
option_parser opt_scheme, opt_dns_servers, opt_exclude, opt_resolve, opt_family, opt_ignore, opt_concurrency,
    opt_processes, opt_rate, opt_per_address, opt_header_size;
option_parser opt_method, opt_header, opt_agent, opt_user, opt_version, opt_tls_version, opt_interface;
option_parser opt_format, opt_json, opt_write_out, opt_only, opt_expect, opt_checks, opt_preset, opt_fail, opt_report;

#endif
