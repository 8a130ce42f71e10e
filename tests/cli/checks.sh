#!/bin/bash
# Checks are held against each target that answers. Which of them fail is said on standard error and in JSON, and the exit
# status tells the truth; what makes no sense is shown with a caret before anything is fetched.
. "${0%/*}/lib.sh"

need jq
serve --ipv4 --verbose
a=127.0.0.1:$HTTP_PORT s=https://localhost:$HTTPS_PORT

# head LINE...: the target whose answer has these lines; URL: where it is served
head()
{
	local line lines=$'HTTP/1.1 200 OK\r\n'

	for line; do
		lines+=$line$'\r\n'
	done
	printf '%s/raw?%s' "${url-$a}" "$(printf '%s\r\n' "$lines" | sed '$d' | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g')%0d%0a"
}
hsts()
{
	local url=$s age lines=()

	for age; do
		lines+=("Strict-Transport-Security: max-age=$age")
	done
	head "${lines[@]}"
}

# the exit status of one line in a script
check='h[Strict-Transport-Security].max-age >= 180d'
row()
{
	local want=$1

	shift
	run awget -s --cacert "$CA" --resolve "localhost:$HTTPS_PORT:127.0.0.1" "$@"
	expect_status "$want"
	expect_no_out
}
holds=$(hsts 31536000) fails=$(hsts 300) missing=$(hsts) repeated=$(hsts 300 31536000) low=$(hsts 300 400)
row 0 -e "$check" "$holds"
expect_no_err
row 1 -e "$check" "$fails"
expect_err "awget: $(printf '%s' "$fails" | cut -c1-200)...: check: $check: found 300"
row 1 -e "hsts: $check" "$missing"
expect_err "awget: $missing: check hsts: $check: found nothing"
row 0 -e "$check" "$repeated"
row 1 -e "every $check" "$repeated"
row 1 -e "$check" "$low"
row 1 -e 'h[Strict-Transport-Security].count == 1' "$repeated"
row 2 -e "$check" "https://localhost:1"
row 2 -e "$check" "$fails" "https://localhost:1" "$holds"
row 3 -e 'h[Strict-Transport-Security].max-age >= ' "$holds"
row 3 -e "$check" -e 'statsu == 200' "$holds"
expect_err "awget: -e:2:1: there is no field 'statsu'; did you mean status?" 'statsu == 200' '^'
row 1 -f "$a/status/404"
row 0 -f "$a/status/301"
row 2 -f "$a/status/404" 127.0.0.1:1
row 0 -f --exit-zero "$a/status/404" 127.0.0.1:1
row 0 -e 'warn: status == 200' "$a/status/404"
expect_err "awget: $a/status/404: warning: status == 200: found 404"

# nothing was asked for where the command line makes no sense
cut=$(grep -c . "$serve_err")
run awget -e 'status == ' "$a"
expect_status 3
[ "$(grep -c . "$serve_err")" = "$cut" ] || fail 'something was fetched'
run awget --checks "$tmp/none" "$a"
expect_status 3
expect_err "awget: --checks: cannot read $tmp/none: No such file or directory"

# a file: sections by name and tag, includes, comments; beside -e and presets
mkdir "$tmp/more"
cat >"$tmp/more/all.checks" <<-'EOF'
	# for all
	ok: status == 2xx
EOF
cat >"$tmp/site.checks" <<-'EOF'
	@more/all.checks   # included
	[*.test, other.example]
	test: h[X-Missing] present
	[tag=prod]
	warn: prod: h[X-Prod] present
	if tag: if status == 404 then h[X-Tag] present
EOF
sed -i '$d' "$tmp/site.checks"
printf '%s\n' "$a/status/404 tag=dev" "a.test:$HTTP_PORT/x" "$a/x tag=prod" >"$tmp/list"
run awget -s --checks "$tmp/site.checks" --dns-servers "$DNS" -4 -i "$tmp/list"
expect_status 1
expect_err_sorted \
	"awget: $a/status/404: check ok: status == 2xx: found 404" \
	"awget: a.test:$HTTP_PORT/x: check test: h[X-Missing] present: found nothing" \
	"awget: $a/x: warning prod: h[X-Prod] present: found nothing"
run awget --json --checks "$tmp/site.checks" -e 'if status == 404 then reason == Gone' --dns-servers "$DNS" -4 -i "$tmp/list"
expect_status 1
expect_no_err
jq -r '[.n, (.checks[] | .id, .result, .found)] | @json' "$tmp/out" | sort >"$tmp/checks"
same checks "$tmp/checks" \
	'[1,"ok","fail","404",null,"fail","Not Found"]' \
	'[2,"ok","pass",null,"test","fail","nothing",null,"skip",null]' \
	'[3,"ok","pass",null,"prod","warn","nothing",null,"skip",null]'

# what is listed is a file of checks that does the same
run awget --list-checks --checks "$tmp/site.checks" --preset owasp -e 'status == 200' -f
expect_status 0
expect_no_err
cp "$tmp/out" "$tmp/listed.checks"
run awget --list-checks --checks "$tmp/listed.checks"
expect_status 0
diff <(sed 's/ *# .*//' "$tmp/listed.checks") <(sed 's/ *# .*//' "$tmp/out") >&2 || fail 'the list of a list'
for name in owasp hsts cookies leak cache; do
	run awget --list-checks --preset "$name"
	expect_status 0
	[ "$(grep -c . "$tmp/out")" -gt 2 ] || fail "$name: $(cat "$tmp/out")"
	[ -z "${RUN_WRAP-}" ] || break
done

# a regular expression that takes for ever ends by its limit, and says so
run awget -s -e 'h[X-Long] !~ /^(a+)+$/' "$(head "X-Long: $(printf '%0200d' 0 | tr 0 a)b")"
expect_status 1
grep -q 'gave up on /^(a+)+\$/: it takes too many steps' "$tmp/err" || fail "$(cat "$tmp/err")"

# what comes from a server is shown without control bytes
run awget -s -e 'h[X-Bad] == x' "$(head $'X-Bad: \e[31m\xff')"
expect_status 1
grep -qF 'found \x1b[31m\xff' "$tmp/err" || fail "$(cat "$tmp/err")"
