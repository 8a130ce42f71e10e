#!/bin/bash
# However a run ends, the same command with --resume ends with exactly one record for each target. KILLS and TARGETS say how
# often it is killed, and of how many targets.
. "${0%/*}/lib.sh"
costly

need python3
kills=${KILLS:-6} targets=${TARGETS:-3000}
[ ! "${RUN_WRAP-}" ] || kills=1 targets=600 # valgrind
serve --ipv4
a=127.0.0.1:$HTTP_PORT
out=$tmp/out.ndjson
for ((i = 1; i <= targets; i++)); do
	case $((i % 500)) in
	7) echo "$a/wait/100?$i" ;;
	8) echo 127.0.0.1:1 ;;
	9) echo "bad target $i" ;;
	10) echo "$a/obstext?$i tag=t$i" ;;
	11) printf '%s/\xff%d\n' "$a" "$i" ;;
	12) printf '%s/%09000d\n' "$a" 0 ;;
	*) echo "$a/?$i" ;;
	esac
done >"$tmp/list"
resume=(awget --resume "$out" -i "$tmp/list" -c 64)

# complete: one valid record for each target, whose number and text are its line's
complete()
{
	python3 - "$out" "$tmp/list" "$tmp/whole" <<-'EOF' || fail "$ran"
		import json, sys
		lines = open(sys.argv[2], "rb").read().splitlines()
		seen = {}
		for line in open(sys.argv[1], encoding="utf-8"):
		    assert line.endswith("\n"), "the last line is torn"
		    o = json.loads(line)
		    assert o["n"] not in seen, "%d is there twice" % o["n"]
		    assert not o["error"] or o["error"]["kind"] != "interrupted", o
		    seen[o["n"]] = o["target"]
		assert sorted(seen) == list(range(1, len(lines) + 1)), "%d of %d records" % (len(seen), len(lines))
		for n, line in enumerate(lines, 1):
		    text = line.decode("utf-8") if b"\xff" not in line else line.decode("latin-1")
		    assert text[:50].split(" tag=")[0] == seen[n][:50], (text[:80], seen[n][:80])
	EOF
}

# in one go, and once more, when nothing is left to do
began=${EPOCHREALTIME/./}
run "${resume[@]}"
took=$(((${EPOCHREALTIME/./} - began) / 1000))
whole=$status
expect_status 2
complete
cp "$out" "$tmp/done"
run "${resume[@]}"
expect_status $whole
cmp "$out" "$tmp/done" || fail 'a finished output is touched'

# killed at any moment, some of them more than once
for ((i = 0; i < kills; i++)); do
	rm -f "$out"
	for ((again = 0; again <= i % 3; again++)); do
		${RUN_WRAP-} "${resume[@]}" 2>/dev/null &
		pid=$!
		sleep "$((RANDOM % took))e-3"
		kill -9 $pid 2>/dev/null
		wait $pid 2>/dev/null
	done
	[ ! -e "$out" ] || left=$(wc -l <"$out")
	run "${resume[@]}"
	expect_status $whole
	complete
	told="$told ${left-0}"
done
echo "records at the moment of the kill:$told"

# ended by a signal: what was in flight has a record that says so, and is done again. It waits for more input, so that it is
# there still when the signal comes.
mkfifo "$tmp/pieces"
exec 9<>"$tmp/pieces"
for signal in INT HUP; do
	rm -f "$out"
	${RUN_WRAP-} "${resume[@]}" -i "$tmp/pieces" 2>"$tmp/err" &
	pid=$!
	until [ -s "$out" ]; do sleep 0.02; done
	kill -$signal $pid
	wait $pid
	status=$? ran="${resume[*]}, $signal"
	expect_status $((128 + $(kill -l $signal)))
	tail -n 1 "$tmp/err" | grep -q '^awget: interrupted: [0-9]* targets* unfinished$' || fail "$ran: $(cat "$tmp/err")"
	run "${resume[@]}"
	expect_status $whole
	complete
done
exec 9>&-

# SIGHUP is as nothing where it was ignored from the start
rm -f "$out"
(trap '' HUP && exec ${RUN_WRAP-} awget --resume "$out" -i "$tmp/pieces") 2>"$tmp/err" &
pid=$!
exec 9>"$tmp/pieces"
echo "$a/1" >&9
until [ -s "$out" ]; do sleep 0.02; done
kill -HUP $pid
echo "$a/2" >&9
exec 9>&-
wait $pid
status=$? ran='awget, SIGHUP ignored'
expect_status 0
expect_no_err
[ "$(wc -l <"$out")" -eq 2 ] || fail "$ran: $(cat "$out")"

# cut anywhere in its last records
size=$(wc -c <"$tmp/done")
for cut in 1 2 100 700 3000 $((size / 2)) $((size - 1)) "$size"; do
	head -c $((size - cut)) "$tmp/done" >"$out"
	run "${resume[@]}"
	expect_status $whole
	complete
done

# another list is refused, and the output is left alone
refused()
{
	rm -f "$tmp/r.tap"
	run awget --resume "$out" -i "$tmp/other" --report "tap=$tmp/r.tap"
	expect_status 3
	[ ! -e "$tmp/r.tap" ] || fail 'there is a report of nothing'
	grep -q "$1" "$tmp/err" || fail "$(cat "$tmp/err")"
	cmp "$out" "$tmp/half" || fail 'the output was touched'
}
head -n $((targets / 2)) "$tmp/done" >"$tmp/half"
cp "$tmp/half" "$out"
sed '1d' "$tmp/list" >"$tmp/other"
refused 'was not made from this list'
sed '5s/?/?x/' "$tmp/list" >"$tmp/other"
refused 'was not made from this list'
head -n $((targets / 4)) "$tmp/list" >"$tmp/other"
refused 'was not made from this list'
cp "$tmp/list" "$tmp/other"
echo 'no record' >>"$out"
cp "$out" "$tmp/half"
refused ":$((targets / 2 + 1)): "
head -n $((targets / 2)) "$tmp/done" >"$out"
head -n 1 "$tmp/done" >>"$out"
cp "$out" "$tmp/half"
refused "$((targets / 2 + 1)): target .* is there twice"

# one at a time
rm -f "$out"
mkfifo "$tmp/slow"
awget --resume "$out" -i "$tmp/slow" &
exec 9>"$tmp/slow"
until [ -e "$out" ]; do sleep 0.02; done
run awget --resume "$out" -i "$tmp/list"
expect_status 4
grep -q 'is being written by another awget' "$tmp/err" || fail "$(cat "$tmp/err")"
exec 9>&-
wait $!
