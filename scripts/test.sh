#!/usr/bin/env bash
# test.sh [ARGS...] — all tests of the Rust side; the arguments go to the runner, a name of a test for one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if cargo nextest --version >/dev/null 2>&1; then
  runner=(cargo nextest run --no-fail-fast)
else
  runner=(cargo test --no-fail-fast)
fi
exec scripts/with-postgres.sh "${runner[@]}" "$@"
