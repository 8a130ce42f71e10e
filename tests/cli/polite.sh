#!/bin/bash
# What is excluded is not asked, by name or by address, and has its record; of repeats the first is fetched; no more is begun
# than --rate allows, and no more is at an address than --per-address allows.
. "${0%/*}/lib.sh"

costly
need jq pgrep python3
serve --ipv4 --verbose
a=127.0.0.1:$HTTP_PORT

# --exclude
cat >"$tmp/rules" <<'RULES'
# ours
.internal.test
bad.test
127.0.0.9
127.0.2.0/24 # and these
::1
RULES
resolve=(--resolve "net.test:$HTTP_PORT:127.0.2.7,127.0.0.9" --resolve "mixed.test:$HTTP_PORT:127.0.2.7,127.0.0.1")
for name in good internal www.internal bad www.bad mixed; do resolve+=(--resolve "$name.test:$HTTP_PORT:127.0.0.1"); done
run awget --exclude "$tmp/rules" "${resolve[@]}" -w '%{target} %{status}%{error_kind}\n' \
	{good,internal,www.internal,bad,www.bad,net,mixed}.test:"$HTTP_PORT" 127.0.2.9:"$HTTP_PORT" '[::ffff:127.0.2.1]':1
expect_status 2
expect_out_sorted "good.test:$HTTP_PORT 200" "internal.test:$HTTP_PORT excluded" "www.internal.test:$HTTP_PORT excluded" \
	"bad.test:$HTTP_PORT excluded" "www.bad.test:$HTTP_PORT 200" "net.test:$HTTP_PORT excluded" "mixed.test:$HTTP_PORT 200" \
	"127.0.2.9:$HTTP_PORT excluded" '[::ffff:127.0.2.1]:1 excluded'
for line in "www.internal.test:$HTTP_PORT: www.internal.test is excluded by $tmp/rules:2" \
	"net.test:$HTTP_PORT: 127.0.2.7 is excluded by $tmp/rules:5"; do
	grep -qxF "awget: $line" "$tmp/err" || fail "$(cat "$tmp/err")"
done

# nor is it where a redirect leads, where a line says, or at one of all addresses
for p in 1 2; do
	run awget -P $p --json -L --exclude "$tmp/rules" "$a/redirect/302?http://127.0.2.1:$HTTP_PORT/hidden"
	expect_status 2
	[ "$(jq -r '.error.kind + " " + (.hops | length | tostring)' "$tmp/out")" = 'excluded 1' ] || fail "$(cat "$tmp/out")"
done
run awget -s --exclude "$tmp/rules" -i <(echo "a.test:$HTTP_PORT/hidden address=127.0.2.1")
expect_err "awget: a.test:$HTTP_PORT/hidden: 127.0.2.1 is excluded by $tmp/rules:5"
run awget -q --all-addresses --exclude "$tmp/rules" --resolve "x.test:$HTTP_PORT:127.0.2.7,127.0.0.1" "x.test:$HTTP_PORT/"
expect_status 0
! grep -q @127.0.2.7 "$tmp/out" || fail "$(cat "$tmp/out")"
! grep "GET /hidden" "$serve_err" || fail 'what is excluded was asked'
echo '１２７.0.0.1' >"$tmp/wide" # digits that a URL may have as well
run awget -s --exclude "$tmp/wide" "$a/wide"
expect_err "awget: $a/wide: 127.0.0.1 is excluded by $tmp/wide:1"
echo 'a b' >"$tmp/wrong"
run awget --exclude "$tmp/rules" --exclude "$tmp/wrong" "$a"
expect_status 3
expect_err "awget: --exclude: $tmp/wrong:1: more than one word"

# --dedupe: each once, in the order of their first; the same when the run is gone on with
printf '%s\n' "a.test:$HTTP_PORT" "b.test:$HTTP_PORT" "A.test.:$HTTP_PORT/" "a.test:$HTTP_PORT tag=x" "http://b.test:$HTTP_PORT" \
	"a.test:$HTTP_PORT/x" 'no target' 'no target' >"$tmp/list"
run awget --dedupe --stats --resolve "*:$HTTP_PORT:127.0.0.1" -i "$tmp/list" -w '%{n} %{target} %{tag}\n'
expect_status 2
expect_out_sorted "1 a.test:$HTTP_PORT " "2 b.test:$HTTP_PORT " "3 a.test:$HTTP_PORT x" "4 a.test:$HTTP_PORT/x " '5 no target '
grep -qx 'awget: 3 repeats were dropped' "$tmp/err" || fail "$(cat "$tmp/err")"
head -n 3 "$tmp/list" >"$tmp/some"
run awget --dedupe --resolve "*:$HTTP_PORT:127.0.0.1" -i "$tmp/some" --resume "$tmp/resumed"
run awget --dedupe --resolve "*:$HTTP_PORT:127.0.0.1" -i "$tmp/list" --resume "$tmp/resumed"
jq -r '"\(.n) \(.target)"' "$tmp/resumed" | sort >"$tmp/out"
same out "$tmp/out" "1 a.test:$HTTP_PORT" "2 b.test:$HTTP_PORT" "3 a.test:$HTTP_PORT" "4 a.test:$HTTP_PORT/x" '5 no target'

# --rate: never sooner than asked, so far as a clock can tell; not held up at the end, and interrupted at once
for p in 1 2; do
	began=$EPOCHREALTIME
	run awget -P $p --rate 50/s --json "$a"/{1..11}
	expect_status 0
	python3 - "$tmp/out" "$began" <<'PYTHON' || fail '--rate 50/s'
import datetime, json, sys
times = (json.loads(line)["time"].replace("Z", "+00:00") for line in open(sys.argv[1]))
at = sorted(datetime.datetime.fromisoformat(time).timestamp() - float(sys.argv[2]) for time in times)
assert all(t >= 0.02 * i - 0.002 for i, t in enumerate(at)), at
PYTHON
done
run awget --rate 1/h "$a"
expect_status 0
run timeout -s INT 0.5 awget --rate 1/h "$a/1" "$a/2" "$a/3" # and as soon as it is interrupted
expect_err 'awget: interrupted: 2 targets unfinished'
run awget --rate 0/s "$a"
expect_status 3
expect_err "awget: --rate: '0/s' is not a rate such as 100/s or 5/15s"

# --per-address: a server that counts how many are there at once; a target's time does not run while it waits for its turn
cat >"$tmp/crowd.py" <<'PYTHON'
import asyncio, sys
here, most = {}, {}
async def serve(reader, writer):
    at = writer.get_extra_info("sockname")[0]
    here[at] = here.get(at, 0) + 1
    most[at] = max(most.get(at, 0), here[at])
    line = await reader.readline()
    await asyncio.sleep(0.05)
    here[at] -= 1
    if line.startswith(b"GET /most"):
        writer.write(b"HTTP/1.0 200 %s\r\n\r\n" % " ".join(f"{a}={most[a]}" for a in sorted(most)).encode())
        most.clear()
    else:
        writer.write(b"HTTP/1.0 200 OK\r\n\r\n")
    writer.close()
async def main():
    first = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=100)
    port = first.sockets[0].getsockname()[1]
    await asyncio.start_server(serve, "127.0.0.2", port, backlog=100)
    print(port, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    sys.exit()
asyncio.run(main())
PYTHON
mkfifo "$tmp/hold" "$tmp/port"
python3 "$tmp/crowd.py" <"$tmp/hold" >"$tmp/port" &
crowd_pid=$!
exec {hold}>"$tmp/hold"
read -r port <"$tmp/port"
crowd=(127.0.0.{1,2,1,2,1}:"$port"/{1..8})
for p in 1 3; do
	run awget -P $p -s --per-address 2 -m 5 "${crowd[@]}"
	expect_status 0
	run awget -q "127.0.0.1:$port/most"
	expect_out "127.0.0.1:$port/most header > HTTP/1.0 200 127.0.0.1=2 127.0.0.2=2"
done
run awget -P 2 -s --per-address 1 -L --retry 1 --retry-delay 1ms "$a/redirects/2" "$a/retry/1?polite" 127.0.0.1:1 "$a/x" "$a/never" -m 0.3
expect_status 2

# a worker that dies gives its places back
awget -P 2 -q --per-address 1 -w '%{target} %{status}\n' "$a/wait/1500?held" "$a/y" >"$tmp/out" 2>"$tmp/err" &
until grep -q held "$serve_err"; do sleep 0.02; done
for worker in $(pgrep -P "$(pgrep -P $!)"); do kill -KILL "$worker"; done
wait $!
sort "$tmp/out" >"$tmp/sorted"
same out "$tmp/sorted" "$a/wait/1500?held 200" "$a/y 200"
exec {hold}>&-
wait $crowd_pid
