#!/bin/bash
# Completion in zsh offers the options of --help, each once, and the values that completion in bash offers.
. "${0%/*}/lib.sh"

need zsh
# shellcheck source=completions/awget
. "$top_srcdir/completions/awget"
touch "$tmp/targets"
ask=$(realpath "$top_srcdir/tests/cli/completions.zsh") sources=$(realpath "$top_srcdir") programs=$(realpath "$top_builddir")

# offered LINE...: what zsh offers at the end of each, sorted.
offered()
{
	(
		cd "$tmp" || exit
		PATH=$programs:$PATH timeout "${RUN_TIMEOUT:-60}" zsh -f "$ask" "$sources" "$@"
	)
}

# in_bash OPTION: the values that bash offers for it, behind a heading.
in_bash()
{
	COMP_WORDS=(awget "$1" '') COMP_CWORD=2
	_awget awget '' "$1"
	printf '> awget %s \n' "$1"
	printf '%s\n' "${COMPREPLY[@]%=}" | sort # zsh adds it by itself
}

{
	echo '> awget --'
	awget --help | grep -oE '^.{6}--[a-z0-9.-]+' | cut -c7- | sort
	echo '> awget -'
	awget --help | sed -n -E 's/^  (-.)?,? +(--[a-z0-9.-]+) .*/\1 \2/p' | grep -oE '[^ ]+' | sort
	for option in --color --progress --format --default-scheme --tls-min --tls-max --only --preset --report; do
		in_bash $option
	done
	cat <<'END'
> awget -c 5 --col
--color
> awget --color=al
--color=always
> awget -i tar
targets
> awget -kitar
-kitargets
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
	[ ! -e /sys/class/net/lo ] || printf '%s\n' '> awget --interface lo' lo
} >"$tmp/wanted"
[ "$(wc -l <"$tmp/wanted")" -gt 120 ] || fail "$(cat "$tmp/wanted")"
mapfile -t lines < <(sed -n 's/^> //p' "$tmp/wanted")
run offered "${lines[@]}"
[ "$status" != 77 ] || skip 'this zsh has no terminals of its own'
expect_status 0
expect_out <"$tmp/wanted"
