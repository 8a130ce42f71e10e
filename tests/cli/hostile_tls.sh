#!/bin/bash
# Who speaks TLS without end holds up nobody; and a machine that is short of descriptors is no fault of any certificate.
. "${0%/*}/lib.sh"

need python3 openssl
addresses=()
for n in {1..40}; do
	addresses+=(-a "127.0.0.$n")
done
serve "${addresses[@]}"

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

# All descriptors are taken by connections, and the part of awget that speaks TLS is a file, as are the trust anchors.
mkdir "$tmp/anchors"
cp "$CA" "$tmp/anchors"
openssl rehash "$tmp/anchors"
limited()
{
	ulimit -n 32
	SSL_CERT_DIR=$tmp/anchors exec timeout 100 ${RUN_WRAP-} awget -m 60 --json --all-addresses "$@"
}
in_limits() { (limited "$@"); }

if [ -z "${RUN_WRAP-}" ]; then # valgrind takes descriptors of its own
	every=$(printf ',127.0.0.%d' {1..40})
	for n in {1..5}; do
		echo "https://every.test:$HTTPS_PORT/wait/50"
	done >"$tmp/list"
	run in_limits --resolve "every.test:$HTTPS_PORT:${every#,}" -i "$tmp/list"
	expect_status 0
	[ "$(grep -c '"verify":"ok".*"error":null' "$tmp/out")" -eq 200 ] || fail "not 200 answers"
fi
