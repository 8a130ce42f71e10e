#!/bin/bash
# Redirects of every shape: with -L awget ends where curl ends, by way of the same statuses; where it means not to, the
# manual page says why. The table of all shapes goes to standard output.
. "${0%/*}/net.sh"
slow
need curl openssl python3 jq

shapes=$top_srcdir/tests/cli/redirects.py
system hosts <<END
127.0.0.1 localhost
127.0.1.1 a.test b.test b.test. wrong.test
END
make_ca ca
make_cert a.test san=DNS:a.test,DNS:b.test
python3 "$shapes" serve "$pki/a.test.pem" "$pki/a.test.key" >"$tmp/origin" &
wait_for grep -q ready "$tmp/origin"
python3 "$shapes" list >"$tmp/list"
[ "$(wc -l <"$tmp/list")" -ge 40 ] || fail 'these are not all shapes'

# compared [OPTION]...: the whole list, with options that mean the same to curl.
compared()
{
	local name url said=$tmp/curl

	echo "awget -L $*"
	mkdir -p "$said"
	cut -d ' ' -f 2 "$tmp/list" >"$tmp/targets"
	run awget -L --json --allow-private --cacert "$pki/ca.pem" "$@" -i "$tmp/targets"
	expect_no_err
	expect_status 2
	mv "$tmp/out" "$tmp/json"
	while read -r name url; do
		curl -s -L -o /dev/null -D - -w '%{url_effective} %{exitcode}' --http1.0 --no-alpn --max-redirs 10 \
			--proto-redir =http,https --max-time 20 --cacert "$pki/ca.pem" "$@" "$url" >"$said/$name"
	done <"$tmp/list"
	python3 "$shapes" compare "$tmp/json" "$said" || fail "not as curl: $ran"
}
compared
[ -z "${RUN_WRAP-}" ] || exit 0
compared -I
compared --http1.1
compared -X POST
