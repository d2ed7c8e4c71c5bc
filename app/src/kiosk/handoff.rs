//! The way to one's own phone: the wizard's plain address. The phone begins anew there, with its own captcha and gates.

use crate::i18n::{locale, td_string};
use crate::ui::QrCode;
use leptos::prelude::*;
use regain_domain::flow::Handoff;

/// A picture for a camera, and the same to be typed.
#[component]
pub(crate) fn ByPhone(handoff: Handoff) -> impl IntoView {
    let locale = locale();
    view! {
        <section class="handoff">
            <QrCode picture=handoff.picture label=td_string!(locale, kiosk.handoff_picture)/>
            <div class="stack-s">
                <h2>{td_string!(locale, kiosk.handoff)}</h2>
                <p class="soft">{td_string!(locale, kiosk.handoff_lead)}</p>
                <p><bdi dir="ltr">{handoff.address}</bdi></p>
            </div>
        </section>
    }
}
