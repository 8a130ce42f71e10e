#!/bin/bash
# Some thousand fetches in one run, each tenth of a target that misbehaves: each has one record, the right one, and nothing is
# left open. scripts/soak is the same with a million.
. "${0%/*}/lib.sh"
slow
costly

need python3
RUN_TIMEOUT=600 # nothing waits longer than half a minute, but a busy machine takes its time
run env PYTHONDONTWRITEBYTECODE=1 python3 "$top_srcdir/scripts/soak.d/soak.py" --awget "$top_builddir/awget" \
	--awserve "$top_builddir/awserve" --at-once 100 5000
cat "$tmp/err" >&2
expect_status 0
