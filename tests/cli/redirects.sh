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

# leads TARGET FINAL STATUS...: through hops with these statuses and to this URL; the last one is that of the answer. Whether
# it does is seen by all_lead, in one run of all that were named since the last one, with ${options[@]}.
leads()
{
	printf '%s\t%s\t%s\n' "$1" "$2" "${*:3}" >>"$tmp/leads"
}
all_lead()
{
	cut -f 1 "$tmp/leads" >"$tmp/list"
	run awget -L --json --cacert "$CA" --dns-servers "$DNS" "${options[@]}" -i "$tmp/list"
	expect_status 0
	python3 - "$tmp/out" "$tmp/leads" <<-'EOF' || fail "$ran"
		import json, sys
		rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[2])]
		all = sorted(map(json.loads, open(sys.argv[1])), key=lambda o: o["n"])
		assert [o["target"] for o in all] == [row[0] for row in rows], len(all)
		for o, (target, final, statuses) in zip(all, rows):
		    got = [str(s) for s in [h["status"] for h in o["hops"]] + [o["status"]]]
		    assert o["url"] == final and got == statuses.split(), (target, o["url"], got)
		    assert o["error"] is None, o
	EOF
	rm "$tmp/leads"
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

all_lead

# The methods of a hop
methods()
{
	arrived
	leads "$a/redirect/$2?/x" http://$a/x "$2" "$4"
	all_lead
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

# ends TARGET HEADS SENTENCE: what is shown stands, and it is no answer. all_end [OPTION]... is as all_lead.
ends()
{
	printf '%s\t%s\t%s\n' "$@" >>"$tmp/ends"
}
all_end()
{
	cut -f 1 "$tmp/ends" >"$tmp/list"
	run awget -L --dns-servers "$DNS" -q "$@" -i "$tmp/list"
	expect_status 2
	expect_err_sorted < <(awk -F '\t' '{ print "awget: " $1 ": " $3 }' "$tmp/ends")
	sed -n 's/ header > HTTP\/.*//p' "$tmp/out" | sort | uniq -c | awk '{ print $2, $1 }' >"$tmp/heads"
	same heads "$tmp/heads" < <(cut -f 1,2 --output-delimiter=' ' "$tmp/ends" | sort)
	rm "$tmp/ends"
}
ends $a/redirects/11 11 'more than 10 redirects'
all_end
ends $a/redirects/3 3 'more than 2 redirects'
all_end --max-redirs 2
ends $a/redirects/3 2 'more than 1 redirect'
all_end --max-redirs 1
ends $a/redirects/3 1 'more than 0 redirects'
all_end --max-redirs 0
options=(--max-redirs 2)
leads $a/redirects/2 http://$a/redirects/0 302 302 200
all_lead
options=(--max-redirs 0)
leads $a/ http://$a/ 200
all_lead
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
all_end
ends "$a/redirect/302?/wait/200" 1 'no response within 0.1 s'
all_end -m 0.1
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
	printf '%s\t%s\n' "$1" "${*:2}" >>"$tmp/carries"
}
carries $a/echo Authorization Cookie X-Plain
carries "$a/redirect/302?/echo" Authorization Cookie X-Plain
carries "$a/redirect/302?http://$a:80/echo" Authorization Cookie X-Plain
carries "$a/redirect/302?http://a.test/echo" X-Plain
carries "$a/redirect/302?https://$a/echo" X-Plain
carries "http://a.test/redirect/302?https://a.test/echo" X-Plain
carries "http://a.test/redirect/302?http://b.test/redirect/302%3fhttp://a.test/echo" Authorization Cookie X-Plain
cut -f 1 "$tmp/carries" >"$tmp/list"
run awget -L --json --cacert "$CA" --dns-servers "$DNS" -u user:secret -H @"$tmp/fields" -H 'X-Plain: 1' -i "$tmp/list"
expect_status 0
python3 - "$tmp/out" >"$tmp/carried" <<'EOF'
import json, sys
for o in sorted(map(json.loads, open(sys.argv[1])), key=lambda o: o["n"]):
    values = [h["value"].split(":")[0] for h in o["headers"] if h["name"] == "X-Request"]
    print(o["target"], " ".join(v for v in values if v in ("Authorization", "Cookie", "X-Plain")), sep="\t")
EOF
same 'what is carried' "$tmp/carried" <"$tmp/carries"
run awget -L --json --dns-servers "$DNS" -H 'Authorization: Bearer secret' "$a/redirect/302?http://a.test/echo"
! grep -q Bearer "$tmp/out" || fail "-H Authorization goes to another origin"

# From outside nobody leads us inside: nothing there is contacted.
public=203.0.113.5
# refused TARGET PLACE [REQUESTS]: so many (1) arrive before
refused()
{
	printf '%s\t%s\t%s\n' "$1" "$2" "${3-1}" >>"$tmp/refused"
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
cut -f 1 "$tmp/refused" >"$tmp/list"
arrived
run awget -L --json --dns-servers "$DNS" --resolve here.test:80:127.0.0.1 -i "$tmp/list"
arrived
expect_status 2
python3 - "$tmp/out" "$tmp/refused" <<'EOF' || fail "not refused: $ran"
import json, sys
rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[2])]
all = sorted(map(json.loads, open(sys.argv[1])), key=lambda o: o["n"])
assert [o["target"] for o in all] == [row[0] for row in rows], len(all)
for o, (_, place, _) in zip(all, rows):
    why = "redirect into a private network, to %s; see --allow-private" % place
    assert o["error"]["kind"] == "excluded" and o["error"]["message"] == why, o
EOF
[ "$(wc -l <"$tmp/arrived")" = "$(awk -F '\t' '{ n += $3 } END { print n }' "$tmp/refused")" ] ||
	fail "contacted: $(cat "$tmp/arrived")"
ends "$public/redirect/302?http://127.1/x" 1 'redirect to "http://127.1/x": host is a number but not an IPv4 address of four decimal numbers'
all_end
# ... but to other places outside, and anywhere if that is allowed, or from inside
leads "$public/redirect/302?http://192.0.2.1/x" http://192.0.2.1/x 302 200
leads "$public/redirect/302?http://ip-192-0-2-1.test/x" http://ip-192-0-2-1.test/x 302 200
all_lead
options=(--allow-private)
leads "$public/redirect/302?http://127.0.0.1/x" http://127.0.0.1/x 302 200
leads "$public/redirect/302?https://ip-127-0-0-1.test/x" https://ip-127-0-0-1.test/x 302 200
all_lead
options=()
leads "10.1.2.3/redirect/302?http://127.0.0.1/x" http://127.0.0.1/x 302 200
leads "127.0.0.1/redirect/302?http://$public/redirect/302%3fhttp://10.1.2.3/x" http://10.1.2.3/x 302 302 200
all_lead
