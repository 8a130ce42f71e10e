/* awserve/main.c: sockets, worker processes, and the lines that say where it listens. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "awserve/certs.h"
#include "awserve/log.h"
#include "awserve/names.h"
#include "awserve/options.h"
#include "awserve/routes.h"
#include "awserve/rules.h"
#include "awserve/secure.h"
#include "base/mem.h"
#include "net/listen.h"
#include "rt/group.h"
#include "rt/task.h"

/* Which port a service is at; a service of PORT_DNS over UDP shares its number. */
enum port { PORT_HTTP, PORT_TLS, PORT_DNS, PORTS };

struct service {
	const char *kind; /* begins its ready line; NULL: has none */
	int (*open)(struct addr *, bool shared, struct err *);
	int (*serve)(int fd, struct err *); /* NULL: nobody ever accepts */
	const char *address; /* where it is; NULL: at each address that is served */
	enum port port;
	int more;            /* how many addresses it is at behind that one, each the next */
};

static int open_blackhole(struct addr *a, bool shared, struct err *e);

/* TCP before UDP: the kernel gives out free ports so that no two programs share one only for TCP. */
static const struct service services[] = {
	{"http", listen_tcp, routes_serve, NULL, PORT_HTTP, 0},
	{"https", listen_tcp, routes_serve_tls, NULL, PORT_TLS, 0},
	{"dns", listen_tcp, names_tcp, NULL, PORT_DNS, 0},
	{NULL, listen_udp, names_udp, NULL, PORT_DNS, 0},
	{"early", listen_tcp, routes_serve_early, RULES_EARLY, PORT_HTTP, 0},
	{"rst", listen_tcp, routes_serve_rst, RULES_RST, PORT_HTTP, 0},
	{"blackhole", open_blackhole, NULL, RULES_BLACKHOLE, PORT_HTTP, 0},
	{NULL, listen_tcp, routes_serve_rst, RULES_RST, PORT_TLS, 0},
	{NULL, open_blackhole, NULL, RULES_BLACKHOLE, PORT_TLS, 0},
	{NULL, listen_tcp, routes_serve, RULES_BACKEND_TEXT, PORT_HTTP, RULES_BACKENDS - 1},
	{NULL, listen_tcp, routes_serve_tls, RULES_BACKEND_TEXT, PORT_TLS, RULES_BACKENDS - 1},
};

enum { SERVICES = sizeof services / sizeof *services };

/* How often to look for other free ports when one of those that were found is taken for another address. */
enum { TRIES = 100 };

/* A service at one address; fd is -1 where this machine has no such address. */
struct spot {
	const struct service *service;
	struct addr addr;
	int fd;
};

/* What one process serves. */
struct worker {
	struct spot *spots;
	size_t n;
	int lifeline; /* at the end of what can be read here the worker ends; -1: no such thing */
};

static volatile sig_atomic_t stopping, child_ended;
static struct task *waiter; /* the task to wake when one of them changes */
static bool failed;

/* Sockets */

/*
 * A socket that ignores who connects: with a backlog of 0 one connection fills its queue, and the kernel drops the SYNs
 * of all others. That one stays open until the process ends.
 */
static int
open_blackhole(struct addr *a, bool shared, struct err *e)
{
	int fd = listen_tcp(a, shared, e), filler;

	if (fd < 0)
		return -1;
	filler = socket(a->sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (filler >= 0 && listen(fd, 0) == 0 && connect(filler, &a->sa, addr_size(a)) == 0)
		return fd;
	err_set(e, ERR_LOCAL, "cannot fill the queue of a socket: %s", strerror(errno));
	close(fd);
	if (filler >= 0)
		close(filler);
	return -1;
}

static void
add_spot(struct worker *w, const struct service *s, struct addr a)
{
	w->spots = xrealloc(w->spots, (w->n + 1) * sizeof *w->spots);
	w->spots[w->n++] = (struct spot){s, a, -1};
}

/* A service that has its own addresses, of IPv4. */
static void
add_spots(struct worker *w, const struct service *s, struct addr a)
{
	in_addr_t first = ntohl(a.v4.sin_addr.s_addr);

	for (int i = 0; i <= s->more; i++) {
		a.v4.sin_addr.s_addr = htonl(first + (in_addr_t)i);
		add_spot(w, s, a);
	}
}

/* All that a worker is to serve, still without sockets; with own_addresses, also what has an address of its own. */
static void
plan_spots(struct worker *w, const struct addrs *addresses, bool own_addresses)
{
	struct addr a;

	for (size_t i = 0; i < SERVICES; i++) {
		const struct service *s = &services[i];

		for (size_t k = 0; !s->address && k < addresses->n; k++)
			add_spot(w, s, addresses->v[k]);
		if (s->address && own_addresses && addr_parse(&a, s->address, 0))
			add_spots(w, s, a);
	}
}

static void
close_spots(struct worker *w)
{
	for (size_t i = 0; i < w->n; i++) {
		if (w->spots[i].fd >= 0)
			close(w->spots[i].fd);
		w->spots[i].fd = -1;
	}
}

/*
 * Opens all sockets; those of one kind of port at the same one, which *ports (0: any) then says. With lenient set,
 * addresses that this machine does not have are passed over. 0, or -1 with all closed.
 */
static int
open_spots(struct worker *w, int ports[PORTS], bool shared, bool lenient, struct err *e)
{
	for (size_t i = 0; i < w->n; i++) {
		struct spot *s = &w->spots[i];
		int *port = &ports[s->service->port];

		addr_set_port(&s->addr, (uint16_t)*port);
		s->fd = s->service->open(&s->addr, shared && !s->service->address, e);
		if (s->fd >= 0)
			*port = addr_port(&s->addr);
		else if (!lenient || e->kind != ERR_UNREACHABLE) {
			close_spots(w);
			return -1;
		}
	}
	return 0;
}

/* The same for all workers; free ports are looked for until one is free at all addresses. */
static int
open_workers(struct worker *workers, const struct options *o, struct err *e)
{
	bool lenient = !o->addresses.n, shared = o->processes > 1;
	int ports[PORTS], tries = o->port && o->tls_port && o->dns_port ? 1 : TRIES, rc;

	do {
		ports[PORT_HTTP] = o->port;
		ports[PORT_TLS] = o->tls_port;
		ports[PORT_DNS] = o->dns_port;
		rc = open_spots(&workers[0], ports, shared, lenient, e);
	} while (rc != 0 && e->kind == ERR_LOCAL && --tries > 0);
	for (int i = 1; i < o->processes && rc == 0; i++)
		rc = open_spots(&workers[i], ports, shared, lenient, e);
	return rc;
}

/* The address of this family that names get: the first one where HTTP is served, NULL if there is none. */
static const struct addr *
address_of(const struct worker *w, int family)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->spots[i].service == &services[0] && w->spots[i].fd >= 0 &&
		    w->spots[i].addr.sa.sa_family == family)
			return &w->spots[i].addr;
	return NULL;
}

/* One line an address, and an end that can be waited for. False if they could not be printed. */
static bool
announce(const struct worker *w)
{
	char text[ADDR_TEXT];

	for (size_t i = 0; i < w->n; i++)
		if (w->spots[i].fd >= 0 && w->spots[i].service->kind)
			printf("%s %s\n", w->spots[i].service->kind, addr_text_port(&w->spots[i].addr, text));
	printf("ready\n");
	if (fflush(stdout) == 0)
		return true;
	perror("awserve: standard output");
	failed = true;
	return false;
}

/* Stopping */

static void
wake(void)
{
	if (waiter)
		task_wake(waiter);
}

static void
on_signal(int signo)
{
	if (signo == SIGCHLD)
		child_ended = 1;
	else
		stopping = 1;
	task_interrupt();
}

static void
catch_signal(int signo)
{
	struct sigaction sa = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	sigemptyset(&sa.sa_mask);
	sigaction(signo, &sa, NULL);
}

static void
stop(void)
{
	stopping = 1;
	wake();
}

/* A task: stops when there is nothing more to read. */
static void *
watch_lifeline(void *arg)
{
	int fd = *(const int *)arg;
	char dropped[64];
	ssize_t n;

	do {
		if (task_wait_fd(fd, TASK_READ, INFINITY, NULL) != 0)
			return NULL;
		n = read(fd, dropped, sizeof dropped);
	} while (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)));
	stop();
	return NULL;
}

static void
wait_for_stop(void)
{
	waiter = task_self();
	while (!stopping && !child_ended)
		task_park(INFINITY, NULL);
	waiter = NULL;
}

/* Workers */

static void
complain(const struct err *e)
{
	fprintf(stderr, "awserve: %s\n", e->text);
	failed = true;
}

/* A task: one service at one address. */
static void *
serve(void *arg)
{
	const struct spot *s = arg;
	struct err e;

	s->service->serve(s->fd, &e);
	if (e.kind != ERR_CANCELED) {
		complain(&e);
		stop();
	}
	return NULL;
}

/* The main task of a process that serves. */
static void *
work(void *arg)
{
	struct worker *w = arg;
	struct group g;
	struct err e;
	int rc = 0;

	group_init(&g, 0);
	for (size_t i = 0; i < w->n && rc == 0; i++)
		if (w->spots[i].fd >= 0 && w->spots[i].service->serve)
			rc = group_go(&g, "service", serve, &w->spots[i], &e);
	if (rc == 0 && w->lifeline >= 0)
		rc = group_go(&g, "lifeline", watch_lifeline, &w->lifeline, &e);
	if (rc == 0)
		wait_for_stop();
	else
		complain(&e);
	group_cancel(&g);
	group_wait(&g, NULL);
	return NULL;
}

/* The main task of a process that has workers: waits for a reason to end them. */
static void *
oversee(void *arg)
{
	struct worker *w = arg;
	struct group g;
	struct err e;

	group_init(&g, 0);
	if (w->lifeline >= 0 && group_go(&g, "lifeline", watch_lifeline, &w->lifeline, &e) != 0)
		complain(&e);
	else
		wait_for_stop();
	group_cancel(&g);
	group_wait(&g, NULL);
	return NULL;
}

static void
run(task_fn *fn, struct worker *w)
{
	struct err e;

	task_on_interrupt(wake);
	if (task_main(fn, w, NULL, &e) != 0)
		complain(&e);
}

/* Waits for n workers; one that did not end well is a failure. */
static void
reap(int n)
{
	while (n > 0) {
		int status;
		pid_t pid = wait(&status);

		if (pid < 0 && errno != EINTR)
			return;
		if (pid < 0)
			continue;
		n--;
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
			fprintf(stderr, "awserve: worker %d ended badly\n", (int)pid);
			failed = true;
		}
	}
}

/* In a new process: serves workers[me], and nothing else. Its lifeline ends when its parent does, however that is. */
static void
be_worker(struct worker *workers, int n, int me, const int lifeline[2])
{
	signal(SIGCHLD, SIG_DFL);
	close(lifeline[1]);
	for (int i = 0; i < n; i++)
		if (i != me)
			close_spots(&workers[i]);
	workers[me].lifeline = lifeline[0];
	run(work, &workers[me]);
}

/* Starts n of them. How many it could start; -1 in a worker, after its work. */
static int
start_workers(struct worker *workers, int n, const int lifeline[2])
{
	for (int i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("awserve: fork");
			failed = true;
			return i;
		}
		if (pid == 0) {
			be_worker(workers, n, i, lifeline);
			return -1;
		}
	}
	return n;
}

/* One process a worker, and this one to look after them: if one ends, all end. */
static void
work_together(struct worker *workers, int n)
{
	int lifeline[2], started;

	if (pipe2(lifeline, O_CLOEXEC) != 0) {
		perror("awserve: pipe");
		failed = true;
		return;
	}
	catch_signal(SIGCHLD);
	started = start_workers(workers, n, lifeline);
	if (started < 0)
		return;
	if (started == n && announce(&workers[0]))
		run(oversee, &workers[0]);
	failed |= child_ended && !stopping;
	close(lifeline[0]);
	close(lifeline[1]);
	reap(started);
}

/* Starting */

/* A descriptor 0, 1 or 2 that is closed would be the number of some socket, and printed into. */
static void
open_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	if (fd >= 0)
		close(fd);
}

static void
raise_descriptor_limit(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
}

static void
default_addresses(struct addrs *list)
{
	static const char *const usual[] = {"127.0.0.1", "::1"};
	struct addr a;

	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (addr_parse(&a, usual[i], 0))
			addrs_add(list, a);
}

static void
serve_all(struct worker *workers, const struct options *o)
{
	const struct addr *v4 = o->family == AF_INET6 ? NULL : address_of(&workers[0], AF_INET);
	const struct addr *v6 = o->family == AF_INET ? NULL : address_of(&workers[0], AF_INET6);

	routes_init(o->delay_ms / 1000.);
	names_init(v4, v6, o->dns_delay_ms / 1000.);
	log_wanted = o->verbose;
	catch_signal(SIGINT);
	catch_signal(SIGTERM);
	if (o->processes > 1)
		work_together(workers, o->processes);
	else if (announce(&workers[0]))
		run(work, &workers[0]);
}

/* The CA and its files, before there are workers: it is the same for all. 0 or -1. */
static int
make_certificates(const struct options *o, struct err *e)
{
	certs_init();
	secure_init();
	if (o->ca_out && certs_write_ca(o->ca_out, e) != 0)
		return -1;
	return o->client_out ? certs_write_client(o->client_out, e) : 0;
}

static void
open_and_serve(const struct options *o)
{
	struct worker *workers = xcalloc((size_t)o->processes, sizeof *workers);
	struct addrs usual = {0};
	struct err e = {0};

	default_addresses(&usual);
	for (int i = 0; i < o->processes; i++) {
		plan_spots(&workers[i], o->addresses.n ? &o->addresses : &usual, !o->addresses.n && i == 0);
		workers[i].lifeline = -1;
	}
	workers[0].lifeline = o->until_eof ? STDIN_FILENO : -1;
	if (make_certificates(o, &e) == 0 && open_workers(workers, o, &e) == 0)
		serve_all(workers, o);
	else
		complain(&e);
	for (int i = 0; i < o->processes; i++) {
		close_spots(&workers[i]);
		free(workers[i].spots);
	}
	free(workers);
	addrs_clear(&usual);
}

int
main(int argc, char **argv)
{
	struct options o;
	int status;

	open_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	status = options_parse(&o, argc, argv);
	if (status < 0) {
		raise_descriptor_limit();
		open_and_serve(&o);
		status = failed ? EXIT_OWN : 0;
	}
	options_clear(&o);
	return status;
}
