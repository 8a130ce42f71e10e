#!/bin/bash
# Every address of a name, as knot tells them, with HAProxy and nginx behind them: --all-addresses finds the one of four
# that answers otherwise. And of two addresses, a dead one costs at most a quarter of a second.
. "${0%/*}/net.sh"
slow
need knotd nginx haproxy jq python3

# A cable whose other end nobody holds: what is sent to 10.9.0.0/24 and fd09::/64 is lost.
ip link add here type veth peer name there 2>"$tmp/err" || skip "no cable: $(cat "$tmp/err")"
tune ipv6/conf/here/accept_dad 0
ip link set here arp off up
ip link set there up
ip addr add 10.9.0.1/24 dev here
ip addr add fd09::1/64 dev here nodad

many=200
[ -z "${RUN_WRAP-}" ] || many=20
zone all.test < <(
	for n in {1..4}; do
		printf '%s A 127.0.4.%d\n' four "$n" proxied "$n" dead "$n" moved "$n"
		printf '%s AAAA fd00::4:%d\n' eight "$n"
		printf '%s A 127.0.4.%d\n' eight "$n"
		printf 'six AAAA fd00::4:%d\n' "$n"
		printf 'same A 127.0.5.%d\n' "$n"
		printf 'none A 127.0.9.%d\n' "$n"
	done
	printf 'one A 127.0.4.1\ndead A 127.0.9.1\nrefused A 127.0.9.1\nrefused AAAA fd00::1\n'
)
# live: the control. dead: the address that is tried first refuses, or is never heard of.
zone race.test < <(
	for ((n = 0; n < many; n++)); do
		printf 'live%d A 127.0.4.1\nlive%d AAAA fd00::4:1\n' $n $n
		case $((n % 4)) in
		0) printf 'dead%d AAAA fd09::%x\ndead%d A 127.0.4.1\n' $n $((n + 16)) $n ;;
		1) printf 'dead%d A 10.9.0.%d\ndead%d A 127.0.4.1\n' $n $((n + 16)) $n ;;
		2) printf 'dead%d AAAA fd00::99\ndead%d A 127.0.4.1\n' $n $n ;;
		3) printf 'dead%d AAAA fd00::4:1\ndead%d A 10.9.0.%d\n' $n $n $((n + 16)) ;;
		esac
	done
)
start_knot 127.0.0.53@53 all.test race.test

# The third of the four has another backend.
start_nginx <<END
access_log off;
server {
	listen 127.0.6.1:80;
	listen 127.0.5.1:80;
	listen 127.0.5.2:80;
	listen 127.0.5.3:80;
	listen 127.0.5.4:80;
	add_header Strict-Transport-Security "max-age=31536000";
	add_header X-Request-Id \$request_id;
	add_header Set-Cookie id=\$request_id;
	return 200;
}
server {
	listen 127.0.6.3:80;
	location / { return 200; add_header X-Request-Id \$request_id; add_header Set-Cookie id=\$request_id; }
	location /other { return 404; add_header Strict-Transport-Security "max-age=31536000"; }
	location /more { return 200; add_header Strict-Transport-Security "max-age=31536000"; add_header X-More yes; }
	location /value { return 200; add_header Strict-Transport-Security "max-age=1"; }
}
END
start_haproxy <<END
frontend most
	bind 127.0.4.1:80,127.0.4.2:80,127.0.4.4:80,fd00::4:1:80,fd00::4:2:80,fd00::4:4:80
	default_backend plenty
frontend third
	bind 127.0.4.3:80,fd00::4:3:80
	default_backend lacking
backend plenty
	server one 127.0.6.1:80
backend lacking
	server one 127.0.6.3:80
END

# verdict STATUS SENTENCE [OPTION]... TARGET: what --all-addresses says of it, in text and beside JSON.
verdict()
{
	local want=$1 sentence=${2:+awget: ${*: -1}: $2}

	shift 2
	run awget --all-addresses -q "$@"
	expect_status "$want"
	grep -v '@.*: cannot connect to ' "$tmp/err" >"$tmp/verdict"
	same verdict "$tmp/verdict" ${sentence:+"$sentence"} </dev/null
	run awget --all-addresses --json "$@"
	expect_status "$want"
	same verdict "$tmp/err" ${sentence:+"$sentence"} </dev/null
}

# rows LINE...: address and status of each row of the last verdict's JSON.
rows()
{
	jq -r '"\(.n) \(.address) \(.status // .error.kind)"' "$tmp/out" | sort >"$tmp/rows"
	same rows "$tmp/rows" "$@"
}

# HAProxy spells all names so
lacks='lacks strict-transport-security'
verdict 1 "3 of 4 addresses agree; 127.0.4.3 $lacks" four.all.test
rows '1 127.0.4.1 200' '1 127.0.4.2 200' '1 127.0.4.3 200' '1 127.0.4.4 200'
jq -e '.target == "four.all.test" and .url == "http://four.all.test/"' "$tmp/out" >"$tmp/true" || fail "rows of: $ran"
run awget --all-addresses four.all.test
for n in {1..4}; do
	grep -qx "four.all.test@127.0.4.$n header > HTTP/1.1 200 OK" "$tmp/out" || fail "no lines of 127.0.4.$n: $ran"
	grep -qx "Done four.all.test@127.0.4.$n." "$tmp/out" || fail "127.0.4.$n is not done: $ran"
done

verdict 1 "3 of 4 addresses agree; fd00::4:3 $lacks" six.all.test
verdict 1 "3 of 4 addresses agree; 127.0.4.3 $lacks" -4 eight.all.test
verdict 1 "6 of 8 addresses agree; 127.0.4.3 and fd00::4:3 lack ${lacks#* }" eight.all.test
verdict 0 'all 4 addresses agree' same.all.test
refused='cannot connect to 127.0.9.1:80: Connection refused'
verdict 2 "3 of 5 addresses agree; 127.0.4.3 $lacks; 127.0.9.1 fails: $refused" dead.all.test
[ "$(jq -r 'select(.error).error.kind' "$tmp/out")" = connect-refused ] || fail "nothing is refused in: $ran"
verdict 0 "all 4 addresses agree" --ignore Strict-Transport-Security four.all.test
for path in other more value; do
	run awget -s --all-addresses four.all.test/$path
	expect_status 1
	grep -qE '^awget: four.all.test/[a-z]*: 3 of 4 addresses agree; 127\.0\.4\.3 ' "$tmp/err" ||
		fail "$ran: $(cat "$tmp/err")"
done

# Of several names at once, each has its own verdict.
run awget -s --all-addresses {four,six,same}.all.test
expect_status 1
sort "$tmp/err" >"$tmp/verdict"
same verdict "$tmp/verdict" \
	"awget: four.all.test: 3 of 4 addresses agree; 127.0.4.3 $lacks" \
	'awget: same.all.test: all 4 addresses agree' \
	"awget: six.all.test: 3 of 4 addresses agree; fd00::4:3 $lacks"

# Every second address of the names is dead; the same number of names that have none that is dead are the measure.
for ((n = 0; n < many; n++)); do
	echo live$n.race.test
	echo dead$n.race.test
done >"$tmp/targets"
cat >"$tmp/race.py" <<'END'
import json, statistics, sys

took, live = {"live": [], "dead": []}, {"127.0.4.1", "fd00::4:1"}
for line in open(sys.argv[1]):
    r = json.loads(line)
    assert r["error"] is None and r["status"] == 200 and r["address"] in live, r
    took[r["target"][:4]].append((r["timing"]["total"], r["target"]))
slowest = {kind: max(times) for kind, times in took.items()}
print("slowest: %.3f s (%s) with all addresses live, %.3f s (%s) with one dead" % (slowest["live"] + slowest["dead"]))
assert len(took["live"]) == len(took["dead"]) == int(sys.argv[2])
assert slowest["dead"][0] <= slowest["live"][0] + 0.3
# and a control that was held up hides nothing
assert statistics.median_low(took["dead"])[0] <= statistics.median_high(took["live"])[0] + 0.3
END
run awget --json -c $((2 * many)) -i "$tmp/targets"
expect_status 0
expect_no_err
mv "$tmp/out" "$tmp/json"
python3 "$tmp/race.py" "$tmp/json" $many || fail "$ran"
