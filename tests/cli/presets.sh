#!/bin/bash
# The presets: each check finds in stored heads what a second implementation, presets.py, works out for them; and some
# head passes it, and some does not.
. "${0%/*}/lib.sh"
costly
need python3

presets=$here/presets.py heads=$here/presets.heads
python3 "$presets" records "$heads" >"$tmp/records" || fail 'no records'
for preset in owasp hsts cookies leak cache; do
	run awget --replay "$tmp/records" --preset "$preset" --json
	expect_status 1
	expect_no_err
	python3 "$presets" compare "$heads" "$preset" "$tmp/out" || fail "$preset is judged otherwise"
done

# All of them at once, and as a file includes them
run awget --replay "$tmp/records" --preset owasp --preset hsts --preset cookies --preset leak --preset cache --json
expect_status 1
mv "$tmp/out" "$tmp/all"
printf '@%s\n' owasp hsts cookies leak cache >"$tmp/file.checks"
run awget --replay "$tmp/records" --checks "$tmp/file.checks" --json
expect_status 1
cmp -s "$tmp/all" "$tmp/out" || fail 'a file that includes the presets finds something else'

# The examples of awget-checks(5) are checks, and its table has the presets that there are
page=$top_srcdir/man/awget-checks.5
sed -n '/^\.Sh EXAMPLES/,/^\.Sh LIMITS/p' "$page" | sed -n -E '
	s/^\.Dl //p
	/^\.Bd /,/^\.Ed/ { /^\.|^\$/d; p; }' | sed 's/\\e/\\/g' >"$tmp/examples.checks"
: >"$tmp/common.checks"
run awget --checks "$tmp/examples.checks" --list-checks
expect_status 0
[ "$(grep -c '#.*/examples\.checks:' "$tmp/out")" -ge 20 ] || fail "examples: $(cat "$tmp/out")"
sed -n '/^\.Sh PRESETS/,/^\.Sh EXIT/s/^\.It Cm //p' "$page" | sort >"$tmp/told"
for file in "$top_srcdir"/data/*.checks; do
	file=${file##*/}
	echo "${file%.checks}"
done >"$tmp/there"
cmp -s "$tmp/told" "$tmp/there" || fail "the presets of $page: $(cat "$tmp/told")"
