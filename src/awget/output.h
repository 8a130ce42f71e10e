/* awget/output.h: the ways of telling the user: the table of formats, and the two streams that all of them write to. */
#ifndef AWGET_OUTPUT_H
#define AWGET_OUTPUT_H

#include <stdbool.h>

#include "awget/options.h"
#include "awget/verdict.h"
#include "base/buf.h"
#include "base/err.h"
#include "fetch/result.h"

/* A format; any function may be NULL. What they write goes to output_buf. */
struct output {
	const char *name;
	bool fields; /* does it look at result.fields? */
	void (*begin)(const struct options *o); /* before the first target */
	void (*start)(struct str label);
	void (*lines)(const struct result *r, struct str lines); /* of a head, as watch.lines */
	void (*done)(const struct result *r, const struct verdict *v);
};

/* The formats' names, for --help and error messages; a test holds it against the table. */
#define OUTPUT_FORMATS "text, json, csv, raw, none"

/* NULL if there is none of this name. */
const struct output *output_find(const char *name);

/* How the formats are to write. */
struct output_style {
	bool quiet, group, color;
	bool terminal; /* results go to one */
};
extern struct output_style output_style;

/* Results go to fd, which is called `name` (both stay the caller's), whatever the options say. */
void output_use(int fd, const char *name);

/* Opens what the options ask for. 0, or -1 with ERR_LOCAL when the -o file cannot be written. */
int output_open(const struct options *o, struct err *e);

/* Results and messages go here, whole lines at a time, and out at the next output_flush. */
extern struct buf output_results, output_messages;

/* Ends a piece of output: large amounts leave at once, small ones wait for output_flush. */
enum { OUTPUT_PIECE = 64 * 1024 }; /* as much as a pipe holds */
static inline void
output_piece(void)
{
	void output_flush(void);

	if (output_results.n >= OUTPUT_PIECE || output_messages.n >= OUTPUT_PIECE)
		output_flush();
}

/* "awget: TARGET: SENTENCE", and without a target (all zero); the target is cut if it is very long. */
void output_error(struct str target, const char *sentence);
/* The same with a sentence that the caller adds, before it calls output_said. */
struct buf *output_say(struct str target);
void output_said(void);

/* A line to be shown on the terminal below all else, drawn anew at the next flush; "" for none. Borrowed. */
void output_status(const char *line);

/*
 * From now on a reader that takes nothing holds us up for a second at most; the rest is lost. A signal handler may call
 * it, and the write that the signal interrupted heeds it.
 */
void output_hurry(void);

/*
 * Writes all there is. Called before the loop waits, so that nothing is held back. After a failure results are dropped.
 */
void output_flush(void);

/*
 * The errno of the first failed write of results, 0 if there was none; and what could not be written, for a sentence.
 */
int output_failed(void);
const char *output_name(void);

/* Has a message not been written, as on a full disk? Where nobody reads them, none is lost. */
bool output_messages_lost(void);

/* Flushes results and messages and closes the results: a full disk may show only now. As output_failed. */
int output_close(void);

extern const struct output out_text, out_json, out_csv, out_raw, out_none;
/* Without a name, chosen by what else is asked for: -w, and text beside a baseline. */
extern const struct output out_write, out_changes;

#endif
