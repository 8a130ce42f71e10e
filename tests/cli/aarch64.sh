#!/bin/bash
# Stacks and coroutines keep their promises on aarch64 too, by the switch that is written for it and by the portable one:
# cross-compiled, and run in an emulator. (Debian: gcc-aarch64-linux-gnu, libc6-dev-arm64-cross, qemu-user.)
. "${0%/*}/lib.sh"
slow
need aarch64-linux-gnu-gcc aarch64-linux-gnu-readelf qemu-aarch64
src=$top_srcdir/src

for switch in switch_aarch64.S switch_ucontext.c; do
	for test in stack coro; do
		aarch64-linux-gnu-gcc -static -std=gnu11 -g -O2 -fstack-clash-protection -Wall -Wextra -Wshadow -Werror \
			-D_GNU_SOURCE '-DPKGLIBDIR=""' '-DPKGDATADIR=""' -DEMULATED=1 -I "$src" -I "$top_srcdir/tests/ports" -o "$tmp/$test" \
			"$top_srcdir/tests/unit/$test.c" "$src/rt/$switch" "$src"/rt/{stack,coro}.c "$src"/base/*.c ||
			fail "$test does not compile with $switch"
		RUN_WRAP='' run qemu-aarch64 "$tmp/$test"
		echo "$test with $switch" && cat "$tmp/out"
		expect_status 0
	done
done

# an object without the mark would make every program's stack executable
RUN_WRAP='' run aarch64-linux-gnu-gcc -mbranch-protection=standard -c -o "$tmp/switch.o" "$src/rt/switch_aarch64.S"
expect_status 0
aarch64-linux-gnu-readelf -SW "$tmp/switch.o" | grep -q '\.note\.GNU-stack' || fail 'the stack would be executable'
aarch64-linux-gnu-readelf -n "$tmp/switch.o" | grep -q 'AArch64 feature: BTI' || fail 'no BTI'
