//! What every answer says to the browser, errors too. R43, R44.

use super::AtDoor;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use regain_app::doorstep::PageNonce;
use regain_service::Tenancy;

/// Headers that never vary.
const FIXED: [(HeaderName, &str); 5] = [
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
         magnetometer=(), microphone=(), payment=(), \
         publickey-credentials-create=(self), publickey-credentials-get=(self), serial=(), usb=()",
    ),
];

/// Adds them; a handler's own policy and cache rule stay, but an error is never kept.
pub(crate) async fn headers(State(door): State<AtDoor>, request: Request, next: Next) -> Response {
    let nonce = request.extensions().get::<PageNonce>().cloned();
    let mut response = next.run(request).await;
    let status = response.status();
    let is_https = response
        .extensions()
        .get::<Tenancy>()
        .is_some_and(|tenancy| tenancy.base_url.starts_with("https://"));
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let policy = nonce.and_then(|nonce| HeaderValue::from_str(&policy(&nonce.0)).ok());
    if let Some(policy) = policy {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    if is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, https_only(door.hsts_preload));
    }
    cache(status, headers);
    response
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self'; font-src 'self'; connect-src 'self'; media-src 'self'; \
         worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; \
         frame-ancestors 'none'"
    )
}

fn https_only(preload: bool) -> HeaderValue {
    let year = "max-age=31536000; includeSubDomains";
    let preloaded = "max-age=31536000; includeSubDomains; preload";
    HeaderValue::from_static(if preload { preloaded } else { year })
}

fn cache(status: StatusCode, headers: &mut HeaderMap) {
    let never = HeaderValue::from_static("no-store");
    if status.is_client_error() || status.is_server_error() {
        headers.insert(header::CACHE_CONTROL, never);
    } else {
        headers.entry(header::CACHE_CONTROL).or_insert(never);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r43_the_policy_names_this_answers_nonce_and_nothing_inline() {
        let policy = policy("abc");
        assert!(policy.starts_with("default-src 'none'; script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'") && !policy.contains('*'));
    }

    #[test]
    fn r44_errors_are_never_kept() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("immutable"));
        cache(StatusCode::OK, &mut headers);
        assert_eq!(headers[header::CACHE_CONTROL], "immutable");
        cache(StatusCode::NOT_FOUND, &mut headers);
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    }
}
