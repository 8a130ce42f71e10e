#!/bin/bash
# The presets: each check finds in stored heads what a second implementation, presets.py, works out for them; and some
# head passes it, and some does not.
. "${0%/*}/lib.sh"
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
