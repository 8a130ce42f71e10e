#!/bin/bash
# What is different from an earlier run is told target by target: as text, in JSON, and by the exit status.
. "${0%/*}/lib.sh"
costly

need python3 jq
serve --ipv4 --verbose
a=127.0.0.1:$HTTP_PORT
old=$tmp/old.ndjson new=$tmp/new.ndjson

# TARGETS of which some change: by hand, since awserve never does
python3 - "$old" "$new" "${TARGETS:-2000}" <<'EOF'
import json, random, sys
random.seed(4)
n = int(sys.argv[3])
def record(i):
    return {"schema": 1, "n": i, "target": "host%d.example" % i, "tag": None, "url": "http://host%d.example/" % i,
        "address": "192.0.2.%d" % (i % 250), "port": 80, "http_version": "1.1", "status": 200, "reason": "OK",
        "headers": [{"name": "Server", "value": "nginx"}, {"name": "Date", "value": "Sun, 22 Nov 2026 16:00:%02d GMT" % (i % 60)},
            {"name": "Set-Cookie", "value": "sid=%d; Secure" % random.getrandbits(60)}, {"name": "X-Frame-Options", "value": "DENY"}],
        "hops": [], "tls": None, "proxy": None, "attempts": 1,
        "timing": {"dns": 0.001, "connect": 0.012, "tls": None, "first_byte": 0.040, "total": random.random()},
        "time": "2026-11-22T16:00:00.000Z", "checks": [], "error": None}
a = [record(i) for i in range(1, n + 1)]
b = json.loads(json.dumps(a))
for o in b:  # what is volatile
    o["headers"][1]["value"] = "Mon, 23 Nov 2026 16:00:00 GMT"
    o["headers"][2]["value"] = "sid=%d; Secure" % random.getrandbits(60)
    o["timing"]["total"] = random.random()
    o["time"] = "2026-11-23T16:00:00.000Z"
changed = sorted(random.sample(range(n), 37))
def server(o): o["headers"][0]["value"] = "nginx/1.24"
def gone(o): del o["headers"][3]
def more(o): o["headers"].append({"name": "Via", "value": "1.1 x"})
def status(o): o.update(status=503, reason="Service Unavailable")
def address(o): o["address"] = "198.51.100.7"
def cookie(o): o["headers"][2]["value"] = "sid=1"
def failed(o): o.update(status=None, reason=None, http_version=None, headers=[], address=None,
    error={"kind": "connect-refused", "phase": "connect", "message": "refused", "local": False})
ways = [server, gone, more, status, address, cookie, failed]
for k, i in enumerate(changed):
    ways[k % len(ways)](b[i])
random.shuffle(b)
for name, records in (sys.argv[1], a), (sys.argv[2], b):
    with open(name, "w") as f:
        for o in records:
            f.write(json.dumps(o, separators=(",", ":")) + "\n")
with open(sys.argv[2] + ".changed", "w") as f:
    f.writelines("host%d.example\n" % (i + 1) for i in changed)
EOF
run awget --compare "$old" "$new"
expect_status 2 # five of them do not answer any more
cut -d' ' -f1 "$tmp/out" | sort -u >"$tmp/told"
sort "$new.changed" >"$tmp/changed"
same changed "$tmp/told" <"$tmp/changed"
[ "$(grep -c ' > - Server: nginx$' "$tmp/out")" = 6 ] || fail "$(cat "$tmp/out")"
[ "$(grep -c ' > + Server: nginx/1.24$' "$tmp/out")" = 6 ] || fail "$(cat "$tmp/out")"
run awget --compare "$old" "$new" --json --only changed --exit-zero
expect_status 0
jq -r .target "$tmp/out" | sort >"$tmp/told"
same changed "$tmp/told" <"$tmp/changed"
jq -r '.changes[] | [.what, .name, .old, .new] | map(. // "-") | join(" ")' "$tmp/out" | sort |
	sed -e 's/sid=[0-9]*; /sid=N; /' -e 's/192.0.2.[0-9]*/192.0.2.N/' | uniq -c | sed 's/^ *//' >"$tmp/kinds"
same changes "$tmp/kinds" <<'EOF'
5 address - 192.0.2.N 198.51.100.7
5 error - - connect-refused
6 header Server nginx nginx/1.24
5 header Set-Cookie sid=N; Secure sid=1
5 header Via - 1.1 x
6 header X-Frame-Options DENY -
5 status - 200 503
EOF
run awget --compare "$old" "$old"
expect_status 0
expect_no_out
expect_no_err

# against what is there now
printf '%s\n' "$a/status/200" "$a/status/404" "$a/duplicate" >"$tmp/list"
run awget --json -i "$tmp/list"
cp "$tmp/out" "$tmp/yesterday.ndjson"
run awget -i "$tmp/list" --baseline "$tmp/yesterday.ndjson" --only changed
expect_status 0
expect_no_out
expect_no_err
jq -c --arg a "$a" 'if .target == $a + "/status/404" then .status = 200 else . end' "$tmp/yesterday.ndjson" >"$tmp/before.ndjson"
run awget -i "$tmp/list" --baseline "$tmp/before.ndjson"
expect_status 1
expect_out "$a/status/404 change > - status 200" "$a/status/404 change > + status 404"
run awget -i "$tmp/list" --baseline "$tmp/before.ndjson" --ignore status
expect_status 0
expect_no_out

# targets that come and go
printf '%s\n' "$a/status/200" "$a/status/404" "$a/novalue" >"$tmp/list"
run awget -i "$tmp/list" --baseline "$tmp/yesterday.ndjson"
expect_status 1
expect_out "$a/novalue change > + target $a/novalue"
expect_err "awget: $a/duplicate: is in the baseline, and was not fetched"

run awget --baseline /dev/null "$a"
expect_status 4
run awget --baseline "$tmp/none" "$a"
expect_status 4
expect_no_out

# a baseline that is not what it was is told once
for ((i = 1; i <= 20; i++)); do
	sed -n 1p "$tmp/yesterday.ndjson"
done >"$tmp/fading.ndjson"
mkfifo "$tmp/now"
awget --baseline "$tmp/fading.ndjson" --replay "$tmp/now" -q >"$tmp/out" 2>"$tmp/err" &
exec 9>"$tmp/now" # which is opened when the baseline was read
sed -n 1p "$tmp/yesterday.ndjson" >"$tmp/fading.ndjson"
for ((i = 1; i <= 20; i++)); do
	sed -n '1s/"status":200/"status":201/p' "$tmp/yesterday.ndjson" >&9
done
exec 9>&-
wait $!
[ $? = 4 ] || fail 'a baseline that was changed'
expect_err "awget: $tmp/fading.ndjson was changed while it was compared with"
