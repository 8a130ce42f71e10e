#!/bin/bash
# A backtrace in gdb ends cleanly where the coroutine begins, or at main: in a coroutine, and at each instruction of a switch.
. "${0%/*}/lib.sh"
costly
need gdb
gdb -nx -batch -ex run /bin/true 2>&1 | grep -q 'exited normally' || skip 'gdb may not trace programs here'
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 # which needs to be the tracer itself

# debug PROGRAM: its backtraces, in the first yield and then step by step through a switch out and one in.
debug()
{
	cat >"$tmp/script" <<-'END'
		set pagination off
		set width 0
		set breakpoint pending off
		break coro_yield
		run
		backtrace
		delete
		break switch_to
		set $switches = 0
		while $switches < 2
			continue
			set $steps = 0
			while $steps < 18
				backtrace
				stepi
				set $steps = $steps + 1
			end
			set $switches = $switches + 1
		end
	END
	gdb -nx -batch -x "$tmp/script" "$1" </dev/null
}

# ends FUNCTION: how many backtraces of the last run end in it.
ends()
{
	awk '/^#/ { if ($1 == "#0") n[last]++; last = $2 ~ /^0x/ ? $4 : $2 } END { n[last]++; print n["'"$1"'"] + 0 }' "$tmp/out"
}

run debug "$top_builddir/src/examples/pingpong"
expect_status 0
! grep 'Backtrace stopped' "$tmp/out" || fail 'a backtrace does not end cleanly'
if ! grep -q switch_ucontext "$tmp/out"; then
	! grep '?? ()' "$tmp/out" || fail 'a backtrace leads nowhere'
	[ "$(grep -c '^#0' "$tmp/out")" -eq 37 ] || fail 'not every step has a backtrace'
	[ "$(ends switch_start)" -gt 8 ] && [ "$(ends main)" -gt 8 ] || fail 'no switch was seen'
	[ $(($(ends switch_start) + $(ends main))) -eq 37 ] || fail "ends elsewhere: $(cat "$tmp/out")"
fi

# the portable switch: below its first function lies only what the C library put there
command -v cc >/dev/null || exit 0
cc -std=gnu11 -g -O2 -D_GNU_SOURCE '-DPKGLIBDIR=""' '-DPKGDATADIR=""' -I "$top_srcdir/src" -o "$tmp/pingpong" "$top_srcdir/src/examples/pingpong.c" \
	"$top_srcdir"/src/rt/{coro,stack,switch_ucontext}.c "$top_srcdir"/src/base/*.c
run debug "$tmp/pingpong"
expect_status 0
! grep 'Backtrace stopped' <(sed '/^Breakpoint 2/,$d' "$tmp/out") || fail 'a backtrace does not end cleanly'
grep -q '^#3 .* in switch_start .*switch_ucontext' "$tmp/out" || fail "no way to the start: $(cat "$tmp/out")"
