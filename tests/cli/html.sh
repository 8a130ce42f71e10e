#!/bin/bash
# The page of --report html in a browser: it asks nobody for anything, what strangers said is only shown, nothing stands in
# the way of those who use a reader, a phone, a dark screen or no script, and ten thousand targets can be sorted.
#
# Needs a Chromium, node, and playwright-core and axe-core in $AWGET_NODE_MODULES, node_modules here, or where scripts/setup
# puts them.
. "${0%/*}/lib.sh"
slow
need node
for name in chromium chromium-browser google-chrome; do
	CHROMIUM=$(command -v "$name") && break
done
[ "$CHROMIUM" ] || skip 'there is no Chromium'
AWGET_NODE_MODULES=${AWGET_NODE_MODULES-}:$top_srcdir/node_modules:/usr/local/lib/awget-tests/node_modules
export CHROMIUM AWGET_NODE_MODULES
page=$top_builddir/tests/unit/report_html
[ -x "$page" ] || skip 'there is no tests/unit/report_html, which makes the pages'

# browser ARG...: html.mjs, which says in status 77 that it cannot do its work here.
browser()
{
	RUN_WRAP='' RUN_TIMEOUT=300 run node "$top_srcdir/tests/cli/html.mjs" "$@"
	[ $status != 77 ] || skip "$(cat "$tmp/err")"
	expect_status 0
	expect_no_err
}

browser probe
"$page" page 40 >"$tmp/sample.html" || fail 'no page'
"$page" hostile >"$tmp/hostile.html" || fail 'no page'
"$page" page 10000 >"$tmp/large.html" || fail 'no page'
browser check "$tmp/sample.html" 40 "$tmp/hostile.html" "$tmp/large.html"

# 600 bytes a target, with five checks that failed for each tenth
[ "$(stat -c %s "$tmp/large.html")" -lt 6000000 ] || fail "a page of $(stat -c %s "$tmp/large.html") bytes"

# Without its data files, which stand beside it here, the page has no looks, but all that it has to say.
cp "$page" "$tmp/alone" || fail 'no copy'
RUN_WRAP='' run "$tmp/alone" page 40
expect_status 0
[ "$(grep -c '^<tr class=' "$tmp/out")" = 40 ] || fail 'not all targets are there'
grep -q '<style>' "$tmp/out" || grep -q 'the page is plain' "$tmp/out" || fail 'nothing says why the page is plain'
