/* tests/unit/dial.c: the first address that answers wins; dead ones cost no more than they must, and leave nothing behind. */
#include "net/dial.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>

#include "cases.h"
#include "helper.h"
#include "rt/task.h"

/* What an address of this test is like. */
enum {
	LIVE,        /* answers */
	LIVE6,       /* the same over IPv6 */
	REFUSED,     /* nothing listens */
	UNREACHABLE, /* connect() itself fails */
	SILENT,      /* neither answers nor refuses */
	KINDS,
};

static struct addr addresses[KINDS];
static int sockets[KINDS];
static int queue[4]; /* what keeps SILENT from answering */
static bool have_v6;

static int
open_at(const char *text, bool listens, int backlog, struct addr *a)
{
	socklen_t n = sizeof *a;
	int fd;

	assert_true(addr_parse(a, text, 0));
	fd = socket(a->sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, &a->sa, addr_size(a)) != 0 || (listens && listen(fd, backlog) != 0)) {
		close(fd);
		return -1;
	}
	assert_int_equal(getsockname(fd, &a->sa, &n), 0);
	return fd;
}

static void *
nothing(void *arg)
{
	return arg;
}

static int
set_up(void **state)
{
	(void)state;
	assert_int_equal(task_main(nothing, NULL, NULL, NULL), 0); /* opens what the runtime keeps open */
	sockets[LIVE] = open_at("127.0.0.1", true, 100, &addresses[LIVE]);
	sockets[LIVE6] = open_at("::1", true, 100, &addresses[LIVE6]);
	have_v6 = sockets[LIVE6] >= 0;
	sockets[REFUSED] = open_at("127.0.0.1", false, 0, &addresses[REFUSED]);
	sockets[UNREACHABLE] = -1;
	assert_true(addr_parse(&addresses[UNREACHABLE], "127.255.255.255", 9)); /* a broadcast address */
	sockets[SILENT] = open_at("127.0.0.1", true, 0, &addresses[SILENT]);
	for (size_t i = 0; i < ROWS(queue); i++) { /* nobody accepts: when the queue is full, more is dropped */
		queue[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		(void)!connect(queue[i], &addresses[SILENT].sa, addr_size(&addresses[SILENT]));
	}
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++)
		if (sockets[i] >= 0)
			close(sockets[i]);
	for (size_t i = 0; i < ROWS(queue); i++)
		close(queue[i]);
	return 0;
}

static size_t
count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* One call of dial_tcp. kinds: letters as in `enum` above, l L r u s. */
struct call {
	const char *kinds;
	double seconds; /* for all of it */
	const struct dial_source *source;
	struct addrs list;
	struct addr peer;
	struct err e;
	double took;
	int fd;
};

static size_t
kind_of(char letter)
{
	static const char letters[] = "lLrus";

	return (size_t)(strchr(letters, letter) - letters);
}

static void *
dial(void *arg)
{
	struct call *c = arg;
	double began = task_now(), deadline = began + c->seconds;

	for (const char *k = c->kinds; *k; k++)
		addrs_add(&c->list, addresses[kind_of(*k)]);
	c->e.kind = ERR_NONE;
	c->fd = dial_tcp(&c->list, c->source, NULL, &deadline, &c->peer, &c->e);
	c->took = task_now() - began;
	addrs_clear(&c->list);
	return NULL;
}

static bool
same_address(const struct addr *a, const struct addr *b)
{
	char x[ADDR_TEXT], y[ADDR_TEXT];

	return strcmp(addr_text_port(a, x), addr_text_port(b, y)) == 0;
}

static void
first_address_that_answers_wins(void **state)
{
	static const struct {
		const char *kinds;
		size_t winner;
		double least, most; /* seconds; the machine may be busy */
	} rows[] = {
		{"l", LIVE, 0, 5},
		{"L", LIVE6, 0, 5},
		{"Ll", LIVE6, 0, 5},
		{"lL", LIVE, 0, 5},
		{"ll", LIVE, 0, 5},
		/* the next at once when one fails */
		{"rl", LIVE, 0, 0.24},
		{"ul", LIVE, 0, 0.24},
		{"uuuuuuuuuuuuuuuuuuuul", LIVE, 0, 0.24},
		{"rrrrrrrrrrrrrrrrrrrrl", LIVE, 0, 0.24},
		{"rurururul", LIVE, 0, 0.24},
		/* a head start for one that does not answer */
		{"sl", LIVE, 0.25, 5},
		/* the first two of many share it */
		{"ssl", LIVE, 0.25, 0.3},
		{"srl", LIVE, 0.15, 0.24},
		{"sul", LIVE, 0.15, 0.24},
		{"ssrurl", LIVE, 0.25, 0.3},
		{"rsl", LIVE, 0.15, 0.24},
		{"sll", LIVE, 0.15, 0.24},
		{"sssl", LIVE, 0.5, 0.74},
		/* more at once than can be waited for */
		{"sssssssssl", LIVE, 2, 20},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct call c = {.kinds = rows[i].kinds, .seconds = 60};
		size_t before = count_descriptors();
		int flags;

		if (strchr(c.kinds, 'L') && !have_v6)
			continue;
		/* the upper bounds are those of an idle machine: one try of several will do */
		for (int tries = 0; tries < 10; tries++) {
			assert_int_equal(task_main(dial, &c, NULL, NULL), 0);
			if (c.fd < 0)
				fail_msg("%s: %s", c.kinds, c.e.text);
			flags = fcntl(c.fd, F_GETFL);
			assert_true(flags & O_NONBLOCK);
			assert_true(fcntl(c.fd, F_GETFD) & FD_CLOEXEC);
			close(c.fd);
			assert_true(same_address(&c.peer, &addresses[rows[i].winner]));
			assert_int_equal(count_descriptors(), before);
			if (c.took < rows[i].least)
				fail_msg("%s: after %g s already", c.kinds, c.took);
			if (c.took <= rows[i].most)
				break;
		}
		if (c.took > rows[i].most)
			fail_msg("%s: after %g s only", c.kinds, c.took);
	}
}

static void
the_most_telling_failure_is_told(void **state)
{
	static const struct {
		const char *kinds;
		enum err_kind kind;
		size_t of; /* whose failure it is */
		const char *why;
		double seconds;
	} rows[] = {
		{"r", ERR_CONNECT_REFUSED, REFUSED, "Connection refused", 60},
		{"u", ERR_UNREACHABLE, UNREACHABLE, "Network is unreachable", 60},
		{"s", ERR_CONNECT_TIMEOUT, SILENT, "Connection timed out", 0.1},
		{"ss", ERR_CONNECT_TIMEOUT, SILENT, "Connection timed out", 0.3},
		{"rr", ERR_CONNECT_REFUSED, REFUSED, "Connection refused", 60},
		{"ur", ERR_CONNECT_REFUSED, REFUSED, "Connection refused", 60},
		{"ru", ERR_CONNECT_REFUSED, REFUSED, "Connection refused", 60},
		{"uur", ERR_CONNECT_REFUSED, REFUSED, "Connection refused", 60},
		{"us", ERR_CONNECT_TIMEOUT, SILENT, "Connection timed out", 0.1},
		{"su", ERR_CONNECT_TIMEOUT, SILENT, "Connection timed out", 0.3},
		{"rs", ERR_CONNECT_REFUSED, REFUSED, "Connection refused", 0.1},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct call c = {.kinds = rows[i].kinds, .seconds = rows[i].seconds};
		struct str row = str_of(rows[i].kinds);
		size_t before = count_descriptors();
		static char text[ADDR_TEXT], want[200];

		assert_int_equal(task_main(dial, &c, NULL, NULL), 0);
		expect_int(row, c.fd, -1);
		expect_err(row, &c.e, rows[i].kind);
		snprintf(want, sizeof want, "cannot connect to %s: %s", addr_text_port(&addresses[rows[i].of], text), rows[i].why);
		expect_str(row, str_of(c.e.text), str_of(want));
		if (rows[i].seconds < 60)
			assert_true(c.took >= rows[i].seconds);
		expect_int(row, (long long)count_descriptors(), (long long)before);
	}
}

static void *
cancel_a_dial(void *arg)
{
	struct call *c = arg;
	struct task *t = task_start("dial", dial, c, NULL, NULL);
	struct err e;

	assert_int_equal(task_sleep(c->seconds / 2, &e), 0);
	task_cancel(t);
	assert_int_equal(task_join(t, NULL, &e), 0);
	return NULL;
}

static void
canceling_leaves_nothing_behind(void **state)
{
	/* with one, and with several attempts under way */
	static const double seconds[] = {0, 0.1, 0.8};

	(void)state;
	for (size_t i = 0; i < ROWS(seconds); i++) {
		struct call c = {.kinds = "srsssl", .seconds = seconds[i]};
		size_t before = count_descriptors();

		assert_int_equal(task_main(cancel_a_dial, &c, NULL, NULL), 0);
		assert_int_equal(c.fd, -1);
		assert_int_equal(c.e.kind, i == 0 ? c.e.kind : ERR_CANCELED);
		assert_int_equal(count_descriptors(), before);
	}
}

/* --- from an address or a device --- */

/* Where the connection of fd comes from, without its port. */
static const char *
origin(int fd, char text[ADDR_TEXT])
{
	struct addr a;
	socklen_t n = sizeof a;

	assert_int_equal(getsockname(fd, &a.sa, &n), 0);
	return addr_text(&a, text);
}

static void
connection_comes_from_where_it_shall(void **state)
{
	static const struct {
		const char *source, *kinds;
		size_t winner;
		const char *origin;
	} rows[] = {
		{"127.0.0.1", "l", LIVE, "127.0.0.1"},
		{"127.0.0.2", "l", LIVE, "127.0.0.2"},
		{"127.9.9.9", "rl", LIVE, "127.9.9.9"},
		{"127.0.0.2", "sl", LIVE, "127.0.0.2"},
		{"127.0.0.2", "Ll", LIVE, "127.0.0.2"},
		{"127.0.0.2", "lL", LIVE, "127.0.0.2"},
		{"127.0.0.2", "sLl", LIVE, "127.0.0.2"},
		{"::1", "L", LIVE6, "::1"},
		{"::1", "rslL", LIVE6, "::1"},
		{"lo", "l", LIVE, "127.0.0.1"},
		{"lo", "Ll", LIVE6, "::1"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].source);
		struct dial_source source;
		struct call c = {.kinds = rows[i].kinds, .seconds = 60, .source = &source};
		char text[ADDR_TEXT];

		if ((rows[i].winner == LIVE6 || strchr(c.kinds, 'L')) && !have_v6)
			continue;
		if (dial_source(&source, rows[i].source, &c.e) != 0 && c.e.kind == ERR_LOCAL)
			continue; /* a device that takes privileges */
		assert_int_equal(task_main(dial, &c, NULL, NULL), 0);
		if (c.fd < 0)
			fail_msg("%s: %s", c.kinds, c.e.text);
		assert_true(same_address(&c.peer, &addresses[rows[i].winner]));
		expect_str(row, str_of(origin(c.fd, text)), str_of(rows[i].origin));
		close(c.fd);
	}
}

static void
addresses_of_the_other_family_are_passed_over(void **state)
{
	static const struct {
		const char *source, *kinds;
		enum err_kind kind;
		const char *text; /* its beginning */
	} rows[] = {
		{"127.0.0.2", "L", ERR_UNREACHABLE, "the address of --interface is IPv4, the target has only IPv6 addresses"},
		{"127.0.0.2", "LLL", ERR_UNREACHABLE, "the address of --interface is IPv4, the target has only IPv6 addresses"},
		{"127.0.0.2", "LrL", ERR_CONNECT_REFUSED, "cannot connect to 127.0.0.1:"},
		{"::1", "lrs", ERR_UNREACHABLE, "the address of --interface is IPv6, the target has only IPv4 addresses"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows) && have_v6; i++) {
		struct str row = str_of(rows[i].kinds);
		struct dial_source source;
		struct call c = {.kinds = rows[i].kinds, .seconds = 60, .source = &source};
		size_t before = count_descriptors();

		assert_int_equal(dial_source(&source, rows[i].source, NULL), 0);
		assert_int_equal(task_main(dial, &c, NULL, NULL), 0);
		expect_int(row, c.fd, -1);
		expect_err(row, &c.e, rows[i].kind);
		expect_int(row, str_starts(str_of(c.e.text), str_of(rows[i].text)), true);
		expect_int(row, (long long)count_descriptors(), (long long)before);
	}
}

static void
what_this_machine_does_not_have_is_no_source(void **state)
{
	static const struct {
		const char *in, *text;
	} rows[] = {
		{"", "neither an address nor a network device: ''"},
		{"192.0.2.1", "this machine does not have the address 192.0.2.1"},
		{"2001:db8::1", "this machine does not have the address 2001:db8::1"},
		{"nosuchdevice", "this machine has no network device 'nosuchdevice'"},
		{"127.0.0.1:80", "this machine has no network device '127.0.0.1:80'"},
		{"127.0.0.256", "this machine has no network device '127.0.0.256'"},
		{"[::1]", "this machine has no network device '[::1]'"},
		{"lo\033", "this machine has no network device 'lo\\x1b'"},
		{"fifteen letters", "this machine has no network device 'fifteen letters'"},
		{"sixteen letters.", "neither an address nor a network device: 'sixteen letters.'"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str row = str_of(rows[i].in);
		struct dial_source source;
		struct err e = {0};

		if (strchr(rows[i].in, ':') && rows[i].in[0] == '2' && !have_v6)
			continue;
		expect_int(row, dial_source(&source, guarded_cstr(row), &e), -1);
		if (e.kind == ERR_LOCAL)
			continue; /* to name a device takes privileges */
		expect_err(row, &e, ERR_INPUT);
		expect_str(row, str_of(e.text), str_of(rows[i].text));
	}
}

/* --- what this machine is out of --- */

enum { TO_V4 = sizeof(struct sockaddr_in), TO_V6 = sizeof(struct sockaddr_in6) };

/* A machine on which every connect() to a family fails so; has_source: but it has an address for it. */
struct machine {
	unsigned to;
	int error;
	bool has_source;
	const char *kinds;
	double seconds;
	size_t winner; /* KINDS: none, but this error after the deadline, or at once */
	enum err_kind kind;
	bool at_once;
	const char *text; /* its end */
	struct own_case own;
};

static struct machine machines[] = {
	{TO_V4, ENOBUFS, 0, "l", .1, KINDS, ERR_LOCAL, 0, "no memory for a connection became free in time", {0}},
	{TO_V4, ENOMEM, 0, "lll", .1, KINDS, ERR_LOCAL, 0, "no memory for a connection became free in time", {0}},
	{TO_V4, ENOBUFS, 0, "lL", 60, LIVE6, 0, 0, "", {0}},
	{TO_V4, EADDRNOTAVAIL, true, "l", .1, KINDS, ERR_LOCAL, 0, "no local port became free in time", {0}},
	{TO_V4, EADDRNOTAVAIL, true, "lllllllllllllll", .1, KINDS, ERR_LOCAL, 0, "no local port became free in time", {0}},
	{TO_V4, EADDRNOTAVAIL, true, "llL", 60, LIVE6, 0, 0, "", {0}},
	{TO_V6, EADDRNOTAVAIL, true, "Ll", 60, LIVE, 0, 0, "", {0}},
	{TO_V6, EADDRNOTAVAIL, true, "Lrrsul", 60, LIVE, 0, 0, "", {0}},
	/* those that could be tried are not what it fails for */
	{TO_V6, EADDRNOTAVAIL, true, "rL", .1, KINDS, ERR_LOCAL, 0, "no local port became free in time", {0}},
	{TO_V6, EADDRNOTAVAIL, true, "sL", .4, KINDS, ERR_LOCAL, 0, "no local port became free in time", {0}},
	{TO_V6, EADDRNOTAVAIL, true, "Ls", .4, KINDS, ERR_LOCAL, 0, "no local port became free in time", {0}},
	/* no source address will not become one */
	{TO_V6, EADDRNOTAVAIL, 0, "L", 60, KINDS, ERR_UNREACHABLE, true, "this machine has no address to go there from", {0}},
	{TO_V6, EADDRNOTAVAIL, 0, "Ll", 60, LIVE, 0, true, "", {0}},
	{TO_V6, EADDRNOTAVAIL, 0, "Lr", 60, KINDS, ERR_CONNECT_REFUSED, true, "Connection refused", {0}},
};
static struct machine *machine;

/* What is wrong with c on this machine; 0: nothing. */
static int
judge(const struct machine *m, const struct call *c)
{
	size_t n = strlen(c->e.text), end = strlen(m->text);

	if (m->at_once ? c->took > 30 : m->winner == KINDS && c->took < m->seconds)
		return 3;
	if (m->winner != KINDS)
		return c->fd >= 0 && same_address(&c->peer, &addresses[m->winner]) ? 0 : 4;
	if (c->fd >= 0 || c->e.kind != m->kind)
		return 5;
	return n >= end && strcmp(c->e.text + n - end, m->text) == 0 ? 0 : 6;
}

static int
dial_on_a_machine(void)
{
	struct machine *m = machine;
	struct call c = {.kinds = m->kinds, .seconds = m->seconds};
	int wrong;

	set_up(NULL);
	if (!have_v6 || EMULATED || !deny(SYS_connect, 2, m->to, (unsigned)m->error))
		return SKIPPED;
	/* without UDP, nobody can tell that there is no address */
	if (m->has_source && !deny(SYS_socket, 1, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, EMFILE))
		return SKIPPED;
	if (task_main(dial, &c, NULL, NULL) != 0)
		return 2;
	wrong = judge(m, &c);
	if (wrong)
		fprintf(stderr, "%s in %g s: %s\n", c.fd < 0 ? "failed" : "connected", c.took, c.e.text);
	return wrong;
}

static void
what_this_machine_is_out_of_is_waited_for_and_blames_nobody(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(machines); i++) {
		const struct machine *m = &machines[i];

		if (own_case_skipped(&m->own))
			skip();
		if (m->own.status != 0)
			fail_msg("%s, %s: %#x: %s", m->kinds, strerror(m->error), (unsigned)m->own.status, m->own.text);
	}
}

/* --- no descriptors --- */

enum { FEW = 64 };
static int filler[FEW];
static size_t fillers;

static void
use_up_descriptors(struct rlimit *old)
{
	struct rlimit few;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, old), 0);
	few = *old;
	few.rlim_cur = FEW;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	fillers = 0;
	while (fillers < FEW && (filler[fillers] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
		fillers++;
	assert_true(fillers > 2 && errno == EMFILE);
}

static void
give_descriptors_back(const struct rlimit *old)
{
	while (fillers)
		close(filler[--fillers]);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, old), 0);
}

static void *
dial_without_descriptors(void *arg)
{
	struct call *c = arg;
	struct rlimit old;
	struct task *t;
	struct err e;

	use_up_descriptors(&old);
	t = task_start("dial", dial, c, NULL, NULL);
	assert_int_equal(task_sleep(0.05, &e), 0);
	if (c->seconds > 1)
		close(filler[--fillers]);
	assert_int_equal(task_join(t, NULL, &e), 0);
	give_descriptors_back(&old);
	return NULL;
}

static void
free_descriptor_is_waited_for(void **state)
{
	static const char *const rows[] = {"l", "rl", "rrul"};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct call c = {.kinds = rows[i], .seconds = 60};
		size_t before = count_descriptors();

		assert_int_equal(task_main(dial_without_descriptors, &c, NULL, NULL), 0);
		if (c.fd < 0)
			fail_msg("%s: %s", c.kinds, c.e.text);
		assert_true(c.took >= 0.04);
		close(c.fd);
		assert_int_equal(count_descriptors(), before);
	}
}

static void
descriptor_that_never_comes_is_trouble_of_our_own(void **state)
{
	struct call c = {.kinds = "rl", .seconds = 0.1};

	(void)state;
	assert_int_equal(task_main(dial_without_descriptors, &c, NULL, NULL), 0);
	assert_int_equal(c.fd, -1);
	expect_err(STR("none"), &c.e, ERR_LOCAL);
	assert_string_equal(c.e.text, "no descriptor became free in time");
	assert_true(c.took >= 0.1);
}

/* One descriptor is left, for two addresses of which the first is silent: it has until the deadline. */
static void *
dial_with_one_descriptor(void *arg)
{
	struct call *c = arg;
	struct rlimit old;

	use_up_descriptors(&old);
	close(filler[--fillers]);
	dial(c);
	give_descriptors_back(&old);
	return NULL;
}

static void
race_goes_on_with_the_descriptors_it_has(void **state)
{
	struct call silent = {.kinds = "sl", .seconds = 0.4}, refused = {.kinds = "rrrl", .seconds = 60};
	size_t before = count_descriptors();

	(void)state;
	assert_int_equal(task_main(dial_with_one_descriptor, &silent, NULL, NULL), 0);
	assert_int_equal(silent.fd, -1);
	assert_int_equal(silent.e.kind, ERR_CONNECT_TIMEOUT);
	assert_int_equal(task_main(dial_with_one_descriptor, &refused, NULL, NULL), 0);
	assert_true(refused.fd >= 0);
	close(refused.fd);
	assert_int_equal(count_descriptors(), before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_address_that_answers_wins),
		cmocka_unit_test(the_most_telling_failure_is_told),
		cmocka_unit_test(canceling_leaves_nothing_behind),
		cmocka_unit_test(connection_comes_from_where_it_shall),
		cmocka_unit_test(addresses_of_the_other_family_are_passed_over),
		cmocka_unit_test(what_this_machine_does_not_have_is_no_source),
		cmocka_unit_test(what_this_machine_is_out_of_is_waited_for_and_blames_nobody),
		cmocka_unit_test(free_descriptor_is_waited_for),
		cmocka_unit_test(descriptor_that_never_comes_is_trouble_of_our_own),
		cmocka_unit_test(race_goes_on_with_the_descriptors_it_has),
	};

	for (size_t i = 0; i < ROWS(machines); i++) {
		machine = &machines[i];
		machine->own.run = dial_on_a_machine;
		own_case_run(&machine->own);
	}
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
