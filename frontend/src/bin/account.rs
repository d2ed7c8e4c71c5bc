//! The program of whoever is signed in: no logic, only its root. The boot script's `init` runs `main`.
#![recursion_limit = "512"]

fn main() {
    console_error_panic_hook::set_once();
    regain_app::hydrate_account();
}
