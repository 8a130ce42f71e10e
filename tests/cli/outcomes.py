#!/usr/bin/python3
"""What became of each target: holds awget's output against a table.

    outcomes.py json TABLE OUT
    outcomes.py text TABLE OUT ERR

A line of TABLE is a target, a tab, and what is expected: a status ("200"), or a kind of error with its phase
("reset/headers", "input/-"); "|" stands between alternatives. Every target must have exactly one outcome, and what was
printed must be fit for a terminal. For json, each line must be an object with all keys, in UTF-8.
"""

import collections
import json
import re
import sys

KEYS = """schema n target tag url address port http_version status reason headers hops tls proxy attempts timing time
checks error""".split()
KINDS = """input dns-nxdomain dns-nodata dns-servfail dns-timeout connect-refused connect-timeout unreachable reset
tls-handshake tls-verify timeout closed not-http header-too-large redirect-loop proxy excluded interrupted local""".split()
PHASES = [None, "dns", "connect", "tls", "send", "wait", "headers"]
RAW = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
problems = []


def problem(*what):
    problems.append(" ".join(map(str, what)))


def table(path):
    # a target may hold anything but a tab and a line end
    rows = [line.split(b"\t") for line in open(path, "rb").read().split(b"\n") if line]
    return [(target, want.decode().split("|")) for target, want in rows]


def text_of(path):
    data = open(path, "rb").read()
    text = data.decode("utf-8", "strict")
    bad = RAW.search(text)
    if bad:
        problem(path, "has a raw control byte:", repr(text[max(0, bad.start() - 60) : bad.end() + 20]))
    if text and not text.endswith("\n"):
        problem(path, "ends inside a line")
    return text


def in_json(target):
    """As JSON shows it: a string that is not UTF-8 maps each byte to U+00XX."""
    try:
        return target.decode()
    except UnicodeDecodeError:
        return target.decode("latin-1")


def shown(target):
    """As text shows it."""
    text = target.decode("utf-8", "surrogateescape")
    out = ""
    for c in text:
        n = ord(c)
        if n >= 0xDC80 and n <= 0xDCFF:
            out += "\\x%02x" % (n - 0xDC00)
        elif RAW.match(c) or c == "\n":
            out += "".join("\\x%02x" % b for b in c.encode())
        else:
            out += c
    return out


def outcome(o):
    e = o["error"]
    if e is None:
        return str(o["status"])
    if e["kind"] not in KINDS or e["phase"] not in PHASES or not e["message"] or e["local"] not in (True, False):
        problem("a strange error", e)
    return "%s/%s" % (e["kind"], e["phase"] or "-")


def check_json(rows, out):
    seen = collections.Counter()
    for line in text_of(out).split("\n")[:-1]:
        o = json.loads(line)
        if list(o) != KEYS:
            problem("other keys:", line[:200])
        n = o["n"]
        seen[n] += 1
        if not 1 <= n <= len(rows):
            problem("target number", n)
            continue
        target, want = rows[n - 1]
        if o["target"] != in_json(target):
            problem("target", n, "is", repr(o["target"]), "not", repr(in_json(target)))
        got = outcome(o)
        if got not in want:
            problem(o["target"][:100], "is", got, "not", " or ".join(want), (o["error"] or {}).get("message", ""))
    for n, (target, _) in enumerate(rows, 1):
        if seen[n] != 1:
            problem(shown(target)[:100], "has", seen[n], "outcomes")


def check_text(rows, out, err):
    began, done, failed = collections.Counter(), collections.Counter(), collections.Counter()
    names = [shown(target) for target, _ in rows]
    known = set(names)
    # a message shows the beginning of a long one
    in_errors = {shown(t) if len(t) <= 200 else shown(t[:200]) + "...": name for (t, _), name in zip(rows, names)}
    in_errors = sorted(in_errors.items(), key=lambda item: -len(item[0]))
    for line in text_of(out).split("\n")[:-1]:
        m = re.fullmatch(r"wget (.*)\.\.\.|Done (.*)\.|(.*?) header > .*", line)
        name = m and next(g for g in m.groups() if g is not None)
        if name not in known:
            problem("whose line is this?", line[:200])
        elif m.group(1) is not None:
            began[name] += 1
        elif m.group(2) is not None:
            done[name] += 1
    for line in text_of(err).split("\n")[:-1]:
        if line.startswith("awget: warning: "):
            continue
        prefix, name = next((i for i in in_errors if line.startswith("awget: %s: " % i[0])), (None, None))
        if name is None:
            problem("whose error is this?", line[:200])
        elif len(line) < len(prefix) + 15:
            problem("no sentence:", line)
        else:
            failed[name] += 1
    for name, (_, want) in zip(names, rows):
        ok = any(w.isdigit() for w in want)
        bad = any(not w.isdigit() for w in want)
        of = names.count(name)
        if began[name] != of or done[name] + failed[name] != of or (done[name] and not ok) or (failed[name] and not bad):
            problem(name[:100], "began", began[name], "done", done[name], "failed", failed[name], "expected", want)


def main():
    rows = table(sys.argv[2])
    if sys.argv[1] == "json":
        check_json(rows, sys.argv[3])
    else:
        check_text(rows, sys.argv[3], sys.argv[4])
    for p in problems[:40]:
        print(p, file=sys.stderr)
    sys.exit(bool(problems))


main()
