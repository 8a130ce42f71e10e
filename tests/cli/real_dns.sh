#!/bin/bash
# Names of every kind, told by knot, nsd and dnsmasq, by the system's configuration and by options: where they lead, and
# which error tells that they lead nowhere.
. "${0%/*}/net.sh"
slow
need nginx knotd nsd dnsmasq python3

zone real.test <<END
a A 127.0.0.10
aaaa AAAA fd00::10
both A 127.0.0.10
both AAAA fd00::10
several A 127.0.0.10
several A 127.0.0.11
several AAAA fd00::10
several AAAA fd00::11
first-dead A 127.0.9.1
first-dead A 127.0.9.2
first-dead A 127.0.0.10
v6-dead AAAA fd00::99
v6-dead A 127.0.0.10
v4-dead A 127.0.9.1
v4-dead AAAA fd00::10
all-dead A 127.0.9.1
all-dead AAAA fd00::99
chain CNAME chain2
chain2 CNAME chain3
chain3 CNAME chain4
chain4 CNAME chain5
chain5 CNAME both
alias-missing CNAME gone
alias-nodata CNAME nodata
alias-away CNAME www.away.test.
loop CNAME loop2
loop2 CNAME loop
short DNAME long
a.long A 127.0.0.10
*.wild A 127.0.0.10
nodata TXT "no address"
x.between A 127.0.0.10
away NS ns.away
ns.away A 127.0.0.99
a_b A 127.0.0.10
xn--bcher-kva A 127.0.0.10
$(printf %063d 0) A 127.0.0.10
$(printf 'large A 127.0.8.%d\n' {1..100})
large A 127.0.0.10
END
zone empty.test </dev/null
zone only-nsd.test <<<'a A 127.0.0.10'
start_knot 127.0.0.53@53,127.0.0.53@5300,fd00::53@5300 real.test empty.test broken.test
start_nsd 127.0.0.54@53,127.0.0.54@5300 real.test broken.test only-nsd.test
start_dnsmasq <<END
listen-address=127.0.0.55
server=/test/127.0.0.53
host-record=own.test,127.0.0.10,fd00::10
cname=own-alias.test,own.test
address=/own-missing.test/
address=/nowhere/
log-queries
END
start_nginx <<END
access_log off;
server {
	listen 127.0.0.10:80;
	listen 127.0.0.11:80;
	listen 127.0.0.12:80;
	listen [fd00::10]:80;
	listen [fd00::11]:80;
	add_header X-Address \$server_addr;
	return 200;
}
END

# What became of each target: how its name ended, or the address that was reached, as the origin has it too.
cat >"$tmp/ends.py" <<'END'
import json, sys

failed = False
for line in open(sys.argv[1]):
    r = json.loads(line)
    if r["error"]:
        failed = True
        end = r["error"]["kind"] + " " + r["error"]["phase"]
        assert not r["headers"] and r["status"] is None, r
    else:
        end = r["address"]
        said = [h["value"] for h in r["headers"] if h["name"] == "X-Address"]
        assert r["status"] == 200 and said == [end], r
        assert r["timing"]["dns"] is not None, r
    print(r["target"], end)
assert int(sys.argv[2]) == (2 if failed else 0), "status " + sys.argv[2]
END

# expect_ends OPTION...: standard input is target and end, a line each. One of several addresses is shown as 1x.
expect_ends()
{
	cat >"$tmp/ends"
	cut -d ' ' -f 1 "$tmp/ends" >"$tmp/targets"
	run awget --json "$@" -i "$tmp/targets"
	expect_no_err
	mv "$tmp/out" "$tmp/json"
	python3 "$tmp/ends.py" "$tmp/json" $status >"$tmp/out" 2>"$tmp/err"
	sed -i 's/^several.real.test fd00::1[01]$/several.real.test fd00::1x/' "$tmp/out"
	expect_no_err
	expect_out_sorted <"$tmp/ends"
}

cat >"$tmp/kinds" <<END
a.real.test 127.0.0.10
A.Real.TEST 127.0.0.10
a.real.test. 127.0.0.10
aaaa.real.test fd00::10
both.real.test fd00::10
several.real.test fd00::1x
first-dead.real.test 127.0.0.10
v6-dead.real.test 127.0.0.10
v4-dead.real.test fd00::10
all-dead.real.test connect-refused connect
chain.real.test fd00::10
alias-missing.real.test dns-nxdomain dns
alias-nodata.real.test dns-nodata dns
alias-away.real.test dns-nodata dns
loop.real.test dns-nodata dns
a.short.real.test 127.0.0.10
b.short.real.test dns-nxdomain dns
a.b.c.wild.real.test 127.0.0.10
nodata.real.test dns-nodata dns
between.real.test dns-nodata dns
x.between.real.test 127.0.0.10
x.away.real.test dns-nodata dns
a_b.real.test 127.0.0.10
xn--bcher-kva.real.test 127.0.0.10
$(printf %063d 0).real.test 127.0.0.10
large.real.test 127.0.0.10
missing.real.test dns-nxdomain dns
missing.missing.real.test dns-nxdomain dns
x.broken.test dns-servfail dns
refused.elsewhere dns-servfail dns
127.0.0.10 127.0.0.10
[fd00::10] fd00::10
END
for server in 127.0.0.53 127.0.0.54 127.0.0.55; do
	system resolv.conf <<<"nameserver $server"
	expect_ends <"$tmp/kinds"
done
system resolv.conf </dev/null
for server in 127.0.0.53:5300 [fd00::53]:5300 127.0.0.54:5300; do
	expect_ends --dns-servers $server <"$tmp/kinds"
done
expect_ends --dns-servers 127.0.0.55 <<END
own.test fd00::10
own-alias.test fd00::10
own-missing.test dns-nxdomain dns
END

# The sentences for people.
run awget -q --dns-servers 127.0.0.53 {missing,nodata,all-dead}.real.test x.broken.test refused.elsewhere
expect_status 2
expect_no_out
expect_err_sorted <<END
awget: missing.real.test: no such host name (NXDOMAIN)
awget: nodata.real.test: the name exists but has no address
awget: x.broken.test: the DNS server could not find out (SERVFAIL)
awget: refused.elsewhere: the DNS server refuses to answer (REFUSED)
awget: all-dead.real.test: cannot connect to [fd00::99]:80: Connection refused
END

# One family: nothing is asked of the other, and nothing at all where no server is needed.
asked()
{
	sed -nE 's/.*: (query\[[A-Z]+\] [^ ]*) from .*/\1/p' "$tmp/dnsmasq/errors"
	: >"$tmp/dnsmasq/errors"
}
expect_asked()
{
	asked >"$tmp/asked"
	same questions "$tmp/asked" "$@"
}
asked >/dev/null
system resolv.conf <<<'nameserver 127.0.0.55'
expect_ends -4 <<<'both.real.test 127.0.0.10'
expect_asked 'query[A] both.real.test'
expect_ends -6 <<<'both.real.test fd00::10'
expect_asked 'query[AAAA] both.real.test'
expect_ends -6 <<<'a.real.test dns-nodata dns'
expect_ends -4 <<<'aaaa.real.test dns-nodata dns'
expect_ends -6 <<<'127.0.0.10 dns-nodata dns'
expect_ends -4 <<<'[fd00::10] dns-nodata dns'
asked >/dev/null
expect_ends --resolve both.real.test:80:127.0.0.12 <<<'both.real.test 127.0.0.12'
expect_ends --resolve 'both.real.test:80:[fd00::11]' <<<'BOTH.real.test fd00::11'
expect_ends --resolve '*:80:127.0.0.12' <<<'missing.real.test 127.0.0.12'
system hosts <<END
127.0.0.1 localhost
127.0.0.12 filed.real.test missing.real.test FILED # both.real.test
fd00::11 filed6 filed.both
127.0.0.11 filed.both
END
expect_ends <<END
filed.real.test 127.0.0.12
missing.real.test 127.0.0.12
filed 127.0.0.12
filed6 fd00::11
filed.both fd00::11
END
expect_ends -4 <<<'filed.both 127.0.0.11'
expect_ends -6 <<<'filed.real.test dns-nodata dns'
expect_asked </dev/null
expect_ends --resolve both.real.test:81:127.0.0.12 <<<'both.real.test fd00::10'

system hosts <<<'127.0.0.1 localhost'

# A name without a dot is looked for in the search domains, and then as it is.
system resolv.conf <<END
search empty.test real.test
nameserver 127.0.0.55
END
expect_ends <<END
a 127.0.0.10
chain fd00::10
nowhere dns-nxdomain dns
a.real.test 127.0.0.10
END

# Several servers: one that is not there, one that says nothing, one that cannot tell or will not.
python3 -c '
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.98", 53))
print("silent", flush=True)
time.sleep(1000)
' >"$tmp/silent" &
wait_for grep -q silent "$tmp/silent"
for first in 97 98; do
	system resolv.conf <<<"nameserver 127.0.0.$first"$'\nnameserver 127.0.0.53'
	expect_time 0 4.5 expect_ends <<END
a.real.test 127.0.0.10
aaaa.real.test fd00::10
missing.real.test dns-nxdomain dns
END
done
system resolv.conf <<<$'nameserver 127.0.0.53\nnameserver 127.0.0.54'
expect_ends <<END
a.only-nsd.test 127.0.0.10
b.only-nsd.test dns-nxdomain dns
x.broken.test dns-servfail dns
END
expect_ends --dns-servers 127.0.0.53,127.0.0.97,127.0.0.98,127.0.0.54:5300 <<<'a.only-nsd.test 127.0.0.10'
expect_ends --dns-servers 127.0.0.97,127.0.0.53 <<<'x.broken.test dns-servfail dns'
expect_ends --dns-servers 127.0.0.97 <<<'a.real.test dns-servfail dns'
expect_time 1 4.5 expect_ends --dns-timeout 1 --dns-servers 127.0.0.98 <<<'a.real.test dns-timeout dns'
expect_time 1 4.5 expect_ends --dns-timeout 1 --dns-servers 127.0.0.98,127.0.0.97 <<<'a.real.test dns-timeout dns'

# Configuration that makes no sense is none.
python3 -c '
import random, sys
sys.stdout.buffer.write(random.Random(1).randbytes(5000).replace(b"\n\0", b"\n"))
' >"$tmp/garbage"
system hosts <"$tmp/garbage"
system resolv.conf <"$tmp/garbage"
expect_time 0 4.5 expect_ends <<<$'127.0.0.10 127.0.0.10\n[fd00::10] fd00::10\na.real.test dns-servfail dns'
# where a line begins with NUL, c-ares 1.18 looks at the byte before it, which valgrind will not have
if [ -z "${RUN_WRAP-}" ]; then
	printf '\0\0nameserver 127.0.0.53\n\0' >"$tmp/garbage"
	system hosts <"$tmp/garbage"
	system resolv.conf <"$tmp/garbage"
	expect_ends --dns-servers 127.0.0.53 <<<$'127.0.0.10 127.0.0.10\n[fd00::10] fd00::10\na.real.test 127.0.0.10'
fi
