#!/bin/bash
# With nginx, Apache, lighttpd and Caddy as origins, awget shows of every head what curl sees, byte for byte, and asks
# for it with nothing but the request that it is said to send.
. "${0%/*}/net.sh"
slow
need curl python3

declare -A address=([nginx]=127.0.1.1 [apache2]=127.0.1.2 [lighttpd]=127.0.1.3 [caddy]=127.0.1.4)
for server in "${!address[@]}"; do
	echo "${address[$server]} one.$server.test two.$server.test three.$server.test"
done | system hosts
version=$(${RUN_WRAP-} awget --version) && version=${version#awget } || fail 'awget has no version'

www=$tmp/www
mkdir -p "$www/dir" "$www/secret"
for ((i = 0; i < 500; i++)); do
	echo "<p>line $i of a page that is worth being compressed"
done >"$www/page.html"
cp "$www/page.html" "$www/index.html"
truncate -s 300M "$www/large.bin"
touch -d @1600000000 "$www"/*
long=$(printf '%02000d' 0)
obs=$'caf\351'
# many FORMAT: a hundred settings of a server, each for another header
many()
{
	# shellcheck disable=SC2059 # it is a format
	printf "$1\n" {1..100}
}

# Each request becomes a line of a pipe: request line|Host|User-Agent|X-Test|bytes. With so many bytes there is no room
# for anything else. Caddy does not count them; its line ends with all headers but Host instead.
serve_nginx()
{
	start_nginx <<END
log_format all '\$request|\$http_host|\$http_user_agent|\$http_x_test|\$request_length';
access_log $log all;
types { text/html html; }
large_client_header_buffers 2 4k;
root $www;
server {
	listen $ip:80 default_server;
	add_header X-Site \$host always;
	location /secret { deny all; }
	location /moved { return 301 http://elsewhere.test/; }
	location /empty { return 204; }
	location /failure { return 503 "out of order"; }
	location /odd { return 599 odd; }
	location /again { return 200; add_header Set-Cookie a=1; add_header Set-Cookie b=2; add_header set-cookie c=3; }
	location /obs { return 200; add_header X-Obs "$obs"; }
	location /many { return 200; $(many "add_header X-Many-%d $long;") }
	location /gzip { gzip on; gzip_vary on; gzip_http_version 1.0; alias $www/page.html; }
}
server {
	listen $ip:80;
	server_name three.nginx.test;
	add_header X-Site "number three";
	server_tokens off;
}
END
}

serve_apache2()
{
	start_apache alias deflate dir filter headers mime <<END
LogFormat "%r|%{Host}i|%{User-Agent}i|%{X-Test}i|%I" all
CustomLog $log all
LimitRequestLine 4096
TypesConfig /dev/null
AddType text/html .html
TraceEnable on
ErrorDocument 503 "out of order"
DirectoryIndex index.html
<Directory $www/secret>
	Require all denied
</Directory>
Redirect 301 /moved http://elsewhere.test/
Redirect 204 /empty
Redirect 503 /failure
Redirect 410 /odd
Alias /gzip $www/page.html
<LocationMatch ^/(again|obs|many)>
	SetHandler default-handler
</LocationMatch>
AliasMatch ^/(again|obs|many) $www/page.html
<Location /again>
	Header add Set-Cookie a=1
	Header add Set-Cookie b=2
	Header add set-cookie c=3
	Header set X-Empty ""
</Location>
<Location /obs>
	Header set X-Obs "$obs"
</Location>
<Location /many>
	$(many "Header set X-Many-%d $long")
</Location>
<Location /gzip>
	SetOutputFilter DEFLATE
</Location>
Listen $ip:80
DocumentRoot $www
<Directory $www>
	Require all granted
</Directory>
<VirtualHost $ip:80>
	ServerName one.apache2.test
	ServerAlias two.apache2.test
	Header always set X-Site "expr=%{HTTP_HOST}"
</VirtualHost>
<VirtualHost $ip:80>
	ServerName three.apache2.test
	Header always set X-Site "number three"
	Header unset ETag
</VirtualHost>
END
}

serve_lighttpd()
{
	start_lighttpd <<END
server.modules = ("mod_access", "mod_accesslog", "mod_deflate", "mod_redirect", "mod_setenv")
server.bind = "$ip"
server.port = 80
server.document-root := "$www"
server.max-request-field-size = 4096
index-file.names = ("index.html")
mimetype.assign = (".html" => "text/html")
accesslog.filename = "|exec cat >$log"
accesslog.format = "%r|%{Host}i|%{User-Agent}i|%{X-Test}i|%I"
setenv.add-response-header = ("X-Site" => "default")
\$HTTP["host"] == "two.lighttpd.test" { setenv.add-response-header = ("X-Site" => "number two") }
\$HTTP["host"] == "three.lighttpd.test" { server.tag = "" }
\$HTTP["url"] =~ "^/secret" { url.access-deny = ("") }
\$HTTP["url"] =~ "^/again" { setenv.add-response-header = ("Set-Cookie" => "a=1", "X-Empty" => "") }
\$HTTP["url"] =~ "^/obs" { setenv.add-response-header = ("X-Obs" => "$obs") }
\$HTTP["url"] =~ "^/many" { setenv.add-response-header = ($(many "\"X-Many-%d\" => \"$long\",")) }
\$HTTP["url"] =~ "^/gzip" { deflate.mimetypes = ("text/html") deflate.allowed-encodings = ("gzip") }
url.redirect = ("^/moved" => "http://elsewhere.test/")
url.rewrite-once = ("^/(again|obs|many|gzip)" => "/page.html")
END
}

serve_caddy()
{
	mkfifo "$log.json"
	python3 -uc '
import json, sys
for line in sys.stdin:
    r = json.loads(line)["request"]
    print(r["method"], r["uri"], r["proto"] + "|" + r["host"] + "|" + json.dumps(r["headers"], sort_keys=True))
' <"$log.json" >"$log" &
	start_caddy <<END
http://one.caddy.test, http://two.caddy.test {
	bind $ip
	root * $www
	log {
		format json
		output file $log.json {
			roll_disabled
		}
	}
	header X-Site {host}
	respond /secret/* 403
	redir /moved http://elsewhere.test/ 301
	respond /empty 204
	respond /failure "out of order" 503
	respond /odd 599
	header /again +Set-Cookie a=1
	header /again +Set-Cookie b=2
	header /again X-Empty ""
	header /obs X-Obs "$obs"
	header /many {
		$(many "X-Many-%d $long")
	}
	rewrite /again /page.html
	rewrite /obs /page.html
	rewrite /many /page.html
	encode /gzip gzip
	rewrite /gzip /page.html
	file_server
}
http:// {
	bind $ip
	log {
		format json
		output file $log.json {
			roll_disabled
		}
	}
	respond "whoever you are" 200
}
END
}

# logged N FILE: the next N lines of the log, sorted.
logged()
{
	local i line

	for ((i = 0; i < $1; i++)); do
		read -r -t 20 -u "$log_fd" line || fail "$server logged $i requests, not $1: $ran"
		echo "$line"
	done >"$tmp/lines"
	sort "$tmp/lines" >"$2"
}

# request_log HOST: how the log shows awget's request for the root of HOST.
request_log()
{
	local text=$'GET / HTTP/1.0\r\nHost: '$1$'\r\nUser-Agent: awget/'$version$'\r\n\r\n'

	case $server in
	caddy) echo "GET / HTTP/1.0|$1|{\"User-Agent\": [\"awget/$version\"]}" ;;
	*) echo "GET / HTTP/1.0|$1|awget/$version|-|${#text}" ;;
	esac
}

# curl_head [OPTION]... URL: the head that curl receives for the same request. It gives up with a head that it does not
# like, but has shown it then.
curl_head()
{
	curl -s -S -o /dev/null -D - --http1.0 --path-as-is --max-time 20 -H Accept: -A "awget/$version" "$@"
}

# Dates differ between one request and the next.
undated()
{
	sed -E 's/(^| header > )(Date|Expires): [^\r]*/\1\2: then/' "$@"
}

# as_text TARGET: how text output shows the head on standard input: without blanks at a line's end, and with bytes that
# are no text escaped.
as_text()
{
	undated | sed -E "s/[ \t\r]+\$//; /^\$/d; s/$obs/caf\\\\xe9/" | tag=$1 awk '{ print ENVIRON["tag"] " header > " $0 }'
}

# by_target: text output with each target's lines together, their order kept.
by_target()
{
	awk '{ t = $1; if (t == "wget" || t == "Done") { t = $2; sub(/\.+$/, "", t) } print t "\t" $0 }' |
		sort -s -t "$(printf '\t')" -k 1,1 | cut -f 2-
}

# as_curl [-q] TARGET...: one run of awget for all of them.
as_curl()
{
	local target targets=("$@")

	[ "$1" != -q ] || targets=("${@:2}")
	for target in "${targets[@]}"; do
		[ "$1" = -q ] || echo "wget $target..."
		curl_head "$target" | tee -a "$tmp/heads" | as_text "$target"
		[ "$1" = -q ] || echo "Done $target."
	done | by_target >"$tmp/story"
	logged ${#targets[@]} "$tmp/log"
	run awget "$@"
	expect_status 0
	expect_no_err
	undated "$tmp/out" | by_target >"$tmp/told"
	same out "$tmp/told" <"$tmp/story"
	logged ${#targets[@]} "$tmp/log.awget"
	same log "$tmp/log.awget" <"$tmp/log"
}

three_hosts()
{
	local host hosts=({one,two,three}."$server".test)

	as_curl "${hosts[@]}"
	head -n 3 "$tmp/out" >"$tmp/first"
	same beginning "$tmp/first" < <(printf 'wget %s...\n' "${hosts[@]}")
	for host in "${hosts[@]}"; do
		request_log "$host"
	done | sort >"$tmp/requests"
	same log "$tmp/log.awget" <"$tmp/requests"
}

# paths PATH...: all at once.
paths()
{
	as_curl -q "${@/#/http://two.$server.test}"
}

# head_of [OPTION]... PATH: raw output, with options that mean the same to curl.
head_of()
{
	local options=("${@:1:$#-1}") url=http://one.$server.test${*: -1}

	curl_head "${options[@]}" "$url" | tee -a "$tmp/heads" | undated >"$tmp/head"
	logged 1 "$tmp/log"
	run awget --format raw "${options[@]}" "$url"
	expect_status 0
	expect_no_err
	undated -i "$tmp/out"
	cmp "$tmp/head" "$tmp/out" || same out "$tmp/out" <"$tmp/head"
	logged 1 "$tmp/log.awget"
	same log "$tmp/log.awget" <"$tmp/log"
}

# statuses NUMBER...: the heads so far had these; else they are not what they are here for. Of each server:
declare -A expected=(
	[nginx]='200 204 206 301 304 400 403 404 405 414 416 503 599'
	[apache2]='200 204 206 301 304 400 403 404 405 410 414 416 501 503'
	[lighttpd]='200 301 304 403 404 411 431 501'
	[caddy]='200 204 206 301 304 403 404 416 500 503 599'
)
statuses()
{
	ran="curl, at $server"
	sed -nE 's/^HTTP\/1\.[01] ([0-9]{3}).*/\1/p' "$tmp/heads" | sort -u >"$tmp/statuses"
	same statuses "$tmp/statuses" "$@"
	rm "$tmp/heads"
}

various_requests()
{
	local method

	head_of /page.html
	head_of /large.bin
	head_of /obs
	head_of -I /page.html
	head_of -I /missing
	head_of -A '' /
	head_of -A 'another agent' /
	head_of -H 'X-Test: yes' -H 'X-Second: one' -H 'X-Second: two' /
	head_of -H 'X-Test;' /
	head_of -H "Host: three.$server.test" /
	head_of -H 'Host: nobody.test' /
	head_of -H 'Host:' /
	head_of -H 'Connection: keep-alive' /page.html
	head_of -H 'Accept-Encoding: gzip' /gzip
	head_of -H 'If-None-Match: *' /page.html
	head_of -H 'If-Modified-Since: Sun, 13 Sep 2020 12:26:40 GMT' /page.html
	head_of -H 'Range: bytes=0-3' /page.html
	head_of -H 'Range: bytes=999999-' /page.html
	head_of -H "X-Large: ${long:0:1500}" /
	head_of -H "X-Large: $long$long$long$long$long" /
	head_of "/$long$long$long"
	for method in OPTIONS POST PUT DELETE TRACE BREW; do
		head_of -X $method /page.html
	done
}

absent=
for server in nginx apache2 lighttpd caddy; do
	command -v $server >/dev/null || {
		absent="$absent $server"
		continue
	}
	ip=${address[$server]} log=$tmp/requests.$server
	mkfifo "$log"
	exec {log_fd}<>"$log"
	serve_$server
	three_hosts
	paths / /page.html '/page.html?a=b&c=%20d' //page.html /%70age.html /missing /dir /secret/ /large.bin /moved \
		/empty /failure /odd /again /obs /many /gzip
	# awget does the same whoever answers; where it is slow, one server is enough
	if [ -z "${RUN_WRAP-}" ] || [ $server = nginx ]; then
		various_requests
		statuses ${expected[$server]}
	fi
	exec {log_fd}<&-
done
[ -z "$absent" ] || skip "there is no$absent; the others are as they should be"
