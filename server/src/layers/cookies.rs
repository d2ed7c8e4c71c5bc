//! Two cookies of one of our names are a sign of tampering: refused, and all cleared. R41.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The language that a person chose.
pub(crate) const LANGUAGE: &str = "__Host-rg_lang";
/// Every cookie of ours.
const OURS: [&str; 5] = [
    "__Host-rg_flow",
    "__Host-rg_session",
    "__Host-rg_admin",
    "__Host-rg_note",
    LANGUAGE,
];

/// Refuses a request in which one of our names stands twice.
pub(crate) async fn cookies(request: Request, next: Next) -> Response {
    if OURS.iter().all(|name| values(request.headers(), name).count() <= 1) {
        return next.run(request).await;
    }
    let mut response = StatusCode::BAD_REQUEST.into_response();
    for name in OURS {
        let cleared = format!("{name}=; Path=/; Secure; HttpOnly; Max-Age=0");
        if let Ok(value) = HeaderValue::from_str(&cleared) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

/// The values of all cookies of exactly this name.
pub(crate) fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(found, _)| *found == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_byte_by_byte_over_all_lines() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("__Host-rg_lang=de; x=1;__host-rg_lang=fr"),
        );
        assert_eq!(values(&headers, LANGUAGE).collect::<Vec<_>>(), ["de"]);
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-rg_lang=es"));
        assert_eq!(values(&headers, LANGUAGE).collect::<Vec<_>>(), ["de", "es"]);
    }
}
