/* check/slots.h: a field of the check language, understood, and the values that a result has for it. */
#ifndef CHECK_SLOTS_H
#define CHECK_SLOTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "check/field.h"
#include "check/intern.h"
#include "check/lex.h"
#include "fetch/result.h"
#include "net/addr.h"

/* One of the places where a field has a value, or may have one. */
struct slot {
	bool has, is_number;
	double number;
	struct str text; /* if it is no number */
};

/* A response: the final one, or an earlier one. */
struct response {
	const char *head;
	size_t head_n;
	const struct field *fields;
	size_t nfields;
	int status; /* 0: there is none */
	const struct addr *peer;
};

/* A result that is looked at, and what that takes. */
struct view {
	const struct result *r;
	struct response final;
	const struct intern *names; /* after intern_find; NULL: fields are looked for */
	struct buf unfolded, unquoted;
	char text[ADDR_TEXT];
};

/* r answered or not. What was allocated for an earlier result is used again. The holder ends it with slots_end. */
void slots_begin(struct view *v, const struct result *r, const struct intern *names);
void slots_end(struct view *v);

/* Is called with a slot, which is valid until it returns; false if it has seen enough. */
typedef bool slot_fn(void *arg, const struct slot *s);

struct field_row;
/* Visits slots; false if fn had enough. */
typedef bool slots_fn(const struct check_field *f, struct view *v, const struct response *a, slot_fn *fn, void *arg);

struct check_field {
	const struct field_row *row;
	slots_fn *each;
	bool number;       /* its values are numbers */
	bool version;      /* its text is a number behind "TLSv" */
	bool vacuous;      /* "every" holds if it has no slot */
	size_t hop;        /* of the n-th earlier response; 0: of the final one */
	struct str header; /* the field name that is looked for; owned, as are glob and part */
	size_t id;         /* of header in view.names, if there are names */
	struct str glob;   /* of cookies' names, in lower case */
	struct str part;   /* the name of a directive or an attribute */
	struct str written;
};

/* Takes a field off l. Its header name is added to names, unless that is NULL. NULL after lex_fail. */
struct check_field *slots_field(struct lex *l, struct intern *names);

/* Visits the slots that the result has for f. */
void slots_each(const struct check_field *f, struct view *v, slot_fn *fn, void *arg);

/* The kinds of fields that there are. */
struct field_row {
	const char *name;
	slots_fn *each; /* NULL: slots_fact */
	/* Sets *s, which is all zero, to the one slot. hop is that of the field. */
	void (*get)(struct view *v, const struct response *a, size_t hop, struct slot *s);
	bool number, version, hops;
	bool brackets; /* behind it stands [header] or [glob] */
};

/* Of a row with get; of h[name] and what may stand behind it; of cookie[glob], and an attribute behind it. */
slots_fn slots_fact;
slots_fn slots_lines, slots_count, slots_first, slots_last, slots_list, slots_age, slots_directive;
slots_fn slots_cookies, slots_attribute;

/* All fields, ending with a row of zeros. */
extern const struct field_row slots_rows[];

#endif
