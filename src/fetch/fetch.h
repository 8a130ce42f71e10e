/* fetch/fetch.h: one target, from what the user typed to a finished result. */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

#include "fetch/result.h"
#include "http/request.h"

/* What all fetches of a run share. */
struct fetch_env {
	double timeout, connect_timeout, dns_timeout; /* seconds */
	int family;                                   /* AF_UNSPEC, AF_INET, AF_INET6 */
	size_t max_header_size;                       /* bytes of one response's heads */
	bool fields;                                  /* are result.fields wanted? */
	struct request request;
};

/* Is told of things the moment they happen; members may be NULL. Must not wait. */
struct watch {
	void (*line)(const struct result *r, struct str line); /* a head line, its end cut off; 1xx too */
	void (*note)(const struct result *r, const char *text); /* a step, for -v */
};

/* The defaults of awget(1). */
void fetch_env_init(struct fetch_env *env);

/*
 * Fetches the head of one target into *r, which result_init has prepared. It always comes to an end: r->err.kind is
 * ERR_NONE or says why not. Waits, at most env->timeout. 0 or -1.
 */
int fetch(const struct fetch_env *env, const struct watch *watch, struct result *r);

#endif
