#!/bin/bash
# The examples that need no network print what their .out files say, byte for byte.
. "${0%/*}/lib.sh"

for name in pingpong hello sleepers; do
	run $name
	expect_status 0
	expect_no_err
	# two tasks, but one thread
	[ "$(grep -oE '\([0-9]+\)' "$tmp/out" | sort -u | wc -l)" -le 1 ] || fail "$name runs on more than one thread"
	sed -E -i 's/\([0-9]+\)/(THREAD)/' "$tmp/out"
	expect_out <"$top_srcdir/tests/cli/examples/$name.out"
done

# a sleep takes its time
expect_time 1 50 hello >"$tmp/out"

# switches prints a row for each size, and coroutines are never the slower ones; valgrind has no room for so many threads
RUN_WRAP='' RUN_TIMEOUT=300 run switches 2000 # ten thousand threads may have to wait for a processor
expect_status 0
expect_no_err
[ "$(grep -cE '^ +(2|100|1000|10000)( +([0-9.]+ ns|too many)){2} +([0-9]+x|-)$' "$tmp/out")" -eq 4 ] &&
	awk '/x$/ && $NF + 0 < 1 { exit 1 }' "$tmp/out" || fail "switches printed: $(cat "$tmp/out")"
run switches 0
expect_status 1
expect_err 'usage: switches [N]'
