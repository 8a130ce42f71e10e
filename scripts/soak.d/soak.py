#!/usr/bin/python3
"""soak.d/soak.py: many fetches in one run of awget, a tenth of them of targets that misbehave, and what must be true then.

soak.py --awget FILE --awserve FILE [--at-once N] [--timeout SECONDS] FETCHES

The targets are made as they are needed, by number, and what comes back is read as it comes; nothing is kept of either but
what has been seen of each number. EXPECTED has a row for each line of awserve --list: what to ask for, and what must
become of it. A line without a row ends the run before it has begun.
"""

import argparse
import collections
import json
import os
import re
import select
import subprocess
import sys
import tempfile
import threading
import time

MISCHIEF = 10  # one target of so many
WAITING = 8  # of so many times those that only a timeout ends might have been chosen, they are chosen once
SILENCE = 120  # seconds without any result after which nothing more is expected
GROWTH = 1.1  # times the peak of memory after a tenth of the run that it may come to: more large heads at once
WARM = 20000  # fetches that a tenth must have, or memory is not judged: by then it has met every misbehaviour many times
LONG = ["redirects/11"]  # not by https: so many handshakes may take longer than a timeout where a machine has much to do
SHOWN = 40  # problems that are told
BLOCK = 500  # targets that are written at once

no_sense, silence, refused = "dns-servfail/dns", "dns-timeout/dns", "connect-refused/connect"
unverified, unshaken = "tls-verify/tls", "tls-handshake/tls"
too_large, no_http, bad_line = "header-too-large/headers", "not-http/wait", "not-http/headers"
no_answer, no_end = "timeout/wait", "timeout/headers"
anything = "|".join(("200", silence, no_sense, "dns-nodata/dns", "dns-nxdomain/dns", "unreachable/connect", refused,
                     "connect-timeout/connect", "reset/connect", "reset/wait", "not-http/wait"))

# For each line of awserve --list, what is asked for and what becomes of it: a status, or kind/phase of an error; "|" stands
# between alternatives. {} is a number that no other target has.
PATHS = {
    "/": {"": "200", "?q={}": "200"},
    "/status/{code}": {"status/404": "404", "status/503": "503", "status/204": "204", "status/599": "599", "status/301": "200"},
    "/echo": {"echo?{}": "200"},
    "/raw": {"raw?": "closed/wait", "raw?HTTP/1.1%20200%20{}%0d%0a%0d%0a": "200", "raw?HTTP/1.1%20abc%0d%0a%0d%0a": bad_line},
    "/redirect/{code}": {"redirect/302?/echo": "200", "redirect/307?http://127.0.0.1:1/": refused, "redirect/302?ftp://x/": "input/headers"},
    "/redirects/{n}": {"redirects/3": "200", "redirects/11": "redirect-loop/-"},
    "/loop": {"loop": "redirect-loop/-"},
    "/pingpong": {"pingpong": "redirect-loop/-"},
    "/pingpong/pong": {"pingpong/pong": "redirect-loop/-"},
    "/location/none": {"location/none": "302"},
    "/location/empty": {"location/empty": "302"},
    "/location/two": {"location/two": "200"},
    "/retry/{n}": {"retry/3?{}": "503"},
    "/retry/{n}/{code}": {"retry/2/429?{}": "429"},
    "/retry/{n}/{code}/{s}": {"retry/2/503/1?{}": "503"},
    "/retry/{n}/{code}/{s}/date": {"retry/2/503/1/date?{}": "503"},
    "/auth": {"auth?user:secret": "401"},
    "/lacks/{n}": {"lacks/1": "200"},
    "/differs/{n}/{code}": {"differs/8/404": "200|404"},
    "/wait/{ms}": {"wait/100": "200"},
    "/drip/{ms}": {"drip/1": "200", "drip/60000": no_answer},
    "/drip/{ms}/{n}": {"drip/1/20": "200"},
    "/lines/{ms}": {"lines/10": "200", "lines/60000": no_answer},
    "/never": {"never": no_answer},
    "/close": {"close": "closed/wait"},
    "/cut/{n}": {"cut/0": "closed/wait", "cut/4": "closed/wait", "cut/17": "closed/headers", "cut/98": "closed/headers", "cut/100": "200"},
    "/reset/{n}": {"reset/0": "reset/wait", "reset/4": "reset/wait", "reset/60": "reset/headers", "reset/1000": "200"},
    "/cuttls": {"cuttls": "closed/headers"},
    "/stall/{n}": {"stall/0": no_answer, "stall/30": no_end, "stall/100": "200"},
    "/half": {"half": "200"},
    "/nobody": {"nobody": "200"},
    "/headers/{n}": {"headers/95": "200", "headers/2000": "200", "headers/30000": too_large},
    "/line/{n}": {"line/8192": "200", "line/60000": "200", "line/310000": too_large},
    "/reason/{n}": {"reason/2000": "200", "reason/310000": too_large},
    "/large/{n}": {"large/1000000": "200"},
    "/informational/{n}": {"informational/30": "200"},
    "/informational/{n}/only": {"informational/3/only": "closed/headers"},
    "/switching": {"switching": "101"},
    "/lf": {"lf": "200"},
    "/noreason": {"noreason": "200"},
    "/emptyreason": {"emptyreason": "200"},
    "/http10": {"http10": "200"},
    "/duplicate": {"duplicate": "200"},
    "/fold": {"fold": "200"},
    "/foldfirst": {"foldfirst": "200"},
    "/nocolon": {"nocolon": "200"},
    "/blank": {"blank": "200"},
    "/noname": {"noname": "200"},
    "/novalue": {"novalue": "200"},
    "/trim": {"trim": "200"},
    "/obstext": {"obstext": "200"},
    "/control": {"control": "200"},
    "/nul": {"nul": "200"},
    "/cr": {"cr": "200"},
    "/blanklines": {"blanklines": no_http},
    "/endless/lines": {"endless/lines": too_large},
    "/endless/line": {"endless/line": too_large},
    "/endless/status": {"endless/status": too_large},
    "/endless/fold": {"endless/fold": too_large},
    "/endless/nul": {"endless/nul": no_http},
    "/endless/blanks": {"endless/blanks": no_http},
    "/endless/informational": {"endless/informational": too_large},
    "/endless/body": {"endless/body": "200"},
    "/{name}": {"{}": "200"},
}
PATHS.update({"/garbage/" + kind: {"garbage/" + kind: no_http}
              for kind in "random http09 icy ssh smtp ftp tls h2 binary lower".split()})
PATHS.update({"/garbage/" + kind: {"garbage/" + kind: bad_line} for kind in "version code tab spaces".split()})
PATHS.update({"/endless/%s/{ms}" % kind: {"endless/%s/50" % kind: no_end}
              for kind in "lines line status fold informational".split()})
PATHS.update({"/endless/%s/{ms}" % kind: {"endless/%s/50" % kind: no_http} for kind in "nul blanks".split()})
PATHS["/endless/body/{ms}"] = {"endless/body/50": "200"}

# With a name: what stands before ".test".
NAMES = {
    "ip-A-B-C-D": {"n{}.ip-127-0-0-1": "200", "n{}.ip-127-0-0-9": refused},
    "lost-N": {"n{}.lost-1": "200|" + silence, "n{}.lost-99": silence},
    "slow-N": {"n{}.slow-200": "200"},
    "slow4-N": {"n{}.slow4-200": "200"},
    "slow6-N": {"n{}.slow6-200": "200"},
    "rcode-N": {"n{}.rcode-3": "dns-nxdomain/dns", "n{}.rcode-4": no_sense, "n{}.rcode-15": no_sense},
    "cname-N": {"n{}.cname-1": "200", "n{}.cname-20": "200"},
    "many-N": {"n{}.many-100": "200"},
    "backends-N": {"n{}.backends-4": "200"},
    "dead-first-N": {"n{}.dead-first-1": "200", "n{}.dead-first-5": "200"},
    "dead-N": {"n{}.dead-1": refused, "n{}.dead-20": refused},
    "fuzz-N": {"fuzz-{}": anything},
    "rst": {"n{}.rst": "reset/connect|reset/wait|reset/send"},
    "blackhole": {"n{}.blackhole": "connect-timeout/connect"},
}
for want, labels in {
    "dns-nxdomain/dns": "nxdomain",
    "dns-nodata/dns": "nodata referral loop",
    no_sense: "servfail refused controlname garbage pointerloop badlength badcounts short tcpclose",
    silence: "noanswer",
    # c-ares has one connection for all that is asked over TCP: where it is closed for tcpclose, others may be at their end, too
    silence + "|" + no_sense: "tcpsilent tcpgarbage",
    "200": """servfail4 servfail6 noanswer4 noanswer6 dead4-N dead6-N blackhole4 blackhole6 truncated v4only v6only early
        blackhole-first wrongid wrongquestion wrongport empty tiny""",
}.items():
    NAMES.update({label: {"n{}." + label.replace("-N", "-1"): want} for label in labels.split()})

TLS = {
    "cuttls": {"cuttls": "closed/headers", "n{}.cuttls": "200"},
    "wildcard": {"n{}.wildcard": "200", "n{}.y.wildcard": unverified},
    "wildpart": {"web.wildpart": unverified},
}
for want, labels in {
    "200": "tls12 tls13 noalpn nonotify rsa chain reversed sans",
    unshaken: "tls10 tls11 nullcipher weakdh clientcert alert cut plain",
    unverified: """nochain expired notyet wrongname wrongip cnonly wildcard2 wildtop selfsigned untrusted leafca clienteku
        weak sha1""",
    "timeout/tls": "stalltls",
    "200|timeout/tls|timeout/wait": "slowtls",  # it takes about ten seconds
}.items():
    TLS.update({label: {"n{}." + label: want} for label in labels.split()})


def fail(*what):
    sys.exit("soak: " + " ".join(map(str, what)))


def behaviours(awserve, ports):
    """Every target that misbehaves, as a template, and what must become of it."""
    tables = {"Paths": PATHS, "DNS": NAMES, "TLS": TLS, "certificate": TLS}
    at = {"DNS": ["http://%%s.test:%s/" % ports["http"]], "TLS": ["https://%%s.test:%s/" % ports["https"]]}
    at["certificate"] = at["TLS"]
    at["Paths"] = ["http://127.0.0.1:%s/%%s" % ports["http"], "http://n{}.soak.test:%s/%%s" % ports["http"],
                   "https://n{}.soak.test:%s/%%s" % ports["https"]]
    unknown, found, section = [], [], None
    for line in subprocess.run([awserve, "--list"], stdout=subprocess.PIPE, check=True, text=True).stdout.split("\n"):
        head = re.match(r"(Paths|Labels .* (DNS|TLS|certificate):$)", line)
        if head:
            section = head[2] or head[1]
        elif line:
            name = line.split()[0]
            row = tables[section].get(name)
            if row is None:
                unknown.append(name)
                continue
            found += [(where % what.replace("%", "%%") if "%" in what else where % what, want)
                      for where in at[section] for what, want in row.items()
                      if what not in LONG or not where.startswith("https")]
    if unknown:
        fail("nobody says what must become of", " ".join(unknown))
    return [(target.replace("%%", "%"), want) for target, want in found]


def mixed(n):
    """A number that looks random, and is the same each time (splitmix64)."""
    n = (n + 1) * 0x9E3779B97F4A7C15 & (1 << 64) - 1
    n = (n ^ n >> 30) * 0xBF58476D1CE4E5B9 & (1 << 64) - 1
    n = (n ^ n >> 27) * 0x94D049BB133111EB & (1 << 64) - 1
    return n ^ n >> 31


class Targets:
    def __init__(self, awserve, ports):
        self.bad = behaviours(awserve, ports)
        self.quick = [(target, want) for target, want in self.bad if "timeout" not in want]
        http, https = ports["http"], ports["https"]
        self.good = ["http://127.0.0.1:%s/{}" % http, "http://n{}.soak.test:%s/" % http] * 5 + [
            "http://localhost:%s/{}" % http, "http://n{}.soak.test:%s/echo" % http,
            "https://127.0.0.1:%s/{}" % https, "https://n{}.soak.test:%s/" % https]

    def __call__(self, n):
        """The target with this number, and what must become of it."""
        r = mixed(n)
        if r % MISCHIEF:
            target, want = self.good[(r >> 8) % len(self.good)], "200"
        else:
            these = self.bad if r >> 56 < 256 / WAITING else self.quick
            target, want = these[(r >> 8) % len(these)]
        return target.replace("{}", str(n)), want


class Server:
    def __init__(self, awserve, ca):
        self.process = subprocess.Popen([awserve, "--until-eof", "--ca-out", ca], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.ports = {}
        for line in self.process.stdout:
            kind, _, where = line.strip().partition(" ")
            if kind == "ready":
                return
            self.ports.setdefault(kind, where.rpartition(":")[2])
        fail("awserve does not start")

    def end(self):
        self.process.stdin.close()
        if self.process.wait() != 0:
            fail("awserve ended with status", self.process.returncode)


class Awget:
    def __init__(self, program, server, ca, options):
        self.told = tempfile.TemporaryFile()
        command = [program, "--json", "--stats", "--progress", "never", "-L", "-c", str(options.at_once), "-i", "-",
                   "-m", "%g" % options.timeout, "--connect-timeout", "%g" % (options.timeout * 0.6),
                   "--dns-timeout", "%g" % (options.timeout * 0.4), "--dns-servers", "127.0.0.1:" + server.ports["dns"],
                   "--cacert", ca]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.told)
        self.begin, self.rest = time.monotonic(), b""

    def lines(self):
        """What it prints, line by line; None where it is silent for long. The last one may have no end."""
        out = self.process.stdout.fileno()
        while select.select([out], [], [], SILENCE)[0]:
            data = os.read(out, 1 << 20)
            if not data:
                if self.rest:
                    yield self.rest
                return
            *whole, self.rest = (self.rest + data).split(b"\n")
            for line in whole:
                yield line + b"\n"
        yield None

    def descriptors(self):
        """What is open, each as what it is."""
        there = "/proc/%d/fd" % self.process.pid
        kinds = []
        for fd in os.listdir(there):
            try:
                kinds.append(re.sub(r":\[\d+\]", "", os.readlink("%s/%s" % (there, fd))))
            except FileNotFoundError:
                pass
        return collections.Counter(kinds)

    def memory(self):
        """KB: at its peak, and now."""
        status = open("/proc/%d/status" % self.process.pid).read()
        return [int(re.search(name + r":\s+(\d+) kB", status)[1]) for name in ("VmHWM", "VmRSS")]

    def stderr(self):
        self.told.seek(0)
        return self.told.read().decode("utf-8", "backslashreplace")


class Soak:
    """What is known of a run while it runs."""

    def __init__(self, awget, targets, fetches):
        self.awget, self.targets, self.fetches = awget, targets, fetches
        self.seen = bytearray(fetches + 1)
        self.problems, self.got = [], collections.Counter()
        self.done, self.kinds, self.peaks, self.most = 0, set(), {}, 0
        self.told = 0.0

    def problem(self, *what):
        self.problems.append(" ".join(map(str, what)))
        if len(self.problems) <= SHOWN:
            print(("\r\033[K" if sys.stderr.isatty() else "") + "soak:", self.problems[-1], file=sys.stderr, flush=True)

    def feed(self, first, last):
        """Writes the targets from the first to the last."""
        try:
            for n in range(first, last + 1, BLOCK):
                block = "".join(self.targets(i)[0] + "\n" for i in range(n, min(n + BLOCK, last + 1)))
                self.awget.process.stdin.write(block.encode())
                self.awget.process.stdin.flush()
        except BrokenPipeError:
            self.problem("awget reads no more targets after", first)

    def record(self, line):
        if not line.endswith(b"\n"):
            return self.problem("the last line is cut:", line[-100:])
        try:
            o = json.loads(line.decode("utf-8", "strict"))
            n, target, error, status = o["n"], o["target"], o["error"], o["status"]
        except (ValueError, KeyError, TypeError) as e:
            return self.problem("no record:", e, line[:200])
        if not isinstance(n, int) or not 1 <= n <= self.fetches:
            return self.problem("there is no target", n)
        self.done += not self.seen[n]
        self.seen[n] = min(self.seen[n] + 1, 255)
        wanted, want = self.targets(n)
        got = "%s/%s" % (error["kind"], error["phase"] or "-") if error else str(status)
        self.kinds.add((wanted.replace(str(n), "{}"), got))
        self.got[error["kind"] if error else "answered"] += 1
        if target != wanted:
            self.problem("target", n, "is", target, "not", wanted)
        elif got not in want.split("|"):
            self.problem(target, "is", got, "not", want, error["message"] if error else "")
        elif error and error["local"]:
            self.problem(target, "is a fault of this machine:", error["message"])

    def look(self):
        """Samples, and tells how far it is."""
        now, of = time.monotonic(), 100 * self.done // self.fetches
        for mark in (1, 10, 50, 100):
            if of >= mark and mark not in self.peaks:
                self.peaks[mark] = self.awget.memory()
        if now < self.told + (1 if sys.stderr.isatty() else 15) and self.done < self.fetches:
            return
        self.told, open_now = now, sum(self.awget.descriptors().values())
        self.most = max(self.most, open_now)
        print("%ssoak: %d of %d (%d %%), %.0f a second, %d descriptors, %.1f MB, %d problems" %
              ("\r\033[K" if sys.stderr.isatty() else "", self.done, self.fetches, of,
               self.done / (now - self.awget.begin), open_now, self.awget.memory()[1] / 1024, len(self.problems)),
              end="" if sys.stderr.isatty() and self.done < self.fetches else "\n", file=sys.stderr, flush=True)

    def until(self, enough, lines):
        for line in lines:
            if line is None:
                self.problem("nothing came for", SILENCE, "seconds")
                break
            self.record(line)
            if self.done % 64 == 0 or self.done == self.fetches:
                self.look()
            if self.done >= enough or len(self.problems) > 1000:
                return
        self.problem("ended after", self.done, "results")

    def run(self):
        """Feeds it all, reads it all, and lets it end."""
        lines, few = self.awget.lines(), min(self.fetches, 100)
        self.feed(1, few)
        self.until(few, lines)
        self.open_before = self.awget.descriptors()
        feeder = threading.Thread(target=self.feed, args=(few + 1, self.fetches), daemon=True)
        feeder.start()
        self.until(self.fetches, lines)
        if self.problems:
            self.awget.process.kill()
            return
        feeder.join()
        self.open_after = self.awget.descriptors()
        self.awget.process.stdin.close()
        for line in lines:
            self.problem("too much:", line[:200] if line else "no end")

    def judge(self):
        """What must be true when all is over."""
        status, text = self.awget.process.wait(), self.awget.stderr()
        lost = [n for n in range(1, self.fetches + 1) if self.seen[n] != 1]
        for n in lost[:20]:
            self.problem("target", n, self.targets(n)[0], "has", self.seen[n], "records")
        if self.problems:
            return
        if self.open_after != self.open_before:
            self.problem("open descriptors were", dict(self.open_before), "and are", dict(self.open_after))
        if self.fetches >= WARM * 10 and self.peaks[100][0] > self.peaks[10][0] * GROWTH:
            self.problem("the peak of memory was %d KB after a tenth, and is %d KB" % (self.peaks[10][0], self.peaks[100][0]))
        missed = [t for t, want in self.targets.bad if not any(t == target for target, _ in self.kinds)]
        if missed and self.fetches >= 20 * MISCHIEF * WAITING * len(self.targets.bad):
            self.problem("never asked for:", *missed)
        if status != 2:
            self.problem("the exit status is", status)
        counted = {m[1]: int(m[2]) for m in re.finditer(r"^([a-z-]+) +(\d+)$", text, re.M)}
        if counted != dict(self.got):
            self.problem("--stats counts", counted, "not", dict(self.got))
        if not re.match(r"%d targets in " % self.fetches, text):
            self.problem("something is on standard error:", text[:500])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--awget", required=True)
    parser.add_argument("--awserve", required=True)
    parser.add_argument("--at-once", type=int, default=150)
    parser.add_argument("--timeout", type=float, default=30)
    parser.add_argument("fetches", type=int)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        ca = scratch + "/ca.pem"
        server = Server(options.awserve, ca)
        targets = Targets(options.awserve, server.ports)
        awget = Awget(options.awget, server, ca, options)
        soak = Soak(awget, targets, options.fetches)
        soak.run()
        soak.judge()
        server.end()
    seconds = time.monotonic() - awget.begin
    print("%d fetches in %.1f s, %d ways to misbehave; descriptors: %d at most; peak memory after 1, 10, 50, 100 %%: %s MB" % (
        soak.done, seconds, len(targets.bad), soak.most, ", ".join("%.1f" % (p[0] / 1024) for p in soak.peaks.values())))
    print("%d problems" % len(soak.problems))
    sys.exit(bool(soak.problems))


main()
