/* awget/out_text.c: text: 'wget T...', 'T header > L', 'Done T.' */
#include "awget/output.h"
#include "base/text.h"

static const char cyan[] = "\033[36m", bold[] = "\033[1m", plain[] = "\033[0m";

static void
framed(struct str before, struct str target, struct str after)
{
	buf_str(&output_results, before);
	text_show(&output_results, target);
	buf_str(&output_results, after);
	output_piece();
}

static void
start(struct str label)
{
	if (!output_style.quiet && !output_style.group)
		framed(STR("wget "), label, STR("...\n"));
}

static const char *
status_color(int status)
{
	static const char *const by_class[] = {"\033[35m", "\033[32m", "\033[36m", "\033[33m", "\033[31m"};

	return status >= 100 && status < 600 ? by_class[status / 100 - 1] : "\033[31m";
}

/* A status line in the colour of its class; of a field line, the name. */
static void
colored(const struct result *r, struct str line)
{
	struct buf *b = &output_results;
	const char *colon = memchr(line.s, ':', line.n);
	size_t n = 0;

	if (str_starts(line, STR("HTTP/"))) {
		buf_str(b, str_of(bold));
		buf_str(b, str_of(status_color(r->status)));
		n = line.n;
	} else if (colon && colon != line.s && line.s[0] != ' ' && line.s[0] != '\t') {
		buf_str(b, str_of(cyan));
		n = (size_t)(colon - line.s);
	}
	text_show(b, (struct str){line.s, n});
	if (n)
		buf_str(b, str_of(plain));
	text_show(b, (struct str){line.s + n, line.n - n});
}

/*
 * "TARGET header > ". A target's lines mostly come together, so it is made once for them. Several addresses of a target
 * have its number, but their labels are elsewhere in memory.
 */
static struct str
prefix(const struct result *r)
{
	static struct buf b;
	static size_t of;
	static const char *label;

	if (of != r->n || label != r->label.s) {
		of = r->n;
		label = r->label.s;
		b.n = 0;
		text_show(&b, r->label);
		buf_str(&b, STR(" header > "));
	}
	return buf_view(&b);
}

static void
put_shown(struct buf *b, const struct result *r, struct str before, struct str line)
{
	if (!line.n)
		return;
	while (line.n && (line.s[line.n - 1] == ' ' || line.s[line.n - 1] == '\t'))
		line.n--;
	buf_str(b, before);
	if (output_style.color)
		colored(r, line);
	else
		text_show(b, line);
	buf_byte(b, '\n');
}

static void
put_lines(const struct result *r, struct str rest)
{
	struct buf *b = &output_results;
	struct str before = prefix(r);

	while (rest.n) {
		if (!output_style.color) /* nearly always, and nearly all lines go this way */
			rest = text_put_lines(b, before, rest);
		if (rest.n)
			put_shown(b, r, before, text_line(&rest));
		output_piece();
	}
}

static void
lines(const struct result *r, struct str lines)
{
	if (!output_style.group)
		put_lines(r, lines);
}

static void
done(const struct result *r, const struct verdict *v)
{
	(void)v;
	if (output_style.group) {
		if (!output_style.quiet)
			framed(STR("wget "), r->label, STR("...\n"));
		for (size_t i = 0; i < r->nhops; i++)
			put_lines(r, (struct str){r->hops[i].head.s, r->hops[i].head_n});
		if (r->status)
			put_lines(r, (struct str){r->head.s, r->head_n});
	}
	if (r->err.kind == ERR_NONE && !output_style.quiet)
		framed(STR("Done "), r->label, STR(".\n"));
}

const struct output out_text = {.name = "text", .start = start, .lines = lines, .done = done};
