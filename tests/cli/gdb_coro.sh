#!/bin/bash
# scripts/gdb-coro.py lists the coroutines that live, and shows the backtrace of each.
. "${0%/*}/lib.sh"
costly
need gdb
unset RUN_WRAP # which would be around gdb
gdb -nx -batch -ex run -ex 'python print("snake")' /bin/true 2>&1 | grep -q snake || skip 'this gdb knows no Python'
gdb -nx -batch -ex run /bin/true 2>&1 | grep -q 'exited normally' || skip 'gdb may not trace programs here'
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 # which needs to be the tracer itself

cat >"$tmp/ask" <<'END'
set pagination off
set width 0
coros
python
for line in gdb.execute('coros', to_string=True).splitlines():
    print('>', line.split()[1])
    gdb.execute('coro ' + line.split()[0])
END

# The one who asks is Alice, who is about to sleep; Bob sleeps, and the main task waits for both.
run gdb -nx -batch -ex 'break task_sleep' -ex run -ex continue -x "$top_srcdir/scripts/gdb-coro.py" -x "$tmp/ask" \
	"$top_builddir/src/examples/sleepers"
expect_status 0
grep -oE '^0x.*: (running|[a-z_]+, .*sleepers\.c)' "$tmp/out" | sed -E 's/^0x[0-9a-f]+ //; s,[^ ]*/,,' >"$tmp/listed"
same coros "$tmp/listed" 'main: run, sleepers.c' 'bob: hello, sleepers.c' 'alice: running'
awk '/^>/ { who = $2 } who && /^#/ { f = $2 ~ /^0x/ ? $4 : $2; if (f ~ /^(run|gather|hello|task_sleep|entry)$/) print who, f }' \
	"$tmp/out" >"$tmp/shown"
same coro "$tmp/shown" 'main: gather' 'main: run' 'main: entry' 'bob: task_sleep' 'bob: hello' 'bob: entry' \
	'alice: task_sleep' 'alice: hello' 'alice: entry'
! grep 'Backtrace stopped' "$tmp/out" || fail 'a backtrace does not end cleanly'
