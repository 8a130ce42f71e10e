/* awget/top.c: --top: the most frequent values of some columns, as a table. */
#include "awget/top.h"

#include <stdlib.h>

#include "awget/frequent.h"
#include "base/mem.h"
#include "base/text.h"

/* Characters of a line; for shares; for targets, as far as they keep to it; lines of a value. */
enum { SCREEN = 80, SHARE = 6, TARGET = 24, VALUE_LINES = 4 };

struct column_top {
	struct frequent *values;
	uint64_t all, known; /* results; those that have a value */
};

struct top {
	const struct columns *columns;
	struct column_top *v;
	struct buf text; /* of the value that is being counted */
};

/* How wide the parts of the table are. */
struct widths {
	size_t count, value;
};

struct top *
top_new(const struct columns *columns)
{
	struct top *t = xmalloc(sizeof *t);

	*t = (struct top){.columns = columns, .v = xcalloc(columns->n, sizeof *t->v)};
	for (size_t i = 0; i < columns->n; i++)
		t->v[i].values = frequent_new();
	return t;
}

void
top_add(struct top *t, const struct result *r, const struct verdict *v)
{
	for (size_t i = 0; i < t->columns->n; i++) {
		struct column_top *c = &t->v[i];

		c->all++;
		t->text.n = 0;
		if (!column_text(t->columns->v[i], r, v, &t->text))
			continue;
		c->known++;
		frequent_add(c->values, buf_view(&t->text), r->target);
	}
}

/* "1,234,567" */
static void
grouped(struct buf *b, uint64_t n)
{
	char digits[32];
	size_t at = sizeof digits, count = 0;

	do {
		if (count && count % 3 == 0)
			digits[--at] = ',';
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
		count++;
	} while (n);
	buf_add(b, digits + at, sizeof digits - at);
}

static size_t
characters(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.n; i++)
		count += ((unsigned char)s.s[i] & 0xc0) != 0x80;
	return count;
}

static void
blanks(struct buf *b, size_t n)
{
	while (n--)
		buf_byte(b, ' ');
}

/* "  <=1,234   12.3%  " */
static void
numbers(struct buf *b, const struct widths *w, const char *mark, uint64_t count, uint64_t all)
{
	uint64_t permille = (uint64_t)((double)count * 1000 / (double)all + 0.5);
	struct buf shown = {0};

	buf_str(&shown, str_of(mark));
	grouped(&shown, count);
	blanks(b, w->count - shown.n);
	buf_str(b, buf_view(&shown));
	shown.n = 0;
	buf_printf(&shown, "%u.%u%%", (unsigned)permille / 10, (unsigned)permille % 10);
	blanks(b, 2 + (shown.n < SHARE ? SHARE - shown.n : 0));
	buf_str(b, buf_view(&shown));
	blanks(b, 2);
	buf_clear(&shown);
}

/* The first `width` characters of *rest, which is UTF-8. */
static struct str
take_line(struct str *rest, size_t width)
{
	struct str line = {rest->s, 0};

	while (line.n < rest->n && width--)
		line.n += text_char((struct str){rest->s + line.n, rest->n - line.n});
	rest->s += line.n, rest->n -= line.n;
	return line;
}

static void
show(struct buf *b, struct str s, bool cut)
{
	text_show(b, s);
	if (cut)
		buf_str(b, STR("..."));
}

/* The value in lines below each other, the sample behind the first. */
static void
value_and_sample(struct buf *b, const struct widths *w, const struct frequent_value *v)
{
	struct buf shown = {0};
	struct str rest, line;

	if (v->value.n)
		show(&shown, v->value, v->value_cut);
	else
		buf_str(&shown, STR("(empty)"));
	rest = buf_view(&shown);
	line = take_line(&rest, w->value);
	buf_str(b, line);
	blanks(b, w->value - characters(line) + 2);
	show(b, v->sample, v->sample_cut);
	for (size_t i = 1; rest.n; i++) {
		buf_byte(b, '\n');
		if (i == VALUE_LINES) /* of what is nearly all escapes */
			rest = STR("...");
		blanks(b, w->count + SHARE + 4);
		buf_str(b, take_line(&rest, w->value));
	}
	buf_byte(b, '\n');
	buf_clear(&shown);
}

/* What is not told in a row of its own. */
static void
others(struct buf *b, const struct widths *w, const struct column_top *c, uint64_t told, size_t rows)
{
	bool overflowed = frequent_overflowed(c->values);
	size_t different = frequent_different(c->values) - rows;

	if (told < c->known) {
		/* what the rows may have too much, these have too little */
		numbers(b, w, overflowed ? ">=" : "", c->known - told, c->all);
		if (!overflowed) {
			grouped(b, different);
			buf_byte(b, ' ');
		}
		buf_str(b, !overflowed && different == 1 ? STR("other value\n") : STR("other values\n"));
	}
	if (c->known < c->all) {
		numbers(b, w, "", c->all - c->known, c->all);
		buf_str(b, STR("without a value\n"));
	}
}

/* "h[Server]: 12 different values in 1,234 results" */
static void
heading(struct buf *b, struct str name, const struct column_top *c)
{
	size_t different = frequent_different(c->values);

	text_show(b, name);
	buf_str(b, frequent_overflowed(c->values) ? STR(": more than ") : STR(": "));
	grouped(b, different);
	buf_str(b, different == 1 ? STR(" different value in ") : STR(" different values in "));
	grouped(b, c->all);
	buf_str(b, c->all == 1 ? STR(" result\n") : STR(" results\n"));
}

static struct widths
widths_for(const struct column_top *c)
{
	struct buf longest = {0};
	struct widths w;

	grouped(&longest, c->all);
	w.count = longest.n + (frequent_overflowed(c->values) ? 2 : 0);
	if (w.count < strlen("count"))
		w.count = strlen("count");
	w.value = SCREEN - w.count - SHARE - TARGET - 6;
	buf_clear(&longest);
	return w;
}

static void
report_column(struct str name, const struct column_top *c, struct buf *b)
{
	struct frequent_value rows[TOP_SHOWN];
	size_t n = frequent_top(c->values, rows, TOP_SHOWN);
	struct widths w = widths_for(c);
	uint64_t told = 0;

	heading(b, name, c);
	if (!c->all)
		return;
	blanks(b, w.count - strlen("count"));
	buf_str(b, STR("count   share  value"));
	blanks(b, w.value - strlen("value") + 2);
	buf_str(b, STR("for instance\n"));
	for (size_t i = 0; i < n; i++) {
		numbers(b, &w, rows[i].error ? "<=" : "", rows[i].count, c->all);
		value_and_sample(b, &w, &rows[i]);
		told += rows[i].count;
	}
	others(b, &w, c, told, n);
}

void
top_report(const struct top *t, struct buf *b)
{
	for (size_t i = 0; i < t->columns->n; i++) {
		if (i)
			buf_byte(b, '\n');
		report_column(column_name(t->columns->v[i]), &t->v[i], b);
	}
}

void
top_free(struct top *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->columns->n; i++)
		frequent_free(t->v[i].values);
	free(t->v);
	buf_clear(&t->text);
	free(t);
}
