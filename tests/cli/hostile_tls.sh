#!/bin/bash
# Who speaks TLS without end holds up nobody.
. "${0%/*}/lib.sh"

need python3
serve

coproc hostile { exec python3 "$top_srcdir/tests/cli/hostile_tls.py"; }
read -r port <&"${hostile[0]}" || fail "hostile_tls.py does not start"

# HelloRequests in the handshake, which a client passes by: it is given up before its time, and the others are answered
flood=https://127.0.0.1:$port
run awget -q -m 1000 --connect-timeout 1000 "$flood" "$HTTP/a" "$flood/2" "$HTTP/b"
expect_status 2
expect_err_sorted "awget: $flood: TLS failed: the peer sends on and on, but no data" \
	"awget: $flood/2: TLS failed: the peer sends on and on, but no data"
grep -q "^$HTTP/a header > HTTP/1.1 200 OK" "$tmp/out" || fail "no answer from $HTTP/a"
grep -q "^$HTTP/b header > HTTP/1.1 200 OK" "$tmp/out" || fail "no answer from $HTTP/b"
