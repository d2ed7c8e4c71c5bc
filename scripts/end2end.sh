#!/usr/bin/env bash
# end2end.sh [ARGS...] — the browser tests, against demo servers that they start themselves;
# the arguments go to Playwright: a file, --project=phone, --headed, -g 'words of a title'.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --quiet --package regain-server
export REGAIN_BINARY=${CARGO_TARGET_DIR:-$PWD/target}/debug/regain
cd end2end
exec node_modules/.bin/playwright test "$@"
