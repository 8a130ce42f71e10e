"""What -P 2 brings: https targets whose cost is the client's, by one process and by two; scripts/bench starts this.

The server, an nginx of one process, signs with a key that is cheap (P-256); the client verifies three intermediates that
were signed with keys that are dear (P-521), and no session is resumed. The two take turns, a ratio is one of the same
round, and both must have the same records.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

TARGETS, COUNT, PORT = 1500, 100, 9443
NGINX = """
daemon off; worker_processes 1; pid {tmp}/pid; error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
	access_log off;
	server {{
		listen 127.0.0.1:{port} ssl backlog=4096;
		ssl_certificate {tmp}/chain.pem; ssl_certificate_key {tmp}/leaf.key;
		ssl_session_cache off; ssl_session_tickets off; keepalive_timeout 0;
		location / {{ return 200 "ok\\n"; }}
	}}
}}
"""


def certify(tmp, name, curve, issuer, *extensions):
    """A key and its certificate by the issuer; without one, by itself."""
    key = ["-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-nodes", "-keyout", f"{tmp}/{name}.key"]
    by = ["-CA", f"{tmp}/{issuer}.pem", "-CAkey", f"{tmp}/{issuer}.key"] if issuer else []
    subprocess.run(["openssl", "req", "-x509", *key, *by, "-days", "30", "-subj", f"/CN={name}", "-out",
                    f"{tmp}/{name}.pem", *(w for e in extensions for w in ("-addext", e))],
                   check=True, stderr=subprocess.DEVNULL)


def make_chain(tmp):
    authority = "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"
    names = ["root", "one", "two", "three"]
    for name, issuer in zip(names, [None] + names):
        certify(tmp, name, "P-521", issuer, *authority)
    certify(tmp, "leaf", "P-256", "three", "basicConstraints=critical,CA:FALSE", "subjectAltName=IP:127.0.0.1")
    with open(f"{tmp}/chain.pem", "w", encoding="ascii") as chain:
        for name in "leaf", "three", "two", "one":
            with open(f"{tmp}/{name}.pem", encoding="ascii") as f:
                chain.write(f.read())


def serve(tmp):
    with open(f"{tmp}/nginx.conf", "w", encoding="ascii") as f:
        f.write(NGINX.format(tmp=tmp, port=PORT))
    server = subprocess.Popen(["nginx", "-p", tmp, "-c", f"{tmp}/nginx.conf"], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    if server.poll() is not None:
        sys.exit("scripts/bench: nginx does not start")
    return server


def run(args, tmp, processes):
    """Seconds, and the records in the order of their targets."""
    began = time.monotonic()
    out = subprocess.run([args.awget, "-P", str(processes), "-w", "%{target} %{status}\\n", "-c",
                          str(COUNT), "--cacert", f"{tmp}/root.pem", "-i", f"{tmp}/list"], check=True,
                         stdout=subprocess.PIPE, text=True).stdout
    return time.monotonic() - began, sorted(out.splitlines())


def measure(args, tmp):
    """Fetches a second by one and by two, and their ratio."""
    (one, records), (two, same) = run(args, tmp, 1), run(args, tmp, 2)
    if records != same or len(records) != TARGETS:
        sys.exit("scripts/bench: the records are not the same")
    return TARGETS / one, TARGETS / two, one / two


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench --processes", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--awget", required=True, help=argparse.SUPPRESS)
    args = parser.parse_args()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as tmp:
        os.chmod(tmp, 0o755)
        make_chain(tmp)
        with open(f"{tmp}/list", "w", encoding="ascii") as f:
            f.writelines(f"https://127.0.0.1:{PORT}/{i}\n" for i in range(TARGETS))
        server = serve(tmp)
        try:
            rounds = [measure(args, tmp) for _ in range(args.rounds)]
        finally:
            server.terminate()
            server.wait()
    one, two, ratio = (statistics.median(column) for column in zip(*rounds))
    print(f"{TARGETS} https targets, {COUNT} at once, medians of {args.rounds} rounds; the records are the same\n")
    print("| | fetches a second | by -P 1 |\n|---|--:|--:|")
    print(f"| awget -P 1 | {one:.0f} | 1 |\n| awget -P 2 | {two:.0f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
