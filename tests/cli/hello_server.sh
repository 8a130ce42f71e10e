#!/bin/bash
# The example hello_server serves its two routes, to many at once, and any name is harmless.
. "${0%/*}/lib.sh"

mkfifo "$tmp/url"
${SERVE_WRAP-} hello_server >"$tmp/url" 2>"$tmp/err" &
server=$!
trap 'kill $server 2>/dev/null; clean_up' EXIT
read -r url <"$tmp/url" || fail "no address: $(cat "$tmp/err")"
[[ $url =~ ^http://127\.0\.0\.1:([0-9]+)/$ ]] || fail "address $url"
HTTP_PORT=${BASH_REMATCH[1]}

# answers PATH BODY: the body of the answer to a GET, which is 200
answers()
{
	run get "$1"
	sed -i 's/\r$//' "$tmp/out"
	printf '\n' >>"$tmp/out"
	expect_out 'HTTP/1.1 200 OK' 'Server: hello_server' 'Content-Type: text/html' "Content-Length: ${#2}" 'Connection: close' \
		'' "$2"
}

answers / '<h1>Index Page</h1>'
answers /Bob '<h1>Hello, Bob</h1>'
answers '/Bob?query' '<h1>Hello, Bob</h1>'
answers '/%41lice%20%26%20Bob' '<h1>Hello, Alice &amp; Bob</h1>'
answers '/%3Cscript%3E' '<h1>Hello, &lt;script&gt;</h1>'

# first_lines REQUEST LINE...: the first lines of the answer
first_lines()
{
	local request=$1

	shift
	run request "$request"
	head -n $# "$tmp/out" | tr -d '\r' >"$tmp/first"
	same out "$tmp/first" "$@"
}
first_lines 'GET /a/b HTTP/1.0\r\n\r\n' 'HTTP/1.1 404 Not Found'
first_lines 'GET // HTTP/1.0\r\n\r\n' 'HTTP/1.1 404 Not Found'
first_lines 'POST /Bob HTTP/1.0\r\n\r\n' 'HTTP/1.1 405 Method Not Allowed' 'Server: hello_server' 'Content-Type: text/html' \
	'Content-Length: 31' 'Connection: close' 'Allow: GET, HEAD'
first_lines 'Bob\r\n' 'HTTP/1.1 400 Bad Request'
run request 'HEAD /Bob HTTP/1.0\r\n\r\n'
[ "$(tail -n 1 "$tmp/out")" = $'\r' ] || fail "HEAD has a body"

# one that never says what it wants keeps nobody waiting
exec {silent}<>"/dev/tcp/127.0.0.1/$HTTP_PORT"
expect_time 0 10 answers /Bob '<h1>Hello, Bob</h1>'
exec {silent}>&-

kill -0 $server || fail "the server has ended: $(cat "$tmp/err")"
