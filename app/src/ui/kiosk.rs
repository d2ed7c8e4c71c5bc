//! Whether the page is a kiosk's: then parts lead nowhere, and nothing that is typed is remembered (R58).

use leptos::prelude::*;
use regain_domain::flow::Client;

/// Where the kiosk is.
pub const KIOSK: &str = "/kiosk";
/// Where an enrolled workstation's browser begins.
pub(crate) const KIOSK_OPEN: &str = "/kiosk/open";
/// Where it begins anew for whoever comes next: in the house's own language.
pub(crate) const ANEW: &str = "/kiosk?lang";

/// On the server the request tells, in the browser the address.
pub(crate) fn in_kiosk() -> bool {
    match use_context::<Client>() {
        Some(client) => client == Client::Kiosk,
        None => cfg!(target_family = "wasm") && window().location().pathname().is_ok_and(|path| is_kiosk(&path)),
    }
}

fn is_kiosk(path: &str) -> bool {
    [KIOSK, KIOSK_OPEN].contains(&path)
}

/// What a browser may remember and fill in.
pub(crate) fn remembered(usual: &'static str) -> &'static str {
    match in_kiosk() {
        true => "off",
        false => usual,
    }
}
