/*
 * examples/hello_server.c: a concurrent web server out of two routes. It prints where it listens; then, for instance,
 *
 *	curl http://127.0.0.1:PORT/                  <h1>Index Page</h1>
 *	curl http://127.0.0.1:PORT/Bob               <h1>Hello, Bob</h1>
 *	curl http://127.0.0.1:PORT/%3Cb%3E           <h1>Hello, &lt;b&gt;</h1>
 *	curl -i -X POST http://127.0.0.1:PORT/       405 Method Not Allowed, Allow: GET, HEAD
 */
#include <stdio.h>

#include "http/server.h"
#include "net/listen.h"
#include "rt/task.h"

static void
index_page(struct exchange *x)
{
	buf_str(&x->body, STR("<h1>Index Page</h1>"));
}

static void
hello(struct exchange *x)
{
	buf_str(&x->body, STR("<h1>Hello, "));
	server_html(&x->body, x->params[0]);
	buf_str(&x->body, STR("</h1>"));
}

static const struct server_route routes[] = {
	{"GET", "/", index_page, NULL, NULL},
	{"GET", "/{name}", hello, NULL, NULL},
	{0},
};

static void *
serve(void *e)
{
	struct server server = {.routes = routes, .name = "hello_server", .timeout = 30};
	struct addr here;
	int fd;

	addr_parse(&here, "127.0.0.1", 0);
	fd = listen_tcp(&here, false, e);
	if (fd >= 0) {
		printf("http://127.0.0.1:%d/\n", addr_port(&here));
		fflush(stdout);
		server_run(&server, fd, e);
	}
	return NULL;
}

int
main(void)
{
	struct err e = {0};

	task_main(serve, &e, NULL, &e);
	fprintf(stderr, "hello_server: %s\n", e.text);
	return 1;
}
