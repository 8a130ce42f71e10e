/* net/query.h: one question to the DNS servers, and its answer. c-ares' one home. */
#ifndef NET_QUERY_H
#define NET_QUERY_H

#include <stdint.h>

#include "base/err.h"
#include "net/addr.h"

struct task;

/* What has become of a query; the texts that people read are dns.c's. */
enum query_status {
	QUERY_PENDING,
	QUERY_ANSWERED, /* there are addresses */
	QUERY_NODATA,   /* the name exists, without an address of this family */
	QUERY_NXDOMAIN,
	QUERY_TRUNCATED, /* and nothing better to be had over TCP */
	QUERY_SERVFAIL,
	QUERY_REFUSED,
	QUERY_NOBODY,   /* no server listens, or can be reached from here */
	QUERY_MALFORMED,
	QUERY_TIMEOUT,
	QUERY_FAILED,   /* anything else */
};

/* How it is asked: of the first server that listens; of each server; over TCP. */
enum query_way { QUERY_FIRST, QUERY_OTHERS, QUERY_TCP };

/* Addresses of one family; on the asking task's stack. All zero but family and port before query_start. */
struct query {
	int family;
	uint16_t port;              /* for the addresses */
	enum query_status status;
	enum query_way way;
	enum query_status verdict;  /* of one server, while the others are asked; else QUERY_PENDING */
	struct addrs addrs;
	int error;                  /* QUERY_NOBODY: the errno that tells why, 0 if none does */
	double answered_at;         /* task_now() of the answer */
	struct task *task;          /* is woken by the answer */
	struct query_record *record;
};

/*
 * Asks these servers, with their ports, instead of the system's; an empty list: the system's. Before the first query.
 */
void query_servers(const struct addrs *servers);

/*
 * Asks for q's family of host's addresses, after waiting for a place among the questions in flight; q->task is then
 * woken when q->status is no longer QUERY_PENDING. May be called again while query_unsettled(q). 0 or -1.
 */
int query_start(struct query *q, const char *host, double deadline, struct err *e);

/*
 * Is it worth asking again? Nobody answered in time; or one server of several could not, and another may know; or the
 * answer was too long for a datagram.
 */
bool query_unsettled(const struct query *q);

/* Ends q: an answer that comes later is nobody's. Fine on one that was answered or never asked. */
void query_clear(struct query *q);

/* Closes all. Inside task_main if there was a query. */
void query_end(void);

#endif
