#!/usr/bin/python3
"""bench.d/million.py: a list through a pipe into awget -i -, so long that nothing may be kept of it.

million.py --awget FILE --server FILE -n LINES -c AT_ONCE --within MINUTES KIND...

A process writes the lines as awget takes them, and what awget prints of each (its number and what became of it) is counted
as it comes: a byte for each number. A row of a table for each KIND of target: what came, how fast, and awget's memory
when so much of the list was done. Runs as root, in a network of its own (scripts/million).
"""

import argparse
import collections
import os
import re
import select
import signal
import subprocess
import sys
import time

MARKS = (1, 10, 50, 100)  # percent at which memory is read
GROWTH = 1.1  # times as large as at 10 % it may be at 100 %: more in flight at once
SETTLED = 100  # times AT_ONCE that a tenth of the list must have for that to be judged
BLOCK = 1000  # lines that are written at once


def address(i):
    return "127.%d.%d.%d" % (1 + (i >> 16), i >> 8 & 255, i & 255)


# For each kind: the line of target i, and what becomes of each
KINDS = {
    "answers": (address, b"200"),
    "names": (lambda i: "h%d.test" % i, b"200"),
    "refuses": (lambda i: address(i) + ":81", b"connect-refused"),
}


def prepare():
    """Loopback alone, with room for many connections at once and many that have just ended."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for name, value in {"core/somaxconn": "65535", "ipv4/tcp_max_syn_backlog": "65536",
                        "ipv4/ip_local_port_range": "1024 65535"}.items():
        with open("/proc/sys/net/" + name, "w") as f:
            f.write(value)


def start_server(program, milliseconds):
    """The benchmark's server, which ends when this process does."""
    server = subprocess.Popen([program, str(milliseconds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if server.stdout.readline() != b"ready\n":
        sys.exit("million: the server does not start")
    return server


def generate(kind, lines, to, over):
    """In a process of its own: writes the list, and keeps the pipe open until all is over."""
    line = KINDS[kind][0]
    for first in range(0, lines, BLOCK):
        block = "".join(line(i) + "\n" for i in range(first, min(first + BLOCK, lines))).encode()
        while block:
            block = block[os.write(to, block):]
    os.read(over, 1)


def start_generator(*args):
    """Returns the end of its list to read from, and what it ends with when that is closed."""
    list_out, list_in = os.pipe()
    over_out, over_in = os.pipe()
    if os.fork() == 0:
        os.close(list_out)
        os.close(over_in)
        try:
            generate(*args, list_in, over_out)
        finally:
            os._exit(0)
    os.close(list_in)
    os.close(over_out)
    return list_out, over_in


def memory(pid):
    with open("/proc/%d/status" % pid) as f:
        return int(re.search(r"VmRSS:\s+(\d+) kB", f.read())[1])


class Tally:
    """What has come of a list, as far as it has come."""

    def __init__(self, lines):
        self.seen, self.done, self.ends = bytearray(lines + 1), 0, collections.Counter()
        self.strange, self.twice = 0, 0

    def add(self, lines):
        for line in lines:
            number, _, end = line.partition(b" ")
            try:
                n = int(number)
                self.twice += self.seen[n]
                self.seen[n] = 1
            except (ValueError, IndexError):
                self.strange += 1
                continue
            self.ends[end] += 1
        self.done += len(lines)


def measure(options, kind, until):
    """One list; a row of the table. Was all as it should be?"""
    source, over = start_generator(kind, options.n)
    begin = told = time.monotonic()
    awget = subprocess.Popen([options.awget, "-i", "-", "-c", str(options.c), "--dns-servers", "127.0.0.1",
                              "-w", "%{n} %{status}%{error_kind}\\n"], stdin=source, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL)
    os.close(source)
    tally, rest, sizes, out = Tally(options.n), b"", {}, awget.stdout.fileno()
    while tally.done < options.n:
        if select.select([out], [], [], 1)[0]:
            data = os.read(out, 1 << 18)
            if not data:
                break
            *lines, rest = (rest + data).split(b"\n")
            tally.add(lines)
        for mark in MARKS:
            if mark not in sizes and tally.done * 100 >= options.n * mark:
                sizes[mark] = memory(awget.pid)
        now = time.monotonic()
        if now > told + 15:
            told = now
            print("%s: %d of %d, %.0f a second, %.1f MB" % (kind, tally.done, options.n, tally.done / (now - begin),
                                                            memory(awget.pid) / 1024), file=sys.stderr, flush=True)
        if now > until:
            print("million: not over within %g minutes" % options.within, file=sys.stderr)
            awget.send_signal(signal.SIGKILL)
            break
    seconds = time.monotonic() - begin
    os.close(over)
    more = len(awget.stdout.read() + rest)
    _, status, used = os.wait4(awget.pid, 0)
    awget.returncode = os.waitstatus_to_exitcode(status)
    lost, other = tally.seen.count(0) - 1, tally.done - tally.ends[KINDS[kind][1]]
    print("%-8s %10d %10d %6d %6d %6d %8.1f %8.1f %8.0f   %s" % (
        kind, options.n, tally.done, lost, tally.twice, other, seconds, used.ru_utime + used.ru_stime, tally.done / seconds,
        " ".join("%7.1f" % (sizes.get(mark, 0) / 1024) for mark in MARKS)), flush=True)
    if other:
        print("million: also", tally.ends.most_common(5), file=sys.stderr)
    flat = options.n < SETTLED * 10 * options.c or sizes.get(100, 1 << 30) <= sizes.get(10, 0) * GROWTH
    return not (lost or tally.twice or other or tally.strange or more) and flat and \
        awget.returncode == (2 if kind == "refuses" else 0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--awget", required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("-n", type=int, required=True)
    parser.add_argument("-c", type=int, required=True)
    parser.add_argument("--within", type=float, required=True)
    parser.add_argument("kinds", nargs="*")
    options = parser.parse_args()
    if options.n > 250 << 16 or not set(options.kinds) <= set(KINDS):
        sys.exit("million: at most %d lines, of the kinds %s" % (250 << 16, " ".join(KINDS)))
    prepare()
    # so slow that as many are in flight as may be, which no more than 10,000 a second can end
    server = start_server(options.server, options.c // 10)
    until = time.monotonic() + options.within * 60
    print("targets       lines    records   lost  twice  other   wall s    CPU s a second   MB at %s" %
          " ".join("%5d %%" % mark for mark in MARKS), flush=True)
    good = [measure(options, kind, until) for kind in options.kinds or KINDS]
    server.stdin.close()
    sys.exit(not all(good))


main()
