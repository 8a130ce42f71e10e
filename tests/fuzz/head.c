/*
 * tests/fuzz/head.c: any bytes as what a server sends, in pieces of any size. The first byte of the input says how
 * large the pieces are, the second how much a head may have: '0' 16 bytes, '1' 32, up to '9' 8192, and so on.
 */
#include "http/head.h"

#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "net/lines.h"

/* The input as a transport that never has to wait. */
struct source {
	struct str left;
	unsigned sizes; /* of the next pieces; a small generator's state */
};

static ssize_t
source_read(struct stream *s, void *to, size_t n, struct err *e)
{
	struct source *from = s->state;
	size_t piece;

	(void)e;
	from->sizes = from->sizes * 1103515245 + 12345;
	piece = 1 + (from->sizes >> 16) % (from->sizes % 7 == 0 ? 4096 : 16);
	if (piece > n)
		piece = n;
	if (piece > from->left.n)
		piece = from->left.n;
	HOLDS(n > 0);
	memcpy(to, from->left.s, piece);
	from->left.s += piece;
	from->left.n -= piece;
	return (ssize_t)piece;
}

static bool
lies_in(struct str part, struct str whole)
{
	return part.s >= whole.s && part.s + part.n <= whole.s + whole.n;
}

static void
check_status(struct str line)
{
	struct head_status s;
	struct err e = {0};
	struct buf same = {0};

	if (head_status(line, &s, &e) != 0) {
		check_err(&e, ERR_NOT_HTTP);
		return;
	}
	HOLDS(s.minor >= 0 && s.minor <= 9 && s.code >= 100 && s.code <= 999);
	HOLDS(lies_in(s.reason, line));
	buf_printf(&same, "HTTP/1.%d %d ", s.minor, s.code);
	buf_str(&same, s.reason);
	HOLDS(str_eq(buf_view(&same), line) || (line.n == same.n - 1 && memcmp(line.s, same.s, line.n) == 0));
	buf_clear(&same);
}

static void
check_request(struct str line)
{
	struct head_request r;
	struct err e = {0};
	struct buf same = {0};

	if (head_request(line, &r, &e) != 0) {
		check_err(&e, ERR_NOT_HTTP);
		return;
	}
	HOLDS(head_is_token(r.method) && r.target.n > 0 && !has_control(r.target));
	buf_str(&same, r.method);
	buf_byte(&same, ' ');
	buf_str(&same, r.target);
	if (r.minor >= 0)
		buf_printf(&same, " HTTP/1.%d", r.minor);
	HOLDS(str_eq(buf_view(&same), line));
	buf_clear(&same);
}

static bool
is_trimmed(struct str s)
{
	return str_eq(str_trim(s), s);
}

static void
check_field(struct str line)
{
	struct str name, value;
	enum head_kind kind = head_field(line, &name, &value);
	bool blank = line.s[0] == ' ' || line.s[0] == '\t';

	HOLDS(lies_in(name, line) && lies_in(value, line));
	HOLDS((kind == HEAD_FOLD) == blank);
	if (kind == HEAD_FIELD) {
		HOLDS(name.n > 0 && name.s == line.s && !memchr(name.s, ':', name.n));
		HOLDS(is_trimmed(name) && is_trimmed(value) && name.s + name.n < value.s);
	} else {
		HOLDS(name.n == 0);
		HOLDS(kind == HEAD_FOLD ? is_trimmed(value) : str_eq(value, line));
	}
}

/* What a terminal gets of the line. */
static void
check_shown(struct str line)
{
	struct buf shown = {0}, again = {0};
	char fixed[16];
	size_t n;

	text_show(&shown, line);
	HOLDS(shown.n >= line.n && !has_control(buf_view(&shown)) && text_is_utf8(buf_view(&shown)));
	for (size_t i = 0; i + 1 < shown.n; i++) /* C1 as UTF-8 */
		HOLDS((unsigned char)shown.s[i] != 0xc2 || (unsigned char)shown.s[i + 1] >= 0xa0);
	text_show(&again, buf_view(&shown));
	HOLDS(str_eq(buf_view(&shown), buf_view(&again)));
	text_show_into(fixed, sizeof fixed, line);
	n = strlen(fixed);
	HOLDS(n < sizeof fixed && n <= shown.n && (n == 0 || memcmp(fixed, shown.s, n) == 0));
	HOLDS(n + 4 >= sizeof fixed || n == shown.n);
	buf_clear(&shown);
	buf_clear(&again);
}

/* The next line of input from `at` on, with what ends it, found without any reader of lines. */
static struct str
line_at(struct str input, size_t at, bool *ended)
{
	struct str rest = {input.s + at, input.n - at};
	const char *lf = rest.n ? memchr(rest.s, '\n', rest.n) : NULL;

	*ended = lf != NULL;
	if (lf)
		rest.n = (size_t)(lf - rest.s) + 1;
	return rest;
}

static void
check_line(struct str line)
{
	check_status(line);
	check_request(line);
	if (line.n)
		check_field(line);
	check_shown(line);
}

/* Reads all lines and holds them against the input. */
static void
check_lines(struct lines *l, struct str input)
{
	struct err e = {0};
	size_t at = 0;

	for (;;) {
		bool ended;
		struct str want = line_at(input, at, &ended), line;
		int rc = lines_next(l, &line, INFINITY, &e);

		HOLDS(l->read.n <= input.n);
		if (rc < 0) {
			check_err(&e, ERR_HEADER_TOO_LARGE);
			HOLDS(at + want.n - ended >= l->max);
			return;
		}
		HOLDS(rc == ended);
		HOLDS(at + want.n <= l->max);
		at += want.n;
		if (ended)
			want.n -= want.n > 1 && want.s[want.n - 2] == '\r' ? 2 : 1;
		HOLDS(str_eq(line, want));
		check_line(line);
		if (rc == 0)
			return;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct stream_ops ops = {.read = source_read};
	struct source source;
	struct stream stream = {.ops = &ops, .fd = -1, .state = &source};
	struct str input;
	struct lines l;

	if (size < 2)
		return 0;
	input = (struct str){(const char *)data + 2, size - 2};
	source = (struct source){input, data[0]};
	lines_init(&l, &stream, (size_t)16 << data[1] % 16);
	buf_reserve(&l.read, 1); /* with room there already, lines_next does not wait for the first bytes */
	check_lines(&l, input);
	lines_clear(&l);
	return 0;
}
