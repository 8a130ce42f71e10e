#!/bin/bash
# Over TLS of nginx and Caddy, awget shows of every head what curl sees, byte for byte, and it takes and refuses the
# same certificates and versions. What both said of each case is a table on standard output.
. "${0%/*}/net.sh"
slow
need curl openssl nginx jq

address=127.0.1.
system hosts <<END
127.0.0.1 localhost
${address}1 rsa.nginx.test ecdsa.nginx.test other.nginx.test
${address}2 rsa.caddy.test ecdsa.caddy.test other.caddy.test
127.0.2.1 good.test rsa.test expired.test early.test wrong.test self.test untrusted.test alone.test client.test
127.0.2.1 leaf.test constrained.test sha1.test short.test many.test dotted.test dotted.test. common.test
127.0.2.1 soon.test old.test
127.0.2.1 a.wild.test wild.test a.b.wild.test fool.part.test upper.test
127.0.2.2 address.test
END
version=$(${RUN_WRAP-} awget --version) && version=${version#awget } || fail 'awget has no version'
make_ca ca
make_ca other
make_ca narrow 'nameConstraints=critical,permitted;DNS:elsewhere.test'
anchors=(--cacert "$pki/ca.pem")

cases=0
# tell CASE AWGET CURL: a line of the table.
tell()
{
	cases=$((cases + 1))
	printf '%-58s | %-76s | %s\n' "$@"
}

# curl_head [OPTION]... URL: the head that curl receives for the same request, by awget's options.
curl_head()
{
	local word words=()

	for word; do
		case $word in
		--http1.1) words+=("$word" -H 'Connection: close') ;;
		--tls-min) words+=(--tlsv1.3) ;;
		1.3) ;;
		*) words+=("$word") ;;
		esac
	done
	# offered nothing but http/1.0, which is what curl would do, Caddy hangs up
	curl -s -S -o /dev/null -D - --http1.0 --no-alpn --path-as-is --max-time 20 -H Accept: -A "awget/$version" \
		"${anchors[@]}" "${words[@]}"
}

# Dates differ between one request and the next.
undated()
{
	sed -E 's/^(Date|Expires): [^\r]*/\1: then/' "$@"
}

# same_head [OPTION]... URL: raw output, with options that mean the same to curl.
same_head()
{
	curl_head "$@" >"$tmp/head.curl" 2>"$tmp/err" || fail "curl $*: $(cat "$tmp/err")"
	undated "$tmp/head.curl" >"$tmp/head"
	run awget --format raw "${anchors[@]}" "$@"
	expect_status 0
	expect_no_err
	undated -i "$tmp/out"
	cmp -s "$tmp/head" "$tmp/out" || same out "$tmp/out" <"$tmp/head"
	tell "$*" "$(head -n 1 "$tmp/out" | tr -d '\r')" "$(head -n 1 "$tmp/head" | tr -d '\r')"
}

# same_fate take|refuse [OPTION]... URL: what becomes of the handshake.
same_fate()
{
	local fate=$1 curl=take awget=take said

	shift
	curl_head "$@" >"$tmp/head.curl" 2>"$tmp/err.curl"
	case $? in
	0) ;;
	35 | 60) curl=refuse ;;
	*) fail "curl $*: $(cat "$tmp/err.curl")" ;;
	esac
	run awget --json "${anchors[@]}" "$@"
	expect_no_err
	case $(jq -r '.error.kind' "$tmp/out") in
	null) ;;
	tls-verify | tls-handshake) awget=refuse ;;
	*) fail "$ran: $(cat "$tmp/out")" ;;
	esac
	said=$(jq -r '.error.message // "HTTP/\(.http_version) \(.status), \(.tls.verify)"' "$tmp/out")
	tell "$fate: $*" "$said" "$(head -qn 1 "$tmp/err.curl" "$tmp/head.curl" | tr -d '\r' | head -n 1)"
	[ "$curl" = "$fate" ] || fail "curl does not $fate: $*"
	[ "$awget" = "$fate" ] || fail "awget does not $fate: $*: $said"
	[ "$fate" = take ] || expect_status 2
}

# expect_tls EXPRESSION: what jq finds in the last run of same_fate.
expect_tls()
{
	[ "$(jq -r "$1" "$tmp/out")" = true ] || fail "not so: $1: $(cat "$tmp/out")"
}

www=$tmp/www
mkdir -p "$www/dir"
for ((i = 0; i < 500; i++)); do
	echo "<p>line $i of a page that is worth being compressed"
done >"$www/page.html"
touch -d @1600000000 "$www"/*

# Each server is at three ports: 443, and those for one version only.
ports=(443 8412 8413)
versions=('1.2 1.3' 1.2 1.3)
keys=(ecdsa rsa)

nginx_at()
{
	local key

	for key in "${keys[@]}" other; do
		cat <<-END
			server {
				listen ${address}1:$1 ssl;
				server_name $key.nginx.test;
				ssl_certificate $pki/$key.nginx.test.pem;
				ssl_certificate_key $pki/$key.nginx.test.key;
				ssl_protocols $2;
				add_header X-Site "\$ssl_server_name $key" always;
				root $www;
				location /moved { return 301 /page.html; }
				location /empty { return 204; }
				location /failure { return 503 "out of order"; }
				location /gzip { gzip on; gzip_types *; gzip_http_version 1.0; alias $www/page.html; }
			}
		END
	done
}

serve_nginx()
{
	start_nginx <<END
access_log off;
types { text/html html; }
$(for n in "${!ports[@]}"; do nginx_at "${ports[n]}" "TLSv${versions[n]// / TLSv}"; done)
END
}

caddy_at()
{
	local key

	for key in "${keys[@]}" other; do
		cat <<-END
			https://$key.caddy.test:$1 {
				bind ${address}2
				tls $pki/$key.caddy.test.pem $pki/$key.caddy.test.key {
					protocols tls${2% *} tls${2#* }
				}
				header X-Site "{tls_server_name} $key"
				root * $www
				redir /moved /page.html 301
				respond /empty 204
				respond /failure "out of order" 503
				encode /gzip gzip
				rewrite /gzip /page.html
				file_server
			}
		END
	done
}

serve_caddy()
{
	start_caddy < <(for n in "${!ports[@]}"; do caddy_at "${ports[n]}" "${versions[n]}"; done)
}

heads()
{
	local port key path

	for port in 8412 8413; do
		for key in "${keys[@]}"; do
			same_head "https://$key.$1.test:$port/page.html"
			same_head --http1.1 "https://$key.$1.test:$port/page.html"
			same_head --http1.1 -I "https://$key.$1.test:$port/page.html"
		done
	done
	same_head "https://other.$1.test"
	same_head -I "https://other.$1.test/missing"
	same_head -H "Host: rsa.$1.test" "https://other.$1.test/page.html"
	same_head --http1.1 -H 'Accept-Encoding: gzip' "https://rsa.$1.test/gzip"
	same_head --http1.1 -X OPTIONS "https://rsa.$1.test/page.html"
	for path in '/page.html?a=b&c=%20d' /%70age.html /missing /dir /moved /empty /failure; do
		same_head --http1.1 "https://rsa.$1.test$path"
	done
}

absent=
for server in nginx caddy; do
	command -v $server >/dev/null || {
		absent=$server
		continue
	}
	for key in "${keys[@]}"; do
		make_cert "$key.$server.test" key="$key"
	done
	make_cert other.$server.test
	serve_$server
	if [ -z "${RUN_WRAP-}" ]; then
		heads $server
	fi
	same_fate take https://ecdsa.$server.test:8412/
	expect_tls '.tls.version == "TLSv1.2" and .tls.verify == "ok" and .tls.names == ["ecdsa.'$server'.test"]'
	same_fate take --http1.1 https://rsa.$server.test:8413/
	expect_tls '.tls.version == "TLSv1.3" and .tls.verify == "ok" and .tls.alpn == "http/1.1" and .tls.days >= 29'
	same_fate refuse --tls-min 1.3 https://rsa.$server.test:8412/
	same_fate refuse --tls-max 1.2 https://rsa.$server.test:8413/
	same_fate take --tls-max 1.2 https://rsa.$server.test/
	expect_tls '.tls.version == "TLSv1.2"'
	same_fate take --tls-min 1.3 https://rsa.$server.test/
	expect_tls '.tls.version == "TLSv1.3"'
	! [ "${RUN_WRAP-}" ] || break
done

# Certificates. Each is its own virtual host of a second nginx, which asks for less than Debian's OpenSSL does.
make_cert good.test
make_cert rsa.test key=rsa
make_cert soon.test to='+1 hour'
make_cert wild.test san='DNS:*.wild.test'
make_cert upper.test san=DNS:UPPER.Test
make_cert dotted.test
make_cert many.test san="$(printf 'DNS:n%d.many.test,' {1..999})DNS:many.test"
make_cert address.test san=IP:127.0.2.2
make_cert expired.test from='-9 days' to='-1 hour'
make_cert early.test from='+1 day'
make_cert wrong.test san=DNS:right.test
make_cert part.test san='DNS:f*.part.test'
make_cert self.test issuer=self.test
make_cert untrusted.test issuer=other-sub
make_cert alone.test
make_cert client.test use=clientAuth
make_cert leaf.test issuer=good.test
make_cert constrained.test issuer=narrow-sub
make_cert sha1.test md=sha1
make_cert short.test key=rsa:1024
make_cert common.test san=
make_cert old.test
cp "$pki/alone.test.crt" "$pki/alone.test.pem"
cat "$pki/narrow.pem" >>"$pki/ca.pem"

virtual_host()
{
	printf 'server {\nlisten %s ssl;\nserver_name %s;\n%s\n' "${3-127.0.2.1:443}" "$2" "${4-}"
	printf 'ssl_certificate %s;\nssl_certificate_key %s;\nreturn 200;\n}\n' "$pki/$1.pem" "$pki/$1.key"
}
cat >"$tmp/lax" <<END
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = lax
[lax]
CipherString = ALL:@SECLEVEL=0
END
kill "$(cat "$tmp/nginx/pid")"
OPENSSL_CONF=$tmp/lax start_nginx < <(
	printf 'access_log off;\nssl_protocols TLSv1.2 TLSv1.3;\n'
	for label in good rsa soon upper dotted many expired early wrong self untrusted alone client leaf constrained \
		sha1 short common; do
		virtual_host $label.test $label.test
	done
	virtual_host wild.test 'wild.test *.wild.test'
	virtual_host part.test fool.part.test
	virtual_host address.test '""' 127.0.2.2:443
	virtual_host old.test old.test 127.0.2.1:8410 'ssl_protocols TLSv1 TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;'
	virtual_host good.test good.test 127.0.2.1:8411 'ssl_protocols TLSv1.2; ssl_ciphers NULL:@SECLEVEL=0;'
	virtual_host good.test good.test 127.0.2.1:8443 "ssl_verify_client on; ssl_client_certificate $pki/ca.pem;"
	printf 'server {\nlisten 127.0.2.1:80;\nreturn 200;\n}\n'
)

same_fate take https://good.test/
same_fate refuse https://wrong.test/
same_fate refuse https://expired.test/
expect_tls '.error.kind == "tls-verify" and .status == null and .tls.verify != "ok" and .tls.not_after != null'
same_fate refuse https://self.test/
same_fate take -k https://expired.test/
expect_tls '.tls.verify != "ok" and .tls.verify != null'
if [ -z "${RUN_WRAP-}" ]; then
	for label in rsa soon a.wild upper many; do
		same_fate take https://$label.test/
	done
	same_fate take https://GOOD.test/
	same_fate take https://dotted.test./
	same_fate take https://127.0.2.2/
	for label in early untrusted alone client leaf constrained sha1 short wild a.b.wild fool.part address; do
		same_fate refuse https://$label.test/
		expect_tls '.error.kind == "tls-verify" and .headers == [] and .tls.verify != "ok"'
		expect_tls '.tls.subject != null'
	done
	same_fate refuse https://127.0.2.1/
	for label in wrong self early untrusted alone; do
		same_fate take -k https://$label.test/
		expect_tls '.tls.verify != "ok" and .tls.verify != null'
	done
	same_fate refuse https://old.test:8410/
	same_fate refuse https://good.test:8411/
	same_fate refuse https://good.test:80/
	expect_tls '.error.kind == "tls-handshake"'
	same_fate refuse --cacert "$pki/other.pem" https://good.test/
	same_fate take --cacert "$pki/other.pem" https://untrusted.test/

	# who wants a certificate says so in HTTP, with nginx
	make_cert someone.test use=clientAuth
	same_head https://good.test:8443/
	same_head --cert "$pki/someone.test.pem" --key "$pki/someone.test.key" https://good.test:8443/
	same_head --tls-max 1.2 --cert "$pki/someone.test.pem" --key "$pki/someone.test.key" https://good.test:8443/

	# The name of a person, or of a machine, is no name of a host (RFC 9525 section 2); curl still takes it.
	run awget -s "${anchors[@]}" https://common.test/
	expect_status 2
	curl_head https://common.test/ >"$tmp/out" || fail 'curl has changed: is the list of differences still right?'
	tell 'refuse, by awget alone: https://common.test/' "$(cut -d : -f 4- "$tmp/err")" \
		"$(head -n 1 "$tmp/out" | tr -d '\r')"

	# whom the system trusts
	mkdir "$tmp/anchors"
	cp "$pki/ca.crt" "$tmp/anchors"
	quietly openssl rehash "$tmp/anchors"
	anchors=()
	same_fate refuse https://good.test/
	SSL_CERT_FILE=$pki/ca.pem same_fate take https://good.test/
	SSL_CERT_FILE=$pki/other.pem same_fate refuse https://good.test/
	SSL_CERT_DIR=$tmp/anchors same_fate take https://good.test/
	SSL_CERT_DIR=/var/empty same_fate refuse https://good.test/
	SSL_CERT_FILE=$pki/ca.pem SSL_CERT_DIR=$tmp/anchors same_fate refuse https://untrusted.test/
fi
[ -n "${RUN_WRAP-}" ] || [ $cases -ge 90 ] || fail "only $cases cases"
[ -z "$absent" ] || skip "there is no $absent; the others are as they should be"
