#!/bin/bash
# An archive is the same bytes, whoever makes it, where and when: of a copy of the sources that is open to a group, and of that
# archive, unpacked elsewhere, for its owner only, with other times and in another zone.
. "${0%/*}/lib.sh"
[ "${THOROUGH-}" ] || skip 'only where THOROUGH is set, for it builds three archives'
need make gcc

# archive DIR TZ: what make dist makes of the sources there, in a directory of its own: sets archive.
archive()
{
	mkdir "$1/out"
	run make_archive "$@"
	expect_status 0
	archive=$(echo "$1"/out/*.tar.gz)
}

make_archive()
(
	unset MAKEFLAGS MFLAGS SOURCE_DATE_EPOCH # those of the make that we are in
	export TZ=$2
	cd "$1/out" && ../configure -q --disable-dependency-tracking --cache-file="$tmp/cache" && make -s dist
)

first=$tmp/first second=$tmp/another/place
mkdir -p "$first" "$second"
tar -C "$top_srcdir" --exclude=./.git --exclude=./build --exclude='./build-[!a]*' --exclude='./_*' -cf - . |
	tar -C "$first" -xf - || fail 'cannot copy'
rm -f "$first/config.status"
chmod -R a+rX,g+w "$first"
umask 002
archive "$first" UTC
sum=$(sha256sum <"$archive")

tar -C "$second" --strip-components=1 -xzf "$archive" || fail "cannot unpack $archive"
find "$second" -exec touch -h -d '2001-02-03 04:05:06' {} + -exec chmod go= {} +
umask 077
archive "$second" Asia/Tokyo
[ "$(sha256sum <"$archive")" = "$sum" ] || {
	for archive in "$first" "$second"; do
		tar -tvzf "$archive"/out/*.tar.gz >"$archive.list"
	done
	diff -u "$first.list" "$second.list" >&2
	fail 'the archives differ'
}

