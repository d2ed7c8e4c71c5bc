#!/usr/bin/env bash
# A throw-away PostgreSQL cluster, of the newest version installed.
#
#   postgres.sh start STATE ADDRESS [PORT]   default port: a free one; prints KEY=VALUE lines
#   postgres.sh stop STATE
#   postgres.sh drop STATE                   stop and remove STATE
#
# initdb refuses root, so run by root the cluster belongs to the user PG_USER
# (default postgres) and STATE must be reachable for that user.
# FSYNC=off (default) is fast; FSYNC=on when the test is about crashes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"
usage() { sed -n '2,10p' "${BASH_SOURCE[0]}" >&2; exit 2; }

bin=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
bin=$(dirname "${bin:-$(command -v initdb || echo /missing/initdb)}")
[ -x "$bin/initdb" ] || { echo "no PostgreSQL server found: run scripts/bootstrap.sh test" >&2; exit 1; }
cd /

as_user=()
if [ "$(id -u)" = 0 ]; then
  as_user=(setpriv "--reuid=${PG_USER:-postgres}" "--regid=${PG_USER:-postgres}" --clear-groups)
fi

create() { # STATE
  echo regain >"$1/password"
  "${as_user[@]}" "$bin/initdb" -D "$1/data" -U regain --auth-local=trust --auth-host=scram-sha-256 \
    --pwfile="$1/password" --no-sync -E UTF8 --locale=C.UTF-8 >"$1/initdb.log" 2>&1 ||
    { cat "$1/initdb.log" >&2; exit 1; }
}

start() {
  local state=$1 address=$2 port=${3:-$(free_port "$2")} fsync=${FSYNC:-off}
  refuse_if_running "$state"
  mkdir -p "$state"
  state=$(cd "$state" && pwd)
  [ "$(id -u)" != 0 ] || chown "${PG_USER:-postgres}" "$state"
  [ -e "$state/data/PG_VERSION" ] || create "$state"
  "${as_user[@]}" "$bin/postgres" -D "$state/data" -p "$port" -c listen_addresses="$address" \
    -c unix_socket_directories="$state" -c fsync="$fsync" -c synchronous_commit="$fsync" \
    -c full_page_writes="$fsync" -c max_connections=200 -c shared_buffers=32MB </dev/null >"$state/log" 2>&1 &
  # setpriv executes postgres in its own place, so this is the postmaster's pid.
  echo $! >"$state/pid"
  wait_ready "$state/pid" "$state/log" "$bin/pg_isready" -q -h "$address" -p "$port"
  "$bin/psql" -q -h "$state" -p "$port" -U regain -d postgres -tAc \
    "SELECT 1 FROM pg_database WHERE datname = 'regain'" | grep -q 1 ||
    "$bin/createdb" -h "$state" -p "$port" -U regain regain
  cat >"$state/env" <<ENV
DATABASE_URL=postgres://regain:regain@$address:$port/regain
PGHOST=$address
PGPORT=$port
PGUSER=regain
PGPASSWORD=regain
PGDATABASE=regain
ENV
  cat "$state/env"
}

case ${1:-} in
  start) [ $# -ge 3 ] || usage; start "${@:2}" ;;
  stop) [ $# -eq 2 ] || usage; stop_pid_file "$2/pid" INT ;;
  drop) [ $# -eq 2 ] || usage; stop_pid_file "$2/pid" QUIT; [ ! -e "$2/data" ] || rm -rf "$2" ;;
  *) usage ;;
esac
