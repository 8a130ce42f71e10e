#!/usr/bin/python3
"""Makes what awget does fail, one thing in each run, and judges each run. See scripts/inject, which calls it.

    inject.py [-s SCENARIO]... [-c CALL]... [-j N] [-n N] [-e N] [-o N] [-v] [-w] [-a ALLOC] BUILD

BUILD is where awget and awserve are, ALLOC what alloc.c becomes, else alloc.so there. -c says which system calls, or `alloc` for
allocations. -n is how many occurrences of a system call are tried, -e every how manieth case, from -o on. The table of what came
of it is printed at the end, and what is not as it should be; then the status is 1. With -w allocations fail under valgrind,
whose complaints are crashes.
"""

import argparse
import asyncio
import collections
import concurrent.futures
import errno
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading

import calls
import judge
import relay
import scenarios

TIMEOUT = 20  # seconds; a run takes a part of one
VALGRIND = "valgrind -q --error-exitcode=99 --soname-synonyms=somalloc=nouserintercepts".split()
PLACES, STORY = 1 << 16, 2048  # as in alloc.c
ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
LIMITS = "-m 6 --connect-timeout 4 --dns-timeout 5".split()

Case = collections.namedtuple("Case", "scenario call error n all")


def text_of(case):
    if case.call == "alloc":
        return "%s: allocation %d%s" % (case.scenario["name"], case.n, " and all after it" if case.all else "")
    return "%s: %s %d%s: %s" % (case.scenario["name"], case.call, case.n, " and all after it" * case.all, case.error)


class Server:
    """awserve and a proxy, and the folder of all runs."""

    def __init__(self, build, alloc, valgrind):
        self.build, self.top = build, tempfile.mkdtemp(prefix="inject-")
        self.wrap = VALGRIND if valgrind else []
        self.alloc = os.path.abspath(alloc or build + "/alloc.so")
        self.run, self.lock = 0, threading.Lock()
        self.names = {"CA": self.top + "/ca.pem", "PROXY": relay.start()}
        self.process = subprocess.Popen([build + "/awserve", "--until-eof", "--ca-out", self.names["CA"]], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for line in self.process.stdout:
            kind, _, where = line.strip().partition(" ")
            if kind == "ready":
                break
            if where.startswith("127."):
                self.names.setdefault(kind.upper(), where)
        self.names.update(P=self.names["HTTP"].split(":")[1], PS=self.names["HTTPS"].split(":")[1])

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        shutil.rmtree(self.top)

    def place(self, scenario):
        """A fresh folder with its files, and the command."""
        with self.lock:
            self.run += 1
            n = self.run
        folder, names = "%s/inject-%d" % (self.top, n), dict(self.names, run="%dr" % n)
        names["dir"] = folder
        os.mkdir(folder)
        before = {name: content.format(**names) for name, content in scenario["files"].items()}
        for name, content in before.items():
            with open(os.path.join(folder, name), "w") as f:
                f.write(content)
        args = [a.replace("%{", "%{{").replace("}", "}}") if a.startswith("%{") else a for a in scenario["args"]]
        args = [a.format(**names) if not a.startswith("%{") else a.replace("{{", "{").replace("}}", "}") for a in args]
        stdin = (scenario["stdin"] or "").format(**names).encode()
        return folder, before, [self.build + "/awget"] + LIMITS + args, stdin

    def shown(self, scenario):
        """Its targets as messages show them, in order; for those whose outcomes are read from text."""
        target = re.compile(r"\{HTTP|127\.|[a-z-]+\.test:|localhost:|https?:")
        return [a.format(run="", **self.names) for a in scenario["args"] if target.match(a)]


def execute(command, stdin, env, folder):
    """(status, signal, hung, stdout, stderr)"""
    p = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder,
                         env=dict(ENV, TMPDIR=folder, **env), start_new_session=True)
    hung = False
    try:
        out, err = p.communicate(stdin, TIMEOUT * (10 if command[0] == "valgrind" else 1))
    except subprocess.TimeoutExpired:
        hung = True
        os.killpg(p.pid, signal.SIGKILL)
        out, err = p.communicate()
    died = signal.Signals(-p.returncode).name if p.returncode < 0 and not hung else None
    return p.returncode, died, hung, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")


def finish(scenario, folder, before, result, error, call):
    run = judge.Run(scenario, *result, folder, before, error, call, os.strerror(getattr(errno, error)) if error else "")
    shutil.rmtree(folder)
    return run


# By strace


def run_strace(server, scenario, what, error="", call=""):
    """A run under strace, and strace's lines."""
    folder, before, command, stdin = server.place(scenario)
    log = folder + ".strace"
    result = execute(["strace", "-f", "-o", log, *what, *command], stdin, {}, folder)
    if not os.path.exists(log):
        raise RuntimeError("strace has not run: %s" % (result,))
    with open(log, "rb") as f:
        lines = re.sub(r"(?m)^\d+ +", "", f.read().decode("latin-1")).split("\n")
    os.remove(log)
    return finish(scenario, folder, before, result, error, call), lines


def occurrences(lines):
    """{call: (how many before main, how many in all)}: main begins with a look at its standard descriptors."""
    count, before = collections.Counter(), None
    for line in lines:
        if before is None and line.startswith("fcntl(0, F_GETFD"):
            before = collections.Counter(count)
        name = re.match(r"(\w+)\(", line)
        if name:
            count[name.group(1)] += 1
    return {name: ((before or count)[name], count[name]) for name in count}


def strace_cases(scenario, lines, options, strange):
    for call, (before, total) in sorted(occurrences(lines).items()):
        if options.calls and call not in options.calls:
            continue
        if call not in calls.ERRNOS:
            if call not in calls.NEVER and total > before:
                strange.add(call)
            continue
        for i, error in enumerate(calls.ERRNOS[call].split()):
            # all of them fail with the first error, some with the others
            for n in range(before + 1, min(total + 1, before + 1 + (options.most if i == 0 else max(options.most // 4, 1)))):
                yield Case(scenario, call, error, n, False)
            if error not in ("EINTR", "EAGAIN") and call not in calls.ONLY_ONCE and total > before:
                yield Case(scenario, call, error, before + 1, True)


def try_strace(server, case):
    how = calls.RETURNS.get(case.call, "error=" + case.error)
    what = ["--seccomp-bpf", "-e", "trace=" + case.call, "-e", "inject=%s:%s:when=%d%s" % (case.call, how, case.n, "+" * case.all)]
    run, lines = run_strace(server, case.scenario, what, case.error, case.call)
    run.story = next((line for line in lines if "(INJECTED)" in line), None)
    return run


# By alloc.so


def run_alloc(server, scenario, n, rest):
    folder, before, command, stdin = server.place(scenario)
    notes = folder + ".notes"
    env = {"LD_PRELOAD": server.alloc, "INJECT_FILE": notes, "INJECT_AT": str(n), "INJECT_ALL": str(int(rest))}
    result = execute(server.wrap + command, stdin, env, folder)
    if result[0] == 99:
        result = (99, "valgrind", *result[2:])
    with open(notes, "rb") as f:
        data = f.read()
    os.remove(notes)
    count, failed, nfirst = struct.unpack_from("3Q", data)
    run = finish(scenario, folder, before, result, "ENOMEM", "alloc")
    run.story = data[-STORY:].split(b"\0")[0].decode() if failed else None
    return run, struct.unpack_from("%dQ" % nfirst, data, 24)


def alloc_cases(server, scenario):
    """The first allocation of each place in the program; every other one also with all that follow."""
    firsts = run_alloc(server, scenario, 0, False)[1]
    for i, n in enumerate(firsts[:: scenario["stride"]]):
        yield Case(scenario, "alloc", "ENOMEM", n, False)
        if i % 2 == 0:
            yield Case(scenario, "alloc", "ENOMEM", n, True)


def try_alloc(server, case):
    return run_alloc(server, case.scenario, case.n, case.all)[0]


# All of it


class Table:
    def __init__(self):
        self.rows, self.bad = collections.defaultdict(collections.Counter), []

    def add(self, case, run, fault, why):
        row = self.rows[case.call]
        row["tried" if run.story else "missed"] += 1
        if fault:
            row[fault] += 1
            self.bad.append("%s: %s: %s\n    %s\n    %s" % (fault, text_of(case), why, run.story, run.err.strip()[-400:]))

    def show(self):
        faults = judge.FAULTS
        print("%-16s %6s" % ("call", "tried"), *("%7s" % f for f in faults))
        total = sum(self.rows.values(), collections.Counter())
        for name, row in sorted(self.rows.items()) + [("all", total)]:
            print("%-16s %6d" % (name, row["tried"]), *("%7d" % row[f] for f in faults))
        if total["missed"]:
            print("%d more runs did not come to the call that was to fail" % total["missed"])
        for line in self.bad:
            print("\n" + line)


def clean_run(server, scenario):
    """What it does where nothing fails; twice, for what varies must not count."""
    runs = [run_strace(server, scenario, [])[0] for _ in range(2)]
    for run in runs:
        run.outcomes = judge.outcomes(run)
        each = scenario["each"]
        if sorted(run.outcomes) != list(range(1, scenario["targets"] + 1)) or any(len(r) != each for r in run.outcomes.values()):
            sys.exit("%s: %s: %s %s" % (scenario["name"], run.outcomes, run.out, run.err))
    if runs[0].normal() != runs[1].normal():
        differ = [(a, b) for a, b in zip(runs[0].normal(), runs[1].normal()) if a != b]
        sys.exit("%s: two runs differ: %s" % (scenario["name"], differ))
    return runs[0]


def all_cases(server, scenario, options, strange):
    if not options.calls or set(options.calls) - {"alloc"}:
        yield from strace_cases(scenario, run_strace(server, scenario, [])[1], options, strange)
    if not options.calls or "alloc" in options.calls:
        yield from alloc_cases(server, scenario)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("-s", dest="scenarios", action="append", choices=[s["name"] for s in scenarios.SCENARIOS])
    p.add_argument("-c", dest="calls", action="append")
    p.add_argument("-j", dest="jobs", type=int, default=2)
    p.add_argument("-n", dest="most", type=int, default=8)
    p.add_argument("-e", dest="every", type=int, default=1)
    p.add_argument("-o", dest="offset", type=int, default=0)
    p.add_argument("-v", dest="verbose", action="store_true")
    p.add_argument("-a", dest="alloc")
    p.add_argument("-w", dest="valgrind", action="store_true")
    p.add_argument("build")
    options = p.parse_args()
    server, table, strange = Server(os.path.abspath(options.build), options.alloc, options.valgrind), Table(), set()

    def one(case, clean):
        run = (try_alloc if case.call == "alloc" else try_strace)(server, case)
        run.all = case.all
        fault, why = judge.judge(run, clean) if run.story else (None, "")
        return case, run, fault, why

    try:
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for scenario in scenarios.SCENARIOS:
                if options.scenarios and scenario["name"] not in options.scenarios:
                    continue
                scenario["shown"] = server.shown(scenario)
                clean = clean_run(server, scenario)
                cases = list(all_cases(server, scenario, options, strange))[options.offset :: options.every]
                for result in pool.map(lambda case: one(case, clean), cases):
                    table.add(*result)
                    if options.verbose and result[2]:
                        print(table.bad[-1], file=sys.stderr)
                print("%s: %d runs, %d not ok so far" % (scenario["name"], len(cases), len(table.bad)), file=sys.stderr)
    finally:
        server.close()
    table.show()
    for call in sorted(strange):
        print("\ncalls.py does not say how %s can fail" % call)
    sys.exit(bool(table.bad or strange))


if __name__ == "__main__":
    main()
