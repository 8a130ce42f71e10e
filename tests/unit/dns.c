/* tests/unit/dns.c: names become addresses, in order and in time, however the servers answer. The server is a task here. */
#include "net/dns.h"

#include <arpa/nameser.h>
#include <math.h>
#include <stdio.h>

#include "helper.h"
#include "net/hosts.h"
#include "net/listen.h"
#include "rt/group.h"

/* --- the server --- */

enum { NEVER = -1, MOST = 8192 };

/* What it knows of a name: addresses separated by blanks (NULL: none), response codes, milliseconds until it answers. */
struct record {
	const char *name;
	struct side {
		const char *addresses;
		int rcode, ms;
	} a, aaaa;
};

static const struct record records[] = {
	{"both.test", {"192.0.2.1 192.0.2.2", 0, 0}, {"2001:db8::1 2001:db8::2", 0, 0}},
	{"v4.test", {"192.0.2.1", 0, 0}, {NULL, 0, 0}},
	{"v6.test", {NULL, 0, 0}, {"2001:db8::1", 0, 0}},
	{"onelabel", {"192.0.2.3", 0, 0}, {NULL, 0, 0}},
	{"late4.test", {"192.0.2.1", 0, 300}, {"2001:db8::1", 0, 0}},
	{"later4.test", {"192.0.2.1", 0, 3000}, {"2001:db8::1", 0, 0}},
	{"late6.test", {"192.0.2.1", 0, 0}, {"2001:db8::1", 0, 300}},
	{"never4.test", {NULL, 0, NEVER}, {"2001:db8::1", 0, 0}},
	{"never6.test", {"192.0.2.1", 0, 0}, {NULL, 0, NEVER}},
	{"slow.test", {"192.0.2.1", 0, 150}, {"2001:db8::1", 0, 100}},
	{"nodata.test", {NULL, 0, 0}, {NULL, 0, 0}},
	{"nxdomain.test", {NULL, 3, 0}, {NULL, 3, 0}},
	{"nxdomain-slow6.test", {NULL, 3, 0}, {NULL, 3, 5000}},
	{"nxdomain4.test", {NULL, 3, 0}, {NULL, 0, 0}},
	{"nxdomain6.test", {"192.0.2.1", 0, 100}, {NULL, 3, 0}},
	{"servfail.test", {NULL, 2, 0}, {NULL, 2, 0}},
	{"servfail4.test", {NULL, 2, 0}, {NULL, 0, 0}},
	{"servfail6.test", {"192.0.2.1", 0, 0}, {NULL, 2, 0}},
	{"servfail4-nxdomain6.test", {NULL, 2, 0}, {NULL, 3, 0}},
	{"refused.test", {NULL, 5, 0}, {NULL, 5, 0}},
	{"notimp.test", {NULL, 4, 0}, {NULL, 4, 0}},
	{"silent.test", {NULL, 0, NEVER}, {NULL, 0, NEVER}},
	{"silent4-nodata6.test", {NULL, 0, NEVER}, {NULL, 0, 0}},
	{"silent4-servfail6.test", {NULL, 0, NEVER}, {NULL, 2, 0}},
};

struct question {
	unsigned char bytes[512];
	size_t n;
	struct addr from;
	double due;
};

static struct server {
	int fd;
	struct addr addr;
	struct task *task;
	struct question *questions;
	size_t n, seen[2]; /* seen: questions for A, for AAAA */
	bool hold;         /* answer nothing until told to */
} server;

/* The name in the question, "a.b", and its type. */
static int
read_question(const struct question *q, char name[256])
{
	size_t at = 12, n = 0;

	while (at < q->n && q->bytes[at]) {
		size_t label = q->bytes[at++];

		if (n)
			name[n++] = '.';
		assert_true(label < 64 && n + label < 255 && at + label < q->n);
		memcpy(name + n, q->bytes + at, label);
		n += label, at += label;
	}
	name[n] = '\0';
	assert_true(at + 5 == q->n);
	return q->bytes[at + 1] << 8 | q->bytes[at + 2];
}

static void
add_record(struct buf *b, int type, const char *text)
{
	static const char fixed[] = "\xc0\x0c\0\0\0\1\0\0\0\0\0\0";
	struct addr a;

	assert_true(addr_parse(&a, text, 0));
	buf_add(b, fixed, 12);
	b->s[b->n - 9] = (char)type;
	b->s[b->n - 1] = type == ns_t_a ? 4 : 16;
	buf_add(b, type == ns_t_a ? (char *)&a.v4.sin_addr : (char *)&a.v6.sin6_addr, type == ns_t_a ? 4 : 16);
}

/* What is known of a name; "nNUMBER" has an address made of it, and others do not exist. */
static struct side
find_side(const char *name, int type)
{
	static char text[40];
	unsigned number;

	for (size_t i = 0; i < ROWS(records); i++)
		if (strcasecmp(records[i].name, name) == 0)
			return type == ns_t_a ? records[i].a : records[i].aaaa;
	if (sscanf(name, "n%u.", &number) != 1)
		return (struct side){NULL, 3, 0};
	snprintf(text, sizeof text, type == ns_t_a ? "10.0.%u.%u" : "2001:db8::%u:%u", number / 250, number % 250);
	return (struct side){text, 0, 0};
}

static void
answer(const struct question *q)
{
	char name[256], list[200], *save;
	int type = read_question(q, name);
	struct side side = find_side(name, type);
	struct buf b = {0};

	buf_add(&b, (const char *)q->bytes, q->n);
	b.s[2] = (char)0x81; /* an answer, recursion desired */
	b.s[3] = (char)(0x80 | side.rcode);
	snprintf(list, sizeof list, "%s", side.addresses ? side.addresses : "");
	for (char *word = strtok_r(list, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		add_record(&b, type, word);
		b.s[7]++;
	}
	assert_true(sendto(server.fd, b.s, b.n, 0, &q->from.sa, addr_size(&q->from)) == (ssize_t)b.n);
	buf_clear(&b);
}

static void
take_questions(void)
{
	struct question *q = &server.questions[server.n];
	socklen_t size = sizeof q->from;
	ssize_t n;

	while ((n = recvfrom(server.fd, q->bytes, sizeof q->bytes, 0, &q->from.sa, &size)) > 12) {
		char name[256];
		int type, ms;

		q->n = (size_t)n;
		type = read_question(q, name);
		assert_true(type == ns_t_a || type == ns_t_aaaa);
		server.seen[type == ns_t_aaaa]++;
		ms = find_side(name, type).ms;
		q->due = ms == NEVER || server.hold ? INFINITY : task_now() + ms / 1e3;
		assert_true(++server.n < MOST);
		q = &server.questions[server.n];
		size = sizeof q->from;
	}
}

/* Answers what is due; the time when there is more to do. */
static double
answer_due(void)
{
	double next = INFINITY, now = task_now();

	for (size_t i = 0; i < server.n; i++) {
		struct question *q = &server.questions[i];

		if (q->due <= now) {
			answer(q);
			server.questions[i--] = server.questions[--server.n];
		} else {
			next = fmin(next, q->due);
		}
	}
	return next;
}

static void *
serve(void *arg)
{
	struct err e = {0};

	do {
		take_questions();
		e.kind = ERR_NONE;
	} while (task_wait_fd(server.fd, TASK_READ, answer_due(), &e) == 0 || e.kind == ERR_TIMEOUT);
	return arg;
}

static int
listen_at(const char *text, struct addr *a)
{
	assert_true(addr_parse(a, text, 0));
	return listen_udp(a, false, NULL);
}

static const char *server_at = "127.0.0.1";

static void
begin(void)
{
	char text[ADDR_TEXT];

	server = (struct server){.questions = test_malloc(MOST * sizeof *server.questions)};
	server.fd = listen_at(server_at, &server.addr);
	assert_true(server.fd >= 0);
	server.task = task_start("server", serve, NULL, NULL, NULL);
	assert_int_equal(dns_servers(addr_text_port(&server.addr, text), NULL), 0);
	assert_int_equal(hosts_read("/dev/null", NULL), 0);
}

static void
end(void)
{
	dns_end();
	task_cancel(server.task);
	assert_int_equal(task_join(server.task, NULL, NULL), 0);
	close(server.fd);
	test_free(server.questions);
}

/* --- the lookups --- */

struct call {
	const char *name;
	int family;
	double seconds, took;
	struct addrs list;
	struct err e;
	int rc, missing;
};

static void *
look_up(void *arg)
{
	struct call *c = arg;
	double began = task_now();

	c->e.kind = ERR_NONE;
	c->rc = dns_lookup(c->name, NULL, 81, c->family, began + c->seconds, &c->list, &c->e);
	c->took = task_now() - began;
	c->missing = c->list.missing;
	return NULL;
}

/* The addresses are want, each with a blank behind it, or the error's sentence is. */
static void
expect_found(struct call *c, const char *want)
{
	struct buf b = {0};
	char text[ADDR_TEXT];

	for (size_t i = 0; i < c->list.n; i++) {
		assert_int_equal(addr_port(&c->list.v[i]), 81);
		buf_printf(&b, "%s ", addr_text(&c->list.v[i], text));
	}
	if (c->rc != 0) {
		assert_int_equal(c->list.n, 0);
		expect_err(str_of(c->name), &c->e, c->e.kind);
		buf_str(&b, str_of(c->e.text));
	}
	expect_str(str_of(c->name), buf_view(&b), str_of(want));
	buf_clear(&b);
	addrs_clear(&c->list);
}

static void *
find_addresses(void *arg)
{
	static const struct {
		const char *name;
		int family;
		const char *want;
		size_t a, aaaa; /* questions */
	} rows[] = {
		{"both.test", AF_UNSPEC, "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2 ", 1, 1},
		{"both.test", AF_INET, "192.0.2.1 192.0.2.2 ", 1, 0},
		{"both.test", AF_INET6, "2001:db8::1 2001:db8::2 ", 0, 1},
		{"BOTH.Test", AF_INET, "192.0.2.1 192.0.2.2 ", 1, 0},
		{"both.test.", AF_INET, "192.0.2.1 192.0.2.2 ", 1, 0},
		{"v4.test", AF_UNSPEC, "192.0.2.1 ", 1, 1},
		{"v6.test", AF_UNSPEC, "2001:db8::1 ", 1, 1},
		{"nxdomain6.test", AF_UNSPEC, "192.0.2.1 ", 1, 1}, /* RFC 4074 section 4.2 */
		{"servfail6.test", AF_UNSPEC, "192.0.2.1 ", 1, 1},
		{"slow.test", AF_UNSPEC, "2001:db8::1 192.0.2.1 ", 1, 1},
	};

	(void)arg;
	begin();
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct call c = {.name = rows[i].name, .family = rows[i].family, .seconds = 60};
		struct str row = str_of(rows[i].name);

		server.seen[0] = server.seen[1] = 0;
		look_up(&c);
		expect_found(&c, rows[i].want);
		expect_int(row, c.missing, strcmp(c.name, "slow.test") == 0 ? c.missing : 0);
		expect_int(row, (long long)server.seen[0], (long long)rows[i].a);
		expect_int(row, (long long)server.seen[1], (long long)rows[i].aaaa);
	}
	end();
	return NULL;
}

static void
both_families_are_asked_for_and_take_turns(void **state)
{
	(void)state;
	assert_int_equal(task_main(find_addresses, NULL, NULL, NULL), 0);
}

static void *
find_one_label(void *arg)
{
	struct call c = {.name = "onelabel", .family = AF_INET, .seconds = 60};

	begin();
	look_up(&c); /* the system's search domains do not matter: the server knows none of them */
	expect_found(&c, "192.0.2.3 ");
	end();
	return arg;
}

static void
name_without_a_dot_is_found(void **state)
{
	(void)state;
	assert_int_equal(task_main(find_one_label, NULL, NULL, NULL), 0);
}

static void *
wait_for_late_answers(void *arg)
{
	static const struct {
		const char *name, *want;
		int missing;
		double least, most;
	} rows[] = {
		/* IPv4 in hand, IPv6 is given 50 ms; IPv6 in hand, IPv4 is worth waiting for, but not for ever */
		{"late6.test", "192.0.2.1 ", AF_INET6, 0.05, 0.29},
		{"never6.test", "192.0.2.1 ", AF_INET6, 0.05, 0.9},
		{"late4.test", "2001:db8::1 192.0.2.1 ", 0, 0.3, 30},
		{"later4.test", "2001:db8::1 ", AF_INET, 1.5, 2.9},
		{"never4.test", "2001:db8::1 ", AF_INET, 1.5, 30},
		/* a name that does not exist does so in no family */
		{"nxdomain-slow6.test", "no such host name (NXDOMAIN)", 0, 0, 4},
	};

	(void)arg;
	begin();
	for (size_t i = 0; i < ROWS(rows); i++)
		for (int tries = 0;; tries++) { /* the upper bounds are those of an idle machine */
			struct call c = {.name = rows[i].name, .family = AF_UNSPEC, .seconds = 60};

			look_up(&c);
			if (c.took < rows[i].least)
				fail_msg("%s: after %g s already", c.name, c.took);
			if (c.took > rows[i].most && tries < 10) {
				addrs_clear(&c.list);
				continue;
			}
			expect_found(&c, rows[i].want);
			if (c.rc == 0)
				expect_int(str_of(c.name), c.missing, rows[i].missing);
			break;
		}
	end();
	return NULL;
}

static void
late_family_is_waited_for_a_while(void **state)
{
	(void)state;
	assert_int_equal(task_main(wait_for_late_answers, NULL, NULL, NULL), 0);
}

static void *
find_nothing(void *arg)
{
	static const char silence[] = "no answer from the DNS servers";
	static const struct {
		const char *name;
		int family;
		double seconds;
		enum err_kind kind;
		const char *why;
	} rows[] = {
		{"nxdomain.test", AF_UNSPEC, 60, ERR_DNS_NXDOMAIN, "no such host name (NXDOMAIN)"},
		{"unheard.of.test", AF_INET, 60, ERR_DNS_NXDOMAIN, "no such host name (NXDOMAIN)"},
		{"nodata.test", AF_UNSPEC, 60, ERR_DNS_NODATA, "the name exists but has no address"},
		{"v6.test", AF_INET, 60, ERR_DNS_NODATA, "the name exists but has no IPv4 address"},
		{"v4.test", AF_INET6, 60, ERR_DNS_NODATA, "the name exists but has no IPv6 address"},
		{"servfail.test", AF_UNSPEC, 60, ERR_DNS_SERVFAIL, "the DNS server could not find out (SERVFAIL)"},
		{"refused.test", AF_UNSPEC, 60, ERR_DNS_SERVFAIL, "the DNS server refuses to answer (REFUSED)"},
		{"notimp.test", AF_UNSPEC, 60, ERR_DNS_SERVFAIL, "the DNS server's answer is of no use"},
		{"silent.test", AF_UNSPEC, 0.2, ERR_DNS_TIMEOUT, silence},
		{"silent.test", AF_INET, 0.2, ERR_DNS_TIMEOUT, silence},
		/* of two reasons the one that says more */
		{"servfail4.test", AF_UNSPEC, 60, ERR_DNS_SERVFAIL, "the DNS server could not find out (SERVFAIL)"},
		{"nxdomain4.test", AF_UNSPEC, 60, ERR_DNS_NXDOMAIN, "no such host name (NXDOMAIN)"},
		{"servfail4-nxdomain6.test", AF_UNSPEC, 60, ERR_DNS_NXDOMAIN, "no such host name (NXDOMAIN)"},
		{"silent4-nodata6.test", AF_UNSPEC, 0.2, ERR_DNS_TIMEOUT, silence},
		{"silent4-servfail6.test", AF_UNSPEC, 0.2, ERR_DNS_TIMEOUT, silence},
	};

	(void)arg;
	begin();
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct call c = {.name = rows[i].name, .family = rows[i].family, .seconds = rows[i].seconds};
		struct str row = str_of(rows[i].name);

		look_up(&c);
		expect_int(row, c.rc, -1);
		expect_int(row, c.e.kind, rows[i].kind);
		expect_found(&c, rows[i].why);
		if (rows[i].seconds < 60)
			assert_true(c.took >= rows[i].seconds);
	}
	end();
	return NULL;
}

static void
name_without_addresses_is_told_why(void **state)
{
	(void)state;
	assert_int_equal(task_main(find_nothing, NULL, NULL, NULL), 0);
}

static void *
find_without_asking(void *arg)
{
	static const struct {
		const char *name, *literal;
		int family;
		const char *want;
	} rows[] = {
		{"192.0.2.9", "192.0.2.9", AF_UNSPEC, "192.0.2.9 "},
		{"192.0.2.9", "192.0.2.9", AF_INET6, "no IPv6 address"},
		{"::1", "::1", AF_UNSPEC, "::1 "},
		{"::1", "::1", AF_INET, "no IPv4 address"},
		{"192.0.2.8", "192.0.2.8", AF_UNSPEC, "192.0.2.88 "}, /* by an override */
		{"localhost", NULL, AF_UNSPEC, "::1 127.0.0.1 "},
		{"www.localhost", NULL, AF_INET, "127.0.0.1 "},
		{"overridden.test", NULL, AF_UNSPEC, "2001:db8::7 192.0.2.7 "},
		{"overridden.test", NULL, AF_INET6, "2001:db8::7 "},
	};

	(void)arg;
	begin();
	assert_int_equal(hosts_override("overridden.test:81:192.0.2.7,2001:db8::7", NULL), 0);
	assert_int_equal(hosts_override("192.0.2.8:81:192.0.2.88", NULL), 0);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct call c = {.name = rows[i].name};
		struct addr literal;

		if (rows[i].literal)
			assert_true(addr_parse(&literal, rows[i].literal, 81));
		c.rc = dns_lookup(c.name, rows[i].literal ? &literal : NULL, 81, rows[i].family, task_now(), &c.list, &c.e);
		expect_found(&c, rows[i].want);
	}
	assert_int_equal(server.seen[0] + server.seen[1], 0);
	end();
	return NULL;
}

static void
what_is_known_is_not_asked_for(void **state)
{
	(void)state;
	assert_int_equal(task_main(find_without_asking, NULL, NULL, NULL), 0);
}

/* --- giving up --- */

static void *
cancel_a_lookup(void *arg)
{
	static const char *const names[] = {"slow.test", "silent.test", "late6.test", "never4.test"};

	begin();
	for (size_t i = 0; i < ROWS(names); i++)
		for (double after = 0; after < 0.06; after += 0.025) {
			struct call c = {.name = names[i], .seconds = 60};
			struct task *t = task_start("lookup", look_up, &c, NULL, NULL);

			assert_int_equal(task_sleep(after, NULL), 0);
			task_cancel(t);
			assert_int_equal(task_join(t, NULL, NULL), 0);
			if (c.rc != 0)
				expect_int(str_of(c.name), c.e.kind, ERR_CANCELED);
			addrs_clear(&c.list);
		}
	assert_int_equal(task_sleep(0.2, NULL), 0); /* some answers come now, and nobody is there */
	end();                                      /* some never do */
	return arg;
}

static void
answer_that_nobody_waits_for_is_dropped(void **state)
{
	(void)state;
	assert_int_equal(task_main(cancel_a_lookup, NULL, NULL, NULL), 0);
}

static void *
time_out_and_look_up_again(void *arg)
{
	begin();
	for (int i = 0; i < 20; i++) {
		struct call hasty = {.name = "slow.test", .seconds = 0.01}, good = {.name = "both.test", .seconds = 60};

		look_up(&hasty);
		expect_found(&hasty, "no answer from the DNS servers");
		look_up(&good);
		expect_found(&good, "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2 ");
	}
	end();
	return arg;
}

static void
late_answers_do_not_disturb_later_names(void **state)
{
	(void)state;
	assert_int_equal(task_main(time_out_and_look_up_again, NULL, NULL, NULL), 0);
}

/* --- many --- */

enum { NAMES = 2100 }; /* more questions than all channels have places for, where the system allows only small buffers */

static struct call calls[NAMES];
static char names[NAMES][16];

static void
ended(struct task_owner *owner, void *arg, void *result)
{
	(void)owner, (void)arg, (void)result;
}

static void *
find_many(void *arg)
{
	struct task_owner owner = {.ended = ended};
	char want[80];

	begin();
	server.hold = true;
	for (unsigned i = 0; i < NAMES; i++) {
		snprintf(names[i], sizeof names[i], "n%u.test", i);
		calls[i] = (struct call){.name = names[i], .seconds = 60};
		assert_non_null(task_start("lookup", look_up, &calls[i], &owner, NULL));
		if (i % 50 == 0) /* the server's buffer is not large either */
			assert_int_equal(task_sleep(0.001, NULL), 0);
	}
	assert_int_equal(task_sleep(0.05, NULL), 0);
	assert_true(server.seen[0] + server.seen[1] > 200); /* all at once */
	server.hold = false;
	for (size_t i = 0; i < server.n; i++)
		server.questions[i].due = 0;
	task_cancel(server.task); /* and begins anew, to look at them */
	assert_int_equal(task_join(server.task, NULL, NULL), 0);
	server.task = task_start("server", serve, NULL, NULL, NULL);
	while (owner.tasks)
		assert_int_equal(task_sleep(0.005, NULL), 0);
	for (unsigned i = 0; i < NAMES; i++) {
		snprintf(want, sizeof want, "2001:db8::%u:%u 10.0.%u.%u ", i / 250, i % 250, i / 250, i % 250);
		if (i < 250) /* "::0:N" is written "::N" */
			snprintf(want, sizeof want, "2001:db8::%u 10.0.0.%u ", i, i);
		if (i == 0)
			snprintf(want, sizeof want, "2001:db8:: 10.0.0.0 ");
		if (i && i % 250 == 0)
			snprintf(want, sizeof want, "2001:db8::%u:0 10.0.%u.0 ", i / 250, i / 250);
		expect_found(&calls[i], want);
	}
	end();
	return arg;
}

static void
more_names_at_once_than_places_are_all_found(void **state)
{
	(void)state;
	assert_int_equal(task_main(find_many, NULL, NULL, NULL), 0);
}

/* --- several servers --- */

/* One look-up of a name with these servers. */
static void
expect_by(const char *servers, const char *name, const char *want)
{
	struct call c = {.name = name, .family = AF_INET, .seconds = 60};

	dns_end();
	assert_int_equal(hosts_read("/dev/null", NULL), 0);
	assert_int_equal(dns_servers(servers, NULL), 0);
	look_up(&c);
	expect_found(&c, want);
}

static void *
find_by_several(void *arg)
{
	struct addr dead, mute;
	int dead_fd = listen_at("127.0.0.1", &dead), mute_fd = listen_at("127.0.0.1", &mute);
	char servers[80];

	close(dead_fd); /* nobody listens there now */
	begin();
	snprintf(servers, sizeof servers, "127.0.0.1:%u,127.0.0.1:%u", addr_port(&dead), addr_port(&server.addr));
	expect_by(servers, "both.test", "192.0.2.1 192.0.2.2 ");
	snprintf(servers, sizeof servers, "127.0.0.1:%u,127.0.0.1:%u", addr_port(&mute), addr_port(&server.addr));
	expect_by(servers, "both.test", "192.0.2.1 192.0.2.2 ");
	snprintf(servers, sizeof servers, "127.0.0.1:%u", addr_port(&dead));
	expect_by(servers, "both.test", "no DNS server can be reached");
	end();
	close(mute_fd);
	return arg;
}

static void
next_server_is_asked_when_one_is_dead_or_silent(void **state)
{
	(void)state;
	assert_int_equal(task_main(find_by_several, NULL, NULL, NULL), 0);
}

static void *
find_over_v6(void *arg)
{
	struct call c = {.name = "v4.test", .seconds = 60};

	server_at = "::1";
	begin();
	server_at = "127.0.0.1";
	look_up(&c);
	expect_found(&c, "192.0.2.1 ");
	end();
	return arg;
}

static void
server_may_have_an_ipv6_address(void **state)
{
	struct addr a;
	int fd = listen_at("::1", &a);

	(void)state;
	if (fd < 0)
		skip();
	close(fd);
	assert_int_equal(task_main(find_over_v6, NULL, NULL, NULL), 0);
}

static void
servers_are_addresses_with_ports(void **state)
{
	static const char *const good[] = {
		"192.0.2.1", "192.0.2.1:5353", "::1", "[::1]", "[::1]:53", "192.0.2.1,192.0.2.2:1,[2001:db8::1]:65535",
		"192.0.2.1,", ",192.0.2.1", "192.0.2.1,,192.0.2.2",
	};
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"", "no server is named"},
		{",", "no server is named"},
		{"dns.test", "'dns.test' is not IP or IP:PORT"},
		{"192.0.2.1:0", "'192.0.2.1:0' is not IP or IP:PORT"},
		{"192.0.2.1:65536", "'192.0.2.1:65536' is not IP or IP:PORT"},
		{"192.0.2.1:", "'192.0.2.1:' is not IP or IP:PORT"},
		{"192.0.2.1:53,x", "'x' is not IP or IP:PORT"},
		{"192.0.2.1 192.0.2.2", "'192.0.2.1 192.0.2.2' is not IP or IP:PORT"},
		{"192.0.2", "'192.0.2' is not IP or IP:PORT"},
		{"[::1]53", "'[::1]53' is not IP or IP:PORT"},
		{"\x1b", "'\\x1b' is not IP or IP:PORT"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(good); i++)
		expect_int(str_of(good[i]), dns_servers(guarded_cstr(str_of(good[i])), NULL), 0);
	for (size_t i = 0; i < ROWS(bad); i++) {
		struct str row = str_of(bad[i].text);
		struct err e = {0};

		expect_int(row, dns_servers(guarded_cstr(row), &e), -1);
		expect_err(row, &e, ERR_INPUT);
		expect_str(row, str_of(e.text), str_of(bad[i].why));
	}
	dns_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_families_are_asked_for_and_take_turns),
		cmocka_unit_test(name_without_a_dot_is_found),
		cmocka_unit_test(late_family_is_waited_for_a_while),
		cmocka_unit_test(name_without_addresses_is_told_why),
		cmocka_unit_test(what_is_known_is_not_asked_for),
		cmocka_unit_test(answer_that_nobody_waits_for_is_dropped),
		cmocka_unit_test(late_answers_do_not_disturb_later_names),
		cmocka_unit_test(more_names_at_once_than_places_are_all_found),
		cmocka_unit_test(next_server_is_asked_when_one_is_dead_or_silent),
		cmocka_unit_test(server_may_have_an_ipv6_address),
		cmocka_unit_test(servers_are_addresses_with_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
