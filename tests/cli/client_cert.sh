#!/bin/bash
# A client certificate is shown to the target's host, and to nobody to whom that one leads.
. "${0%/*}/lib.sh"

serve --client-out "$tmp/me"
wants=https://clientcert.test:$HTTPS_PORT/

# get_with TARGET
get_with()
{
	run awget -q -L --cacert "$CA" --cert "$tmp/me.pem" --key "$tmp/me.key" --resolve "*:$HTTP_PORT:127.0.0.1" \
		--resolve "*:$HTTPS_PORT:127.0.0.1" "$1"
}

# at its own host, also where that one leads to TLS
get_with "$wants"
expect_status 0
get_with "http://clientcert.test:$HTTP_PORT/redirect/302?$wants"
expect_status 0

# not elsewhere
from="http://other.test:$HTTP_PORT/redirect/302?$wants"
get_with "$from"
expect_status 2
expect_err "awget: $from: refused by the peer in TLS: certificate required"
