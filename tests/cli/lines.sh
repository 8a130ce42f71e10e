#!/bin/bash
# A line of input may say more than the target, for it alone: address=, sni= and tag=. What makes no sense is the failure of
# that line.
. "${0%/*}/lib.sh"

need python3
serve --ipv4 --verbose
a=127.0.0.1:$HTTP_PORT

# row WANT LINE: what becomes of it, and the line, printf's escapes in it
rows=()
row()
{
	rows+=("$1")
	printf "$2\n" >>"$tmp/list"
}
# as JSON tells it: target, tag, address and status; or the whole line and the sentence
good() { row "$1|$2|$3|200" "$4"; }
bad() { row "$1|None|None|$2" "$1"; }
good "no.example:$HTTP_PORT/x" one 127.0.0.1 "no.example:$HTTP_PORT/x address=127.0.0.1 tag=one"
good "a.test:$HTTP_PORT/x" two 127.0.1.1 "a.test:$HTTP_PORT/x\\ttag=two \\t address=127.0.1.1"
good "$a/x" a=b,c 127.0.0.1 "$a/x tag=a=b,c"
good "$a/x" last 127.0.0.1 "$a/x tag=first tag=last"
good "$a/x" '' 127.0.0.1 "$a/x tag="
good "$a/x" None 127.0.0.1 "$a/x # tag=comment"
good "$a/x" blanks 127.0.0.1 "  $a/x   tag=blanks  \\r"
good "$a/x" 'bücher' 127.0.0.1 "$a/x tag=bücher"
[ ! "$V6" ] || good "a.test:$HTTP_PORT/x" None ::1 "a.test:$HTTP_PORT/x address=[::1]"
[ ! "$V6" ] || good "a.test:$HTTP_PORT/x" None ::1 "a.test:$HTTP_PORT/x address=::1"
good "https://no.example:$HTTPS_PORT" None 127.0.0.1 "https://no.example:$HTTPS_PORT address=127.0.0.1"
good "https://127.0.0.1:$HTTPS_PORT" None 127.0.0.1 "https://127.0.0.1:$HTTPS_PORT sni=good.test"
good "https://127.0.1.1:$HTTPS_PORT" None 127.0.1.1 "https://127.0.1.1:$HTTPS_PORT sni=good.test"
row "https://good.test:$HTTPS_PORT|None|127.0.0.1|the certificate is self-signed" "https://good.test:$HTTPS_PORT sni=selfsigned.test"
bad "$a/x address=300.1.1.1" 'address=300.1.1.1 is not an IP address'
bad "$a/x address=" 'address= is not an IP address'
bad "$a/x address=127.0.0.1:80" 'address=127.0.0.1:80 is not an IP address'
bad "$a/x address=a.test" 'address=a.test is not an IP address'
bad "$a/x sni=" 'sni= wants a host name in ASCII of at most 253 bytes'
long=$(printf '%0254d' 0)
bad "$a/x sni=$long" 'sni= wants a host name in ASCII of at most 253 bytes'
bad "$a/x Tag=x" '"Tag" is none of address, sni and tag'
bad "$a/x port=3" '"port" is none of address, sni and tag'
bad "$a/x nonsense" 'a target must not contain blanks'
bad "$a/x and more" 'a target must not contain blanks'
row "$a/x tag=seven more|seven|None|a target must not contain blanks" "$a/x tag=seven more" # it is found by its tag
row "$a/x tag="$'\x1b'"|None|None|a target must not contain control bytes" "$a/x tag=\\x1b"

run awget --json --cacert "$CA" --dns-servers "$DNS" -4 -i "$tmp/list"
expect_status 2
expect_no_err
python3 - "$tmp/out" "${rows[@]}" <<-'EOF' || fail "$ran"
	import json, sys
	got = {}
	for o in map(json.loads, open(sys.argv[1])):
	    got[o["n"]] = "|".join(str(x) for x in (o["target"], o["tag"], o["address"], o["error"]["message"] if o["error"] else o["status"]))
	    if o["error"] and o["address"] is None:
	        assert o["error"]["kind"] == "input" and o["error"]["phase"] is None, o
	want = dict(enumerate(sys.argv[2:], 1))
	for n in sorted(want | got):
	    if want.get(n) != got.get(n):
	        sys.exit("line %d: %s instead of %s" % (n, got.get(n), want.get(n)))
EOF

# the request is for the target, the handshake for sni=, and the DNS is not asked for who has an address
grep -qx "http GET /x no.example:$HTTP_PORT" "$serve_err" || fail "another Host"
grep -qx 'tls good.test' "$serve_err" && grep -qx "https GET / 127.0.0.1:$HTTPS_PORT" "$serve_err" || fail "another name for TLS"
! grep -q 'dns .* no.example' "$serve_err" || fail "asked for the name of a target with an address"

# text: a line that is no good is shown whole
printf '%s\n' "$a/http10 tag=x" "$a/http10 tag=x y" >"$tmp/list"
run awget -i "$tmp/list"
expect_status 2
expect_out_sorted "wget $a/http10..." "$a/http10 header > HTTP/1.0 200 OK" "$a/http10 header > Server: awserve" "Done $a/http10." \
	"wget $a/http10 tag=x y..."
expect_err "awget: $a/http10 tag=x y: a target must not contain blanks"
run awget -q "$a/http10 tag=x" # an argument is a line as well
expect_status 0

# address= and sni= are for the target's own host, not for where it leads
printf '%s\n' "no.example:$HTTP_PORT/redirect/302?http://a.test:$HTTP_PORT/x address=127.0.1.1" \
	"no.example:$HTTP_PORT/redirect/302?/x address=127.0.1.1" \
	"https://no.example:$HTTPS_PORT/redirect/302?https://other.test:$HTTPS_PORT/ address=127.0.0.1 sni=b.test" >"$tmp/list"
run awget -L --json --cacert "$CA" --dns-servers "$DNS" -4 -i "$tmp/list"
python3 - "$tmp/out" <<-'EOF' || fail "$ran"
	import json, sys
	rows = {o["n"]: o for o in map(json.loads, open(sys.argv[1]))}
	assert [h["address"] for h in rows[1]["hops"]] == ["127.0.1.1"] and rows[1]["address"] == "127.0.0.1", rows[1]
	assert [h["address"] for h in rows[2]["hops"]] == ["127.0.1.1"] and rows[2]["address"] == "127.0.1.1", rows[2]
	assert rows[3]["status"] == 200 and rows[3]["url"].startswith("https://other.test:"), rows[3]
EOF
grep -qx 'tls b.test' "$serve_err" || fail "sni= is not used"
