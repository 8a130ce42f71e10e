/*
 * tests/fuzz/socks.c: any bytes as what a SOCKS proxy says. The first byte of the input chooses the sizes of the pieces
 * in which it comes, and whether there is a password (it is odd) and an address (its second bit).
 */
#include "net/socks.h"

#include <math.h>
#include <string.h>

#include "fuzz.h"

/* The input as a transport that never has to wait; what is written is counted. */
struct source {
	struct str left;
	unsigned sizes; /* of the next pieces; a small generator's state */
	size_t written;
};

static ssize_t
source_read(struct stream *s, void *to, size_t n, struct err *e)
{
	struct source *from = s->state;
	size_t piece;

	(void)e;
	from->sizes = from->sizes * 1103515245 + 12345;
	piece = 1 + (from->sizes >> 16) % 8;
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

static ssize_t
source_write(struct stream *s, const void *from, size_t n, struct err *e)
{
	struct source *to = s->state;

	(void)from, (void)e;
	to->written += n;
	return (ssize_t)n;
}

/* How many bytes a proxy says that consents, as RFC 1928 and 1929 have it. */
static size_t
consent_size(struct str said, bool password)
{
	const unsigned char *p = (const unsigned char *)said.s;
	size_t at = 2;

	HOLDS(said.n >= 9 && p[0] == 5 && (p[1] == 0 || (p[1] == 2 && password)));
	if (p[1] == 2) {
		HOLDS(p[2] == 1 && p[3] == 0);
		at = 4;
	}
	HOLDS(said.n >= at + 7 && p[at] == 5 && p[at + 1] == 0);
	switch (p[at + 3]) {
	case 1:
		return at + 10;
	case 4:
		return at + 22;
	default:
		HOLDS(p[at + 3] == 3);
		return at + 7 + p[at + 4];
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct stream_ops ops = {.read = source_read, .write = source_write};
	struct source source;
	struct stream stream = {.ops = &ops, .fd = -1, .state = &source};
	bool password = size && data[0] & 1;
	struct err e = {0};
	struct str input;
	struct addr a;

	if (size < 1)
		return 0;
	input = (struct str){(const char *)data + 1, size - 1};
	source = (struct source){input, data[0], 0};
	HOLDS(addr_parse(&a, "192.0.2.1", 80));
	if (socks_open(&stream, password ? "u" : NULL, password ? "p" : NULL, "example.org", data[0] & 2 ? &a : NULL,
	    80, INFINITY, &e) == 0)
		HOLDS(consent_size(input, password) == input.n - source.left.n);
	else
		check_err(&e, ERR_PROXY);
	HOLDS(source.written >= 3);
	return 0;
}
