#!/bin/sh
# No include climbs the floors, and scripts/layers sees each way of doing so.
set -eu
top=${srcdir-$(dirname -- "$0")/../..}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# refused FLOOR/FILE LINE: a source whose only fault is this line.
refused()
{
	rm -rf "$tmp/src"
	mkdir -p "$tmp/src/${1%/*}"
	printf '%s\n' "$2" >"$tmp/src/$1"
	if said=$("$top/scripts/layers" "$tmp/src") || [ "${said#src/"$1":1: "$2": }" = "$said" ]; then
		echo "scripts/layers does not refuse '$2' in $1: $said"
		exit 1
	fi
}

refused base/buf.c '#include "rt/task.h"'
refused net/dns.h '# include "http/url.h"'
refused fetch/fetch.c '#include "awget/output.h"'
refused examples/sleepers.c '#include "awserve/names.h"'
refused rt/coro.c '#include "coro.h"'
refused rt/coro.c '#include "odd/coro.h"'
refused odd/x.c '#include <stdio.h>'
refused net/stream.c '#include <ev.h>'
refused rt/task.c '#include <ares.h>'
refused awget/main.c '#include <ares_dns.h>'
refused net/dns.c '#include <openssl/ssl.h>'
refused net/idn.c '#include <idn2.h>'
"$top/scripts/layers" "$top/src"
