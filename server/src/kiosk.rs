//! Where an enrolled workstation shows its token, before it opens its browser. R58.

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use regain_app::doorstep::{AppState, Door};
use regain_domain::Secret;
use regain_service::Knock;

/// Longest body, in bytes: a token, and an end of line.
const TOKEN_MOST: usize = 256;

/// `POST /kiosk/device`, the body is the token: a ticket for `/kiosk/open#…` as plain text; 403 for a token that is nobody's.
pub(crate) fn device() -> MethodRouter<AppState> {
    post(knock).layer(DefaultBodyLimit::max(TOKEN_MOST))
}

async fn knock(door: Door, body: Bytes) -> Response {
    let Ok(token) = String::from_utf8(body.to_vec()) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    match door.service.kiosk.knock(&door.visit, &Secret::new(token)).await {
        Ok(Knock::Ticket(ticket)) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], ticket).into_response(),
        Ok(Knock::Unknown) => StatusCode::FORBIDDEN.into_response(),
        Ok(Knock::TooMany { seconds }) => (
            StatusCode::TOO_MANY_REQUESTS,
            [(header::RETRY_AFTER, seconds.to_string())],
        )
            .into_response(),
        Err(error) => crate::layers::broken("look for a workstation's token", &error),
    }
}
