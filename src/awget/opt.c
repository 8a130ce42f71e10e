/* awget/opt.c: what the arguments of options may be: a parser for each kind. */
#include "awget/opt.h"

#include <stdlib.h>
#include <string.h>

#include "awget/column.h"
#include "awget/output.h"
#include "awget/report.h"
#include "awget/template.h"
#include "awget/volatile.h"
#include "base/mem.h"
#include "check/checks.h"
#include "net/dns.h"
#include "net/hosts.h"

static void *
field_of(struct options *o, const struct option_row *row)
{
	return (char *)o + row->field;
}

int
opt_flag(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)arg, (void)e;
	*(bool *)field_of(o, row) = true;
	return 0;
}

int
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

int
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

int
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

int
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

int
opt_number(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	return number(arg, 0, 1000, field_of(o, row), e);
}

int
opt_exclude(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	if (!o->exclude)
		o->env.exclude = o->exclude = exclude_new();
	return exclude_read(o->exclude, arg, e);
}

int
opt_rate(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	if (!rate_parse(&o->rate, arg))
		return err_set(e, ERR_INPUT, "'%s' is not a rate such as 100/s or 5/15s", arg);
	return 0;
}

int
opt_per_address(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	return number(arg, 1, 1000000, field_of(o, row), e);
}

int
opt_processes(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	return number(arg, 1, 1000, field_of(o, row), e);
}

/* Which of several words arg is; -1 with an error if none. */
static int
choose(const char *arg, const char *const *names, int n, const char *all, struct err *e)
{
	for (int i = 0; i < n; i++)
		if (strcmp(arg, names[i]) == 0)
			return i;
	return err_set(e, ERR_INPUT, "'%s' is none of %s", arg, all);
}

int
opt_when(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	static const char *const names[] = {[WHEN_AUTO] = "auto", [WHEN_ALWAYS] = "always", [WHEN_NEVER] = "never"};
	int when = choose(arg, names, 3, "auto, always, never", e);

	if (when >= 0)
		*(enum when *)field_of(o, row) = (enum when)when;
	return when >= 0 ? 0 : -1;
}

int
opt_only(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	static const char *const names[] = {"failed", "ok", "changed"};
	int only = choose(arg, names, 3, "failed, ok, changed", e);

	(void)row;
	if (only >= 0)
		o->only = (enum only)(ONLY_FAILED + only);
	return only >= 0 ? 0 : -1;
}

int
opt_format(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	o->format = output_find(arg);
	o->format_given = true;
	return o->format ? 0 : err_set(e, ERR_INPUT, "'%s' is none of " OUTPUT_FORMATS, arg);
}

int
opt_json(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)arg;
	return opt_format(o, row, "json", e);
}

int
opt_texts(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	struct texts *t = field_of(o, row);

	(void)e;
	t->v = xrealloc(t->v, (t->n + 1) * sizeof *t->v);
	t->v[t->n++] = arg;
	return 0;
}

int
opt_report(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	if (report_check(arg, e) != 0)
		return -1;
	return opt_texts(o, row, arg, e);
}

int
opt_columns(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	columns_clear(field_of(o, row));
	return columns_parse(field_of(o, row), arg, e);
}

int
opt_write_out(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	template_free(o->template);
	o->excerpt.n = 0;
	o->template = template_new(arg, &o->excerpt, e);
	o->format = &out_write;
	o->format_given = true;
	return o->template ? 0 : -1;
}

static struct checks *
checks_of(struct options *o)
{
	if (!o->checks)
		o->checks = checks_new();
	return o->checks;
}

int
opt_expect(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	return checks_add(checks_of(o), arg, e);
}

int
opt_checks(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	return checks_add_file(checks_of(o), arg, e);
}

int
opt_preset(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	return checks_add_preset(checks_of(o), arg, e);
}

int
opt_fail(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)arg;
	return opt_expect(o, row, "fail: status < 400", e);
}

int
opt_ignore(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	if (!o->ignored)
		o->ignored = volatile_new();
	return volatile_add(o->ignored, str_of(arg), e);
}

int
opt_scheme(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	o->env.default_scheme = url_scheme(str_of(arg));
	return o->env.default_scheme ? 0 : err_set(e, ERR_INPUT, "'%s' is none of http, https", arg);
}

int
opt_family(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)arg, (void)e;
	o->env.family = row->letter == '4' ? AF_INET : AF_INET6;
	return 0;
}

int
opt_dns_servers(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)o, (void)row;
	return dns_servers(arg, e);
}

int
opt_resolve(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)o, (void)row;
	return hosts_override(arg, e);
}

int
opt_method(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	return request_set_method(&o->env.request, row->letter == 'I' ? "HEAD" : arg, e);
}

int
opt_header(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	if (*arg == '@')
		return request_add_file(&o->env.request, arg + 1, e);
	return request_add_line(&o->env.request, arg, e);
}

int
opt_agent(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	return request_set_agent(&o->env.request, arg, e);
}

int
opt_user(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	return request_set_user(&o->env.request, arg, e);
}

int
opt_version(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)arg, (void)e;
	o->env.request.minor = strcmp(row->name, "http1.1") == 0;
	return 0;
}

int
opt_tls_version(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	static const char *const names[] = {"1.0", "1.1", "1.2", "1.3"};
	int version = choose(arg, names, 4, "1.0, 1.1, 1.2, 1.3", e);

	if (version >= 0)
		*(int *)field_of(o, row) = TLS_1_0 + version;
	return version >= 0 ? 0 : -1;
}

int
opt_interface(struct options *o, const struct option_row *row, const char *arg, struct err *e)
{
	(void)row;
	return dial_source(&o->env.source, arg, e);
}
