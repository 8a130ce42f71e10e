/* net/exclude.c: names and networks that nothing is to be sent to: a table of names, and a prefix tree. */
#include "net/exclude.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/set.h"
#include "net/idn.h"

enum { NAME_MAX_BYTES = 253, RULE_MAX = 1024, ALL_BITS = 128, V4_BITS = 96 };

/* Where a rule is. */
struct origin {
	uint32_t file, line;
};

/* Beside each name. */
struct name {
	struct origin from;
	bool below; /* also all names below it */
};

/*
 * A node of the tree stands for a prefix of its key; one below has a longer one that begins like it. Where two rules
 * part there is a node that is no rule. Indices instead of pointers: 0 is nobody.
 */
struct node {
	unsigned char key[16];
	uint32_t child[2];
	struct origin from;
	uint8_t bits;
	bool rule;
};

struct exclude {
	const char **files;
	size_t nfiles;
	struct set *names;    /* with a struct name each */
	struct node *nodes;   /* nodes[0] is not used */
	size_t nnodes, cap;
	uint32_t root;
};

struct exclude *
exclude_new(void)
{
	struct exclude *x = xcalloc(1, sizeof *x);

	x->names = set_new(sizeof(struct name));
	x->nnodes = 1;
	return x;
}

void
exclude_free(struct exclude *x)
{
	if (!x)
		return;
	set_free(x->names);
	free(x->files);
	free(x->nodes);
	free(x);
}

/* name is in lower case. The first rule about a name is the one that is told. */
static void
add_name(struct exclude *x, struct str name, bool below, struct origin from)
{
	bool added;
	char *beside = set_add(x->names, name, &added);
	struct name h;

	memcpy(&h, beside, sizeof h);
	if (added)
		h.from = from;
	h.below |= below;
	memcpy(beside, &h, sizeof h);
}

static unsigned
bit_of(const unsigned char *key, unsigned i)
{
	return key[i / 8] >> (7 - i % 8) & 1;
}

/* How many of the first `most` bits are the same. */
static unsigned
common(const unsigned char *a, const unsigned char *b, unsigned most)
{
	unsigned n = 0;

	while (n + 8 <= most && a[n / 8] == b[n / 8])
		n += 8;
	while (n < most && bit_of(a, n) == bit_of(b, n))
		n++;
	return n;
}

static uint32_t
add_node(struct exclude *x, const unsigned char *key, unsigned bits)
{
	struct node *n = &x->nodes[x->nnodes];

	memset(n, 0, sizeof *n);
	memcpy(n->key, key, sizeof n->key);
	n->bits = (uint8_t)bits;
	return (uint32_t)x->nnodes++;
}

/* Puts a node for the first `bits` bits of key between *at and the node that is there. */
static uint32_t
split(struct exclude *x, uint32_t *at, const unsigned char *key, unsigned bits)
{
	uint32_t below = *at, i = add_node(x, key, bits);

	x->nodes[i].child[bit_of(x->nodes[below].key, bits)] = below;
	return *at = i;
}

/* Where the prefix is, or is to be: its node. 0: a shorter one is a rule already. */
static uint32_t
node_for(struct exclude *x, const unsigned char *key, unsigned bits)
{
	uint32_t *at = &x->root;

	while (*at) {
		struct node *n = &x->nodes[*at];
		unsigned same = common(n->key, key, n->bits < bits ? n->bits : bits);

		if (same < n->bits) {
			uint32_t i = split(x, at, key, same);

			if (same == bits)
				return i;
			at = &x->nodes[i].child[bit_of(key, same)];
			break;
		}
		if (n->rule || n->bits == bits)
			return n->rule ? 0 : *at;
		at = &n->child[bit_of(key, n->bits)];
	}
	return *at = add_node(x, key, bits);
}

static void
add_network(struct exclude *x, const unsigned char *key, unsigned bits, struct origin from)
{
	uint32_t i;

	if (x->nnodes + 2 > x->cap) { /* as many as are added at once: nodes stay where they are meanwhile */
		x->cap = x->cap ? 2 * x->cap : 64;
		x->nodes = xrealloc(x->nodes, x->cap * sizeof *x->nodes);
	}
	i = node_for(x, key, bits);
	if (!i)
		return;
	x->nodes[i].rule = true;
	x->nodes[i].from = from;
}

/* All addresses are of IPv6 here; those of IPv4 are mapped. */
static void
key_of(const struct addr *a, unsigned char key[16])
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (a->sa.sa_family == AF_INET6) {
		memcpy(key, &a->v6.sin6_addr, 16);
		return;
	}
	memcpy(key, mapped, sizeof mapped);
	memcpy(key + sizeof mapped, &a->v4.sin_addr, 4);
}

/* 1; 0 if it is no address; -1 if it is one, and yet makes no sense. text is changed. */
static int
try_network(struct exclude *x, char *text, struct origin from, struct err *e)
{
	char *slash = strchr(text, '/');
	unsigned char key[16];
	unsigned bits = ALL_BITS;
	struct addr a;

	if (slash)
		*slash = '\0';
	if (!addr_parse(&a, text, 0))
		return slash ? err_set(e, ERR_INPUT, "'%s' is no address", text) : 0;
	if (strchr(text, '%'))
		return err_set(e, ERR_INPUT, "an address with a zone cannot be excluded");
	if (slash) {
		bool v4 = a.sa.sa_family == AF_INET;

		if (!addr_parse_bits(slash + 1, v4 ? 32 : 128, &bits))
			return err_set(
			    e, ERR_INPUT, "'%s' is no length of a prefix from 0 to %d", slash + 1, v4 ? 32 : 128);
		bits += v4 ? V4_BITS : 0;
	}
	key_of(&a, key);
	add_network(x, key, bits, from);
	return 1;
}

/* Folds case and drops the dot at the end: of n bytes, how many are left; 0 if it can be no name. */
static size_t
fold_name(char *s, size_t n)
{
	size_t label = 0;

	if (n > 1 && s[n - 1] == '.')
		n--;
	for (size_t i = 0; i < n; i++) {
		if (s[i] >= 'A' && s[i] <= 'Z')
			s[i] |= 0x20;
		if (s[i] == '.' ? !label : !strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", s[i]))
			return 0;
		label = s[i] == '.' ? 0 : label + 1;
	}
	return label && n <= NAME_MAX_BYTES ? n : 0;
}

static bool
is_ascii(const char *s)
{
	while (*s > 0)
		s++;
	return !*s;
}

static int
add_name_rule(struct exclude *x, const char *rule, struct origin from, struct err *e)
{
	bool below = *rule == '.';
	struct buf name = {0};
	size_t n;
	int rc = 0;

	if (is_ascii(rule))
		buf_str(&name, str_of(rule + below));
	else
		rc = idn_to_ascii(&name, str_of(rule + below), e);
	/* digits of other scripts become ours, also in a URL: what looks like an address is one there, too */
	if (rc == 0 && !below && !is_ascii(rule) && (rc = try_network(x, buf_cstr(&name), from, e)) != 0) {
		buf_clear(&name);
		return rc < 0 ? -1 : 0;
	}
	n = rc == 0 ? fold_name(name.s, name.n) : 0;
	if (rc == 0 && !n)
		rc = err_set(e, ERR_INPUT, "'%s' is no name, no address and no network", rule);
	if (rc == 0)
		add_name(x, (struct str){name.s, n}, below, from);
	buf_clear(&name);
	return rc;
}

int
exclude_add(struct exclude *x, struct str rule, size_t line, struct err *e)
{
	const struct origin from = {(uint32_t)x->nfiles, (uint32_t)line};
	const char *comment = rule.n ? memchr(rule.s, '#', rule.n) : NULL;
	char text[RULE_MAX + 1];
	int rc;

	if (comment)
		rule.n = (size_t)(comment - rule.s);
	if (rule.n && rule.s[rule.n - 1] == '\r')
		rule.n--;
	rule = str_trim(rule);
	if (!rule.n)
		return 0;
	if (rule.n > RULE_MAX)
		return err_set(e, ERR_INPUT, "a rule longer than %d bytes", RULE_MAX);
	memcpy(text, rule.s, rule.n);
	text[rule.n] = '\0';
	if (strlen(text) < rule.n || text[strcspn(text, " \t")])
		return err_set(e, ERR_INPUT, "more than one word");
	rc = try_network(x, text, from, e);
	if (rc == 0)
		rc = add_name_rule(x, text, from, e);
	return rc < 0 ? -1 : 0;
}

int
exclude_read(struct exclude *x, const char *path, struct err *e)
{
	FILE *f = fopen(path, "re");
	struct err why;
	char *line = NULL;
	size_t cap = 0, number = 0;
	ssize_t n;
	int rc = 0;

	if (!f)
		return err_set(e, ERR_LOCAL, "cannot read %s: %s", path, strerror(errno));
	x->files = xrealloc(x->files, (x->nfiles + 1) * sizeof *x->files);
	x->files[x->nfiles++] = path;
	while (rc == 0 && (n = getline(&line, &cap, f)) >= 0) {
		if (n && line[n - 1] == '\n')
			n--;
		rc = exclude_add(x, (struct str){line, (size_t)n}, ++number, &why);
	}
	if (rc != 0)
		err_set(e, ERR_INPUT, "%s:%zu: %s", path, number, why.text);
	else if (ferror(f))
		rc = err_set(e, ERR_LOCAL, "cannot read %s: %s", path, strerror(errno));
	free(line);
	fclose(f);
	return rc;
}

static int
refuse(const struct exclude *x, const char *what, struct origin from, struct err *e)
{
	if (!from.file)
		return err_set(e, ERR_EXCLUDED, "%s is excluded", what);
	return err_set(e, ERR_EXCLUDED, "%s is excluded by %s:%u", what, x->files[from.file - 1], (unsigned)from.line);
}

int
exclude_name(const struct exclude *x, const char *name, struct err *e)
{
	char text[NAME_MAX_BYTES + 2];
	size_t n = strlen(name), at = 0;

	if (!x || !set_count(x->names) || n >= sizeof text)
		return 0;
	memcpy(text, name, n + 1);
	n = fold_name(text, n);
	while (at < n) {
		const struct str rest = {text + at, n - at};
		const char *beside = set_find(x->names, rest), *dot = memchr(rest.s, '.', rest.n);
		struct name h;

		if (beside)
			memcpy(&h, beside, sizeof h);
		if (beside && (!at || h.below))
			return refuse(x, name, h.from, e);
		at = dot ? (size_t)(dot - text) + 1 : n;
	}
	return 0;
}

int
exclude_addr(const struct exclude *x, const struct addr *a, struct err *e)
{
	unsigned char key[16];
	char shown[ADDR_TEXT];

	if (!x || !x->root)
		return 0;
	key_of(a, key);
	for (uint32_t i = x->root; i;) {
		const struct node *n = &x->nodes[i];

		if (common(n->key, key, n->bits) < n->bits)
			return 0;
		if (n->rule)
			return refuse(x, addr_text(a, shown), n->from, e);
		i = n->bits < ALL_BITS ? n->child[bit_of(key, n->bits)] : 0;
	}
	return 0;
}
