#!/bin/bash
# Whatever DNS servers, resolv.conf and hosts say: a name leads to its own address or to an error in time, and spoils no other.
. "${0%/*}/net.sh"

need python3
# 127.0.9.66 is where false answers lead to
serve -a 127.0.9.66 -p 80 -d 5353
serve -p 80 -d 53
mkfifo "$tmp/hostile"
python3 "$top_srcdir/tests/cli/hostile_dns.py" 127.0.0.7 127.0.0.8 >"$tmp/hostile" &
read -r line <"$tmp/hostile"
[ "$line" = ready ] || fail "hostile_dns.py does not start"

# row EXPECTED NAME...
row()
{
	local want=$1 name

	shift
	for name; do
		printf '%s.test\t%s\n' "$name" "$want"
	done
}

# outcomes SERVER [OPTION]...: what becomes of the names of $tmp/table; none may lead to the wrong address.
outcomes()
{
	local server=$1

	shift
	cut -f 1 "$tmp/table" >"$tmp/list"
	run awget --json -c 1500 --dns-servers "$server" --dns-timeout "$seconds" --connect-timeout 1 "$@" -i "$tmp/list"
	expect_no_err
	python3 "$top_srcdir/tests/cli/outcomes.py" json "$tmp/table" "$tmp/out" || fail "$ran"
	! grep '"address":"[^"]*127\.0\.9\.66"' "$tmp/out" || fail "poisoned"
}

seconds=2.5 # enough for a question that is lost once
[ -z "${RUN_WRAP-}" ] || seconds=15
silence=dns-timeout/dns
no_sense=dns-servfail/dns
any="200|$silence|$no_sense|dns-nodata/dns|dns-nxdomain/dns|unreachable/connect|connect-refused/connect|connect-timeout/connect"
any="$any|reset/connect|reset/wait|not-http/wait"

# awserve's faults, all at once with names that have none: those are not harmed
{
	row 200 {a,b,c,d,e}{1..20}
	row dns-nxdomain/dns nxdomain rcode-3
	row dns-nodata/dns nodata referral loop
	row $no_sense servfail refused rcode-{1,2,4,5,6,15} controlname garbage pointerloop badlength badcounts short tcpclose
	row $silence noanswer tcpsilent tcpgarbage lost-99
	row 200 {servfail,slow,noanswer,dead,blackhole}{4,6} slow-100 lost truncated many-100 {cname,dead-first}-{1,5,20}
	row 200 v4only v6only ip-127-0-0-1 early blackhole-first
	row 200 wrongid wrongquestion wrongport empty tiny
	row connect-refused/connect dead dead-20 ip-127-0-0-9
	row connect-timeout/connect blackhole
} >"$tmp/table"
outcomes 127.0.0.1
expect_status 2
[ "${RUN_WRAP-}" ] || outcomes "[::1]" # the same over IPv6, where each has its own sockets

# the same from a server that has nothing in common with awget
{
	row 200 {a,b,c,d,e}{1..20}
	row 200 flood-{1,300} other{class,type,name} noquestion header owner wrongfamily case edns twice late-{10,1200} chain-{1,5,20}
	row 200 count-1 large tcp tcpbytes tcpothers tcphuge
	row dns-nodata/dns onlyowner selfalias rdlength-{0,3,5,8}
	row $no_sense rdpast-{5,16,40,65535} count-{2,255,65535} pointer-{4095,16383} pointers-200 labeltype-{64,128,191}
	row $no_sense tcpreset tcpshort tcpservfail
	row "$silence|$no_sense" tcpzero tcplong questions-{0,2,65535}
	row "dns-nodata/dns|$no_sense" pointer-{0,2,30} control tcpagain longname-{3,5,7}
	row "200|$no_sense" pointers-20
} >"$tmp/table"
outcomes 127.0.0.7 -4
expect_status 2
[ "${RUN_WRAP-}" ] || outcomes 127.0.0.7
expect_status 2

# every place to cut an answer, every bit of it turned over, and bytes at random: any end, but an end
{
	row "$any" cut-{0..80} flip-{0..560}
	row 200 {a,b,c,d,e}{1..20}
} >"$tmp/table"
outcomes 127.0.0.7
{
	row "$any" fuzz-{1..300}
	row 200 {a,b,c,d,e}{1..20}
} >"$tmp/table"
outcomes 127.0.0.1

# many at once: none is lost, neither over UDP nor over TCP
mapfile -t many < <(seq "$([ "${RUN_WRAP-}" ] && echo 150 || echo 1500)")
for label in '' cname-5. truncated. many-50. late; do
	row 200 "${many[@]/#/$label}" >"$tmp/table"
	outcomes 127.0.0.1
	expect_status 0
done
row 200 "${many[@]/#/tcp}" >"$tmp/table"
outcomes 127.0.0.7 --dns-timeout 30
expect_status 0

# sentences
sentence()
{
	run awget -s --dns-timeout 1.5 "${@:3}" "$1.test"
	expect_status 2
	expect_no_out
	expect_err "awget: $1.test: $2"
}
hostile=(--dns-servers 127.0.0.7)
sentence nxdomain 'no such host name (NXDOMAIN)' --dns-servers 127.0.0.1
sentence nodata 'the name exists but has no address' --dns-servers 127.0.0.1
sentence v6only 'the name exists but has no IPv4 address' --dns-servers 127.0.0.1 -4
sentence v4only 'the name exists but has no IPv6 address' --dns-servers 127.0.0.1 -6
sentence servfail 'the DNS server could not find out (SERVFAIL)' --dns-servers 127.0.0.1
sentence refused 'the DNS server refuses to answer (REFUSED)' --dns-servers 127.0.0.1
sentence noanswer 'no answer from the DNS servers within 1.5 s' --dns-servers 127.0.0.1
sentence rdpast-5 'the answer of the DNS server is malformed' "${hostile[@]}"
sentence tcpreset 'the answer of the DNS server is cut short, and it takes no questions over TCP' "${hostile[@]}"
sentence a 'no DNS server can be reached' --dns-servers 127.0.0.99

# Several servers: the first is dead, or silent, or knows nothing
serve -a 127.0.0.5 -p 81 -d 53
for first in 127.0.0.99 127.0.0.8 '[::1]:54' 192.0.2.1 127.0.0.99,127.0.0.98,127.0.0.8; do
	row 200 {a..e}{1..20} >"$tmp/table"
	outcomes "$first,127.0.0.1" --dns-timeout 20
	expect_status 0
done
# that nobody listens at the first is known at once, for both families
for ((try = 0; try < 10; try++)); do # a busy machine may be late
	run awget -q --dns-servers 127.0.0.99,127.0.0.1 --dns-timeout 0.9 v4only.test v6only.test
	[ "$status" -ne 0 ] || break
done
expect_status 0
for name in servfail refused; do
	sentence $name "the DNS server $([ $name = servfail ] && echo 'could not find out (SERVFAIL)' || echo 'refuses to answer (REFUSED)')" \
		--dns-servers 127.0.0.1,127.0.0.5
	sentence $name "the DNS server $([ $name = servfail ] && echo 'could not find out (SERVFAIL)' || echo 'refuses to answer (REFUSED)')" \
		--dns-servers 127.0.0.1,127.0.0.8 --dns-timeout 10
	row 200 $name >"$tmp/table" # the second does not know what it should refuse
	outcomes 127.0.0.1,127.0.0.7 --dns-timeout 20
	expect_status 0
done

# What follows takes many runs, and only the files differ
[ -z "${RUN_WRAP-}" ] || exit 0

# resolv.conf: whatever it holds, addresses work; and names, if there is a server in it
resolves()
{
	run awget -q "$@" 127.0.0.1 '[::1]' localhost a.test
	expect_status 0
	expect_no_err
	[ "$(grep -c '> HTTP/1.1 200 OK$' "$tmp/out")" -eq 4 ] || fail "not all answered"
}
while IFS= read -r text; do
	printf "$text" | system resolv.conf
	resolves --dns-timeout 20
done <<'END'
nameserver 127.0.0.1\n
nameserver 127.0.0.1
nameserver ::1\r\n
nameserver 127.0.0.1\r\noptions ndots:99 timeout:0 attempts:0 rotate\r\nsearch\r\n
nameserver 127.0.0.99\nnameserver 127.0.0.1\n
nameserver 127.0.0.8\nnameserver 127.0.0.1\n
nameserver 192.0.2.1\nnameserver 2001:db8::1\nnameserver 127.0.0.1\n
nameserver x\nnameserver 300.1.1.1\nnameserver\nnameserver 127.0.0.1\n
\0\0\nnameserver 127.0.0.1\n
\0nameserver 127.0.0.99\nnameserver 127.0.0.1\n
\xff\xfe\x80\x81\n\x1b[31m\nnameserver 127.0.0.1\n
search a b c d e f g h i j k l m n o p q r s t u v w x y z\nnameserver 127.0.0.1\noptions timeout:999999999999 attempts:99999999999
END
{
	head -c 1000000 /dev/urandom
	printf '\nnameserver 127.0.0.1\n'
	head -c 1000000 /dev/zero
	printf '\n'
	head -c 1000000 /dev/zero | tr '\0' x
} | system resolv.conf
resolves
for server in 127.0.0.99 127.0.0.8; do # nobody, or silence: an error in time
	system resolv.conf <<<"nameserver $server"
	run awget -q --dns-timeout 1 127.0.0.1 '[::1]' localhost a.test
	expect_status 2
	[ "$(wc -l <"$tmp/err")" -eq 1 ] || fail "not one error"
	[ "$(grep -c '> HTTP/1.1 200 OK$' "$tmp/out")" -eq 3 ] || fail "addresses do not work"
done
system resolv.conf <<<'nameserver 127.0.0.1'

# hosts
while IFS= read -r text; do
	printf "$text" | system hosts
	resolves
	run awget -q own.example X.Own.Example own.example.
	expect_status 0
done <<'END'
127.0.0.1 own.example x.own.example\n
127.0.0.1 own.example x.own.example
127.0.0.1\town.example\tx.own.example # comment\r\n
\0\0\n::1 own.example x.own.example\n
\0 127.0.9.66 own.example\n127.0.0.1 own.example x.own.example\n
\xff\xfe\n#\n\n1.2.3 own.example\n127.0.0.1\n::1\n:: \n127.0.0.1 own.example x.own.example\n
127.0.0.99 own.example\n127.0.0.1 own.example x.own.example\n
END
{
	head -c 1000000 /dev/urandom
	printf '\n127.0.0.1 own.example\n'
	head -c 1000000 /dev/zero
} | system hosts
resolves
rm /etc/hosts /etc/resolv.conf
run awget -q --dns-timeout 3 127.0.0.1 '[::1]' localhost x.localhost
expect_status 0
run awget -q --dns-timeout 3 127.0.0.1 '[::1]' localhost noanswer.test
expect_status 2
expect_err 'awget: noanswer.test: no answer from the DNS servers within 3 s'
mkdir /etc/hosts /etc/resolv.conf
run awget -q 127.0.0.1 '[::1]' localhost x.localhost
expect_status 0
