/* awserve/names.c: a DNS server for tests: answers as rules.c plans them, over UDP and TCP. */
#include "awserve/names.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "awserve/log.h"
#include "awserve/rules.h"
#include "base/mem.h"
#include "net/listen.h"
#include "net/stream.h"
#include "rt/group.h"
#include "rt/task.h"

enum { DATAGRAM = 4096, MESSAGE_MAX = 65535 };

/* How many questions are answered before other tasks have their turn. */
enum { BATCH = 64 };

/* Bytes of questions that may wait in the kernel, so that a burst of thousands is not lost. */
enum { QUEUE = 4 << 20 };

static struct {
	struct addr v4, v6; /* sa_family is AF_UNSPEC for none */
	double delay;
} usual;

void
names_init(const struct addr *v4, const struct addr *v6, double delay)
{
	memset(&usual, 0, sizeof usual);
	if (v4)
		usual.v4 = *v4;
	if (v6)
		usual.v6 = *v6;
	usual.delay = delay;
}

/* Random enough to be garbage, and the same each time. */
static unsigned
next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*state >> 33);
}

/* Answers */

/* An IPv4 address, which in an AAAA record is written as ::ffff:a.b.c.d: it is loopback then, too. */
static void
add_v4(struct buf *b, int type, const char *owner, unsigned address)
{
	static const char mapped[12] = {[10] = (char)0xff, [11] = (char)0xff};
	size_t at = packet_record(b, PACKET_ANSWERS, owner, type);

	if (type == TYPE_AAAA)
		buf_add(b, mapped, sizeof mapped);
	packet_number(b, address >> 16);
	packet_number(b, address & 0xffff);
	packet_record_end(b, at);
}

static void
add_usual(struct buf *b, int type, const char *owner)
{
	bool v6 = type == TYPE_AAAA;
	const struct addr *a = v6 ? &usual.v6 : &usual.v4;
	size_t at;

	if (a->sa.sa_family == AF_UNSPEC)
		return;
	at = packet_record(b, PACKET_ANSWERS, owner, type);
	buf_add(b, v6 ? (const char *)&a->v6.sin6_addr : (const char *)&a->v4.sin_addr, v6 ? 16 : 4);
	packet_record_end(b, at);
}

static void
add_addresses(struct buf *b, const struct plan *p, int type, const char *owner)
{
	for (int i = 0; i < p->dead && b->n <= MESSAGE_MAX; i++)
		add_v4(b, type, owner, RULES_DEAD + (unsigned)i);
	if (p->blackhole)
		add_v4(b, type, owner, ntohl(inet_addr(RULES_BLACKHOLE)));
	for (int i = 0; i < p->backends && i < RULES_BACKENDS && type == TYPE_A; i++)
		add_v4(b, type, owner, RULES_BACKEND + (unsigned)i);
	if (p->address && type == TYPE_A)
		add_v4(b, type, owner, (unsigned)p->address);
	else if (!p->address && !p->lifeless && !p->backends)
		add_usual(b, type, owner);
	for (int i = 1; i < p->many && b->n <= MESSAGE_MAX; i++)
		add_v4(b, type, owner, RULES_MANY + (unsigned)i);
}

static void
add_alias(struct buf *b, const char *owner, const char *to)
{
	size_t at = packet_record(b, PACKET_ANSWERS, owner, TYPE_CNAME);

	if (to)
		packet_name(b, to);
	else
		packet_number(b, 0xc000 | PACKET_HEADER);
	packet_record_end(b, at);
}

/* What a terminal must never see: ESC, CR, LF, DEL, a C1 byte, SOH. */
static const char control_name[] = "\033[31mred\r\n\177\x9b\x01.test";

/* The aliases that come first; returns the name that the addresses belong to, NULL for the one that was asked. */
static const char *
add_aliases(struct buf *b, const struct plan *p, char name[32])
{
	char before[32];

	for (int i = 1; i <= p->aliases && b->n <= MESSAGE_MAX; i++) {
		memcpy(before, name, sizeof before);
		snprintf(name, 32, "alias%d.test", i);
		add_alias(b, i == 1 ? NULL : before, name);
	}
	if (p->loop) {
		add_alias(b, p->aliases ? name : NULL, "circle.test");
		add_alias(b, "circle.test", NULL);
	}
	if (!p->control)
		return p->aliases ? name : NULL;
	add_alias(b, p->aliases ? name : NULL, control_name);
	return control_name;
}

/* "No answer, but those know": the answer of a server that is not responsible, and does not ask on. */
static void
add_referral(struct buf *b)
{
	size_t at = packet_record(b, PACKET_AUTHORITY, "test", TYPE_NS);

	packet_name(b, "ns.test");
	packet_record_end(b, at);
}

static void
write_answer(struct buf *b, const struct question *q, const struct plan *p)
{
	int type = q->type == TYPE_ANY ? TYPE_A : q->type;
	char name[32] = "";
	const char *owner;

	packet_begin(b, q, p->rcode);
	if (p->referral)
		add_referral(b);
	if (p->rcode || p->nodata || p->referral)
		return;
	owner = add_aliases(b, p, name);
	if (!p->loop && (type == TYPE_A || type == TYPE_AAAA))
		add_addresses(b, p, type, owner);
}

static void
add_garbage(struct buf *b, uint64_t seed, size_t n)
{
	while (n--)
		buf_byte(b, (char)next_random(&seed));
}

static void
damage(struct buf *b, const struct question *q, const struct plan *p)
{
	size_t answers = PACKET_HEADER + q->section.n;
	uint64_t seed = (uint64_t)p->seed;

	switch (p->damage) {
	case DAMAGE_GARBAGE:
		b->n = answers;
		b->s[PACKET_ANSWERS + 1] = 1;
		add_garbage(b, seed, 40);
		break;
	case DAMAGE_POINTERS: /* the first answer's owner is where it stands */
		if (b->n >= answers + 2) {
			b->s[answers] = (char)(0xc0 | answers >> 8);
			b->s[answers + 1] = (char)answers;
		}
		break;
	case DAMAGE_LENGTH:
		if (b->n >= answers + 12)
			memset(b->s + answers + 10, 0xff, 2);
		break;
	case DAMAGE_COUNTS:
		memset(b->s + PACKET_ANSWERS, 0xff, 2);
		break;
	case DAMAGE_CUT:
		b->n -= b->n > answers + 2 ? 2 : 0;
		break;
	case DAMAGE_FUZZ: /* not the id: then nobody would look at the rest */
		for (unsigned n = 1 + next_random(&seed) % 8; n; n--)
			b->s[2 + next_random(&seed) % (b->n - 2)] ^= (char)(1 + next_random(&seed) % 255);
		break;
	default:
		break;
	}
}

/* UDP */

/* If there is no room for it, it is lost, as datagrams are. */
static void
send_datagram(int fd, const struct addr *to, const char *s, size_t n)
{
	(void)!sendto(fd, s, n, MSG_NOSIGNAL, &to->sa, addr_size(to));
}

/* The bytes of the right answer, sent from a port that was not asked. */
static void
send_from_elsewhere(int fd, const struct addr *to, const struct buf *b)
{
	struct addr a;
	socklen_t n = sizeof a;
	int other;

	if (getsockname(fd, &a.sa, &n) != 0)
		return;
	addr_set_port(&a, 0);
	other = listen_udp(&a, false, NULL);
	if (other < 0)
		return;
	send_datagram(other, to, b->s, b->n);
	close(other);
}

/* What a client must not take for the answer; b is scratch. */
static void
send_decoy(int fd, const struct addr *to, const struct question *q, int decoy, struct buf *b)
{
	struct question other = *q;

	switch (decoy) {
	case DECOY_EMPTY:
		send_datagram(fd, to, "", 0);
		return;
	case DECOY_TINY:
		packet_begin(b, q, 0);
		send_datagram(fd, to, b->s, 3);
		return;
	case DECOY_ID:
		other.id ^= 0x5555;
		break;
	}
	packet_begin(b, &other, 0);
	add_v4(b, q->type == TYPE_AAAA ? TYPE_AAAA : TYPE_A, NULL, RULES_POISON);
	if (decoy == DECOY_QUESTION)
		b->s[PACKET_HEADER + 1] ^= 1; /* "a.test" becomes "`.test" */
	if (decoy == DECOY_PORT)
		send_from_elsewhere(fd, to, b);
	else
		send_datagram(fd, to, b->s, b->n);
}

/* Is this one of the first n times that the question is asked? Questions of one hash share their count. */
static bool
is_lost(const struct question *q, int n)
{
	static unsigned char asked[4096];
	unsigned hash = 2166136261u;

	for (size_t i = 0; i < q->section.n; i++)
		hash = (hash ^ (unsigned char)q->section.s[i]) * 16777619u;
	if (asked[hash % sizeof asked] >= n)
		return false;
	asked[hash % sizeof asked]++;
	return true;
}

static void
send_answer(int fd, const struct addr *to, const struct question *q, const struct plan *p)
{
	static struct buf b; /* no wait lies between */

	if (p->decoy)
		send_decoy(fd, to, q, p->decoy, &b);
	write_answer(&b, q, p);
	if (b.n > q->room || p->truncated) {
		packet_begin(&b, q, 0);
		packet_truncate(&b);
	}
	damage(&b, q, p);
	send_datagram(fd, to, b.s, b.n);
}

/* An answer that waits; the question lies behind it. */
struct late {
	struct addr to;
	int fd;
	size_t n;
	double seconds;
	char packet[];
};

static void *
answer_late(void *arg)
{
	struct late *l = arg;
	struct question q;
	struct plan p;

	if (task_sleep(l->seconds, NULL) == 0 && packet_question(&q, (struct str){l->packet, l->n}) == 0) {
		rules_apply(&p, &q);
		send_answer(l->fd, &l->to, &q, &p);
	}
	free(l);
	return NULL;
}

static void
start_late(struct group *g, int fd, const struct addr *to, struct str packet, double seconds)
{
	struct late *l = xmalloc(sizeof *l + packet.n);

	*l = (struct late){.to = *to, .fd = fd, .n = packet.n, .seconds = seconds};
	memcpy(l->packet, packet.s, packet.n);
	if (group_go(g, "late answer", answer_late, l, NULL) != 0)
		free(l); /* lost, as datagrams are */
}

static void
log_question(const char *how, const struct question *q)
{
	struct buf b = {0};

	if (!log_wanted)
		return;
	buf_str(&b, STR("dns "));
	buf_str(&b, str_of(how));
	buf_str(&b, q->type == TYPE_A ? STR(" A ") : q->type == TYPE_AAAA ? STR(" AAAA ") : STR(" other "));
	packet_show_name(&b, q);
	log_line(&b);
}

/* The seconds after which a planned answer is due. */
static double
due(const struct plan *p)
{
	return usual.delay + p->wait_ms / 1000.;
}

static void
answer_datagram(struct group *g, int fd, const struct addr *to, struct str packet)
{
	struct question q;
	struct plan p = {0};
	int rcode = packet_question(&q, packet);

	if (rcode < 0)
		return;
	p.rcode = rcode;
	if (rcode == 0) {
		log_question("udp", &q);
		rules_apply(&p, &q);
	}
	if (p.silent || (p.lost && is_lost(&q, p.lost)))
		return;
	if (rcode == 0 && due(&p) > 0)
		start_late(g, fd, to, packet, due(&p));
	else
		send_answer(fd, to, &q, &p);
}

/* Answers one datagram, waiting for it if there is none. 0 or -1. */
static int
next_datagram(struct group *g, int fd, struct err *e)
{
	static char packet[DATAGRAM]; /* no wait lies between */
	struct addr from = {0};
	socklen_t size = sizeof from;
	ssize_t n = recvfrom(fd, packet, sizeof packet, 0, &from.sa, &size);

	if (n >= 0)
		answer_datagram(g, fd, &from, (struct str){packet, (size_t)n});
	else if (errno == EAGAIN)
		return task_wait_fd(fd, TASK_READ, INFINITY, e);
	else if (errno != EINTR)
		return err_set(e, ERR_LOCAL, "cannot receive questions: %s", strerror(errno));
	return 0;
}

int
names_udp(int fd, struct err *e)
{
	const int queue = QUEUE;
	struct group g;
	int rc = 0;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &queue, sizeof queue) != 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &queue, sizeof queue); /* as much as we may have */
	group_init(&g, 0);
	for (unsigned n = 1; rc == 0; n++) {
		rc = next_datagram(&g, fd, e);
		if (rc == 0 && n % BATCH == 0)
			rc = task_yield(e);
	}
	group_cancel(&g);
	group_wait(&g, NULL);
	return -1;
}

/* TCP: each message behind its length (RFC 1035 section 4.2.2) */

static bool
read_exactly(struct stream *s, char *to, size_t n)
{
	while (n) {
		ssize_t got = stream_read(s, to, n, INFINITY, NULL);

		if (got <= 0)
			return false;
		to += got, n -= (size_t)got;
	}
	return true;
}

static bool
read_message(struct stream *s, struct buf *b)
{
	unsigned char length[2];
	size_t n;

	if (!read_exactly(s, (char *)length, sizeof length))
		return false;
	n = (size_t)length[0] << 8 | length[1];
	b->n = 0;
	buf_reserve(b, n);
	if (!read_exactly(s, b->s, n))
		return false;
	b->n = n;
	return true;
}

static bool
write_message(struct stream *s, const struct buf *b)
{
	const unsigned char length[2] = {(unsigned char)(b->n >> 8), (unsigned char)b->n};
	struct buf whole = {0};
	int rc;

	buf_add(&whole, (const char *)length, sizeof length);
	buf_str(&whole, buf_view(b));
	rc = stream_write(s, whole.s, whole.n, INFINITY, NULL);
	buf_clear(&whole);
	return rc == 0;
}

/* Answers what was read into b; false: the connection is to be closed. */
static bool
answer_message(struct stream *s, struct buf *b)
{
	struct buf answer = {0};
	struct question q;
	struct plan p = {0};
	bool more;
	int rcode = packet_question(&q, buf_view(b));

	p.rcode = rcode;
	if (rcode == 0) {
		log_question("tcp", &q);
		rules_apply(&p, &q);
	}
	if (rcode < 0 || p.tcp == TCP_CLOSE || task_sleep(due(&p), NULL) != 0)
		return false;
	if (p.silent || p.tcp == TCP_SILENT)
		return true;
	write_answer(&answer, &q, &p);
	if (answer.n > MESSAGE_MAX)
		packet_begin(&answer, &q, RCODE_SERVFAIL);
	damage(&answer, &q, &p);
	if (p.tcp == TCP_GARBAGE) {
		answer.n = 0;
		add_garbage(&answer, q.id, 60);
	}
	more = write_message(s, &answer);
	buf_clear(&answer);
	return more;
}

static void
serve(int fd, void *arg)
{
	struct buf b = {0};
	struct stream s;

	(void)arg;
	stream_tcp(&s, fd);
	while (read_message(&s, &b) && answer_message(&s, &b))
		;
	stream_close(&s);
	buf_clear(&b);
}

int
names_tcp(int fd, struct err *e)
{
	return listen_serve(fd, 0, serve, NULL, e);
}
