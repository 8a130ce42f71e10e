#!/bin/zsh
# tests/cli/completions.zsh TOP LINE...: prints what zsh, with TOP/completions/_awget, offers at the end of each line, behind a
# heading, sorted. A real one is asked, at a terminal, where one key writes what would be offered and clears the line.
emulate -R zsh
zmodload zsh/zpty || exit 77
top=$1
shift
tmp=$(mktemp -d) || exit
trap 'rm -rf $tmp' EXIT
mkfifo $tmp/answers

cat >$tmp/.zshrc <<'END'
PS1=
autoload -U compinit
fpath=($TOP/completions $fpath)
compinit -D -u
# What is only gone through, as to be described later, is not told.
compadd() {
	if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
		local -a offered
		builtin compadd -A offered "$@"
		(( $#offered == 0 )) || print -rl -- $IPREFIX$^offered >&9
	fi
	builtin compadd "$@"
}
tell() {
	_main_complete
	compstate[insert]='' compstate[list]=''
	print -r -- done >&9
}
zle -C tell complete-word tell
bindkey '^T' tell
exec 9>$ANSWERS
print -r -- ready >&9
END

export TOP=$top ANSWERS=$tmp/answers ZDOTDIR=$tmp TERM=dumb
zpty shell zsh -d -i
exec 8<$tmp/answers

# answer: the lines up to the word.
answer()
{
	local line
	while IFS= read -r line <&8 && [[ $line != $1 ]]; do
		print -r -- $line
	done
}

answer ready
for line; do
	print -r -- "> $line"
	zpty -w -n shell $'\C-u'$line$'\C-t'
	answer done | sort -u
done
zpty -d shell
