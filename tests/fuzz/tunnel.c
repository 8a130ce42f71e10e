/* tests/fuzz/tunnel.c: any bytes as an HTTP proxy's reply, in pieces whose sizes the first byte of it chooses. */
#include "http/tunnel.h"

#include <math.h>
#include <string.h>

#include "fuzz.h"

enum { MAX = 4096 };

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
	piece = 1 + (from->sizes >> 16) % 64;
	if (piece > n)
		piece = n;
	if (piece > from->left.n)
		piece = from->left.n;
	memcpy(to, from->left.s, piece);
	from->left.s += piece;
	from->left.n -= piece;
	return (ssize_t)piece;
}

/* Does an empty line end input, and is there a line of a 2xx? So much at least is true of what opens a tunnel. */
static bool
may_open(struct str input)
{
	bool empty = (input.n > 1 && memcmp(input.s + input.n - 2, "\n\n", 2) == 0) ||
	    (input.n > 2 && memcmp(input.s + input.n - 3, "\n\r\n", 3) == 0);
	bool fine = false;

	for (size_t i = 0; i + 10 < input.n && !fine; i++)
		fine = memcmp(input.s + i, "HTTP/1.", 7) == 0 && memcmp(input.s + i + 8, " 2", 2) == 0;
	return empty && fine;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct stream_ops ops = {.read = source_read};
	struct source source;
	struct stream stream = {.ops = &ops, .fd = -1, .state = &source};
	struct err e = {0};
	struct str input;
	struct lines l;

	if (size < 1)
		return 0;
	input = (struct str){(const char *)data + 1, size - 1};
	source = (struct source){input, data[0]};
	lines_init(&l, &stream, MAX);
	buf_reserve(&l.read, 1); /* with room there already, lines_next does not wait for the first bytes */
	if (tunnel_reply(&l, INFINITY, &e) == 0) {
		HOLDS(l.at == l.read.n && l.at <= MAX);
		HOLDS(may_open((struct str){input.s, l.at}));
	} else {
		check_err(&e, ERR_PROXY);
	}
	lines_clear(&l);
	return 0;
}
