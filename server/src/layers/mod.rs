//! What every request passes on its way in, and every answer on its way out; the order stands in `lib.rs`.

mod bare;
mod body;
mod client;
mod cookies;
mod forms;
mod headers;
mod host;
mod kiosk;
mod language;
mod origin;
mod path;
mod request_id;
mod timeout;

pub(crate) use bare::bare;
pub(crate) use body::body;
pub(crate) use client::{client, is_trusted};
pub(crate) use cookies::cookies;
pub(crate) use headers::headers;
pub(crate) use host::host;
pub(crate) use kiosk::kiosk;
pub(crate) use language::language;
pub(crate) use origin::{Free, origin};
pub(crate) use path::path;
pub(crate) use request_id::request_id;
pub(crate) use timeout::timeout;

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;
use regain_app::Assets;
use regain_service::Service;
use std::any::Any;
use std::sync::Arc;

/// What layers know.
#[derive(Clone)]
pub struct AtDoor {
    /// The rules and rows.
    pub service: Service,
    /// Names of style sheet and icon, for error pages.
    pub assets: Assets,
    /// Networks whose forwarded headers are believed (R46).
    pub trusted_proxies: Arc<[IpNet]>,
    /// Whether browsers may ship the knowledge that these hosts speak HTTPS only.
    pub hsts_preload: bool,
}

/// Whether a method changes nothing by its meaning.
fn is_reading(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Something of ours broke: logged here, told as a bare 500; a database that was busy for too long as a 503.
pub(crate) fn broken(doing: &'static str, error: &anyhow::Error) -> Response {
    if regain_service::is_busy(error) {
        tracing::warn!(why = %error, "cannot {doing} now");
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::RETRY_AFTER, HeaderValue::from_static("2"))],
        )
            .into_response();
    }
    tracing::error!(error = format!("{error:#}"), "cannot {doing}");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// What is left of a panic: a bare 500. The panic hook has logged the place.
pub(crate) fn caught(_: Box<dyn Any + Send>) -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
