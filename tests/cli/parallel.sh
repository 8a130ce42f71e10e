#!/bin/bash
# The recipe of awget-scale(7) for GNU parallel: three machines share a list, one of them dies in the middle of its piece, and
# there is one record for each target, the same as from one machine.
. "${0%/*}/net.sh"
slow
costly
need parallel perl ssh sshd ssh-keygen jq python3
parallel --version 2>/dev/null | grep -q '^GNU parallel' || skip 'there is no GNU parallel'
machines='m1 m2 m3' targets=90

# The machines and the origin have a network namespace each, behind one bridge. What is mounted is seen by us alone.
mount -t tmpfs run /run && mkdir /run/sshd || skip 'cannot mount'
ip link add br0 type bridge && ip link set br0 up && ip addr add 10.77.0.254/24 dev br0 || skip 'no bridge'
# host NAME ADDRESS: a machine.
host()
{
	ip netns add "$1" && ip link add "$1" type veth peer name eth0 netns "$1" || skip 'no network namespaces'
	ip link set "$1" master br0 up
	ip -n "$1" link set lo up
	ip -n "$1" link set eth0 up
	ip -n "$1" addr add "$2/24" dev eth0
	echo "$2 $1" >>/etc/hosts
}
host origin 10.77.0.9
SERVE_WRAP='ip netns exec origin' serve --verbose --public --address 10.77.0.9 --port 80

# Keys and settings are all of this test; root has another home for it.
home=$tmp/home
mkdir -p "$home/.ssh" "$home/.parallel"
touch "$home/.parallel/will-cite"
sed -E -i "s|^(root:[^:]*:0:0:[^:]*:).*|\1$home:/bin/sh|" /etc/passwd
sed -E -i 's|^root:[^:]*|root:*|' /etc/shadow
export HOME=$home SHELL=/bin/sh
unset SSH_AUTH_SOCK PARALLEL PARALLEL_SSH PARALLEL_HOME
ssh-keygen -q -t ed25519 -N '' -f "$home/.ssh/id_ed25519" && ssh-keygen -q -t ed25519 -N '' -f "$tmp/host_key" ||
	fail 'no keys'
cp "$home/.ssh/id_ed25519.pub" "$home/.ssh/authorized_keys"
# a dead machine is to be noticed sooner than a user would want it
recipe awget-scale.7 ServerAliveInterval | sed -E 's/(Interval|CountMax|Timeout) .*/\1 1/' >"$home/.ssh/config"
grep -q 'ServerAliveInterval 1$' "$home/.ssh/config" || fail 'the page has no settings of ssh'
cat >"$tmp/sshd_config" <<END
HostKey $tmp/host_key
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
SetEnv PATH=$PATH TMPDIR=$tmp
END
n=0
for machine in $machines; do
	host "$machine" 10.77.0.$((++n))
	echo "$machine $(cut -d ' ' -f 1-2 "$tmp/host_key.pub")" >>"$home/.ssh/known_hosts"
	ip netns exec "$machine" "$(command -v sshd)" -f "$tmp/sshd_config" -E "$tmp/sshd.$machine" ||
		fail "no sshd: $(cat "$tmp/sshd.$machine")"
done
cd "$tmp" || exit
printf '%s\n' $machines >machines

# The gate keeps who comes first, until it dies.
exec 8< <(exec ip netns exec origin python3 "$here/gate.py" 10.77.0.9 81)
read -r _ <&8 || fail 'no gate'

# All kinds of lines in every piece; the gate is in the first one.
for ((i = 1; i <= targets; i++)); do
	case $((i % 10)) in
	3) printf '\n# a comment\n' && echo "origin/obstext?$i # another" ;;
	4) printf 'origin/status/503?%d\r\n' "$i" ;;
	5) echo 'origin:1' ;;
	6) echo "origin/ $i" ;;
	7) echo "origin/close?$i address=10.77.0.9" ;;
	*) [ $i = 12 ] && echo origin:81 || echo "origin/?$i" ;;
	esac
done >hosts.txt
recipe awget-scale.7 '" tag=" ++n' >number
. ./number
same numbers <(sed 's/.*tag=//' numbered.txt) < <(seq $targets)

# The recipe itself, with pieces of 20.
recipe awget-scale.7 'parallel --pipe' | sed 's/-N [0-9]*/-N 20/' >commands
grep -q -- '-N 20 .*--retries' commands || fail "the recipe is: $(cat commands)"
timeout 120 sh commands 2>"$tmp/err" &
engine=$!

# One machine waits at the gate, and has told the rest of its piece: it loses its link, and all that runs there is killed.
read -r -t 60 dead <&8 || fail "nobody came to the gate: $(cat "$tmp/err")"
dead=m${dead##*.}
told()
{
	[ "$(wc -l <heads.d/1.ndjson)" -eq 19 ]
}
wait_for told
ip link set "$dead" down
ip netns pids "$dead" | xargs kill -9
wait $engine || fail "the recipe ends with status $?: $(cat "$tmp/err" heads.log)"
awk -v dead="$dead" '
	NR > 1 && $7 != 0 { bad = 1 }
	$1 == 1 && $2 != dead { moved = 1 }
	END { exit bad || !moved || NR != 1 + 5 }
' heads.log || fail "$dead is dead: $(cat heads.log)"
[ "$(grep -c '^http GET /?2 origin$' "$serve_err")" -eq 2 ] || fail 'the piece of the dead machine was not fetched again'

# complete: one record for each target, as the page finds out
complete()
{
	run sh "$tmp/check"
	expect_status 0
	expect_no_out
	expect_no_err
}
recipe awget-scale.7 'diff - tags' >check
complete

# the same as one machine has, times and what is counted by piece left out
rest() { cat "$@" | jq -cS 'del(.n, .time, .timing)' | sort; }
for machine in $machines; do
	[ "$machine" = "$dead" ] || break
done
run ip netns exec "$machine" awget --json -i numbered.txt
expect_status 2
rest heads.d/*.ndjson >several
same several several < <(rest "$tmp/out")

# what the page makes of the records: their order, a report of the whole
recipe awget-scale.7 sort_by >commands
run sh commands
expect_no_err
same order <(jq -r .tag heads.ndjson) < <(seq $targets)
recipe awget-scale.7 awget\ --replay >commands
run sh commands
expect_status 2
grep -q "$targets targets" "$tmp/err" || fail "$(cat "$tmp/err")"
[ -s heads.html ] || fail 'no report'

# the check can fail: a record twice, one that is missing, one that was interrupted
refused()
{
	run sh check
	expect_status 1
	expect_out "$@"
}
cp heads.d/2.ndjson whole
grep '"tag":"21"' whole >>heads.d/2.ndjson
refused '21a22' '> 21'
grep -v '"tag":"21"' whole >heads.d/2.ndjson
refused '21d20' '< 21'
jq -c 'if .tag == "21" then .error = {kind: "interrupted"} else . end' whole >heads.d/2.ndjson
refused '21d20' '< 21'
