#!/bin/bash
# The recipes of README.md do what it says of them, as they stand there.
. "${0%/*}/net.sh"
slow
costly

need jq
ip addr add 192.0.2.7/32 dev lo || skip 'cannot add addresses'
serve --public --ipv4 -a 127.0.0.1 -a 192.0.2.7 -p 80 -s 443 -d 53
export SSL_CERT_FILE=$CA
system resolv.conf <<<'nameserver 127.0.0.1'
system hosts <<<'127.0.0.1 localhost'
sed -n '/^<!-- recipes: begin -->$/,/^<!-- recipes: end -->$/p' "$top_srcdir/README.md" >"$tmp/recipes"
mkdir "$tmp/here"
cd "$tmp/here" || exit
printf '%s.example.net\n' www status-404 expired redirects-2 nxdomain >hosts.txt
missing='^awget: nxdomain.example.net: no such host name (NXDOMAIN)$'
seen=0

# recipe TITLE STATUS FILE PATTERN...: runs it, and sees that it ends with this status and that lines of the file are as these
# patterns say.
recipe()
{
	local title=$1 wanted=$2 file=$3 command pattern

	shift 3
	command=$(sed -n "/^\*\*$title\*\*/,/^\*\*/s/^    //p" "$tmp/recipes" | sed '/^\*\*/q')
	[ "$command" ] || fail "no recipe: $title"
	run bash -c "$command"
	ran=$command
	expect_status "$wanted"
	for pattern; do
		grep -q -- "$pattern" "$file" && continue
		cat "$tmp/out" "$tmp/err" >&2
		fail "not in ${file##*/}: $pattern: $command"
	done
	seen=$((seen + 1))
}

recipe 'Which hosts do not answer, and why?' 2 "$tmp/err" "$missing"
[ "$(wc -l <"$tmp/err")" -eq 1 ] || fail "those that answer are told, too: $(cat "$tmp/err")"
expect_no_out
recipe 'Whose certificate ends within 30 days.*' 2 "$tmp/err" '^awget: expired.example.net: check: tls.verify == ok: found ' \
	'^awget: expired.example.net: check: tls.days >= 30: found -'
! grep 'www.example.net' "$tmp/err" || fail 'a good certificate is told'
recipe 'Who does not send Strict-Transport-Security.*' 2 "$tmp/err" '^awget: www.example.net: check: .*: found nothing$' \
	'^awget: expired.example.net: the certificate expired on '
recipe 'What does OWASP say about us?' 2 headers.html '<html' 'www.example.net'
grep -q '<testsuite' headers.xml || fail 'no headers.xml'
recipe 'Which servers are out there?' 2 "$tmp/err" '^ *4 *80.0%  awserve ' '^ *2 .*  200 ' '^ *1 .*  404 '
recipe 'Do all sites work on the new server?' 0 "$tmp/out" '^www.example.net header > HTTP/1.1 200 OK$' \
	'^nxdomain.example.net header > HTTP/1.1 200 OK$' # there it is, whatever the DNS says
system hosts <<<'127.0.0.1 localhost
127.0.0.1 www.example.net
192.0.2.7 www.example.net'
recipe 'Do all servers behind a name send the same?' 0 "$tmp/err" '^awget: https://www.example.net: its 2 addresses agree$'
system hosts <<<'127.0.0.1 localhost'
awget --json -i hosts.txt 2>/dev/null | sed 's/"status":404,"reason":"[^"]*"/"status":200,"reason":"OK"/' >yesterday.ndjson
recipe 'What is different from yesterday?' 2 "$tmp/out" '^status-404.example.net change > - status 200$' \
	'^status-404.example.net change > + status 404$'
[ "$(wc -l <"$tmp/out")" -eq 2 ] || fail "too much is different: $(cat "$tmp/out")"
recipe 'Where does each host lead.*' 0 "$tmp/out" \
	"^redirects-2.example.net	302	302	200	http://redirects-2.example.net/redirects/0$"
cp hosts.txt million.txt
for _ in 1 2; do
	recipe 'A million hosts.' 2 heads.ndjson '"target":"status-404.example.net".*"status":404'
	[ "$(wc -l <heads.ndjson)" -eq 5 ] || fail "not one record for each: $(cat heads.ndjson)"
done
[ "$(grep -c '^    ' "$tmp/recipes")" -eq $((seen - 1)) ] || fail "not $(grep -c '^    ' "$tmp/recipes") recipes are tried"
