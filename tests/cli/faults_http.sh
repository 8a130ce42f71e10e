#!/bin/bash
# Whatever a server sends, or does not send: each target ends in exactly one way, and nothing is invented.
. "${0%/*}/lib.sh"

need python3
ulimit -n 4096 2>/dev/null || :
serve
a=127.0.0.1:$HTTP_PORT

# outcomes TIMEOUT [OPTION]...: fetches the targets of $tmp/table, as JSON and as text with each of these options, and
# compares what becomes of them.
outcomes()
{
	local timeout=$1 how

	shift
	cut -f 1 "$tmp/table" >"$tmp/list"
	run awget --json --timeout "$timeout" -i "$tmp/list"
	expect_status 2
	expect_no_err
	python3 "$top_srcdir/tests/cli/outcomes.py" json "$tmp/table" "$tmp/out" || fail "$ran"
	mv "$tmp/out" "$tmp/json"
	for how; do
		run awget $how --timeout "$timeout" -i "$tmp/list"
		expect_status 2
		[ "$how" != -v ] || sed -i -E '/: (resolved|connected) [^:]* ms|: connected to /d' "$tmp/err"
		python3 "$top_srcdir/tests/cli/outcomes.py" text "$tmp/table" "$tmp/out" "$tmp/err" || fail "$ran"
	done
}

# row EXPECTED PATH...
row()
{
	local want=$1 path

	shift
	for path; do
		printf '%s\t%s\n' "$a/$path" "$want"
	done
}

# raw EXPECTED BYTES: the whole answer, in printf's escapes.
raw()
{
	row "$1" "raw?$(printf "$2" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g')"
}

# What ends at once
{
	# whole heads, whatever follows them, and however they come
	row 200 '' echo wait/10 half nobody large/1000000 endless/body endless/body/5 reset/100 reset/1000 cut/100 stall/100
	row 200 lf noreason emptyreason http10 duplicate fold novalue trim obstext headers/95 line/8192 line/60000 headers/2000
	row 200 lines/5 drip/1 informational/1 informational/30
	row 404 status/404
	row 599 status/599
	row 101 switching
	for n in {1..100}; do
		row 200 "drip/0/$n"
	done
	# either: taken as it came
	row 200 foldfirst nocolon blank noname control nul cr
	# no head, or not the whole of one
	row closed/wait close cut/0 cut/1 cut/4 'raw?'
	row closed/headers cut/5 cut/12 cut/16 cut/17 cut/18 cut/60 cut/97 cut/98 cut/99 informational/1/only informational/3/only
	row reset/wait reset/0 reset/1 reset/4
	row reset/headers reset/5 reset/16 reset/17 reset/60 reset/98 reset/99
	# no HTTP
	row not-http/wait garbage/{random,http09,icy,ssh,smtp,ftp,tls,h2,binary,lower} blanklines endless/{nul,blanks}
	row not-http/headers garbage/{version,code,tab,spaces}
	for code in 2 20 2000 099 000 abc 2x0 -200 0x200 200. ''; do
		raw not-http/headers "HTTP/1.1 $code OK\r\n\r\n"
	done
	for version in 1 2 2.0 3 0.9 01.1 11.1 9.9 1,1 1. .1 '' 1.1.1; do
		raw not-http/headers "HTTP/$version 200 OK\r\n\r\n"
	done
	for name in HTTPS XHTTP http Http SIP RTSP ' HTTP' '\tHTTP' '\0HTTP' '\xef\xbb\xbfHTTP' '\x1b[31m' '\r\n\r\nHTTP'; do
		raw not-http/wait "$name/1.1 200 OK\r\n\r\n"
	done
	raw not-http/headers 'HTTP/1.1\t200\tOK\r\n\r\n'
	raw not-http/headers 'HTTP/1.1\0 200 OK\r\n\r\n'
	raw not-http/headers 'HTTP/1.1\r\n\r\n'
	raw closed/headers 'HTTP/1.1 200 OK\r\n\r' # a lone CR at the end is no line end
	raw 200 'HTTP/1.1 200 \0\x1b]0;x\a\xc2\x9b\r\nX: \0\r\n\r\n'
	raw 200 'HTTP/1.1 200 OK\r\n\x80\xff: \xfe\n\n'
	# without an end
	row header-too-large/headers endless/{lines,line,status,fold,informational} line/310000 headers/30000 reason/310000
	# a connection that is none
	printf '%s\t%s\n' "127.0.0.2:$HTTP_PORT" 200
	printf '%s\t%s\n' "127.0.0.3:$HTTP_PORT" 'reset/connect|reset/wait|reset/send'
	printf '%s\t%s\n' "127.0.0.9:$HTTP_PORT" connect-refused/connect
} >"$tmp/table"
outcomes 50 '' --group -v

# every way to cut it into packets gives the same lines, and they are under the right target
python3 - "$tmp/json" <<'END' || fail "lines are not those that were sent"
import json, sys
heads = {}
for line in open(sys.argv[1], encoding="utf-8"):
    o = json.loads(line)
    host, _, name = o["target"].partition("/")
    if not host.startswith("127.0.0.1:"):
        continue
    heads[name] = [(h["name"], h["value"]) for h in o["headers"]], o
usual = [("Server", "awserve"), ("Content-Type", "text/html"), ("Content-Length", "19"), ("Connection", "close")]
for name in ["", "half", "nobody", "lines/5", "drip/1", "informational/30"] + ["drip/0/%d" % n for n in range(1, 101)]:
    assert heads[name][0] == usual, (name, heads[name])
next = ("X-Next", "four")
want = {
    "lf": [("Server", "awserve"), ("X-End", "LF")],
    "duplicate": [("Set-Cookie", "a=1"), ("Via", "1.1 x"), ("Set-Cookie", "b=2"), ("set-cookie", "a=1")],
    "fold": [("X-Fold", "one two three"), next],
    "foldfirst": [("", " folded"), next],
    "nocolon": [("", "No colon here"), next],
    "blank": [("X-Blank", "before"), next],
    "noname": [("", ": no name"), next],
    "novalue": [("X-Empty", ""), ("X-Blanks", ""), next],
    "trim": [("X-Trim", "a b"), ("X-None", "c")],
    "obstext": [("X-Latin", "caf\xe9"), ("X-Utf8", "caf\xe9 \u20ac")],
    "nul": [("X-Nul", "a\0b"), next],
    "cr": [("X-Cr", "a\rX-Injected: b"), next],
    "control": [("X-Esc", "\x1b[2J\x1b[1;1H"), ("X-Osc", "\x1b]0;title\x07"), ("X-C1", "\x9b31m \x85"),
        ("X-C1-Utf8", "\x9b31m"), ("X-Bs", "ab\b\bc"), ("X-Del", "\x7f"), ("X\x1b-Name", "\x01\x02")],
    "headers/95": [("X-Field-%d" % n, str(n)) for n in range(1, 96)],
    "line/60000": [("X-Long", 60000 * "x")],
    "informational/3/only": [],
    "cut/60": usual[:2],
}
for name, fields in want.items():
    assert heads[name][0] == fields, (name, heads[name])
assert heads["control"][1]["reason"] == "\x1b[31mred\b\x7f"
assert heads["noreason"][1]["reason"] == heads["emptyreason"][1]["reason"] == ""
assert heads["http10"][1]["http_version"] == "1.0"
# interim heads are no status
assert heads["informational/3/only"][1]["status"] is None
assert heads["informational/3/only"][1]["reason"] is None
assert [h["b64"] for h in heads["obstext"][1]["headers"] if "b64" in h] == ["Y2Fm6Q=="]
END

# the sentences of what is no HTTP: its first line, escaped, not cut at a NUL
run awget -s "$a/garbage/h2" "$a/garbage/ssh" "$a/garbage/tab" "$a/blanklines"
expect_status 2
expect_err_sorted <<END
awget: $a/garbage/h2: not an HTTP response: "$(printf '\\x00\\x00\\x06\\x04%s\\x03%sd' "$(printf '\\x00%.0s' {1..6})" \
	"$(printf '\\x00%.0s' {1..3})")\x00\x00\x08\x07$(printf '\\x00%.0s' {1..12})\x01"
awget: $a/garbage/ssh: not an HTTP response: "SSH-2.0-OpenSSH_9.2p1"
awget: $a/garbage/tab: malformed status line: "HTTP/1.1\x09200\x09OK"
awget: $a/blanklines: not an HTTP response: an empty line
END

# a line that was cut off is shown neither at once nor with all others
for how in '' --group; do
	run awget $how -q "$a/cut/30"
	expect_status 2
	expect_out "$a/cut/30 header > HTTP/1.1 200 OK"
	expect_err "awget: $a/cut/30: connection closed inside the response head"
done
run awget --format raw "$a/cut/30"
expect_status 2
expect_out "$(printf 'HTTP/1.1 200 OK\r')"

# the limit is that of the head: exactly so much is whole
size=$(printf 'HTTP/1.1 200 OK\r\nX-Long: \r\n\r\n' | wc -c)
for n in 1000 4096 8192; do
	run awget -q --max-header-size "$n" "$a/line/$((n - size))"
	expect_status 0
	run awget -s --max-header-size "$n" "$a/line/$((n - size + 1))"
	expect_status 2
	expect_err "awget: $a/line/$((n - size + 1)): response head larger than $n bytes"
done

# What ends only by the timeout: progress does not extend it
{
	row timeout/wait never stall/0 stall/4
	row timeout/headers stall/5 stall/17 stall/60 stall/99
	row timeout/headers endless/{lines,line,status,fold,informational}/20
	row not-http/wait endless/{nul,blanks}/20
	row timeout/headers drip/200 lines/1000
	row 200 '' wait/100
} >"$tmp/table"
outcomes 2 ''

# one after the other they take the time of each, and no CPU to speak of; a sentence says which wait it was
begin=$EPOCHREALTIME
run awget -s -c 1 --timeout 0.7 "$a/never" "$a/endless/lines/10" "$a/stall/30"
end=$EPOCHREALTIME
expect_status 2
expect_err "awget: $a/never: no response within 0.7 s" \
	"awget: $a/endless/lines/10: the response head did not end within 0.7 s" \
	"awget: $a/stall/30: the response head did not end within 0.7 s"
awk -v a="$begin" -v b="$end" 'BEGIN { exit !(b - a >= 2.1) }' || fail "the timeouts were shorter than was said"
