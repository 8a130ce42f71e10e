#!/bin/bash
# awserve does over DNS what its table of labels says.
. "${0%/*}/lib.sh"
costly

need python3
serve --dns-delay 150 --ipv4
LATE_PORT=$DNS_PORT
serve
export LATE_PORT DNS_PORT V6

cat >"$tmp/dns.py" <<'END'
import os, re, socket, struct, subprocess, time

PORT = int(os.environ["DNS_PORT"])
TYPES = {"A": 1, "NS": 2, "CNAME": 5, "MX": 15, "TXT": 16, "AAAA": 28, "ANY": 255}
WORD = {v: k for k, v in TYPES.items()}
tested = set()


def question(name, kind="A", id=0x1234, flags=0x0100, tail=b""):
    for label in name.split("."):
        tested.add(label)
    labels = b"".join(bytes([len(x)]) + x.encode("latin-1") for x in name.split(".") if x)
    counts = (1, 0, 0, 1 if tail else 0)
    return struct.pack(">6H", id, flags, *counts) + labels + b"\0" + struct.pack(">2H", TYPES[kind], 1) + tail


def read_name(m, at):
    out, end, jumps = [], None, 0
    while m[at]:
        if m[at] >= 0xC0:
            end = end or at + 2
            at = (m[at] & 0x3F) << 8 | m[at + 1]
            jumps += 1
            assert jumps < 20, "pointer loop"
            continue
        assert m[at] < 64
        out.append(m[at + 1 : at + 1 + m[at]])
        assert len(out[-1]) == m[at]
        at += 1 + m[at]
    return ".".join(x.decode("latin-1") for x in out), end or at + 1


def understand(m):
    """rcode, TC, and the records as text; an exception if m is malformed."""
    id, flags, qd, an, ns, ar = struct.unpack(">6H", m[:12])
    assert flags & 0x8000 and flags & 0x0080 and ar == 0
    at, records = 12, []
    for _ in range(qd):
        at = read_name(m, at)[1] + 4
    for _ in range(an + ns):
        owner, at = read_name(m, at)
        kind, cls, ttl, n = struct.unpack(">HHIH", m[at : at + 10])
        at += 10
        data = m[at : at + n]
        assert len(data) == n and cls == 1
        if kind == 1:
            text = socket.inet_ntop(socket.AF_INET, data)
        elif kind == 28:
            text = socket.inet_ntop(socket.AF_INET6, data)
        else:
            text, end = read_name(m, at)
            assert end == at + n
        at += n
        records.append("%s %s %s" % (owner, WORD[kind], text))
    assert at == len(m), "bytes left over"
    return flags & 15, bool(flags & 0x0200), records


SOON, SHORT = 20, 0.15  # seconds: by then an answer has come; silence is believed after that


def udp(message, wait=SOON, port=PORT, family=socket.AF_INET):
    """The first datagram that comes back, None for silence."""
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.settimeout(wait)
        s.sendto(message, ("127.0.0.1" if family == socket.AF_INET else "::1", port))
        try:
            return s.recv(65536)
        except socket.timeout:
            return None


def udp_twice(message):
    """Two datagrams that come back, with the ports that they come from."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(SOON)
        s.sendto(message, ("127.0.0.1", PORT))
        return [(m, a[1]) for m, a in (s.recvfrom(65536), s.recvfrom(65536))]


def connect():
    return socket.create_connection(("127.0.0.1", PORT), SOON)


def tcp(message, wait=SOON, s=None):
    """The answer over TCP: bytes, None for silence, b"" for a closed connection."""
    s = s or connect()
    s.settimeout(wait)
    s.sendall(struct.pack(">H", len(message)) + message)
    try:
        n = s.recv(2, socket.MSG_WAITALL)
        return s.recv(struct.unpack(">H", n)[0], socket.MSG_WAITALL) if n else b""
    except socket.timeout:
        return None


def same(what, got, want):
    assert got == want, "%s: %r, not %r" % (what, got, want)


def check(name, a, aaaa, rcode=0):
    """What a name has, over UDP and over TCP. Records are written without their owner if that is the name."""
    for kind, want in ("A", a), ("AAAA", aaaa):
        want = [w if w.count(" ") == 2 else "%s %s %s" % (name, kind, w) for w in want]
        for how in udp, tcp:
            same((name, kind, how), understand(how(question(name, kind))), (rcode, False, want))


LIVE = ["127.0.0.1"]
LIVE6 = ["::1"] if os.environ["V6"] else []
MAPPED = "::ffff:"

# any name, and the names of things
check("a.test", LIVE, LIVE6)
check("x", LIVE, LIVE6)
check("A.Long.Name.With.Several.Labels.example", LIVE, LIVE6)
check("nxdomain.test", [], [], 3)
check("www.NXDomain.test", [], [], 3)
check("servfail.test", [], [], 2)
check("refused.test", [], [], 5)
check("rcode-1.test", [], [], 1)
check("rcode.test", [], [], 4)
check("nodata.test", [], [])
check("v4only.test", LIVE, [])
check("v6only.test", [], LIVE6)
check("ip-127-1-2-3.test", ["127.1.2.3"], [])
check("ip-127-1-2.test", LIVE, LIVE6)
check("early.test", ["127.0.0.2"], [])
check("rst.test", ["127.0.0.3"], [])
check("blackhole.test", ["127.0.0.4"], [MAPPED + "127.0.0.4"])
check("blackhole4.test", ["127.0.0.4"], LIVE6)
check("blackhole6.test", LIVE, [MAPPED + "127.0.0.4"])
check("blackhole-first.test", ["127.0.0.4"] + LIVE, [MAPPED + "127.0.0.4"] + LIVE6)
check("dead.test", ["127.0.9.1"], [MAPPED + "127.0.9.1"])
check("dead-2.test", ["127.0.9.1", "127.0.9.2"], [MAPPED + "127.0.9.1", MAPPED + "127.0.9.2"])
check("dead4.test", ["127.0.9.1"], LIVE6)
check("dead6.test", LIVE, [MAPPED + "127.0.9.1"])
check("backends.test", ["127.0.1.1", "127.0.1.2", "127.0.1.3", "127.0.1.4"], [])
check("backends-2.dead-first.test", ["127.0.9.1", "127.0.1.1", "127.0.1.2"], [MAPPED + "127.0.9.1"])
check("backends-9.test", ["127.0.1.%d" % n for n in range(1, 9)], [])
check("dead-first.test", ["127.0.9.1"] + LIVE, [MAPPED + "127.0.9.1"] + LIVE6)
check("dead-first-2.test", ["127.0.9.1", "127.0.9.2"] + LIVE, [MAPPED + "127.0.9.1", MAPPED + "127.0.9.2"] + LIVE6)
check("many-3.test", LIVE + ["127.1.0.2", "127.1.0.3"], LIVE6 + [MAPPED + "127.1.0.2", MAPPED + "127.1.0.3"])
same("many", len(understand(tcp(question("many.test")))[2]), 10)
check("referral.test", ["test NS ns.test"], ["test NS ns.test"])
same("a family's fault", understand(udp(question("servfail4.test", "A"))), (2, False, []))
same("a family's fault", understand(udp(question("servfail6.test", "AAAA"))), (2, False, []))
check("servfail4.servfail6.test", [], [], 2)
same("the other family", understand(udp(question("servfail6.test", "A"))), (0, False, ["servfail6.test A 127.0.0.1"]))

# aliases
for name, n in ("cname.test", 1), ("cname-5.test", 5):
    chain = [name] + ["alias%d.test" % i for i in range(1, n + 1)]
    aliases = ["%s CNAME %s" % pair for pair in zip(chain, chain[1:])]
    check(name, aliases + [chain[-1] + " A 127.0.0.1"], aliases + [chain[-1] + " AAAA " + a for a in LIVE6])
loop = ["loop.test CNAME circle.test", "circle.test CNAME loop.test"]
check("loop.test", loop, loop)
control = "\033[31mred\r\n\177\x9b\x01.test"
check("controlname.test", ["controlname.test CNAME " + control, control + " A 127.0.0.1"],
      ["controlname.test CNAME " + control] + [control + " AAAA " + a for a in LIVE6])

# other questions
for kind in "MX", "TXT", "NS", "CNAME":
    same(kind, understand(udp(question("a.test", kind))), (0, False, []))
same("ANY", understand(udp(question("a.test", "ANY"))), (0, False, ["a.test A 127.0.0.1"]))
if LIVE6:
    same("over IPv6", understand(udp(question("a.test"), family=socket.AF_INET6))[2], ["a.test A 127.0.0.1"])
same("id, RD, question", udp(question("a.test", id=7))[:4] + udp(question("a.test", id=7))[12:24],
     struct.pack(">2H", 7, 0x8180) + question("a.test")[12:24])
same("no RD", udp(question("a.test", flags=0))[2:4], struct.pack(">H", 0x8080))
same("opcode", understand(udp(question("a.test", flags=0x2000)[:12]))[0], 4)
same("no question", understand(udp(struct.pack(">6H", 9, 0x100, 0, 0, 0, 0)))[0], 1)
same("half a question", understand(udp(question("a.test")[:-3]))[0], 1)
same("a pointer", understand(udp(question("a.test")[:12] + b"\xc0\x0c\0\1\0\1"))[0], 1)
same("a long name", understand(udp(question(".".join(["x" * 63] * 4))))[0], 1)
same("class", understand(udp(question("a.test")[:-1] + b"\3"))[0], 5)
same("an answer", udp(question("a.test", flags=0x8000), SHORT), None)
same("less than a header", udp(b"\x12\x34\1\0\0\1", SHORT), None)
same("nothing", udp(b"", SHORT), None)

# silence and time
for name in "noanswer.test", "www.noanswer.test":
    same(name, (udp(question(name), SHORT), udp(question(name, "AAAA"), SHORT), tcp(question(name), SHORT)), (None, None, None))
same("noanswer4", (udp(question("noanswer4.test"), SHORT), understand(udp(question("noanswer4.test", "AAAA")))[0]), (None, 0))
same("noanswer6", (udp(question("noanswer6.test", "AAAA"), SHORT), understand(udp(question("noanswer6.test")))[0]), (None, 0))
same("lost", [udp(question("lost-2.test"), wait) is None for wait in (SHORT, SHORT, SOON, SOON)], [True, True, False, False])
same("lost", [udp(question("lost.test"), wait) is None for wait in (SHORT, SOON)], [True, False])


def took(how, name, kind="A", **more):
    begin = time.monotonic()
    assert understand(how(question(name, kind), **more))[0] == 0
    return time.monotonic() - begin


def at_best(*args):
    return min(took(*args) for _ in range(5))


assert at_best(udp, "slow-200.test") >= 0.2
assert at_best(tcp, "slow-200.test") >= 0.2
assert at_best(udp, "slow-0.test") < 0.2
assert took(udp, "slow.test") >= 1
assert at_best(udp, "slow4-200.test") >= 0.2 > at_best(udp, "slow4-200.test", "AAAA")
assert at_best(udp, "slow6-200.test", "AAAA") >= 0.2 > at_best(udp, "slow6-200.test")
late = int(os.environ["LATE_PORT"])
assert took(udp, "a.test", port=late) >= 0.15
same("--ipv4", understand(udp(question("a.test", "AAAA"), port=late)), (0, False, []))

# truncation
for name in "truncated.test", "tcpsilent.test", "tcpgarbage.test", "tcpclose.test":
    same(name, understand(udp(question(name))), (0, True, []))
same("truncated", understand(tcp(question("truncated.test"))), (0, False, ["truncated.test A 127.0.0.1"]))
same("tcpsilent", tcp(question("tcpsilent.test"), SHORT), None)
same("tcpclose", tcp(question("tcpclose.test")), b"")
garbage = tcp(question("tcpgarbage.test"))
assert len(garbage) == 60 and garbage[:2] != b"\x12\x34"
same("too large", understand(udp(question("many-100.test"))), (0, True, []))
same("too large", len(understand(tcp(question("many-100.test")))[2]), 100)
edns = b"\0" + struct.pack(">HHIH", 41, 4096, 0, 0)
same("EDNS", len(understand(udp(question("many-100.test", tail=edns)))[2]), 100)
same("too large for TCP", understand(tcp(question("many-100000.test"))), (2, False, []))
same("the largest number", understand(tcp(question("cname-10000000.many-10000000.test"))), (2, False, []))
s = connect()
for name in "a.test", "b.test":
    same("one connection", understand(tcp(question(name), s=s))[2], [name + " A 127.0.0.1"])
s.send(b"\0\x20half")
s.close()

# decoys
right = ["%s A 127.0.0.1"]
for name, what in ("wrongid.test", "id"), ("wrongquestion.test", "question"), ("wrongport.test", "port"):
    (false, port1), (true, port2) = udp_twice(question(name))
    same(name, understand(true)[2], [name + " A 127.0.0.1"])
    records = understand(false)[2]
    assert len(records) == 1 and records[0].endswith(" A 127.0.9.66"), records
    differs = {"id": false[:2] != true[:2], "question": false[12:24] != true[12:24], "port": port1 != port2}
    same(name, [k for k in differs if differs[k]], [what])
    same(name + " over TCP", understand(tcp(question(name)))[2], [name + " A 127.0.0.1"])
    assert port2 == PORT
for name, size in ("empty.test", 0), ("tiny.test", 3):
    (false, _), (true, _) = udp_twice(question(name))
    same(name, (len(false), understand(true)[2]), (size, [name + " A 127.0.0.1"]))

# damage
for name in "garbage.test", "pointerloop.test", "badlength.test", "badcounts.test", "short.test":
    for how in udp, tcp:
        m = how(question(name))
        same(name, m[:2], b"\x12\x34")
        same(name, m[12 : 12 + len(name) + 2], question(name)[12 : 12 + len(name) + 2])
        try:
            understand(m)
        except (AssertionError, struct.error, IndexError, KeyError, ValueError):
            continue
        raise SystemExit(name + " is whole")
fuzzed = {udp(question("fuzz-%d.test" % i))[2:] for i in range(1000, 1050)}
assert len(fuzzed) > 45, len(fuzzed)
same("fuzz", udp(question("fuzz-7.test")), udp(question("fuzz-7.test")))
same("fuzz", udp(question("fuzz.test"))[:2], b"\x12\x34")

# several labels
check("dead-first.cname.test", ["dead-first.cname.test CNAME alias1.test", "alias1.test A 127.0.9.1", "alias1.test A 127.0.0.1"],
      ["dead-first.cname.test CNAME alias1.test", "alias1.test AAAA ::ffff:127.0.9.1"] + ["alias1.test AAAA " + a for a in LIVE6])
# almost labels
for name in "slow-x.test", "slow-.test", "nxdomain-1.test", "xnxdomain.test", "many-99999999999.test", "ip-.test", "ip-1-2-3-456.test":
    check(name, LIVE, LIVE6)

# each label was asked for
rows = subprocess.run(["awserve", "--list"], capture_output=True, text=True, check=True).stdout.split("for DNS:\n")[1].split("\n\n")[0]
for row in rows.splitlines():
    label = row.split()[0].replace("A-B-C-D", "N")
    assert any(re.fullmatch(label.replace("-N", "(-[0-9-]+)?"), x) for x in tested), "nobody tests " + label
END
RUN_WRAP='' run python3 "$tmp/dns.py"
expect_no_err
expect_status 0
