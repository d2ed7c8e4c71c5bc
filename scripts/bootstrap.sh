#!/usr/bin/env bash
# Installs what this machine misses, for the parts named:
#
#   build     a Rust toolchain with std for the browser, wasm-bindgen, trunk, lightningcss
#   test      Chromium and fonts, PostgreSQL, a mail server for tests, the browser tests' packages
#   check     rustfmt, clippy, cargo-deny, the browser tests' packages
#   release   wasm-opt, brotli
#
# usage: bootstrap.sh PART...
#
# Safe to run again: what is right is left alone, and a run with nothing to do takes a blink.
# Tools go into $REGAIN_TOOLS (~/.cache/regain/tools); source its env.sh to use them.
# System packages are installed by apt-get, as root or with sudo; elsewhere it says what is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

WASM_BINDGEN_VERSION=0.2.130 # equals the pin in Cargo.toml
TRUNK_VERSION=0.21.14
BINARYEN_VERSION=132         # older ones break the bundle without a word
LIGHTNINGCSS_VERSION=1.33.0
CARGO_DENY_VERSION=0.20.2
NODE_OLDEST=20
NODE_VERSION=22.23.3         # taken from npm where the distribution's is older than that
RUST_OLDEST=1.94             # equals rust-version in Cargo.toml
TARGET=wasm32-unknown-unknown
DEBIAN_TC=debian             # the rustup name of the toolchain that the distribution packages

CACHE=${REGAIN_CACHE:-$HOME/.cache/regain}
TOOLS=${REGAIN_TOOLS:-$CACHE/tools}
ROUTE=${REGAIN_WASM_ROUTE:-auto} # auto | rustup | debian
JOBS=${REGAIN_JOBS:-$(nproc 2>/dev/null || echo 2)}
RUSTUP_TIMEOUT=${REGAIN_RUSTUP_TIMEOUT:-90}

usage() { sed -n '2,9p' "${BASH_SOURCE[0]}" | cut -c3- >&2; exit 2; }
[ $# -gt 0 ] || usage
WANTED=" $* "
for part in "$@"; do
  case $part in build | test | check | release) ;; *) usage ;; esac
done
wants() { case $WANTED in *" $1 "*) ;; *) return 1 ;; esac; }

START=$SECONDS
step() { printf '[%4ss] %s\n' $((SECONDS - START)) "$*"; }
warn() { printf '[%4ss] warning: %s\n' $((SECONDS - START)) "$*" >&2; }
die() { printf 'bootstrap: error: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
. scripts/bootstrap/system.sh
. scripts/bootstrap/rust.sh
. scripts/bootstrap/npm.sh

[ -d "$HOME/.cargo/bin" ] && PATH=$PATH:$HOME/.cargo/bin
mkdir -p "$TOOLS/bin"
TOOLS=$(cd "$TOOLS" && pwd)
PATH=$TOOLS/bin:$PATH

# -------------------------------------------------- whose build the caches hold
# Clones share one target folder, and cargo tells a crate of theirs only by its place in the workspace and the
# times of its files: it would take another clone's build for this one's. So a change of clone forgets our own
# crates, and keeps the hundreds of others.
claim() {
  mkdir -p "$CACHE/target"
  [ "$(cat "$CACHE/target/owner" 2>/dev/null)" != "$PWD" ] || return 0
  find "$CACHE/target" -maxdepth 5 -type d -path '*/.fingerprint/regain-*' -prune -exec rm -rf {} +
  printf '%s\n' "$PWD" >"$CACHE/target/owner"
}
claim

# ------------------------------------------------------- nothing to do, most times
# One file a part, named for what could change the answer: these scripts and the chosen toolchain.
key() {
  { cat scripts/bootstrap.sh scripts/bootstrap/*.sh "${RUSTUP_HOME:-$HOME/.rustup}/settings.toml" rust-toolchain* 2>/dev/null || true
    printf '%s\n' "$ROUTE" "${RUSTUP_TOOLCHAIN:-}" "$(command -v rustc || true)"; } | sha256sum | cut -c1-16
}
# The files that a part leaves behind: one may be gone although the part was once ready.
present() {
  local tool
  case $1 in
    build) for tool in trunk wasm-bindgen lightningcss; do [ -x "$TOOLS/bin/$tool" ] || return 1; done
      have rustc && have cargo && have cc ;;
    test) find_browser && find_postgres && find_python && { find_postfix || find_other_mailer; } && have node && npm_fresh ;;
    check) [ -x "$TOOLS/bin/cargo-deny" ] && have node && npm_fresh ;;
    release) have brotli || have node ;;
  esac
}
KEY=$(key)
ready=yes
for part in "$@"; do
  { [ -e "$TOOLS/ready/$part-$KEY" ] && present "$part"; } || ready=no
done
if [ $ready = yes ] && [ -e "$TOOLS/env.sh" ]; then exit 0; fi

if have flock; then # two runs on one tools directory wait for each other
  exec 9>"$TOOLS/.lock"
  flock -n 9 || { step "another bootstrap is at work on $TOOLS; waiting"; flock 9; }
fi

# ------------------------------------------------------------------- do it, in order
have cc || need "a C compiler" gcc libc6-dev
setup_rust
cargo_tool wasm-bindgen wasm-bindgen-cli "$WASM_BINDGEN_VERSION" # its lock file can be older than rustc allows
cargo_tool trunk trunk "$TRUNK_VERSION" --locked --no-default-features --features rustls
setup_node
setup_lightningcss
if wants release; then
  setup_wasm_opt
  have brotli || optional "brotli (else a slower one in Node.js is used)" brotli
fi
if wants check; then
  setup_lints
  cargo_tool cargo-deny cargo-deny "$CARGO_DENY_VERSION" --locked --no-default-features
fi
if wants test; then
  setup_browser
  setup_postgres
  setup_services
  setup_clients
fi
if wants test || wants check; then setup_end2end; fi
rm -rf "$TOOLS/build"

# --------------------------------------------------------------------------- result
find_browser || true
printf '%s\n' "$WASM_TC" >"$TOOLS/wasm-toolchain"
{
  printf '# written by scripts/bootstrap.sh; source this file\n'
  printf 'export REGAIN_TOOLS=%q\n' "$TOOLS"
  printf 'case ":$PATH:" in *":$REGAIN_TOOLS/bin:"*) ;; *) export PATH="$REGAIN_TOOLS/bin:$PATH" ;; esac\n'
  printf 'case ":$PATH:" in *":$HOME/.cargo/bin:"*) ;; *) export PATH="$PATH:$HOME/.cargo/bin" ;; esac\n'
  printf 'export REGAIN_WASM_TOOLCHAIN=%q # prefix builds for the browser with RUSTUP_TOOLCHAIN=$REGAIN_WASM_TOOLCHAIN\n' "$WASM_TC"
  [ -z "${BROWSER:-}" ] || printf 'export REGAIN_BROWSER=%q\n' "$BROWSER"
} >"$TOOLS/env.sh.new"
mv "$TOOLS/env.sh.new" "$TOOLS/env.sh"
mkdir -p "$TOOLS/ready"
KEY=$(key)
for part in "$@"; do
  present "$part" || die "'$part' is still not ready; what is missing is named above"
  rm -f "$TOOLS/ready/$part"-*
  : >"$TOOLS/ready/$part-$KEY"
done
step "ready: $*"
