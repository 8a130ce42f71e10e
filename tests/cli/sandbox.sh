#!/bin/bash
# While awget runs, it can start no program, make no process and write to no file but its outputs, whatever runs in it; and
# all that it does, it can still do.
. "${0%/*}/lib.sh"
costly # it is not used under valgrind
need cc
makefile=$top_builddir/Makefile

[ -e "$makefile" ] || skip "$top_builddir has no Makefile"
grep -q '^SANDBOX_CPPFLAGS = .' "$makefile" || skip 'built without the filter of system calls'
! grep -q '^SANITIZE_FLAGS = .' "$makefile" || skip 'the sanitizers make calls of their own'
grep -q '^Seccomp:' /proc/self/status || skip 'this system has no seccomp'
cc -shared -fPIC -D_GNU_SOURCE -o "$tmp/probe.so" "$top_srcdir/tests/cli/sandbox_probe.c" || fail 'the probe cannot be built'
serve --ipv4
a=127.0.0.1:$HTTP_PORT

# in the midst of a run: the first target of the list has answered, the second has not been read
mkfifo "$tmp/list" "$tmp/lines"
awget -f -w '%{target}\n' -i "$tmp/list" >"$tmp/lines" &
pid=$!
exec {lines}<"$tmp/lines" {list}>"$tmp/list"
echo "$a" >&"$list"
read -r line <&"$lines"
[ "$line" = "$a" ] || fail "there is no $a: $line"
grep -E '^(NoNewPrivs|Seccomp):' "/proc/$pid/status" | sort >"$tmp/out"
ran='a run'
expect_out "NoNewPrivs:	1" "Seccomp:	2"
echo "$a" >&"$list"
exec {list}>&-
read -r line <&"$lines"
[ "$line" = "$a" ] || fail "there is no second $a: $line"
wait "$pid" || fail "status $?"
exec {lines}<&-

# probe WHAT STATUS HOW: what happens to who tries it; no HOW: the process ends there, by SIGSYS
probe()
{
	{ RUN_WRAP="env LD_PRELOAD=$tmp/probe.so" PROBE=$1 run awget -s "$a"; } 2>/dev/null # the shell tells of signals
	expect_status "$2"
	[ "$3" ] || { expect_no_err; return; }
	expect_err "probe: ${1%% *}: $3"
}

killed=$((128 + $(kill -l SYS)))
echo old >"$tmp/old"
probe exec $killed
expect_no_out
probe fork $killed
probe "read $tmp/old" 0 'done'
cat >"$tmp/landlock.py" <<-'END'
	import ctypes
	print(ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1))
END
if [ "$(python3 "$tmp/landlock.py" 2>/dev/null)" -ge 1 ] 2>/dev/null; then
	probe "write $tmp/new" 0 'Permission denied'
	[ ! -e "$tmp/new" ] || fail 'a file was made'
	probe "write $tmp/old" 0 'Permission denied'
	probe "unlink $tmp/old" 0 'Permission denied'
else
	echo 'this system has no Landlock: files are not looked at'
fi

# good WORD COMMAND...: all is well, nothing is said but results, and among them is WORD
good()
{
	local word=$1

	shift
	run "$@"
	expect_status 0
	expect_no_err
	[ ! "$word" ] || grep -qF "$word" "$tmp/out" || fail "no $word: $ran: $(cat "$tmp/out")"
}

# every format, on standard output and in a file, made and added to
for format in text json csv raw; do
	good 200 awget --format $format "$a"
	rm -f "$tmp/file"
	for more in '' --append; do
		run awget --format $format -o "$tmp/file" $more "$a"
		expect_status 0
		expect_no_err
	done
	[ "$(grep -cE 'HTTP/1|"status":200|,200,' "$tmp/file")" = 2 ] || fail "$format: $(cat "$tmp/file")"
done
good 200 awget -w '%{status}\n' "$a"
good 200 awget --top status "$a"

# modules and files that are read late: TLS, its anchors and keys, IDN, regular expressions, records, the hosts file
export SSLKEYLOGFILE=$tmp/keys
good 200 awget --cacert "$CA" "https://a.test:$HTTPS_PORT" --resolve "*:$HTTPS_PORT:127.0.0.1"
grep -q SECRET "$tmp/keys" || fail 'no keys'
cp "$tmp/keys" "$tmp/keys.1"
good 200 awget --cacert "$CA" "https://a.test:$HTTPS_PORT" --resolve "*:$HTTPS_PORT:127.0.0.1"
[ "$(wc -l <"$tmp/keys")" = $((2 * $(wc -l <"$tmp/keys.1"))) ] || fail 'not as many keys again'
unset SSLKEYLOGFILE
good 200 awget "http://bücher.test:$HTTP_PORT" --dns-servers "$DNS"
good 200 awget -e 'h[Server] ~ /^aw/' "localhost:$HTTP_PORT"
for i in 1 2 3 4 5; do echo "$a/status/200"; done >"$tmp/five"
good '' awget --resume "$tmp/run" -i "$tmp/five"
sed -i '$d' "$tmp/run"
good '' awget --resume "$tmp/run" -i "$tmp/five"
[ "$(wc -l <"$tmp/run")" = 5 ] || fail "$(cat "$tmp/run")"
good 'wget' awget --replay "$tmp/run" --report "tap=$tmp/replay.tap"
good '' awget --compare "$tmp/run" "$tmp/run"
good '' awget -s --baseline "$tmp/run" -i "$tmp/five"
grep -q '^1\.\.' "$tmp/replay.tap" || fail "$(cat "$tmp/replay.tap")"

# reports: more than is kept in memory, in place of a file, through a link, and without leaving anything behind
mkdir "$tmp/reports" "$tmp/scratch"
for ((i = 0; i < 1200; i++)); do echo "$a/status/200 tag=$i"; done >"$tmp/many"
ln -s replaced "$tmp/reports/html"
reports=()
for kind in html junit prom tap nagios; do
	reports+=(--report "$kind=$tmp/reports/$kind")
done
(
	cd "$tmp/reports" && TMPDIR=$tmp/scratch run awget -s -f -i "$tmp/many" "${reports[@]}" --report prom=here &&
		expect_status 0 && expect_no_err
) || exit
find "$tmp/reports" "$tmp/scratch" -type f -printf '%f\n' | sort >"$tmp/out"
expect_out here junit nagios prom replaced tap
for file in html junit prom here tap; do
	[ "$(grep -c 'status/200' "$tmp/reports/$file")" -ge 1200 ] || fail "$file is not whole"
done
