/* net/dns.c: names to addresses: what is known already, else both families asked at once. */
#include "net/dns.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/real.h"
#include "net/hosts.h"
#include "net/query.h"
#include "rt/task.h"

/*
 * RFC 8305 section 3: how long a usable answer waits for the other family. IPv4 is waited for longer, one repeated
 * question: dialling IPv6 alone, where that is broken, would find nothing to fall back on.
 */
static const double wait_for_v6 = 0.05, wait_for_v4 = 1.5;

/* Up to two queries of one name, IPv6 first (RFC 8305 section 3). */
struct lookup {
	struct query queries[2];
	size_t n;
};

int
dns_servers(const char *text, struct err *e)
{
	char *copy = xstrdup(text), *save, *word;
	struct addrs list = {0};
	int rc = 0;

	for (word = strtok_r(copy, ",", &save); word && rc == 0; word = strtok_r(NULL, ",", &save)) {
		struct addr a;

		if (addr_parse_port(&a, word, NS_DEFAULTPORT))
			addrs_add(&list, a);
		else
			rc = err_set(e, ERR_INPUT, "'%s' is not IP or IP:PORT", word);
	}
	if (rc == 0 && !list.n)
		rc = err_set(e, ERR_INPUT, "no server is named");
	if (rc == 0)
		query_servers(&list);
	addrs_clear(&list);
	free(copy);
	return rc;
}

/* How long to go on waiting: to the deadline, or less once there is something to begin with. -INFINITY: not at all. */
static double
patience(const struct lookup *l, double deadline)
{
	double until = -INFINITY;

	for (size_t i = 0; i < l->n; i++) {
		const struct query *q = &l->queries[i], *other = &l->queries[l->n - 1 - i];
		double grace = q->family == AF_INET ? wait_for_v4 : wait_for_v6;

		if (q->status != QUERY_PENDING)
			continue;
		/* no such name in any family (RFC 2308 section 2.1), but some say it of AAAA alone (RFC 4074) */
		if (q->family == AF_INET6 && other->status == QUERY_NXDOMAIN)
			continue;
		until = real_max(
		    until, other->status == QUERY_ANSWERED ? real_min(deadline, other->answered_at + grace) : deadline);
	}
	return until;
}

/* Waits for the answers; what is late stays pending. -1 only when canceled, or for want of a resolver. */
static int
await(struct lookup *l, const char *host, double deadline, struct err *e)
{
	double until;
	int rc = 0;

	while (rc == 0 && (until = patience(l, deadline)) > -INFINITY) {
		rc = task_park(until, e);
		for (size_t i = 0; i < l->n && rc == 0; i++)
			if (query_unsettled(&l->queries[i]))
				rc = query_start(&l->queries[i], host, deadline, e);
	}
	return rc != 0 && e->kind == ERR_TIMEOUT ? 0 : rc;
}

/* What a family without addresses says of the name; the greater says more. */
static int
rank(enum query_status status)
{
	switch (status) {
	case QUERY_NODATA:
		return 1;
	case QUERY_NXDOMAIN:
		return 4;
	case QUERY_PENDING:
	case QUERY_TIMEOUT:
		return 3;
	default:
		return 2;
	}
}

/* Is it this machine that lacks what a socket needs? */
static bool
is_lack(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM || error == EADDRNOTAVAIL;
}

static int
explain_nobody(int error, struct err *e)
{
	static const char what[] = "no DNS server can be reached";

	if (!error || error == ECONNREFUSED)
		return err_set(e, ERR_DNS_SERVFAIL, "%s", what);
	return err_set(e, is_lack(error) ? ERR_LOCAL : ERR_DNS_SERVFAIL, "%s: %s", what, strerror(error));
}

static int
explain(const struct lookup *l, struct err *e)
{
	const struct query *q = &l->queries[0];

	if (l->n > 1 && rank(l->queries[1].status) > rank(q->status))
		q = &l->queries[1];
	switch (q->status) {
	case QUERY_PENDING:
	case QUERY_TIMEOUT:
		return err_set(e, ERR_DNS_TIMEOUT, "no answer from the DNS servers");
	case QUERY_NXDOMAIN:
		return err_set(e, ERR_DNS_NXDOMAIN, "no such host name (NXDOMAIN)");
	case QUERY_NODATA:
		return err_set(e, ERR_DNS_NODATA, "the name exists but has no %s",
		    l->n > 1 ? "address" : l->queries[0].family == AF_INET6 ? "IPv6 address" : "IPv4 address");
	case QUERY_SERVFAIL:
		return err_set(e, ERR_DNS_SERVFAIL, "the DNS server could not find out (SERVFAIL)");
	case QUERY_REFUSED:
		return err_set(e, ERR_DNS_SERVFAIL, "the DNS server refuses to answer (REFUSED)");
	case QUERY_NOBODY:
		return explain_nobody(q->error, e);
	case QUERY_TRUNCATED:
		return err_set(e, ERR_DNS_SERVFAIL,
		    "the answer of the DNS server is cut short, and it takes no questions over TCP");
	case QUERY_MALFORMED:
		return err_set(e, ERR_DNS_SERVFAIL, "the answer of the DNS server is malformed");
	default:
		return err_set(e, ERR_DNS_SERVFAIL, "the DNS server's answer is of no use");
	}
}

/* Moves the addresses that were found to out. */
static void
collect(struct lookup *l, struct addrs *out)
{
	for (size_t i = 0; i < l->n; i++) {
		struct query *q = &l->queries[i];

		for (size_t k = 0; k < q->addrs.n; k++)
			addrs_add(out, q->addrs.v[k]);
		if (q->status == QUERY_PENDING)
			out->missing = q->family;
	}
	addrs_interleave(out);
}

static int
ask_servers(const char *host, uint16_t port, int family, double deadline, struct addrs *out, struct err *e)
{
	static const int both[] = {AF_INET6, AF_INET};
	struct lookup l = {.n = 0};
	int rc = 0;

	for (size_t i = 0; i < 2; i++)
		if (family == AF_UNSPEC || family == both[i])
			l.queries[l.n++] = (struct query){.family = both[i], .port = port};
	for (size_t i = 0; i < l.n && rc == 0; i++)
		rc = query_start(&l.queries[i], host, deadline, e);
	if (rc == 0)
		rc = await(&l, host, deadline, e);
	else if (e->kind == ERR_TIMEOUT)
		rc = 0; /* a place in line did not come in time: as if no answer had */
	if (rc == 0) {
		collect(&l, out);
		if (!out->n)
			rc = explain(&l, e);
	}
	for (size_t i = 0; i < l.n; i++)
		query_clear(&l.queries[i]);
	return rc;
}

int
dns_lookup(const char *host, const struct addr *literal, uint16_t port, int family, double deadline, struct addrs *out,
    struct err *e)
{
	int known = 1;

	if (literal && !hosts_overrides(host, port))
		addrs_add(out, *literal);
	else
		known = hosts_find(out, host, port, family, e);
	if (known < 0)
		return -1;
	if (!known)
		return ask_servers(host, port, family, deadline, out, e);
	addrs_filter(out, family);
	addrs_interleave(out);
	if (!out->n)
		return err_set(e, ERR_DNS_NODATA, "no %s address", family == AF_INET6 ? "IPv6" : "IPv4");
	return 0;
}

void
dns_end(void)
{
	query_end();
	hosts_end();
}
