#!/bin/bash
# With -P N everything means what it means with one process; a worker that dies is named, and what it had is done again by
# others, with nothing told twice.
. "${0%/*}/lib.sh"

costly
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}handle_segv=0 # a worker is to die of it as it does without
need jq pgrep
serve --ipv4 --verbose
a=127.0.0.1:$HTTP_PORT

for ((i = 1; i <= 65; i++)); do
	case $((i % 13)) in
	1) echo "$a/redirects/2?$i" ;;
	2) echo 127.0.0.1:1 ;;
	3) echo "bad target $i" ;;
	4) echo "$a/obstext?$i tag=t$i" ;;
	5) printf '%s/\xff%d\n' "$a" "$i" ;;
	6) echo "$a/close?$i" ;;
	7) echo "https://$HTTPS/?$i sni=a.test" ;;
	8) echo "n$i.test:$HTTP_PORT/status/404" ;;
	9) echo "nx.$i.test" ;;
	10) echo "$a/retry/1?again-$i" ;;
	0) printf 'n%d.test:%s\0x\n' "$i" "$HTTP_PORT" ;;
	11) printf '%s/%09000d\n' "$a" 0 ;;
	*) echo "$a/?$i" ;;
	esac
done >"$tmp/list"

# alike OPTION...: run twice, with one process and with three, it tells the same; in which order, times and who of the server's
# processes was asked do not matter.
alike()
{
	local one

	for p in 1 3; do
		sed "s/again/again:$p:$RANDOM/" "$tmp/list" >"$tmp/this"
		run awget -P $p -i "$tmp/this" -c 8 --dns-servers "$DNS" --cacert "$CA" -L --retry 1 --retry-delay 1ms "$@"
		normal <"$tmp/out" | sort >"$tmp/out.$p"
		normal <"$tmp/err" | sort >"$tmp/err.$p"
		[ $p = 1 ] && one=$status
	done
	[ "$status" = "$one" ] || fail "status $status, not $one, of: $ran"
	diff -u "$tmp/out.1" "$tmp/out.3" >&2 || fail "out of: $ran"
	diff -u "$tmp/err.1" "$tmp/err.3" >&2 || fail "err of: $ran"
	[ "$status" -lt 3 ] || fail "$(cat "$tmp/err")"
}

# Without times, what makes a target new to the server, which target --top has seen first, and numbers of tap.
normal()
{
	sed -E -e 's/^((not )?ok) [0-9]+/\1/' -e 's/again:[0-9]+:[0-9]+/again/g' -e 's/[0-9.]+ (ms|s)\b/T \1/g' -e 's/(Date: ).*/\1/' \
		-e 's/^( +[0-9]+ +[0-9.]+%  .*[^ ])  +[^ ]*$/\1/' \
		-e 's/"(begun|dns|connect|tls|first_byte|total|started|time|days|not_before|not_after)":[^,}]*//g'
}

alike
alike --group -q
alike --json
alike -v
alike --format csv --fields 'n,target,tag,url,address,status,reason,error_kind,error,h[Location],h[Content-Type]'
alike -w '%{n} %{target} %{tag} %{address} %{status} %{error_kind} %{hops} %{attempts} %{tls_verify} %header{Server:all:, }\n'
alike --top 'status,h[Server]' -s
alike -e 'status == 200' -e 'h[Server] present' --report tap=- -s
alike --only failed

# through a proxy, whose name the record has
alike -x "$a" --json

# one answer for each address, and a verdict
for p in 1 3; do
	run awget -P $p --all-addresses -q "backends-4.test:$HTTP_PORT/lacks/2" --dns-servers "$DNS"
	sort "$tmp/out" "$tmp/err" | grep -v Date >"$tmp/all.$p"
done
diff -u "$tmp/all.1" "$tmp/all.3" || fail --all-addresses

# --stats counts the same
for p in 1 3; do
	run awget -P $p -s --stats -i "$tmp/list" --dns-servers "$DNS" -k
	grep -E '^[a-z-]+ +[0-9]+$' "$tmp/err" >"$tmp/stats.$p"
done
diff -u "$tmp/stats.1" "$tmp/stats.3" || fail --stats
grep -q '^answered' "$tmp/stats.1" || fail "$(cat "$tmp/err")"

# workers PID: those of this awget, when there are N
workers()
{
	local server

	until server=$(pgrep -P "$1") && [ "$(pgrep -c -P "$server")" -ge "${2-1}" ]; do
		kill -0 "$1" || return
	done
	pgrep -P "$server"
}

# begin COMMAND...: in the background, as run.
begin()
{
	ran=$*
	: >"$tmp/out" # what another run left there is not waited for
	"$@" >"$tmp/out" 2>"$tmp/err" &
	pid=$!
}

finish()
{
	wait "$pid" 2>/dev/null
	status=$?
}

# appears TEXT [N] [FILE]: waits until it is there so often.
appears()
{
	until [ "$(grep -c -- "$1" "${3-$tmp/out}")" -ge "${2-1}" ]; do
		kill -0 "$pid" 2>/dev/null || fail "$1 is not told"
		sleep 0.02
	done
}

# a worker that is killed while its target tells line after line: each line is there once
run awget "$a/lines/400"
cp "$tmp/out" "$tmp/whole"
begin awget -P 2 "$a/lines/400"
appears 'header > HTTP'
worker=$(workers $pid)
kill -KILL "$worker"
finish
expect_status 0
grep -v Date: "$tmp/whole" >"$tmp/expected.lines"
grep -v Date: "$tmp/out" | diff -u "$tmp/expected.lines" - || fail 'lines of a target that was done again'
expect_err "awget: worker 1 (process $worker) died: killed by signal 9 (Killed); its target is done again"

# one of two that have twenty each
for ((i = 0; i < 200; i++)); do echo "$a/wait/$((i < 40 ? 1000 : 1))?many-$i"; done >"$tmp/many"
begin awget -P 2 -c 40 --json -i "$tmp/many"
appears many- 40 "$serve_err"
kill -KILL "$(workers $pid 2 | head -n 1)"
finish
expect_status 0
jq -r '.target + " " + (.status | tostring)' "$tmp/out" | sort >"$tmp/got"
sed 's/$/ 200/' "$tmp/many" | sort | diff - "$tmp/got" >&2 || fail 'not one record each'
sed 's/worker [12] (process [0-9]*)/worker N (process PID)/' "$tmp/err" >"$tmp/said"
same err "$tmp/said" 'awget: worker N (process PID) died: killed by signal 9 (Killed); its 20 targets are done again'

# a worker that begins only when all is done is not waited for
if strace -f --seccomp-bpf -e trace=getpid -o /dev/null true 2>/dev/null; then
	begin env ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" timeout 60 \
		strace -f -o /dev/null -e trace=clone -e inject=clone:delay_enter=700000:when=3 \
		awget -P 2 -q "$a/wait/300?late-1" "$a/wait/300?late-2"
	appears late- 2 "$serve_err"
	kill -KILL "$(workers "$(pgrep -P "$(pgrep -P $pid)")" 2 | head -n 1)"
	finish
	expect_status 0
	[ "$(grep -c 'header > HTTP/1.1 200' "$tmp/out")" = 2 ] || fail "$(cat "$tmp/out")"
fi

# what kills whoever has it fails in the end, and nothing else does
begin awget -P 2 -c 1 -q "$a/" "$a/never?deadly" "$a/x"
for n in 1 2 3; do
	appears deadly $n "$serve_err"
	for worker in $(workers $pid); do
		kill -SEGV "$worker"
		until ! kill -0 "$worker" 2>/dev/null; do :; done
	done
done
finish
expect_status 2
grep -v '^awget: worker' "$tmp/err" >"$tmp/said"
same err "$tmp/said" \
	"awget: $a/never?deadly: 3 worker processes died of it, the last one alone with it: killed by signal 11 (Segmentation fault)"
[ "$(grep -c 'header > HTTP/1.1 200' "$tmp/out")" = 2 ] || fail "$(cat "$tmp/out")"

# without the process that starts workers, those that there are do the work; without any, targets fail and say why
begin awget -P 2 -c 2 -q "$a/never?left" "$a/wait/100"
appears left 1 "$serve_err"
server=$(pgrep -P $pid)
all=$(pgrep -P "$server")
kill -KILL "$server"
appears 'has died' 1 "$tmp/err"
# shellcheck disable=SC2086
kill -KILL $all
finish
expect_status 2
grep -q '^awget: no more worker processes can be started: the one that starts them has died$' "$tmp/err" || fail "$(cat "$tmp/err")"
grep -q "^awget: $a/never?left: no more worker processes can be started: the one that starts them has died$" "$tmp/err" ||
	fail "$(cat "$tmp/err")"

# a worker that is stopped does not hold the others
mkfifo "$tmp/feed"
begin awget -P 2 -c 4 -w '%{target} %{status}\n' -i "$tmp/feed"
exec {feed}>"$tmp/feed"
for i in 1 2 3 4; do echo "$a/wait/300?slow-$i"; done >&$feed
appears slow- 4 "$serve_err"
stopped=$(workers $pid 2 | head -n 1)
kill -STOP "$stopped"
for i in {1..40}; do echo "$a/?$i"; done >&$feed
appears ' 200' 42
kill -CONT "$stopped"
exec {feed}>&-
finish
expect_status 0
[ "$(sort -u "$tmp/out" | grep -c ' 200$')" = 44 ] || fail 'after a pause of a worker'

# interrupted: what was in flight has a record that says so, nobody lives on
begin awget -P 2 --json "$a/never?1" "$a/never?2" "$a/"
appears status\":200
all=$(workers $pid 2)
kill -INT $pid
finish
expect_status 130
expect_err 'awget: interrupted: 2 targets unfinished'
[ "$(jq -r 'select(.error.kind == "interrupted") | .target' "$tmp/out" | sort | tr '\n' ' ')" = "$a/never?1 $a/never?2 " ] ||
	fail "$(cat "$tmp/out")"
for worker in $all; do
	until ! kill -0 "$worker" 2>/dev/null; do :; done
done

# and so when awget is killed
begin awget -P 2 "$a/never?1" "$a/never?2"
all=$(workers $pid 2)
kill -KILL $pid
finish
for worker in $all; do
	until ! kill -0 "$worker" 2>/dev/null; do :; done
done

# a resumed run has one record each
run timeout -s INT 0.3 awget -P 2 -c 4 --resume "$tmp/resumed" -i <(for i in {1..60}; do echo "$a/wait/20?$i"; done)
run awget -P 2 -c 30 --resume "$tmp/resumed" -i <(for i in {1..60}; do echo "$a/wait/20?$i"; done)
expect_status 0
[ "$(jq .n "$tmp/resumed" | sort -n | uniq | wc -l)" = 60 ] && [ "$(wc -l <"$tmp/resumed")" = 60 ] || fail --resume

run awget -P 0 "$a"
expect_status 3
