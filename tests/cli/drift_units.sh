#!/bin/bash
# The units of systemd that look for drift: the first run keeps what there is, later ones tell what is different; systemd
# understands the units, and what they forbid awget does not need.
. "${0%/*}/lib.sh"

units=$(realpath "$top_srcdir/contrib/systemd") programs=$(realpath "$top_builddir")
service=$units/awget-drift.service
PATH=$programs:$PATH # we go elsewhere
serve --ipv4
a=127.0.0.1:$HTTP_PORT
mkdir "$tmp/state" && cd "$tmp/state" || exit

# command NAME: the words of it, with a list of ours.
command_of()
{
	sed -n "s|/etc/awget/hosts|$tmp/list|; s/^$1=//p" "$service"
}
read -ra keep < <(command_of ExecStartPre)
read -ra compare < <(command_of ExecStart)
[ "${keep[0]} ${compare[0]}" = 'awget awget' ] || fail "$(grep Exec "$service")"

# as_unit: both commands, of which the second counts.
as_unit()
{
	run "${keep[@]}"
	expect_status 0
	expect_no_out
	expect_no_err
	run "${compare[@]}"
}

printf '%s\n' "$a/status/200" "$a/status/404" >"$tmp/list"
as_unit # the first time
expect_status 0
expect_no_out
expect_no_err
[ "$(wc -l <good.ndjson)" = 2 ] || fail "$(cat good.ndjson)"
cp good.ndjson "$tmp/first"
as_unit # nothing is kept again
expect_status 0
expect_no_out
same good.ndjson good.ndjson <"$tmp/first"

sed -i '2s/"status":404/"status":200/' good.ndjson
as_unit
expect_status 1
expect_out "$a/status/404 change > - status 200" "$a/status/404 change > + status 404"
expect_no_err
cp "$tmp/first" good.ndjson

echo "$a/duplicate" >>"$tmp/list"
as_unit # a new line
expect_status 0
expect_no_out
[ "$(wc -l <good.ndjson)" = 3 ] || fail "$(cat good.ndjson)"

sed -i "3s/.*/$a\/novalue/" "$tmp/list"
run "${keep[@]}" # another list
expect_status 3
grep -q '^awget: good.ndjson was not made from this list: ' "$tmp/err" || fail "$(cat "$tmp/err")"

need strace systemd-analyze python3
sed "s|=awget |=$programs/awget |" "$service" >"$tmp/awget-drift.service"
cp "$units/awget-drift.timer" "$tmp"
run systemd-analyze --man=no verify "$tmp/awget-drift.service" "$tmp/awget-drift.timer"
expect_status 0
expect_no_out
expect_no_err
run systemd-analyze security --offline=yes --threshold=20 "$tmp/awget-drift.service"
expect_status 0

# system calls and families of sockets, with names and TLS
cat >"$tmp/list" <<END
http://www.test:$HTTP_PORT
https://www.test:$HTTPS_PORT
END
strace -f -o "$tmp/calls" awget --dns-servers "$DNS" --cacert "$CA" --json -o good.ndjson -i "$tmp/list" >"$tmp/out" 2>&1
sed -E 's/^[0-9]+ +//' "$tmp/calls" | grep -q '^exit_group(0)' || skip "strace does not work here: $(cat "$tmp/out")"
systemd-analyze syscall-filter >"$tmp/sets" 2>/dev/null
run python3 - "$service" "$tmp/sets" "$tmp/calls" <<'END'
import re, sys
unit, sets, calls = (open(name).read() for name in sys.argv[1:])
members = {}
for line in sets.splitlines():
	if line.startswith("@"):
		members[line] = inside = []
	elif re.match(r"    [a-z@]", line):
		inside.append(line.strip())
def expand(name):
	return set().union(*map(expand, members[name])) if name.startswith("@") else {name}
allowed = set()
for value in re.findall("^SystemCallFilter=(.*)$", unit, re.M):
	for name in value.lstrip("~").split():
		allowed = allowed - expand(name) if value.startswith("~") else allowed | expand(name)
allowed |= expand("@default")
families = re.search("^RestrictAddressFamilies=(.*)$", unit, re.M).group(1).split()
used = set(re.findall(r"^\d+ +([a-z0-9_]+)\(", calls, re.M))
assert len(used) > 20 and len(allowed) > 100, (used, allowed)
print("calls:", *sorted(used - allowed))
print("families:", *sorted(set(re.findall(r"^\d+ +socket\((\w+)", calls, re.M)) - set(families)))
END
expect_status 0
expect_out 'calls:' 'families:'
