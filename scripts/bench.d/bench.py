"""awget beside other programs that fetch heads, on loopback; scripts/bench builds them and starts this.

All programs run once in each round, one after another, so that a machine whose speed drifts is fair to all of them: a
ratio is taken within a round, and the median of the rounds' ratios is printed. The origin has one processor and the
client another.
"""
import argparse
import math
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
COUNT = 1000  # targets in flight at most
CLIENTS = {
    "floor": "{bench}/floor {count} {list} {server}",
    "awget": "{awget} -q -c {count} -i {list}",
    "curl -Z": "curl -q -s --http1.0 -D - -Z --parallel-max 300 -K {config}",
    "asyncio": "{python} {here}/tutorial.py {list}",
}
TLS_CLIENTS = {
    "handshake": "{bench}/handshake {count} {list} {ca} 127.0.0.1",
    "awget": "{awget} -q -c {count} --cacert {ca} --resolve *:443:127.0.0.1 -i {urls}",
    "curl -Z": "curl -q -s --http1.0 -D - -Z --parallel-max 300 --cacert {ca} --resolve *:443:127.0.0.1 -K {config}",
}
# One host by the system's trust anchors, which is what a command line without --cacert does.
TLS_START = {
    "awget": "{awget} -q --resolve *:443:127.0.0.1 https://h1.bench.test",
    "curl": "curl -q -s --http1.0 -o /dev/null -D - --resolve *:443:127.0.0.1 https://h1.bench.test",
}
ALL_AT_ONCE = 10000  # asyncio has no limit: more than this many targets are not asked of it


class Scenario:
    def __init__(self, title, n, names=False, count=COUNT, delay=0):
        self.title, self.n, self.names, self.count, self.delay = title, n, names, count, delay

    def runs(self, client):
        if client == "curl -Z" and self.delay:
            return False  # it holds 300 at most
        return client != "asyncio" or self.n <= ALL_AT_ONCE


TABLE = [
    Scenario("10,000 targets by address, 1,000 at once", 10000),
    Scenario("10,000 targets by name, 1,000 at once", 10000, names=True),
    Scenario("10,000 targets that answer after 2 s, all at once", 10000, count=10000, delay=2000),
]
TLS_TABLE = [Scenario("10,000 targets by https, 1,000 at once", 10000)]
STARTS = 20
PLOT = [Scenario(f"{n:,} targets by address", n) for n in (100, 1000, 10000, 100000)]


def namespace():
    """Loopback alone, with room for many short connections, and names from our own server."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    # Without an address that is not loopback, getaddrinfo would ask for none.
    subprocess.run(["ip", "addr", "add", "10.255.255.1/32", "dev", "lo"], check=True)
    for name, value in {"net/core/somaxconn": "65535", "net/ipv4/tcp_max_syn_backlog": "65536",
                        "net/ipv4/ip_local_port_range": "1024 65535", "net/ipv4/tcp_max_tw_buckets": "1000"}.items():
        with open(f"/proc/sys/{name}", "w", encoding="ascii") as f:
            f.write(value)
    resource.setrlimit(resource.RLIMIT_NOFILE, (20000, 20000))


class Bench:
    clients, reference = CLIENTS, "floor"

    def __init__(self, args, scratch):
        self.args, self.scratch = args, scratch
        self.own_file("/etc/resolv.conf", "nameserver 127.0.0.1\n")
        self.own_file("/etc/nsswitch.conf", "hosts: files dns\n")
        cpus = sorted(os.sched_getaffinity(0))
        self.server_cpu, self.client_cpu = cpus[0], cpus[-1]

    def path(self, name):
        return os.path.join(self.scratch, name)

    def own_file(self, target, text):
        with open(self.path(os.path.basename(target)), "w", encoding="ascii") as f:
            f.write(text)
        subprocess.run(["mount", "--bind", f.name, target], check=True)

    def pinned(self, cpu):
        return lambda: os.sched_setaffinity(0, {cpu})

    def serve(self, delay):
        server = subprocess.Popen([f"{self.args.bench}/server", str(delay)], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, preexec_fn=self.pinned(self.server_cpu))
        if server.stdout.readline() != b"ready\n":
            sys.exit("the server did not start")
        return server

    def write_lists(self, s):
        with open(self.path("list"), "w", encoding="ascii") as f, open(self.path("config"), "w", encoding="ascii") as g:
            for i in range(s.n):
                x = 0x7f010000 + i
                host = f"h{i}.test" if s.names else f"127.{x >> 16 & 255}.{x >> 8 & 255}.{x & 255}"
                f.write(f"{host}\n")
                g.write(f'url = "http://{host}/"\noutput = "/dev/null"\n')

    def words(self, command, s):
        return command.format(bench=self.args.bench, awget=self.args.awget, here=HERE, python=sys.executable,
                              list=self.path("list"), urls=self.path("urls"), config=self.path("config"),
                              ca=self.path("ca"), count=s.count, server="127.0.0.1" if s.names else "").split()

    def once(self, client, s):
        """What one run took: wall seconds, CPU microseconds a fetch, peak KB."""
        return self.measure(self.clients[client], s)

    def measure(self, command, s):
        with open(self.path("out"), "w+b") as out:
            p = subprocess.run([f"{self.args.bench}/measure", *self.words(command, s)], stdin=subprocess.DEVNULL, stdout=out,
                               stderr=subprocess.PIPE, preexec_fn=self.pinned(self.client_cpu), check=False)
            out.seek(0)
            heads = len(re.findall(rb"HTTP/1\.[01] 200", out.read()))
        measured = re.search(rb"measured (\S+) (\S+) (\d+)\n", p.stderr)
        if p.returncode != 0 or heads != s.n or not measured:
            sys.exit(f"{command} fetched {heads} of {s.n}, status {p.returncode}: {p.stderr[-300:].decode()}")
        wall, cpu, peak = (float(x) for x in measured.groups())
        return {"wall": wall, "cpu": cpu * 1e6 / s.n, "peak": peak}

    def run(self, s):
        """The rounds of a scenario: for each client the list of what its runs took."""
        clients = [c for c in self.clients if s.runs(c)]
        rounds = {c: [] for c in clients}
        self.write_lists(s)
        server = self.serve(s.delay)
        self.once(self.reference, s)  # warms up
        for i in range(self.args.rounds):
            print(f"{s.title}: round {i + 1} of {self.args.rounds}", file=sys.stderr)
            for c in clients[i % len(clients):] + clients[:i % len(clients)]:
                rounds[c].append(self.once(c, s))
        self.more(rounds)
        server.stdin.close()
        server.wait()
        return rounds

    def more(self, rounds):
        """What else is measured while the server is there."""


class TlsBench(Bench):
    """awserve is the origin: one certificate for all hosts, TLS 1.3, by ECDSA."""
    clients, reference = TLS_CLIENTS, "handshake"

    def serve(self, delay):
        server = subprocess.Popen([os.path.join(os.path.dirname(self.args.awget), "awserve"), "--until-eof", "-s", "443",
                                   "--ca-out", self.path("ca")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  preexec_fn=self.pinned(self.server_cpu))
        while server.stdout.readline() not in (b"ready\n", b""):
            pass
        return server

    def write_lists(self, s):
        with open(self.path("list"), "w", encoding="ascii") as f, open(self.path("urls"), "w", encoding="ascii") as g, \
                open(self.path("config"), "w", encoding="ascii") as h:
            for i in range(s.n):
                f.write(f"h{i}.bench.test\n")
                g.write(f"https://h{i}.bench.test\n")
                h.write(f'url = "https://h{i}.bench.test/"\noutput = "/dev/null"\n')

    def trust(self):
        """The system's trust anchors are from now on its own and our CA, as a folder by hashes and as one file."""
        certs, bundle = self.path("certs"), "/etc/ssl/certs/ca-certificates.crt"
        subprocess.run(["cp", "-a", "/etc/ssl/certs", certs], check=True)
        with open(self.path("ca"), encoding="ascii") as f:
            ca = f.read()
        digest = subprocess.run(["openssl", "x509", "-noout", "-hash", "-in", self.path("ca")], check=True,
                                stdout=subprocess.PIPE, text=True).stdout.strip()
        with open(f"{certs}/{digest}.0", "w", encoding="ascii") as f:
            f.write(ca)
        with open(f"{certs}/{os.path.basename(bundle)}", "a", encoding="ascii") as f:
            f.write(ca)
        subprocess.run(["mount", "--bind", certs, "/etc/ssl/certs"], check=True)
        for name in "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE":
            os.environ.pop(name, None)

    def more(self, rounds):
        self.trust()
        one = Scenario("", 1)
        self.starts = {c: [] for c in TLS_START}
        for _ in range(STARTS):
            for c, command in TLS_START.items():
                self.starts[c].append(self.measure(command, one))

    def print_starts(self):
        print("\nOne host by https, from start to exit:\n\n| | wall ms | awget / it |\n|---|--:|--:|")
        for c, r in self.starts.items():
            print(f"| {c} | {median(r, 'wall') * 1e3:.1f} | {ratio(self.starts['awget'], r, 'wall'):.2f} |")


def median(rounds, key):
    return statistics.median(r[key] for r in rounds)


def ratio(a, b, key):
    return statistics.median(x[key] / y[key] for x, y in zip(a, b))


def print_table(s, rounds, reference):
    print(f"\n{s.title}:\n")
    print(f"| | CPU µs a fetch | × {reference} | awget / it | wall s | × {reference} | peak MB |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for c, r in rounds.items():
        print(f"| {c} | {median(r, 'cpu'):.1f} | {ratio(r, rounds[reference], 'cpu'):.2f} "
              f"| {ratio(rounds['awget'], r, 'cpu'):.2f} | {median(r, 'wall'):.3f} "
              f"| {ratio(r, rounds[reference], 'wall'):.2f} | {median(r, 'peak') / 1024:.1f} |")


STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.grid { stroke: #8b949e; stroke-opacity: .3 }
.line { fill: none; stroke-width: 2 }
.c0 { stroke: #57606a } .c1 { stroke: #0969da } .c2 { stroke: #bc4c00 } .c3 { stroke: #8250df }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.c0 { stroke: #b1bac4 } .c1 { stroke: #58a6ff } .c2 { stroke: #f0883e } .c3 { stroke: #bc8cff }
}
"""


def plot(path, points):
    """One line a client: microseconds of CPU a fetch over the number of targets, both growing by factors."""
    left, right, top, bottom = 60, 560, 40, 330
    values = [us for line in points.values() for _, us in line]
    ticks = [m * 10 ** e for e in range(6) for m in (1, 2, 5)]
    low, high = max(t for t in ticks if t <= min(values)), min(t for t in ticks if t >= max(values))

    def x(n):
        return left + (math.log10(n) - 2) / 3 * (right - left)

    def y(us):
        return bottom - math.log(us / low) / math.log(high / low) * (bottom - top)
    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 380" width="640" height="380" role="img">'
           f"<title>CPU a fetch over the number of targets</title><style>{STYLE}</style>",
           f'<text x="{left}" y="20">CPU µs a fetch, targets by address on loopback</text>']
    for t in ticks:
        if low <= t <= high:
            svg += [f'<path class="grid" d="M{left} {y(t):.1f}H{right}"/>',
                    f'<text x="{left - 8}" y="{y(t) + 4:.1f}" text-anchor="end">{t:,}</text>']
    svg += [f'<text x="{x(n):.1f}" y="{bottom + 20}" text-anchor="middle">{n:,}</text>' for n in (100, 1000, 10000, 100000)]
    svg += [f'<text x="{(left + right) / 2}" y="{bottom + 42}" text-anchor="middle">targets</text>']
    above = math.inf  # where the last label at the right edge is: no other lies on it
    for client, line in sorted(points.items(), key=lambda p: p[1][-1][1]):
        n, us = line[-1]
        d = "L".join(f"{x(n):.1f} {y(us):.1f}" for n, us in line)
        svg.append(f'<path class="line c{list(CLIENTS).index(client)}" d="M{d}"/>')
        if x(n) < right:
            svg.append(f'<text x="{x(n):.1f}" y="{y(us) - 8:.1f}" text-anchor="end">{client}</text>')
        else:
            above = min(y(us) + 4, above - 15)
            svg.append(f'<text x="{x(n) + 8:.1f}" y="{above:.1f}">{client}</text>')
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(svg) + "\n</svg>\n")


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--plot", metavar="FILE.svg", help="draw cost against the number of targets, instead of the table")
    parser.add_argument("--tls", action="store_true", help="https: beside OpenSSL's calls alone, and curl")
    parser.add_argument("--awget", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--bench", required=True, help=argparse.SUPPRESS)
    args = parser.parse_args()
    namespace()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as scratch:
        bench = (TlsBench if args.tls else Bench)(args, scratch)
        if args.tls:
            for s in TLS_TABLE:
                print_table(s, bench.run(s), bench.reference)
            bench.print_starts()
        elif args.plot:
            points = {}
            for s in PLOT:
                for c, r in bench.run(s).items():
                    points.setdefault(c, []).append((s.n, median(r, "cpu")))
            plot(args.plot, points)
        else:
            for s in TABLE:
                print_table(s, bench.run(s), bench.reference)


if __name__ == "__main__":
    main()
