/* awserve/again.h: answers that make a client ask again: redirections, failures that pass, a password. */
#ifndef AWSERVE_AGAIN_H
#define AWSERVE_AGAIN_H

#include "http/server.h"

/* With status {code}: Location is the query, percent-decoded; none without a query. */
server_handler again_redirect;

/* {n} redirections, then the page. */
server_handler again_redirects;

/* A redirection to the row's arg. */
server_handler again_there;

/*
 * Fails {n} times, then the page. The first row has no more; then {code} as well; then {seconds} for Retry-After, which
 * the last says as a date. Each target of each host is counted apart.
 */
server_handler again_retry;
server_handler again_retry_code;
server_handler again_retry_after;
server_handler again_retry_date;

/* 401, unless the query, percent-decoded, is the name and password that come with the request (Basic). */
server_handler again_auth;

#endif
