#!/bin/bash
# --retry tries again what may pass, and only that: with pauses that double, or as long as the server asks for, and never
# beyond -m.
. "${0%/*}/lib.sh"
costly

need python3
serve --ipv4
a=127.0.0.1:$HTTP_PORT

# tries TARGET ATTEMPTS OUTCOME [OPTION]...: so many attempts, and a status or a kind of error at the end
tries()
{
	run awget --json --dns-servers "$DNS" --retry-delay 1ms "${@:4}" "$1"
	python3 - "$tmp/out" "$2" "$3" <<-'EOF' || fail "$ran"
		import json, sys
		o = json.load(open(sys.argv[1]))
		outcome = o["error"]["kind"] if o["error"] else str(o["status"])
		assert [str(o["attempts"]), outcome] == sys.argv[2:], o
	EOF
	case $3 in
	[0-9]*) expect_status 0 ;;
	*) expect_status 2 ;;
	esac
}
tries "$a/retry/2" 1 503
tries "$a/retry/2" 2 200 --retry 5 # one of the two was the line before
tries "$a/retry/3/500" 4 200 --retry 3
tries "$a/retry/3/502" 3 502 --retry 2
for code in 429 500 501 504 599; do
	tries "$a/retry/1/$code" 2 200 --retry 1
done
for code in 400 404 408 301; do
	tries "$a/retry/1/$code" 1 "$code" --retry 3
done
tries 127.0.0.1:1 4 connect-refused --retry 3
tries "$a/reset/0" 3 reset --retry 2
tries "$a/reset/60" 3 reset --retry 2
tries "servfail.test:$HTTP_PORT" 3 dns-servfail --retry 2
tries "nxdomain.test:$HTTP_PORT" 1 dns-nxdomain --retry 3
tries "nodata.test:$HTTP_PORT" 1 dns-nodata --retry 3
tries "$a/close" 1 closed --retry 3
tries "$a/garbage/ssh" 1 not-http --retry 3
tries "$a/headers/30000" 1 header-too-large --retry 3
tries "https://expired.test:$HTTPS_PORT" 1 tls-verify --retry 3
tries "$a/loop" 1 redirect-loop --retry 3 -L
tries "$a:1:1" 1 input --retry 3
tries "$a/redirect/302?/retry/2/503/0" 3 200 --retry 3 -L # from the beginning each time

# Retry-After: seconds, or a date, which is to the second
expect_time 0.99 60 tries "$a/retry/1/429/1" 2 200 --retry 1
expect_time 0.99 60 tries "$a/retry/1/503/2/date" 2 200 --retry 1
tries "$a/retry/1/503/0" 2 200 --retry 1 --retry-delay 1h

# Nothing waits beyond -m: what there is then is the answer.
tries "$a/retry/1/503/3600" 1 503 --retry 3
tries "$a/retry/1/503/3600/date" 1 503 --retry 3
tries "$a/never" 1 timeout --retry 3 -m 0.2
expect_time 0 20 tries "$a/retry/9/503/1000" 1 503 --retry 9 -m 500

# A target without hope is tried as often as that takes within -m, and ends.
run awget --json --retry 1000 --retry-delay 1s -m 1 127.0.0.1:1
expect_status 2
grep -q '"attempts":[0-9]*,.*"kind":"connect-refused"' "$tmp/out" || fail "$(cat "$tmp/out")"

# -v tells each attempt; text shows each answer
run awget -q -v --retry 2 --retry-delay 1ms 127.0.0.1:1
expect_status 2
expect_no_out
sed -i -E 's/[0-9]+\.[0-9] (ms|s)/N \1/' "$tmp/err"
why='cannot connect to 127.0.0.1:1: Connection refused'
expect_err 'awget: 127.0.0.1:1: resolved in N ms: 127.0.0.1' "awget: 127.0.0.1:1: attempt 1 failed: $why; the next one in N s" \
	'awget: 127.0.0.1:1: resolved in N ms: 127.0.0.1' "awget: 127.0.0.1:1: attempt 2 failed: $why; the next one in N s" \
	'awget: 127.0.0.1:1: resolved in N ms: 127.0.0.1' "awget: 127.0.0.1:1: $why"
run awget -v --retry 1 "$a/retry/1/429/0"
expect_status 0
grep -qx "awget: $a/retry/1/429/0: attempt 1: status 429; the next one in 0.0 s" "$tmp/err" || fail "$(cat "$tmp/err")"
grep -e ^wget -e 'header > HTTP' -e ^Done "$tmp/out" >"$tmp/lines"
same lines "$tmp/lines" "wget $a/retry/1/429/0..." "$a/retry/1/429/0 header > HTTP/1.1 429 Too Many Requests" \
	"$a/retry/1/429/0 header > HTTP/1.1 200 OK" "Done $a/retry/1/429/0."
run awget --retry 1 --group -q "$a/retry/1/500/0"
[ "$(grep -c 'header > HTTP/' "$tmp/out")" = 1 ] || fail "--group shows more than the last answer: $(cat "$tmp/out")"

# Many that fail together come back, each once more.
for n in {1..200}; do
	echo "$a/retry/1/503/0?$n"
done >"$tmp/list"
run awget --json --retry 1 -i "$tmp/list"
expect_status 0
[ "$(grep -c '"status":200,.*"attempts":2,' "$tmp/out")" = 200 ] || fail "not all of 200 have come back"

for value in -1 1001 x ''; do
	run awget --retry "$value" "$a"
	expect_status 3
	expect_err "awget: --retry: '$value' is not a number from 0 to 1000"
done
