/* awserve/rules.c: labels of a name that say how its question is answered. */
#include "awserve/rules.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* May a dash and a number follow the name? GIVEN: it is the value. ALSO: it is that of another row of the name. */
enum number { NONE, GIVEN, ALSO };

/* A label sets a field of the plan. A name may have several rows. */
struct rule {
	const char *name;
	int family; /* only for questions of this family; 0: for all */
	size_t field;
	int value;  /* unless another is given */
	enum number number;
	const char *about; /* NULL: as the row before */
};

#define FIELD(name) offsetof(struct plan, name)

static const struct rule rules[] = {
	{"nxdomain", 0, FIELD(rcode), RCODE_NXDOMAIN, NONE, "there is no such name"},
	{"servfail", 0, FIELD(rcode), RCODE_SERVFAIL, NONE, "the server has failed"},
	{"servfail4", AF_INET, FIELD(rcode), RCODE_SERVFAIL, NONE, "the same for A only"},
	{"servfail6", AF_INET6, FIELD(rcode), RCODE_SERVFAIL, NONE, "the same for AAAA only"},
	{"refused", 0, FIELD(rcode), RCODE_REFUSED, NONE, "the server refuses"},
	{"rcode", 0, FIELD(rcode), RCODE_NOTIMP, GIVEN, "response code N, from 0 to 15"},
	{"nodata", 0, FIELD(nodata), 1, NONE, "the name exists, but has no address"},
	{"v4only", AF_INET6, FIELD(nodata), 1, NONE, "no AAAA"},
	{"v6only", AF_INET, FIELD(nodata), 1, NONE, "no A"},
	{"referral", 0, FIELD(referral), 1, NONE, "no answer, only the name of another server"},
	{"noanswer", 0, FIELD(silent), 1, NONE, "silence"},
	{"noanswer4", AF_INET, FIELD(silent), 1, NONE, "silence for A only"},
	{"noanswer6", AF_INET6, FIELD(silent), 1, NONE, "silence for AAAA only"},
	{"lost", 0, FIELD(lost), 1, GIVEN, "silence for the first N questions (1), then the answer; UDP only"},
	{"slow", 0, FIELD(wait_ms), 1000, GIVEN, "the answer after N milliseconds (1000)"},
	{"slow4", AF_INET, FIELD(wait_ms), 1000, GIVEN, "the same for A only"},
	{"slow6", AF_INET6, FIELD(wait_ms), 1000, GIVEN, "the same for AAAA only"},
	{"truncated", 0, FIELD(truncated), 1, NONE, "cut short over UDP (TC), whole over TCP"},
	{"tcpsilent", 0, FIELD(truncated), 1, NONE, "cut short over UDP, silence over TCP"},
	{"tcpsilent", 0, FIELD(tcp), TCP_SILENT, NONE, NULL},
	{"tcpgarbage", 0, FIELD(truncated), 1, NONE, "cut short over UDP, garbage over TCP"},
	{"tcpgarbage", 0, FIELD(tcp), TCP_GARBAGE, NONE, NULL},
	{"tcpclose", 0, FIELD(truncated), 1, NONE, "cut short over UDP, a closed connection over TCP"},
	{"tcpclose", 0, FIELD(tcp), TCP_CLOSE, NONE, NULL},
	{"cname", 0, FIELD(aliases), 1, GIVEN, "an alias of an alias, N times (1), then the addresses"},
	{"loop", 0, FIELD(loop), 1, NONE, "an alias of an alias of the name itself"},
	{"controlname", 0, FIELD(control), 1, NONE, "an alias of a name that holds control bytes"},
	{"many", 0, FIELD(many), 10, GIVEN, "N addresses (10), the live one first"},
	{"backends", 0, FIELD(backends), 4, GIVEN, "N addresses (4, at most 8) that may answer differently"},
	{"dead-first", 0, FIELD(dead), 1, GIVEN, "N addresses that refuse connections (1), then the live one"},
	{"blackhole-first", 0, FIELD(blackhole), 1, NONE, "an address that ignores connections, then the live one"},
	{"dead", 0, FIELD(dead), 1, GIVEN, "only N addresses that refuse connections (1)"},
	{"dead", 0, FIELD(lifeless), 1, ALSO, NULL},
	{"dead4", AF_INET, FIELD(dead), 1, GIVEN, "the same for A only"},
	{"dead4", AF_INET, FIELD(lifeless), 1, ALSO, NULL},
	{"dead6", AF_INET6, FIELD(dead), 1, GIVEN, "the same for AAAA only"},
	{"dead6", AF_INET6, FIELD(lifeless), 1, ALSO, NULL},
	{"blackhole", 0, FIELD(blackhole), 1, NONE, "only an address that ignores connections"},
	{"blackhole", 0, FIELD(lifeless), 1, NONE, NULL},
	{"blackhole4", AF_INET, FIELD(blackhole), 1, NONE, "the same for A only"},
	{"blackhole4", AF_INET, FIELD(lifeless), 1, NONE, NULL},
	{"blackhole6", AF_INET6, FIELD(blackhole), 1, NONE, "the same for AAAA only"},
	{"blackhole6", AF_INET6, FIELD(lifeless), 1, NONE, NULL},
	{"early", 0, FIELD(address), 0x7f000002, NONE, "the address that answers HTTP before it is asked"},
	{"rst", 0, FIELD(address), 0x7f000003, NONE, "the address that resets each connection"},
	{"wrongid", 0, FIELD(decoy), DECOY_ID, NONE, "a false answer with another id, then the right one"},
	{"wrongquestion", 0, FIELD(decoy), DECOY_QUESTION, NONE, "a false answer to another question first"},
	{"wrongport", 0, FIELD(decoy), DECOY_PORT, NONE, "a false answer from another port first"},
	{"empty", 0, FIELD(decoy), DECOY_EMPTY, NONE, "an empty datagram first"},
	{"tiny", 0, FIELD(decoy), DECOY_TINY, NONE, "a datagram of three bytes first"},
	{"garbage", 0, FIELD(damage), DAMAGE_GARBAGE, NONE, "random bytes behind the question"},
	{"pointerloop", 0, FIELD(damage), DAMAGE_POINTERS, NONE, "a compressed name that points to itself"},
	{"badlength", 0, FIELD(damage), DAMAGE_LENGTH, NONE, "a record that is longer than the message"},
	{"badcounts", 0, FIELD(damage), DAMAGE_COUNTS, NONE, "fewer records than the header says"},
	{"short", 0, FIELD(damage), DAMAGE_CUT, NONE, "the last bytes are missing"},
	{"fuzz", 0, FIELD(damage), DAMAGE_FUZZ, ALSO, "some bytes changed, other ones for each N"},
	{"fuzz", 0, FIELD(seed), 0, GIVEN, NULL},
};

enum { RULES = sizeof rules / sizeof *rules, NUMBER_MAX = 10000000 };

/* The number behind the dash of "-N"; -1 if it is none. */
static int
number_of(struct str s)
{
	int n = 0;

	if (s.n < 2 || *s.s != '-')
		return -1;
	for (size_t i = 1; i < s.n; i++) {
		if (s.s[i] < '0' || s.s[i] > '9')
			return -1;
		n = n * 10 + (s.s[i] - '0');
		if (n > NUMBER_MAX)
			return -1;
	}
	return n;
}

static void
apply_rule(struct plan *p, const struct rule *r, struct str label)
{
	struct str name = str_of(r->name), rest;
	int n;

	if (label.n < name.n || !str_eq_fold((struct str){label.s, name.n}, name))
		return;
	rest = (struct str){label.s + name.n, label.n - name.n};
	n = number_of(rest);
	if (rest.n && (n < 0 || r->number == NONE))
		return;
	*(int *)(void *)((char *)p + r->field) = rest.n && r->number == GIVEN ? n : r->value;
}

/* "ip-192-0-2-1" is 192.0.2.1. */
static void
apply_address(struct plan *p, struct str label)
{
	char text[sizeof "255.255.255.255"];
	struct in_addr a;
	size_t n = label.n - 3;

	if (label.n <= 3 || n >= sizeof text || !str_eq_fold((struct str){label.s, 3}, STR("ip-")))
		return;
	for (size_t i = 0; i < n; i++)
		text[i] = label.s[i + 3] == '-' ? '.' : label.s[i + 3];
	text[n] = '\0';
	if (inet_pton(AF_INET, text, &a) == 1)
		p->address = (int)ntohl(a.s_addr);
}

void
rules_apply(struct plan *p, const struct question *q)
{
	int family = q->type == TYPE_A ? AF_INET : q->type == TYPE_AAAA ? AF_INET6 : 0;
	struct str rest = q->name;

	*p = (struct plan){0};
	while (rest.n > 1) {
		struct str label = {rest.s + 1, (unsigned char)*rest.s};

		for (size_t i = 0; i < RULES; i++)
			if (!rules[i].family || rules[i].family == family)
				apply_rule(p, &rules[i], label);
		apply_address(p, label);
		rest.s += label.n + 1, rest.n -= label.n + 1;
	}
}

void
rules_list(FILE *out)
{
	fprintf(out, "%-28s%s\n", "ip-A-B-C-D", "the address A.B.C.D");
	for (size_t i = 0; i < RULES; i++)
		if (rules[i].about)
			fprintf(out, "%s%-*s%s\n", rules[i].name, (int)(28 - strlen(rules[i].name)),
			    rules[i].number ? "-N" : "", rules[i].about);
}
