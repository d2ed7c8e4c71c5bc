#!/bin/sh
# build.sh — regain-kiosk.exe for 64-bit Windows, by Rust's GNU target and MinGW; prints where it is.
set -eu
cd "$(dirname "$0")"
target=x86_64-pc-windows-gnu
folder=${CARGO_TARGET_DIR:-$PWD/../../target}
rustc --print target-libdir --target $target 2>/dev/null | grep -q . && [ -d "$(rustc --print target-libdir --target $target)" ] ||
  { echo "Rust's std for $target is missing: rustup target add $target" >&2; exit 1; }
command -v x86_64-w64-mingw32-gcc >/dev/null ||
  { echo "MinGW is missing (Debian and Ubuntu: apt-get install gcc-mingw-w64-x86-64)" >&2; exit 1; }
CARGO_TARGET_DIR=$folder cargo build --quiet --locked --release --package regain-kiosk --target $target
echo "$folder/$target/release/regain-kiosk.exe"
