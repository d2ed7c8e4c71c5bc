#!/usr/bin/env bash
# frontend/build.sh [dev|release] — everything that the browser loads, into dist/pkg:
# the programs (one Trunk run each), the style sheet, scripts by hand and public/,
# each file under a name that holds a hash of its content, and manifest.json from plain names to these.
# In a release wasm-opt runs too, and .br and .gz twins lie beside each text.
#
# A result is kept in the cache under a hash of all that goes into it, so nothing is built twice,
# not in another clone either. Files of former builds stay in dist/pkg for a day, for a server that still runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
profile=${1:-dev}
case $profile in dev | release) ;; *) echo "usage: frontend/build.sh [dev|release]" >&2; exit 2 ;; esac

cache=${REGAIN_CACHE:-$HOME/.cache/regain}
export CARGO_TARGET_DIR=$cache/target/wasm
[ -z "${REGAIN_WASM_TOOLCHAIN:-}" ] || export RUSTUP_TOOLCHAIN=$REGAIN_WASM_TOOLCHAIN

inputs() { # the content of all that goes in, and the names
  find app crates/domain frontend style public -type f -not -path '*/target/*' -not -path '*/tests/*' -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum
  sha256sum Cargo.toml Cargo.lock Trunk.toml
  printf '%s\n' "$profile" "${RUSTUP_TOOLCHAIN:-}" "${RUSTFLAGS:-}"
  cat .cargo/config.toml "${REGAIN_TOOLS:-/nonexistent}/ready/"* 2>/dev/null || true
}
[ -f Cargo.lock ] || cargo generate-lockfile
made=$cache/pkg/$profile-$(inputs | sha256sum | cut -c1-24)

programs() {
  local name flag=()
  [ "$profile" = dev ] || flag=(--release)
  for name in wizard account console authenticator; do
    trunk --config Trunk.toml --log warn build "${flag[@]}" --dist "dist/stage/$name" "frontend/$name.html"
    [ ! -d "dist/stage/$name/snippets" ] || { echo "a crate brings a JavaScript snippet: its name cannot be hashed" >&2; exit 1; }
  done
  cp dist/stage/{wizard,account,console,authenticator}/*.{js,wasm} "$1"
}

optimised() { # smaller programs: names and debug sections go, code shrinks
  local file
  command -v wasm-opt >/dev/null || { echo "wasm-opt is missing: run scripts/bootstrap.sh release" >&2; exit 1; }
  for file in "$1"/*.wasm; do
    wasm-opt -Oz --strip-debug --strip-producers "$file" -o "$file.small"
    mv "$file.small" "$file"
  done
}

compressed() { # twins that the server picks by Accept-Encoding
  gzip -9 -n -k -f "$1"
  if command -v brotli >/dev/null; then
    brotli -q 11 -w 24 -f -k "$1"
  else
    node -e 'const fs = require("fs"), z = require("zlib"), f = process.argv[1], c = z.constants;
      fs.writeFileSync(f + ".br", z.brotliCompressSync(fs.readFileSync(f),
        { params: { [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_LGWIN]: 24 } }))' "$1"
  fi
}

named() { # gives each file its hashed name and lists them
  local file name separator=''
  cd "$1"
  printf '{' >manifest.json.new
  for file in $(find . -type f -not -name manifest.json.new -printf '%P\n' | LC_ALL=C sort); do
    name="${file%.*}-$(sha256sum "$file" | cut -c1-16).${file##*.}"
    mv "$file" "$name"
    printf '%s\n  "%s": "%s"' "$separator" "$file" "$name" >>manifest.json.new
    separator=,
    [ "$profile" = dev ] && continue
    case $name in *.js | *.wasm | *.css | *.svg | *.txt | *.json | *.webmanifest) compressed "$name" ;; esac
  done
  printf '\n}\n' >>manifest.json.new
  mv manifest.json.new manifest.json
}

make_package() { # `new` is known outside as well: the trap needs it
  mkdir -p "$cache/pkg" dist/stage
  new=$(mktemp -d "$cache/pkg/new.XXXXXX")
  chmod 755 "$new"
  trap 'rm -rf "$new"' EXIT
  programs "$new"
  [ "$profile" = dev ] || optimised "$new"
  lightningcss --bundle --minify style/main.css -o "$new/main.css"
  find frontend -maxdepth 1 -name '*.js' -exec cp {} "$new" \;
  [ ! -d public ] || cp -R public/. "$new"
  (named "$new")
  if [ -e "$made" ]; then rm -rf "$new"; else mv "$new" "$made"; fi
  trap - EXIT
  # The newest twelve results are enough.
  find "$cache/pkg" -mindepth 1 -maxdepth 1 -printf '%T@ %p\n' | sort -rn | tail -n +13 | cut -d' ' -f2- | xargs -r rm -rf
}

[ -e "$made/manifest.json" ] || make_package
touch "$made"
mkdir -p dist/pkg
cmp -s "$made/manifest.json" dist/pkg/manifest.json && [ "$(cat dist/pkg.profile 2>/dev/null)" = "$profile" ] && exit 0
find dist/pkg -type f -mtime +0 -delete
cp "$made/manifest.json" dist/pkg/manifest.json.new
(cd "$made" && find . -type f -not -name manifest.json -exec cp --parents {} "$OLDPWD/dist/pkg/" \;)
mv dist/pkg/manifest.json.new dist/pkg/manifest.json
printf '%s\n' "$profile" >dist/pkg.profile
echo "dist/pkg: $profile, $(find "$made" -type f -not -name '*.br' -not -name '*.gz' | wc -l) files"
