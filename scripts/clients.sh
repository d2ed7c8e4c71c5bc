#!/usr/bin/env bash
# clients.sh — what opens /kiosk on locked workstations: on a screen that nobody sees, and under Wine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --quiet --package regain-server
export REGAIN_BINARY=${CARGO_TARGET_DIR:-$PWD/target}/debug/regain
/usr/bin/python3 clients/linux-greeter/test.py
clients/windows/test.sh
