//! A picture to be scanned.

use leptos::prelude::*;
use regain_domain::registration::Picture;

/// `label` says what it is to those who can't see it.
#[component]
pub(crate) fn QrCode(picture: Picture, label: &'static str) -> impl IntoView {
    view! {
        <div class="qr">
            <svg viewBox=format!("0 0 {0} {0}", picture.size) role="img" aria-label=label>
                <path d=picture.path></path>
            </svg>
        </div>
    }
}
