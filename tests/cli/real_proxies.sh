#!/bin/bash
# By way of squid, tinyproxy, an https proxy (HAProxy before squid) and Dante, awget shows of every head what curl sees,
# and sends the same requests through them, as options and the environment say. The origin tells who has asked it. And
# whatever awget prints, no secret is in it. The table of all cases goes to standard output.
. "${0%/*}/net.sh"
slow
need curl openssl nginx dnsmasq haproxy squid tinyproxy danted jq
ncsa=/usr/lib/squid/basic_ncsa_auth
[ -x $ncsa ] || skip "there is no $ncsa"

# The proxies are 127.0.2.N, and this is also where the origin sees them.
for n in {1..4}; do
	ip addr add 127.0.2.$n dev lo
done
system hosts <<END
127.0.0.1 localhost
127.0.1.1 origin.test www.origin.test other.test evil.test
127.0.2.1 squid.test
127.0.2.2 tiny.test
127.0.2.3 secure.test
127.0.2.4 socks.test
END
version=$(${RUN_WRAP-} awget --version) && version=${version#awget } || fail 'awget has no version'
make_ca ca
make_cert origin.test san=DNS:origin.test,DNS:www.origin.test,DNS:other.test,DNS:evil.test,IP:127.0.1.1
make_cert secure.test
cat "$pki/secure.test.key" "$pki/secure.test.pem" >"$tmp/secure.pem"
echo "ann:$(openssl passwd -apr1 'pass:w@rd')" >"$tmp/users"
user ann 'pass:w@rd'

start_nginx <<END
log_format all '\$remote_addr|\$scheme|\$request|\$http_host|\$http_user_agent|\$http_x_test|'
	'\$http_authorization|\$http_proxy_authorization';
access_log $tmp/origin.log all;
ssl_certificate $pki/origin.test.pem;
ssl_certificate_key $pki/origin.test.key;
server {
	listen 127.0.1.1:80;
	listen 127.0.1.1:443 ssl;
	add_header X-From \$remote_addr always;
	location / { return 200; }
	location /missing { return 404; }
	location /moved { return 302 http://other.test/; }
}
END
start_dnsmasq <<END
listen-address=127.0.0.53
address=/test/
END
start_squid <<END
http_port 127.0.2.1:3128
http_port 127.0.2.1:3129
auth_param basic program $ncsa $tmp/users
auth_param basic children 1 startup=1
acl closed localport 3129
acl known proxy_auth REQUIRED
acl evil dstdomain evil.test
acl from_secure src 127.0.2.3
tcp_outgoing_address 127.0.2.3 from_secure
tcp_outgoing_address 127.0.2.1
http_access deny evil
http_access deny closed !known
http_access allow all
access_log none
END
start_tinyproxy <<END
Listen 127.0.2.2
Port 8888
Bind 127.0.2.2
ConnectPort 443
END
start_haproxy <<END
frontend secure
	mode tcp
	bind 127.0.2.3:3130 ssl crt $tmp/secure.pem
	default_backend squid
backend squid
	mode tcp
	source 127.0.2.3
	server one 127.0.2.1:3128
END
# Whoever has a name must have the right password, and goes anywhere; without one nobody comes to port 443.
start_dante <<END
internal: 127.0.2.4 port = 1080
external: 127.0.2.4
socksmethod: username none
client pass { from: 0/0 to: 0/0 }
socks pass { from: 0/0 to: 0/0 socksmethod: username }
socks pass { from: 0/0 to: 0/0 port = 80 socksmethod: none }
END

cases=0
# tell CASE AWGET CURL: a line of the table.
tell()
{
	cases=$((cases + 1))
	printf '%-90s | %-60s | %s\n' "$@"
}

# curl_head [OPTION]... URL: the head that curl receives for the same request.
curl_head()
{
	local word words=(-H 'Proxy-Connection:')

	for word; do
		[ "$word" != --http1.1 ] || words+=(-H 'Connection: close')
		words+=("$word")
	done
	curl -s -S -o /dev/null -D - --http1.0 --no-alpn --suppress-connect-headers --max-time 20 -H Accept: \
		-A "awget/$version" --cacert "$pki/ca.pem" --proxy-cacert "$pki/ca.pem" "${words[@]}"
}

# undated FILE: with what differs between one answer and the next left out.
undated()
{
	sed -E 's/^(Date|Expires): [^\r]*/\1: then/; s/^(Via: 1\.)[01] /\1x /' "$@"
}

# logged FILE: what the origin was asked since the last time, but for greetings to a SOCKS proxy, which it is not.
logged()
{
	grep -v '|.x05.x0' "$tmp/origin.log" >"$1"
	: >"$tmp/origin.log"
}

# same_head [NAME=VALUE]... [OPTION]... URL: raw output, with options and variables that mean the same to curl.
same_head()
{
	local case="$*" variables=()

	while [[ $1 == *_proxy=* || $1 == *_PROXY=* ]]; do
		variables+=("$1")
		shift
	done
	(
		[ ${#variables[@]} = 0 ] || export "${variables[@]}"
		curl_head "$@" >"$tmp/head.curl" 2>"$tmp/err" || fail "curl, $case: $(cat "$tmp/err")"
	) || exit
	undated "$tmp/head.curl" >"$tmp/head"
	logged "$tmp/log"
	run env "${variables[@]}" awget --format raw --cacert "$pki/ca.pem" "$@"
	expect_status 0
	expect_no_err
	undated -i "$tmp/out"
	cmp -s "$tmp/head" "$tmp/out" || same out "$tmp/out" <"$tmp/head"
	logged "$tmp/log.awget"
	same log "$tmp/log.awget" <"$tmp/log"
	tell "$case" "$(seen_by "$tmp/out")" "$(seen_by "$tmp/head")"
}

# seen_by HEAD: its status, and whom the origin saw.
seen_by()
{
	tr -d '\r' <"$1" | awk 'NR == 1 { status = $2 } $1 == "X-From:" { from = $2 } END { print status, from }'
}

# way ADDRESS [NAME=VALUE]... [OPTION]... URL: the same, and the origin saw ADDRESS.
way()
{
	local from=$1

	shift
	same_head "$@"
	grep -qx "X-From: $from"$'\r' "$tmp/out" || fail "not by way of $from: $ran: $(cat "$tmp/out")"
}

# refused [NAME=VALUE]... [OPTION]... URL: the proxy does not do it.
refused()
{
	curl_head "$@" >"$tmp/head.curl" 2>"$tmp/err.curl" && fail "curl gets through: $*"
	run awget --json --cacert "$pki/ca.pem" "$@"
	expect_status 2
	expect_no_err
	[ "$(jq -r '.error.kind' "$tmp/out")" = proxy ] || fail "$ran: $(cat "$tmp/out")"
	tell "refused: $*" "$(jq -r '.error.message' "$tmp/out")" "$(head -n 1 "$tmp/err.curl")"
	logged "$tmp/log"
	same log "$tmp/log" </dev/null
}

direct=127.0.0.1
declare -A proxy=(
	[127.0.2.1]=http://squid.test:3128
	[127.0.2.2]=http://tiny.test:8888
	[127.0.2.3]=https://secure.test:3130
	[127.0.2.4]=socks5h://ann:pass%3Aw%40rd@socks.test:1080
)
for from in 127.0.2.{1..4}; do
	for url in http://origin.test/ https://origin.test/; do
		way $from -x "${proxy[$from]}" $url
		way $from -x "${proxy[$from]}" --http1.1 $url
		[ -z "${RUN_WRAP-}" ] || continue
		way $from -x "${proxy[$from]}" -I "$url?a=b"
		way $from -x "${proxy[$from]}" -X POST -H 'X-Test: yes' "${url}missing"
	done
done

# Names and passwords
way 127.0.2.1 -x http://ann:pass%3Aw%40rd@squid.test:3129 http://origin.test/
way 127.0.2.1 -x http://ann:pass%3Aw%40rd@squid.test:3129 https://origin.test/
way 127.0.2.4 -x socks5h://socks.test:1080 http://origin.test/
way 127.0.2.1 -x squid.test:3128 -u bob:builder http://origin.test/
way 127.0.2.1 -x squid.test:3128 -u bob:builder https://origin.test/
way $direct -u bob:builder https://origin.test/
way 127.0.2.4 -x socks5h://ann:pass%3Aw%40rd@socks.test:1080 http://127.0.1.1/

# What a proxy will not do. Where it is asked for a page, what it says is the answer.
same_head -x http://squid.test:3128 http://evil.test/
same_head -x http://squid.test:3129 http://origin.test/
same_head -x http://ann:wrong@squid.test:3129 http://origin.test/
same_head -x http://squid.test:3128 http://missing.test/
same_head -x http://tiny.test:8888 http://missing.test/
refused -x http://squid.test:3128 https://evil.test/
refused -x http://squid.test:3129 https://origin.test/
refused -x http://ann:wrong@squid.test:3129 https://origin.test/
refused -x http://squid.test:3128 https://missing.test/
refused -x http://tiny.test:8888 https://origin.test:444/
refused -x socks5h://socks.test:1080 https://origin.test/
refused -x socks5h://ann:wrong@socks.test:1080 http://origin.test/
refused -x socks5h://socks.test:1080 http://missing.test/
refused -x socks5h://socks.test:1080 http://nobody.origin.test/
refused -x http://127.0.2.9:1 http://origin.test/
refused -x http://127.0.2.9:1 https://origin.test/
refused -x socks5h://127.0.2.9:1 http://origin.test/
refused -x http://missing.test:3128 http://origin.test/
refused -x https://squid.test:3128 http://origin.test/
refused -x https://127.0.2.3:3130 http://origin.test/
refused -x socks5h://origin.test:80 http://origin.test/

# The environment, as curl reads it: who comes to the origin?
environment()
{
	local squid=http://squid.test:3128 tiny=http://tiny.test:8888 list

	way 127.0.2.1 http_proxy=$squid http://origin.test/
	way $direct http_proxy=$squid https://origin.test/
	way $direct HTTP_PROXY=$squid http://origin.test/
	way 127.0.2.1 https_proxy=$squid https://origin.test/
	way 127.0.2.1 HTTPS_PROXY=$squid https://origin.test/
	way $direct https_proxy=$squid http://origin.test/
	way 127.0.2.1 https_proxy=$squid HTTPS_PROXY=$tiny https://origin.test/
	way 127.0.2.1 all_proxy=$squid http://origin.test/
	way 127.0.2.1 ALL_PROXY=$squid https://origin.test/
	way 127.0.2.1 all_proxy=$tiny http_proxy=$squid http://origin.test/
	way 127.0.2.2 all_proxy=$tiny http_proxy=$squid https://origin.test/
	way $direct http_proxy= http://origin.test/
	way 127.0.2.2 http_proxy= all_proxy=$tiny http://origin.test/
	way 127.0.2.1 http_proxy=squid.test:3128 http://origin.test/
	way 127.0.2.1 http_proxy=HTTP://squid.test:3128/ http://origin.test/
	way 127.0.2.1 http_proxy=http://ann:pass%3Aw%40rd@squid.test:3129 http://origin.test/
	way 127.0.2.4 all_proxy=socks5h://ann:pass%3Aw%40rd@socks.test:1080 https://origin.test/
	way 127.0.2.2 http_proxy=$squid -x $tiny http://origin.test/
	way $direct http_proxy=$squid -x '' http://origin.test/
	for list in origin.test .origin.test '*' 'a.test,origin.test' 'a.test, origin.test' 'a.test origin.test' \
		ORIGIN.test origin.test. ' origin.test' test .test; do
		way $direct http_proxy=$squid no_proxy="$list" http://origin.test/
	done
	for list in rigin.test other.test origin www.origin.test '*.test' http://origin.test ''; do
		way 127.0.2.1 http_proxy=$squid no_proxy="$list" http://origin.test/
	done
	for list in origin.test .origin.test test www.origin.test; do
		way $direct http_proxy=$squid no_proxy=$list http://www.origin.test/
	done
	for list in 127.0.1.1 127.0.1.0/24 '127.0.0.0/8,x' '127.0.1.1/32'; do
		way $direct http_proxy=$squid no_proxy=$list http://127.0.1.1/
		way 127.0.2.1 http_proxy=$squid no_proxy=$list http://origin.test/
	done
	for list in 127.0.1 127.0.1.2 127.0.2.0/24; do
		way 127.0.2.1 http_proxy=$squid no_proxy=$list http://127.0.1.1/
	done
	way $direct http_proxy=$squid NO_PROXY=origin.test http://origin.test/
	way 127.0.2.1 http_proxy=$squid no_proxy=other.test NO_PROXY=origin.test http://origin.test/
	way $direct no_proxy=origin.test -x $squid http://origin.test/
	way $direct -x $squid --noproxy origin.test http://origin.test/
	way $direct -x $squid --noproxy '*' https://origin.test/
	way 127.0.2.1 http_proxy=$squid no_proxy=origin.test --noproxy other.test http://origin.test/
	way 127.0.2.1 http_proxy=$squid no_proxy=origin.test --noproxy '' http://origin.test/
}
[ -n "${RUN_WRAP-}" ] || environment

# Secrets: their bytes, as they are typed, meant and sent.
secrets=(hush-1 hush-2 hush-3 hush%2D2 "$(printf me:hush-1 | base64)" "$(printf me:hush-2 | base64)")
# keeps_secrets [OPTION]... TARGET...
keeps_secrets()
{
	local level secret

	for level in '' -v --json '--json -v' '--stats -v' '--group --stats' --progress=always '-s -v'; do
		run awget $level --cacert "$pki/ca.pem" "$@"
		for secret in "${secrets[@]}"; do
			! grep -aF -- "$secret" "$tmp/out" "$tmp/err" >&2 || fail "a secret: $ran"
		done
		[ -z "${RUN_WRAP-}" ] || break
	done
	cases=$((cases + 1))
}
mine=(-u me:hush-1 -H 'Authorization: Bearer hush-3' -H 'Proxy-Authorization: Basic hush-3' -H 'Cookie: hush-3')
for proxy in http://me:hush%2D2@{squid.test:3129,tiny.test:8888,127.0.2.9:1,missing.test:1} \
	https://me:hush-2@{secure.test:3130,squid.test:3128} \
	socks5h://me:hush-2@{socks.test:1080,origin.test:80,127.0.2.9:1}; do
	keeps_secrets -x "$proxy" "${mine[@]}" -L {http,https}://{origin,evil,missing}.test/moved
done
keeps_secrets "${mine[@]}" -L http://origin.test/moved origin.test:81
for bad in http://me:hush-2@ http://me:hush-2@squid.test:99999 ftp://me:hush-2@squid.test \
	'http://me:hush-2@squid test' http://me:hush-2@squid.test:x; do
	keeps_secrets -x "$bad" origin.test
	http_proxy=$bad keeps_secrets origin.test
done
keeps_secrets -u $'me:hush-1\n' origin.test
keeps_secrets -H $'Authorization: Bearer hush-3\r\nX: y' origin.test
[ -n "${RUN_WRAP-}" ] || [ $cases -ge 100 ] || fail "only $cases cases"
