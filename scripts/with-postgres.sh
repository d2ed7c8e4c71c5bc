#!/usr/bin/env bash
# with-postgres.sh COMMAND... — runs it with REGAIN_TEST_POSTGRES naming a PostgreSQL of its own, gone afterwards.
# The user it names may create databases: each test makes one.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
state=$(mktemp -d /tmp/regain-postgres.XXXXXX)
chmod 755 "$state"
trap '"$here/end2end/services/postgres.sh" drop "$state"; rm -rf "$state"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
REGAIN_TEST_POSTGRES=$("$here/end2end/services/postgres.sh" start "$state" 127.0.0.1 | sed -n 's/^DATABASE_URL=//p')
export REGAIN_TEST_POSTGRES
"$@"
