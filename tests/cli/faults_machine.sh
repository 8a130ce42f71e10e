#!/bin/bash
# Whatever this machine denies, or takes away while awget runs: no target is lost, and the status tells.
. "${0%/*}/lib.sh"
costly

need python3
ulimit -n 4096 2>/dev/null || :
serve --verbose
a=127.0.0.1:$HTTP_PORT

row()
{
	printf '%s\t%s\n' "$2" "$1"
}

outcomes()
{
	python3 "$top_srcdir/tests/cli/outcomes.py" json "$tmp/table" "$tmp/out" || fail "$ran"
}

# limited N COMMAND...: with so many descriptors.
limited()
{
	ulimit -n "$1"
	shift
	exec timeout 100 ${RUN_WRAP-} "$@"
}
in_limits() { (limited "$@"); }

if [ -z "${RUN_WRAP-}" ]; then # valgrind takes descriptors of its own
	# 32 descriptors and 500 targets
	for n in {1..500}; do
		row 200 "$a/$n"
	done >"$tmp/table"
	cut -f 1 "$tmp/table" >"$tmp/list"
	run in_limits 32 awget --json -i "$tmp/list"
	expect_status 0
	outcomes
	expect_err 'awget: warning: 32 descriptors are allowed: 12 targets at once instead of 256'

	# none leaks where targets fail
	for n in {1..200}; do
		row 200 "$a/$n"
		row 200 "localhost:$HTTP_PORT/$n"
		case $((n % 5)) in
		0) row closed/wait "$a/close?$n" ;;
		1) row reset/headers "$a/reset/20?$n" ;;
		2) row not-http/wait "$a/garbage/ssh?$n" ;;
		3) row connect-refused/connect "127.0.0.1:1/$n" ;;
		4) row dns-nxdomain/dns "nxdomain.n$n.test" ;;
		esac
	done >"$tmp/table"
	cut -f 1 "$tmp/table" >"$tmp/list"
	run in_limits 40 awget --json -c 8 --dns-servers "$DNS" -i "$tmp/list"
	expect_status 2
	outcomes
	expect_no_err
fi

# No room for more stacks: what does not fit waits or fails, and the program does not
tight()
{
	ulimit -v "$1"
	shift
	exec timeout 100 "$@"
}
in_little_memory() { (tight "$@"); }
if [ -z "${RUN_WRAP-}" ] && ! printf '%s' "${ASAN_OPTIONS-}${UBSAN_OPTIONS-}" | grep -q . &&
	! nm "$top_builddir/awget" 2>/dev/null | grep -q __asan; then
	for n in {1..2000}; do
		row '200|local/-|local/dns|local/connect' "$a/wait/300?$n"
	done >"$tmp/table"
	cut -f 1 "$tmp/table" >"$tmp/list"
	for kilobytes in 20000 30000 50000 80000; do
		run in_little_memory $kilobytes awget --json -c 2000 -i "$tmp/list"
		[ "$status" -le 4 ] || fail "status $status with $kilobytes KB: $(head -c 500 "$tmp/err")"
		[ "$status" -eq 4 ] || outcomes
	done
	[ "$status" -eq 0 ] || fail "status $status where there is room for some: $(head -c 500 "$tmp/err")"
fi

# redirected HOW ARG...: awget with other standard descriptors.
redirected()
{
	local wrap=${RUN_WRAP-}

	RUN_WRAP='' run sh -c "exec \"\$@\" $1" sh $wrap awget "${@:2}"
}

# Nobody reads: SIGPIPE, or if that is ignored, a message and a status
ended_by()
{
	{
		${RUN_WRAP-} awget -q "$a/1" "$a/lines/200" # a line every now and then
		echo $? >"$tmp/status"
	} 2>"$tmp/err" | head -n 1 >"$tmp/out"
	ran="awget | head" status=$(cat "$tmp/status")
}
ended_by
expect_status 141
expect_no_err
trap '' PIPE
ended_by
trap - PIPE
expect_status 4
expect_err 'awget: cannot write standard output: Broken pipe'

# The disk is full
for how in -q --json --group '--format raw'; do
	redirected '>/dev/full' $how "$a/1"
	expect_status 4
	expect_err 'awget: cannot write standard output: No space left on device'
done
run awget -o /dev/full "$a/1"
expect_status 4
expect_err 'awget: cannot write /dev/full: No space left on device'
redirected '2>/dev/full' -q "$a/1" 127.0.0.1:1 # who failed is told there, and nowhere else
expect_status 4
grep -qx "$a/1 header > HTTP/1.1 200 OK" "$tmp/out" || fail 'no results where messages cannot be written'
redirected '>/dev/full' --help
expect_status 4
redirected '>/dev/full' --version
expect_status 4
run awget -o "$tmp/none/x" "$a/1"
expect_status 4
expect_err "awget: cannot write $tmp/none/x: No such file or directory"

# Standard descriptors that are closed: no socket takes their place
serve --verbose
a=127.0.0.1:$HTTP_PORT
redirected '>&-' "$a/1"
expect_status 4
expect_err 'awget: cannot write standard output: Bad file descriptor'
if [ -z "${RUN_WRAP-}" ]; then # valgrind cannot do without standard error
	redirected '2>&-' -q "$a/http10" 127.0.0.1:1
	expect_status 2
	[ "$(head -n 1 "$tmp/out")" = "$a/http10 header > HTTP/1.0 200 OK" ] || fail "no output without standard error"
	redirected '<&- >&- 2>&-' "$a/2" "$a/3"
	expect_status 4
fi
! grep -v '^http GET /[123] \|^http GET /http10 ' "$serve_err" || fail "the server has seen something else"

# Signals. started_then WANTED SIGNAL ARG...: runs it, sends the signal when so many lines are out, and waits for the end.
started_then()
{
	local lines=$1 signal=$2 pid n
	shift 2
	: >"$tmp/out" # what another run left there is not waited for
	${RUN_WRAP-} awget "$@" >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	for ((n = 0; n < 3000; n++)); do
		[ "$(wc -l <"$tmp/out")" -lt "$lines" ] || break
		sleep 0.01
	done
	kill -"$signal" "$pid"
	if [ "$signal" = STOP ]; then
		kill -CONT "$pid"
	fi
	wait "$pid"
	status=$? ran="awget $*, $signal"
}
for signal in INT TERM HUP; do
	expected=$((128 + $(kill -l $signal)))
	# 5 lines of a head and 4 that say what begins and ends
	started_then 9 $signal "$a/one" "$a/never" "$a/stall/30"
	expect_status $expected
	expect_err 'awget: interrupted: 2 targets unfinished'
	grep -qx "Done $a/one\." "$tmp/out" || fail "what was finished is not there"
	[ "$(tail -c 1 "$tmp/out" | od -An -c | tr -d ' ')" = '\n' ] || fail "the last line is not whole"
	started_then 1 $signal --json "$a/one" "$a/never" "$a/stall/30"
	expect_status $expected
	{
		row 200 "$a/one"
		row interrupted/wait "$a/never"
		row interrupted/headers "$a/stall/30"
	} >"$tmp/table"
	outcomes
	expect_err 'awget: interrupted: 2 targets unfinished'
done
started_then 1 STOP -q "$a/wait/300" "$a/drip/1"
expect_status 0
[ "$(grep -c ' > HTTP/1.1 200 OK$' "$tmp/out")" -eq 2 ] || fail "a pause has lost a target"
