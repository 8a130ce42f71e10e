/* examples/three_hosts.c: three hosts fetched at once, their lines in the order in which the network delivers them. */
#include <stdio.h>

#include "base/text.h"
#include "fetch/fetch.h"
#include "net/dns.h"
#include "rt/group.h"

static struct fetch_env env;

static void
show(const struct result *r, struct str lines)
{
	while (lines.n) {
		struct str line = text_line(&lines);

		if (line.n)
			printf("%.*s header > %.*s\n", (int)r->target.n, r->target.s, (int)line.n, line.s);
	}
	fflush(stdout);
}

static void *
wget(void *host)
{
	static const struct watch watch = {.lines = show};
	struct result r;

	result_init(&r, 1, str_of(host));
	printf("wget %s...\n", (char *)host);
	if (fetch(&env, NULL, &watch, &r) == 0)
		printf("Done %s.\n", (char *)host);
	else
		fprintf(stderr, "%s: %s\n", (char *)host, r.err.text);
	result_clear(&r);
	return NULL;
}

static void *
run(void *arg)
{
	char **hosts = arg;
	struct job jobs[3];

	for (int i = 0; i < 3; i++)
		jobs[i] = (struct job){.name = hosts[i], .fn = wget, .arg = hosts[i]};
	gather(jobs, 3, NULL);
	dns_end();
	return NULL;
}

int
main(int argc, char **argv)
{
	struct err e;

	if (argc != 4) {
		fputs("usage: three_hosts HOST HOST HOST\n", stderr);
		return 2;
	}
	fetch_env_init(&env);
	if (task_main(run, argv + 1, NULL, &e) != 0)
		fprintf(stderr, "%s\n", e.text);
	return 0;
}
