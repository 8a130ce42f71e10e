#!/bin/bash
# awserve does over HTTP what its table of paths says.
. "${0%/*}/lib.sh"
costly

serve --verbose

# shown COMMAND...: what it prints, with ^M for CR and so on, and a line end at the end.
shown()
{
	"$@" 2>&1 | cat -v
	echo
}

# answers PATH [HOST]: compares the answer to a GET with standard input.
answers()
{
	run shown get "$@"
	expect_out
}

head_of_page='HTTP/1.1 200 OK^M
Server: awserve^M
Content-Type: text/html^M
Content-Length: 19^M
Connection: close^M
^M'
page="$head_of_page
<h1>Index Page</h1>"

# pages
answers / <<<"$page"
answers '/?query' <<<"$page"
answers '/%3Cb%3E%26' <<'END'
HTTP/1.1 200 OK^M
Server: awserve^M
Content-Type: text/html^M
Content-Length: 30^M
Connection: close^M
^M
<h1>Hello, &lt;b&gt;&amp;</h1>
END
answers /a/b <<'END'
HTTP/1.1 404 Not Found^M
Server: awserve^M
Content-Type: text/html^M
Content-Length: 22^M
Connection: close^M
^M
<h1>404 Not Found</h1>
END
run shown request 'POST / HTTP/1.1\r\nHost: a\r\n\r\n'
expect_out <<'END'
HTTP/1.1 405 Method Not Allowed^M
Server: awserve^M
Content-Type: text/html^M
Content-Length: 31^M
Connection: close^M
Allow: GET, HEAD^M
^M
<h1>405 Method Not Allowed</h1>
END
run shown request 'HEAD / HTTP/1.0\r\n\r\n'
expect_out <<<"$head_of_page
"
run shown request 'nonsense\r\n'
expect_out <<'END'
HTTP/1.1 400 Bad Request^M
Server: awserve^M
Content-Type: text/html^M
Content-Length: 24^M
Connection: close^M
^M
<h1>400 Bad Request</h1>
END
answers /status/301 <<'END'
HTTP/1.1 301 Moved Permanently^M
Server: awserve^M
Content-Type: text/html^M
Content-Length: 21^M
Connection: close^M
Location: /^M
^M
301 Moved Permanently
END
answers /status/799 <<'END'
HTTP/1.1 799 ^M
Server: awserve^M
Content-Type: text/html^M
Content-Length: 4^M
Connection: close^M
^M
799 
END
answers /status/204 <<'END'
HTTP/1.1 204 No Content^M
Server: awserve^M
Connection: close^M
^M

END
for number in /status/1000 /status/x /wait/-1 /wait/99999999 /large/99999999999999999999 /drip/1/x; do
	answers $number <<'END'
HTTP/1.1 400 Bad Request^M
Server: awserve^M
Content-Type: text/html^M
Content-Length: 35^M
Connection: close^M
^M
<h1>Not a number, or too large</h1>
END
done
run shown request 'PUT /echo HTTP/1.0\r\nHost: h\r\nX-Odd: \033[1m\r\n\r\n'
expect_out <<'END'
HTTP/1.1 200 OK^M
Server: awserve^M
Content-Type: application/octet-stream^M
Content-Length: 44^M
Connection: close^M
X-Request: PUT /echo HTTP/1.0^M
X-Request: Host: h^M
X-Request: X-Odd: \x1b[1m^M
X-Request-Bytes: PUT /echo HTTP/1.0\x0d\x0aHost: h\x0d\x0aX-Odd: \x1b[1m\x0d\x0a\x0d\x0a^M
^M
PUT /echo HTTP/1.0^M
Host: h^M
X-Odd: ^[[1m^M
^M

END
answers '/raw?any%20%00%0d%0a%ff%bytes' <<'END'
any ^@^M
M-^?%bytes
END

# redirections; fields PATH [HOST]: the status line and the fields that not every answer has
fields()
{
	run shown get "$@"
	sed -i -E '/^(Server|Content-Type|Content-Length|Connection):/d; /^\^M$/,$d; s/\^M$//' "$tmp/out"
	expect_out
}
fields '/redirect/302?//other.test:8080/a%20b%c3%0d%0aX-More:' <<'END'
HTTP/1.1 302 Found
Location: //other.test:8080/a bM-C
X-More:
END
fields '/redirect/308' <<<'HTTP/1.1 308 Permanent Redirect'
fields '/redirect/300?' <<'END'
HTTP/1.1 300 Multiple Choices
Location: 
END
for n in 2 1; do
	fields /redirects/$n <<END
HTTP/1.1 302 Found
Location: /redirects/$((n - 1))
END
done
answers /redirects/0 <<<"$page"
for path in /loop:/loop /pingpong:/pingpong/pong /pingpong/pong:/pingpong; do
	fields ${path%:*} <<END
HTTP/1.1 302 Found
Location: ${path#*:}
END
done
fields /location/none <<<'HTTP/1.1 302 Found'
fields /location/empty <<'END'
HTTP/1.1 302 Found
Location:
END
fields /location/two <<'END'
HTTP/1.1 302 Found
Location: /
Location: /echo
END

# failures that pass: each target of each host by itself
for host in a.test b.test; do
	for path in /retry/2 '/retry/2?x'; do
		fields "$path" $host <<<'HTTP/1.1 503 Service Unavailable'
		fields "$path" $host <<<'HTTP/1.1 503 Service Unavailable'
		answers "$path" $host <<<"$page"
		answers "$path" $host <<<"$page"
	done
done
fields /retry/1/429 <<<'HTTP/1.1 429 Too Many Requests'
answers /retry/1/429 <<<"$page"
fields /retry/1/429/7 <<'END'
HTTP/1.1 429 Too Many Requests
Retry-After: 7
END
answers /retry/1/429/7 <<<"$page"
fields / retry-1-503-0.test <<'END'
HTTP/1.1 503 Service Unavailable
Retry-After: 0
END
answers / retry-1-503-0.test <<<"$page"
run get /retry/1/503/3600/date
after=$(sed -n 's/^Retry-After: \(.*\)\r$/\1/p' "$tmp/out")
[ "$(date -u -d "$after" '+%a, %d %b %Y %H:%M:%S GMT')" = "$after" ] || fail "no date: $after"
seconds=$(($(date -d "$after" +%s) - $(date +%s)))
[ $seconds -gt 3000 ] && [ $seconds -le 3600 ] || fail "$after is in $seconds s"
answers /retry/1/503/3600/date <<<"$page"
answers /retry/0 <<<"$page"

# a password
fields '/auth?a:b' <<'END'
HTTP/1.1 401 Unauthorized
WWW-Authenticate: Basic realm="awserve"
END
for row in 'a:b YTpi' 'a:bc YTpiYw==' 'a:bcd YTpiY2Q=' 'na%%20me:%%ff%%fe bmEgbWU6//4='; do
	run shown request "GET /auth?${row% *} HTTP/1.0\r\nauthorization: Basic ${row#* }\r\n\r\n"
	expect_out <<<"$page"
	run shown request "GET /auth?${row% *}x HTTP/1.0\r\nAuthorization: Basic ${row#* }\r\n\r\n"
	grep -q '^HTTP/1.1 401 ' "$tmp/out" || fail "another password is taken"
done

# backends
fields / lacks-0.test <<'END'
HTTP/1.1 200 OK
X-Backend: 0
END
for n in {1..8}; do
	backend()
	{
		exec {fd}<>"/dev/tcp/127.0.1.$n/$HTTP_PORT"
		printf 'GET %s HTTP/1.0\r\n\r\n' "$1" >&"$fd"
		tr -d '\r' <&"$fd" | sed -n '/^HTTP/p; /^X-Backend/p; /^Strict/p'
		exec {fd}>&-
	}
	strict='Strict-Transport-Security: max-age=31536000'
	run backend /lacks/3
	if [ "$n" = 3 ]; then
		expect_out 'HTTP/1.1 200 OK' "X-Backend: $n"
	else
		expect_out 'HTTP/1.1 200 OK' "X-Backend: $n" "$strict"
	fi
	run backend /differs/8/404
	if [ "$n" = 8 ]; then
		expect_out 'HTTP/1.1 404 Not Found' "X-Backend: $n" "$strict"
	else
		expect_out 'HTTP/1.1 200 OK' "X-Backend: $n" "$strict"
	fi
done
fields /differs/1/500 <<END
HTTP/1.1 200 OK
X-Backend: 0
$strict
END

# time
expect_time 0.2 5 answers /wait/200 <<<"$page"
expect_time 0.13 5 answers /drip/1 <<<"$page"
expect_time 0.2 5 answers /drip/50/30 <<<"$page"
expect_time 0.24 5 answers /lines/40 <<<"$page"
answers /drip/0 <<<"$page"

# answers that break off
answers /close <<<''
answers /cut/17 <<<'HTTP/1.1 200 OK^M
'
answers /cut/18 <<<'HTTP/1.1 200 OK^M
S'
answers /cut/9999 <<<"$head_of_page
"
answers /cuttls <<<'HTTP/1.1 200 OK^M
Server: aws'
answers /reset/0 <<<'cat: -: Connection reset by peer
'
answers /reset/5 <<<'HTTP/cat: -: Connection reset by peer
'

# stays_open N PATH: N bytes come, as standard input says, then nothing, within a short while, not even the end.
stays_open()
{
	local fd

	exec {fd}<>"/dev/tcp/127.0.0.1/$HTTP_PORT"
	printf 'GET %s HTTP/1.0\r\n\r\n' "$2" >&"$fd"
	run shown timeout 20 dd bs=1 count="$1" status=none <&"$fd"
	expect_out
	RUN_TIMEOUT=0.2 run cat <&"$fd"
	exec {fd}>&-
	expect_no_out
	expect_status 124
}
stays_open 0 /never <<<''
stays_open 12 /stall/12 <<<'HTTP/1.1 200'
stays_open 100 /nobody <<<"$head_of_page
"
answers_half()
{
	local fd

	exec {fd}<>"/dev/tcp/127.0.0.1/$HTTP_PORT"
	printf 'GET /half HTTP/1.0\r\n\r\n' >&"$fd"
	run shown cat <&"$fd" # comes to an end, unlike /nobody
	expect_out <<<"$head_of_page
"
	exec {fd}>&-
}
answers_half

# large
answers /headers/0 <<'END'
HTTP/1.1 200 OK^M
^M

END
answers /headers/2 <<'END'
HTTP/1.1 200 OK^M
X-Field-1: 1^M
X-Field-2: 2^M
^M

END
run get /headers/10000
[ "$(wc -l <"$tmp/out")" -eq 10002 ] || fail "/headers/10000 has $(wc -l <"$tmp/out") lines"
answers /line/3 <<'END'
HTTP/1.1 200 OK^M
X-Long: xxx^M
^M

END
answers /reason/3 <<'END'
HTTP/1.1 200 xxx^M
^M

END
for path in line reason large; do
	run get /$path/1000000
	[ "$(tr -dc x <"$tmp/out" | wc -c)" -ge 1000000 ] || fail "/$path/1000000 is too short"
	[ "$(wc -c <"$tmp/out")" -lt 1000200 ] || fail "/$path/1000000 is too long"
done

# heads of other kinds
answers /informational/2 <<END
HTTP/1.1 103 Early Hints^M
Link: </style.css>; rel=preload^M
^M
HTTP/1.1 103 Early Hints^M
Link: </style.css>; rel=preload^M
^M
$page
END
answers /informational/1/only <<'END'
HTTP/1.1 103 Early Hints^M
Link: </style.css>; rel=preload^M
^M

END
canned()
{
	answers "/$1" <<<"$2"
}
ok='HTTP/1.1 200 OK^M
'
end='
^M
'
next='
X-Next: four^M
^M
'
server='
Server: awserve^M
^M
'
canned switching "HTTP/1.1 101 Switching Protocols^M
Upgrade: x^M$end"
canned lf 'HTTP/1.1 200 OK
Server: awserve
X-End: LF

'
canned noreason "HTTP/1.1 200^M$server"
canned emptyreason "HTTP/1.1 200 ^M$server"
canned http10 "HTTP/1.0 200 OK^M$server"
canned duplicate "${ok}Set-Cookie: a=1^M
Via: 1.1 x^M
Set-Cookie: b=2^M
set-cookie: a=1^M$end"
canned fold "${ok}X-Fold: one^M
 two^M
	three^M$next"
canned foldfirst "$ok folded^M$next"
canned nocolon "${ok}No colon here^M$next"
canned blank "${ok}X-Blank : before^M$next"
canned noname "$ok: no name^M$next"
canned novalue "${ok}X-Empty:^M
X-Blanks: 	 ^M$next"
canned trim "${ok}X-Trim: 	 a b 	 ^M
X-None:c^M$end"
canned obstext "${ok}X-Latin: cafM-i^M
X-Utf8: cafM-CM-) M-bM-^BM-,^M$end"
canned control 'HTTP/1.1 200 ^[[31mred^H^?^M
X-Esc: ^[[2J^[[1;1H^M
X-Osc: ^[]0;title^G^M
X-C1: M-^[31m M-^E^M
X-C1-Utf8: M-BM-^[31m^M
X-Bs: ab^H^Hc^M
X-Del: ^?^M
X^[-Name: ^A^B^M'"$end"
canned nul "${ok}X-Nul: a^@b^M$next"
canned cr "${ok}X-Cr: a^MX-Injected: b^M$next"
canned blanklines "^M
^M
HTTP/1.1 200 OK^M$server"
canned garbage/random 'M-S^NM-^ZG^@M-^?^\M-^B
kM-e1M-,w^CM-^X'
canned garbage/http09 '<html><h1>Index Page</h1></html>
'
canned garbage/icy "ICY 200 OK^M
icy-name: radio^M$end"
canned garbage/ssh 'SSH-2.0-OpenSSH_9.2p1^M
'
canned garbage/smtp '220 mail.test ESMTP^M
'
canned garbage/ftp '220 (vsFTPd 3.0.3)^M
'
canned garbage/tls '^U^C^A^@^B^B^V'
canned garbage/h2 '^@^@^F^D^@^@^@^@^@^@^C^@^@^@d^@^@^H^G^@^@^@^@^@^@^@^@^@^@^@^@^A'
canned garbage/binary '^?ELF^B^A^A^@^@^@^@^@^@^@^@^@^C^@>^@'
canned garbage/lower "http/1.1 200 OK^M$server"
canned garbage/version "HTTP/2 200^M$server"
canned garbage/code "HTTP/1.1 2000 OK^M$server"
canned garbage/tab "HTTP/1.1	200	OK^M$server"
canned garbage/spaces "HTTP/1.1  200 OK^M$server"

# answers without an end: how they begin
first()
{
	get "$2" 2>&1 | head -c "$1"
}
begins()
{
	run shown first "$1" "$2"
	expect_out
}
begins 65 /endless/lines <<'END'
HTTP/1.1 200 OK^M
X-Endless: line^M
X-Endless: line^M
X-Endless: lin
END
begins 51 /endless/line <<'END'
HTTP/1.1 200 OK^M
X-Endless: endless endless endless
END
begins 28 /endless/status <<<'HTTP/1.1 200 endless endless'
begins 53 /endless/fold <<'END'
HTTP/1.1 200 OK^M
X-Endless: fold^M
 folded^M
 folded^M
 
END
begins 4 /endless/nul <<<'^@^@^@^@'
begins 5 /endless/blanks <<'END'
^M
^M
^M
END
begins 50 /endless/informational <<'END'
HTTP/1.1 103 Early Hints^M
Link: </>^M
^M
HTTP/1.1 10
END
begins 54 /endless/body <<'END'
HTTP/1.1 200 OK^M
Content-Type: text/plain^M
^M
body body
END
for what in lines line status fold nul blanks informational body; do
	first 1000000 /endless/$what >"$tmp/out"
	[ "$(wc -c <"$tmp/out")" -eq 1000000 ] || fail "/endless/$what ends"
	expect_time 0.01 5 eval "first 200 /endless/$what/3 >$tmp/out"
	[ "$(wc -c <"$tmp/out")" -eq 200 ] || fail "/endless/$what/3 ends"
done

# by name alone, or not
expect_time 0.2 5 answers / wait-200.test <<<"$page"
answers / cut-3.a.test:80 <<<'HTT'
answers / GARBAGE-Ssh.test <<<'SSH-2.0-OpenSSH_9.2p1^M
'
answers / informational-0-only.test <<<''
answers /cut/4 cut-3.test <<<'HTTP'
for host in www.test status.test 127.0.0.1 '[::1]:80' localhost cut-3 wait--5.test ''; do
	answers / "$host" <<<"$page"
done

# each path was asked for, that of "/" above all
awserve --list | sed -n '/^\//s/ .*//p' | while read -r path; do
	grep -Eq "^http [A-Z]+ $(sed 's|{[a-z]*}|[^/ ]+|g' <<<"$path")(\\?[^ ]*)? " "$serve_err" || fail "nobody tests $path"
done || exit

# addresses where connecting itself goes wrong
at()
{
	local fd

	exec {fd}<>"/dev/tcp/$1/$HTTP_PORT" && cat <&"$fd"
}
run shown at 127.0.0.2 # without any request
expect_out <<'END'
HTTP/1.1 200 OK^M
Server: awserve^M
Content-Length: 0^M
Connection: close^M
^M

END
run shown at 127.0.0.3
expect_out <<'END'
cat: -: Connection reset by peer

END
RUN_TIMEOUT=0.5 run bash -c ": <>/dev/tcp/127.0.0.4/$HTTP_PORT"
expect_status 124
run bash -c ": <>/dev/tcp/127.0.9.1/$HTTP_PORT"
expect_status 1 # refused

serve --delay 150
expect_time 0.15 5 answers / <<<"$page"
