"""What is to be said of one run of awget while something failed: judge() says it in a word of FAULTS, or None."""

import csv
import json
import os
import re

import calls

FAULTS = "hang crash status lost doubled torn wrong litter".split()

# What is never the same twice.
VARIES = re.compile(
    r'"timing":\{[^}]*\}|"time":"[^"]*"|"address":"[^"]*"|\d+(\.\d+)? (ms|seconds|s)\b|'
    r"\d{4}-\d\d-\d\d[T ][\d:.]+(Z| UTC)?|\d+\.\d+(e-?\d+)?|(?<=ok )\d+ - |^(dns|connect|tls|first byte|head|total) .*\d$|[\d,]+ a second|\?[0-9]+r|/tmp/\S*/inject-\w+", re.M)


# How it is said where not in the words of the system.
SENTENCES = {
    "EAGAIN": "is being written by another awget",
    "EADDRNOTAVAIL": "no address to go there from",
    "ENOSYS": "entropy",
    "EMFILE": "no descriptor",
    "ENOBUFS": "no memory for a connection",
}


class Run:
    """What a run has left: status, out (the results), stdout, err, the files of its folder; error is what was injected."""

    def __init__(self, scenario, status, signal, hung, stdout, err, folder, before, error, call, message):
        self.before, self.story = before, "" # story: what failed
        self.scenario, self.status, self.signal, self.hung = scenario, status, signal, hung
        self.stdout, self.err, self.error, self.call, self.message = stdout, err, error, call, message
        self.files = {}
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as f:
                self.files[name] = f.read().decode("utf-8", "replace")
        self.out = self.files.get(scenario["out"], "") if scenario["out"] else stdout

    def normal(self):
        """All that was said, without what varies and without order."""
        texts = [self.stdout, self.err, self.out]
        return [sorted(VARIES.sub("~", t).split("\n")) for t in texts]


class Torn(Exception):
    pass


def outcomes_json(run):
    found = {}
    for line in run.out.split("\n")[:-1]:
        try:
            o = json.loads(line)
            e = o["error"]
            found.setdefault(o["n"], []).append(
                (str(o["status"]) if e is None else e["kind"], e and e["message"], bool(e and e["local"])))
        except (ValueError, KeyError, TypeError):
            raise Torn(line)
    return found


def outcomes_csv(run):
    found = {}
    for row in csv.reader(run.out.splitlines()):
        if row[:1] == ["n"]:
            continue
        if len(row) < 5 or not row[0].isdigit():
            raise Torn(",".join(row))
        found.setdefault(int(row[0]), []).append((row[3] or row[2], row[4] or None, row[3] == "local"))
    return found


def messages(run):
    """{target: [sentence]} of standard error; under None what is of no target."""
    found = {}
    for line in run.err.split("\n"):
        for target in run.scenario["shown"]:
            if line.startswith("awget: %s: " % target):
                found.setdefault(target, []).append(line[len(target) + 9 :])
                break
        else:
            if line:
                found.setdefault(None, []).append(line)
    return found


def outcomes_text(run):
    found, said = {}, messages(run)
    shown = run.scenario["shown"]
    for n, target in enumerate(shown, 1):
        # a check that does not hold is told behind an answer
        failed = [("failed", s, False) for s in said.get(target, []) if not re.match("(check|warning)[ :]", s)]
        done = [("ok", None, False)] * run.out.count("Done %s.\n" % target)
        if run.scenario["reads"] == "quiet":
            done = [("ok", None, False)] * (not failed and run.out.count("%s header > HTTP/" % target))
        if run.scenario["reads"] == "raw":
            done = [("ok", None, False)] * run.out.count("\r\n\r\n")
        if run.scenario["reads"] == "none": # nothing tells of those that answered
            done = [] if failed else [("ok", None, False)]
        found[n] = done + failed
    for line in run.out.split("\n") if run.scenario["reads"] in ("text", "quiet") else []:
        if line and not any(line.startswith((t + " header > ", "wget %s..." % t, "Done %s." % t)) for t in shown):
            raise Torn(line)
    return found


def outcomes(run):
    if run.out and not run.out.endswith("\n"):
        raise Torn(run.out[-60:])
    return {"json": outcomes_json, "csv": outcomes_csv}.get(run.scenario["reads"], outcomes_text)(run)


def names_cause(run, kind, sentence, local):
    """Is this the sentence for what was injected?"""
    text = sentence or ""
    if "the one that starts them has died" in text: # which has told the reason itself
        return True
    if "cannot load a part of awget" in text: # the rest of it is the dynamic linker's
        return True
    if run.message.lower() in text.lower() or kind in calls.KINDS.get(run.error, ()):
        return True
    if run.error == "ECONNREFUSED" and "no DNS server can be reached" in text:
        return True
    if run.error in SENTENCES and SENTENCES[run.error] in text:
        return True
    if run.call == "epoll_ctl" and "can watch no more" in text:
        return True
    if run.error == "ENOMEM":
        return "memory" in text
    if run.call == "readlink": # its files are looked for where they would be installed
        return True
    return local and len(text) > 10


def said(run, clean):
    """What standard error has that the clean run's has not."""
    before = VARIES.sub("~", clean.err).split("\n")
    return [line for line in run.err.split("\n") if line and VARIES.sub("~", line) not in before]


def judge_failed(run, clean, outcome):
    """Targets that became of in another way. A fault and how many there are that have failed."""
    for n, was in clean.outcomes.items():
        for is_ in outcome.get(n, []):
            kind, sentence, local = is_
            if is_[0] in [w[0] for w in was]:
                continue
            if not names_cause(run, kind, sentence, local):
                return "wrong", "target %d: %s: %s" % (n, kind, sentence)
    return None, ""


def judge_trouble(run, clean):
    """Status 3 or 4: it is told why."""
    new = said(run, clean)
    if run.status >= 3 and run.call == "write" and (run.all or run.story.startswith("write(2,")): # it has no words
        return None, ""
    if run.status == 127 and new == ["out of memory"]: # the dynamic linker ends like this
        return None, ""
    if not any(line.startswith("awget: ") and names_cause(run, "", line, False) for line in new):
        return "wrong", "status %d: %s" % (run.status, " / ".join(new) or "not a word")
    return None, ""


def judge_whole(run, clean):
    """All has an outcome, and the status tells of it."""
    outcome = run.outcomes
    if run.error == "EPIPE" and run.story.startswith("write(2,") and run.status == clean.status:
        return None, "" # nobody reads what is said
    for n, was in clean.outcomes.items():
        if len(outcome.get(n, [])) < len(was) and not any(k != "ok" and not k.isdigit() for k, _, _ in outcome.get(n, [])):
            return "status" if run.status == 0 else "lost", "target %d" % n
    fault, why = judge_failed(run, clean, outcome)
    if fault:
        return fault, why
    failed = any(k != "ok" and not k.isdigit() for rows in outcome.values() for k, _, _ in rows)
    if run.status != clean.status and not (failed and run.status == 2):
        return "status", "is %d, not %d" % (run.status, clean.status)
    if failed and run.status == 0:
        return "status", "is 0, though a target has failed"
    for name, word in run.scenario["whole"].items():
        text = run.files.get(name, "")
        if word not in text or any(t not in text for t in run.scenario["shown"]):
            return "lost", "%s is not there or not whole, and the status is %d" % (name, run.status)
    if not failed and not said(run, clean) and run.normal()[::2] != clean.normal()[::2]:
        return "status", "it is silent, but the output is another"
    return None, ""


def judge(run, clean):
    """(fault, why): fault is None where all is as it should be."""
    if run.hung:
        return "hang", ""
    if run.signal and not (run.signal == "SIGPIPE" and run.error == "EPIPE" and run.call == "write"):
        return "crash", "%s: %s" % (run.signal, run.err[-300:].strip())
    if run.signal:
        return None, ""
    if run.status >= 3 and run.scenario["out"] and run.out == run.before.get(run.scenario["out"]):
        run.out = "" # what was there is as it was
    try:
        run.outcomes = outcomes(run)
    except Torn as e:
        return "torn", str(e)
    for n, rows in run.outcomes.items():
        if n not in clean.outcomes or len(rows) > max(len(clean.outcomes[n]), 1):
            return "doubled", "target %s: %s" % (n, rows)
    litter = [f for f in run.files if f not in clean.files]
    if litter and not (run.call == "unlink"):
        return "litter", " ".join(litter)
    if run.normal() == clean.normal() and run.status == clean.status:
        return None, ""
    return judge_trouble(run, clean) if run.status >= 3 and run.status != clean.status else judge_whole(run, clean)
