//! A fresh proof of work, and a page's picture and sound: reads that write nothing. R25, R26.

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use regain_app::doorstep::Door;

/// `GET /captcha/challenge`
pub(crate) async fn challenge(door: Door) -> Response {
    match door.service.captcha_challenge(&door.visit).await {
        Ok(challenge) => Json(challenge).into_response(),
        Err(error) => crate::layers::broken("make a challenge", &error),
    }
}

/// `GET /captcha/{ticket}.png` and `.wav`. A ticket that is not, or no longer, good is not there.
pub(crate) async fn sign(Path(file): Path<String>, door: Door) -> Response {
    let (kind, sign) = match file.rsplit_once('.') {
        Some((ticket, "png")) => ("image/png", door.service.captcha_picture(&door.visit, ticket).await),
        Some((ticket, "wav")) => ("audio/wav", door.service.captcha_sound(&door.visit, ticket).await),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    match sign {
        Ok(Ok(bytes)) => ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], bytes).into_response(),
        Ok(Err(_)) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => crate::layers::broken("draw a captcha", &error),
    }
}
