#!/bin/bash
# Whatever becomes of a packet on its way: a dead address ends in its own error in time, and a live one behind it is found.
. "${0%/*}/net.sh"
costly

need python3
serve -p 80 -d 53
serve -p 81 -d 5353

# Another host, behind a cable: it knows no way to some networks, prohibits others, and drops what is for a third.
unshare --net sleep infinity &
other=$!
apart() { [ "$(readlink "/proc/$other/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }
there() { nsenter -t "$other" -n "$@"; }
wait_for apart
ip link add here type veth peer name there netns "$other" 2>"$tmp/err" || skip "no cable: $(cat "$tmp/err")"
there sh -c 'cd /proc/sys/net && echo 1 >ipv4/ip_forward && echo 1 >ipv6/conf/all/forwarding &&
	echo 0 >ipv4/icmp_ratelimit && echo 0 >ipv6/icmp/ratelimit' || skip "cannot make a router"
for end in 'here 1' 'there 2'; do
	set -- $end
	wrap=
	[ "$1" = here ] || wrap=there
	$wrap ip addr add "10.9.0.$2/24" dev "$1"
	$wrap ip addr add "fd09::$2/64" dev "$1" nodad
	$wrap ip link set "$1" up
done
ip route add 10.9.0.0/16 via 10.9.0.2
ip route add fd09::/16 via fd09::2
for way in '1 unreachable' '2 prohibit' '3 blackhole'; do
	set -- $way
	there ip route add "$2" "10.9.$1.0/24"
	there ip route add "$2" "fd09:$1::/32"
	ip route add "$2" "10.8.$1.0/24" # and here itself
	ip route add "$2" "fd08:$1::/32"
done
knows_us() { there ip -6 route get fd09::1 >"$tmp/out"; }
wait_for knows_us

row()
{
	printf '%s\t%s\n' "$2" "$1"
}

# outcomes [OPTION]...: what becomes of $tmp/table, as JSON and as text; they wait beside each other.
outcomes()
{
	local text

	cut -f 1 "$tmp/table" >"$tmp/list"
	timeout 60 awget "$@" -i "$tmp/list" >"$tmp/text" 2>"$tmp/text.err" &
	text=$!
	run awget --json "$@" -i "$tmp/list"
	expect_no_err
	python3 "$top_srcdir/tests/cli/outcomes.py" json "$tmp/table" "$tmp/out" || fail "$ran"
	wait $text
	[ $? -eq "$status" ] || fail "another status as text: $ran"
	python3 "$top_srcdir/tests/cli/outcomes.py" text "$tmp/table" "$tmp/text" "$tmp/text.err" || fail "as text: $ran"
}

# Dead addresses, as targets
{
	row 200 127.0.0.1
	row 200 '[::1]'
	row connect-refused/connect 127.0.0.1:82
	row connect-refused/connect '[::1]:82'
	row connect-refused/connect 10.9.0.2
	row connect-refused/connect '[fd09::2]'
	row unreachable/connect 10.9.1.1
	row unreachable/connect '[fd09:1::1]'
	row unreachable/connect 10.9.2.1
	row unreachable/connect '[fd09:2::1]'
	row connect-timeout/connect 10.9.3.1
	row connect-timeout/connect '[fd09:3::1]'
	for n in 1 2 3; do
		row unreachable/connect "10.8.$n.1"
		row unreachable/connect "[fd08:$n::1]"
	done
	row unreachable/connect 192.0.2.1 # no route at all
	row unreachable/connect '[2001:db8::1]'
} >"$tmp/table"
# the answer to a first SYN may come while connect() still holds the socket, and is then lost: the second comes after a second
outcomes --connect-timeout 3
expect_status 2
outcomes -m 3 # the whole is over while it connects
expect_status 2

# The sentence names the address and the reason
sentence()
{
	run awget -s --connect-timeout 3 "$1"
	expect_status 2
	expect_err "awget: $1: cannot connect to $2: $3"
}
sentence 127.0.0.1:82 127.0.0.1:82 'Connection refused'
sentence 10.9.1.1 10.9.1.1:80 'No route to host'
sentence '[fd09:2::1]' '[fd09:2::1]:80' 'Permission denied'
sentence 10.9.3.1 10.9.3.1:80 'Connection timed out'
sentence 192.0.2.1 192.0.2.1:80 'Network is unreachable'

# Dead ones before a live one
dead=(127.0.0.9 10.9.0.2 10.9.1.1 10.9.2.1 10.9.3.1 10.8.1.1 10.8.2.1 10.8.3.1 192.0.2.1
	'[fd09::2]' '[fd09:1::1]' '[fd09:2::1]' '[fd09:3::1]' '[fd08:1::1]' '[fd08:2::1]' '[2001:db8::1]')
options=()
{
	for address in "${dead[@]}"; do
		for live in 127.0.0.1 '[::1]'; do
			name=h${#options[@]}.test
			options+=(--resolve "$name:80:$address,$live")
			row 200 $name
		done
	done
	options+=(--resolve "all.test:80:$(IFS=,; echo "${dead[*]}"),127.0.0.1,[::1]")
	row 200 all.test
	options+=(--resolve "none.test:80:$(IFS=,; echo "${dead[*]}")")
	row 'connect-refused/connect|connect-timeout/connect|unreachable/connect' none.test
} >"$tmp/table"
outcomes "${options[@]}" --connect-timeout 9
expect_status 2

# By DNS: IPv6 dead or silent, IPv4 live, and the other way round
{
	for name in {blackhole,dead,servfail,noanswer}{4,6} blackhole-first dead-first-5; do
		row 200 "$name.test"
	done
	row reset/connect\|reset/wait\|reset/send rst.test
	row 200 early.test
} >"$tmp/table"
outcomes --dns-servers 127.0.0.1 --connect-timeout 9 -m 20
expect_status 2

# A hundred at once that lead nowhere do no harm to the others, and end together
{
	for n in {1..100}; do
		row connect-timeout/connect "10.9.3.$n"
		row connect-refused/connect "127.0.0.$n:82"
		row 200 "127.0.0.1/$n"
	done
} >"$tmp/table"
outcomes --connect-timeout 3 -c 300
expect_status 2

# Every second address of 200 names is dead, in both families or in one: each costs its target at most 300 ms. Names that
# have only live ones, asked for all the while, tell how slow the machine is
for n in {1..50}; do
	echo "n$n.blackhole-first.test"
	echo "n$n.blackhole-first.v4only.test"
	echo "n$n.dead-first.test"
	echo "n$n.dead-first.blackhole-first.v6only.test"
	echo "n$n.slow-$((n * 10)).test"
done >"$tmp/list"
# late OUT: by how much the slowest of those with dead addresses is later than the slowest of the others, in ms; "slow" if
# that says nothing.
late()
{
	python3 - "$1" <<-'END'
		import json, sys
		took = {True: [], False: []}
		for line in open(sys.argv[1]):
		    o = json.loads(line)
		    t = o["timing"]
		    took["first" in o["target"]].append((t["connect"] - t["dns"]) * 1e3)
		dead, live = max(took[True]), max(took[False])
		assert len(took[True]) == 200 and len(took[False]) == 50
		print("slow" if live > 40 else round(dead - live))
	END
}
for _ in {1..5}; do
	run awget --json --dns-servers 127.0.0.1 -c 250 -i "$tmp/list"
	expect_status 0
	expect_no_err
	ms=$(late "$tmp/out") || fail "$ran"
	[ "$ms" = slow ] || [ "$ms" -gt 300 ] || break
done
[ "$ms" = slow ] || [ "$ms" -le 300 ] || fail "dead addresses cost $ms ms"

# More targets at one address than there are local ports: they wait for one another, and no host is blamed
tune ipv4/ip_local_port_range '20000 20007'
for n in {1..24}; do
	row 200 "127.0.0.1/wait/50?$n"
done >"$tmp/table"
outcomes --connect-timeout 60 -m 60
expect_status 0

# Those that use them do not end: the others end with the truth
tune ipv4/ip_local_port_range '21000 21003'
for n in {1..12}; do
	row 'timeout/wait|local/connect' "127.0.0.1/never?$n"
done >"$tmp/table"
cut -f 1 "$tmp/table" >"$tmp/list"
run awget -s --connect-timeout 1 -m 5 -i "$tmp/list"
[ "$(grep -c ': no local port became free in time$' "$tmp/err")" -eq 8 ] || fail "not 8 of 12 without a port"
[ "$(grep -c ': no response within 5 s$' "$tmp/err")" -eq 4 ] || fail "not 4 of 12 with a port"
outcomes --connect-timeout 1 -m 3
tune ipv4/ip_local_port_range '1024 65535'

# No address to go anywhere from by IPv6 is no want of ports: IPv4 has its turn at once
ip link del here
ip -6 addr del ::1/128 dev lo
why='this machine has no address to go there from'
run awget -s '[2001:db8::1]'
expect_status 2
expect_err "awget: [2001:db8::1]: cannot connect to [2001:db8::1]:80: $why"
{
	row unreachable/connect '[2001:db8::1]'
	row 200 both.test
	row connect-refused/connect both.test:82
} >"$tmp/table"
outcomes --resolve 'both.test:80:[2001:db8::1],127.0.0.1' --resolve 'both.test:82:[2001:db8::1],127.0.0.1'
expect_status 2
