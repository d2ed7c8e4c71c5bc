//! Error pages in the tenant's house: whole, without a program, and without a word from the framework.

use super::PageNonce;
use super::page::{Still, still_page};
use crate::i18n::{locale, td_string};
use crate::roots::Ways;
use crate::ui::fault_note::fault_words;
use crate::ui::{Heading, Icon, KIOSK, icon, in_kiosk};
use crate::{Assets, Fault};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use regain_domain::flow::Client;
use regain_domain::locale::Language;
use regain_service::Tenancy;

/// Seconds to wait where nobody says how many.
const WAIT: u32 = 30;

/// An error to be shown.
pub struct Problem<'a> {
    /// Whose house, if the host is known.
    pub tenancy: Option<&'a Tenancy>,
    /// The language of the words.
    pub language: Language,
    /// Where the page runs: a kiosk's leads nowhere else.
    pub client: Client,
    /// The nonce of the response.
    pub nonce: Option<&'a PageNonce>,
    /// Names of style sheet and icon.
    pub assets: &'a Assets,
    /// What is answered.
    pub status: StatusCode,
    /// Finds the log lines; shown where we broke.
    pub request_id: &'a str,
    /// What `Retry-After` says, if it is there.
    pub wait_seconds: Option<u32>,
}

/// The page of an error, with its status. `no-store`, since errors may pass.
pub fn problem_page(problem: Problem<'_>) -> Response {
    let Problem {
        tenancy,
        language,
        client,
        nonce,
        assets,
        status,
        request_id,
        wait_seconds,
    } = problem;
    let request_id = (status == StatusCode::INTERNAL_SERVER_ERROR).then(|| request_id.to_owned());
    let wait = wait_seconds.unwrap_or(WAIT);
    let owner = Owner::new();
    let title = owner.with(|| {
        provide_context(language);
        words(status, wait).0
    });
    let around = Still {
        nonce,
        language,
        tenancy,
        client,
        assets,
    };
    let page = still_page(around, title, move || body(status, wait, request_id));
    (status, [("cache-control", "no-store")], page).into_response()
}

fn body(status: StatusCode, wait: u32, request_id: Option<String>) -> AnyView {
    let locale = locale();
    let (heading, lead) = words(status, wait);
    let sign = if status.is_server_error() {
        "sign bad"
    } else {
        "sign warn"
    };
    let home = if in_kiosk() { KIOSK } else { "/" };
    let onward = match status {
        StatusCode::NOT_FOUND => view! { <Ways/> }.into_any(),
        // A post can't be loaded again by a link; the place where each starts can.
        _ => view! { <div class="actions"><a class="button" href=home>{td_string!(locale, frame.again)}</a></div> }
            .into_any(),
    };
    let request = request_id.filter(|id| !id.is_empty()).map(|id| {
        view! { <p class="reference">{td_string!(locale, frame.request)} " " <bdi dir="ltr">{id}</bdi></p> }
    });
    view! {
        <main class="sheet" id="main" data-step="stopped" data-refusal=code(status)>
            <div class="card stack-l">
                <span class=sign>{icon(Icon::Stop)}</span>
                <Heading arrived=false words=heading.to_owned() lead=Some(lead)/>
                {onward}
                {request}
            </div>
        </main>
    }
    .into_any()
}

/// The value of `data-refusal`.
fn code(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "missing",
        StatusCode::METHOD_NOT_ALLOWED => "method",
        other => fault(other, 0).code(),
    }
}

fn fault(status: StatusCode, seconds: u32) -> Fault {
    match status {
        StatusCode::CONFLICT => Fault::Stale,
        StatusCode::TOO_MANY_REQUESTS => Fault::TooMany { seconds },
        StatusCode::SERVICE_UNAVAILABLE => Fault::Busy { seconds },
        StatusCode::UNAUTHORIZED => Fault::SignedOut,
        status if status.is_client_error() => Fault::BadPost,
        _ => Fault::Ours {
            request_id: String::new(),
        },
    }
}

fn words(status: StatusCode, wait: u32) -> (&'static str, String) {
    let locale = locale();
    match status {
        StatusCode::NOT_FOUND => (
            td_string!(locale, frame.missing.heading),
            td_string!(locale, frame.missing.lead).to_owned(),
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            td_string!(locale, frame.fault.method),
            td_string!(locale, frame.fault.method_hint).to_owned(),
        ),
        other => fault_words(&fault(other, wait)),
    }
}
