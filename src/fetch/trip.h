/* fetch/trip.h: one fetch under way: what the files of this folder share, and nobody else sees. */
#ifndef FETCH_TRIP_H
#define FETCH_TRIP_H

#include "fetch/fetch.h"
#include "net/lines.h"

struct trip {
	const struct fetch_env *env;
	const struct fetch_via *via;
	const struct watch *watch;
	struct result *r;
	double start, end;         /* end: the deadline of the whole */
	double now;                /* when the last step was over */
	double connected_by;       /* the deadline of connecting and TLS */
	const struct proxy *proxy; /* of the present request; NULL: none */
	const char *method;        /* NULL: the user's */
	bool foreign;              /* the request goes to another origin than the target's */
	bool from_public;          /* the target was outside private networks */
	struct url target;         /* where a chain of redirects began; host is NULL: here */
	struct addr place;         /* where env->limiter has given us one; AF_UNSPEC: nowhere */
	struct stream stream;
	struct lines lines;
	size_t head_at;            /* where the present head begins in lines.read */
	size_t shown;              /* up to where it has been shown */
};

/* A step is over: how long it has been since the beginning. */
double trip_elapsed(struct trip *t);

/* The deadline of a phase that begins where the last step ended and may take so long. */
double trip_phase(struct trip *t, enum phase name, double seconds);

/* fetch/reach.c: connects t->stream to the origin of r->url, by proxy and TLS as need be. Waits. 0 or -1. */
int reach(struct trip *t);

/* fetch/answer.c: reads the head of the response into the result; interim ones are passed by. Waits. 0 or -1. */
int answer_read(struct trip *t);

/* fetch/redirect.c: does the response lead on? Goes there: r->url is then the next one. 1, 0 if not, -1. */
int redirect(struct trip *t);

/* fetch/retry.c: is another attempt worth while? Waits until it is due. */
bool retry(struct trip *t, int rc);

#endif
