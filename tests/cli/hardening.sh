#!/bin/bash
# The programs and the modules are built with what configure has found to harden them: all addresses are bound when they are
# loaded and then read-only, the programs are anywhere in memory, no stack is executable, frames and calls of the C library
# are checked. (Debian: checksec.)
. "${0%/*}/lib.sh"
need checksec
makefile=$top_builddir/Makefile

# flags NAME: what configure has found.
flags()
{
	sed -n "s/^$1 = //p" "$makefile"
}

[ -e "$makefile" ] || skip "$top_builddir has no Makefile"
[[ $(flags HARDEN_LDFLAGS) == *-z,now* ]] || skip 'built without hardening'

# hardened FILE PIE: has the linker's part, which all have.
hardened()
{
	checksec --file="$top_builddir/$1" --format=csv >"$tmp/out" || fail "checksec cannot read $1"
	IFS=, read -r relro canary nx pie _ _ _ fortify _ <"$tmp/out"
	[ "$relro, $nx, $pie" = "Full RELRO, NX enabled, $2" ] || fail "$1: $(cat "$tmp/out")"
}

for file in idn.so readjson.so regex.so tls.so; do
	hardened $file DSO
done
for file in awget awserve; do
	hardened $file "$([ "$(flags PIE_LDFLAGS)" ] && echo PIE enabled || echo "$pie")"
	[[ $(flags HARDEN_CFLAGS) != *-fstack-protector* || $canary = 'Canary found' ]] || fail "$file: frames are not checked"
	[[ $(flags HARDEN_CPPFLAGS) != *FORTIFY* || $fortify = Yes ]] || fail "$file: calls are not checked"
done
