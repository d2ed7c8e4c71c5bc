//! The only module behind `ssr`: state, the door, and what goes back through it.

mod answer;
pub mod cookies;
mod fields;
mod form;
mod once;
mod page;
mod people;
mod policy;
mod problem;
mod setup;
mod visit;
mod wizard;

use crate::{Assets, Fault};
pub use answer::{after_change, after_group, after_interrupt, after_newcomer};
use axum::extract::FromRef;
use axum::http::request::Parts;
pub use fields::{CSV, FIELDS, PASSKEY, Takes};
pub use form::{plain_form, wants_page};
use leptos::prelude::*;
pub use page::{demo_page, provide_page};
pub use people::{account_id, doing, fields, group_act, group_id, kiosk_id, search};
pub use policy::{draft, policy_page, version_number};
pub use problem::{Problem, problem_page};
use regain_service::{Service, Visit};
pub use setup::{setup_admin, setup_organisation, setup_people, setup_step};
use std::net::IpAddr;
use std::sync::Arc;
pub use visit::Unlayered;

/// What every handler may take.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// The rules and rows.
    pub service: Service,
    /// Hashed names of what the browser loads.
    pub assets: Assets,
}

/// The nonce of the response, minted by the layer that writes the header, so that header and page agree (R43). A request extension.
#[derive(Clone, Debug)]
pub struct PageNonce(pub Arc<str>);

/// Finds the log lines of a request. A request extension.
#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

/// Where the request came from (R46). A request extension.
#[derive(Clone, Copy, Debug)]
pub struct ClientNetwork(pub IpAddr);

/// The caller, and the service that it came for. Plain axum routes take it as an extractor.
pub struct Door {
    /// The rules and rows.
    pub service: Service,
    /// Who calls.
    pub visit: Visit,
    /// The caller is a plain form: it gets a page.
    wants_page: bool,
    /// What its page shows once.
    once: once::Once,
}

/// Opens the door of the request that this call belongs to. To be called before any await: contexts are gone after it.
pub fn open() -> Result<Door, Fault> {
    let state = use_context::<AppState>();
    let parts = use_context::<Parts>();
    let fault = || Fault::Ours {
        request_id: String::new(),
    };
    let (Some(state), Some(mut parts)) = (state, parts) else {
        return Err(fault());
    };
    if let Some(knock) = parts.extensions.get::<form::Knock>() {
        knock.answer();
    }
    Door::of(&mut parts, &state).map_err(|Unlayered| fault())
}
