#!/bin/bash
# What --json has written can be judged, printed and counted again, without any network, and comes out as it went in.
. "${0%/*}/lib.sh"

need jq python3 strace
serve --ipv4 --verbose
a=127.0.0.1:$HTTP_PORT
cat >"$tmp/list" <<-EOF
	$a/status/200 tag=one
	$a/status/404
	$a/duplicate
	$a/fold
	$a/obstext
	$a/control
	$a/nul
	$a/noname
	$a/headers/40
	$a/redirects/3
	$a/close
	https://localhost:$HTTPS_PORT/x
	https://expired.test:$HTTPS_PORT/x address=127.0.0.1
	nxdomain.test
	bad_scheme://x
	x:0
	127.0.0.1:1
EOF
run awget --json -L -k --cacert "$CA" --dns-servers "$DNS" -4 -i "$tmp/list"
expect_status 2
cp "$tmp/out" "$tmp/first.ndjson"
run awget --replay "$tmp/first.ndjson" --json
expect_status 2
expect_no_err
same out "$tmp/out" <"$tmp/first.ndjson"
for input in "$tmp/first.ndjson" -; do
	run awget --replay "$input" -w '%{n} %{target} %{status} %{error_kind}\n' <"$tmp/first.ndjson"
	expect_status 2
	jq -j '"\(.n) \(.target) \(.status // "") \(.error.kind // "")\n"' "$tmp/first.ndjson" >"$tmp/want"
	same out "$tmp/out" <"$tmp/want"
done

# no network
strace -f -e trace=network -o "$tmp/trace" awget -s --replay "$tmp/first.ndjson" --preset owasp 2>/dev/null
! grep -v -e '^[0-9 ]*+++' -e '^[0-9 ]*---' "$tmp/trace" >&2 || fail 'the network is used'

# text is that of the run itself
run awget --group -L -k --cacert "$CA" "$a/redirects/3" "$a/headers/40" "https://localhost:$HTTPS_PORT/x"
sort "$tmp/out" | sed 's/ 302 Found$/ 302/' >"$tmp/live" # hops have no reason
run awget --json -L -k --cacert "$CA" "$a/redirects/3" "$a/headers/40" "https://localhost:$HTTPS_PORT/x"
cp "$tmp/out" "$tmp/three.ndjson"
run awget --group --replay "$tmp/three.ndjson"
expect_status 0
sort "$tmp/out" >"$tmp/again"
diff <(sed 's/ > Date: .*/ > Date/' "$tmp/live") <(sed 's/ > Date: .*/ > Date/' "$tmp/again") >&2 || fail 'text of a replay'

# judged anew; only some
run awget --replay "$tmp/first.ndjson" -s -e 'status == 200'
expect_status 2
grep -q "^awget: $a/status/404: check: status == 200: found 404$" "$tmp/err" || fail "$(cat "$tmp/err")"
for only in failed ok; do
	run awget --replay "$tmp/first.ndjson" -e 'status == 200' --json --only $only
	jq -c 'select(('"$([ $only = ok ] && echo .error == null and .status == 200 || echo .error != null or .status != 200)"'))
		| [.n, .target]' "$tmp/first.ndjson" >"$tmp/want"
	jq -c '[.n, .target]' "$tmp/out" >"$tmp/got"
	same out "$tmp/got" <"$tmp/want"
done
run awget -q --only ok "$a/status/404" "$a/duplicate" 127.0.0.1:1 -f
expect_status 2
[ "$(cut -d' ' -f1 "$tmp/out" | sort -u)" = "$a/duplicate" ] || fail "$(cat "$tmp/out")"

# csv, as Python reads it
run awget --replay "$tmp/first.ndjson" --format csv --fields 'n,target,status,h[Set-Cookie],h[X-Fold],tag,error_kind'
python3 - "$tmp/out" "$tmp/first.ndjson" <<-'EOF' || fail csv
	import csv, json, sys
	rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))
	assert rows[0] == ["n", "target", "status", "h[Set-Cookie]", "h[X-Fold]", "tag", "error_kind"], rows[0]
	records = [json.loads(line) for line in open(sys.argv[2])]
	assert len(rows) == len(records) + 1
	def fields(o, name):
	    return ", ".join(h["value"] for h in o["headers"] if h["name"].lower() == name)
	for row, o in zip(rows[1:], records):
	    want = [str(o["n"]), o["target"], str(o["status"] or ""), fields(o, "set-cookie"), fields(o, "x-fold"), o["tag"] or "",
	        (o["error"] or {"kind": ""})["kind"]]
	    assert row == want, (row, want)
EOF

# the most frequent values
run awget --replay "$tmp/first.ndjson" --top status,error_kind
grep -E '^ +[0-9]+ .*200' "$tmp/out" >/dev/null || fail "$(cat "$tmp/out")"

# what is no record stops it, and is named
{
	sed -n 1p "$tmp/first.ndjson"
	echo '{"schema":1,"n":'
} >"$tmp/bad.ndjson"
run awget -s --replay "$tmp/bad.ndjson"
expect_status 4
grep -q "^awget: $tmp/bad.ndjson:2: " "$tmp/err" || fail "$(cat "$tmp/err")"
run awget --replay "$tmp/none"
expect_status 4
expect_err "awget: cannot read $tmp/none: No such file or directory"
for words in '--replay x y' '--replay x -i y' '--resume x --replay y z' '--only changed x' '--compare a b c' '--compare a' \
	'--list-checks' '--fields n x' '--resume x -o y z' '--resume x --format text z' '--report tap=- --report junit=- x' \
	"--baseline $tmp/first.ndjson -o $tmp/first.ndjson x" "--replay $tmp/first.ndjson -o $tmp/first.ndjson" \
	"-i $tmp/list -o $tmp/list" "-i $tmp/list -o $tmp/list --append" "-i $tmp/list -s --report tap=$tmp/list" \
	"--resume $tmp/new --report tap=$tmp/new x" "-o $tmp/new --report tap=$tmp/new x" \
	"--report tap=$tmp/new --report prom=$tmp/new x" "--replay $tmp/first.ndjson --report tap=$tmp/first.ndjson" \
	"--compare $tmp/list $tmp/first.ndjson --report tap=$tmp/first.ndjson" \
	"--baseline $tmp/first.ndjson --report tap=$tmp/first.ndjson x"; do
	run awget $words
	expect_status 3
	[ -z "${RUN_WRAP-}" ] || break # a run for each takes its time
done
[ ! -e "$tmp/new" ] || fail 'something was written'
run awget --replay "$tmp/first.ndjson" -o /dev/null --report tap=/dev/null --report prom=/dev/null
expect_status 2

# whoever has enough of a report has enough of it all; others leave nothing behind
jq -c --arg a "$a" 'select(.target == $a + "/duplicate") | range(5000) as $i | .n = $i + 1' "$tmp/first.ndjson" >"$tmp/many.ndjson"
[ "$(grep -c . "$tmp/many.ndjson")" = 5000 ] || fail "$(head -n 1 "$tmp/many.ndjson")"
mkdir "$tmp/reports"
for words in '-s --report tap=-' "--report tap=$tmp/reports/r.tap"; do
	awget --replay "$tmp/many.ndjson" $words 2>"$tmp/err" | head -n 1 >/dev/null
	[ "${PIPESTATUS[0]}" = 141 ] || fail "$words: ${PIPESTATUS[0]}"
	expect_no_err
done
limited() (ulimit -f 16 && awget --replay "$tmp/many.ndjson" "$@")
for words in "-s --report tap=$tmp/reports/r.tap" "--json -o $tmp/limited.ndjson"; do
	run limited $words
	expect_status 4
	expect_err "awget: cannot write ${words##*[= ]}: File too large"
done
[ -z "$(ls -A "$tmp/reports")" ] || fail "$(ls -A "$tmp/reports")"

# a signal ends it where nothing comes
mkfifo "$tmp/silent"
interrupt()
{
	awget "$@" 2>"$tmp/err" &
	until [ $((0x$(sed -n 's/^SigCgt:\t//p' "/proc/$!/status") & 2)) != 0 ]; do sleep 0.02; done
	sleep 0.3
	kill -INT $!
	wait $!
	[ $? = 130 ] || fail "interrupted: $*: $(cat "$tmp/err")"
}
interrupt --replay "$tmp/silent"
expect_err 'awget: interrupted: 0 targets unfinished'
interrupt --report "tap=$tmp/reports/r.tap" --report "prom=$tmp/silent" "$a"
[ -z "$(ls -A "$tmp/reports")" ] || fail "$(ls -A "$tmp/reports")"
