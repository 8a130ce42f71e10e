/* awget/out_csv.c: comma-separated values (RFC 4180): a row of names, then one a result. */
#include <sys/stat.h>

#include "awget/column.h"
#include "awget/output.h"
#include "base/text.h"

static const char usual[] = "n,target,tag,address,status,reason,error_kind,error,total,checks_failed";

static const struct columns *columns;

/* Does a spreadsheet take s for something else unless it is in quotes? Blanks at the ends would be lost in some. */
static bool
wants_quotes(struct str s)
{
	if (!s.n)
		return false;
	if (str_trim(s).n != s.n)
		return true;
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] == ',' || s.s[i] == '"' || s.s[i] == '\r' || s.s[i] == '\n')
			return true;
	return false;
}

/* Quotes are doubled. Tabs stay, and so do line ends, but not where they would move what is on a screen. */
static void
put_byte(struct buf *b, char c)
{
	if (c == '"')
		buf_str(b, STR("\"\""));
	else if (c == '\t' || !output_style.terminal)
		buf_byte(b, c);
	else
		text_show(b, (struct str){&c, 1});
}

static bool
is_special(char c)
{
	return c == '"' || c == '\t' || c == '\r' || c == '\n';
}

static void
put_all(struct buf *b, struct str s)
{
	while (s.n) {
		size_t n = 0;

		while (n < s.n && !is_special(s.s[n]))
			n++;
		text_show(b, (struct str){s.s, n});
		if (n < s.n)
			put_byte(b, s.s[n++]);
		s.s += n, s.n -= n;
	}
}

/* Makes what was added to b behind `from` a field of the row. Nearly always it is one. */
static void
make_field(struct buf *b, size_t from)
{
	struct str added = {b->s + from, b->n - from};
	bool quotes = wants_quotes(added);
	struct buf raw = {0};

	if (!quotes && text_plain(added) == added.n)
		return;
	buf_str(&raw, added);
	b->n = from;
	if (quotes)
		buf_byte(b, '"');
	put_all(b, buf_view(&raw));
	if (quotes)
		buf_byte(b, '"');
	buf_clear(&raw);
}

/* Is there a file with something in it, which is gone on with? */
static bool
has_names(const struct options *o)
{
	struct stat st;

	return o->append && o->output && strcmp(o->output, "-") != 0 && stat(o->output, &st) == 0 && st.st_size > 0;
}

static void
begin(const struct options *o)
{
	static struct columns some;
	struct buf *b = &output_results;

	if (!o->fields.n && !some.n)
		(void)columns_parse(&some, usual, NULL);
	columns = o->fields.n ? &o->fields : &some;
	if (has_names(o))
		return;
	for (size_t i = 0; i < columns->n; i++) {
		size_t from = b->n + (i > 0);

		if (i)
			buf_byte(b, ',');
		buf_str(b, column_name(columns->v[i]));
		make_field(b, from);
	}
	buf_str(b, STR("\r\n"));
}

static void
done(const struct result *r, const struct verdict *v)
{
	struct buf *b = &output_results;

	for (size_t i = 0; i < columns->n; i++) {
		size_t from = b->n + (i > 0);

		if (i)
			buf_byte(b, ',');
		(void)column_text(columns->v[i], r, v, b);
		make_field(b, from);
		if (columns->n == 1 && b->n == from) /* many readers pass over an empty line */
			buf_str(b, STR("\"\""));
	}
	buf_str(b, STR("\r\n"));
	output_piece();
}

const struct output out_csv = {.name = "csv", .fields = true, .begin = begin, .done = done};
