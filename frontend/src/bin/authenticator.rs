//! The program of the authenticator: no logic, only its root. The boot script's `init` runs `main`.
#![recursion_limit = "512"]

fn main() {
    console_error_panic_hook::set_once();
    regain_app::hydrate_authenticator();
}
