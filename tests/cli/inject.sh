#!/bin/bash
# Whatever the kernel and the allocator deny, one thing in each run: no crash, no hang, no record lost or doubled, no line torn,
# and neither status 0 nor a wrong reason where something has failed. These are some of the cases of scripts/inject.
. "${0%/*}/lib.sh"
slow
costly
need python3 strace cc
! nm "$top_builddir/awget" 2>/dev/null | grep -q __asan || skip 'the sanitizer has an allocator of its own'
strace -f --seccomp-bpf -e trace=getpid -o /dev/null true 2>/dev/null || skip 'nobody may be traced here'
cc -O2 -fPIC -shared -o "$tmp/alloc.so" "$top_srcdir/tests/inject/alloc.c" || skip 'this is not the C library of GNU'

# fails OPTION...: all goes well where these fail.
fails()
{
	RUN_TIMEOUT=300 run python3 -B "$top_srcdir/tests/inject/inject.py" -a "$tmp/alloc.so" "$@" "$top_builddir"
	[ "$status" -eq 0 ] || cat "$tmp/out" >&2
	expect_status 0
}
fails -s name -s pipe -c socket -c connect -c epoll_ctl -n 2
fails -s json -s resume -s checks -c alloc -c openat -c read -c write -e 6
fails -s https -c alloc -e 25
