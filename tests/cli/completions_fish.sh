#!/bin/bash
# Completion in fish offers the long options of --help, each once, and the values that completion in bash offers.
. "${0%/*}/lib.sh"

need fish
# shellcheck source=completions/awget
. "$top_srcdir/completions/awget"
export HOME=$tmp
touch "$tmp/targets"

# offered LINE...: what fish offers at the end of each, without descriptions, in one process.
offered()
{
	(
		cd "$tmp" || exit
		# shellcheck disable=SC2016 # the dollars are fish's
		fish --no-config -c '
			source $argv[1]/completions/awget.fish
			for line in $argv[2..]
				echo "> $line"
				complete -C $line | string replace -r "\t.*" ""
			end' "$top_srcdir" "$@"
	)
}

# in_bash OPTION: the values that bash offers for it, behind a heading.
in_bash()
{
	COMP_WORDS=(awget "$1" '') COMP_CWORD=2
	_awget awget '' "$1"
	printf '> awget %s \n' "$1"
	printf '%s\n' "${COMPREPLY[@]}" | sort
}

run offered 'awget --'
{
	echo '> awget --'
	awget --help | grep -oE '^.{6}--[a-z0-9.-]+' | cut -c7-
} >"$tmp/options"
expect_no_err
expect_out_sorted <"$tmp/options"
[ "$(wc -l <"$tmp/options")" -gt 20 ] || fail "$(cat "$tmp/options")"

lines=()
for option in --color --progress --format --default-scheme --tls-min --tls-max --only --preset --report; do
	lines+=("awget $option ")
	in_bash $option
done >"$tmp/values"
run offered "${lines[@]}"
expect_out <"$tmp/values"

run offered 'awget -c 5 --col' 'awget --color=al' 'awget --report ta' 'awget --report=ta' \
	'awget -i tar' 'awget -ki tar' 'awget --output=tar' 'awget --cacert tar' 'awget -H @tar' 'awget --write-out=@tar' \
	'awget --report junit=tar' 'awget --report=junit=tar' 'awget --compare tar' 'awget --compare targets tar' 'awget tar' \
	'awget -c ' 'awget -e tar' 'awget --fields tar'
expect_out <<'END'
> awget -c 5 --col
--color
> awget --color=al
--color=always
> awget --report ta
tap=
> awget --report=ta
--report=tap=
> awget -i tar
targets
> awget -ki tar
targets
> awget --output=tar
--output=targets
> awget --cacert tar
targets
> awget -H @tar
@targets
> awget --write-out=@tar
--write-out=@targets
> awget --report junit=tar
junit=targets
> awget --report=junit=tar
--report=junit=targets
> awget --compare tar
targets
> awget --compare targets tar
targets
> awget tar
> awget -c 
> awget -e tar
> awget --fields tar
END
expect_no_err
[ ! -e /sys/class/net/lo ] || offered 'awget --interface lo' | grep -qx lo || fail 'no device is offered'
