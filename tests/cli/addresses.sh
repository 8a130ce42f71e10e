#!/bin/bash
# --all-addresses asks each address of a name and tells whether they agree.
. "${0%/*}/lib.sh"
costly

need python3
serve --ipv4
all() { run awget --dns-servers "$DNS" --cacert "$CA" -4 --all-addresses "$@"; }
lacks=lacks-4.backends-4.test:$HTTP_PORT

# Each address is a row of its own, under its own name
all "$lacks"
expect_status 1
expect_err "awget: $lacks: 3 of 4 addresses agree; 127.0.1.4 lacks Strict-Transport-Security"
expect_out_sorted < <(
	for n in 1 2 3 4; do
		it=$lacks@127.0.1.$n
		echo "wget $it..."
		printf "$it header > %s\n" 'HTTP/1.1 200 OK' 'Server: awserve' 'Content-Type: text/html' 'Content-Length: 19' \
			'Connection: close' "X-Backend: $n"
		[ $n = 4 ] || echo "$it header > Strict-Transport-Security: max-age=31536000"
		echo "Done $it."
	done
)
all --json "$lacks" "backends-2.test:$HTTP_PORT"
expect_status 1
expect_err_sorted "awget: $lacks: 3 of 4 addresses agree; 127.0.1.4 lacks Strict-Transport-Security" \
	"awget: backends-2.test:$HTTP_PORT: its 2 addresses agree"
python3 - "$tmp/out" <<-'EOF' || fail "$ran"
	import json, sys
	rows = sorted((o["n"], o["address"], o["target"].split(":")[0], o["status"]) for o in map(json.loads, open(sys.argv[1])))
	assert rows == [(1, "127.0.1.%d" % n, "lacks-4.backends-4.test", 200) for n in range(1, 5)] + \
	    [(2, "127.0.1.%d" % n, "backends-2.test", 200) for n in (1, 2)], rows
EOF

# says STATUS TARGET VERDICT [OPTION]...: the verdict alone
says()
{
	all --format none "${@:4}" "$2"
	expect_status "$1"
	expect_no_out
	expect_err "awget: $2: $3"
}
says 0 "$lacks" 'all 4 addresses agree' --ignore strict-transport-security
says 1 "$lacks" '3 of 4 addresses agree; 127.0.1.4 lacks Strict-Transport-Security' --ignore X-Other
says 0 "backends-1.test:$HTTP_PORT" 'its one address answers'
says 0 "backends-8.test:$HTTP_PORT" 'all 8 addresses agree'
says 0 "127.0.0.1:$HTTP_PORT" 'its one address answers'
says 0 "backends-3.test:$HTTP_PORT/drip/1" 'all 3 addresses agree'
says 1 "differs-2-500.backends-4.test:$HTTP_PORT" '3 of 4 addresses agree; 127.0.1.2 has status 500 instead of 200'
says 1 "lacks-2.backends-2.test:$HTTP_PORT" \
	'its 2 addresses disagree; compared with 127.0.1.1, 127.0.1.2 lacks Strict-Transport-Security'
says 1 "https://lacks-3.backends-4.test:$HTTPS_PORT" '3 of 4 addresses agree; 127.0.1.3 lacks Strict-Transport-Security'
says 1 "backends-4.test:$HTTP_PORT/redirect/302?/lacks/4" \
	'3 of 4 addresses agree; 127.0.1.4 lacks Strict-Transport-Security' -L
says 1 "backends-3.test:$HTTP_PORT/lacks/1" '2 of 3 addresses agree; 127.0.1.1 lacks Strict-Transport-Security' -I

# An address that fails is a failure of its own, status 2.
dead="cannot connect to 127.0.9.1:$HTTP_PORT: Connection refused"
it=dead-first.test:$HTTP_PORT
all -s "$it"
expect_status 2
expect_err_sorted "awget: $it@127.0.9.1: $dead" "awget: $it: only 1 of 2 addresses answers; 127.0.9.1 fails: $dead"
all -s "dead.test:$HTTP_PORT"
expect_status 2
expect_err_sorted "awget: dead.test:$HTTP_PORT@127.0.9.1: $dead" \
	"awget: dead.test:$HTTP_PORT: its one address does not answer; 127.0.9.1 fails: $dead"

# A name without addresses fails once.
all "nxdomain.test:$HTTP_PORT"
expect_status 2
expect_no_out
expect_err "awget: nxdomain.test:$HTTP_PORT: no such host name (NXDOMAIN)"
all --json "nxdomain.test:$HTTP_PORT" 'x:0' "http://backends-2.test:$HTTP_PORT"
expect_status 2
expect_err "awget: http://backends-2.test:$HTTP_PORT: its 2 addresses agree"
[ "$(grep -c '"kind":"dns-nxdomain","phase":"dns"' "$tmp/out") $(grep -c '"kind":"input"' "$tmp/out") $(wc -l <"$tmp/out")" = '1 1 4' ] ||
	fail "other rows: $(cat "$tmp/out")"

# --stats, --group, and a number of targets
all -s --stats "$lacks" "backends-3.test:$HTTP_PORT"
expect_status 1
grep -qx 'addresses agree for 1 target, not for 1' "$tmp/err" || fail "--stats: $(cat "$tmp/err")"
all --group -q "backends-3.test:$HTTP_PORT/http10"
[ "$(cut -d ' ' -f 1 "$tmp/out" | uniq | wc -l)" = 3 ] || fail "--group mixes addresses: $(cat "$tmp/out")"
for n in {1..100}; do
	echo "n$n.backends-3.test:$HTTP_PORT/lacks/1"
done >"$tmp/list"
all -s -i "$tmp/list"
expect_status 1
sed 's/$/: 2 of 3 addresses agree; 127.0.1.1 lacks Strict-Transport-Security/; s/^/awget: /' "$tmp/list" >"$tmp/verdicts"
expect_err_sorted <"$tmp/verdicts"

# What makes no sense
refused()
{
	run awget "${@:2}" "$lacks"
	expect_status 3
	expect_no_out
	expect_err "awget: $1"
}
refused '--ignore goes with --all-addresses, --baseline or --compare' --ignore Server
refused "--ignore: 'a b c' is not a field name, alone or with value, cookie or nonce behind it" --all-addresses --ignore 'a b c'
refused '--all-addresses does not go through a proxy' --all-addresses -x "$HTTP"
refused '--format raw is for one answer, not for --all-addresses' --all-addresses --format raw
