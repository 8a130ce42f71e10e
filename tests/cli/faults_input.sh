#!/bin/bash
# Whatever stands in a list or on the command line: a bad target spoils itself at most, and reaches no network; a bad option
# stops everything.
. "${0%/*}/lib.sh"

need python3
serve --verbose
a=127.0.0.1:$HTTP_PORT

# row EXPECTED TARGET, in printf's escapes
row()
{
	printf "$2"'\t%s\n' "$1"
}

refuse()
{
	local target

	for target; do
		row input/- "$target"
	done
}

# Targets: what is refused is not contacted
{
	refuse http:// http: http:/x https:/x ftp://a.test file:///etc/passwd 'javascript:alert(1)' //a.test
	for port in 0 00 65536 65616 "$((65536 + HTTP_PORT))" "$((4294967296 + HTTP_PORT))" +80 -80 0x50 80a 80:80 ' 80' 1e3 '%%38'; do
		refuse "127.0.0.1:$port" "http://127.0.0.1:$port/" "[::1]:$port"
	done
	refuse '[::1' '[::1]x' '[::g]:80' '[127.0.0.1]' '[]' '[::1%%]' '[::1%%nowhere]:80' '[v1.x]' '::1::' '1:2:3:4:5:6:7:8:9' '::ffff:1.2.3'
	refuse .test a..test a.test.. . .. 1.2.3 127.1 0x7f.1 0177.0.0.1 2130706433 256.1.1.1 1.2.3.4.5 1.2.3.4.
	refuse "$(printf %064d 0).test" "$(printf '%063d.' 0 0 0)$(printf %063d 0)"
	refuse "http://user@$a/" "http://user:secret@$a" "http://@$a" '@' ':80' '?x' /etc '*' 'a,b'
	refuse "$a"'\\@a.test' 'http:\\\\a.test' 'a.test%%00.b.test' 'a.test%%2fb.test' '%%61.test'
	refuse 'a b.test' 'a\x0bb' 'a\x0cb' "$a/a b" "$a/\\x01" "$a/\\x1b[31m" "$a/\\x7f" "$a/\\x00x" "$a\\x00.b.test" 'a\x00b' 'a\rb' \
		"$a/\\rX: y" '\xff.test' 'a.-b\xc3\xbccher.test' 'a\xef\xbc\x8fb' '\xe2\x80\xae.test' '\xc2\x9b31m.test' '\x1b]0;x\x07'
	row 200 "$a/one"
	row 200 "$a"
	row 200 "$a/?@b.test"
	row 200 "$a?@b.test"
	row 200 "$a#@b.test"
	row 200 "http://$a/%%00%%2f"
	row 200 "$a/\\x80\\xff\\xc3\\xa9"
	row 200 "hTTp://$a/<>\"\`{}|^%%"
	row 200 "LocalHost:$HTTP_PORT"
	row 200 "x.localhost.:$HTTP_PORT"
} >"$tmp/table"
sed -E 's/\t[^\t]*$//' "$tmp/table" >"$tmp/list"
run awget --json -4 --dns-servers "$DNS" -i "$tmp/list"
expect_status 2
expect_no_err
python3 "$top_srcdir/tests/cli/outcomes.py" json "$tmp/table" "$tmp/out" || fail "$ran"
sort "$serve_err" >"$tmp/log"
same log "$tmp/log" < <(
	sort <<-END
		http GET /one $a
		http GET / $a
		http GET /?@b.test $a
		http GET /?@b.test $a
		http GET / $a
		http GET /%00%2f $a
		http GET /%80%FF%C3%A9 $a
		http GET /%3C%3E%22%60%7B%7D%7C%5E%25 $a
		http GET / LocalHost:$HTTP_PORT
		http GET / x.localhost.:$HTTP_PORT
	END
)
run awget -4 --dns-servers "$DNS" -i "$tmp/list"
expect_status 2
python3 "$top_srcdir/tests/cli/outcomes.py" text "$tmp/table" "$tmp/out" "$tmp/err" || fail "$ran"

# the same as arguments, which hold no NUL; and line ends, which no list holds
mapfile -t targets < <(grep -v -a -P '\0' "$tmp/list")
run awget -s -4 --dns-servers "$DNS" -- "${targets[@]}" "$a/a"$'\nX: y' "$a/a"$'\r\nX: y' '' '#'
expect_status 2
[ "$(grep -c 'control bytes$' "$tmp/err")" -ge 10 ] || fail "control bytes are not refused: $(cat "$tmp/err")"
grep -q '^awget: .*: no host$' "$tmp/err" || fail "the empty target is not refused"

# what reaches the server: the request, byte for byte
run awget --json "http://$a/echo?q=%41#fragment"
expect_status 0
python3 - "$tmp/out" "$a" <<'END' || fail "the request is not what it should be"
import json, sys
lines = [h["value"] for h in json.load(open(sys.argv[1]))["headers"] if h["name"] == "X-Request"]
assert lines[:2] == ["GET /echo?q=%41 HTTP/1.0", "Host: " + sys.argv[2]], lines
assert len(lines) == 3 and lines[2].startswith("User-Agent: awget/"), lines
END

# Lists. lists EXPECTED...: the list on standard input leads to these outcomes, in order.
lists()
{
	cat >"$tmp/list"
	for file in "$tmp/list" -; do
		[ -z "${RUN_WRAP-}" ] || [ "$file" = - ] || continue
		run awget --json -i "$file" <"$tmp/list"
		python3 - "$tmp/out" "$@" <<-'END' || fail "$(head -c 200 "$tmp/list" | od -c | head -5) is not understood"
			import json, sys
			got = {}
			for line in open(sys.argv[1], encoding="utf-8"):
			    o = json.loads(line)
			    assert o["n"] not in got
			    got[o["n"]] = o["target"].partition("/")[2] if o["status"] == 200 else o["error"]["kind"]
			got = [got[n + 1] for n in range(len(got))]
			assert got == sys.argv[2:], got
		END
	done
}
lists </dev/null
expect_status 0
printf '%s' "$a/1" | lists 1
expect_status 0
printf '\xef\xbb\xbf%s\r\n%s\r\n\r\n' "$a/1" "$a/2" | lists 1 2
printf '\n\n \t \n# %s\n  %s \t# comment\n#\n\r\n' "$a/0" "$a/1" | lists 1
printf '%s\n\0\n%s\n\0%s\n%s\0\n' "$a/1" "$a/2" "$a/3" "$a/4" | lists 1 input 2 input input
printf '%s\n\xff\xfe\n%s\n\x80\x81.test\n' "$a/1" "$a/2" | lists 1 input 2 input
printf '%s\n\xef\xbb\xbf%s\n' "$a/1" "$a/2" | lists 1 2 # no name has a BOM, and UTS 46 leaves it out
for n in 8193 65535 65536 65537 1000000 10000000; do
	{
		echo "$a/1"
		head -c "$n" /dev/zero | tr '\0' x
		printf '\n%s\n' "$a/2"
		head -c "$n" /dev/zero | tr '\0' x
	} | lists 1 input 2 input
done
{
	printf '%s/' "$a"
	head -c $((8192 - ${#a} - 1)) /dev/zero | tr '\0' x
	printf '\n%s\n' "$a/1"
} >"$tmp/list"
run awget -s -i "$tmp/list" # the longest target: awserve may not like it, but it was asked
[ "$(tail -n 2 "$serve_err" | grep -c '/1 ')" -eq 1 ] || fail "the longest line has spoilt the next"

# binary: each line is a target, or blank, or a comment; none is lost
python3 - "$tmp/list" "$a" <<'END'
import random, sys
random.seed(5)
with open(sys.argv[1], "wb") as f:
    for n in range(300):
        f.write(random.randbytes(random.randrange(1, 300)).replace(b"\n", b"").replace(b"#", b"") + b"\x01\n")
    f.write(sys.argv[2].encode() + b"/last\n")
END
run awget --json -i "$tmp/list"
expect_status 2
python3 - "$tmp/out" <<'END' || fail "a binary list is not told line by line"
import json, sys
all = sorted((json.loads(line) for line in open(sys.argv[1], encoding="utf-8")), key=lambda o: o["n"])
assert [o["n"] for o in all] == list(range(1, 302)), len(all)
assert all[-1]["status"] == 200 and {o["error"]["kind"] for o in all[:-1]} == {"input"}
END
run awget -q -i "$tmp/list"
LC_ALL=C grep -q -P '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$tmp/out" "$tmp/err" && fail "raw control bytes"
[ "$(wc -l <"$tmp/err")" -eq 300 ] || fail "not 300 lines of errors"

# a file that is none: nothing is fetched
for file in "$tmp/none" "$tmp" ''; do
	run awget "$a/x" -i "$file"
	expect_status 4
	expect_no_out
	[ "$(wc -l <"$tmp/err")" -eq 1 ] || fail "one line, not: $(cat "$tmp/err")"
	grep -q "^awget: cannot read $file: " "$tmp/err" || fail "no reason: $(cat "$tmp/err")"
done
run awget -i $'no\e[31mne'
expect_err 'awget: cannot read no\x1b[31mne: No such file or directory'
closed_stdin()
{
	awget "$@" <&-
}
run closed_stdin -q "$a/http10"
expect_status 0
run closed_stdin -i -
expect_status 4
expect_err 'awget: cannot read standard input: Bad file descriptor'

# Options: junk is a usage error, and nothing is fetched
[ -z "${RUN_WRAP-}" ] || exit 0 # a run for each; tests/unit/options has them too
: >"$serve_err"
junk()
{
	local option=$1 value

	shift
	for value; do
		run awget "$a" "$option" "$value"
		expect_status 3
		expect_no_out
		[ "$(wc -l <"$tmp/err")" -eq 1 ] || fail "$ran: one line, not: $(cat "$tmp/err")"
	done
}
junk -c '' 0 -1 1.5 1e3 x 1000001 99999999999999999999 ' 1' +1
junk -m '' 0 -1 1e3 x inf nan 1d 0.0001 1000001 '1 s' 1.2.3
junk --dns-timeout 0 -5 1S
junk --connect-timeout 0 x
junk --max-header-size '' 0 63 -1 1K 2G k 99999999999999999999
junk --dns-servers '' x 1.2.3 1.2.3.4:0 1.2.3.4:65536 '[::1' ,
junk --resolve '' a a:80 a:80: a:0:1.2.3.4 a:65536:1.2.3.4 :80:1.2.3.4 a:80:b
junk -X '' 'G T' $'A\r\nB' A/B
junk -H '' : A ' A: b' $'A: b\r\nC: d' $'A: b\n' $'A: \x01' 'A B: c'
junk -A $'a\r\nb' $'\e'
junk --format '' xml JSON $'\e[31m'
junk --color yes
junk --progress ''
for option in --nonsense -Z --json=x $'--\e[31m' $'-\e' --append $'-\xff' -c; do
	run awget "$a" "$option"
	expect_status 3
	expect_no_out
	! LC_ALL=C grep -q $'\e' "$tmp/err" || fail "a raw escape in $(cat -v "$tmp/err")"
done
run awget
expect_status 3
expect_err 'awget: no target; see awget --help'
same log "$serve_err" </dev/null # nobody asked for a name either
