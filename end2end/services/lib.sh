# Shared by the service scripts; sourced, not run.

PATH=$PATH:/usr/sbin:/sbin

alive() { # PID: runs and is no zombie
  [ -n "$1" ] && [ -e "/proc/$1/status" ] && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}

refuse_if_running() { # STATE: a pid file left by a crash does not count
  if [ -e "$1/pid" ] && alive "$(head -1 "$1/pid")"; then
    echo "$1 is in use" >&2
    exit 1
  fi
  rm -f "$1/pid"
}

stop_pid_file() { # FILE [SIGNAL]: ends that one process and waits for it
  local pid n
  [ -e "$1" ] || return 0
  pid=$(head -1 "$1")
  kill "-${2:-TERM}" "$pid" 2>/dev/null || true
  for n in $(seq 200); do
    alive "$pid" || break
    sleep 0.05
  done
  if alive "$pid"; then kill -9 "$pid"; fi
  rm -f "$1"
}

wait_ready() { # PID_FILE LOG COMMAND...: until COMMAND succeeds; fails with the log after 10 s or when the process is gone
  local pid_file=$1 log=$2 n
  shift 2
  for n in $(seq 200); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    alive "$(cat "$pid_file")" || break
    sleep 0.05
  done
  echo "not ready: $*" >&2
  cat "$log" >&2
  return 1
}

free_port() { # ADDRESS: a port that nobody listens on now
  python3 -c 'import socket, sys; s = socket.socket(); s.bind((sys.argv[1], 0)); print(s.getsockname()[1])' "$1"
}

make_certificate() { # FOLDER HOST ADDRESS: a CA of its own and a server certificate for HOST, localhost and ADDRESS
  mkdir -p "$1"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=Test CA of $2" \
    -addext keyUsage=critical,keyCertSign,cRLSign -keyout "$1/ca.key" -out "$1/ca.pem" 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" \
    -keyout "$1/server.key" -out "$1/server.csr" 2>/dev/null
  openssl x509 -req -in "$1/server.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" -days 30 -out "$1/server.pem" \
    -extfile <(echo "subjectAltName=DNS:$2,DNS:localhost,IP:$3"; echo extendedKeyUsage=serverAuth) 2>/dev/null
}
