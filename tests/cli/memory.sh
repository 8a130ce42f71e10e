#!/bin/bash
# The list of targets is never in memory: with ten times as many lines through a pipe awget is no larger.
. "${0%/*}/lib.sh"
need python3
[ -z "${RUN_WRAP-}" ] || skip 'the memory would be that of the tool around awget'
# what is freed is kept for a while by AddressSanitizer
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=0:thread_local_quarantine_size_kb=0"

cat >"$tmp/memory.py" <<'END'
import itertools, os, re, socket, subprocess, sys, threading

SLACK = 256  # KB
closed = socket.socket()
closed.bind(("127.0.0.1", 0))  # nobody listens: every connection is refused at once
PORT = closed.getsockname()[1]


def lines():
    """Targets without an end, no two the same, and what else a list may hold."""
    for i in itertools.count():
        a = "127.%d.%d.%d:%d" % (i >> 16 & 255, i >> 8 & 255, i & 255, PORT)
        yield (a, "http://%s/%d" % (a, i), "  %s # %d" % (a, i), "# %d\n\n%s\r" % (i, a), "no host %d" % i)[i % 5]


def peak(pid):
    with open("/proc/%d/status" % pid) as f:
        return int(re.search(r"VmHWM:\s+(\d+) kB", f.read())[1])


def feed(to, n, source):
    to.write("".join(line + "\n" for line in itertools.islice(source, n)).encode())
    to.flush()


def measure(name, few, many, told_on, *args):
    p = subprocess.Popen(["awget", "-i", "-", *args], stdin=subprocess.PIPE, **{
        "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, told_on: subprocess.PIPE})
    source, told, peaks = lines(), getattr(p, told_on), []
    for n in few, many - few:
        feeder = threading.Thread(target=feed, args=(p.stdin, n, source))
        feeder.start()
        for _ in range(n):
            if not told.readline():
                sys.exit("%s: awget ended" % name)
        feeder.join()
        peaks.append(peak(p.pid))
    p.stdin.close()
    told.read()
    if p.wait() != 2:
        sys.exit("%s: status %d" % (name, p.returncode))
    print("%s: %d lines %d KB, %d lines %d KB" % (name, few, peaks[0], many, peaks[1]), file=sys.stderr)
    if peaks[1] > peaks[0] + SLACK:
        sys.exit(1)


measure("text", 20000, 200000, "stderr", "--stats")
measure("JSON", 20000, 200000, "stdout", "--json")
END
python3 "$tmp/memory.py" || fail "too much"
