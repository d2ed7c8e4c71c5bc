#!/usr/bin/env bash
# build-release.sh PROGRAM — packs the release program, with everything embedded, into dist/release/:
# a tar.gz for any Linux of this architecture, a .deb with a hardened systemd unit, and their checksums.
# The same program gives the same files: times are those of the last commit.
set -euo pipefail
[ $# = 1 ] || { echo "usage: packaging/build-release.sh PROGRAM" >&2; exit 2; }
program=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
machine=$(uname -m)
case $machine in x86_64) architecture=amd64 ;; aarch64) architecture=arm64 ;; *) architecture=$machine ;; esac
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH

out=$PWD/dist/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$out"
mkdir -p "$out"

archive() {
  local name=regain-$version-linux-$machine file
  local tree=$work/$name
  install -d "$tree"
  install -m 755 "$stripped" "$tree/regain"
  install -m 644 packaging/regain.service packaging/regain.toml "$tree/"
  for file in LICENSE NOTICE README.md CHANGELOG.md SECURITY.md; do
    [ ! -e "$file" ] || install -m 644 "$file" "$tree/"
  done
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$work" -cf - "$name" |
    gzip -9 -n >"$out/$name.tar.gz"
}

# The oldest C library that has every symbol the program asks for.
oldest_libc() {
  objdump -T "$1" | grep -o 'GLIBC_[0-9.]*[0-9]' | sort -Vu | tail -n 1 | cut -d_ -f2
}

debian() {
  local tree=$work/deb size script
  install -D -m 755 "$stripped" "$tree/usr/bin/regain"
  install -D -m 644 packaging/regain.service "$tree/usr/lib/systemd/system/regain.service"
  install -D -m 640 packaging/regain.toml "$tree/etc/regain/regain.toml"
  install -D -m 644 packaging/deb/copyright "$tree/usr/share/doc/regain/copyright"
  [ ! -e CHANGELOG.md ] || gzip -9 -n -c CHANGELOG.md | install -D -m 644 /dev/stdin "$tree/usr/share/doc/regain/changelog.gz"
  [ ! -e NOTICE ] || install -m 644 NOTICE "$tree/usr/share/doc/regain/NOTICE"
  size=$(du -k -s "$tree" | cut -f1)
  install -d "$tree/DEBIAN"
  sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/; s/@LIBC@/$(oldest_libc "$stripped")/" \
    packaging/deb/control.in >"$tree/DEBIAN/control"
  echo /etc/regain/regain.toml >"$tree/DEBIAN/conffiles"
  for script in postinst prerm postrm; do install -m 755 "packaging/deb/$script" "$tree/DEBIAN/"; done
  find "$tree" -type d -exec chmod 755 {} +
  find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group --build "$tree" "$out/regain_${version}_$architecture.deb" >/dev/null
}

stripped=$work/regain
install -m 755 "$program" "$stripped"
strip "$stripped"
archive
if command -v dpkg-deb >/dev/null; then debian; else echo "no .deb: dpkg-deb is missing here" >&2; fi
(cd "$out" && sha256sum regain* >SHA256SUMS && ls -l)
