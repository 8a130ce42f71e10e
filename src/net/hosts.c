/* net/hosts.c: names that are known without asking a server. */
#include "net/hosts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

/* A name and one of its addresses. port 0: for any port. */
struct entry {
	char *name;
	struct addr addr;
	uint16_t port;
	size_t order; /* of a name's addresses, as they came */
};

struct table {
	struct entry *v;
	size_t n, cap;
};

static struct table file, overrides;
static bool have_read;

static void
table_add(struct table *t, const char *name, size_t name_n, struct addr a, uint16_t port)
{
	if (name_n > 1 && name[name_n - 1] == '.')
		name_n--;
	if (t->n == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 16;
		t->v = xrealloc(t->v, t->cap * sizeof *t->v);
	}
	t->v[t->n] = (struct entry){.name = xmemdup(name, name_n), .addr = a, .port = port, .order = t->n};
	t->n++;
}

static void
table_clear(struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i].name);
	free(t->v);
	*t = (struct table){0};
}

static int
by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c = strcasecmp(x->name, y->name);

	return c ? c : (x->order > y->order) - (x->order < y->order);
}

/* "ADDR NAME [NAME]... # comment" */
static void
read_line(char *line)
{
	char *save, *word;
	struct addr a;

	line[strcspn(line, "#\r\n")] = '\0';
	word = strtok_r(line, " \t", &save);
	if (!word || !addr_parse(&a, word, 0))
		return;
	while ((word = strtok_r(NULL, " \t", &save)))
		table_add(&file, word, strlen(word), a, 0);
}

/* 0, or the errno of what went wrong. */
static int
read_lines(const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;
	int error;

	if (!f)
		return errno;
	errno = 0;
	while (getline(&line, &cap, f) >= 0)
		read_line(line);
	error = feof(f) ? 0 : errno;
	free(line);
	fclose(f);
	return error;
}

int
hosts_read(const char *path, struct err *e)
{
	int error;

	table_clear(&file);
	error = read_lines(path);
	if (error == ENOENT || error == EACCES || error == EISDIR)
		error = 0;
	have_read = !error;
	if (error) {
		table_clear(&file);
		return err_set(e, ERR_LOCAL, "cannot read %s: %s", path, strerror(error));
	}
	if (file.n)
		qsort(file.v, file.n, sizeof *file.v, by_name);
	return 0;
}

/* The host before the first colon, or an IPv6 address in brackets. What is behind its colon, or NULL. */
static const char *
take_host(const char *text, struct str *host)
{
	bool v6 = *text == '[';
	const char *end = strchr(text, v6 ? ']' : ':');

	if (!end)
		return NULL;
	*host = v6 ? (struct str){text + 1, (size_t)(end - text) - 1} : (struct str){text, (size_t)(end - text)};
	end += v6;
	return host->n && *end == ':' ? end + 1 : NULL;
}

/* "ADDR[,ADDR]...", of which there is one at least. */
static int
add_overrides(struct str host, uint16_t port, const char *list, struct err *e)
{
	char *copy = xstrdup(list), *save, *word;
	int rc = 0;

	for (word = strtok_r(copy, ",", &save); word && rc == 0; word = strtok_r(NULL, ",", &save)) {
		size_t n = strlen(word);
		struct addr a;

		if (word[0] == '[' && word[n - 1] == ']')
			word[n - 1] = '\0', word++;
		if (addr_parse(&a, word, 0))
			table_add(&overrides, host.s, host.n, a, port);
		else
			rc = err_set(e, ERR_INPUT, "'%s' is not an IP address", word);
	}
	free(copy);
	return rc;
}

int
hosts_override(const char *text, struct err *e)
{
	struct str host;
	const char *port_at = take_host(text, &host), *list = port_at ? strchr(port_at, ':') : NULL;
	unsigned long port;
	char *end;

	if (!list || !list[1 + strspn(list + 1, ",")])
		return err_set(e, ERR_INPUT, "'%s' is not HOST:PORT:ADDR", text);
	port = strtoul(port_at, &end, 10);
	if (end != list || *port_at < '0' || *port_at > '9' || !port || port > 65535)
		return err_set(e, ERR_INPUT, "'%s' has no port from 1 to 65535", text);
	return add_overrides(host, (uint16_t)port, list + 1, e);
}

/* name's length without a dot at its end */
static size_t
bare(const char *name)
{
	size_t n = strlen(name);

	return n > 1 && name[n - 1] == '.' ? n - 1 : n;
}

static bool
same(const struct entry *x, const char *name, size_t n)
{
	return strncasecmp(x->name, name, n) == 0 && !x->name[n];
}

static void
add(struct addrs *out, struct addr a, uint16_t port, int family)
{
	if (family != AF_UNSPEC && a.sa.sa_family != family)
		return;
	addr_set_port(&a, port);
	addrs_add(out, a);
}

/* Those said for the very name come before those said for '*'. */
static bool
find_override(struct addrs *out, const char *name, uint16_t port, int family)
{
	const char *wanted[] = {name, "*"};
	bool known = false;

	for (size_t w = 0; w < 2 && !known; w++)
		for (size_t i = 0; i < overrides.n; i++)
			if (overrides.v[i].port == port && same(&overrides.v[i], wanted[w], bare(wanted[w]))) {
				known = true;
				if (out)
					add(out, overrides.v[i].addr, port, family);
			}
	return known;
}

static bool
find_in_file(struct addrs *out, const char *name, uint16_t port, int family)
{
	size_t n = bare(name), low = 0, high = file.n, i;
	char *key = xmemdup(name, n);

	while (low < high) { /* the first entry that is not before key */
		size_t mid = low + (high - low) / 2;

		if (strcasecmp(file.v[mid].name, key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	free(key);
	for (i = low; i < file.n && same(&file.v[i], name, n); i++)
		add(out, file.v[i].addr, port, family);
	return i > low;
}

bool
hosts_is_localhost(const char *name)
{
	static const char word[] = "localhost";
	size_t n = bare(name), m = sizeof word - 1;

	return n >= m && strncasecmp(name + n - m, word, m) == 0 && (n == m || name[n - m - 1] == '.');
}

static bool
find_localhost(struct addrs *out, const char *name, uint16_t port, int family)
{
	struct addr a;

	if (!hosts_is_localhost(name))
		return false;
	if (addr_parse(&a, "::1", port))
		add(out, a, port, family);
	if (addr_parse(&a, "127.0.0.1", port))
		add(out, a, port, family);
	return true;
}

bool
hosts_overrides(const char *name, uint16_t port)
{
	return overrides.n && find_override(NULL, name, port, AF_UNSPEC);
}

int
hosts_find(struct addrs *out, const char *name, uint16_t port, int family, struct err *e)
{
	if (overrides.n && find_override(out, name, port, family))
		return 1;
	if (!have_read && hosts_read("/etc/hosts", e) != 0)
		return -1;
	return find_in_file(out, name, port, family) || find_localhost(out, name, port, family);
}

void
hosts_end(void)
{
	table_clear(&file);
	table_clear(&overrides);
	have_read = false;
}
