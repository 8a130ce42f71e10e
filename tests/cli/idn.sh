#!/bin/bash
# A name that is not ASCII is shown as it was typed, and asked for and sent as the DNS has it (IDNA 2008); one that may
# not be is refused in one line. Who needs none of this does not pay for it.
. "${0%/*}/lib.sh"

need python3
serve --verbose --ipv4
ascii=xn--bcher-kva.test

# fetched TARGET ADDRESSED: found through the DNS; the request is the one for ADDRESSED
fetched()
{
	: >"$serve_err"
	run awget -4 --dns-servers "$DNS" --json "$1"
	expect_status 0
	expect_no_err
	python3 - "$tmp/out" "$1" "$2" <<-'END' || fail "$ran"
		import json, sys
		o = json.load(open(sys.argv[1], encoding="utf-8"))
		assert o["target"] == sys.argv[2], o["target"]
		assert o["url"] == "http://" + sys.argv[3] + "/echo", o["url"]
		lines = [h["value"] for h in o["headers"] if h["name"] == "X-Request"]
		assert lines[1] == "Host: " + sys.argv[3], lines
	END
	grep -q "^dns udp A ${2%:*}$" "$serve_err" || fail "asked for: $(cat "$serve_err")"
}
fetched "bücher.test:$HTTP_PORT/echo" "$ascii:$HTTP_PORT"
fetched "BÜCHER.Test:$HTTP_PORT/echo" "$ascii:$HTTP_PORT"
fetched $'http://bu\xcc\x88cher\xe3\x80\x82test:'"$HTTP_PORT/echo#ü" "$ascii:$HTTP_PORT"
fetched "straße.日本語.test:$HTTP_PORT/echo" "xn--strae-oqa.xn--wgv71a119e.test:$HTTP_PORT"

# text, and an address from the command line
run awget --resolve "$ascii:$HTTP_PORT:127.0.0.1" "BÜCHER.test:$HTTP_PORT/status/204"
expect_status 0
expect_no_err
sed -n '1p;2p;$p' "$tmp/out" >"$tmp/ends"
same out "$tmp/ends" "wget BÜCHER.test:$HTTP_PORT/status/204..." \
	"BÜCHER.test:$HTTP_PORT/status/204 header > HTTP/1.1 204 No Content" "Done BÜCHER.test:$HTTP_PORT/status/204."

# refused TARGET SHOWN SENTENCE
refused()
{
	run awget -q "$1"
	expect_status 2
	expect_no_out
	expect_err "awget: $2: $3"
}
: >"$serve_err"
refused $'a\xe2\x80\xa8b.test' $'a\xe2\x80\xa8b.test' 'host name has a character that no name may have'
refused 'bü--cher.test' 'bü--cher.test' 'host name has a label with hyphens in its third and fourth place'
refused 'bücher-.test' 'bücher-.test' 'host name has a label that begins or ends with a hyphen'
refused $'\xfc.test' '\xfc.test' 'host name is neither ASCII nor UTF-8'
refused 'bücher%2etest' 'bücher%2etest' 'a host must not be percent-encoded'
refused "127.0.0.1"$'\xef\xbc\x8f'"x:$HTTP_PORT" "127.0.0.1"$'\xef\xbc\x8f'"x:$HTTP_PORT" "a host must not contain '/'"
same log "$serve_err" </dev/null

# many at once, good and bad: on the small stacks of coroutines
for i in {1..300}; do
	printf '%s\n' "ü$i.test:$HTTP_PORT" "-ü$i.test:$HTTP_PORT" "i$i.test:$HTTP_PORT"
done >"$tmp/list"
run awget -4 --dns-servers "$DNS" -s -i "$tmp/list"
expect_status 2
[ "$(grep -c 'begins or ends with a hyphen$' "$tmp/err")" -eq 300 ] && [ "$(wc -l <"$tmp/err")" -eq 300 ] || fail "$ran"

# what is loaded, by the loader's own account
loaded()
{
	LD_DEBUG=libs RUN_WRAP='' run awget -s -4 --dns-servers "$DNS" "$1:$HTTP_PORT"
	expect_status 0
	grep -c 'calling init: .*/\(idn\.so\|libidn2\.so\|libunistring\.so\)' "$tmp/err"
}
with=$(loaded bücher.test) || skip 'the loader says nothing'
[ "$with" -ge 2 ] || fail "$with modules are loaded for a name that is not ASCII"
[ "$(loaded a.test)" = 0 ] || fail 'a name of ASCII loads what it does not need'
