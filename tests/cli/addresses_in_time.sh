#!/bin/bash
# Names that are looked up for --all-addresses have --dns-timeout and --timeout as others have; the sentence says which.
. "${0%/*}/lib.sh"

serve
name=noanswer.test:$HTTP_PORT

# silent OPTION...: no address is found
silent()
{
	run awget --dns-servers "$DNS" "$@" "$name"
	expect_status 2
}

silent --all-addresses --timeout 60 --dns-timeout 0.3
expect_err "awget: $name: no answer from the DNS servers within 0.3 s"
silent --all-addresses --timeout 0.3 --dns-timeout 600
expect_err "awget: $name: no answer from the DNS servers within 0.3 s"
