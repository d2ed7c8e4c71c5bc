//! Reads the caller out of a request; plain axum routes take the same extractor.

use super::cookies::{self, Name};
use super::{AppState, ClientNetwork, Door, RequestId, form::WantsPage};
use crate::Fault;
use axum::extract::FromRequestParts;
use axum::http::{Method, StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Response};
use leptos_axum::ResponseOptions;
use regain_domain::Secret;
use regain_domain::locale::Language;
use regain_service::{Tenancy, Visit};

/// Longest name of a browser that is kept, in characters.
const DEVICE_MOST: usize = 200;

/// Why a door stays shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Two cookies of one name: 400, and all of ours are cleared (R41).
    TwoCookies,
    /// A layer is missing that says whose host this is, and where the request came from.
    Unlayered,
}

impl Closed {
    const fn status(self) -> StatusCode {
        match self {
            Self::TwoCookies => StatusCode::BAD_REQUEST,
            Self::Unlayered => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The same within a page or a function.
    pub(super) fn told(self, response: Option<&ResponseOptions>) -> Fault {
        if let Some(response) = response {
            response.set_status(self.status());
            if self == Self::TwoCookies {
                Name::ALL
                    .map(cookies::dropped)
                    .into_iter()
                    .for_each(|value| response.append_header(header::SET_COOKIE, value));
            }
        }
        match self {
            Self::TwoCookies => Fault::BadPost,
            Self::Unlayered => Fault::Ours {
                request_id: String::new(),
            },
        }
    }
}

impl IntoResponse for Closed {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if self == Self::TwoCookies {
            for name in Name::ALL {
                response
                    .headers_mut()
                    .append(header::SET_COOKIE, cookies::dropped(name));
            }
        }
        response
    }
}

impl FromRequestParts<AppState> for Door {
    type Rejection = Closed;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Closed> {
        Self::of(parts, state)
    }
}

impl Door {
    /// The door of a request that the layers have prepared.
    pub(super) fn of(parts: &mut Parts, state: &AppState) -> Result<Self, Closed> {
        let extensions = &parts.extensions;
        let tenant = extensions.get::<Tenancy>().ok_or(Closed::Unlayered)?.clone();
        let network = extensions.get::<ClientNetwork>().ok_or(Closed::Unlayered)?.0;
        let cookie = |name| cookies::read(&parts.headers, name).map_err(|cookies::Twice| Closed::TwoCookies);
        let (session, staff) = (cookie(Name::Session)?, cookie(Name::Admin)?);
        let _ = cookie(Name::Language)?;
        let visit = Visit {
            tenant,
            network,
            device: device(parts),
            request_id: extensions
                .get::<RequestId>()
                .map(|id| id.0.as_ref().to_owned())
                .unwrap_or_default(),
            language: extensions.get::<Language>().copied().unwrap_or_default(),
            flow: cookie(Name::Flow)?,
            session: session.or(staff),
            note: cookie(Name::Note)?,
            arrived_at: state.service.now(),
        };
        let wants_page = extensions.get::<WantsPage>().is_some();
        Ok(Self {
            service: state.service.clone(),
            visit,
            wants_page,
            is_posted: parts.method == Method::POST,
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
