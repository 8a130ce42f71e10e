#!/bin/bash
# The Debian packages are of this version, each file that is installed is in one of them, and the test of the packages passes
# with these programs.
. "${0%/*}/lib.sh"

costly
need make jq
version=$(sed -n 's/^AC_INIT(\[awget\], \[\(.*\)\])$/\1/p' "$top_srcdir/configure.ac")
sed -n '1s/^awget (\(.*\)) [a-zA-Z]*; urgency=.*/\1/p' "$top_srcdir/debian/changelog" >"$tmp/changelog"
ran='debian/changelog'
same version "$tmp/changelog" "$version"

# each line of the lists is a file, or a folder with what is in it
install()
(
	unset MAKEFLAGS MFLAGS
	make -s -C "$top_builddir" install DESTDIR="$tmp/root" prefix=/usr libdir=/usr/lib \
		zshcompletiondir=/usr/share/zsh/vendor-completions
)
run install
expect_status 0
(cd "$tmp/root" && find . -type f -printf '%P\n') | sort >"$tmp/installed"
cat "$top_srcdir"/debian/*.install | while read -r path; do
	grep -E "^$path(/|$)" "$tmp/installed" || echo "nothing: $path"
done | sort >"$tmp/packaged"
ran='debian/*.install'
same packages "$tmp/packaged" <"$tmp/installed"

run sh "$top_srcdir/debian/tests/main-job"
expect_status 0
