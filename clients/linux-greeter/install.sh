#!/bin/sh
# install.sh HOST [--ca FILE] [--token] [--root FOLDER] — puts the session for a locked workstation on this machine, or into
# FOLDER.
#
#   HOST     the organisation's host, such as reset.example.org
#   --ca     certificates in PEM that are believed as well, where the organisation has an authority of its own
#   --token  makes the token that shows which machine this is, if there is none yet, and says how to enrol it
#
# Needs root, unless FOLDER is one's own. Safe to run again: a new host or authority takes the place of the former one, and
# the token stays.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

usage() {
  sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

host='' ca='' root='' with_token=''
while [ $# -gt 0 ]; do
  case $1 in
    --ca) ca=${2:?}; shift 2 ;;
    --token) with_token=1; shift ;;
    --root) root=${2:?}; shift 2 ;;
    -*) usage ;;
    *) [ -z "$host" ] || usage; host=$1; shift ;;
  esac
done
case $host in '' | *[!A-Za-z0-9.:-]* | -* | .*) usage ;; esac
[ -z "$ca" ] || [ -r "$ca" ] || { echo "cannot read $ca" >&2; exit 1; }

# Each certificate as one text of JSON: the base64 between its two lines.
certificates() {
  [ -n "$ca" ] || return 0
  awk '/-----END CERTIFICATE-----/ { inside = 0; printf "%s\"%s\"", separator, text; separator = ", " }
       inside { gsub(/[^A-Za-z0-9+\/=]/, ""); text = text $0 }
       /-----BEGIN CERTIFICATE-----/ { inside = 1; text = "" }' "$ca"
}

put() { # FILE TARGET MODE
  mkdir -p "$(dirname "$root$2")"
  chmod 755 "$(dirname "$root$2")"
  CA=$(certificates) awk -v host="$host" '
    { gsub(/@HOST@/, host); at = index($0, "@CA@")
      if (at) $0 = substr($0, 1, at - 1) ENVIRON["CA"] substr($0, at + 4)
      print }' "$here/$1" >"$root$2.new"
  chmod "$3" "$root$2.new"
  mv "$root$2.new" "$root$2"
}

# The authority for the launcher's own request: its certificates alone, whatever else the file holds.
put_authority() {
  file=$root/etc/regain-kiosk/ca.pem
  if [ -n "$ca" ]; then
    sed -n '/-----BEGIN CERTIFICATE-----/,/-----END CERTIFICATE-----/p' "$ca" >"$file.new"
    chmod 644 "$file.new"
    mv "$file.new" "$file"
  else
    rm -f "$file"
  fi
}

put_account() {
  for needed in chromium bwrap xset xdpyinfo curl; do
    command -v "$needed" >/dev/null || echo "missing: $needed (Debian and Ubuntu: apt-get install chromium bubblewrap x11-xserver-utils x11-utils curl)" >&2
  done
  id regain-kiosk >/dev/null 2>&1 && return
  # No password fits, no group gives it anything, and its home is empty and not its own.
  useradd --system --user-group --home-dir /var/empty/regain-kiosk --shell /bin/sh --comment "Reset a password" regain-kiosk
  mkdir -p /var/empty/regain-kiosk
}

# 32 random bytes in base64url. One that was rolled out to many machines is as good.
put_token() {
  file=$root/etc/regain-kiosk/token
  if [ ! -e "$file" ]; then
    (umask 077 && head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n' >"$file.new")
    mv "$file.new" "$file"
  fi
  # The host takes nothing shorter.
  [ "$(tr -d '\r\n' <"$file" | wc -c)" -ge 43 ] || { echo "$file holds no token; remove it, and run this again" >&2; exit 1; }
  [ -n "$root" ] || chown root:regain-kiosk "$file"
  chmod 640 "$file"
  fingerprint=$(tr -d '\r\n' <"$file" | sha256sum | cut -d ' ' -f 1)
  echo "enrol this fingerprint in the console, «Locked screens», or by «regain kiosk add NAME FINGERPRINT --tenant SLUG»:"
  echo "$fingerprint"
}

put regain-kiosk /usr/local/bin/regain-kiosk 755
put regain-kiosk.desktop /usr/share/xsessions/regain-kiosk.desktop 644
put regain-kiosk.conf /etc/regain-kiosk/regain-kiosk.conf 644
put policy.json /etc/regain-kiosk/policies/managed/regain-kiosk.json 644
mkdir -p "$root/etc/chromium"

put_authority
[ -n "$root" ] || put_account
[ -z "$with_token" ] || put_token
[ -n "$root" ] || echo "the session «Reset a password» is there; README.md says how a display manager opens it"
