# tests/cli/lib.sh: what whole-program tests share. A test is a bash script that begins with
#
#	. "${0%/*}/lib.sh"
#
# and runs in `make check` or by hand. Everything it starts ends with it; its files are in $tmp. The first thing that is not
# as expected ends it with status 1 and a difference.
# shellcheck shell=bash

# Where the sources and the programs are; by hand, the build is looked for here, then in the sources, then in build/.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${top_srcdir:=${here%/tests/cli}}"
if [ -z "${top_builddir-}" ]; then
	for top_builddir in "$PWD" "$top_srcdir" "$top_srcdir/build"; do
		[ -x "$top_builddir/awserve" ] && break
	done
fi
PATH=$top_builddir:$top_builddir/src/examples:$PATH
export top_srcdir top_builddir PATH
export LC_ALL=C
unset AWGET_OPTIONS http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY NO_COLOR

tmp=$(mktemp -d "${TMPDIR:-/tmp}/awget-test.XXXXXX") || exit 99
server_pids=() server_lines=()

# fail WHY...: ends the test.
fail()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# skip WHY...: ends the test, which could not be made here.
skip()
{
	printf '%s: skipped: %s\n' "${0##*/}" "$*" >&2
	exit 77
}

# slow: skips the test where QUICK is set. It is for what takes long and mostly goes the ways of other tests.
slow()
{
	[ ! "${QUICK-}" ] || skip 'not in a quick run'
}

# costly: skips the test under valgrind, where it takes minutes of a processor.
costly()
{
	[ ! "${RUN_WRAP-}" ] || skip "takes too long with $RUN_WRAP"
}

# need PROGRAM...: skips the test if one is missing.
need()
{
	local program

	for program; do
		command -v "$program" >/dev/null || skip "there is no $program"
	done
}

# serve [OPTION]...: starts an awserve and waits until it is ready. Sets HTTP_PORT, HTTPS_PORT and DNS_PORT, HTTP, HTTPS and
# DNS (127.0.0.1 and the port), CA (a file with the certificate that HTTPS is trusted by), and V6: 1 if it listens at ::1 as
# well. What it says on stderr is in $tmp/serve.N, $serve_err being the last.
# $SERVE_WRAP may hold words to put before the command, such as valgrind and its options.
# shellcheck disable=SC2034 # these variables are for the tests
serve()
{
	local n=${#server_pids[@]} kind where line

	mkfifo "$tmp/life.$n" "$tmp/ready.$n"
	serve_err=$tmp/serve.$n CA=$tmp/ca.$n.pem
	(
		for line in "${server_lines[@]}"; do
			exec {line}>&- # those of the servers before
		done
		exec ${SERVE_WRAP-} awserve --until-eof --ca-out "$CA" "$@" <"$tmp/life.$n" >"$tmp/ready.$n" 2>"$serve_err"
	) &
	server_pids[n]=$!
	# it ends when this script does, however that happens: then nobody holds the other end of its standard input
	exec {line}>"$tmp/life.$n"
	server_lines[n]=$line
	HTTP_PORT='' HTTPS_PORT='' DNS_PORT='' V6=
	while read -r kind where; do
		case $kind:$where in
		http:127.*) HTTP=$where HTTP_PORT=${where##*:} ;;
		https:127.*) HTTPS=$where HTTPS_PORT=${where##*:} ;;
		dns:127.*) DNS=$where DNS_PORT=${where##*:} ;;
		http:*::1*) V6=1 ;;
		ready:) break ;;
		esac
	done <"$tmp/ready.$n"
	[ "$kind" = ready ] || fail "awserve $*: $(cat "$serve_err")"
}

# end_server N: ends the server that was started as the Nth, from 0; it must end well, and soon.
end_server()
{
	local pid=${server_pids[$1]} line=${server_lines[$1]} result

	[ "$pid" ] || return 0
	server_pids[$1]=
	exec {line}>&-
	kill -TERM "$pid" 2>/dev/null # something that the test has started may still hold the other end
	timeout 20 tail --pid="$pid" -f /dev/null || kill -KILL "$pid"
	wait "$pid"
	result=$?
	[ $result -eq 0 ] && return
	printf '%s: awserve ended with status %d: %s\n' "${0##*/}" $result "$(cat "$tmp/serve.$1")" >&2
	return 1
}

# run COMMAND [ARG]...: runs it, its standard output to $tmp/out, its standard error to $tmp/err, its status to $status. A
# program is ended after $RUN_TIMEOUT seconds (60; with $RUN_WRAP 360), which is status 124. $RUN_WRAP is as $SERVE_WRAP. A function may be run
# as well.
run()
{
	ran=$*
	if declare -F "$1" >/dev/null; then
		"$@" >"$tmp/out" 2>"$tmp/err"
	else
		timeout --foreground -k 5 "${RUN_TIMEOUT:-${RUN_WRAP:+3}60}" ${RUN_WRAP-} "$@" >"$tmp/out" 2>"$tmp/err"
	fi
	status=$?
}

# same WHAT FILE [LINE]...: compares a file with lines, or without any, with standard input.
same()
{
	local what=$1 file=$2

	shift 2
	if [ $# -gt 0 ]; then
		printf '%s\n' "$@" >"$tmp/expected"
	else
		cat >"$tmp/expected"
	fi
	diff -u --label expected --label "$what" "$tmp/expected" "$file" >&2 && return
	[ "$what" = err ] || sed 's/^/stderr: /' "$tmp/err" >&2
	fail "$what of: $ran"
}

# expect_status N
expect_status()
{
	[ "$status" -eq "$1" ] && return
	sed 's/^/stderr: /' "$tmp/err" >&2
	fail "status $status, not $1, of: $ran"
}

# expect_out [LINE]..., expect_err [LINE]...: the whole of what the last run printed; without arguments, standard input says
# what. expect_no_out, expect_no_err: nothing.
expect_out() { same out "$tmp/out" "$@"; }
expect_err() { same err "$tmp/err" "$@"; }
expect_no_out() { same out "$tmp/out" </dev/null; }
expect_no_err() { same err "$tmp/err" </dev/null; }

# expect_out_sorted, expect_err_sorted: the same, for lines whose order is not known: both sides are sorted.
expect_out_sorted() { sort "$tmp/out" >"$tmp/sorted" && same out "$tmp/sorted" < <(sorted "$@"); }
expect_err_sorted() { sort "$tmp/err" >"$tmp/sorted" && same err "$tmp/sorted" < <(sorted "$@"); }
sorted()
{
	if [ $# -gt 0 ]; then
		printf '%s\n' "$@" | sort
	else
		sort
	fi
}

# recipe PAGE TEXT: the display of a manual page that has TEXT in it, as a user would copy it.
recipe()
{
	text=$2 awk '
		/^\.Ed/ { if (index(display, ENVIRON["text"])) printf "%s", display; inside = 0 }
		inside { gsub(/\\e/, "\\"); sub(/^\$ /, ""); display = display $0 "\n" }
		/^\.Bd -literal/ { display = ""; inside = 1 }
	' "$top_srcdir/man/$1"
}

# expect_time MIN MAX COMMAND...: the command takes so many seconds, from MIN to MAX; fractions are fine.
expect_time()
{
	local min=$1 max=$2 begin end

	shift 2
	begin=$EPOCHREALTIME
	"$@"
	end=$EPOCHREALTIME
	awk -v t="$begin $end" -v min="$min" -v max="$max" '
		BEGIN { split(t, a, " "); d = a[2] - a[1]; if (d >= min && d <= max) exit 0; print d " s" > "/dev/stderr"; exit 1 }
	' || fail "took not $min to $max s: $*"
}

# request TEXT [PORT]: sends TEXT, printf's escapes in it, to the server and prints all that comes back, until the end.
request()
{
	local fd

	exec {fd}<>"/dev/tcp/127.0.0.1/${2-$HTTP_PORT}" || return
	printf "$1" >&"$fd"
	timeout "${RUN_TIMEOUT:-60}" cat <&"$fd"
	exec {fd}>&-
}

# get PATH [HOST]: a GET of HTTP/1.0.
get()
{
	request "GET ${1//%/%%} HTTP/1.0\r\nHost: ${2-a.test}\r\n\r\n"
}

clean_up()
{
	local result=$? n

	trap - EXIT
	for n in "${!server_pids[@]}"; do
		end_server "$n" || result=1
	done
	rm -rf "$tmp"
	exit "$result"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP
