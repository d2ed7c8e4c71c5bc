# Tools from npm; sourced by bootstrap.sh. None of their install scripts is run.

# A program is of the version that stands in a file beside it: some tell another one, some take a second to tell.
npm_has() { # PROGRAM VERSION
  [ -x "$TOOLS/bin/$1" ] && [ "$(cat "$TOOLS/$1.version" 2>/dev/null)" = "$2" ] && step "$1 $2: present"
}

npm_tool() { # PACKAGE VERSION
  step "installing $1 $2"
  mkdir -p "$TOOLS/npm"
  npm install --prefix "$TOOLS/npm" --silent --no-audit --no-fund --ignore-scripts "$1@$2" >/dev/null ||
    die "npm could not install $1 $2"
}

# An old Node.js still has an npm that can bring a newer one, as a package with nothing but the program.
setup_node() {
  local version machine
  have node && have npm || need "Node.js with npm" nodejs npm
  version=$(node --version)
  version=${version#v}
  if [ "${version%%.*}" -lt $NODE_OLDEST ]; then
    case $(uname -m) in x86_64) machine=x64 ;; aarch64) machine=arm64 ;; *) machine=$(uname -m) ;; esac
    npm_tool "node-linux-$machine" "$NODE_VERSION"
    ln -sf "$TOOLS/npm/node_modules/node-linux-$machine/bin/node" "$TOOLS/bin/node"
    hash -r
    version=$(node --version)
  fi
  step "Node.js ${version#v}: present"
}

setup_lightningcss() {
  local program
  npm_has lightningcss "$LIGHTNINGCSS_VERSION" && return 0
  npm_tool lightningcss-cli "$LIGHTNINGCSS_VERSION"
  # The program lies in a package for this system; of several (another C library), the one that starts.
  for program in "$TOOLS"/npm/node_modules/lightningcss-cli-*/lightningcss; do
    if "$program" --version >/dev/null 2>&1; then
      ln -sf "$program" "$TOOLS/bin/lightningcss"
      printf '%s\n' "$LIGHTNINGCSS_VERSION" >"$TOOLS/lightningcss.version"
      return 0
    fi
  done
  die "lightningcss-cli has no program for this system"
}

setup_wasm_opt() {
  npm_has wasm-opt "$BINARYEN_VERSION" && return 0
  npm_tool binaryen "$BINARYEN_VERSION"
  cat >"$TOOLS/bin/wasm-opt" <<'WRAP'
#!/usr/bin/env bash
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
exec node "$here/npm/node_modules/binaryen/bin/wasm-opt" "$@"
WRAP
  chmod +x "$TOOLS/bin/wasm-opt"
  "$TOOLS/bin/wasm-opt" --version >/dev/null || { rm -f "$TOOLS/bin/wasm-opt"; die "the installed wasm-opt does not start"; }
  printf '%s\n' "$BINARYEN_VERSION" >"$TOOLS/wasm-opt.version"
}

# The stamp holds the lock file that node_modules was made from.
npm_fresh() { cmp -s end2end/package-lock.json end2end/node_modules/.made-from; }

setup_end2end() {
  npm_fresh && { step "end2end/node_modules: present"; return 0; }
  step "installing the browser tests' packages"
  (cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --no-audit --no-fund --ignore-scripts) ||
    die "npm ci failed in end2end"
  cp end2end/package-lock.json end2end/node_modules/.made-from
}
