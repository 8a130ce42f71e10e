#!/bin/bash
# awserve does over TLS what its tables of labels say, and everything else as without TLS.
. "${0%/*}/lib.sh"
costly

need openssl curl
serve --client-out "$tmp/stranger"
serve --client-out "$tmp/client" --verbose

# connect NAME [OPTION]...: what openssl says of a handshake
connect()
{
	local name=$1

	shift
	timeout 60 openssl s_client -connect "$HTTPS" -servername "$name" -verify_hostname "$name" -CAfile "$CA" -showcerts "$@" </dev/null
}

# says NAME TEXT [OPTION]...: openssl says that somewhere
says()
{
	run connect "$1" "${@:3}"
	cat "$tmp/out" "$tmp/err" | grep -qF -- "$2" && return
	cat "$tmp/out" "$tmp/err" >&2
	fail "not '$2': $1"
}

# verifies NAME CODE CERTIFICATES: openssl's judgement, and how many certificates came; the first one is then in $tmp/cert
verifies()
{
	says "$1" "Verify return code: $2 ("
	[ "$(grep -c BEGIN "$tmp/out")" -eq "$3" ] || fail "not $3 certificates: $1"
	openssl x509 -in "$tmp/out" -noout -text >"$tmp/cert"
}

# has TEXT: the last certificate
has()
{
	grep -qF -- "$1" "$tmp/cert" && return
	cat "$tmp/cert" >&2
	fail "not '$1': $ran"
}

# fetch NAME [OPTION]...: by curl, with the test CA
fetch()
{
	curl -sS -m 60 --noproxy '*' --cacert "$CA" --connect-to ::127.0.0.1: "https://$1:$HTTPS_PORT/" "${@:2}"
}

# accepts NAME [OPTION]..., refuses NAME [OPTION]...: curl does, and then no request has come
accepts()
{
	run fetch "$@"
	expect_status 0
	printf '\n' >>"$tmp/out"
	expect_out '<h1>Index Page</h1>'
}
refuses()
{
	run fetch "$@"
	[ "$status" -ne 0 ] || fail "curl accepts $1"
	! grep -q "^https GET / $1" "$serve_err" || fail "a request has come: $1"
	grep -q "^tls $1\$" "$serve_err" || fail "no handshake has come: $1"
}

# good certificates: for any name, for several, and for addresses
verifies a.test 0 1
has 'DNS:a.test, DNS:*.a.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1'
has 'Subject: O = awserve, CN = a.test'
has 'Issuer: O = awserve, CN = awserve test CA'
has 'Public Key Algorithm: id-ecPublicKey'
verifies b.a.TEST 0 1
has 'DNS:a.TEST, DNS:*.a.TEST'
verifies x 0 1
long=$(printf 'abcdefghijklmnopqrstuvwxyz.%.0s' {1..9})test
verifies "$long" 0 1
has 'DNS:*.abcdefghijklmnopqrstuvwxyz.'
for name in a.test b.a.test localhost "$long" "$(printf '%063d' 0).x.test"; do
	accepts "$name"
done
# at ADDRESS CODE: the same without a name
connect_at()
{
	timeout 60 openssl s_client -connect "$1:$HTTPS_PORT" -noservername -verify_ip "$1" -CAfile "$CA" </dev/null
}
at()
{
	run connect_at "$1"
	grep -qF "Verify return code: $2 (" "$tmp/out" || fail "not $2: $1"
	[ "$(tail -n 1 "$serve_err")" = 'tls -' ] || fail "with a name: $1"
}
at 127.0.0.1 0
at 127.0.1.1 64
verifies rsa.test 0 1
has 'Public-Key: (2048 bit)'
accepts rsa.test

# chains
verifies chain.test 0 3
accepts chain.test
verifies reversed.test 0 3
sed -n 's/^ *[0-9] s:.*CN = //p' "$tmp/out" >"$tmp/chain"
same chain "$tmp/chain" reversed.test 'awserve intermediate 1' 'awserve intermediate 2'
accepts reversed.test
verifies nochain.test 21 1
has 'Issuer: O = awserve, CN = awserve intermediate 1'
refuses nochain.test
verifies selfsigned.test 18 1
refuses selfsigned.test
verifies untrusted.test 19 2
refuses untrusted.test
says leafca.test 'verify error:num=79:invalid CA certificate'
refuses leafca.test

# time
verifies expired.test 10 1
refuses expired.test
verifies notyet.test 9 1
refuses notyet.test

# names
verifies wrongname.test 62 1
has 'DNS:wrong.example'
refuses wrongname.test
verifies wrongip.test 62 1
has 'IP Address:192.0.2.1'
refuses wrongip.test
verifies cnonly.test 0 1 # openssl still takes it, others do not
has 'CN = cnonly.test'
! grep -q 'Subject Alternative Name' "$tmp/cert" || fail "cnonly.test has an alternative name"
verifies sans.test 0 1
has 'DNS:name1000.example, DNS:sans.test,'
accepts sans.test
verifies x.wildcard.test 0 1
accepts x.wildcard.test
verifies wildcard.test 62 1
refuses x.y.wildcard.test
refuses x.y.wildcard2.test
verifies x.wildcard2.test 62 1
has 'DNS:*.*.wildcard2.test'
refuses wildtop.test
verifies wildtop.test 62 1
has 'DNS:*.test'
refuses web.wildpart.test
verifies web.wildpart.test 0 1 # so does this
has 'DNS:w*.wildpart.test'

# what it is for, and how strong it is
verifies clienteku.test 26 1
refuses clienteku.test
says weak.test 'num=66:'
refuses weak.test
says sha1.test 'num=68:'
refuses sha1.test

# versions and ciphers
old='DEFAULT@SECLEVEL=0'
says tls10.test 'New, TLSv1.0' -tls1 -cipher $old
says tls10.test 'unsupported protocol' -tls1_2
refuses tls10.test
says tls11.test 'Protocol  : TLSv1.1' -tls1_1 -cipher $old
refuses tls11.test
says tls12.test 'New, TLSv1.2'
says tls12.test 'alert protocol version' -tls1_3
accepts tls12.test
says tls13.test 'New, TLSv1.3'
says tls13.test 'alert protocol version' -tls1_2
accepts tls13.test
says a.test 'alert protocol version' -tls1_1 -cipher $old
says nullcipher.test 'NULL-SHA' -cipher 'ALL:eNULL:@SECLEVEL=0'
refuses nullcipher.test
says weakdh.test 'Server Temp Key: DH, 1024 bits' -cipher $old
refuses weakdh.test
for version in -tls1_2 -tls1_3; do
	says a.test 'New, TLSv1' $version -reconnect
	! grep -q '^Reused' "$tmp/out" || fail "sessions are resumed"
done

# protocols
says a.test 'ALPN protocol: http/1.1' -alpn h2,http/1.0,http/1.1
says a.test 'ALPN protocol: http/1.0' -alpn http/1.0
says a.test 'No ALPN negotiated' -alpn h2
says noalpn.test 'No ALPN negotiated' -alpn http/1.1
accepts noalpn.test

# clients' certificates
says a.test 'No client certificate CA names sent'
says clientcert.test 'O = awserve, CN = awserve test CA'
refuses clientcert.test
refuses clientcert.test --cert "$tmp/stranger.pem" --key "$tmp/stranger.key"
accepts clientcert.test --cert "$tmp/client.pem" --key "$tmp/client.key"
[ "$(stat -c %a "$tmp/client.key")" = 600 ] || fail "others may read the key"

# handshakes that go wrong
says alert.test 'alert handshake failure'
refuses alert.test
says cut.test 'unexpected eof while reading'
grep -Eq '^SSL handshake has read [1-9]' "$tmp/out" || fail "nothing came before the cut"
refuses cut.test
says plain.test 'wrong version number'
refuses plain.test
refuses stalltls.test -m 0.5
[ "$status" -eq 28 ] || fail "stalltls.test ends"
expect_time 2 60 accepts slowtls.test

# over NAME PATH: the answer over TLS, and the end, which openssl shows if it is not a good one
over()
{
	printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$2" "$1" | timeout 60 openssl s_client -connect "$HTTPS" -servername "$1" -quiet 2>"$tmp/end"
	! grep -aq 'unexpected eof' "$tmp/end" || printf 'no notify\n'
	! grep -aq 'errno=104' "$tmp/end" || printf 'reset\n'
}
for path in / /hello /a/b /status/301 '/raw?a%0d%0ab' /wait/1 /drip/1 /lines/1 /close /cut/30 /half /headers/1000 /large/100000 \
	/informational/2 /fold /garbage/random /line/70000 '/redirect/302?/x' '/auth?a:b'; do
	get "$path" >"$tmp/expected.plain"
	run over a.test "$path"
	same "$path" "$tmp/out" <"$tmp/expected.plain"
done
run over a.test /reset/12
expect_out 'HTTP/1.1 200reset'
run over cut-12.nonotify.test /
expect_out 'HTTP/1.1 200no notify'
run over nonotify.test /http10
tr -d '\r' <"$tmp/out" >"$tmp/lines" && mv "$tmp/lines" "$tmp/out"
expect_out 'HTTP/1.0 200 OK' 'Server: awserve' '' 'no notify'
run over cuttls.test /
expect_out $'HTTP/1.1 200 OK\r' 'Server: awsno notify'

# a crowd, one after another and at once, of one domain and of many
many()
{
	local n

	for n in {1..40}; do
		printf 'url = "https://n%d.%s:%d/"\noutput = "%s"\n' "$n" "$1" "$HTTPS_PORT" "$tmp/many.$n"
	done | curl -sS -Z --noproxy '*' --cacert "$CA" --connect-to ::127.0.0.1: -K -
}
for domain in test bench.test; do
	run many $domain
	expect_status 0
	cat "$tmp"/many.* | sed 's/<h1>Index Page<.h1>/&\n/g' | sort | uniq -c >"$tmp/out"
	expect_out '     40 <h1>Index Page</h1>'
	rm "$tmp"/many.*
done

# several processes have one CA
serve -P 2
for n in {1..6}; do
	accepts a.test
done

# each label was asked for
awserve --list | sed -n '/for TLS:$/,$s/^\([a-z0-9]*\) .*/\1/p' | while read -r label; do
	grep -Eq "^tls ([a-z0-9.-]+\\.)?$label\\." "$tmp/serve.1" || fail "nobody tests $label"
done || exit
