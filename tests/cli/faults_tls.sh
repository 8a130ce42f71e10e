#!/bin/bash
# Whatever a server does in TLS: awget takes and refuses the certificates that curl takes and refuses, and more of them only
# where RFC 9525 says so; it says why, and nothing is sent before. A table on standard output shows each case.
. "${0%/*}/lib.sh"

need curl openssl python3
serve --ipv4
CURL_CA=$CA CURL_PORT=$HTTPS_PORT
serve --client-out "$tmp/client" --ipv4 --verbose
day() { date -u -d "$1" +%F; } # the server's certificates count from its start
tab=$'\t'
patient=(-m 100 --connect-timeout 90 --dns-timeout 80) # where programs run slowly

# Each case: the host, what becomes of it (a status or kind/phase), and the sentence
table()
{
	cat <<-END
		tls10.test	tls-handshake/tls	refused by the peer in TLS: protocol version
		tls11.test	tls-handshake/tls	refused by the peer in TLS: protocol version
		tls12.test	200
		tls13.test	200
		nullcipher.test	tls-handshake/tls	refused by the peer in TLS: handshake failure
		weakdh.test	tls-handshake/tls	TLS failed: dh key too small
		clientcert.test	tls-handshake/tls	refused by the peer in TLS: certificate required
		noalpn.test	200
		alert.test	tls-handshake/tls	refused by the peer in TLS: handshake failure
		cut.test	tls-handshake/tls	connection closed in the TLS handshake
		slowtls.test	200
		plain.test	tls-handshake/tls	what came is not TLS
		nonotify.test	200
		cut-12.nonotify.test	closed/headers	connection closed inside the response head
		cuttls.test	closed/headers	connection closed inside the response head
		rsa.test	200
		chain.test	200
		reversed.test	200
		nochain.test	tls-verify/tls	the certificate's issuer is not known here
		expired.test	tls-verify/tls	the certificate expired on $ended
		notyet.test	tls-verify/tls	the certificate is not valid before $begins
		wrongname.test	tls-verify/tls	the certificate is for another name: wrong.example
		wrongip.test	tls-verify/tls	the certificate is for another name: 192.0.2.1
		cnonly.test	tls-verify/tls	the certificate has no name of a host
		sans.test	200
		x.wildcard.test	200
		wildcard.test	tls-verify/tls	the certificate is for another name: *.wildcard.test
		x.y.wildcard.test	tls-verify/tls	the certificate is for another name: *.wildcard.test
		x.wildcard2.test	tls-verify/tls	the certificate is for another name: *.*.wildcard2.test
		x.y.wildcard2.test	tls-verify/tls	the certificate is for another name: *.*.wildcard2.test
		wildtop.test	tls-verify/tls	the certificate is for another name: *.test
		web.wildpart.test	tls-verify/tls	the certificate is for another name: w*.wildpart.test
		selfsigned.test	tls-verify/tls	the certificate is self-signed
		untrusted.test	tls-verify/tls	the certificate's root is not trusted here
		leafca.test	tls-verify/tls	the certificate's issuer is no certificate authority
		clienteku.test	tls-verify/tls	the certificate is not for a server
		weak.test	tls-verify/tls	the certificate's key is too weak
		sha1.test	tls-verify/tls	the certificate's signature is too weak
		a.test	200
		b.a.test	200
		A.TEST	200
		a.test.	200
		127.0.0.1	200
		127.0.1.1	tls-verify/tls	the certificate is for another name: localhost, *.localhost, 127.0.0.1, ...
	END
	[ ! "$V6" ] || printf '[::1]\t200\n'
}
begins=$(day '30 days') ended=$(day '-30 days')
table >"$tmp/cases"
sed -n 's/^\([a-z0-9]*\) .*/\1/p' < <(awserve --list | sed -n '/for TLS:$/,$p') | while read -r label; do
	[ "$label" = stalltls ] || grep -q "^\([a-z0-9.-]*\.\)\?$label\." "$tmp/cases" || fail "nobody tests $label"
done || exit

# What curl says, of a server of its own; in the meantime, for slowtls takes seconds
while read -r host _; do
	printf 'url = "https://%s:%s/"\noutput = "/dev/null"\n' "$host" "$CURL_PORT"
done <"$tmp/cases" >"$tmp/config"
timeout 100 curl -s -Z --noproxy '*' --cacert "$CURL_CA" -m 90 --connect-to ::127.0.0.1: -K "$tmp/config" \
	-w '%{urlnum}\t%{exitcode}\t%{errormsg}\n' >"$tmp/curl.out" 2>"$tmp/curl.err" &
curl=$!

# What awget says, as JSON and as text
sed "s|^\([^$tab]*\)$tab\([^$tab]*\).*|https://\1:$HTTPS_PORT/$tab\2|" "$tmp/cases" >"$tmp/table"
cut -f 1 "$tmp/table" >"$tmp/list"
ours()
{
	run awget --cacert "$CA" --dns-servers "$DNS" "${patient[@]}" -c 8 -i "$tmp/list" "$@"
	expect_status 2
}
ours --json
expect_no_err
python3 "$top_srcdir/tests/cli/outcomes.py" json "$tmp/table" "$tmp/out" || fail "$ran"
mv "$tmp/out" "$tmp/json"
sed -i /slowtls/d "$tmp/list" "$tmp/table" # once is enough
ours
python3 "$top_srcdir/tests/cli/outcomes.py" text "$tmp/table" "$tmp/out" "$tmp/err" || fail "$ran"
awk -F "$tab" -v port="$HTTPS_PORT" '$3 { print "awget: https://" $1 ":" port "/: " $3 }' "$tmp/cases" >"$tmp/sentences"
expect_err_sorted <"$tmp/sentences"

# Whoever is refused is sent nothing: the server has had the others' requests, and only these, twice but for one.
awk -F "$tab" -v port="$HTTPS_PORT" '
	$2 == 200 || $2 ~ /headers$/ {
		line = "https GET / " $1 ":" port
		print line
		if ($1 != "slowtls.test")
			print line
	}' "$tmp/cases" | sort >"$tmp/sent"
grep '^https ' "$serve_err" | sort >"$tmp/arrived"
same requests "$tmp/arrived" <"$tmp/sent"

wait "$curl"
sort -n "$tmp/curl.out" >"$tmp/curl"

# The table. curl takes two cases that awget does not: RFC 9525 section 6 wants the name among the alternative names, and an
# answer whose head broke off is one for curl.
python3 - "$tmp/cases" "$tmp/json" "$tmp/curl" <<-'EOF' || fail "awget and curl do not agree"
	import json, sys
	cases = [line.rstrip("\n").split("\t") for line in open(sys.argv[1])]
	ours = {o["n"]: o for o in map(json.loads, open(sys.argv[2]))}
	curls = {int(n): (code, text) for n, code, text in (line.rstrip("\n").split("\t") for line in open(sys.argv[3]))}
	known = {
	    "cnonly.test": "RFC 9525: a common name is no name of the host",
	    "cuttls.test": "curl takes a part of a head",
	}
	bad = False
	print("%-22s%-86s%s" % ("case", "awget", "curl"))
	for n, (host, want, *_) in enumerate(cases, 1):
	    o, (code, text) = ours[n], curls[n - 1]
	    error = o["error"]
	    accepted, taken = error is None, code == "0"
	    mark = ""
	    if accepted != taken:
	        bad |= host not in known
	        mark = " [%s]" % known.get(host, "DIFFERENT")
	    else:
	        bad |= host in known
	    print("%-22s%-86s%s%s" % (host, "refuse: " + error["message"] if error else "accept",
	        "accept" if taken else "refuse: (%s) %s" % (code, text.strip()), mark))
	    # what is known of TLS is told in every case
	    tls = o["tls"]
	    if want.startswith("tls-verify"):
	        bad |= tls["verify"] != error["message"] or not tls["issuer"] or not tls["not_after"] or not tls["version"]
	        bad |= o["status"] is not None or o["timing"]["tls"] is not None
	    elif want == "200":
	        bad |= tls["verify"] != "ok" or not tls["cipher"] or tls["days"] < 300
	        bad |= tls["alpn"] != (None if host == "noalpn.test" else "http/1.1")
	    if host in ("tls12.test", "tls13.test"):
	        bad |= tls["version"] != ("TLSv1.2" if host == "tls12.test" else "TLSv1.3")
	    if host == "sans.test":
	        bad |= len(tls["names"]) < 1001
	sys.exit(bad)
EOF

# -k goes on with each certificate, and records why it would not have; the versions and the ciphers stay what they are.
grep "${tab}tls-" "$tmp/table" | cut -f 1 >"$tmp/list"
run awget -k --cacert "$CA" --dns-servers "$DNS" "${patient[@]}" --json -i "$tmp/list"
expect_status 2
python3 - "$tmp/table" "$tmp/sentences" "$tmp/out" <<-'EOF' || fail "$ran"
	import json, sys
	want = dict(line.rstrip("\n").split("\t") for line in open(sys.argv[1]))
	why = dict(line.rstrip("\n")[len("awget: "):].split(": ", 1) for line in open(sys.argv[2]))
	for o in map(json.loads, open(sys.argv[3])):
	    target = o["target"]
	    if want[target].startswith("tls-verify"):
	        assert o["error"] is None and o["status"] == 200, o
	        assert o["tls"]["verify"] == why[target], o
	    else:
	        assert o["error"]["message"] == why[target], o
EOF
run awget -k -q -v --cacert "$CA" --dns-servers "$DNS" "https://expired.test:$HTTPS_PORT/http10"
expect_status 0
grep -q ": TLSv1.3 with [A-Z0-9_]* in [0-9.]* ms; certificate of CN=expired.test,O=awserve until $ended: the certificate " "$tmp/err" ||
	fail "-v does not tell: $(cat "$tmp/err")"

# A handshake that does not end, ends with the time for connecting, or with all of the time.
for name in stalltls slowtls; do
	for limit in --connect-timeout -m; do
		run awget --json --cacert "$CA" --resolve "*:$HTTPS_PORT:127.0.0.1" $limit 0.5 "https://$name.test:$HTTPS_PORT"
		expect_status 2
		grep -q '"kind":"timeout","phase":"tls","message":"the TLS handshake did not end within 0.5 s"' "$tmp/out" ||
			fail "$ran: $(cat "$tmp/out")"
	done
done

# one NAME STATUS [OPTION]...: the status line of its answer, or its error, with options
one()
{
	run awget --dns-servers "$DNS" "${patient[@]}" --format none "${@:3}" "https://$1.test:$HTTPS_PORT/"
	expect_status "$2"
}
ca=(--cacert "$CA")

# versions
one tls10 0 "${ca[@]}" --tls-min 1.0
one tls11 0 "${ca[@]}" --tls-min 1.1
one tls11 0 "${ca[@]}" --tls-min 1.0 --tls-max 1.1
one tls11 2 "${ca[@]}" --tls-min 1.0 --tls-max 1.0
one tls12 0 "${ca[@]}" --tls-max 1.2
one tls12 2 "${ca[@]}" --tls-min 1.3
expect_err "awget: https://tls12.test:$HTTPS_PORT/: refused by the peer in TLS: protocol version"
one tls13 2 "${ca[@]}" --tls-max 1.2
one tls13 0 "${ca[@]}" --tls-min 1.3 --tls-max 1.3
one a 3 --tls-min 1.4
expect_err "awget: --tls-min: '1.4' is none of 1.0, 1.1, 1.2, 1.3"
one a 3 --tls-min 1.3 --tls-max 1.2
expect_err 'awget: --tls-max is below --tls-min, which is 1.2 unless it is given'

# a client's certificate
cat "$tmp/client.pem" "$tmp/client.key" >"$tmp/both.pem"
one clientcert 0 "${ca[@]}" --cert "$tmp/client.pem" --key "$tmp/client.key"
expect_no_err
one clientcert 0 "${ca[@]}" --cert "$tmp/both.pem"

# Files that are no good are told before anything is fetched.
openssl genpkey -algorithm RSA -out "$tmp/other.key" 2>"$tmp/err" || fail "no key: $(cat "$tmp/err")"
lines=$(wc -l <"$serve_err")
: >"$tmp/empty"
unusable()
{
	one clientcert 3 "${@:2}"
	expect_no_out
	expect_err "awget: $1"
}
unusable "cannot use the CA certificates in $tmp/none: No such file or directory" --cacert "$tmp/none"
unusable "cannot use the CA certificates in $tmp/empty: it holds none" --cacert "$tmp/empty"
unusable "cannot use the CA certificates in $tmp: Is a directory" --cacert "$tmp"
unusable "cannot use the CA certificates in $0: it holds none" --cacert "$0"
unusable "cannot use the client certificate in $tmp/none: No such file or directory" --cert "$tmp/none"
unusable "cannot use the client certificate in $tmp/client.key: it holds none" --cert "$tmp/client.key"
unusable "cannot use the key in $tmp/client.pem: it holds none" --cert "$tmp/client.pem"
unusable "cannot use the key in $tmp/none: No such file or directory" --cert "$tmp/client.pem" --key "$tmp/none"
unusable "the key in $tmp/other.key is not that of the certificate in $tmp/client.pem" --cert "$tmp/client.pem" --key "$tmp/other.key"
unusable '--key goes with --cert' --key "$tmp/client.key"
run awget --cacert "$tmp/none" "$HTTP"
expect_status 3
[ "$(wc -l <"$serve_err")" = "$lines" ] || fail "the server was asked: $(tail -n "+$((lines + 1))" "$serve_err")"

# OpenSSL's variables: a file, a folder by hashes, and a log of keys
mkdir "$tmp/hashed"
cp "$CA" "$tmp/hashed/ca.pem"
openssl rehash "$tmp/hashed"
one a 2
expect_err "awget: https://a.test:$HTTPS_PORT/: the certificate's issuer is not known here"
SSL_CERT_FILE=$CA one a 0
SSL_CERT_DIR=$tmp/hashed one a 0
SSL_CERT_DIR=$tmp/hashed one a 2 --cacert "$tmp/client.pem" # then it is that file alone
SSL_CERT_FILE=$tmp/none one a 2
SSLKEYLOGFILE=$tmp/keys one a 0 "${ca[@]}"
grep -Eq '^CLIENT_HANDSHAKE_TRAFFIC_SECRET [0-9a-f]{64} [0-9a-f]{64,}$' "$tmp/keys" || fail "no keys are logged: $(cat "$tmp/keys")"
[ "$(stat -c %a "$tmp/keys")" = 600 ] || fail 'others may read the log of keys'

# Hostile answers are the same in TLS.
hostile=https://a.test:$HTTPS_PORT
printf '%s\t%s\n' "$hostile/control" 200 "$hostile/line/60000" 200 "$hostile/headers/95" 200 "$hostile/drip/0/1" 200 \
	"$hostile/half" 200 "$hostile/nobody" 200 "$hostile/large/1000000" 200 "$hostile/endless/body" 200 \
	"$hostile/endless/lines" header-too-large/headers "$hostile/endless/line" header-too-large/headers \
	"$hostile/endless/status" header-too-large/headers "$hostile/close" closed/wait "$hostile/cut/60" closed/headers \
	"$hostile/reset/60" reset/headers "$hostile/reset/0" reset/wait "$hostile/garbage/random" not-http/wait \
	"$hostile/garbage/tls" not-http/wait >"$tmp/table"
cut -f 1 "$tmp/table" >"$tmp/list"
run awget --json "${ca[@]}" --dns-servers "$DNS" "${patient[@]}" -i "$tmp/list"
python3 "$top_srcdir/tests/cli/outcomes.py" json "$tmp/table" "$tmp/out" || fail "$ran"
run awget "${ca[@]}" --dns-servers "$DNS" "${patient[@]}" -i "$tmp/list"
python3 "$top_srcdir/tests/cli/outcomes.py" text "$tmp/table" "$tmp/out" "$tmp/err" || fail "$ran"
run awget --json "${ca[@]}" --dns-servers "$DNS" -m 1 "$hostile/endless/lines/20" "$hostile/never"
expect_status 2
[ "$(grep -c '"kind":"timeout"' "$tmp/out")" = 2 ] || fail "$ran: $(cat "$tmp/out")"

# The other protocol at a port
run awget -s "https://$HTTP"
expect_status 2
expect_err "awget: https://$HTTP: what came is not TLS"

# What is loaded, by the loader's own account: nothing of TLS for http
loaded()
{
	LD_DEBUG=libs RUN_WRAP='' run awget -s "${ca[@]:0:$1}" --dns-servers "$DNS" "$2"
	expect_status 0
	grep -c 'calling init: .*/\(tls\.so\|libssl\.so\|libcrypto\.so\)' "$tmp/err"
}
with=$(SSL_CERT_FILE=$CA loaded 0 "https://a.test:$HTTPS_PORT") || fail "the loader says nothing"
[ "$with" -ge 2 ] || fail "$with modules are loaded for https"
[ "$(loaded 0 "$HTTP")" = 0 ] || fail 'http loads what it does not need'

# Without the module, https fails in words, and http does not.
mkdir "$tmp/alone"
cp "$top_builddir/awget" "$tmp/alone/awget"
lib=$("$tmp/alone/awget" -s "https://a.test:1" --resolve a.test:1:127.0.0.1 2>&1 | sed -n 's/.*: \(.*\)\/tls\.so: .*/\1/p')
if [ "$lib" ]; then
	run "$tmp/alone/awget" -q --dns-servers "$DNS" "https://a.test:$HTTPS_PORT" "$HTTP/http10" "https://b.test:$HTTPS_PORT"
	expect_status 2
	grep -q "^$HTTP/http10 header > HTTP/1.0 200 OK$" "$tmp/out" || fail 'http is harmed'
	why="cannot load a part of awget: $lib/tls.so: cannot open shared object file: No such file or directory"
	expect_err_sorted "awget: https://a.test:$HTTPS_PORT: $why" "awget: https://b.test:$HTTPS_PORT: $why"
	run "$tmp/alone/awget" "${ca[@]}" "$HTTP"
	expect_status 4
	expect_err "awget: $why"
fi
