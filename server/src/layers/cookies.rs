//! Two cookies of one of our names are a sign of tampering: refused, and all cleared. R41.

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use regain_app::doorstep::cookies::{Cookie, dropped, values};

/// Refuses a request in which one of our names stands twice.
pub(crate) async fn cookies(request: Request, next: Next) -> Response {
    let is_twice = |cookie: &Cookie| values(request.headers(), *cookie).nth(1).is_some();
    if !Cookie::ALL.iter().any(is_twice) {
        return next.run(request).await;
    }
    let mut response = StatusCode::BAD_REQUEST.into_response();
    for cookie in Cookie::ALL {
        response.headers_mut().append(header::SET_COOKIE, dropped(cookie));
    }
    response
}
