//! Reads a post whole, within its size and time, and lets it on only if it is a form with the right fields. R48.

use super::forms;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// The time in which a post has to arrive.
const READ: Duration = Duration::from_secs(15);

/// Refuses posts by type, size, time and fields, without repeating anything of them.
pub(crate) async fn body(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let Some(form) = forms::of(path) else {
        let is_function = path.starts_with("/fn/");
        return if is_function {
            StatusCode::NOT_FOUND.into_response()
        } else {
            next.run(request).await
        };
    };
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    if !is_form(request.headers()) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(READ, to_bytes(body, form.most())).await {
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
        Ok(Err(_)) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Ok(Ok(bytes)) if form.is_too_long(&bytes) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Ok(Ok(bytes)) if form.fits(&bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Ok(_)) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Whether exactly one plain, url-encoded form is announced, or nothing at all is sent.
fn is_form(headers: &HeaderMap) -> bool {
    if !headers.contains_key(header::CONTENT_TYPE) && !headers.contains_key(header::TRANSFER_ENCODING) {
        return headers.get(header::CONTENT_LENGTH).is_none_or(|length| length == "0");
    }
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let first = types.next().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (kind, parameter) = first.split_once(';').unwrap_or((first, ""));
    let is_utf8 = parameter.is_empty() || parameter.trim().eq_ignore_ascii_case("charset=utf-8");
    let is_plain = !headers.contains_key(header::CONTENT_ENCODING);
    kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
        && is_utf8
        && is_plain
        && types.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn r48_only_url_encoded_forms_are_read() {
        for (kind, expect) in [
            ("application/x-www-form-urlencoded", true),
            ("application/x-www-form-urlencoded;charset=UTF-8", true),
            ("application/x-www-form-urlencoded; charset=latin1", false),
            ("text/plain", false),
            ("application/json", false),
            ("multipart/form-data; boundary=x", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            assert_eq!(is_form(&headers), expect, "{kind}");
        }
        let mut headers = HeaderMap::new();
        assert!(is_form(&headers));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("7"));
        assert!(!is_form(&headers));
    }
}
