/* awget/report.h: --report: what a run came to, for other programs and for people, written to files at its end. */
#ifndef AWGET_REPORT_H
#define AWGET_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "awget/column.h"
#include "awget/sink.h"
#include "awget/verdict.h"
#include "base/err.h"
#include "fetch/result.h"

/* What a report may want to know beforehand. */
struct report_env {
	const struct columns *columns; /* --fields; n is 0: none were asked for */
	bool baseline;                 /* is there an earlier run to compare with? */
};

/* A kind of report. State is zeroed memory of its own; what it writes goes to the sink. */
struct report_kind {
	const char *name;
	size_t size; /* of the state */
	bool spools; /* are there spools in it? */
	void (*begin)(void *state, struct sink *to, const struct report_env *env); /* may be NULL */
	void (*add)(void *state, struct sink *to, const struct result *r, const struct verdict *v);
	void (*end)(void *state, struct sink *to, const struct summary *s);
	void (*clear)(void *state); /* frees what the state holds; may be NULL */
};

/* The kinds' names, for --help and error messages; a test holds it against the table. */
#define REPORT_KINDS "tap, junit, html, nagios, prom"

struct report;

/*
 * "KIND=FILE"; "-" is standard output. Opens the file's replacement now (awget/sink.h). NULL with ERR_INPUT if it is
 * not understood, or ERR_LOCAL. env is borrowed. The caller frees with report_free.
 */
struct report *report_new(const char *text, const struct report_env *env, struct err *e);

/* Is text one that report_new can understand? 0, or -1 with ERR_INPUT; no file is touched. */
int report_check(const char *text, struct err *e);

/* Is text ("KIND=FILE") of this kind? Its FILE; is that standard output? For what follows for other options. */
bool report_is(const char *text, const char *kind);
const char *report_file(const char *text);
bool report_to_stdout(const char *text);

void report_add(struct report *p, const struct result *r, const struct verdict *v);

/* Writes what is left and puts the file in its place. 0, or -1 with ERR_LOCAL. Once. */
int report_end(struct report *p, const struct summary *s, struct err *e);

void report_free(struct report *p);

/* As sink_folder, of the report's file. */
bool report_folder(const struct report *p, struct buf *path);

/*
 * The exit status that goes with a nagios report (monitoring-plugins.org, guidelines section 2.3): 0 OK, 1 WARNING,
 * 2 CRITICAL, 3 UNKNOWN.
 */
enum { REPORT_NAGIOS_UNKNOWN = 3 };
int report_nagios_status(const struct summary *s);

/* --- for the kinds --- */

/* What is written for a byte instead of itself; NULL: itself. */
typedef const char *const report_escapes[256];

/*
 * Adds s fit to be shown, as text_show does, and U+FFFE and U+FFFF, which neither XML nor YAML allows, as \xHH, too;
 * then with the escapes.
 */
void report_show(struct buf *b, struct str s, report_escapes escapes);

/* Adds the lines of changes_show in the same way; line ends stay what they are. */
void report_changes(struct buf *b, const struct changes *c, struct str before, report_escapes escapes);

/* Adds seconds with six decimals, 0 if they are unknown (NAN) or below. */
void report_seconds(struct buf *b, double seconds);

/* What a check is called: its id, or else its text. */
static inline struct str
report_check_name(const struct check_outcome *o)
{
	return o->id.s ? o->id : o->text;
}

extern const struct report_kind report_tap, report_junit, report_html, report_nagios, report_prom;

#endif
