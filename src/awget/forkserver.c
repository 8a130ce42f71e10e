/* awget/forkserver.c: a process that starts workers, and sees them die. */
#include "awget/forkserver.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "awget/sandbox.h"
#include "awget/worker.h"
#include "rt/task.h"

/* A message's room for one descriptor. */
union control {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/*
 * Tells the pool, and with it hands over a descriptor. It is always read: waiting for its room is right. What cannot be
 * told must not be waited for: the end of this process is news, too.
 */
static void
tell(int to, const struct forkserver_news *news)
{
	struct iovec what = {(void *)news, sizeof *news};
	union control control = {0};
	struct msghdr m = {.msg_iov = &what, .msg_iovlen = 1};

	if (news->fd >= 0) {
		m.msg_control = control.bytes;
		m.msg_controllen = sizeof control.bytes;
		control.head = (struct cmsghdr){
		    .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
		memcpy(CMSG_DATA(&control.head), &news->fd, sizeof news->fd);
	}
	while (sendmsg(to, &m, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			_exit(1);
}

/* In the new process. */
static void
be_worker(int control, int fd, const struct options *o)
{
	sigset_t none;

	close(control);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGCHLD, SIG_DFL);
	prctl(PR_SET_NAME, "awget-worker");
	_exit(worker_main(fd, o));
}

static void
start_worker(int control, const struct options *o)
{
	struct forkserver_news news = {.event = WORKER_FAILED, .fd = -1};
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0) {
		news.detail = errno;
		tell(control, &news);
		return;
	}
	news.pid = fork();
	if (news.pid == 0) {
		close(pair[0]);
		be_worker(control, pair[1], o);
	}
	news.detail = errno;
	if (news.pid > 0) {
		news.event = WORKER_STARTED;
		news.fd = pair[0];
	}
	close(pair[1]);
	tell(control, &news);
	close(pair[0]);
}

static void
tell_dead(int control)
{
	struct forkserver_news news = {.event = WORKER_DIED, .fd = -1};

	while ((news.pid = waitpid(-1, &news.detail, WNOHANG)) > 0)
		tell(control, &news);
}

static void
on_child(int signo)
{
	(void)signo;
}

/* The whole life of the process. */
static void
serve(int control, const struct options *o)
{
	struct sigaction child = {.sa_handler = on_child};
	struct pollfd asked = {.fd = control, .events = POLLIN};
	sigset_t none, set;
	ssize_t n;
	char c;

	sigemptyset(&none);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL); /* a child's end interrupts the waiting, and nothing else */
	sigaction(SIGCHLD, &child, NULL);
	sandbox_calls(SANDBOX_FORKS);
	for (;;) {
		tell_dead(control);
		n = ppoll(&asked, 1, NULL, &none) < 0 ? -1 : recv(control, &c, 1, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		start_worker(control, o);
	}
	if (n < 0)
		dprintf(STDERR_FILENO, "awget: the process that starts workers must end: %s\n", strerror(errno));
	shutdown(control, SHUT_RDWR);
	while (wait(NULL) > 0) /* if we are left alone, so are they */
		;
}

/* What is the parent's: its input, its output, and the signals that the user means for it. */
static void
let_go(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		signal(signals[i], SIG_IGN);
	if (null < 0)
		return;
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	if (null > STDERR_FILENO)
		close(null);
}

int
forkserver_start(struct forkserver *f, const struct options *o, struct err *e)
{
	int pair[2];

	f->fd = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return err_set(e, ERR_LOCAL, "cannot start worker processes: %s", strerror(errno));
	f->pid = fork();
	if (f->pid == 0) {
		close(pair[0]);
		prctl(PR_SET_NAME, "awget-forks");
		let_go();
		serve(pair[1], o);
		_exit(0);
	}
	if (f->pid < 0)
		err_set(e, ERR_LOCAL, "cannot start worker processes: %s", strerror(errno));
	else
		f->fd = pair[0];
	close(pair[1]);
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	if (f->pid < 0)
		close(pair[0]);
	return f->fd < 0 ? -1 : 0;
}

int
forkserver_ask(struct forkserver *f)
{
	ssize_t n;

	do
		n = send(f->fd, "", 1, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n == 1 ? 0 : -1;
}

/* As recvmsg. */
static ssize_t
receive(int fd, struct forkserver_news *news)
{
	struct iovec what = {news, sizeof *news};
	union control control;
	struct msghdr m = {
	    .msg_iov = &what, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
	ssize_t n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
	struct cmsghdr *h = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;

	news->fd = -1;
	if (h && h->cmsg_type == SCM_RIGHTS && h->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&news->fd, CMSG_DATA(h), sizeof news->fd);
	return n;
}

/* Also where somebody else should have a copy of the descriptor. */
static void
hang_up(struct forkserver *f)
{
	if (f->fd < 0)
		return;
	shutdown(f->fd, SHUT_RDWR);
	close(f->fd);
	f->fd = -1;
}

int
forkserver_read(struct forkserver *f, struct forkserver_news *news, struct err *e)
{
	ssize_t n;

	err_set(e, ERR_LOCAL, "the one that starts them has died");
	while ((n = receive(f->fd, news)) < 0 && (errno == EINTR || errno == EAGAIN))
		if (task_wait_fd(f->fd, TASK_READ, INFINITY, e) != 0)
			break;
	if (n == sizeof *news)
		return 1;
	if (e->kind == ERR_CANCELED)
		return -1;
	if (n < 0 && errno != EINTR && errno != EAGAIN && errno != ECONNRESET)
		err_set(e, ERR_LOCAL, "%s", strerror(errno));
	hang_up(f);
	return 0;
}

void
forkserver_end(struct forkserver *f)
{
	hang_up(f);
	kill(f->pid, SIGCONT); /* whoever has stopped it does not stop us */
	while (waitpid(f->pid, NULL, 0) < 0 && errno == EINTR)
		;
}
