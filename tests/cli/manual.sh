#!/bin/bash
# awget's manual page names the options of --help in their order, with their letters and arguments, and every kind of error.
. "${0%/*}/lib.sh"
page=$top_srcdir/man/awget.1

# "-i --input FILE" for each option
run awget --help
expect_status 0
expect_no_err
sed -n -E 's/^  (-.)?,? +(--[a-z0-9.-]+( A B| [^ ]+)?) .*/\1 \2/p' "$tmp/out" | sed 's/ *$//; s/[][]//g' >"$tmp/options"
[ "$(wc -l <"$tmp/options")" -gt 20 ] || fail "options of --help: $(cat "$tmp/options")"

# the same of ".It Fl i Ar FILE , Fl -input Ar FILE"
sed '/^\.Sh OPTIONS/,/^\.Sh TARGETS/!d' "$page" | sed -n -E '
	/^\.It Fl / {
		s/ (Ns|Oo|Oc)//g
		s/ : Ar /:/g
		s/ ,\.\.\./,.../
		s/^\.It Fl ([^-])( Ar [^ ]+)? , Fl /.It -\1 Fl /
		s/^\.It (-.)? ?Fl (-[^ ]+)( Ar ([^ ]+))?/\1 -\2 \4/
		s/ *$//
		p
	}' >"$tmp/page"
diff -u --label --help --label "$page" "$tmp/options" "$tmp/page" >&2 || fail 'options'

sed -n -E 's/^\t\[ERR_.*\] = "(.*)",/\1/p' "$top_srcdir/src/base/err.c" | grep -vx none >"$tmp/kinds"
[ -s "$tmp/kinds" ] || fail 'no kinds'
sed -n -E '/Em kind Ta/,/^\.El/s/^\.It ([a-z0-9-]+) Ta .*/\1/p' "$page" >"$tmp/page"
diff -u --label err.c --label "$page" "$tmp/kinds" "$tmp/page" >&2 || fail 'kinds of errors'
