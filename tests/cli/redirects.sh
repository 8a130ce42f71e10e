#!/bin/bash
# -L goes where RFC 9110 section 15.4 and RFC 3986 say, shows and records each hop, ends in time, takes no secret along, and
# is not led from outside into this machine's own networks.
. "${0%/*}/net.sh"

need python3
for address in 203.0.113.5 192.0.2.1 10.1.2.3; do
	ip addr add "$address/32" dev lo || skip "cannot add addresses"
done
serve --public -a 127.0.0.1 -a ::1 -a 203.0.113.5 -a 192.0.2.1 -a 10.1.2.3 -p 80 -s 443 -d 53 --ipv4 --verbose
a=127.0.0.1

# arrived: what the server was asked since the last time, but for names
asked=0
arrived()
{
	tail -n "+$((asked + 1))" "$serve_err" | grep '^https\? ' >"$tmp/arrived" || :
	asked=$(wc -l <"$serve_err")
}

# leads TARGET FINAL STATUS...: through hops with these statuses and to this URL; the last one is that of the answer
leads()
{
	run awget -L --json --cacert "$CA" --dns-servers "$DNS" "${options[@]}" "$1"
	python3 - "$tmp/out" "$@" <<-'EOF' || fail "$ran"
		import json, sys
		o = json.load(open(sys.argv[1]))
		got = [str(s) for s in [h["status"] for h in o["hops"]] + [o["status"]]]
		assert o["url"] == sys.argv[3] and got == sys.argv[4:], (o["url"], got)
		assert o["error"] is None and o["target"] == sys.argv[2], o
	EOF
}
options=()
leads $a/redirects/0 http://$a/redirects/0 200
leads $a/redirects/3 http://$a/redirects/0 302 302 302 200
for code in 300 301 302 303 307 308; do
	leads "$a/redirect/$code?/x" http://$a/x "$code" 200
done
for code in 200 201 304 305 306 309 400 500; do # these lead nowhere
	leads "$a/redirect/$code?/x" "http://$a/redirect/$code?/x" "$code"
done
leads $a/location/none http://$a/location/none 302
leads $a/location/empty http://$a/location/empty 302
leads $a/location/two http://$a/ 302 200
# references (RFC 3986 section 5)
leads "$a/redirect/302?x" http://$a/redirect/x 302 400
leads "$a/redirect/302?../x" http://$a/x 302 200
leads "$a/redirect/302?../../../x" http://$a/x 302 200
leads "$a/redirect/302?./../x/../y" http://$a/y 302 200
leads "$a/redirect/302?//a.test/x" http://a.test/x 302 200
leads "$a/redirect/302?/x%23there" http://$a/x 302 200
leads "$a/redirect/302?/x%3fa=b" "http://$a/x?a=b" 302 200
leads "$a/redirect/302?/a%20b%c3%bc" http://$a/a%20b%C3%BC 302 200
leads "$a/redirect/302?HTTP://A.test:80" http://A.test/ 302 200
# from http to https and back
leads "$a/redirect/301?https://a.test/redirect/302%3fhttp://b.test/x" http://b.test/x 301 302 200
leads "https://a.test/redirect/302?http://$a/redirect/302%3fhttps://b.test/x" https://b.test/x 302 302 200

# The methods of a hop
methods()
{
	arrived
	leads "$a/redirect/$2?/x" http://$a/x "$2" "$4"
	arrived
	same methods <(cut -d ' ' -f 2 "$tmp/arrived") "$1" "$3"
}
options=(-I)
methods HEAD 302 HEAD 200
methods HEAD 303 HEAD 200
methods HEAD 308 HEAD 200

# The hops of JSON are whole.
run awget -L --json "$a/redirects/1"
python3 - "$tmp/out" <<-'EOF' || fail "$ran"
	import json, sys
	o = json.load(open(sys.argv[1]))
	(hop,) = o["hops"]
	assert list(hop) == ["url", "address", "status", "headers"], hop
	assert hop["url"] == "http://127.0.0.1/redirects/1" and hop["address"] == "127.0.0.1", hop
	assert {"name": "Location", "value": "/redirects/0"} in hop["headers"], hop
	assert "Location" not in [h["name"] for h in o["headers"]], o
EOF

# Text shows the head of each hop under the same target, when it comes; so does --group, at the end.
heads()
{
	printf "$1 header > %s\n" 'HTTP/1.1 302 Found' 'Server: awserve' 'Content-Type: text/html' 'Content-Length: 9' 'Connection: close' \
		'Location: /redirects/0' 'HTTP/1.1 200 OK' 'Server: awserve' 'Content-Type: text/html' 'Content-Length: 19' 'Connection: close'
}
for how in '' --group; do
	run awget -L $how "$a/redirects/1"
	expect_status 0
	expect_no_err
	expect_out < <(
		echo "wget $a/redirects/1..."
		heads "$a/redirects/1"
		echo "Done $a/redirects/1."
	)
done
run awget -L --format raw "$a/redirects/1"
expect_out < <(
	get /redirects/1 $a 80 | sed '/^\r$/q'
	get /redirects/0 $a 80 | sed '/^\r$/q'
)
mkfifo "$tmp/live"
awget -L -q "$a/redirect/302?/never" >"$tmp/live" 2>"$tmp/err" &
awget=$!
read -r line <"$tmp/live"
kill $awget
wait $awget
[ "$line" = "$a/redirect/302?/never header > HTTP/1.1 302 Found" ] || fail "a hop is not shown at once: $line"

# without -L nothing is followed
run awget -q "$a/redirects/1"
expect_status 0
[ "$(grep -c 'header > HTTP/' "$tmp/out")" = 1 ] || fail 'followed without -L'

# ends TARGET HEADS SENTENCE [OPTION]...: what is shown stands, and it is no answer
ends()
{
	run awget -L --dns-servers "$DNS" -q "${@:4}" "$1"
	expect_status 2
	expect_err "awget: $1: $3"
	[ "$(grep -c 'header > HTTP/' "$tmp/out")" = "$2" ] || fail "not $2 heads: $(cat "$tmp/out")"
}
ends $a/redirects/11 11 'more than 10 redirects'
ends $a/redirects/3 3 'more than 2 redirects' --max-redirs 2
ends $a/redirects/3 2 'more than 1 redirect' --max-redirs 1
ends $a/redirects/3 1 'more than 0 redirects' --max-redirs 0
options=(--max-redirs 2)
leads $a/redirects/2 http://$a/redirects/0 302 302 200
options=(--max-redirs 0)
leads $a/ http://$a/ 200
options=()
ends $a/loop 2 'redirected in a circle'
ends $a/pingpong 4 'redirected in a circle'
ends "$a/redirect/302?ftp://b.test/" 1 'redirect to "ftp://b.test/": scheme "ftp" is not supported'
ends "$a/redirect/302?http://" 1 'redirect to "http://": no host'
ends "$a/redirect/302?http://a%0b.test/" 1 'redirect to "http://a\x0b.test/": a location must not contain control bytes'
ends "$a/redirect/302?http://a.test:0/" 1 'redirect to "http://a.test:0/": port must be from 1 to 65535'
ends "$a/redirect/302?http://nxdomain.test/" 1 'no such host name (NXDOMAIN)'
ends "$a/redirect/302?http://$a:1/" 1 "cannot connect to $a:1: Connection refused"
ends "$a/redirect/302?/close" 1 'empty reply'
ends "$a/redirect/302?/wait/200" 1 'no response within 0.1 s' -m 0.1
run awget -L --json $a/loop "$a/redirect/302?ftp://b.test/"
expect_status 2
python3 - "$tmp/out" <<-'EOF' || fail "$ran"
	import json, sys
	loop, ftp = sorted(map(json.loads, open(sys.argv[1])), key=lambda o: o["n"])
	assert loop["error"]["kind"] == "redirect-loop" and len(loop["hops"]) == 2 and loop["timing"]["total"] > 0, loop
	assert ftp["error"]["kind"] == "input" and ftp["status"] == 302, ftp
EOF

# Secrets stay with the origin that they are for: its scheme, host and port.
printf 'Cookie: c=secret\n' >"$tmp/fields"
carries()
{
	run awget -L --json --cacert "$CA" --dns-servers "$DNS" -u user:secret -H @"$tmp/fields" -H 'X-Plain: 1' "$1"
	expect_status 0
	python3 - "$tmp/out" >"$tmp/carried" <<-'EOF'
		import json, sys
		values = [h["value"].split(":")[0] for h in json.load(open(sys.argv[1]))["headers"] if h["name"] == "X-Request"]
		print(*[v for v in values if v in ("Authorization", "Cookie", "X-Plain")])
	EOF
	same "carried to $1" "$tmp/carried" "${*:2}"
}
carries $a/echo Authorization Cookie X-Plain
carries "$a/redirect/302?/echo" Authorization Cookie X-Plain
carries "$a/redirect/302?http://$a:80/echo" Authorization Cookie X-Plain
carries "$a/redirect/302?http://a.test/echo" X-Plain
carries "$a/redirect/302?https://$a/echo" X-Plain
carries "http://a.test/redirect/302?https://a.test/echo" X-Plain
carries "http://a.test/redirect/302?http://b.test/redirect/302%3fhttp://a.test/echo" Authorization Cookie X-Plain
run awget -L --json --dns-servers "$DNS" -H 'Authorization: Bearer secret' "$a/redirect/302?http://a.test/echo"
! grep -q Bearer "$tmp/out" || fail "-H Authorization goes to another origin"

# From outside nobody leads us inside: nothing there is contacted.
public=203.0.113.5
refused()
{
	arrived
	run awget -L --json --dns-servers "$DNS" --resolve here.test:80:127.0.0.1 "$1"
	arrived
	expect_status 2
	grep -q "\"kind\":\"excluded\",\"phase\":[^,]*,\"message\":\"redirect into a private network, to $2; see --allow-private\"" "$tmp/out" ||
		fail "not refused: $ran: $(cat "$tmp/out")"
	[ "$(wc -l <"$tmp/arrived")" = "${3-1}" ] || fail "contacted: $(cat "$tmp/arrived")"
}
refused "$public/redirect/302?http://127.0.0.1/x" 127.0.0.1
refused "$public/redirect/302?http://127.9.9.9/x" 127.9.9.9
refused "$public/redirect/302?http://10.1.2.3/x" 10.1.2.3
refused "$public/redirect/302?http://0.0.0.0/x" 0.0.0.0
refused "$public/redirect/302?http://169.254.169.254/x" 169.254.169.254
refused "$public/redirect/302?http://[::1]/x" ::1
refused "$public/redirect/302?http://[::ffff:127.0.0.1]/x" ::ffff:127.0.0.1
refused "$public/redirect/302?http://localhost/x" localhost
refused "$public/redirect/302?http://ip-127-0-0-1.test/x" 127.0.0.1
refused "$public/redirect/302?https://ip-10-1-2-3.test/x" 10.1.2.3
refused "$public/redirect/302?http://backends-2.test/x" 127.0.1.1
refused "$public/redirect/302?http://here.test/x" 127.0.0.1
refused "ip-203-0-113-5.test/redirect/302?http://127.0.0.1/x" 127.0.0.1
refused "$public/redirect/302?http://192.0.2.1/redirect/302%3fhttp://127.0.0.1/x" 127.0.0.1 2
ends "$public/redirect/302?http://127.1/x" 1 'redirect to "http://127.1/x": host is a number but not an IPv4 address of four decimal numbers'
# ... but to other places outside, and anywhere if that is allowed, or from inside
leads "$public/redirect/302?http://192.0.2.1/x" http://192.0.2.1/x 302 200
leads "$public/redirect/302?http://ip-192-0-2-1.test/x" http://ip-192-0-2-1.test/x 302 200
options=(--allow-private)
leads "$public/redirect/302?http://127.0.0.1/x" http://127.0.0.1/x 302 200
leads "$public/redirect/302?https://ip-127-0-0-1.test/x" https://ip-127-0-0-1.test/x 302 200
options=()
leads "10.1.2.3/redirect/302?http://127.0.0.1/x" http://127.0.0.1/x 302 200
leads "127.0.0.1/redirect/302?http://$public/redirect/302%3fhttp://10.1.2.3/x" http://10.1.2.3/x 302 302 200
