#!/bin/bash
# Whatever has arrived is shown before anything else has to arrive: servers here go on only when they have seen in
# awget's output what they sent before. One held back would end in a deadlock.
. "${0%/*}/net.sh"
slow
need nginx python3

system hosts <<'END'
127.0.1.1 slow.arrival.test one.arrival.test two.arrival.test
127.0.2.1 a.arrival.test
127.0.2.2 b.arrival.test
127.0.2.3 c.arrival.test
END
mkdir "$tmp/www"
echo hello >"$tmp/www/index.html"
start_nginx <<END
access_log off;
root $tmp/www;
server {
	listen 127.0.1.1:80;
	add_header X-Site \$host;
}
server {
	listen 127.0.1.1:80;
	server_name slow.arrival.test;
	location / { proxy_pass http://127.0.2.9; }
}
END

cat >"$tmp/arrival.py" <<'END'
import json, os, random, re, select, socket, subprocess, sys

HEAD = ["HTTP/1.1 200 OK"] + ["X-Line: %d" % i for i in range(5)]


def fail(*what):
    sys.exit("FAILED: " + " ".join(map(str, what)))


class Output:
    """Lines as they come out of a descriptor."""

    def __init__(self, fd):
        self.fd, self.rest, self.lines = fd, b"", []

    def line(self):
        while b"\n" not in self.rest:
            if not select.select([self.fd], [], [], 30)[0]:
                fail("nothing after", self.lines[-3:], self.rest)
            try:
                piece = os.read(self.fd, 65536)
            except OSError:  # a terminal's end
                piece = b""
            if not piece:
                return None
            self.rest += piece
        line, self.rest = self.rest.split(b"\n", 1)
        self.lines.append(line.rstrip(b"\r").decode())
        return self.lines[-1]

    def expect(self, *lines):
        for line in lines:
            got = self.line()
            if got != line:
                fail("expected", repr(line), "got", repr(got))

    def end(self):
        if self.line() is not None or self.rest:
            fail("more than expected:", self.lines[-1:], self.rest)


class Awget:
    def __init__(self, *args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE):
        command = sys.argv[2:] + list(args)
        self.p = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, bufsize=0)
        if self.p.stdout:
            self.out = Output(self.p.stdout.fileno())
        self.err = Output(self.p.stderr.fileno())

    def end(self, status=0):
        if self.p.stdout:
            self.out.end()
        self.err.end()
        if self.p.wait(30) != status:
            fail("status", self.p.returncode)


class Origin:
    """A server of one connection at a time, which sends what it is told to."""

    def __init__(self, address):
        self.listener = socket.create_server((address, 80))
        self.listener.settimeout(30)

    def accept(self):
        self.s, _ = self.listener.accept()
        self.s.settimeout(30)
        self.s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            piece = self.s.recv(4096)
            if not piece:
                fail("no request")
            request += piece

    def send(self, *lines):
        self.s.sendall("".join(line + "\r\n" for line in lines).encode())

    def send_bytes(self, line):
        for byte in (line + "\r\n").encode():
            self.s.send(bytes([byte]))


origins = {name: Origin("127.0.2.%d" % i) for i, name in enumerate(("a", "b", "c"), 1)}
backend = Origin("127.0.2.9")


def host(name):
    return name + ".arrival.test"


def lines_of(name, lines):
    return [host(name) + " header > " + line for line in lines]


def nginx_with_one_slow():
    """Two of three virtual hosts are done while the third, the first that was asked for, has nothing."""
    hosts = [host(name) for name in ("slow", "one", "two")]
    awget = Awget(*hosts)
    backend.accept()
    awget.out.expect(*["wget %s..." % h for h in hosts])
    heads, done = {}, []
    while len(done) < 2:
        line = awget.out.line()
        end = re.fullmatch(r"Done (.*)\.", line)
        if end:
            done.append(end[1])
        else:
            name, text = line.split(" header > ", 1)
            if name in done:
                fail("after its end:", line)
            heads.setdefault(name, []).append(text)
    if sorted(done) != sorted(hosts[1:]) or sorted(heads) != sorted(done):
        fail("done:", done, heads)
    for h in done:
        if heads[h][0] != "HTTP/1.1 200 OK" or "X-Site: " + h not in heads[h]:
            fail("head:", heads[h])
    backend.send("HTTP/1.1 200 OK", "Connection: close", "X-Slow: yes", "")
    backend.s.close()
    slow = []
    while not slow or not slow[-1].startswith("Done"):
        slow.append(awget.out.line())
    if slow[0] != hosts[0] + " header > HTTP/1.1 200 OK" or slow[-2:] != [
        hosts[0] + " header > X-Slow: yes",
        "Done %s." % hosts[0],
    ]:
        fail("slow:", slow)
    awget.end()


def begin(names, *options, **how):
    awget = Awget(*options, *map(host, names), **how)
    for name in names:
        origins[name].accept()
    return awget


def expect_start(out, names):
    out.expect(*["wget %s..." % host(name) for name in names])


def line_by_line(out, names):
    """A line is sent when the one before has been seen, whosever it was; some come byte by byte."""
    expect_start(out, names)
    left = {name: HEAD + [""] for name in names}
    turns = [name for name in names for _ in left[name]]
    random.shuffle(turns)
    for turn in turns:
        line, left[turn] = left[turn][0], left[turn][1:]
        if random.random() < 0.3:
            origins[turn].send_bytes(line)
        else:
            origins[turn].send(line)
        out.expect(*(lines_of(turn, [line]) if line else ["Done %s." % host(turn)]))


def to_a_pipe():
    for _ in range(3):
        awget = begin("abc")
        line_by_line(awget.out, "abc")
        awget.end()


def to_a_terminal():
    master, slave = os.openpty()
    awget = begin("abc", "--color", "never", stdout=slave)
    os.close(slave)
    out = Output(master)
    line_by_line(out, "abc")
    out.end()
    awget.end()


class Grown(Output):
    """Lines of a file that grows."""

    def line(self):
        for _ in range(3000):
            if b"\n" in self.rest:
                break
            self.rest += os.read(self.fd, 65536)
            select.select([], [], [], 0.01)
        else:
            return None
        return super().line()

    def end(self):
        if os.read(self.fd, 1) or self.rest:
            fail("more than expected in the file")


def to_a_file(path):
    awget = begin("ab", "-o", path)
    out = Grown(os.open(path, os.O_RDONLY))
    line_by_line(out, "ab")
    awget.end()
    out.end()


def finish(name, before=()):
    origins[name].send(*HEAD[len(before) :], "")


def grouped():
    """With --group a target's lines come together, but when it is done, not when all are."""
    awget = begin("abc", "--group")
    for name in "abc":
        origins[name].send(HEAD[0])
    for name in "cab":
        finish(name, HEAD[:1])
        awget.out.expect("wget %s..." % host(name), *lines_of(name, HEAD), "Done %s." % host(name))
    awget.end()


def records():
    """A JSON record is there when its target is done."""
    awget = begin("abc", "--json")
    for name in "bca":
        finish(name)
        r = json.loads(awget.out.line())
        if r["target"] != host(name) or len(r["headers"]) != 5 or r["error"]:
            fail(r)
    awget.end()


def errors():
    """So is an error."""
    awget = begin("abc")
    expect_start(awget.out, "abc")
    origins["b"].s.close()
    awget.err.expect("awget: %s: empty reply" % host("b"))
    for name in "ca":
        finish(name)
        awget.out.expect(*lines_of(name, HEAD), "Done %s." % host(name))
    awget.end(2)


def targets_as_they_come():
    """The next target is not told before the last has been fetched."""
    awget = Awget("-i", "-", stdin=subprocess.PIPE)
    for name in "abcabc":
        awget.p.stdin.write((host(name) + "\n").encode())
        awget.out.expect("wget %s..." % host(name))
        origins[name].accept()
        finish(name)
        awget.out.expect(*lines_of(name, HEAD), "Done %s." % host(name))
    awget.p.stdin.close()
    awget.end()


random.seed(1)
nginx_with_one_slow()
to_a_pipe()
to_a_terminal()
to_a_file(sys.argv[1])
grouped()
records()
errors()
targets_as_they_come()
print("seen")
END
wrap=${RUN_WRAP-}
RUN_WRAP='' run python3 "$tmp/arrival.py" "$tmp/file" $wrap awget
expect_no_err
expect_out seen
