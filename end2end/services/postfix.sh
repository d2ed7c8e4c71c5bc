#!/usr/bin/env bash
# A throw-away Postfix that takes mail for mail.example, over STARTTLS only.
#
#   postfix.sh start STATE ADDRESS [PORT]   default port: a free one; prints KEY=VALUE lines
#   postfix.sh messages STATE               what has arrived, as JSON
#   postfix.sh stop STATE
#
# Configuration, queue and mailboxes are its own, below STATE; the machine's Postfix is not touched.
# It has to be started by root. Ends with 77 where it cannot be tried: not root, or another mail server instead.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"
usage() { sed -n '2,6p' "${BASH_SOURCE[0]}" >&2; exit 2; }
not_tried() { echo "$*" >&2; exit 77; }

# Whom the mailboxes belong to: Postfix delivers as nobody in particular, but never as root.
owner=65534

configure() { # STATE ADDRESS PORT
  local state=$1 address=$2 port=$3
  mkdir -p "$state/config" "$state/queue" "$state/data" "$state/mail"
  chown postfix "$state/data"
  chown "$owner" "$state/mail"
  make_certificate "$state/tls" mail.example "$address"
  cat >"$state/config/main.cf" <<CONFIG
compatibility_level = 3.6
queue_directory = $state/queue
data_directory = $state/data
maillog_file = $state/log
maillog_file_prefixes = $state
myhostname = mail.example
mydestination =
mynetworks =
alias_maps =
alias_database =
inet_interfaces = $address
disable_dns_lookups = yes
smtpd_peername_lookup = no
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = $state/tls/server.pem
smtpd_tls_key_file = $state/tls/server.key
smtpd_tls_received_header = yes
smtpd_relay_restrictions = reject_unauth_destination
virtual_mailbox_domains = mail.example
virtual_mailbox_base = $state/mail
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:$owner
virtual_gid_maps = static:$owner
CONFIG
  cat >"$state/config/master.cf" <<SERVICES
$address:$port inet n - n - - smtpd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
proxymap  unix - - n - - proxymap
error     unix - - n - - error
retry     unix - - n - - error
virtual   unix - n n - - virtual
anvil     unix - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
SERVICES
}

greets() { # ADDRESS PORT
  python3 -c 'import smtplib, sys; smtplib.SMTP(sys.argv[1], int(sys.argv[2]), timeout=2).quit()' "$1" "$2"
}

start() {
  local state=$1 address=$2 port=${3:-$(free_port "$2")}
  [ "$(id -u)" = 0 ] || not_tried "Postfix has to be started by root"
  if ! command -v postfix >/dev/null; then
    [ ! -e /usr/sbin/sendmail ] || not_tried "another mail server is installed here in place of Postfix"
    echo "Postfix is not installed: run scripts/bootstrap.sh test" >&2
    exit 1
  fi
  refuse_if_running "$state"
  mkdir -p "$state"
  state=$(cd "$state" && pwd)
  chmod 755 "$state"
  configure "$state" "$address" "$port"
  postfix -c "$state/config" start </dev/null >"$state/output" 2>&1 || { cat "$state/output" >&2; exit 1; }
  tr -d ' ' <"$state/queue/pid/master.pid" >"$state/pid"
  wait_ready "$state/pid" "$state/log" greets "$address" "$port"
  cat >"$state/env" <<ENV
SMTP_HOST=$address
SMTP_PORT=$port
SMTP_TLS=starttls
SMTP_CA_FILE=$state/tls/ca.pem
ENV
  cat "$state/env"
}

messages() { # STATE
  python3 - "$1/mail/inbox/new" <<'READ'
import email.policy
import json
import pathlib
import sys

def described(path):
    raw = path.read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    return {
        "raw": raw.decode("ascii"),
        "headers": {name.lower(): str(value) for name, value in message.items()},
        "type": message.get_content_type(),
        "parts": {part.get_content_type(): part.get_content() for part in parts},
    }

folder = pathlib.Path(sys.argv[1])
print(json.dumps([described(path) for path in sorted(folder.iterdir())] if folder.exists() else []))
READ
}

case ${1:-} in
  start) [ $# -ge 3 ] || usage; start "${@:2}" ;;
  messages) [ $# -eq 2 ] || usage; messages "$2" ;;
  stop) [ $# -eq 2 ] || usage; stop_pid_file "$2/pid" ;;
  *) usage ;;
esac
