#!/bin/bash
# Completion in bash offers the long options of --help, each once, and only values that awget takes.
set -euo pipefail
# shellcheck source=completions/awget
. "${srcdir-$(dirname -- "$0")/../..}/completions/awget"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# offered WORD...: what is offered for the last word.
offered()
{
	COMP_WORDS=(./awget "$@") COMP_CWORD=$#
	_awget ./awget "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	printf '%s\n' "${COMPREPLY[@]}"
}

# expect TEXT WORD...: exactly that is offered.
expect()
{
	local want=$1 got
	shift
	got=$(offered "$@")
	if [[ $got != "$want" ]]; then
		printf 'awget %s: offered\n%s\ninstead of\n%s\n' "$*" "$got" "$want"
		exit 1
	fi
}

expect "$(./awget --help | grep -oE '^.{6}--[a-z0-9.-]+' | cut -c7-)" --
expect --timeout --time
expect --timeout -c 5 --time
expect $'auto\nalways\nnever' --color ''
expect always --color = al
expect $'auto\nalways\nnever' --progress =
for option in --color --progress --format --default-scheme --tls-min --tls-max --only --preset; do
	for value in $(offered "$option" ''); do
		./awget "$option" "$value" --version >/dev/null
	done
done
for option in --color --progress --format --default-scheme --tls-min --tls-max --only; do # all that it takes
	expect "$(./awget "$option" '?' --version 2>&1 | sed -n "s/.*'?' is none of //p" | sed 's/, /\n/g')" "$option" ''
done
(($(offered --format '' | wc -l) > 2))
expect $'failed\nok\nchanged' --only ''
expect $'cookies\ncache' --preset c
kinds=$(offered --report '')
expect $'tap=' --report ta
expect $'tap=' --report = ta
expect "$kinds" --report =
for kind in $kinds; do
	./awget --report "$kind$tmp/report" --version >/dev/null
done
(($(wc -w <<<"$kinds") > 2))
touch "$tmp/targets"
expect "$tmp/targets" -i "$tmp/tar"
expect "$tmp/targets" --output = "$tmp/tar"
expect "$tmp/targets" --cacert "$tmp/tar"
expect "@$tmp/targets" -H "@$tmp/tar"
expect "@$tmp/targets" -w "@$tmp/tar"
expect "$tmp/targets" --report junit = "$tmp/tar"
expect "$tmp/targets" --report = junit = "$tmp/tar"
expect "junit=$tmp/targets" --report "junit=$tmp/tar"
for option in --checks --resume --baseline --replay --compare; do
	expect "$tmp/targets" "$option" "$tmp/tar"
	expect "$tmp/targets" "$option" = "$tmp/tar"
done
expect "$tmp/targets" --compare "$tmp/targets" "$tmp/tar"
expect --only --compare "$tmp/targets" --onl
expect '' -H 'Accept: '
[ ! -e /sys/class/net/lo ] || offered --interface lo | grep -qx lo
for option in -c -e --expect -w --fields --top --ignore; do
	expect '' "$option" ''
done
expect '' -H Name = "$tmp/tar"
