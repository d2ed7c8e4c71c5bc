//! Reads the caller out of a request; plain axum routes take the same extractor.

use super::cookies::{Cookie, values};
use super::{AppState, ClientNetwork, Door, RequestId, form::WantsPage, once::Once};
use axum::extract::FromRequestParts;
use axum::http::{Method, StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Response};
use regain_domain::Secret;
use regain_domain::flow::Client;
use regain_domain::locale::Language;
use regain_service::{Tenancy, Visit};

/// Longest name of a browser that is kept, in characters.
const DEVICE_MOST: usize = 200;

/// A door stays shut: a layer is missing that says whose host this is, and where the request came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unlayered;

impl IntoResponse for Unlayered {
    fn into_response(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

impl FromRequestParts<AppState> for Door {
    type Rejection = Unlayered;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Unlayered> {
        Self::of(parts, state)
    }
}

impl Door {
    /// The door of a request that the layers have prepared.
    pub(super) fn of(parts: &mut Parts, state: &AppState) -> Result<Self, Unlayered> {
        let extensions = &parts.extensions;
        let tenant = extensions.get::<Tenancy>().ok_or(Unlayered)?.clone();
        let network = extensions.get::<ClientNetwork>().ok_or(Unlayered)?.0;
        let cookie = |cookie| values(&parts.headers, cookie).next().map(str::to_owned);
        let visit = Visit {
            tenant,
            network,
            client: extensions.get::<Client>().copied().unwrap_or_default(),
            device: device(parts),
            request_id: extensions
                .get::<RequestId>()
                .map(|id| id.0.as_ref().to_owned())
                .unwrap_or_default(),
            language: extensions.get::<Language>().copied().unwrap_or_default(),
            flow: cookie(Cookie::Flow),
            session: cookie(Cookie::Session).or_else(|| cookie(Cookie::Admin)),
            note: cookie(Cookie::Note),
            mark: cookie(Cookie::Device),
            kiosk: cookie(Cookie::Kiosk),
            arrived_at: state.service.now(),
            is_posted: parts.method == Method::POST,
        };
        let wants_page = extensions.get::<WantsPage>().is_some();
        Ok(Self {
            service: state.service.clone(),
            visit,
            wants_page,
            once: extensions.get::<Once>().cloned().unwrap_or_default(),
        })
    }
}

fn device(parts: &Parts) -> String {
    let agent = parts
        .headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    agent.chars().filter(|c| !c.is_control()).take(DEVICE_MOST).collect()
}

impl crate::Typed {
    /// Takes the secret out of the form field.
    pub(crate) fn secret(mut self) -> Secret {
        Secret::new(std::mem::take(&mut self.0))
    }
}
