#!/bin/bash
# The programs that reports are for can read them, whatever servers send: prove, xmllint with a schema, promtool; and what
# they read is what happened.
. "${0%/*}/lib.sh"

need python3 prove xmllint promtool
serve --ipv4 --verbose
a=127.0.0.1:$HTTP_PORT
hostile="$a/raw?HTTP/1.1%20200%20OK%0d%0aServer:%20%3C/x%3E]]%3E%22%27%26%1b%00%ff%7c%23%5c%0d%0aX-A:%20%25%7b%7d%0d%0a%0d%0a"
cat >"$tmp/list" <<-EOF
	$a/status/200
	$a/status/404 tag=a"b\\c
	$a/status/404 tag=a"b\\c
	$hostile
	https://expired.test:$HTTPS_PORT/ address=127.0.0.1
	bad|target#1
	127.0.0.1:1
EOF
checks=(-e 'ok: status == 200' -e 'warn: h[Server] == "<x>"' -e 'if status == 404 then h[X-Missing] present' -e 'h[Server] != /x')
checks=("${checks[@]:0:6}" -e 'server: h[Server] !~ /<|\|/')
run awget -s -i "$tmp/list" "${checks[@]}" --report "tap=$tmp/r.tap" --report "junit=$tmp/r.xml" --report "prom=$tmp/r.prom" \
	--report "html=$tmp/r.html"
expect_status 2
expect_no_out

# TAP: two checks that are no warning, one that may be skipped, of four answers; three that did not answer
prove -v --exec cat "$tmp/r.tap" >"$tmp/prove" 2>&1 && fail "prove: $(cat "$tmp/prove")"
grep -qE '^Files=1, Tests=19,' "$tmp/prove" || fail "prove: $(cat "$tmp/prove")"
grep -qF 'Failed 8/19 subtests' "$tmp/prove" || fail "prove: $(cat "$tmp/prove")"
! grep -i 'parse error' "$tmp/prove" || fail "prove: $(cat "$tmp/prove")"
run awget "$a/status/200" -e 'status == 200' --report tap=-
expect_status 0
cp "$tmp/out" "$tmp/good.tap"
prove --exec cat "$tmp/good.tap" >/dev/null || fail "$(cat "$tmp/good.tap")"

# JUnit
xmllint --noout --schema "$top_srcdir/tests/cli/junit.xsd" "$tmp/r.xml" 2>"$tmp/err" || fail "$(cat "$tmp/err")"
python3 - "$tmp/r.xml" <<-'EOF' || fail junit
	import sys, xml.etree.ElementTree as E
	suite = E.parse(sys.argv[1]).getroot()
	suite = suite if suite.tag == "testsuite" else suite[0]
	got = {k: suite.get(k) for k in ("tests", "failures", "errors", "skipped")}
	count = lambda tag: sum(1 for case in suite.iter("testcase") if case.find(tag) is not None)
	assert got == {"tests": str(len(list(suite.iter("testcase")))), "failures": str(count("failure")),
	    "errors": str(count("error")), "skipped": str(count("skipped"))}, got
	assert got == {"tests": "19", "failures": "5", "errors": "3", "skipped": "2"}, got
EOF

# Prometheus
promtool check metrics <"$tmp/r.prom" 2>"$tmp/err" || fail "$(cat "$tmp/err")"
[ ! -s "$tmp/err" ] || fail "$(cat "$tmp/err")"
[ "$(grep -c '^awget_target_up{.*} 1$' "$tmp/r.prom")" = 4 ] || fail "$(cat "$tmp/r.prom")"
[ "$(grep -c '^awget_target_up{.*} 0$' "$tmp/r.prom")" = 3 ] || fail "$(cat "$tmp/r.prom")"
[ "$(grep '^[a-z]' "$tmp/r.prom" | sed 's/ [^ ]*$//' | sort | uniq -d)" = '' ] || fail 'a sample is there twice'

# a report takes its file's place when it is whole, and leaves nothing else behind
find "$tmp" -name "r.*" -o -name ".awget*" | sed "s,.*/,," | sort >"$tmp/files"
same files "$tmp/files" r.html r.prom r.tap r.xml
umask 022
echo old >"$tmp/there.prom"
chmod 640 "$tmp/there.prom"
run awget -s "$a/status/200" --report "prom=$tmp/there.prom"
[ "$(stat -c %a "$tmp/there.prom")" = 640 ] || fail "mode $(stat -c %a "$tmp/there.prom")"
[ "$(stat -c %a "$tmp/r.prom")" = 644 ] || fail "mode $(stat -c %a "$tmp/r.prom")"
run awget -s "$a/status/200" --report "prom=$tmp/none/x.prom"
expect_status 4
grep -qF "cannot write $tmp/none/x.prom: No such file" "$tmp/err" || fail "$(cat "$tmp/err")"
run awget -s "$a/status/200" --report prom=/dev/full
expect_status 4
grep -qF 'cannot write /dev/full: No space left' "$tmp/err" || fail "$(cat "$tmp/err")"

# a monitoring plugin: its first line, its performance data, its states
plugin()
{
	local want=$1 word=$2

	shift 2
	run awget --report nagios=- "$@"
	expect_status "$want"
	head -n 1 "$tmp/out" | grep -qE "^AWGET $word - [^|]+ \|( '?[^'= |]+'?=-?[0-9.]+[a-zA-Z%]*(;[^ ;]*)*)+\$" ||
		fail "$ran: $(cat "$tmp/out")"
}
plugin 0 OK "$a/status/200" -e 'status == 200'
plugin 1 WARNING "$a/status/200" -e 'warn: status == 404'
plugin 2 CRITICAL "$a/status/200" -e 'status == 404'
plugin 2 CRITICAL 127.0.0.1:1
plugin 2 CRITICAL -i "$tmp/list" "${checks[@]}"
run awget --report nagios=- -e 'status == ' "$a"
expect_status 3
