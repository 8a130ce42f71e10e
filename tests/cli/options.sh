#!/bin/bash
# Each option does what the manual page says of it, in a run of the whole program.
. "${0%/*}/lib.sh"
costly

need python3
serve --verbose
a=127.0.0.1:$HTTP_PORT

# sends LINE... OPTION...: what reaches the server is these lines; options stand behind "--".
sends()
{
	local lines=()

	while [ "$1" != -- ]; do
		lines+=("$1")
		shift
	done
	run awget --json "${@:2}" "$a/echo"
	expect_status 0
	python3 -c 'import json, sys
for h in json.load(sys.stdin)["headers"]:
    if h["name"] == "X-Request":
        print(h["value"])' <"$tmp/out" >"$tmp/request"
	same request "$tmp/request" "${lines[@]}"
}
ours=$(awget --version)
ours=User-Agent:\ ${ours/ //}
sends 'GET /echo HTTP/1.0' "Host: $a" "$ours" --
sends 'HEAD /echo HTTP/1.0' "Host: $a" "$ours" -- -I
sends 'OPTIONS /echo HTTP/1.0' "Host: $a" "$ours" -- -X OPTIONS
sends 'GET /echo HTTP/1.0' "Host: $a" 'User-Agent: x y' -- -A 'x y'
sends 'GET /echo HTTP/1.0' "Host: $a" -- -A ''
sends 'GET /echo HTTP/1.0' "Host: $a" -- -H User-Agent:
sends 'GET /echo HTTP/1.0' "Host: $a" "$ours" 'X-One: 1' 'X-One: 2' 'X-Empty:' -- -H 'X-One: 1' -H 'X-One: 2' -H 'X-Empty;'
sends 'GET /echo HTTP/1.0' "$ours" -- -H Host:
sends 'GET /echo HTTP/1.1' "Host: $a" "$ours" 'Connection: close' -- --http1.1
sends 'GET /echo HTTP/1.0' "Host: $a" "$ours" -- --http1.1 --http1.0
sends 'HEAD /echo HTTP/1.1' "Host: $a" "$ours" 'Connection: close' -- --http1.1 -I
sends 'GET /echo HTTP/1.1' "Host: $a" "$ours" 'Connection: x' -- --http1.1 -H 'Connection: x'
sends 'GET /echo HTTP/1.0' "Host: $a" "$ours" 'Authorization: Basic YTpiOmM=' -- -u a:b:c
sends 'GET /echo HTTP/1.0' "Host: $a" "$ours" 'Authorization: Basic YTo=' -- -u a
printf 'X-One: 1\r\n\nX-Two: 2\nX-Empty;\nUser-Agent: x' >"$tmp/fields"
sends 'GET /echo HTTP/1.0' "Host: $a" 'X-One: 1' 'X-Two: 2' 'X-Empty:' 'User-Agent: x' 'X-Last: 3' -- -H @"$tmp/fields" -H 'X-Last: 3'
sends 'GET /echo HTTP/1.0' "Host: $a" "$ours" 'X-Stdin: 1' -- -H @- <<<'X-Stdin: 1'
run awget -H @"$tmp/none" "$a"
expect_status 3
expect_err "awget: --header: cannot read $tmp/none: No such file or directory"
printf 'X-One: 1\nno header\n' >"$tmp/fields"
run awget -H @"$tmp/fields" "$a"
expect_status 3
expect_err 'awget: --header: line 2: a header is "Name: value", "Name;" or "Name:"'
run awget --json -H 'Host: other.test' "$a/echo"
grep -q '"X-Request","value":"Host: other.test"' "$tmp/out" && ! grep -q "Host: $a" "$tmp/out" || fail "-H Host does not replace ours"

# Where results go
run awget -q "$a/http10"
mapfile -t lines <"$tmp/out"
[ ${#lines[@]} -ge 2 ] && [ "${lines[0]}" = "$a/http10 header > HTTP/1.0 200 OK" ] || fail "no head: $(cat "$tmp/out")"
run awget "$a/http10"
expect_out "wget $a/http10..." "${lines[@]}" "Done $a/http10."
for format in text json raw none; do
	run awget --format $format -s "$a/http10"
	expect_status 0
	expect_no_out
	expect_no_err
done
run awget --format none "$a/http10" 127.0.0.1:1
expect_status 2
expect_no_out
expect_err 'awget: 127.0.0.1:1: cannot connect to 127.0.0.1:1: Connection refused'
run awget --format raw "$a/http10"
expect_out < <(get /http10 "$a" | sed '/^\r$/q')
run awget --format raw "$a/http10" "$a/http10"
expect_status 3
echo before >"$tmp/file"
run awget -q -o "$tmp/file" --append "$a/http10"
expect_no_out
same file "$tmp/file" before "${lines[@]}"
run awget -q -o "$tmp/file" "$a/http10"
same file "$tmp/file" "${lines[@]}"
run awget -q -o - "$a/http10"
expect_out "${lines[@]}"

# Families
run awget --json -4 --dns-servers "$DNS" "a.test:$HTTP_PORT"
grep -q '"address":"127.0.0.1"' "$tmp/out" || fail "-4 is not IPv4"
if [ "$V6" ]; then
	run awget --json -6 --dns-servers "$DNS" "a.test:$HTTP_PORT"
	grep -q '"address":"::1"' "$tmp/out" || fail "-6 is not IPv6"
fi
run awget -6 "$a"
expect_status 2
expect_err "awget: $a: no IPv6 address"

# --interface: from an address or a device of this machine; others are refused before anything is fetched
for from in 127.0.0.1 127.0.0.7 lo; do
	run awget -q --interface $from "$a/http10"
	expect_status 0
	expect_out "${lines[@]}"
done
interface()
{
	run awget --interface "$1" "$a"
	expect_status "${3-3}"
	expect_err "awget: $2"
}
interface 192.0.2.1 '--interface: this machine does not have the address 192.0.2.1'
interface none0 "--interface: this machine has no network device 'none0'"
interface '' "--interface: neither an address nor a network device: ''"
[ ! "$V6" ] || interface ::1 "$a: the address of --interface is IPv6, the target has only IPv4 addresses" 2

# --default-scheme is for targets without one
run awget --json --cacert "$CA" --default-scheme https "$HTTPS" "http://$a/http10"
expect_status 0
[ "$(grep -c "\"url\":\"https://$HTTPS/\"\|\"url\":\"http://$a/http10\"" "$tmp/out")" = 2 ] || fail "other schemes: $(cat "$tmp/out")"
run awget --default-scheme ftp "$a"
expect_status 3
expect_err "awget: --default-scheme: 'ftp' is none of http, https"

# --resolve: the request is the same, only the address is another
run awget --json --resolve "Shop.Example:$HTTP_PORT:127.0.0.1" "shop.example:$HTTP_PORT/echo"
expect_status 0
grep -q "\"value\":\"Host: shop.example:$HTTP_PORT\"" "$tmp/out" || fail "--resolve changes the request"
run awget -q --resolve "*:$HTTP_PORT:127.0.0.1" "shop.example:$HTTP_PORT/http10" "192.0.2.1:$HTTP_PORT/http10"
expect_status 0
run awget -s --resolve "shop.example:1:127.0.0.1" --dns-servers "$DNS" "nxdomain.test:$HTTP_PORT" "shop.example:1"
expect_status 2
expect_err_sorted "awget: nxdomain.test:$HTTP_PORT: no such host name (NXDOMAIN)" \
	'awget: shop.example:1: cannot connect to 127.0.0.1:1: Connection refused'

# -c: so many at once, the others wait for their turn
run awget -c 1 "$a/wait/50" "$a/http10"
expect_status 0
[ "$(grep -nx "Done $a/wait/50\." "$tmp/out" | cut -d: -f1)" -lt "$(grep -nx "wget $a/http10\.\.\." "$tmp/out" | cut -d: -f1)" ] ||
	fail "-c 1 has two in flight"

# ... and what the first ones answer is shown while the others still begin
yes "$a/http10" | head -n 5000 >"$tmp/many"
run awget -c 5000 -i "$tmp/many"
expect_status 0
[ "$(grep -c ^Done "$tmp/out")" = 5000 ] || fail "$(grep -c ^Done "$tmp/out") of 5000 are done"
[ "$(grep -n -m 1 ' header > ' "$tmp/out" | cut -d: -f1)" -lt 5000 ] || fail 'nothing is shown before all have begun'

# -v and --stats speak on standard error; results stay what they are
run awget -q -v --dns-servers "$DNS" -4 "a.test:$HTTP_PORT/http10"
expect_status 0
sed -i -E 's/[0-9]+\.[0-9] ms/N ms/' "$tmp/err"
expect_err "awget: a.test:$HTTP_PORT/http10: resolved in N ms: 127.0.0.1" \
	"awget: a.test:$HTTP_PORT/http10: connected to $a in N ms"
run awget -q --stats "$a/http10" "$a/close" "$a/never" 127.0.0.1:1 -m 0.5
expect_status 2
for word in '4 targets' answered closed timeout connect-refused dns connect 'first byte' head total; do
	grep -q "$word" "$tmp/err" || fail "--stats does not tell '$word': $(cat "$tmp/err")"
done

# A terminal: colors and a status line, if it has any and nobody forbids them. tty ARG...: runs awget on one, with both outputs.
cat >"$tmp/on_a_tty.py" <<'END'
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    if os.environ.get("OUT"):
        os.dup2(os.open(os.environ["OUT"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
    os.execvp(sys.argv[1], sys.argv[1:])
try:
    while data := os.read(fd, 4096):
        sys.stdout.buffer.write(data.replace(b"\r\n", b"\n"))
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
tty()
{
	local wrap=${RUN_WRAP-}

	RUN_WRAP='' run python3 "$tmp/on_a_tty.py" $wrap awget "$@"
}
esc=$'\e'
export TERM=xterm
tty "$a/http10"
expect_status 0
grep -qF "$a/http10 header > ${esc}[1m${esc}[32mHTTP/1.0 200 OK${esc}[0m" "$tmp/out" || fail "no colors on a terminal: $(cat -v "$tmp/out")"
plain=("wget $a/http10..." "${lines[@]}" "Done $a/http10.")
NO_COLOR=1 tty "$a/http10"
expect_out "${plain[@]}"
TERM=dumb tty "$a/http10"
expect_out "${plain[@]}"
tty --color never "$a/http10"
expect_out "${plain[@]}"
run awget --color always -q "$a/http10"
grep -qF "${esc}[32m" "$tmp/out" || fail "--color always has none"
OUT=$tmp/results tty -q "$a/http10" "$a/wait/700"
expect_status 0
grep -qF 'awget: 1 done, 0 failed, 1 in flight' "$tmp/out" || fail "no status line: $(cat -v "$tmp/out")"
! grep -q 'in flight' "$tmp/results" || fail "the status line is among the results"
OUT=$tmp/results tty -q --progress never "$a/wait/700"
expect_no_out
run awget -q --progress always "$a/wait/700"
grep -q '1 in flight' "$tmp/err" || fail "--progress always shows nothing"

# A chain that does not go on has taken its time, too
run awget -L --json "$a/loop"
expect_status 2
grep -qE '"total":0\.[0-9]{6}\}.*"kind":"redirect-loop"' "$tmp/out" || fail "no total time: $(cat "$tmp/out")"

# What is told and ends
run awget --version
expect_status 0
expect_out "awget $(sed -n 's/^AC_INIT(\[awget\], \[\(.*\)\])$/\1/p' "$top_srcdir/configure.ac")"
run awget --help
expect_status 0
expect_no_err
grep -qx 'Usage: awget \[OPTION\]\.\.\. \[TARGET\]\.\.\.' "$tmp/out" || fail "--help does not tell the usage"
run awget -q -- -x
expect_status 2
