#!/bin/bash
# 5,000 targets at once, by names that knot tells, from nginx and lighttpd: every answer is the right target's, none is lost
# and none comes twice.
. "${0%/*}/net.sh"
slow
need nginx lighttpd knotd python3
many=5000
[ "$(ulimit -n)" -ge $((many * 13 / 10)) ] || skip "only $(ulimit -n) descriptors"

# Each fifth name is of another kind: IPv4, IPv6, both, an alias, several of which the first ones are dead.
zone many.test < <(
	printf 'alias A 127.0.1.2\nalias AAAA fd00::2\n'
	for ((i = 1; i <= many; i++)); do
		case $((i % 5)) in
		0) echo "n$i A 127.0.1.1" ;;
		1) echo "n$i AAAA fd00::1" ;;
		2) printf 'n%d %s\n' "$i" 'A 127.0.1.2' "$i" 'AAAA fd00::2' ;;
		3) echo "n$i CNAME alias" ;;
		4) printf 'n%d %s\n' "$i" 'A 127.0.9.1' "$i" 'AAAA fd00::99' "$i" 'A 127.0.1.1' ;;
		esac
	done
)
for ((i = 1; i <= many; i++)); do
	echo "n$i.many.test"
done >"$tmp/targets"
start_knot 127.0.0.53@53 many.test
start_nginx <<END
access_log off;
server {
	listen 127.0.1.1:80 backlog=65535;
	listen [fd00::1]:80 backlog=65535;
	add_header Location http://\$host\$uri;
	return 200;
}
END
start_lighttpd <<END
server.modules = ("mod_redirect")
server.bind = "127.0.1.2"
server.port = 80
server.listen-backlog = 65535
\$SERVER["socket"] == "[fd00::2]:80" { server.listen-backlog = 65535 }
url.redirect = ("" => "http://\${url.authority}\${url.path}")
END

cat >"$tmp/many.py" <<'END'
import collections, json, os, re, signal, subprocess, sys, time

tmp, many = sys.argv[1], int(sys.argv[2])
targets = ["n%d.many.test" % i for i in range(1, many + 1)]
PATIENT = ["-m", "200", "--connect-timeout", "100", "--dns-timeout", "100"]


def fail(*what):
    sys.exit("FAILED: " + " ".join(map(str, what)))


def processes(name):
    """Those of a server, its workers included."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/comm" % pid) as f:
                if f.read().strip() == name:
                    yield int(pid)
        except FileNotFoundError:
            pass


def tell_servers(sig):
    for name in "nginx", "lighttpd":
        for pid in processes(name):
            os.kill(pid, sig)


def connected():
    """How many connections to port 80 are there."""
    n = 0
    for path in "/proc/net/tcp", "/proc/net/tcp6":
        with open(path) as f:
            for line in f:
                words = line.split()
                n += words[2].endswith(":0050") and words[3] == "01"
    return n


def awget(*args):
    out, err = open(tmp + "/many.out", "w+b"), open(tmp + "/many.err", "w+")
    command = os.environ.get("RUN_WRAP", "").split() + ["awget", *PATIENT, *args, "-i", tmp + "/targets"]
    return subprocess.Popen(command, stdout=out, stderr=err), out, err


def end(p, out, err):
    status = p.wait(200)
    err.seek(0)
    said = err.read()
    if status or said:
        fail("status", status, said[:2000])
    out.seek(0)
    return out.read().decode().splitlines()


def head_of(target, lines):
    """The head of a target is all there, and its own."""
    if not re.fullmatch(r"HTTP/1\.[01] [23]0[01] .*", lines[0]):
        fail(target, lines)
    fields = [line.split(": ", 1) for line in lines[1:]]
    server = dict(fields)["Server"].split("/")[0]
    expected = {
        "nginx": "Server Date Content-Type Content-Length Connection Location",
        "lighttpd": "Location Content-Length Connection Date Server",
    }[server].split()
    if [name for name, _ in fields] != expected:
        fail(target, lines)
    if dict(fields)["Location"] != "http://%s/" % target:
        fail(target, "has the answer of", dict(fields)["Location"])
    kind = int(target[1:-len(".many.test")]) % 5
    if server != ("nginx", "nginx", "lighttpd", "lighttpd", "nginx")[kind]:
        fail(target, "is of", server)


def check_text(lines):
    heads, done, begun = collections.defaultdict(list), set(), set()
    for line in lines:
        if line.startswith("wget "):
            target = line[5:-3]
            if line[-3:] != "..." or target in begun:
                fail(line)
            begun.add(target)
        elif line.startswith("Done "):
            target = line[5:-1]
            if line[-1] != "." or target in done:
                fail(line)
            head_of(target, heads.pop(target))
            done.add(target)
        else:
            target, text = line.split(" header > ", 1)
            if target in done or target not in begun:
                fail(line)
            heads[target].append(text)
    if heads or done != set(targets):
        fail("unfinished:", list(heads)[:5], "done:", len(done))
    if [line[5:-3] for line in lines if line.startswith("wget ")] != targets:
        fail("begun in another order")


def check_json(lines):
    numbers = set()
    for line in lines:
        r = json.loads(line)
        if r["error"] or r["target"] != targets[r["n"] - 1] or r["n"] in numbers:
            fail(line)
        numbers.add(r["n"])
        status = "HTTP/%s %d %s" % (r["http_version"], r["status"], r["reason"])
        head_of(r["target"], [status] + [h["name"] + ": " + h["value"] for h in r["headers"]])
    if len(numbers) != many:
        fail("records:", len(numbers))


def all_in_flight():
    """The servers sleep until every target is connected."""
    tell_servers(signal.SIGSTOP)
    run = awget("-c", str(many))
    until = time.monotonic() + 100
    while connected() < many:
        if time.monotonic() > until:
            fail("only", connected(), "connections")
        if run[0].poll() is not None:
            end(*run)
        time.sleep(0.02)
    tell_servers(signal.SIGCONT)
    check_text(end(*run))


all_in_flight()
check_json(end(*awget("-c", str(many), "--json")))
check_text(end(*awget()))
print("all")
END
RUN_TIMEOUT=500 run python3 "$tmp/many.py" "$tmp" $many
expect_no_err
expect_out all
