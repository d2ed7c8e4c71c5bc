# The Rust toolchain and tools built by it; sourced by bootstrap.sh.

rustc_of() { # TOOLCHAIN ARGS...: "" is plain rustc
  local tc=$1
  shift
  if [ -n "$tc" ]; then env RUSTUP_TOOLCHAIN="$tc" rustc "$@"; else rustc "$@"; fi
}
cargo_of() {
  local tc=$1
  shift
  if [ -n "$tc" ]; then env RUSTUP_TOOLCHAIN="$tc" cargo "$@"; else cargo "$@"; fi
}
limited() { # SECONDS COMMAND...
  local s=$1
  shift
  if have timeout; then timeout "$s" "$@"; else "$@"; fi
}

# Does that toolchain have std for the browser?
has_wasm() {
  local dir
  dir=$(rustc_of "$1" --print target-libdir --target $TARGET 2>/dev/null) || return 1
  compgen -G "$dir/libstd-*.rlib" >/dev/null && compgen -G "$dir/libcore-*.rlib" >/dev/null
}

# The distribution's toolchain for web engines, with std for the browser built from its sources. Sets WASM_TC.
debian_toolchain() {
  apt_ok || return 1
  local llvm name=""
  if ! [ -x /usr/bin/rustc ] || ! [ -x /usr/bin/cargo ] || ! [ -d /usr/lib/rustlib/src/rust/library ] ||
    ! dpkg -s rust-web-llvm >/dev/null 2>&1; then
    step "installing the distribution's rustc-web, cargo-web, rust-web-src and lld"
    apt_update
    # lld must be of the LLVM that this rustc was built with
    llvm=$(apt-cache depends rust-web-llvm 2>/dev/null | sed -n 's/.*Depends: llvm-\([0-9][0-9]*\).*/\1/p' | head -n 1)
    [ -n "$llvm" ] || { warn "this distribution has no rust-web-llvm package"; return 1; }
    apt_install rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy rustfmt-web "lld-$llvm" gcc libc6-dev || return 1
    hash -r
  fi
  if have rustup; then
    [ -e "${RUSTUP_HOME:-$HOME/.rustup}/toolchains/$DEBIAN_TC" ] || rustup toolchain link $DEBIAN_TC /usr
    name=$DEBIAN_TC
  fi
  WASM_TC=$name
  has_wasm "$name" || build_wasm_std "$name"
}

build_wasm_std() { # TOOLCHAIN
  step "building std for $TARGET with $(rustc_of "$1" -V) (1 to 3 minutes)"
  local work lib
  work=$(mktemp -d "${TMPDIR:-/tmp}/wasm-std.XXXXXX")
  mkdir -p "$work/src"
  # An empty crate: its dependency directory then holds std and nothing else.
  printf '[package]\nname = "wasm-std-probe"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n' >"$work/Cargo.toml"
  : >"$work/src/lib.rs"
  (
    cd "$work"
    unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_RUSTFLAGS RUSTC_WRAPPER
    export RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$work/target
    cargo_of "$1" build -q -j "$JOBS" --release --target $TARGET -Zbuild-std=std,panic_abort,panic_unwind
  ) || { rm -rf "$work"; return 1; }
  lib=$(rustc_of "$1" --print target-libdir --target $TARGET)
  $SUDO mkdir -p "$lib"
  rm -f "$work"/target/$TARGET/release/deps/libwasm_std_probe*
  $SUDO cp "$work"/target/$TARGET/release/deps/*.rlib "$lib/"
  rm -rf "$work"
  has_wasm "$1"
}

# Sets CURRENT (the toolchain for everything else, "" without rustup) and WASM_TC (the one for the browser).
setup_rust() {
  WASM_TC='' CURRENT=''
  if ! have rustc && ! have rustup && apt_ok; then
    apt_update
    if apt-cache show rustup 2>/dev/null | grep -q '^Package: rustup$'; then apt_install rustup || true; fi
  fi
  if have rustup && ! rustc -V >/dev/null 2>&1; then
    step "installing the stable Rust toolchain"
    rustup toolchain install stable --profile minimal || warn "rustup could not install a toolchain"
  fi
  if have rustup; then # what this directory would use: override, rust-toolchain.toml, default
    CURRENT=$(rustup show active-toolchain 2>/dev/null | head -n 1 | cut -d' ' -f1 || true)
  fi
  find_wasm_std || die "no Rust std for $TARGET. Make 'rustup target add $TARGET' work (https://rustup.rs),
  or run this as root or with sudo on a Debian-like system that has the packages rustc-web and rust-web-llvm."
  [ -n "$CURRENT" ] || CURRENT=$WASM_TC
  local version
  version=$(rustc_of "$CURRENT" -V | awk '{ print $2 }')
  [ "$(printf '%s\n' "$RUST_OLDEST" "$version" | sort -V | head -n 1)" = "$RUST_OLDEST" ] ||
    die "Rust $RUST_OLDEST or newer is needed, this one is $version: run 'rustup update stable'"
  step "Rust $version, for the browser: ${WASM_TC:-the same}"
}

find_wasm_std() {
  if [ "$ROUTE" != debian ] && have rustc; then
    if has_wasm "$CURRENT"; then WASM_TC=$CURRENT; return 0; fi
    if have rustup; then
      if [ "$ROUTE" = auto ] && has_wasm $DEBIAN_TC; then WASM_TC=$DEBIAN_TC; return 0; fi
      step "rustup target add $TARGET (at most ${RUSTUP_TIMEOUT} s)"
      if limited "$RUSTUP_TIMEOUT" rustup target add ${CURRENT:+--toolchain "$CURRENT"} $TARGET && has_wasm "$CURRENT"; then
        WASM_TC=$CURRENT
        return 0
      fi
      warn "rustup could not add the target"
    fi
  fi
  [ "$ROUTE" != rustup ] && debian_toolchain
}

# Lighter than the tools' own release profiles: they are built once and run for seconds.
cargo_tool() { # BINARY CRATE VERSION [ARGS...]
  local bin=$1 crate=$2 version=$3
  shift 3
  if [ -x "$TOOLS/bin/$bin" ] && [ "$("$TOOLS/bin/$bin" --version 2>/dev/null | awk '{ print $2 }')" = "$version" ]; then
    step "$bin $version: present"
    return 0
  fi
  step "building $crate $version (some minutes, once)"
  CARGO_TARGET_DIR=$TOOLS/build CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 RUSTFLAGS='' \
    cargo_of "$CURRENT" install -q --root "$TOOLS" --force -j "$JOBS" --version "=$version" "$@" "$crate" ||
    die "$crate $version did not build"
}

setup_lints() {
  local tc
  for tc in "$CURRENT" "$WASM_TC"; do
    cargo_of "$tc" clippy --version >/dev/null 2>&1 && cargo_of "$tc" fmt --version >/dev/null 2>&1 && continue
    if have rustup && [ "$tc" != $DEBIAN_TC ]; then
      rustup component add ${tc:+--toolchain "$tc"} clippy rustfmt || die "rustup could not add clippy and rustfmt"
    else
      need "clippy and rustfmt" rust-web-clippy rustfmt-web
    fi
  done
  step "clippy and rustfmt: present"
}
