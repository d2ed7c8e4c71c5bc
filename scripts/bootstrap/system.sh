# System packages; sourced by bootstrap.sh.

SUDO=
apt_ok() {
  have apt-get || return 1
  [ "$(id -u)" != 0 ] || return 0
  have sudo || return 1
  if sudo -n true 2>/dev/null || { [ -t 0 ] && sudo true; }; then SUDO=sudo; else return 1; fi
}

APT_FRESH=no
apt_update() {
  [ $APT_FRESH = no ] || return 0
  $SUDO apt-get update -qq || warn "apt-get update failed; going on with the present lists"
  APT_FRESH=yes
}

# Packages that bring a daemon must not start it: tests run their own.
apt_install() {
  apt_update
  local guard=/usr/sbin/policy-rc.d placed=no code=0 log
  log=$(mktemp)
  if [ ! -e $guard ]; then
    printf '#!/bin/sh\nexit 101\n' | $SUDO tee $guard >/dev/null
    $SUDO chmod 755 $guard
    placed=yes
  fi
  $SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >"$log" 2>&1 || code=$?
  [ $code = 0 ] || tail -n 20 "$log" >&2
  rm -f "$log"
  [ $placed = no ] || $SUDO rm -f $guard
  return $code
}

need() { # WHAT PACKAGE...: installs it or ends here
  local what=$1
  shift
  apt_ok || die "$what is missing. Install it (Debian and Ubuntu call it: $*), then run this again;
  as root or with sudo on Debian or Ubuntu it is installed for you."
  step "installing $what: $*"
  apt_install "$@" || die "apt-get could not install $*"
}

optional() { # WHAT PACKAGE...: installs it or says so
  local what=$1
  shift
  apt_ok && step "installing $what: $*" && apt_install "$@" || warn "not installed: $what"
}

find_browser() { # sets BROWSER
  local name
  BROWSER=${REGAIN_BROWSER:-}
  [ -z "$BROWSER" ] || [ ! -x "$BROWSER" ] || return 0
  for name in chromium google-chrome-stable google-chrome chromium-browser; do
    if have $name; then BROWSER=$(command -v $name); return 0; fi
  done
  BROWSER=
  return 1
}

setup_browser() {
  if ! find_browser; then
    need "Chromium, for the browser tests" chromium
    hash -r
    find_browser || die "the package 'chromium' brought no browser; set REGAIN_BROWSER to one"
  fi
  step "browser: $BROWSER"
  if ! have fc-list || [ -z "$(fc-list ':lang=ar' 2>/dev/null | head -n 1)" ]; then
    optional "fonts for Latin and Arabic" fontconfig fonts-dejavu-core fonts-noto-core
  fi
}

find_postgres() { # sets POSTGRES, the folder of its programs
  local folder
  for folder in /usr/lib/postgresql/*/bin; do
    [ ! -x "$folder/initdb" ] || POSTGRES=$folder
  done
  [ -z "${POSTGRES:-}" ] || return 0
  have initdb && POSTGRES=$(dirname "$(command -v initdb)")
}

# The package would also make a database that starts with the machine: told not to, while it is installed.
install_postgres() {
  local folder=/etc/postgresql-common/createcluster.d
  if apt_ok; then
    $SUDO mkdir -p $folder
    printf 'create_main_cluster = false\n' | $SUDO tee $folder/zz-regain.conf >/dev/null
  fi
  need "PostgreSQL, for the store's tests" postgresql
  $SUDO rm -f $folder/zz-regain.conf
  find_postgres || die "the package 'postgresql' brought no initdb"
}

setup_postgres() {
  find_postgres || install_postgres
  step "PostgreSQL: $POSTGRES"
}

# What the services of the tests are written with.
find_python() { /usr/bin/python3 -c 'import aiosmtpd, cryptography' 2>/dev/null; }

find_postfix() { PATH=$PATH:/usr/sbin command -v postfix >/dev/null 2>&1; }

# Packages for mail servers exclude each other: one that is here is somebody's, and stays.
find_other_mailer() {
  ! find_postfix && have dpkg-query &&
    dpkg-query -W -f='${db:Status-Abbrev} ${Provides}\n' 2>/dev/null | grep '^.i.* mail-transport-agent' >/dev/null
}

# It gets no configuration for this machine and does not start with it: tests bring their own.
install_postfix() {
  if apt_ok && have debconf-set-selections; then
    echo "postfix postfix/main_mailer_type select No configuration" | $SUDO debconf-set-selections
  fi
  need "Postfix, for the mail tests" postfix
  ! have systemctl || $SUDO systemctl disable postfix >/dev/null 2>&1 || true
}

# What opens /kiosk on locked workstations. Without these, its tests say that they are not done.
setup_clients() {
  local target=x86_64-pc-windows-gnu
  if ! { have Xvfb && have xdotool && have xdpyinfo && have xset && have bwrap; }; then
    optional "a screen that nobody sees, and what the Linux client needs" xvfb xdotool x11-utils x11-xserver-utils bubblewrap
  fi
  if ! { have x86_64-w64-mingw32-gcc && have wine; }; then
    optional "MinGW and Wine, for the Windows client" gcc-mingw-w64-x86-64 wine wine64
  fi
  if have rustup && [ ! -d "$(rustc --print target-libdir --target $target 2>/dev/null)" ]; then
    limited "$RUSTUP_TIMEOUT" rustup target add $target || warn "not installed: Rust's std for $target, for the Windows client"
  fi
}

setup_services() {
  find_python || need "Python, for the services of the tests" python3 python3-aiosmtpd python3-cryptography
  have openssl || need "openssl, for the tests' certificates" openssl
  if find_other_mailer; then
    warn "another mail server is installed here, and Postfix would replace it: its test will say that it is not tried"
  else
    find_postfix || install_postfix
  fi
  step "mail servers and push service for tests: present"
}
