#!/bin/bash
# awserve says where it listens, serves with several processes, ends when told to, and refuses what makes no sense.
. "${0%/*}/lib.sh"
costly

# what it prints when it is ready: each line once, the ports of a kind the same
start()
{
	awserve --until-eof "$@" </dev/null # ready, and then at its end
}
run start
expect_status 0
expect_no_err
grep -v '\[::1\]' "$tmp/out" >"$tmp/v4" && mv "$tmp/v4" "$tmp/out"
sed -i -E 's/:[0-9]+$/:PORT/' "$tmp/out"
expect_out <<'END'
http 127.0.0.1:PORT
https 127.0.0.1:PORT
dns 127.0.0.1:PORT
early 127.0.0.2:PORT
rst 127.0.0.3:PORT
blackhole 127.0.0.4:PORT
ready
END
run start
[ "$(sed -n -E '/^(http|early|rst|blackhole) /s/.*://p' "$tmp/out" | sort -u | wc -l)" -eq 1 ] || fail "HTTP has several ports"
[ "$(sed -n -E '/^dns /s/.*://p' "$tmp/out" | sort -u | wc -l)" -eq 1 ] || fail "DNS has several ports"
[ "$(sed -n -E '/^https /s/.*://p' "$tmp/out" | sort -u | wc -l)" -eq 1 ] || fail "HTTPS has several ports"
http=$(sed -n 's/^http 127.*://p' "$tmp/out") https=$(sed -n 's/^https 127.*://p' "$tmp/out")
dns=$(sed -n 's/^dns 127.*://p' "$tmp/out")

# addresses and ports of one's own: those that were free just now
run start -a 127.0.0.5 --address=127.0.0.6 -p "$http" -s "$https" -d "$dns"
expect_out "http 127.0.0.5:$http" "http 127.0.0.6:$http" "https 127.0.0.5:$https" "https 127.0.0.6:$https" \
	"dns 127.0.0.5:$dns" "dns 127.0.0.6:$dns" ready
serve
run start --port "$HTTP_PORT"
expect_status 4
expect_no_out
expect_err "awserve: cannot listen at 127.0.0.1:$HTTP_PORT: Address already in use"
run start -a 192.0.2.1 --public
expect_status 4
expect_err "awserve: cannot listen at 192.0.2.1:0: Cannot assign requested address"

for option in --ca-out --client-out; do
	run start $option "$tmp/nowhere/x"
	expect_status 4
	expect_no_out
	grep -q "^awserve: cannot write $tmp/nowhere/x.*: No such file or directory\$" "$tmp/err" || fail "$(cat "$tmp/err")"
done

# signals, and the end of standard input, which is no matter without --until-eof
for signal in TERM INT; do
	for processes in 1 3; do
		mkfifo "$tmp/pipe"
		(trap - INT && exec ${SERVE_WRAP-} awserve -P $processes </dev/null >"$tmp/pipe" 2>"$tmp/err") &
		while read -r kind where && [ "$kind" != ready ]; do
			[ "$kind" = http ] && HTTP_PORT=${where##*:}
		done <"$tmp/pipe"
		rm "$tmp/pipe"
		get / >"$tmp/out"
		[ "$(tail -n 1 "$tmp/out")" = '<h1>Index Page</h1>' ] || fail "no page"
		kill -$signal $!
		wait $!
		status=$? ran="awserve -P $processes, SIG$signal"
		expect_status 0
		expect_no_err
	done
done

# several processes: all of them serve, and none outlives the first
serve -P 3 --verbose
awserve_pid=${server_pids[-1]}
workers=$(pgrep -P "$awserve_pid")
[ "$(wc -w <<<"$workers")" -eq 3 ] || fail "not three workers: $workers"
for n in {1..60}; do
	get / >/dev/null
done
[ "$(grep -c '^http GET / a.test$' "$serve_err")" -eq 60 ] || fail "not 60 requests"
get_all()
{
	local pids=()

	for n in {1..30}; do
		get /wait/500 >"$tmp/get.$n" &
		pids+=($!)
	done
	wait "${pids[@]}"
}
expect_time 0.5 10 get_all
end_server $((${#server_pids[@]} - 1))
for worker in $workers; do
	! kill -0 "$worker" 2>/dev/null || fail "worker $worker lives on"
done

# a worker that dies is noticed
mkfifo "$tmp/pipe"
awserve -P 2 >"$tmp/pipe" 2>"$tmp/err" &
while read -r kind _ && [ "$kind" != ready ]; do :; done <"$tmp/pipe"
until worker=$(pgrep -n -P $!); do :; done
kill -KILL "$worker"
wait $!
status=$? ran='awserve -P 2'
expect_status 4
expect_err "awserve: worker $worker ended badly"

# a crowd, more than it has descriptors for at once
need python3
crowd()
{
	python3 - "$@" <<'END'
import socket, sys
port, n, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].encode()
sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(n)]
for s in sockets:
    s.sendall(b"GET " + path + b" HTTP/1.0\r\n\r\n")
for s in sockets:
    s.settimeout(20)
    answer = b""
    while piece := s.recv(4096):
        answer += piece
    assert answer.startswith(b"HTTP/1.1 200 OK") and answer.endswith(b"<h1>Index Page</h1>"), answer
    s.close()
print(n, "answers")
END
}
[ "$(ulimit -n)" -gt 600 ] || ulimit -n 600 || skip "only $(ulimit -n) descriptors"
serve
run crowd "$HTTP_PORT" 500 /wait/100
expect_no_err
expect_out "500 answers"
end_server $((${#server_pids[@]} - 1))
mkfifo "$tmp/few"
(
	ulimit -n 48
	exec awserve --until-eof <"$tmp/few"
) >"$tmp/few.out" &
few=$!
exec {line}>"$tmp/few"
until grep -q ready "$tmp/few.out" 2>/dev/null; do kill -0 $few || fail "awserve with few descriptors"; done
run crowd "$(sed -n 's/^http 127.*://p' "$tmp/few.out")" 300 /wait/5
expect_no_err
expect_out "300 answers"
exec {line}>&-
wait $few || fail "awserve with few descriptors ended with status $?"

# usage
usage()
{
	local message=$1

	shift
	run awserve "$@"
	expect_status 3
	expect_no_out
	expect_err "awserve: $message" "Try 'awserve --help'."
}
usage '--nonsense: no such option' --nonsense
usage '-x: no such option' -ex
usage '--port: needs an argument' --port
usage '-p: needs an argument' -p
usage 'here: no arguments are taken' -e here
for port in 0 65536 -1 80x '' 99999999999999999999; do
	usage "$port: not a sensible value" -p "$port"
	usage "$port: not a sensible value" --dns-port="$port"
	usage "$port: not a sensible value" --tls-port="$port"
done
usage '0: not a sensible value' -P 0
usage ': not a sensible value' --ca-out=
usage 'localhost: not a sensible value' -a localhost
usage '1s: not a sensible value' --delay 1s
usage '1s: not a sensible value' --dns-delay 1s
usage '0.0.0.0: not a loopback address; --public would allow it' -a 0.0.0.0
usage '::: not a loopback address; --public would allow it' -a ::

# the manual page names what the tables name, and nothing else
run awserve --version
expect_status 0
grep -Eqx 'awserve [0-9]+\.[0-9]+\.[0-9]+' "$tmp/out" || fail "version: $(cat "$tmp/out")"
run awserve --help
expect_status 0
sed -n -E 's/^ +(-., )? *--([a-z0-9-]+).*/\2/p' "$tmp/out" | sort >"$tmp/options"
man=$top_srcdir/man/awserve.1
sed -n -E '/^\.It Fl/s/.*Fl -([a-z0-9-]+).*/\1/p' "$man" | sort >"$tmp/expected"
diff -u "$tmp/expected" "$tmp/options" || fail "options in the manual page and in --help"
awserve --list | sed -n -E '/:$/d; s/^([^ ]+) +.*/\1/p' | sort >"$tmp/rows"
sed -n '/^\.It Li /s///p' "$man" | tr ',' '\n' | tr -d ' ' | sort >"$tmp/expected"
diff -u "$tmp/expected" "$tmp/rows" || fail "paths and labels in the manual page and in --list"
