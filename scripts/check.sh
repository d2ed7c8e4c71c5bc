#!/usr/bin/env bash
# check.sh — everything about the sources that needs no running program. The first failure ends it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
say() { printf '\n== %s\n' "$*"; }

say "Cargo.lock is what the manifests ask for"
cargo metadata --locked --format-version 1 >/dev/null

say "format"
cargo fmt --all --check

# The build script of app stops on a word that a language lacks, so this holds the catalogues too.
say "lints and message catalogues, server side"
cargo clippy --locked --all-targets -- -D warnings

say "lints, browser side"
CARGO_TARGET_DIR=${REGAIN_CACHE:-$HOME/.cache/regain}/target/wasm ${REGAIN_WASM_TOOLCHAIN:+env "RUSTUP_TOOLCHAIN=$REGAIN_WASM_TOOLCHAIN"} \
  cargo clippy --locked --package regain-frontend --package regain-app --package regain-domain \
  --features regain-app/hydrate --target wasm32-unknown-unknown --profile wasm-dev -- -D warnings

say "browser tests' types"
(cd end2end && node_modules/.bin/tsc --noEmit)

say "shape: edges, budgets, style, docs"
cargo test --quiet --locked --package regain-server --test architecture

say "supply: bans, licences, sources"
cargo deny --log-level error check bans licenses sources

say "supply: advisories"
if cargo deny --log-level off fetch db 2>/dev/null; then
  cargo deny --log-level error check --disable-fetch advisories
else
  echo "NOT CHECKED: the list of advisories cannot be had from here; run 'cargo deny check advisories' where it can"
fi

printf '\ncheck: all well\n'
