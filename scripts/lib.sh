# shellcheck shell=sh
# scripts/lib.sh: what the scripts share: where they are, saying what they do, building out of tree and quietly.
top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
PATH=$PATH:/usr/sbin:/sbin
jobs=$(nproc 2>/dev/null || echo 2)
# shellcheck disable=SC2034 # for others
at_once=$((2 * jobs)) # tests mostly wait

say()
{
	echo "scripts/${0##*/}: $*" >&2
}

# quietly LOG COMMAND...: what it says goes to LOG, and is shown only if it fails.
quietly()
{
	quietly_log=$1
	shift
	"$@" >"$quietly_log" 2>&1 </dev/null && return
	cat "$quietly_log" >&2
	return 1
}

# configure DIR ARG...: makes a build directory, and configure itself in a fresh clone. One that is there stays as it is:
# its Makefile knows when to configure again.
configure()
{
	dir=$1
	shift
	mkdir -p "$dir" &&
		{ [ -e "$top/configure" ] || (cd "$top" && autoreconf -fi); } &&
		{ [ -e "$dir/Makefile" ] || (cd "$dir" && "$top/configure" "$@"); }
}

# build DIR ARG...: configure and make.
build()
{
	configure "$@" && make -C "$1" -j"$jobs"
}
