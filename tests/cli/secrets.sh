#!/bin/bash
# No password or token given to awget appears in anything that it prints, at any verbosity, in any outcome.
. "${0%/*}/lib.sh"
costly

need python3
serve --ipv4 --verbose
a=127.0.0.1:$HTTP_PORT
user=alice secret=Geheim-7531
token=$(printf '%s' "$user:$secret" | base64)

# hides OPTION...: neither the secret, nor what is made of it for the wire, is in the output of any way of running it
hides()
{
	local how

	for how in "${ways[@]}"; do
		run awget $how --dns-servers "$DNS" --connect-timeout 1 -m 10 "$@"
		[ "$status" -lt 124 ] || fail "status $status: $ran"
		[ -s "$tmp/err" ] || [ -s "$tmp/out" ] || fail "says nothing: $ran"
		! cat "$tmp/out" "$tmp/err" | grep -qiF -e "$secret" -e "$token" -e "${token%=*}" ||
			fail "shows the secret: $ran: $(cat "$tmp/out" "$tmp/err")"
	done
}

# whatever becomes of the target
ways=('' '-v --stats' '--json -v' '--group -v' '-s' '--all-addresses -v')
targets=("$a/" "https://a.test:$HTTPS_PORT/" "$a/redirects/2" "$a/status/401" "$a/retry/1/503/0" "$a/close" "$a/garbage/ssh" "$a/cut/60"
	127.0.0.1:1 "nxdomain.test:1" "https://expired.test:$HTTPS_PORT/" "https://$a" "x:0")
hides -u "$user:$secret" --cacert "$CA" -L --retry 1 --retry-delay 1ms "${targets[@]}"
hides -H "Authorization: Bearer $secret" -H "Cookie: a=$secret" -k -L "${targets[@]}"
hides -H "Proxy-Authorization: Basic $token" --http1.1 "${targets[@]}"
ways=('--format raw')
hides -u "$user:$secret" "$a/redirects/2" -L
# it does arrive
run awget -q -u "$user:$secret" "$a/auth?$user:$secret"
grep -q '> HTTP/1.1 200 OK$' "$tmp/out" || fail 'the password does not arrive'

# proxies: those that work, refuse, are not there, are no proxies
ways=('-v --stats' '--json')
for proxy in "http://$user:$secret@$a" "https://$user:$secret@localhost:$HTTPS_PORT" "$user:$secret@$a" "http://$user:$secret@127.0.0.1:1" \
	"http://$user:$secret@nxdomain.test:1" "socks5h://$user:$secret@127.0.0.1:1" "socks5h://$user:$secret@$HTTPS" \
	"http://$user:$secret@garbage-ssh.test:$HTTP_PORT" "http://$user:$secret@close.test:$HTTP_PORT"; do
	hides -x "$proxy" --cacert "$CA" "$a/http10" "https://a.test:$HTTPS_PORT/"
	http_proxy=$proxy https_proxy=$proxy hides "$a/http10" "https://a.test:$HTTPS_PORT/"
done

# values that make no sense, and words in the wrong place
ways=(-v)
for proxy in "ftp://$user:$secret@$a" "http://$user:$secret@$a:99999" "http://$user:$secret@" "http://$user:$secret" "http://$user:$secret@[::1" \
	"http://$user:/$secret@$a" "http://$user:$secret/@$a" "http://$user:$secret@$a/path" "http://$user:$secret%00@$a" \
	"http://$user:$secret"$'\x01'"@$a" "http:/$user:$secret@$a" "://$user:$secret@$a"; do
	hides -x "$proxy" "$a"
	http_proxy=$proxy hides "$a"
done
hides -u "$user:$secret"$'\r\n' "$a"
hides -u "$secret"$'\x01' "$a"
for line in "Authorization $secret" "Authorization Basic $secret:" "Authorization $secret: x" "Authorization : $secret" "Authorization: $secret"$'\r\nX: y' \
	": $secret" "Authorization; $secret"; do
	hides -H "$line" "$a"
	printf '%s\n' "$line" >"$tmp/fields"
	hides -H @"$tmp/fields" "$a"
done
for option in "--usr=$user:$secret" "--pro=http://$user:$secret@$a" "--hea=Authorization: $secret" "--silent=$secret"; do
	hides "$option" "$a"
done
